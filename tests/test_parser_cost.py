"""What the parsers cost: work that is linear, and memory that is bounded, whatever the shape of the stream."""

from __future__ import annotations

import contextlib
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from sse_events.errors import EventTooLarge
from sse_events.events import Event
from sse_events.parser import Parser, WireParser

# What repeats inside one unfinished event: each shape is a way to be quadratic, or to hold too much.
SHAPES = {
    "one data line": (b"data: ", b"0123456789abcdef"),
    "one comment": (b": ", b"0123456789abcdef"),
    "one line without a colon": (b"", b"0123456789abcdef"),
    "data lines": (b"", b"data: 0123456789abcdef\n"),
    "data lines by CR": (b"", b"data: 0123456789abcdef\r"),
    "data lines by CRLF": (b"", b"data: 0123456789abcdef\r\n"),
    "short data lines": (b"data: first\n", b"data:x\n"),
    "comments inside a block": (b"data: x\n", b": 0123456789abcdef\n"),
    "ids inside a block": (b"data: x\n", b"id: 0123456789abcdef\n"),
}


def pieces_of(shape: str, total: int, size: int) -> list[bytes]:
    start, repeated = SHAPES[shape]
    body = start + repeated * (total // len(repeated))
    return [body[n : n + size] for n in range(0, len(body), size)]


def work(pieces: list[bytes]) -> tuple[int, int]:
    """The function calls and the bytes of memory that a parser makes of `pieces`, a measure without a clock.

    What is copied is allocated first, so the sum of what each call allocates at its peak bounds the copying.
    """
    parser = Parser()
    calls = 0

    def count(_frame: object, _event: str, _argument: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        for piece in pieces:
            parser.feed(piece)
    finally:
        sys.setprofile(None)

    parser = Parser()
    allocated = 0
    tracemalloc.start()
    try:
        for piece in pieces:
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            parser.feed(piece)
            _, peak = tracemalloc.get_traced_memory()
            allocated += peak - before
    finally:
        tracemalloc.stop()
    return calls, allocated


def held_by(make: Callable[[], Any], pieces: list[bytes]) -> int:
    """The bytes that a parser holds once it has been fed copies of `pieces`, which it may keep."""
    # Whatever is made once per process is made here, before anything is measured.
    make()
    WireParser().feed(b"data: x\ndata: y\nfoo: bar\n\n")
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        parser = make()
        for piece in pieces:
            parser.feed(bytes(bytearray(piece)))
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert parser is not None
    return after - before


class TestCost:
    @pytest.mark.parametrize("shape", SHAPES)
    def test_four_times_the_bytes_are_four_times_the_work(self, shape):
        calls, allocated = work(pieces_of(shape, 2**16, 16))
        more_calls, more_allocated = work(pieces_of(shape, 2**18, 16))
        assert more_calls < 4.2 * calls
        assert more_allocated < 4.5 * allocated

    @pytest.mark.parametrize("size", [1, 16, 1400, 2**20])
    @pytest.mark.parametrize("shape", SHAPES)
    def test_what_is_pending_is_held_about_twice_at_most(self, shape, size):
        total = 2**16 if size == 1 else 2**18
        assert held_by(Parser, pieces_of(shape, total, size)) < 2.2 * total

    @pytest.mark.parametrize("kind", [Parser, WireParser])
    def test_an_idle_one_is_under_2_kib(self, kind):
        assert held_by(kind, []) < 2048
        assert held_by(kind, [b"id: 1\nevent: e\nretry: 1\ndata: x\ndata: y\n\n"]) < 2048

    def test_a_tail_does_not_keep_its_chunk(self):
        assert held_by(Parser, [b"data: " + bytes(2**20) + b"\n\ndata: tail"]) < 4096

    @pytest.mark.parametrize("end", [b"\n", b"\r\n"])
    def test_a_long_type_is_not_kept_after_its_event(self, end):
        block = b"event: " + b"x" * 2**20 + end + b"data: x" + end
        assert held_by(Parser, [block]) > 2**20
        assert held_by(Parser, [block, end]) < 8192
        assert held_by(Parser, [block + end]) < 8192

    def test_a_stream_of_events_leaves_nothing(self):
        assert held_by(Parser, [b"data: a\ndata: b\nid: 1\n\n"] * 10_000) < 2048

    @pytest.mark.parametrize(
        "pieces",
        [
            [b"data: " + bytes(2**19) + b"\n", bytes(2**20)],
            [b"data: " + bytes(2**19), bytes(2**19)],
            [b"data: " + bytes(2**19), *[bytes(2**8)] * 2**11],
            [b"data: " + bytes(2**16) + b"\n"] * 16,
        ],
        ids=["a data line", "an unended line", "an unended line in pieces", "data lines"],
    )
    def test_an_error_frees_what_was_pending(self, pieces):
        class Limited(Parser):
            """It goes on after its error, as a caller that catches it."""

            def feed(self, data: bytes | bytearray | memoryview) -> list[Event]:
                with contextlib.suppress(EventTooLarge):
                    return super().feed(data)
                return []

        def limited() -> Parser:
            return Limited(max_event_bytes=2**20)

        assert held_by(limited, pieces[:-1]) > 2**19
        assert held_by(limited, pieces) < 8192

    def test_closing_frees_what_was_pending(self):
        def closed() -> Parser:
            parser = Parser()
            for piece in [b"data: " + bytes(2**19) + b"\n", bytes(2**19), bytes(2**19)]:
                parser.feed(piece)
            parser.close()
            return parser

        assert held_by(closed, []) < 8192

"""Four times the events are four times the work: lines of Python that run, counted, and characters that are scanned."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from sse_events.chat import Done, StreamEvent, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from sse_events.chat.arguments import HeldArguments
from tests.chat.encoder.scenarios import CALLS_DONE, DIALECTS, DONE, encoder

FEW = 60
MOST = 5  # 4 is linear, 16 quadratic


def interleaved_calls(count: int) -> list[StreamEvent]:
    """All calls are open at once, and their fragments go round."""
    starts = [ToolCallStart(n, f"c{n}", "f") for n in range(count)]
    rounds = [ToolCallArgs(n, piece) for piece in ('{"a"', ":[1", "]}") for n in range(count)]
    ends = [ToolCallEnd(n, f"c{n}", "f", '{"a":[1]}', True) for n in range(count)]
    return [*starts, *rounds, *ends, CALLS_DONE]


def backwards(count: int) -> list[StreamEvent]:
    """The last call is the first whose fragments come, so that all others wait."""
    starts = [ToolCallStart(n, f"c{n}", "f") for n in range(count)]
    rest = [ToolCallArgs(n, '{"a":1}') for n in reversed(range(count))]
    ends = [ToolCallEnd(n, f"c{n}", "f", '{"a":1}', True) for n in reversed(range(count))]
    return [*starts, *rest, *ends, CALLS_DONE]


def fragments(count: int) -> list[StreamEvent]:
    pieces = ['{"a":"', *["x" * 20] * count, '"}']
    args = [ToolCallArgs(0, piece) for piece in pieces]
    return [ToolCallStart(0, "c", "f"), *args, ToolCallEnd(0, "c", "f", "".join(pieces), True), CALLS_DONE]


def held_fragments(count: int) -> list[StreamEvent]:
    """Text that waits behind a call that is open, mixed with its fragments."""
    pairs = [event for _ in range(count) for event in (ToolCallArgs(0, "1,"), Token("x"))]
    arguments = "[" + "1," * count + "1]"
    end = ToolCallEnd(0, "c", "f", arguments, True)
    return [ToolCallStart(0, "c", "f"), ToolCallArgs(0, "["), *pairs, ToolCallArgs(0, "1]"), end, CALLS_DONE]


def choices(count: int) -> list[StreamEvent]:
    return [*(Token("x", n % 100) for n in range(count)), DONE]


def tokens(count: int) -> list[StreamEvent]:
    return [*(Token("x") for _ in range(count)), DONE]


def unfinished(count: int) -> list[StreamEvent]:
    """Calls that never get their arguments, and the end comes."""
    return [*(ToolCallStart(n, "", "f") for n in range(count)), Done("truncated")]


def lines(dialect: str, turn: list[StreamEvent]) -> int:
    count = 0

    def trace(*_: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    writer = encoder(dialect)
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for event in turn:
            writer.encode(event)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "shape", [interleaved_calls, backwards, fragments, held_fragments, choices, tokens, unfinished]
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_work_is_linear(dialect: str, shape: Callable[[int], list[StreamEvent]]):
    assert lines(dialect, shape(4 * FEW)) < MOST * lines(dialect, shape(FEW))


@pytest.mark.parametrize("shape", [interleaved_calls, backwards, fragments, held_fragments])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_fragment_is_scanned_once(dialect: str, shape: Callable[[int], list[StreamEvent]], monkeypatch):
    scanned: list[str] = []
    feed = HeldArguments.feed

    def counting(self: HeldArguments, piece: str) -> str:
        scanned.append(piece)
        return feed(self, piece)

    monkeypatch.setattr(HeldArguments, "feed", counting)
    writer = encoder(dialect)
    turn = shape(50)
    for event in turn:
        writer.encode(event)
    assert sorted(scanned) == sorted(event.args_chunk for event in turn if isinstance(event, ToolCallArgs))

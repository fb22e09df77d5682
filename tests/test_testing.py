"""The tools that test the rest: the oracle against the table, the strategies, and a watchman that does bark."""

from __future__ import annotations

import importlib
import itertools
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_events.events import Comment, Event, UnknownField
from sse_events.testing import (
    Interpretation,
    Outcome,
    assert_chunk_invariant,
    byte_streams,
    chunkings,
    event_streams,
    events,
    interpret,
    outcome,
)
from tests.parser_vectors import every_row


class TestOracle:
    @every_row
    def test_the_table(self, row):
        interpretation = interpret(row.body)
        assert interpretation == Interpretation(row.wire, row.last_event_id, row.retry)
        assert interpretation.events == row.events

    def test_the_last_event_id_of_an_earlier_connection(self):
        assert interpret(b"", last_event_id="7").last_event_id == "7"
        assert interpret(b"data: a\n\nid\ndata: b\n\n", last_event_id="7").events == [Event("a", id="7"), Event("b")]

    def test_it_decodes_as_the_encoding_standard_says(self):
        # Every sequence of up to three bytes from both sides of each boundary in the decoder's steps.
        boundaries = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE]
        boundaries += [0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF]
        for length in (1, 2, 3):
            for sequence in itertools.product(boundaries, repeat=length):
                value = bytes(sequence) + b"\xbf."
                assert interpret(b"data: " + value + b"\n\n").events == [Event(utf_8_decoder(value))]


def utf_8_decoder(stream: bytes) -> str:
    """The UTF-8 decoder of https://encoding.spec.whatwg.org/#utf-8-decoder with its error mode "replacement"."""
    output = ""
    code_point = bytes_seen = bytes_needed = 0
    lower_boundary, upper_boundary = 0x80, 0xBF
    position = 0
    while position < len(stream):
        byte = stream[position]
        position += 1
        if bytes_needed == 0:
            if byte <= 0x7F:
                output += chr(byte)
            elif 0xC2 <= byte <= 0xDF:
                bytes_needed, code_point = 1, byte & 0x1F
            elif 0xE0 <= byte <= 0xEF:
                # It says: "If byte is 0xE0, set UTF-8 lower boundary to 0xA0."
                # It says: "If byte is 0xED, set UTF-8 upper boundary to 0x9F."
                lower_boundary = 0xA0 if byte == 0xE0 else 0x80
                upper_boundary = 0x9F if byte == 0xED else 0xBF
                bytes_needed, code_point = 2, byte & 0xF
            elif 0xF0 <= byte <= 0xF4:
                # It says: "If byte is 0xF0, set UTF-8 lower boundary to 0x90."
                # It says: "If byte is 0xF4, set UTF-8 upper boundary to 0x8F."
                lower_boundary = 0x90 if byte == 0xF0 else 0x80
                upper_boundary = 0x8F if byte == 0xF4 else 0xBF
                bytes_needed, code_point = 3, byte & 0x7
            else:
                output += "\ufffd"
            continue
        if not lower_boundary <= byte <= upper_boundary:
            # "Set UTF-8 code point, UTF-8 bytes needed, and UTF-8 bytes seen to 0, set UTF-8 lower boundary to 0x80,
            # and set UTF-8 upper boundary to 0xBF. Restore byte to ioQueue. Return error."
            code_point = bytes_seen = bytes_needed = 0
            lower_boundary, upper_boundary = 0x80, 0xBF
            position -= 1
            output += "\ufffd"
            continue
        lower_boundary, upper_boundary = 0x80, 0xBF
        code_point = (code_point << 6) | (byte & 0x3F)
        bytes_seen += 1
        if bytes_seen == bytes_needed:
            output += chr(code_point)
            code_point = bytes_seen = bytes_needed = 0
    # At last: "If byte is end-of-queue and UTF-8 bytes needed is not 0, set UTF-8 bytes needed to 0 and return error."
    return output + "\ufffd" if bytes_needed else output


class TestStrategies:
    @given(event_streams())
    def test_a_well_formed_stream_carries_its_events(self, stream):
        assert interpret(stream.body).events == stream.events

    @given(events())
    def test_events_are_what_a_stream_can_carry(self, event):
        assert "\r" not in event.data
        assert event.event
        assert not set(event.event + event.id) & set("\r\n\0")
        assert event.retry is None or 0 <= event.retry < 2**63
        assert (event.data + event.event + event.id).encode().decode() == event.data + event.event + event.id

    def test_well_formed_streams_come_in_every_style(self):
        assert not unseen(
            event_streams(),
            {
                "LF alone": lambda stream: len(stream.events) > 1 and b"\r" not in stream.body,
                "CR alone": lambda stream: len(stream.events) > 1 and b"\n" not in stream.body,
                "CRLF alone": lambda stream: stream.events and not set(stream.body.replace(b"\r\n", b"")) & {10, 13},
                "a mixture": lambda stream: all(
                    end in stream.body.replace(b"\r\n", b"2") for end in (b"\r", b"\n", b"2")
                ),
                "CR, then CRLF": lambda stream: b"\r\r\n" in stream.body,
                "a BOM": lambda stream: stream.body.startswith(b"\xef\xbb\xbf") and stream.events,
                "data alone": lambda stream: {b"data"} & set(stream.body.splitlines()),
                "a space": lambda stream: b"\nevent: " in stream.body,
                "no space": lambda stream: re.search(rb"\bevent:[^ ]", stream.body),
                "a comment": lambda stream: any(isinstance(value, Comment) for value in interpret(stream.body).wire),
                "unknown": lambda stream: any(isinstance(value, UnknownField) for value in interpret(stream.body).wire),
                "a reset id": lambda stream: len(stream.events) > 1 and stream.events[0].id and not stream.events[1].id,
                "many data lines": lambda stream: any("\n" in event.data for event in stream.events),
                "a retry": lambda stream: any(event.retry for event in stream.events),
                "no retry": lambda stream: any(event.retry is None for event in stream.events),
                "a block without data": lambda stream: b"event: of a block without data" in stream.body,
                "an unfinished event": lambda stream: b"data: unfinished" in stream.body,
            },
        )

    def test_broken_streams_reach_every_branch(self):
        assert not unseen(
            byte_streams(),
            {
                "events": lambda body: len(interpret(body).events) > 1,
                "many data lines": lambda body: any("\n" in event.data for event in interpret(body).events),
                "an event type": lambda body: any(event.event != "message" for event in interpret(body).events),
                "a retry": lambda body: any(event.retry for event in interpret(body).events),
                "the largest retry": lambda body: interpret(body).retry == 2**63 - 1,
                "an id": lambda body: interpret(body).last_event_id != "",
                "an id with NUL": lambda body: b"id: a\0b" in body and interpret(body).events,
                "invalid UTF-8": lambda body: any("\ufffd" in event.data for event in interpret(body).events),
                "a BOM": lambda body: body.startswith(b"\xef\xbb\xbf") and interpret(body).wire,
                "a mixture of ends": lambda body: all(
                    end in body.replace(b"\r\n", b"2") for end in (b"\r", b"\n", b"2")
                ),
            },
        )

    @given(st.data())
    def test_a_chunking_joins_to_its_body(self, data):
        body = data.draw(byte_streams())
        assert b"".join(data.draw(chunkings(body))) == body

    def test_chunkings_cut_in_every_place(self):
        assert not unseen(
            chunkings(b"\xef\xbb\xbfdata: \xe2\x82\xac\r\n\r\n"),
            {
                "nowhere": lambda chunks: len(chunks) == 1,
                "everywhere": lambda chunks: len(chunks) > 1 and {len(chunk) for chunk in chunks} == {1},
                "twice in one place": lambda chunks: b"" in chunks,
                "inside a CRLF": lambda chunks: any(chunk.endswith(b"\r") for chunk in chunks),
                "inside a code point": lambda chunks: any(chunk.endswith(b"\xe2") for chunk in chunks),
                "inside the BOM": lambda chunks: chunks[0] == b"\xef\xbb",
                "in front": lambda chunks: chunks[0] == b"",
                "at the end": lambda chunks: chunks[-1] == b"",
            },
        )


def unseen(strategy: st.SearchStrategy[Any], sights: dict[str, Callable[[Any], Any]]) -> set[str]:
    """Those of `sights` that some hundred examples do not show, always the same ones."""
    left = set(sights)

    @settings(max_examples=400, derandomize=True, deadline=None)
    @given(strategy)
    def look(example: Any) -> None:
        left.difference_update([sight for sight in left if sights[sight](example)])

    look()
    return left


class Lines:
    """A machine that is right: lines ended by CRLF, the last one whatever ends it."""

    def __init__(self) -> None:
        self.pending = b""

    def feed(self, data: bytes | bytearray | memoryview, /) -> list[bytes]:
        *lines, self.pending = (self.pending + data).split(b"\r\n")
        return lines

    def close(self) -> list[bytes]:
        pending, self.pending = self.pending, b""
        return [pending] if pending else []


class ForgetsItsTail(Lines):
    def feed(self, data, /):
        self.pending = b""
        return super().feed(data)


class SplitsCrlf(Lines):
    def feed(self, data, /):
        *lines, self.pending = (self.pending + bytes(data)).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        return lines


class TakesEmptyForTheEnd(Lines):
    def feed(self, data, /):
        return super().feed(data) if data else self.close()


class LosesWhatCameBeforeAnError(Lines):
    def feed(self, data, /):
        lines = super().feed(data)
        if b"bad" in lines:
            raise ValueError("bad")
        return lines


class CountsItsCalls(Lines):
    calls = 0

    def feed(self, data, /):
        self.calls += 1
        return super().feed(data)

    def close(self):
        raise ValueError(self.calls)


class BreaksAtTheFourthPiece(Lines):
    calls = 0

    def feed(self, data, /):
        self.calls += bool(data)
        return [b"four"] if self.calls == 4 else super().feed(data)


class TestChunkInvariance:
    @pytest.mark.parametrize("body", [b"", b"a", b"a\r\n", b"a\r\nb\rc\nd\r\n\r\ne", b"abc\r\n" * 2000])
    def test_a_machine_that_is_right_passes_and_the_outcome_is_told(self, body):
        lines = [line for line in body.split(b"\r\n")[:-1]] + [line for line in body.split(b"\r\n")[-1:] if line]
        assert assert_chunk_invariant(Lines, body) == Outcome(lines, None)

    @pytest.mark.parametrize(
        ("machine", "chunks"),
        [
            (ForgetsItsTail, [b"a", b"\r\nbad\r\nc"]),
            (SplitsCrlf, [b"a\r", b"\nbad\r\nc"]),
            (TakesEmptyForTheEnd, [b"a", b"", b"\r\nbad\r\nc"]),
            (LosesWhatCameBeforeAnError, [b"a\r\n", b"bad\r\nc"]),
            (CountsItsCalls, [b"", b"a\r\nbad\r\nc"]),
            (BreaksAtTheFourthPiece, [b"a", b"\r", b"\n", b"bad\r\nc"]),
        ],
    )
    def test_one_that_is_wrong_is_shown_the_fewest_chunks_that_convict_it(self, machine, chunks):
        with pytest.raises(AssertionError) as caught:
            assert_chunk_invariant(machine, b"".join(chunks))
        assert str(caught.value).splitlines()[1] == f"chunks: {chunks}"

    def test_the_first_difference_is_shown(self):
        with pytest.raises(AssertionError) as caught:
            assert_chunk_invariant(SplitsCrlf, b"a\r\nb")
        assert str(caught.value).splitlines() == [
            "the outcome depends on where the body is cut",
            "chunks: [b'a\\r', b'\\nb']",
            "the first difference is value 1",
            "in one chunk: b'b'",
            "in these:     b''",
        ]

    def test_an_error_is_a_difference_in_its_type_and_its_arguments(self):
        with pytest.raises(AssertionError, match="ValueError") as caught:
            assert_chunk_invariant(CountsItsCalls, b"ab")
        assert "the first difference is value 0" in str(caught.value)

    def test_given_chunkings_are_tried_and_no_others(self):
        body = b"a\r\nb\r\nc"
        assert_chunk_invariant(SplitsCrlf, body, [])
        assert_chunk_invariant(SplitsCrlf, body, [[body], [b"a\r\n", b"", b"b\r\nc"], iter([b"a", b"\r\nb\r\nc"])])
        with pytest.raises(AssertionError):
            assert_chunk_invariant(SplitsCrlf, body, [[body], [b"a", b"", b"\r\nb\r", b"\n", b"c"]])

    @pytest.mark.parametrize("chunks", [[], [b"a"], [b"b", b"a"], [b"ab", b"c"]])
    def test_chunks_of_another_body_are_refused(self, chunks):
        with pytest.raises(ValueError, match="join"):
            assert_chunk_invariant(Lines, b"ab", [chunks])

    @pytest.mark.parametrize("size", [2048, 2049, 100_000])
    def test_of_a_large_body_a_sample_of_the_splits_is_tried_the_same_every_time(self, size):
        fed: list[list[int]] = []

        class Recorder(Lines):
            def __init__(self) -> None:
                super().__init__()
                fed.append([])

            def feed(self, data, /):
                fed[-1].append(len(data))
                return []

        assert_chunk_invariant(Recorder, bytes(size))
        first, fed[:] = fed[:], []
        assert_chunk_invariant(Recorder, bytes(size))
        assert fed == first
        splits = [sizes[0] for sizes in first if len(sizes) == 2]
        if size <= 2048:
            assert splits == list(range(size + 1))
        else:
            assert len(set(splits)) == 512
            assert max(after - before for before, after in itertools.pairwise([0, *splits, size])) <= 2 * size / 512 + 2

    def test_a_difference_in_a_large_body_is_clipped_to_what_can_be_read(self):
        with pytest.raises(AssertionError) as caught:
            assert_chunk_invariant(ForgetsItsTail, bytes(100_000))
        assert len(str(caught.value)) < 10_000

    def test_only_an_exception_is_an_outcome(self):
        class Interrupted(Lines):
            def close(self):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            outcome(Interrupted(), [b"a"])


def test_without_hypothesis_the_import_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "sse_events.testing")
    with pytest.raises(ImportError, match=r"sse_events\[testing\]"):
        importlib.import_module("sse_events.testing")

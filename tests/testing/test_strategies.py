"""The strategies: what they draw is valid, and they reach every case that a parser has to handle."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sse_events.events import Comment, UnknownField
from sse_events.testing import byte_streams, chunkings, event_streams, events, interpret


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

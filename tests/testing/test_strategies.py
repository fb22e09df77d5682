"""The strategies: what they draw is valid, and they reach every case that a parser has to handle."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from sse_events.events import Comment, Event, UnknownField
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

    @given(event_streams())
    def test_a_stream_is_cut_into_its_chunks(self, stream):
        assert b"".join(stream.chunks) == stream.body

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


def shares(strategy: st.SearchStrategy[Any], sights: dict[str, Callable[[Any], Any]]) -> dict[str, float]:
    """How many of some hundred examples show each of `sights`, in percent."""
    counts = dict.fromkeys(sights, 0)

    @settings(max_examples=400, derandomize=True, deadline=None, database=None)
    @given(strategy)
    def look(example: Any) -> None:
        for name, sight in sights.items():
            counts[name] += bool(sight(example))

    look()
    return {name: count / 4 for name, count in counts.items()}


def test_what_finds_faults_is_drawn_often():
    """`unseen` is content with one example in 400, and a test that runs 100 needs more."""
    found = shares(
        event_streams(),
        {
            "many data lines": lambda stream: any("\n" in event.data for event in stream.events),
            "beyond ASCII": lambda stream: not stream.body.removeprefix(b"\xef\xbb\xbf").isascii(),
            "price": lambda stream: any(event.event == "price" for event in stream.events),
            "a BOM": lambda stream: stream.body.startswith(b"\xef\xbb\xbf"),
            "an id of an earlier event": lambda stream: any(
                one.id == other.id != "" for one, other in itertools.pairwise(stream.events)
            ),
            "cut in a character": lambda stream: any(
                chunk[0] & 0xC0 == 0x80 for chunk in stream.chunks[1:] if chunk and chunk[0] != 0xBB
            ),
            "cut in a CRLF": lambda stream: any(
                one.endswith(b"\r") and other.startswith(b"\n") for one, other in itertools.pairwise(stream.chunks)
            ),
            "several chunks": lambda stream: len(stream.chunks) > 1,
        },
    )
    assert {name: share for name, share in found.items() if share < 10} == {}, found


FIELDS: dict[str, Any] = {
    "data": st.sampled_from(["1", "2\n3"]),
    "event": st.sampled_from(["price", "message"]),
    "id": st.sampled_from(["", "7"]),
    "retry": st.just(5),
}


class TestOwnStrategies:
    @given(events(**FIELDS))
    def test_every_field_of_an_event(self, event):
        assert event.data in ("1", "2\n3")
        assert event.event in ("price", "message")
        assert event.id in ("", "7")
        assert event.retry == 5

    @given(event_streams(data=FIELDS["data"], event=FIELDS["event"], id=FIELDS["id"]))
    def test_the_fields_of_a_stream(self, stream):
        assert interpret(stream.body).events == stream.events
        assert {event.event for event in stream.events} <= {"price", "message"}
        assert {event.data for event in stream.events} <= {"1", "2\n3"}
        assert {event.id for event in stream.events} <= {"", "7"}

    @given(event_streams(st.just(Event("x", "price"))))
    def test_the_events_of_a_stream(self, stream):
        assert interpret(stream.body).events == stream.events == [Event("x", "price")] * len(stream.events)

    def test_all_that_the_strategies_offer_is_drawn(self):
        drawn: set[tuple[str, str, str]] = set()

        @settings(max_examples=100, derandomize=True, deadline=None, database=None)
        @given(event_streams(events(**FIELDS)))
        def look(stream):
            drawn.update((event.data, event.event, event.id) for event in stream.events)

        look()
        assert drawn == set(itertools.product(["1", "2\n3"], ["price", "message"], ["", "7"]))

    @pytest.mark.parametrize("field", FIELDS)
    def test_a_value_is_not_a_strategy(self, field):
        with pytest.raises(TypeError, match=rf"{field} must be a Hypothesis strategy, such as st.just\(...\), not str"):
            events(**{field: "price"})  # type: ignore[arg-type]

    @pytest.mark.parametrize("strategy", [[Event("x")], Event("x"), events])
    def test_events_are_a_strategy(self, strategy):
        with pytest.raises(TypeError, match=r"events must be a Hypothesis strategy, such as events\(event=...\), not "):
            event_streams(strategy)

    @pytest.mark.parametrize("field", ["data", "event", "id"])
    def test_events_or_fields(self, field):
        with pytest.raises(TypeError, match="either events, or data, event and id"):
            event_streams(events(), **{field: st.just("x")})

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"data": "a\rb"}, "data must not contain CR"),
            ({"event": ""}, "event type cannot be empty"),
            ({"event": "a\nb"}, "event must not contain CR, LF or NUL"),
            ({"id": "a\0"}, "id must not contain CR, LF or NUL"),
            ({"retry": -1}, "retry must be from 0"),
        ],
    )
    def test_what_no_stream_can_carry_is_an_error_when_it_is_drawn(self, fields, message):
        made = events(**{name: st.just(value) for name, value in fields.items()})
        given_events = st.just(Event(**{"data": "x", **fields}))
        for strategy in (made, event_streams(given_events).filter(lambda stream: stream.events)):
            with pytest.raises(ValueError, match=message):
                find(strategy, lambda _: True, settings=settings(database=None, phases=[Phase.generate]))


def unseen(strategy: st.SearchStrategy[Any], sights: dict[str, Callable[[Any], Any]]) -> set[str]:
    """Those of `sights` that some hundred examples do not show, always the same ones."""
    left = set(sights)

    @settings(max_examples=400, derandomize=True, deadline=None)
    @given(strategy)
    def look(example: Any) -> None:
        left.difference_update([sight for sight in left if sights[sight](example)])

    look()
    return left

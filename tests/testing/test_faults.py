"""The kit catches every planted fault inside a handler that filters by event type."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sse_events import Event, Machine, Parser, iter_events
from sse_events.testing import FAULTY_PARSERS, EventStream, event_streams, interpret, outcome

Handler = Callable[[Iterable[bytes]], list[Event]]


def only(type_: str, make_machine: Callable[[], Machine[Event]]) -> Handler:
    """A handler that looks at events of one type only."""
    return lambda chunks: [event for event in iter_events(chunks, into=make_machine()) if event.event == type_]


def passes(
    streams: st.SearchStrategy[EventStream], type_: str, make_machine: Callable[[], Machine[Event]], examples: int = 300
) -> bool:
    """Whether a test of the handler passes, with examples that are the same at every run."""
    handler = only(type_, make_machine)

    @settings(derandomize=True, database=None, max_examples=examples, deadline=None, phases=[Phase.generate])
    @given(streams)
    def check(stream: EventStream) -> None:
        assert handler(stream.chunks) == [event for event in stream.events if event.event == type_]

    try:
        check()
    except AssertionError:
        return False
    return True


def documented() -> st.SearchStrategy[EventStream]:
    """As in docs/testing.md: the types that the handler looks at, and data like that of its server."""
    data = st.builds(
        lambda value, indent: json.dumps(value, ensure_ascii=False, indent=indent),
        st.fixed_dictionaries({"symbol": st.text(min_size=1), "amount": st.integers()}),
        st.sampled_from([None, 1]),
    )
    return event_streams(data=data, event=st.sampled_from(["price", "message"]))


WAYS: dict[str, tuple[st.SearchStrategy[EventStream], str]] = {
    "documented": (documented(), "price"),
    "default": (event_streams(), "price"),
    "default, of messages": (event_streams(), "message"),
}


@pytest.mark.parametrize(("streams", "type_"), WAYS.values(), ids=WAYS)
class TestHandlers:
    @pytest.mark.parametrize("make_machine", FAULTY_PARSERS.values(), ids=FAULTY_PARSERS)
    def test_a_fault_is_caught(self, streams: Any, type_: str, make_machine: Callable[[], Machine[Event]]) -> None:
        assert not passes(streams, type_, make_machine)

    def test_a_handler_without_a_fault_passes(self, streams: Any, type_: str) -> None:
        assert passes(streams, type_, Parser, examples=100)


def test_a_strategy_that_never_draws_the_type_catches_nothing() -> None:
    """Why the types have to be given."""
    assert passes(event_streams(event=st.just("other")), "price", FAULTY_PARSERS["data lines lost"])


BODIES = {
    "data lines lost": [b"data: a\ndata: b\n\n"],
    "characters cut": [b"data: \xe2\x82", b"\xac\n\n"],
    "CRLF cut": [b"event: e\r", b"\ndata: a\r\n\r\n"],
    "id forgotten": [b"id: 1\ndata: a\n\ndata: b\n\n"],
    "BOM kept": [b"\xef\xbb\xbfdata: a\n\n"],
}


class TestFaults:
    def test_every_fault_has_a_body(self) -> None:
        assert set(BODIES) == set(FAULTY_PARSERS)

    @pytest.mark.parametrize("fault", FAULTY_PARSERS)
    @pytest.mark.parametrize("name", BODIES)
    def test_each_parser_has_its_fault_and_no_other(self, name: str, fault: str) -> None:
        chunks = BODIES[name]
        got = outcome(FAULTY_PARSERS[fault](), chunks).values
        assert (got != interpret(b"".join(chunks)).events) == (name == fault)

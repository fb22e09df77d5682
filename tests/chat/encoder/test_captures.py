"""Recorded streams, decoded, written in every dialect and read again: `pytest --captures DIR`.

Without the option nothing of this file is collected (tests/chat/conftest.py).
"""

from __future__ import annotations

from typing import Any

import pytest

from sse_events.chat import ChatStream, Done, Finish, StreamEvent, ToolCallEnd
from tests.chat.encoder.facts import merged, parts, projected, same, unexpected_calls
from tests.chat.encoder.grammar import check
from tests.chat.encoder.scenarios import DIALECTS, READABLE, write
from tests.chat.encoder.test_roundtrip import read
from tests.chat.test_captures import Capture, load
from tests.examples import examples

CUTS = 10  # of each stream, unless more are asked for (tests/examples.py)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    captures = [capture for capture in load(metafunc.config.getoption("captures")) if capture.expected["dialect"]]
    metafunc.parametrize("capture", captures, ids=[capture.name for capture in captures])


def decoded(body: bytes, dialect: Any) -> list[StreamEvent]:
    stream = ChatStream(dialect, choices="all")
    return stream.feed(body) + stream.close()


def done_of(events: list[StreamEvent]) -> Done:
    assert isinstance(events[-1], Done)
    return events[-1]


def is_plain(events: list[StreamEvent]) -> bool:
    """Whether the turn ended well and was not cut: all of it has to come back."""
    reasons = [event.reason for event in events if isinstance(event, Finish)]
    cut = any(reason in ("length", "content_filter", "error") for reason in reasons)
    return done_of(events).ok and not cut and all(e.complete for e in events if isinstance(e, ToolCallEnd))


@pytest.mark.parametrize("target", DIALECTS)
def test_comes_back(capture: Capture, target: str):
    events = decoded(capture.framed, capture.expected["dialect"])
    body = write(target, events)
    said = check(target, body)
    assert done_of(events).ok or not said
    if target not in READABLE:
        return
    back = read(target, body)
    assert read(target, body, 7) == back
    assert done_of(back).ok == said
    if is_plain(events):
        assert said
        assert same(projected(target, events), merged(parts(back)))
    assert unexpected_calls(events, back) == []


@pytest.mark.parametrize("target", READABLE)
def test_a_prefix_is_not_ok(capture: Capture, target: str):
    """A stream that is cut and then closed: its client must see that it was cut."""
    body = capture.framed
    for place in range(0, len(body), max(1, len(body) // examples(CUTS))):
        stream = ChatStream(capture.expected["dialect"], choices="all")
        events: list[StreamEvent] = [event for event in stream.feed(body[:place]) if not isinstance(event, Done)]
        written = write(target, events)  # closed without a Done
        assert not check(target, written)
        back = read(target, written)
        assert not done_of(back).ok
        assert unexpected_calls(events, back) == []

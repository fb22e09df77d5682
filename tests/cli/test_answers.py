"""Several answers in one stream, as one machine."""

from __future__ import annotations

import json

import pytest

from sse_events.chat import Done, Error, Token
from sse_events.chat.events import StreamEvent
from sse_events.cli.answers import Answers
from tests.cli.streams import DONE, chunk

TWO = chunk(content="a") + DONE + b": between\n\n" + chunk(content="é") + DONE[:-2]
STREAMS = {
    "two answers, the second without a blank line": TWO,
    "an error field": b"error: down\r\n\r\n",
    "JSON": b'{"error": "no"}',
    "HTML": b"<html>\n",
    "nothing": b"",
    "plain SSE": b"data: x\n\n",
}


def read(stream: bytes, size: int, limit: int | None = None) -> list[StreamEvent]:
    machine = Answers(max_event_bytes=limit)
    events = [event for at in range(0, len(stream), size) for event in machine.feed(stream[at : at + size])]
    events += machine.close()
    assert machine.close() == []
    return events


@pytest.mark.parametrize("size", [1, 2, 3, 5, 50])
@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_chunks(stream: bytes, size: int) -> None:
    """The events do not depend on how the stream is cut, and the last one is a Done."""
    assert read(stream, size) == read(stream, 1 << 20)
    assert isinstance(read(stream, size)[-1], Done)


def test_two_answers() -> None:
    events = read(TWO, 1 << 20)
    assert [event.text for event in events if isinstance(event, Token)] == ["a", "é"]
    assert [event.status for event in events if isinstance(event, Done)] == ["complete", "complete"]


def test_limit() -> None:
    """What came before it is kept, and the answer fails."""
    *first, error, done = read(chunk(content="a") + b"data: " + b"x" * 1000, 100, limit=500)
    assert Token("a") in first
    assert isinstance(error, Error)
    assert error.kind == "protocol"
    assert isinstance(done, Done)
    assert done.status == "error"


@pytest.mark.parametrize("dialect", ["auto", "openai"])
def test_what_is_no_chat_stream_is_given_up(dialect: str) -> None:
    """It costs no more memory than a megabyte, says so once, and nothing after it is read."""
    machine = Answers(dialect)
    stream = b": still here\n\ndata: " + json.dumps({"price": "x" * 400_000}).encode() + b"\n\n"
    assert machine.feed(stream * 2) == []
    error, done = machine.feed(stream * 2)
    assert isinstance(error, Error)
    assert error.kind == "unknown_dialect"
    assert isinstance(done, Done)
    assert machine.finished
    assert machine.feed(stream + TWO) == []
    assert machine.close() == []
    assert machine.comments == 6


def test_comments_are_counted() -> None:
    machine = Answers()
    machine.feed(b": a\n: b\n\n")
    assert machine.comments == 2

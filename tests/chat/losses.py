"""What must hold if a part of a stream is lost: it is cut anywhere, or one payload is halved."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sse_events.chat import ChatStream, Done, StreamEvent, ToolCallEnd
from tests.chat.reference import summarize
from tests.chat.summary import check_order


def read(body: bytes, dialect: Any = "auto") -> list[StreamEvent]:
    stream = ChatStream(dialect)
    events = [*stream.feed(body), *stream.close()]
    check_order(events)
    return events


def calls_of(events: list[StreamEvent]) -> set[tuple[int, str, str]]:
    """Choice, name and arguments of each call."""
    return {(event.choice, event.name, event.arguments) for event in events if isinstance(event, ToolCallEnd)}


def complete_calls_of(events: list[StreamEvent]) -> set[tuple[int, str, str]]:
    return calls_of([event for event in events if isinstance(event, ToolCallEnd) and event.complete])


def proper_end(body: bytes) -> int:
    """How many bytes it takes until the stream may end `complete` or `finished`: all, if it never does.

    That is the end of the JSON of the first payload with a finish word of choice 0, or of the terminal signal.
    """
    ends = [found.end() for found in re.finditer(rb"[^\r\n]*[^\r\n\s][^\r\n]*", body)]
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        reached = summarize(body[: ends[middle]])
        if reached["finish"] is not None or reached["status"] == "complete":
            high = middle
        else:
            low = middle + 1
    return len(body) if low == len(ends) else len(body[: ends[low]].rstrip())


def event_borders(body: bytes) -> list[int]:
    return [found.end() for found in re.finditer(rb"(?:\r\n|\n|\r){2}", body)]


def check_cuts_at(body: bytes, positions: Iterable[int], dialect: Any = "auto") -> None:
    """Assert that a cut never looks like a proper end, and that no call is complete with other arguments."""
    whole = calls_of(read(body, dialect))
    end = proper_end(body)
    for at in positions:
        events = read(body[:at], dialect)
        assert complete_calls_of(events) <= whole, at
        if at < end:
            last = events[-1]
            assert isinstance(last, Done)
            assert last.status not in ("complete", "finished"), at


def data_lines(body: bytes) -> list[tuple[int, int]]:
    """Where the value of each data line begins and ends."""
    return [found.span(1) for found in re.finditer(rb"(?m)^data:([^\r\n]*)", body)]


def halved(body: bytes, line: tuple[int, int]) -> bytes:
    """The body with the value of one data line cut to its first half."""
    start, end = line
    return body[: (start + end) // 2] + body[end:]


def check_halved(body: bytes, lines: Iterable[tuple[int, int]], dialect: Any = "auto") -> None:
    """Assert that with any one payload halved no call is complete without a name or with other arguments."""
    whole = calls_of(read(body, dialect))
    for line in lines:
        complete = complete_calls_of(read(halved(body, line), dialect))
        assert complete <= whole
        assert all(name for _, name, _ in complete)

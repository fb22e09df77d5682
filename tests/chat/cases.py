"""Write a stream down, read it in every way a network may cut it, and check what holds of any stream.

`sse` frames payloads, `read` runs one ChatStream, `check` compares the events in all chunkings, with the dialect named
and with ``auto``, and `check_cuts` holds the truncation property over one body.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import pytest

from sse_events.chat import (
    ChatStream,
    Done,
    Error,
    Finish,
    Raw,
    StreamEvent,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    Usage,
)
from tests.chat.chunkings import CHUNKINGS
from tests.chat.summary import check_order
from tests.examples import spread

# Longer bodies are cut in the five chunkings only: at every split the time is quadratic in the length.
SPLIT_BYTES = 1500
SPLITS = 150  # of a body, unless more are asked for (tests/examples.py)
CUT_BYTES = 5000  # a longer body is cut at SPLITS places only

# The events that the end of a cut stream may add.
CLOSING = (ToolCallStart, ToolCallArgs, ToolCallEnd, Finish, Error, Done)


class Case(NamedTuple):
    """One fact about streams: its `name`, a `body` that shows it, and all `events` that the body must yield."""

    name: str
    body: bytes
    events: list[StreamEvent]


def table(cases: Iterable[Case]) -> pytest.MarkDecorator:
    """Parametrize a test over named cases, as its argument `case`."""
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.name.replace(" ", "-")) for case in cases])


def text_of(payload: Any) -> str:
    """The text of a payload: itself if it is a string, else its JSON."""
    return payload if isinstance(payload, str) else json.dumps(payload, separators=(",", ":"))


def sse(*payloads: Any, event: str = "", end: str = "\n") -> bytes:
    """Each payload as one event: a string as it is, anything else as JSON."""
    head = f"event: {event}{end}" if event else ""
    return "".join(f"{head}data: {text_of(payload)}{end}{end}" for payload in payloads).encode()


def done(status: Any, finish_reason: Any = None, malformed: int = 0, **usage: Any) -> Done:
    """A Done whose usage has these fields; `raw` is what the provider's object was."""
    return Done(status, finish_reason, Usage(**usage), malformed)


def begun(arguments: str = "{}", index: int = 0, id: str = "a", name: str = "f") -> list[StreamEvent]:
    """The events that a call begins with."""
    return [ToolCallStart(index, id, name), *([ToolCallArgs(index, arguments)] if arguments else [])]


def ended(
    arguments: str = "{}", index: int = 0, id: str = "a", name: str = "f", *, complete: bool = True
) -> ToolCallEnd:
    """The event that ends a call."""
    return ToolCallEnd(index, id, name, arguments, complete)


def ended_with(reason: str) -> Done:
    """The Done of a complete stream whose last finish reason was this one: S1, ``error`` makes it an error."""
    return done("error" if reason == "error" else "complete", reason)


def read(body: bytes | list[bytes], dialect: Any = "auto", **options: Any) -> list[StreamEvent]:
    """All events of a body, fed whole, or of its chunks."""
    stream = ChatStream(dialect, **options)
    chunks = [body] if isinstance(body, bytes) else body
    return [event for chunk in chunks for event in stream.feed(chunk)] + stream.close()


def padded(body: bytes) -> list[bytes]:
    """Byte by byte, with an empty chunk before each."""
    return [piece for at in range(len(body)) for piece in (b"", body[at : at + 1])]


def check(body: bytes, events: list[StreamEvent], *dialects: str, **options: Any) -> None:
    """Assert that `body` yields exactly `events`, however it is cut, with each of `dialects` (``auto`` by default).

    All five chunkings, with empty chunks in between, and splits into two: everywhere, or spread over a long body.
    """
    check_order(events)
    cuts: list[Callable[[bytes], list[bytes]]] = [*CHUNKINGS, padded]
    for dialect in dialects or ("auto",):
        for cut in cuts:
            assert read(cut(body), dialect, **options) == events
    for at in spread(range(len(body) if len(body) <= SPLIT_BYTES else 0), SPLITS):
        assert read([body[:at], body[at:]], (dialects or ("auto",))[0], **options) == events


SENTINEL = rb"(?:^|[\r\n])data: *\[DONE\]"


def check_cuts(body: bytes, dialect: str = "auto", *, terminal: bytes = SENTINEL, **options: Any) -> None:
    """Assert the truncation property: a cut at any byte changes no earlier event, and never looks like a proper end.

    A body of `CUT_BYTES` or more is cut at some bytes only.

    The events are a prefix of the whole stream's but for the closing ones, Done comes once, last and never as
    ``complete``. No call is complete with other arguments than in the whole stream, and where no finish word came, none
    is that was being formed.

    Args:
        body: The whole stream.
        dialect: The dialect to read it with.
        terminal: A regular expression for the payload that makes the status complete; cuts before its end are tried,
            or all, if the body has no such payload.
        options: As for ChatStream.
    """
    whole = read(body, dialect, **options)
    check_order(whole)
    calls = {call_of(event) for event in whole if isinstance(event, ToolCallEnd)}
    found = re.search(terminal, body)
    ends = range(found.end() if found else len(body))
    for end in ends if len(body) < CUT_BYTES else spread(ends, SPLITS):
        events = read(body[:end], dialect, **options)
        check_order(events)
        shared = 0
        while shared < min(len(events), len(whole)) and events[shared] == whole[shared]:
            shared += 1
        assert all(isinstance(event, CLOSING) for event in events[shared:])
        last = events[-1]
        assert isinstance(last, Done)
        assert last.status != "complete"
        complete = {call_of(event) for event in events if isinstance(event, ToolCallEnd) and event.complete}
        assert complete <= calls
        if last.status == "truncated":
            assert not any(event.complete for event in events[shared:] if isinstance(event, ToolCallEnd))


class Checks:
    """What holds of every case in a table. Each dialect has a subclass, and each table a subclass of that.

    Attributes:
        cases: The table. Each test below runs once for each case.
        dialect: The dialect of the cases.
        terminal: As for `check_cuts`.
    """

    cases: Any
    dialect: str
    terminal: bytes = SENTINEL

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Parametrize the tests over `cases`."""
        metafunc.parametrize("case", [pytest.param(case, id=case.name.replace(" ", "-")) for case in self.cases])

    def test_yields(self, case: Case) -> None:
        check(case.body, case.events, "auto", self.dialect)

    def test_a_cut_takes_nothing_back(self, case: Case) -> None:
        check_cuts(case.body, terminal=self.terminal)

    def test_raw_adds_the_payloads_and_changes_nothing_else(self, case: Case) -> None:
        assert [event for event in read(case.body, raw=True) if not isinstance(event, Raw)] == case.events


def call_of(end: ToolCallEnd) -> tuple[Any, ...]:
    return end.choice, end.index, end.name, end.arguments

"""A dialect is a folder and a line: this one is made up, and in one file."""

from __future__ import annotations

from typing import Any

import pytest

from sse_events.chat import ChatStream, Error, Finish, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from sse_events.chat.dialect import Dialect, Probe, Verdict
from sse_events.chat.dialects import DIALECTS
from sse_events.chat.faults import Payload
from sse_events.chat.shapes import string
from sse_events.chat.turn import Turn
from sse_events.chat.usage import Tally
from tests.chat.cases import done, read, sse


class Line(Payload, gc=False):
    """What is read of a payload: ``{"event_type": "parrot.says", "says": "..."}``."""

    event_type: Any = None
    says: Any = None
    does: Any = None
    ends: Any = None
    usage: Any = None


def recognises(probe: Probe) -> Verdict:
    return Verdict.YES if string(probe.event_type).startswith("parrot.") else Verdict.NO


def read_line(line: Line, turn: Turn) -> bool:
    turn.first.text(line.says)
    if line.does:
        call = turn.first.calls.open(name=string(line.does))
        turn.first.calls.add(call, "{}")
        turn.first.calls.close(call)
    turn.tally.add(line.usage)
    if line.ends:
        turn.first.finished(line.ends)
        turn.terminal()
    return False


PARROT = Dialect("parrot", Line, recognises=recognises, read=read_line, usage=Tally.common)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def parrot(monkeypatch):
    monkeypatch.setitem(DIALECTS, "parrot", PARROT)


def says(**fields):
    return {"event_type": "parrot.says", **fields}


@pytest.mark.parametrize("dialect", ["auto", "parrot"])
def test_it_is_read(dialect):
    body = sse(
        says(says="Hello"), says(does="whistle"), says(ends="stop", usage={"prompt_tokens": 3}), says(says="late")
    )
    assert read(body, dialect) == [
        Token("Hello"),
        ToolCallStart(0, "", "whistle"),
        ToolCallArgs(0, "{}"),
        ToolCallEnd(0, "", "whistle", "{}", True),
        Finish("tool_calls", "stop"),
        done("complete", "tool_calls", prompt_tokens=3, raw={"prompt_tokens": 3}),
    ]


def test_what_is_shared_needs_nothing_of_the_dialect():
    """Errors, malformed payloads, truncation and copies."""
    assert read(sse(says(success=False, message="no"), says(says="a")))[0] == Error(
        "provider", "no", None, '{"event_type":"parrot.says","success":false,"message":"no"}'
    )
    assert read(sse(says(says="a"), "{"))[-1] == done("truncated", malformed=1)
    stream = ChatStream()
    stream.feed(sse(says(says="a")))
    assert str(stream.dialect) == "parrot"

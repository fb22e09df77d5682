"""The steps of a source, without a client."""

from __future__ import annotations

from typing import Any

import pytest

from sse_events.adapters.response import Head
from sse_events.adapters.steps import Connect, Do, Lost, Plan, steps
from sse_events.errors import EventTooLarge
from sse_events.parser import Parser
from sse_events.reconnect import Change, Reconnection

HEAD = Head(200, {"content-type": "text/event-stream"}, lambda: "url", lambda _: True)


def plan(**options: Any) -> Plan:
    changes: list[Change] = []
    defaults: dict[str, Any] = {
        "method": "GET",
        "url": "http://example.test/",
        "once": False,
        "check": True,
        "parser": Parser,
        "max_event_bytes": None,
        "on_change": changes.append,
        "clock": lambda: 0.0,
        "random": lambda: 0.0,
        "wall_clock": lambda: 0.0,
    }
    return Plan(**defaults | options)


def test_an_event_too_large_in_the_last_chunk_is_not_asked_for_again() -> None:
    """It would be too large each time, so the error comes in place of a reconnect."""
    source = steps(plan(max_event_bytes=4), Reconnection())
    assert next(source) is Do.ASK_HEADERS
    assert isinstance(source.send(None), Connect)
    assert source.send(HEAD) is Do.READ
    with pytest.raises(EventTooLarge):
        assert source.send(b"data: 12345\n\n") is Do.READ
        source.send(Lost(None))

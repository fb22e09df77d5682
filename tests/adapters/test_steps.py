"""The steps of an EventSource, without a client."""

from __future__ import annotations

import pytest

from sse_events.adapters.response import Head
from sse_events.adapters.steps import Connect, Do, Lost, steps
from sse_events.errors import EventTooLarge
from sse_events.reconnect import Reconnection


def test_an_event_too_large_in_the_last_chunk_is_not_asked_for_again() -> None:
    """It would be too large each time, so the error comes in place of a reconnect."""
    source = steps(
        "url", Reconnection(), max_event_bytes=4, clock=lambda: 0.0, random=lambda: 0.0, wall_clock=lambda: 0.0
    )
    assert isinstance(next(source), Connect)
    assert source.send(Head(200, {"content-type": "text/event-stream"}, "url")) is Do.READ
    assert source.send(b"data: 12345\n\n") is Do.READ
    with pytest.raises(EventTooLarge):
        source.send(Lost(None))

"""Right and wrong calls of the adapter for requests and niquests. Checked, never run: see test_adapters.py."""

from __future__ import annotations

import requests
from typing_extensions import reveal_type

from sse_events.adapters.requests import EventSource, iter_events
from sse_events.chat import ChatStream
from sse_events.parser import WireParser


def right(session: requests.Session, url: str) -> None:
    for event in iter_events(session.get(url, stream=True)):
        reveal_type(event)  # revealed: Event
    for delta in iter_events(requests.get(url, stream=True), into=ChatStream(), check=False):
        reveal_type(delta)  # revealed: StreamEvent
    with EventSource(session, url, params={"q": "1"}) as source:
        for event in source:
            reveal_type(event)  # revealed: Event
    for value in EventSource(session, url, parser=WireParser):
        reveal_type(value)  # revealed: Comment | Event | UnknownField


def wrong(session: requests.Session, response: requests.Response, url: str) -> None:
    iter_events("not a response")  # error
    iter_events(session)  # error
    iter_events(response, into=1)  # error
    iter_events(response, check="no")  # error
    EventSource("client", url)  # error
    EventSource(url, session)  # error
    EventSource(response, url)  # error
    EventSource(session, url, replay="yes")  # error

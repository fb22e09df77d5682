"""Right and wrong calls of the adapter for httpx and httpx2. Checked, never run: see test_adapters.py."""

from __future__ import annotations

import httpx
from typing_extensions import reveal_type

from sse_events.adapters.httpx import AsyncEventSource, EventSource, aiter_events, iter_events
from sse_events.chat import ChatStream
from sse_events.parser import WireParser
from sse_events.reconnect import Change, Reconnect


def log(change: Change) -> None:
    reveal_type(change.delay)  # revealed: float


async def token() -> dict[str, str]:
    return {}


def right(client: httpx.Client, response: httpx.Response, url: str) -> None:
    for event in iter_events(response):
        reveal_type(event)  # revealed: Event
    for delta in iter_events(response, into=ChatStream(), check=False):
        reveal_type(delta)  # revealed: StreamEvent
    with EventSource(client, url, reconnect=Reconnect(), headers={"X": "y"}, on_change=log) as source:
        for event in source:
            reveal_type(event)  # revealed: Event
        reveal_type(source.retry)  # revealed: int | None
    for value in EventSource(client, url, parser=WireParser, headers=dict, follow_redirects=True):
        reveal_type(value)  # revealed: Comment | Event | UnknownField


async def right_async(client: httpx.AsyncClient, response: httpx.Response, url: str) -> None:
    async for event in aiter_events(response):
        reveal_type(event)  # revealed: Event
    async with AsyncEventSource(client, url, headers=token) as source:
        async for event in source:
            reveal_type(event)  # revealed: Event
    async for value in AsyncEventSource(client, url, parser=WireParser):
        reveal_type(value)  # revealed: Comment | Event | UnknownField


def annotated(source: EventSource) -> str:
    return next(source).data


def wrong(client: httpx.Client, asynchronous: httpx.AsyncClient, response: httpx.Response, url: str) -> None:
    iter_events("not a response")  # error
    iter_events(client)  # error
    iter_events(response, into=1)  # error
    iter_events(response, check="no")  # error
    iter_events(client.stream("GET", url))  # error
    aiter_events("not a response")  # error
    aiter_events(response, into=ChatStream)  # error
    EventSource("client", url)  # error
    EventSource(asynchronous, url)  # error
    EventSource(url, client)  # error
    EventSource(client, url, reconnect=3)  # error
    EventSource(client, url, idle_timeout="45")  # error
    EventSource(client, url, headers=[("a", "b")])  # error
    EventSource(client, url, on_change="print")  # error
    EventSource(client, url, parser=3)  # error
    AsyncEventSource("client", url)  # error
    AsyncEventSource(client, url)  # error
    AsyncEventSource(asynchronous, 1)  # error
    Reconnect(max_attempts="3")  # error

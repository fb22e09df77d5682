"""Right and wrong calls of the adapter for aiohttp. Checked, never run: see test_adapters.py."""

from __future__ import annotations

import aiohttp
from typing_extensions import reveal_type

from sse_events.adapters.aiohttp import AsyncEventSource, aiter_events
from sse_events.chat import ChatStream
from sse_events.parser import WireParser


async def right(session: aiohttp.ClientSession, url: str) -> None:
    async with session.get(url) as response:
        async for event in aiter_events(response):
            reveal_type(event)  # revealed: Event
        async for delta in aiter_events(response, into=ChatStream(), check=False):
            reveal_type(delta)  # revealed: StreamEvent
    async with AsyncEventSource(session, url, params={"q": "1"}) as source:
        async for event in source:
            reveal_type(event)  # revealed: Event
    async for value in AsyncEventSource(session, url, parser=WireParser):
        reveal_type(value)  # revealed: Comment | Event | UnknownField


def wrong(session: aiohttp.ClientSession, response: aiohttp.ClientResponse, url: str) -> None:
    aiter_events("not a response")  # error
    aiter_events(session)  # error
    aiter_events(session.get(url))  # error
    aiter_events(response, into=1)  # error
    aiter_events(response, check="no")  # error
    AsyncEventSource("client", url)  # error
    AsyncEventSource(url, session)  # error
    AsyncEventSource(response, url)  # error
    AsyncEventSource(session, url, retry="3")  # error

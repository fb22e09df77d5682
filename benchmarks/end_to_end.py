"""What an event costs end to end: real clients over loopback, with this library and with what people use there today.

Each reader makes a request, reads the whole answer and says how many values it got. The client's own byte iteration is
the lower limit: it says how many bytes it got.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterable, Callable, Iterable
from contextlib import ExitStack
from typing import Any, NamedTuple

from benchmarks import chat
from benchmarks.server import EVENTS, running
from sse_events.chat import ChatStream, Token

NAME = "end to end"
CUTS = {"one": "one event per chunk", "1400": "1,400-byte reads"}
BARE = "bare"

# Sends a request to the address, reads the answer to its end, and returns the number of things.
Read = Callable[[str], int]


class Reader(NamedTuple):
    """One way to read an answer.

    Attributes:
        client: The HTTP client.
        name: What reads its bytes.
        read: Makes one request.
        expected: How many things it must return: bytes, events or tokens.
    """

    client: str
    name: str
    read: Read
    expected: int


_TURN = chat.turn("openai", EVENTS)
_BYTES = sum(map(len, _TURN.blocks))
_ALL = len(_TURN.blocks)  # with the sentinel


def _count(values: Iterable[Any]) -> int:
    return sum(1 for _ in values)


def _tokens(values: Iterable[Any]) -> int:
    return sum(1 for value in values if type(value) is Token)


def httpx_readers(stack: ExitStack) -> list[Reader]:
    """httpx, with httpx-sse beside this library."""
    import httpx
    from httpx_sse import EventSource

    from sse_events.adapters.httpx import iter_events

    client = stack.enter_context(httpx.Client())

    def reading(read: Callable[[httpx.Response], int]) -> Read:
        def run(url: str) -> int:
            with client.stream("GET", url) as response:
                return read(response)

        return run

    return [
        Reader("httpx", BARE, reading(lambda r: sum(map(len, r.iter_bytes()))), _BYTES),
        Reader("httpx", "Parser", reading(lambda r: _count(iter_events(r))), _ALL),
        Reader("httpx", "httpx-sse", reading(lambda r: _count(EventSource(r).iter_sse())), _ALL),
        Reader("httpx", "ChatStream", reading(lambda r: _tokens(iter_events(r, into=ChatStream()))), EVENTS),
    ]


def openai_readers(stack: ExitStack) -> list[Reader]:
    """The openai package, which brings its own HTTP client: beside ChatStream over httpx."""
    from openai import OpenAI

    client = stack.enter_context(OpenAI(api_key="none", max_retries=0))
    messages: Any = [{"role": "user", "content": "?"}]

    def read(url: str) -> int:
        client.base_url = url
        answer: Any = client.chat.completions.create(model="none", messages=messages, stream=True)
        return sum(1 for chunk in answer for choice in chunk.choices if choice.delta.content)

    return [Reader("httpx", "openai", read, EVENTS)]


def requests_readers(stack: ExitStack) -> list[Reader]:
    """requests, with sseclient-py beside this library."""
    import requests
    from sseclient import SSEClient

    from sse_events.adapters.requests import iter_events

    session = stack.enter_context(requests.Session())

    def reading(read: Callable[[requests.Response], int]) -> Read:
        def run(url: str) -> int:
            with session.get(url, stream=True) as response:
                return read(response)

        return run

    return [
        Reader("requests", BARE, reading(lambda r: sum(map(len, r.iter_content(None)))), _BYTES),
        Reader("requests", "Parser", reading(lambda r: _count(iter_events(r))), _ALL),
        Reader("requests", "sseclient-py", reading(lambda r: _count(SSEClient(r).events())), _ALL),
        Reader("requests", "ChatStream", reading(lambda r: _tokens(iter_events(r, into=ChatStream()))), EVENTS),
    ]


def aiohttp_readers(stack: ExitStack) -> list[Reader]:
    """aiohttp, with its own line loop beside this library."""
    import aiohttp

    from sse_events.adapters.aiohttp import aiter_events

    loop = asyncio.new_event_loop()
    stack.callback(loop.close)

    async def make() -> aiohttp.ClientSession:
        return aiohttp.ClientSession()

    session = loop.run_until_complete(make())
    stack.callback(lambda: loop.run_until_complete(session.close()))

    def reading(read: Callable[[aiohttp.ClientResponse], Any]) -> Read:
        async def run(url: str) -> int:
            async with session.get(url) as response:
                return int(await read(response))

        return lambda url: loop.run_until_complete(run(url))

    async def size(response: aiohttp.ClientResponse) -> int:
        total = 0
        async for chunk in response.content.iter_any():
            total += len(chunk)
        return total

    async def lines(response: aiohttp.ClientResponse) -> int:
        """The loop of many tutorials: right only for events of one data line."""
        total = 0
        async for line in response.content:
            text = line.decode().strip()
            if text.startswith("data:"):
                _data = text[5:].strip()
                total += 1
        return total

    async def count(values: AsyncIterable[Any], kind: type | None = None) -> int:
        total = 0
        async for value in values:
            if kind is None or type(value) is kind:
                total += 1
        return total

    return [
        Reader("aiohttp", BARE, reading(size), _BYTES),
        Reader("aiohttp", "Parser", reading(lambda r: count(aiter_events(r))), _ALL),
        Reader("aiohttp", "line loop", reading(lines), _ALL),
        Reader("aiohttp", "ChatStream", reading(lambda r: count(aiter_events(r, into=ChatStream()), Token)), EVENTS),
    ]


GROUPS = (httpx_readers, openai_readers, aiohttp_readers, requests_readers)


def times_ns(readers: list[Reader], url: str, rounds: int) -> dict[tuple[str, str], int]:
    """The fastest run of each reader, in interleaved runs.

    Raises:
        AssertionError: A reader returned another number of values than the server sent.
    """
    best: dict[tuple[str, str], int] = {}
    for _ in range(rounds):
        for reader in readers:
            start = time.perf_counter_ns()
            count = reader.read(url)
            elapsed = time.perf_counter_ns() - start
            if count != reader.expected:
                raise AssertionError(f"{reader.client}, {reader.name}: {count} instead of {reader.expected}")
            key = reader.client, reader.name
            best[key] = min(best.get(key, elapsed), elapsed)
    return best


def table(rounds: int) -> str:
    """What an event costs with each client, in µs, and as a multiple of the client's own byte iteration."""
    lines: list[str] = []
    with ExitStack() as stack:
        readers: list[Reader] = []
        for group in GROUPS:
            try:
                readers += group(stack)
            except ImportError as error:
                lines.append(f"not measured: {group.__name__}: {error}")
        gc.collect()
        gc.freeze()  # real clients do not load all of these libraries, so the collector must not scan them
        address = stack.enter_context(running())
        for path, cut in CUTS.items():
            best = times_ns(readers, f"{address}/{path}/", rounds)
            lines.append(f"{NAME}, {cut}")
            for (client, name), ns in best.items():
                ratio = ns / best[client, BARE]
                lines.append(f"  {client:10} {name:14} {ns / _ALL / 1000:7.2f} µs per event {ratio:7.2f} times {BARE}")
    return "\n".join(lines) + "\n"

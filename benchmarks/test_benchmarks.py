"""What each part costs: ``python -m pytest benchmarks --benchmark-only``.

Without the option each case runs once, as a test.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks import chat, streams
from sse_events import Parser, encode
from sse_events.adapters.httpx import aiter_events, iter_events
from sse_events.chat import ChatStream, StreamEvent, Token, collect
from sse_events.iterate import Machine

# The whole race takes every cut of every traffic. These are the two extremes and the large events.
NAMES = [f"{name}, {cut}" for name in streams.SMALL for cut in ("one per chunk", "64 KiB reads")]
NAMES += ["64 KiB, 4 KiB reads", "12 MiB, 4 KiB reads", "chat, 16 byte reads"]
CHAT_CUTS = {"one per chunk": streams.ONE_PER_CHUNK, "4 KiB reads": 4 * streams.KIB}


def feed_all(machine: Machine[Any], chunks: list[bytes]) -> list[Any]:
    return [item for chunk in chunks for item in machine.feed(chunk)]


def text_of(events: list[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, Token))


@pytest.mark.parametrize("name", NAMES)
def test_parser(benchmark: BenchmarkFixture, name: str) -> None:
    stream = next(stream for stream in streams.streams(name) if stream.name == name)
    assert benchmark(lambda: feed_all(Parser(), stream.chunks)) == stream.events


@pytest.mark.parametrize("name", ["tiny", "chat", "id + event + data", "10 data lines", "non-ASCII"])
def test_encoder(benchmark: BenchmarkFixture, name: str) -> None:
    events = streams.make(streams.SMALL[name]).events
    blocks = benchmark(lambda: list(map(encode, events)))
    assert feed_all(Parser(), blocks) == events


@pytest.mark.parametrize("cut", CHAT_CUTS)
@pytest.mark.parametrize("dialect", chat.DIALECTS)
def test_chat(benchmark: BenchmarkFixture, dialect: str, cut: str) -> None:
    """Bytes to StreamEvents. The dialect is detected."""
    turn = chat.turn(dialect)
    chunks = streams.cut(turn.blocks, CHAT_CUTS[cut])
    events = benchmark(lambda: feed_all(ChatStream(), chunks))
    assert text_of(events) == turn.text


@pytest.mark.parametrize("dialect", chat.DIALECTS)
def test_message(benchmark: BenchmarkFixture, dialect: str) -> None:
    """StreamEvents to a Message, alone."""
    turn = chat.turn(dialect)
    stream = ChatStream()
    events: list[StreamEvent] = [event for block in turn.blocks for event in stream.feed(block)] + stream.close()
    assert benchmark(lambda: collect(events).text) == turn.text


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The chunks, as a body that comes piece by piece to either kind of client."""

    def __init__(self, chunks: list[bytes]) -> None:
        self.chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        yield from self.chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk


def transport(chunks: list[bytes]) -> httpx.MockTransport:
    headers = {"content-type": "text/event-stream"}
    return httpx.MockTransport(lambda _request: httpx.Response(200, headers=headers, stream=Body(chunks)))


def blocking(chunks: list[bytes], machine: Machine[Any]) -> list[Any]:
    with httpx.Client(transport=transport(chunks)) as client, client.stream("GET", "http://127.0.0.1") as response:
        return list(iter_events(response, into=machine))


def asynchronous(chunks: list[bytes], machine: Machine[Any]) -> list[Any]:
    async def read() -> list[Any]:
        async with (
            httpx.AsyncClient(transport=transport(chunks)) as client,
            client.stream("GET", "http://127.0.0.1") as response,
        ):
            return [item async for item in aiter_events(response, into=machine)]

    return asyncio.run(read())


Adapter = Callable[[list[bytes], Machine[Any]], list[Any]]


@pytest.mark.parametrize("adapter", [blocking, asynchronous])
class TestAdapter:
    """A response of httpx, its client, request and event loop included."""

    def test_events(self, benchmark: BenchmarkFixture, adapter: Adapter) -> None:
        blocks, events = streams.make(streams.chat)
        assert benchmark(lambda: adapter(blocks, Parser())) == events

    def test_chat(self, benchmark: BenchmarkFixture, adapter: Adapter) -> None:
        turn = chat.turn("openai")
        events = benchmark(lambda: adapter(turn.blocks, ChatStream()))
        assert text_of(events) == turn.text

"""Leaving the loop, in whatever way, yields nothing more and closes the response."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sse_events.chat import ChatStream, Done, Token
from sse_events.errors import MisuseError
from sse_events.parser import Parser
from tests.adapters.clients import ASYNC_CLIENTS, CLIENTS, AsyncClient, Client
from tests.adapters.server import DEADLOCK_SECONDS, STREAM, Connection, Server

CHAT = [b'data: {"choices":[{"index":0,"delta":{"content":"%d"}}]}\n\n' % n for n in range(3)]


class BodyError(Exception):
    """What goes wrong in the body of a loop."""


class Endless:
    """Three events, then silence until the client goes away."""

    def __init__(self) -> None:
        self.left = threading.Event()

    def __call__(self, connection: Connection) -> None:
        connection.send(STREAM + b"".join(CHAT))
        connection.wait_closed()
        self.left.set()


@contextmanager
def endless() -> Iterator[tuple[str, threading.Event]]:
    script = Endless()
    with Server(script) as server:
        yield server.url, script.left


def wait_until_left(client: Client, left: threading.Event) -> None:
    client.settle()
    assert left.wait(DEADLOCK_SECONDS), "the connection is still open"


class TestIterEvents:
    @pytest.mark.parametrize("leave_by", ["break", "exception"])
    def test_leaving_the_loop(self, client: Client, leave_by: str) -> None:
        seen: list[Any] = []

        def react(event: object) -> bool:
            seen.append(event)
            if isinstance(event, Token) and leave_by == "exception":
                raise BodyError
            return isinstance(event, Token)

        with endless() as (url, left):
            response = client.get(url)
            if leave_by == "break":
                client.consume(client.events(response, into=ChatStream("openai")), react)
            else:
                with pytest.raises(BodyError):
                    client.consume(client.events(response, into=ChatStream("openai")), react)
            wait_until_left(client, left)
            assert client.is_closed(response)
        assert [event for event in seen if isinstance(event, Token | Done)] == [Token("0")]

    def test_closing_the_iterator(self, client: Client) -> None:
        with endless() as (url, left):
            response = client.get(url)
            events: Any = client.events(response)
            next(events)
            events.close()
            assert next(events, None) is None
            assert client.is_closed(response)
            wait_until_left(client, left)

    def test_an_error_of_the_machine_closes_the_response(self, client: Client) -> None:
        machine = Parser()
        machine.close()
        with endless() as (url, left):
            response = client.get(url)
            with pytest.raises(MisuseError):
                next(client.events(response, into=machine))
            assert client.is_closed(response)
            wait_until_left(client, left)


class TestEventSource:
    def test_leaving_its_context(self, client: Client) -> None:
        with endless() as (url, left):
            with client.source(url) as source:
                next(source)
            assert next(source, None) is None
            wait_until_left(client, left)

    def test_an_exception_in_its_context(self, client: Client) -> None:
        with endless() as (url, left):
            with pytest.raises(BodyError), client.source(url) as source:
                next(source)
                raise BodyError
            wait_until_left(client, left)

    def test_closing_it(self, client: Client) -> None:
        """A second close does nothing, and so does closing a source that was never opened."""
        with endless() as (url, left):
            source = client.source(url)
            next(source)
            source.close()
            source.close()
            assert next(source, None) is None
            wait_until_left(client, left)
        source = client.source(url)
        source.close()
        assert next(source, None) is None

    def test_resumes_after_the_last_event_that_was_taken(self, client: Client) -> None:
        """Not after the last of the chunk that it came in."""

        def script(connection: Connection) -> None:
            connection.send(STREAM + b"id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\n")
            connection.wait_closed()

        with Server(script) as server, client.source(server.url) as source:
            assert next(source).id == "1"
            assert source.last_event_id == "1"
            assert next(source).id == "2"
            assert source.last_event_id == "2"

    def test_an_error_of_the_wait_closes_it(self, client: Client) -> None:
        def fail(_: float) -> None:
            raise BodyError

        with Server(lambda connection: connection.send(STREAM)) as server:
            source = client.source(server.url, sleep=fail)
            with pytest.raises(BodyError):
                next(source)
            assert next(source, None) is None


@pytest.mark.parametrize("name", ASYNC_CLIENTS)
class TestCancellation:
    """Cancellation propagates untouched, and the response is closed without help from its caller."""

    @pytest.fixture
    def client(self, name: str) -> Iterator[AsyncClient]:
        made = CLIENTS[name]()
        assert isinstance(made, AsyncClient)
        yield made
        made.close()

    def cancel(self, client: AsyncClient, events: Any) -> list[Any]:
        """What a loop over `events` saw that was cancelled while it waited for the fourth."""
        seen: list[Any] = []

        async def loop() -> None:
            async for event in events:
                seen.append(event)

        async def cancelled() -> None:
            task = asyncio.ensure_future(loop())
            while sum(not isinstance(event, Done) for event in seen) < 3:
                assert not task.done()
                await asyncio.sleep(0)
            for _ in range(20):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        client.run(cancelled())
        return seen

    def test_iter_events(self, client: AsyncClient) -> None:
        with endless() as (url, left):
            response = client.get(url)
            seen = self.cancel(client, client.events(response, into=ChatStream("openai")).asynchronous)
            assert client.is_closed(response)
            wait_until_left(client, left)
        assert [event for event in seen if isinstance(event, Token | Done)] == [Token("0"), Token("1"), Token("2")]

    def test_event_source(self, client: AsyncClient) -> None:
        with endless() as (url, left):
            source = client.source(url).asynchronous
            assert len(self.cancel(client, source)) == 3
            assert client.run(_next(source)) is None
            wait_until_left(client, left)

    def test_while_connecting(self, client: AsyncClient) -> None:
        arrived, left = threading.Event(), threading.Event()

        def script(connection: Connection) -> None:
            arrived.set()
            connection.wait_closed()
            left.set()

        async def cancelled(source: Any) -> None:
            task = asyncio.ensure_future(_next(source))
            while not arrived.is_set():
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        with Server(script) as server:
            source = client.source(server.url).asynchronous
            client.run(cancelled(source))
            assert client.run(_next(source)) is None
            wait_until_left(client, left)

    def test_closing_while_another_task_reads(self, client: AsyncClient) -> None:
        async def closed(source: Any) -> object:
            await anext(source)
            await anext(source)
            await anext(source)
            task = asyncio.ensure_future(_next(source))
            for _ in range(20):
                await asyncio.sleep(0)
            await source.aclose()
            return await task

        with endless() as (url, left):
            assert client.run(closed(client.source(url).asynchronous)) is None
            wait_until_left(client, left)


async def _next(source: Any) -> object:
    return await anext(source, None)

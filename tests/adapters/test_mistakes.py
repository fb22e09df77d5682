"""The mistakes of callers: each is an exception at once, which names the argument and says what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aiohttp
import httpx
import httpx2
import niquests
import pytest
import requests

from sse_events.adapters.aiohttp import AsyncEventSource as AiohttpSource
from sse_events.adapters.aiohttp import aiter_events as aiohttp_events
from sse_events.adapters.httpx import AsyncEventSource, EventSource, aiter_events, iter_events
from sse_events.adapters.requests import EventSource as RequestsSource
from sse_events.adapters.requests import iter_events as requests_events
from sse_events.chat import ChatStream
from sse_events.errors import MisuseError, ResponseError
from sse_events.events import Event
from sse_events.parser import Parser
from sse_events.reconnect import Reconnect
from tests.adapters.clients import Client
from tests.adapters.server import FRAMINGS, OK, STREAM, Connection, Framing, Server, sends

URL = "http://127.0.0.1:9"


async def in_session(make: Callable[[aiohttp.ClientSession], object]) -> None:
    async with aiohttp.ClientSession() as session:
        make(session)


def with_session(make: Callable[[Any], object]) -> None:
    asyncio.run(in_session(make))


def source(**options: Any) -> object:
    with httpx.Client() as client:
        return EventSource(client, URL, **options)


def async_source(**options: Any) -> object:
    return AsyncEventSource(httpx.AsyncClient(), URL, **options)


async def nothing(*_: object) -> None: ...


def responses(package: Any) -> Any:
    return package.Response(200, headers={"Content-Type": "text/event-stream"}, content=b"data: x\n\n")


# Each mistake, and what the message has to say.
CLIENTS: list[tuple[str, Callable[[], object], list[str]]] = [
    ("async for sync", lambda: EventSource(httpx.AsyncClient(), URL), ["client", "asynchronous", "AsyncEventSource"]),  # type: ignore[arg-type]
    ("sync for async", lambda: AsyncEventSource(httpx.Client(), URL), ["client", "blocking", "use EventSource"]),  # type: ignore[arg-type]
    ("httpx2, async for sync", lambda: EventSource(httpx2.AsyncClient(), URL), ["client", "AsyncEventSource"]),  # type: ignore[arg-type]
    ("niquests, async", lambda: RequestsSource(niquests.AsyncSession(), URL), ["client", "niquests.Session"]),  # type: ignore[arg-type]
    ("swapped", lambda: EventSource(URL, httpx.Client()), ["client", "httpx or httpx2", "not str"]),  # type: ignore[arg-type]
    ("swapped, aiohttp", lambda: AiohttpSource(URL, None), ["client", "aiohttp", "not str"]),  # type: ignore[arg-type]
    ("swapped, requests", lambda: RequestsSource(URL, None), ["client", "requests or niquests", "not str"]),  # type: ignore[arg-type]
    ("requests for httpx", lambda: EventSource(requests.Session(), URL), ["client", "sse_events.adapters.requests"]),  # type: ignore[arg-type]
    ("httpx for requests", lambda: RequestsSource(httpx.Client(), URL), ["client", "sse_events.adapters.httpx"]),  # type: ignore[arg-type]
    ("httpx for aiohttp", lambda: AiohttpSource(httpx.AsyncClient(), URL), ["client", "sse_events.adapters.httpx"]),  # type: ignore[arg-type]
    ("aiohttp for httpx", lambda: with_session(lambda s: EventSource(s, URL)), ["sse_events.adapters.aiohttp"]),
    ("a response", lambda: EventSource(responses(httpx), URL), ["client", "not httpx.Response"]),
    ("the class", lambda: EventSource(httpx.Client, URL), ["client", "not the class httpx.Client"]),  # type: ignore[arg-type]
    ("the module", lambda: EventSource(httpx, URL), ["client", "not module"]),  # type: ignore[arg-type]
    ("None", lambda: EventSource(None, URL), ["client", "not None"]),  # type: ignore[arg-type]
]  # fmt: skip
RESPONSES: list[tuple[str, Callable[[], object], list[str]]] = [
    ("text", lambda: iter_events("data: x"), ["response", "httpx or httpx2", "not str"]),  # type: ignore[call-overload]
    ("bytes", lambda: requests_events([b"data: x"]), ["response", "requests or niquests", "not list"]),  # type: ignore[call-overload]
    ("a client", lambda: iter_events(httpx.Client()), ["response", "client.stream(", "not httpx.Client"]),  # type: ignore[call-overload]
    ("no with", lambda: iter_events(httpx.Client().stream("GET", URL)), ["response", "with client.stream("]),  # type: ignore[call-overload]
    ("no with, async", lambda: aiter_events(httpx.AsyncClient().stream("GET", URL)), ["async with client.stream("]),  # type: ignore[call-overload]
    ("no with, aiohttp", lambda: with_session(aiohttp_events), ["async with session.get("]),
    ("requests for httpx", lambda: iter_events(requests.Response()), ["response", "sse_events.adapters.requests"]),  # type: ignore[call-overload]
    ("httpx for requests", lambda: requests_events(responses(httpx)), ["response", "sse_events.adapters.httpx"]),
    ("httpx for aiohttp", lambda: aiohttp_events(responses(httpx2)), ["response", "sse_events.adapters.httpx"]),
    ("async for sync", lambda: iter_events(unread(asynchronous=True)), ["a blocking client", "use aiter_events"]),
    ("sync for async", lambda: aiter_events(unread(asynchronous=False)), ["an asynchronous client", "iter_events"]),
    ("niquests, async", lambda: requests_events(niquests.AsyncResponse()), ["response", "niquests.Session"]),  # type: ignore[call-overload]
    ("into", lambda: iter_events(responses(httpx), into=ChatStream), ["into", "ChatStream()"]),  # type: ignore[call-overload]
    ("into, async", lambda: aiter_events(responses(httpx), into=ChatStream), ["into", "ChatStream()"]),  # type: ignore[call-overload]
    ("check", lambda: iter_events(responses(httpx), check="no"), ["check must be True or False, not str"]),  # type: ignore[call-overload]
    ("check, async", lambda: aiter_events(responses(httpx), check=0), ["check must be True or False, not 0"]),  # type: ignore[call-overload]
]  # fmt: skip
ARGUMENTS: list[tuple[str, Callable[[], object], list[str]]] = [
    ("url", lambda: EventSource(httpx.Client(), 7), ["url must be a str, not 7"]),  # type: ignore[arg-type]
    ("method", lambda: source(method=None), ["method must be a str, not None"]),
    ("headers", lambda: source(headers=[("a", "b")]), ["headers must be a mapping, or a function", "not list"]),
    ("headers, async", lambda: source(headers=nothing), ["headers must be a plain function"]),
    ("reconnect", lambda: source(reconnect=Reconnect), ["reconnect must be a Reconnect, such as Reconnect()"]),
    ("reconnect by dict", lambda: source(reconnect={"max_attempts": 3}), ["reconnect must be a Reconnect"]),
    ("max_attempts", lambda: source(reconnect=Reconnect(max_attempts="3")), ["max_attempts must be an int"]),  # type: ignore[arg-type]
    ("replay", lambda: source(replay="yes"), ["replay must be True or False, not str"]),
    ("check", lambda: source(check=None), ["check must be True or False, not None"]),
    ("last_event_id", lambda: source(last_event_id=7), ["last_event_id must be a str, not 7"]),
    ("retry", lambda: source(retry=3.5), ["retry must be an int"]),
    ("idle_timeout", lambda: source(idle_timeout="45"), ["idle_timeout must be seconds", "not str"]),
    ("idle_timeout of nothing", lambda: source(idle_timeout=0), ["idle_timeout must be seconds above 0", "not 0"]),
    ("parser", lambda: source(parser=Parser()), ["parser must be a class", "without parentheses"]),
    ("on_change", lambda: source(on_change="print"), ["on_change must be a function", "not str"]),
    ("on_change, async", lambda: async_source(on_change=nothing), ["on_change must be a plain function"]),
    ("max_event_bytes", lambda: source(max_event_bytes="1M"), ["max_event_bytes must be an int or None, not str"]),
    ("sleep", lambda: source(sleep=3), ["sleep must be a function of seconds, not 3"]),
    ("sleep, async", lambda: source(sleep=asyncio.sleep), ["sleep must be a plain function"]),
    ("clock", lambda: source(clock=0.0), ["clock must be a function", "not 0.0"]),
    ("random", lambda: source(random=0.5), ["random must be a function", "not 0.5"]),
    ("two timeouts", lambda: source(timeout=1, idle_timeout=1), ["timeout and idle_timeout", "give one of them"]),
]  # fmt: skip
MISTAKES = [*CLIENTS, *RESPONSES, *ARGUMENTS]


def unread(*, asynchronous: bool) -> Any:
    """A response of httpx that a client has not read yet."""

    async def afterwards() -> Any:
        yield b"data: x\n\n"

    content: Any = afterwards() if asynchronous else iter([b"data: x\n\n"])
    return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=content)


@pytest.mark.parametrize(
    ("make", "says"),
    [row[1:] for row in MISTAKES],
    ids=[f"{number} {row[0]}" for number, row in enumerate(MISTAKES, 1)],
)
def test_mistakes_speak(make: Callable[[], object], says: list[str]) -> None:
    with pytest.raises(TypeError) as caught:
        make()
    message = str(caught.value)
    assert all(words in message for words in says), message
    assert "127.0.0.1" not in message, "an address may hold a key"


def silent(connection: Connection) -> None:
    connection.send(STREAM + b"data: x\n\n")
    connection.wait_closed()


class TestReadTwice:
    """A response can be read only once. A second read raises an error, because silence would hide the mistake."""

    @pytest.mark.parametrize("framing", FRAMINGS)
    def test_to_its_end(self, client: Client, framing: str) -> None:
        framed = Framing(framing, [b"data: x\n\n", b"data: y\n\n"])
        with Server(sends(framed.head, *framed.pieces, framed.tail)) as server:
            response = client.get(server.url)
            assert len(list(client.events(response))) == 2
            with pytest.raises(MisuseError, match="only once"):
                list(client.events(response))

    def test_after_leaving(self, client: Client) -> None:
        with Server(silent) as server:
            response = client.get(server.url)
            first: Any = client.events(response)
            next(first)
            first.close()
            with pytest.raises(MisuseError, match="only once"):
                list(client.events(response))

    def test_what_the_caller_has_read_of_aiohttp(self) -> None:
        async def read(url: str) -> None:
            async with aiohttp.ClientSession() as session:
                response = await session.get(url)
                assert await response.content.read() == b"data: x\n\n"
                with pytest.raises(MisuseError, match="only once"):
                    await anext(aiohttp_events(response))

        with Server(sends(STREAM + b"data: x\n\n")) as server:
            asyncio.run(read(server.url))

    def test_aiohttp_at_once_after_leaving(self) -> None:
        """Before aiohttp knows the end of the connection itself."""

        async def read(url: str) -> None:
            async with aiohttp.ClientSession() as session:
                response = await session.get(url)
                first = aiohttp_events(response)
                assert (await anext(first)).data == "x"
                response.close()
                with pytest.raises(MisuseError, match="only once"):
                    await anext(aiohttp_events(response))
                await first.aclose()

        with Server(silent) as server:
            asyncio.run(read(server.url))

    def test_an_empty_body_is_not_one_that_was_read(self, client: Client) -> None:
        with Server(sends(OK + b"Content-Length: 0\r\n\r\n")) as server:
            assert list(client.events(client.get(server.url))) == []

    def test_what_the_client_keeps_can_be_read_again(self, client: Client) -> None:
        with Server(sends(OK + b"Content-Length: 9\r\n\r\ndata: x\n\n")) as server:
            response = client.get_whole(server.url)
            assert [list(client.events(response)) for _ in range(2)] == [[Event("x")]] * 2


class TestMadeByHand:
    """A test needs no server and no request: what is only needed for an error is read only then."""

    @pytest.mark.parametrize("package", [httpx, httpx2], ids=["httpx", "httpx2"])
    def test_response_without_a_request(self, package: Any) -> None:
        assert list(iter_events(responses(package))) == [Event("x")]
        with pytest.raises(ResponseError) as caught:
            next(iter_events(package.Response(401, json={"error": "no"})))
        assert (caught.value.status, caught.value.url, caught.value.body) == (401, "", b'{"error":"no"}')
        assert str(caught.value) == 'the server answered with status 401, not 200: {"error":"no"}'

    def test_double_with_only_what_is_used(self) -> None:
        class Double:
            def __init__(self) -> None:
                self.status_code = 200
                self.headers = {"content-type": "text/event-stream"}
                self.closed = False

            @property
            def url(self) -> str:
                raise AssertionError("not needed")

            def iter_bytes(self) -> Any:
                yield b"data: x\n\n"

            def close(self) -> None:
                self.closed = True

        double = Double()
        assert list(iter_events(double)) == [Event("x")]
        assert double.closed

    def test_unchecked_response_needs_no_headers(self) -> None:
        double: Any = SimpleNamespace(
            status_code=500, headers=None, iter_bytes=lambda: iter([b"data: x\n\n"]), close=lambda: None
        )
        assert list(iter_events(double, check=False)) == [Event("x")]

    def test_response_of_requests(self) -> None:
        import io

        response = requests.Response()
        response.status_code = 200
        response.headers["Content-Type"] = "text/event-stream"
        response.raw = io.BytesIO(b"data: x\n\n")
        assert list(requests_events(response)) == [Event("x")]

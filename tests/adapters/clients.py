"""One interface for every client, so that one suite runs over all of them unchanged.

A test is blocking code. An asynchronous client's loop runs only while a test waits for it, one step at a time.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any, Generic, TypeVar

import aiohttp
import httpx
import httpx2
import niquests
import requests

import sse_events.adapters.aiohttp as aiohttp_adapter
import sse_events.adapters.httpx as httpx_adapter
import sse_events.adapters.requests as requests_adapter
from sse_events.events import Event

T = TypeVar("T")


class Client:
    """A blocking client.

    Attributes:
        lost: The client's own exceptions for a failed connection.
        redirects: The request option that makes it follow redirects.
        tries: How often it sends a GET, by itself, that nothing answers.
        name: The package.
    """

    lost: tuple[type[Exception], ...]
    adapter: Any
    tries = 1

    def __init__(self, client: Any) -> None:
        self.client = client
        self.name = type(client).__module__.partition(".")[0]
        self.redirects: dict[str, Any] = {}

    def get(self, url: str, **request: Any) -> Any:
        return self.client.get(url, stream=True, **request)

    def get_whole(self, url: str) -> Any:
        """A response that the client has read to its end."""
        return self.client.get(url)

    def events(self, response: Any, **options: Any) -> Iterator[Any]:
        events: Iterator[Any] = self.adapter.iter_events(response, **options)
        return events

    def source(self, url: str, waits: list[float] | None = None, **options: Any) -> Any:
        """An EventSource that does not wait, but notes for how long it was asked to."""
        options = {"sleep": [].append if waits is None else waits.append, "random": lambda: 0.0, **options}
        return self.adapter.EventSource(self.client, url, **options)

    def consume(self, events: Iterator[T], react: Callable[[T], object]) -> None:
        """Loop over `events` until `react` raises, or returns something true; then leave the loop as users do."""
        for event in events:
            if react(event):
                break

    def lost_connection(self) -> Exception:
        """What the client raises if nothing listens."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            self.get(url)
        except Exception as error:  # noqa: BLE001 - the client's own, whatever it is
            return error
        raise AssertionError("something listens")

    def settle(self) -> None:
        """Let the client do what it does in the background."""

    def is_closed(self, response: Any) -> bool:
        return bool(response.raw.closed)

    def close(self) -> None:
        self.client.close()


class Httpx(Client):
    adapter = httpx_adapter

    def __init__(self, package: Any = httpx) -> None:
        # Without verify, certificates are not loaded for each of a thousand clients.
        super().__init__(package.Client(trust_env=False, verify=False))
        self.redirects = {"follow_redirects": True}
        self.lost = (package.TransportError,)

    def get(self, url: str, **request: Any) -> Any:
        return self.client.send(self.client.build_request("GET", url, **request), stream=True)

    def is_closed(self, response: Any) -> bool:
        return bool(response.is_closed)


class Requests(Client):
    adapter = requests_adapter

    def __init__(self, package: Any = requests) -> None:
        super().__init__(package.Session())
        self.client.trust_env = False
        self.lost = (package.RequestException,)


class Stepped(Generic[T]):
    """An asynchronous iterator or source, driven one step at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, asynchronous: Any) -> None:
        self._loop = loop
        self.asynchronous = asynchronous

    def __iter__(self) -> Stepped[T]:
        return self

    def __next__(self) -> T:
        try:
            value: T = self._loop.run_until_complete(_coroutine(anext(self.asynchronous)))
        except StopAsyncIteration:
            raise StopIteration from None
        return value

    def __enter__(self) -> Stepped[T]:
        self._loop.run_until_complete(self.asynchronous.__aenter__())
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._loop.run_until_complete(self.asynchronous.__aexit__(*exc_info))

    def close(self) -> None:
        self._loop.run_until_complete(self.asynchronous.aclose())

    def __getattr__(self, name: str) -> Any:
        """The attributes of a source are the same, however it is driven."""
        return getattr(self.asynchronous, name)


class AsyncClient(Client):
    """An asynchronous client, with its own event loop."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.loop = asyncio.new_event_loop()
        super().__init__(self.run(_call(make)))

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(coroutine)

    def events(self, response: Any, **options: Any) -> Stepped[Any]:
        return Stepped(self.loop, self.adapter.aiter_events(response, **options))

    def source(self, url: str, waits: list[float] | None = None, **options: Any) -> Stepped[Event]:
        async def sleep(seconds: float) -> None:
            if waits is not None:
                waits.append(seconds)

        options = {"sleep": sleep, "random": lambda: 0.0, **options}
        return Stepped(self.loop, self.adapter.AsyncEventSource(self.client, url, **options))

    def consume(self, events: Any, react: Callable[[Any], object]) -> None:
        async def loop() -> Exception | None:
            # Nothing here may outlive the loop and hold its iterator: neither the wrapper nor a traceback.
            asynchronous, events.asynchronous = events.asynchronous, None
            try:
                async for event in asynchronous:
                    if react(event):
                        break
            except Exception as error:  # noqa: BLE001 - whatever it is, it is raised below
                return error.with_traceback(None)
            return None

        error = self.run(loop())
        if error is not None:
            raise error

    def settle(self) -> None:
        async def turn() -> None:
            for _ in range(20):
                await asyncio.sleep(0)

        self.run(turn())

    def close(self) -> None:
        if self.loop.is_closed():
            return
        self.run(self.aclose())
        self.settle()
        self.run(self.loop.shutdown_asyncgens())
        self.loop.close()

    async def aclose(self) -> None:
        raise NotImplementedError


class AsyncHttpx(AsyncClient):
    adapter = httpx_adapter

    def __init__(self, package: Any = httpx) -> None:
        super().__init__(lambda: package.AsyncClient(trust_env=False, verify=False))
        self.redirects = {"follow_redirects": True}
        self.lost = (package.TransportError,)

    def get(self, url: str, **request: Any) -> Any:
        return self.run(self.client.send(self.client.build_request("GET", url, **request), stream=True))

    def get_whole(self, url: str) -> Any:
        return self.run(self.client.get(url))

    def is_closed(self, response: Any) -> bool:
        return bool(response.is_closed)

    async def aclose(self) -> None:
        await self.client.aclose()


class Aiohttp(AsyncClient):
    adapter = aiohttp_adapter
    lost = (aiohttp.ClientError,)
    tries = 2

    def __init__(self) -> None:
        super().__init__(aiohttp.ClientSession)

    def get(self, url: str, **request: Any) -> Any:
        return self.run(self.client.get(url, **request))

    def get_whole(self, url: str) -> Any:
        response = self.get(url)
        self.run(response.read())
        return response

    def is_closed(self, response: Any) -> bool:
        return bool(response.closed)

    async def aclose(self) -> None:
        await self.client.close()


async def _call(function: Callable[[], T]) -> T:
    return function()


async def _coroutine(awaitable: Awaitable[T]) -> T:
    return await awaitable


CLIENTS: dict[str, Callable[[], Client]] = {
    "httpx": Httpx,
    "httpx-async": AsyncHttpx,
    "httpx2": lambda: Httpx(httpx2),
    "httpx2-async": lambda: AsyncHttpx(httpx2),
    "aiohttp": Aiohttp,
    "requests": Requests,
    "niquests": lambda: Requests(niquests),
}
ASYNC_CLIENTS = ["httpx-async", "httpx2-async", "aiohttp"]

"""Events from aiohttp.

::

    async with session.post(url, json=body) as response:
        async for event in aiter_events(response, into=ChatStream()): ...

    async with AsyncEventSource(session, url) as source:
        async for event in source: ...
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any, TypeVar, overload

from sse_events.adapters.clients import package_of, require
from sse_events.adapters.headers import lowered, moved_to
from sse_events.adapters.response import Head, aread
from sse_events.adapters.source import AsyncSource, Errors
from sse_events.events import Event
from sse_events.iterate import Machine

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

__all__ = ["AsyncEventSource", "aiter_events"]

require("aiohttp", "aiohttp")

T = TypeVar("T")


@overload
def aiter_events(response: ClientResponse, into: None = None, *, check: bool = True) -> AsyncGenerator[Event, None]: ...


@overload
def aiter_events(response: ClientResponse, into: Machine[T], *, check: bool = True) -> AsyncGenerator[T, None]: ...


def aiter_events(
    response: ClientResponse, into: Machine[Any] | None = None, *, check: bool = True
) -> AsyncGenerator[Any, None]:
    """The events of a response, each as soon as its last byte has come.

    When the connection fails, what the machine's ``close()`` returns is yielded first, then aiohttp's own exception
    goes through. Cancellation propagates at once, and nothing more is yielded. The response is closed when the loop
    ends or when this generator is closed, as Python has it: at once under ``contextlib.aclosing``.

    Args:
        response: From ``session.get(...)`` and the like. aiohttp ends it after 300 s in all, unless the session or the
            request has another timeout.
        into: The machine to drive, such as a `ChatStream`; a fresh `Parser` by default.
        check: Whether to raise for what is not a 200 with ``text/event-stream``.

    Raises:
        ResponseError: The response is no event stream. The first 64 KiB of its body are in the error.
    """
    return aread(_head(response), _body(response), into, check=check)


def _head(response: ClientResponse) -> Head:
    url = str(response.url)
    history = response.history
    return Head(
        response.status,
        lowered(response.headers.items()),
        url,
        moved_to(history[0].request_info, response.request_info, url) if history else None,
    )


async def _body(response: ClientResponse) -> AsyncGenerator[bytes, None]:
    content = response.content
    try:
        if content.at_eof():
            yield await response.read()  # whoever has read it before left it there
        while chunk := await content.readany():
            yield chunk
    except Exception:
        # aiohttp raises what ended the connection ahead of the data that came before it.
        content.set_exception(None)  # type: ignore[arg-type]
        yield content.read_nowait()
        raise
    finally:
        response.close()


class AsyncEventSource(AsyncSource["ClientSession", "ClientResponse"]):
    """The events of an address, reconnecting with Last-Event-ID when the connection is lost.

    An asynchronous iterator of Event and an asynchronous context manager, which closes the response. The loop ends when
    the server answers 204, and when `aclose()` is called; any other end is an error.

    Args:
        client: The session.
        url: The address. After a redirect the next request goes where the last one ended.
        method: Anything but GET is sent once only, unless `replay` is true.
        headers: They win over Accept and Cache-Control as the source would send them.
        reconnect: The policy, ``Reconnect()`` by default.
        replay: Whether to repeat a request that is no GET. Repeating a POST to a model costs money.
        last_event_id: What to resume after.
        idle_timeout: Seconds without a byte after which the connection counts as lost; None waits for ever, without
            aiohttp's 300 s in all.
        max_event_bytes: As of `Parser`.
        sleep: Waits for seconds, ``asyncio.sleep`` by default.
        clock: A monotonic clock.
        random: Random numbers from 0 to 1.
        request: All else goes to the session untouched.

    Raises:
        ResponseError: The server refused for good.
        StreamInterrupted: The connection was lost, and the policy gave up; cause and last_event_id are inside.
        EventTooLarge: An event passed the limit.
    """

    _head = staticmethod(_head)
    _body = staticmethod(_body)

    @staticmethod
    def _timeout(client: ClientSession, idle_timeout: float | None) -> Any:
        timeout = client.timeout
        return package_of(client, "aiohttp").ClientTimeout(
            total=None, connect=timeout.connect, sock_connect=timeout.sock_connect, sock_read=idle_timeout
        )

    @staticmethod
    def _errors(client: ClientSession) -> tuple[Errors, Errors]:
        aiohttp = package_of(client, "aiohttp")
        # What is no HTTP is a ClientResponseError too; a refusal is not, as statuses are not raised.
        lost = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, aiohttp.ClientResponseError)
        return (*lost, asyncio.TimeoutError), (aiohttp.TooManyRedirects,)

    async def _send(self, call: dict[str, Any]) -> ClientResponse:
        # A session may raise for every status by default; which one is final is the policy's to say.
        return await self._client.request(**{"raise_for_status": False, **call})

    @staticmethod
    async def _close(response: ClientResponse) -> None:
        response.close()

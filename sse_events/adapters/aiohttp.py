"""Events from aiohttp.

::

    async with session.post(url, json=body) as response:
        async for event in aiter_events(response, into=ChatStream()): ...

    async with AsyncEventSource(session, url) as source:
        async for event in source: ...
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, overload

from sse_events.adapters.asynchronous import AsyncSource
from sse_events.adapters.clients import SentRequest, check_response, require
from sse_events.adapters.response import ALREADY_READ, Head, aread
from sse_events.adapters.source import Value
from sse_events.errors import MisuseError
from sse_events.events import Event
from sse_events.iterate import Machine

if TYPE_CHECKING:
    # Only one package has these classes, so they need no Protocols.
    from aiohttp import ClientResponse, ClientSession

__all__ = ["AsyncEventSource", "aiter_events"]

require("aiohttp")


def __dir__() -> list[str]:
    return __all__


_T = TypeVar("_T")
_Session: TypeAlias = "ClientSession"
_Response: TypeAlias = "ClientResponse"


@overload
def aiter_events(response: ClientResponse, into: None = None, *, check: bool = True) -> AsyncGenerator[Event, None]: ...


@overload
def aiter_events(response: ClientResponse, into: Machine[_T], *, check: bool = True) -> AsyncGenerator[_T, None]: ...


def aiter_events(
    response: ClientResponse, into: Machine[Any] | None = None, *, check: bool = True
) -> AsyncGenerator[Any, None]:
    """The events of a response, each as soon as its last byte arrives.

    When the connection fails, the values that the machine's ``close()`` returns are yielded first, then aiohttp's own
    exception goes through. Cancellation propagates at once, and nothing more is yielded. The response is closed when
    the loop ends, or when Python closes this generator: at once under ``contextlib.aclosing``.

    Args:
        response: From ``session.get(...)`` and the like. aiohttp ends it after 300 s in all, unless the session or the
            request has another timeout.
        into: The machine to drive, such as a `ChatStream`; a fresh `Parser` by default.
        check: Whether to raise unless the response is a 200 with ``text/event-stream``, decoded by the client.

    Raises:
        ResponseError: The response is not an event stream. The error has the first 64 KiB of its body.
        MisuseError: The response was read before.
        TypeError: An argument has the wrong type.
    """
    check_response(response, "aiohttp", "request_info", wanted_from="as in `async with session.get(url) as response`")
    # A response forgets its session when its last byte arrives. It then counts as decoded, which is the default.
    head = _head(response, response._session)
    return aread(head, _body(response, None), lambda: _close(response), into, check=check)


def _head(response: ClientResponse, session: ClientSession | None) -> Head:
    return Head(
        response.status,
        response.headers,
        lambda: str(response.url),
        lambda coding: _decodes(response, session, coding),
    )


def _decodes(response: ClientResponse, session: ClientSession | None, coding: str) -> bool:
    """Whether aiohttp decodes `coding`: only if the session asks for it, and never if there are several codings."""
    accepted = sys.modules["aiohttp"].ClientRequest.DEFAULT_HEADERS["Accept-Encoding"].split(", ")
    alone = response.headers["Content-Encoding"].strip().lower() == coding
    return alone and coding in accepted and (session is None or session.auto_decompress)


async def _body(response: ClientResponse, idle_timeout: float | None) -> AsyncGenerator[bytes, None]:
    content = response.content
    if content.at_eof():
        yield await _content(response)
        return
    watchdog = _Watchdog(response, idle_timeout)
    chunk = b""
    try:
        while chunk := await watchdog.read():
            yield chunk
    except Exception as error:
        # aiohttp raises the end of the connection before it returns the data that arrived earlier.
        content.set_exception(None)  # type: ignore[arg-type]
        rest = content.read_nowait()
        if not chunk and len(rest) < content.total_bytes:
            raise MisuseError(ALREADY_READ) from error
        yield rest
        raise
    finally:
        watchdog.stop()


async def _close(response: ClientResponse) -> None:
    if not response.content.at_eof():  # at its end aiohttp has closed it, and close() would drop the body
        response.close()


async def _content(response: ClientResponse) -> bytes:
    """The body of a response that the caller has read to its end, or that has none."""
    try:
        body = await response.read()
    except Exception as error:
        raise MisuseError(ALREADY_READ) from error
    if not body and response.content.total_bytes:
        raise MisuseError(ALREADY_READ)
    return body


class _Watchdog:
    """Ends a read after a broken chunk header: aiohttp then waits for ever, whatever its ``sock_read`` timeout."""

    __slots__ = ("_content", "_loop", "_seconds", "_timer", "_waits_since")

    def __init__(self, response: ClientResponse, seconds: float | None) -> None:
        self._content = response.content
        self._loop = asyncio.get_running_loop()
        self._seconds = 0.0 if seconds is None else seconds
        self._waits_since: float | None = None
        self._timer = None if seconds is None else self._loop.call_later(seconds, self._look)

    async def read(self) -> bytes:
        """The next chunk. The time that the caller takes between two reads does not count."""
        self._waits_since = self._loop.time()
        try:
            return await self._content.readany()
        finally:
            self._waits_since = None

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        now = self._loop.time()
        due = (now if self._waits_since is None else self._waits_since) + self._seconds
        if due > now:
            self._timer = self._loop.call_at(due, self._look)
        else:
            error = sys.modules["aiohttp"].ServerTimeoutError(f"no data for {self._seconds} s")
            self._content.set_exception(error)


class AsyncEventSource(AsyncSource[_Session, _Response, Value]):
    """The events of an address, over an ``aiohttp.ClientSession``; see `AsyncSource`.

    aiohttp repeats a GET once by itself if the server closes the connection without an answer.
    """

    _adapter = "aiohttp"

    def _head(self, response: ClientResponse) -> Head:
        return _head(response, self._client)

    @staticmethod
    def _sent(response: ClientResponse) -> Sequence[SentRequest]:
        return [answer.request_info for answer in (*response.history, response)]

    def _timeout(self) -> Any:
        own = self._client.timeout
        return self._package.ClientTimeout(
            total=None, connect=own.connect, sock_connect=own.sock_connect, sock_read=self._idle_timeout
        )

    def _is_lost(self, error: Exception) -> bool:
        aiohttp = self._package
        # A broken HTTP message is a ClientResponseError too. A status is not, because `_send` asks not to raise for it.
        kinds = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, aiohttp.ClientResponseError)
        return isinstance(error, (*kinds, asyncio.TimeoutError)) and not isinstance(error, aiohttp.TooManyRedirects)

    def _body(self, response: ClientResponse) -> AsyncGenerator[bytes, None]:
        return _body(response, self._idle_timeout)

    async def _send(self, call: dict[str, Any]) -> ClientResponse:
        # A session may raise for every status by default; the policy says which one is final.
        response: ClientResponse = await self._client.request(**{"raise_for_status": False, **call})
        return response

    _close = staticmethod(_close)

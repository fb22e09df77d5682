"""Events from httpx and from httpx2, blocking and asynchronous.

::

    with client.stream("POST", url, json=body) as response:
        for event in iter_events(response, into=ChatStream()): ...

    with EventSource(client, url) as source:
        for event in source: ...

Either client will do; neither is imported here.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, overload

from sse_events.adapters.clients import package_of, require
from sse_events.adapters.headers import encoded, lowered, moved_to
from sse_events.adapters.response import Head, aread, read
from sse_events.adapters.source import AsyncSource, BlockingSource, Errors
from sse_events.events import Event
from sse_events.iterate import Machine

if TYPE_CHECKING:
    import httpx
    import httpx2

__all__ = ["AsyncEventSource", "EventSource", "aiter_events", "iter_events"]

require("httpx", "httpx", "httpx2")

T = TypeVar("T")
Client: TypeAlias = "httpx.Client | httpx2.Client"
AsyncClient: TypeAlias = "httpx.AsyncClient | httpx2.AsyncClient"
Response: TypeAlias = "httpx.Response | httpx2.Response"


@overload
def iter_events(response: Response, into: None = None, *, check: bool = True) -> Generator[Event, None, None]: ...


@overload
def iter_events(response: Response, into: Machine[T], *, check: bool = True) -> Generator[T, None, None]: ...


def iter_events(
    response: Response, into: Machine[Any] | None = None, *, check: bool = True
) -> Generator[Any, None, None]:
    """The events of a streamed response, each as soon as its last byte has come.

    When the connection fails, what the machine's ``close()`` returns is yielded first, then the client's own exception
    goes through. The response is closed when the loop ends or is left.

    Args:
        response: From ``client.stream(...)`` or ``client.send(..., stream=True)``.
        into: The machine to drive, such as a `ChatStream`; a fresh `Parser` by default.
        check: Whether to raise for what is not a 200 with ``text/event-stream``.

    Raises:
        ResponseError: The response is no event stream. The first 64 KiB of its body are in the error.
    """
    return read(_head(response), _body(response), into, check=check)


@overload
def aiter_events(response: Response, into: None = None, *, check: bool = True) -> AsyncGenerator[Event, None]: ...


@overload
def aiter_events(response: Response, into: Machine[T], *, check: bool = True) -> AsyncGenerator[T, None]: ...


def aiter_events(
    response: Response, into: Machine[Any] | None = None, *, check: bool = True
) -> AsyncGenerator[Any, None]:
    """`iter_events` for a response of an asynchronous client.

    Cancellation propagates at once, and nothing more is yielded. Leaving the loop closes the response when this
    generator is closed, as Python has it: at once under ``contextlib.aclosing``.
    """
    return aread(_head(response), _abody(response), into, check=check)


def _head(response: Response) -> Head:
    url = str(response.url)
    history = response.history
    return Head(
        response.status_code,
        lowered(response.headers.items()),
        url,
        moved_to(history[0].request, response.request, url) if history else None,
    )


def _body(response: Response) -> Generator[bytes, None, None]:
    try:
        yield from response.iter_bytes()
    finally:
        response.close()


async def _abody(response: Response) -> AsyncGenerator[bytes, None]:
    try:
        async for chunk in response.aiter_bytes():
            yield chunk
    finally:
        await response.aclose()


def _timeout(client: Client | AsyncClient, idle_timeout: float | None) -> Any:
    timeout = client.timeout
    return package_of(client, "httpx", "httpx2").Timeout(
        connect=timeout.connect, read=idle_timeout, write=timeout.write, pool=timeout.pool
    )


def _errors(client: Client | AsyncClient) -> tuple[Errors, Errors]:
    package = package_of(client, "httpx", "httpx2")
    lost = (package.TransportError, package.DecodingError)
    return lost, (package.UnsupportedProtocol, package.LocalProtocolError)


def _request(client: Client | AsyncClient, call: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The request, and what is said when sending it: `client.stream()` takes both at once, but as a context manager."""
    options: dict[str, Any] = {name: call.pop(name) for name in ("auth", "follow_redirects") if name in call}
    call["headers"] = encoded(call["headers"])
    return client.build_request(**call), options | {"stream": True}


class EventSource(BlockingSource[Client, Response]):
    """The events of an address, reconnecting with Last-Event-ID when the connection is lost.

    An iterator of Event and a context manager, which closes the response. The loop ends when the server answers 204,
    and when `close()` is called; any other end is an error.

    Args:
        client: An ``httpx.Client`` or ``httpx2.Client``. It follows redirects only if it is told to.
        url: The address. After a redirect the next request goes where the last one ended.
        method: Anything but GET is sent once only, unless `replay` is true.
        headers: They win over Accept and Cache-Control as the source would send them.
        reconnect: The policy, ``Reconnect()`` by default.
        replay: Whether to repeat a request that is no GET. Repeating a POST to a model costs money.
        last_event_id: What to resume after.
        idle_timeout: Seconds without a byte after which the connection counts as lost; None waits for ever.
        max_event_bytes: As of `Parser`.
        sleep: Waits for seconds, ``time.sleep`` by default.
        clock: A monotonic clock.
        random: Random numbers from 0 to 1.
        request: All else goes to the client untouched.

    Raises:
        ResponseError: The server refused for good.
        StreamInterrupted: The connection was lost, and the policy gave up; cause and last_event_id are inside.
        EventTooLarge: An event passed the limit.
    """

    _timeout = staticmethod(_timeout)
    _errors = staticmethod(_errors)
    _head = staticmethod(_head)
    _body = staticmethod(_body)

    def _send(self, call: dict[str, Any]) -> Response:
        request, options = _request(self._client, call)
        return self._client.send(request, **options)

    @staticmethod
    def _close(response: Response) -> None:
        response.close()


class AsyncEventSource(AsyncSource[AsyncClient, Response]):
    """`EventSource` for ``httpx.AsyncClient`` or ``httpx2.AsyncClient``: iterate with ``async for``.

    It is an asynchronous context manager, closed with `aclose()`. `sleep` is ``asyncio.sleep`` by default; under trio
    pass ``trio.sleep``.
    """

    _timeout = staticmethod(_timeout)
    _errors = staticmethod(_errors)
    _head = staticmethod(_head)
    _body = staticmethod(_abody)

    async def _send(self, call: dict[str, Any]) -> Response:
        request, options = _request(self._client, call)
        return await self._client.send(request, **options)

    @staticmethod
    async def _close(response: Response) -> None:
        await response.aclose()

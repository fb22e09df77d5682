"""Events from httpx and from httpx2, blocking and asynchronous.

::

    with client.stream("POST", url, json=body) as response:
        for event in iter_events(response, into=ChatStream()): ...

    with EventSource(client, url) as source:
        for event in source: ...

Both clients work. Neither is imported here.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar, overload

from sse_events.adapters.asynchronous import AsyncSource
from sse_events.adapters.blocking import BlockingSource, cut
from sse_events.adapters.clients import SentRequest, check_response, package_of, require
from sse_events.adapters.headers import encoded
from sse_events.adapters.response import ALREADY_READ, Head, aread, read
from sse_events.adapters.source import Value
from sse_events.errors import MisuseError
from sse_events.events import Event
from sse_events.iterate import Machine

__all__ = ["AsyncEventSource", "EventSource", "aiter_events", "iter_events"]

require("httpx")


def __dir__() -> list[str]:
    return __all__


_T = TypeVar("_T")


class _AnyResponse(Protocol):
    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def url(self) -> object: ...


class _Response(_AnyResponse, Protocol):
    """The part of a response that is used. A fake response in a test needs nothing else."""

    def iter_bytes(self) -> Iterator[bytes]: ...
    def close(self) -> None: ...


class _AsyncResponse(_AnyResponse, Protocol):
    """The part of an asynchronous client's response that is used."""

    def aiter_bytes(self) -> AsyncIterator[bytes]: ...
    async def aclose(self) -> None: ...


class _AnyClient(Protocol):
    @property
    def timeout(self) -> Any: ...
    def build_request(self, method: str, url: str) -> Any: ...


class _Client(_AnyClient, Protocol):
    def send(self, request: Any, *, stream: bool) -> _Response: ...


class _AsyncClient(_AnyClient, Protocol):
    async def send(self, request: Any, *, stream: bool) -> _AsyncResponse: ...


@overload
def iter_events(response: _Response, into: None = None, *, check: bool = True) -> Generator[Event, None, None]: ...


@overload
def iter_events(response: _Response, into: Machine[_T], *, check: bool = True) -> Generator[_T, None, None]: ...


def iter_events(
    response: _Response, into: Machine[Any] | None = None, *, check: bool = True
) -> Generator[Any, None, None]:
    """The events of a streamed response, each as soon as its last byte arrives.

    When the connection fails, the values that the machine's ``close()`` returns are yielded first, then the client's
    own exception goes through. The response is closed when the loop ends or is left.

    Args:
        response: From ``client.stream(...)`` or ``client.send(..., stream=True)``.
        into: The machine to drive, such as a `ChatStream`; a fresh `Parser` by default.
        check: Whether to raise unless the response is a 200 with ``text/event-stream``, decoded by the client.

    Raises:
        ResponseError: The response is not an event stream. The error has the first 64 KiB of its body.
        MisuseError: The response was read before.
        TypeError: An argument has the wrong type.
    """
    check_response(response, "httpx", "iter_bytes", wanted_from="as in `with client.stream(...) as response`")
    _check_kind(response, "__iter__", "a blocking client", "aiter_events")
    return read(_head(response), _body(response), response.close, into, check=check)


@overload
def aiter_events(response: _AsyncResponse, into: None = None, *, check: bool = True) -> AsyncGenerator[Event, None]: ...


@overload
def aiter_events(response: _AsyncResponse, into: Machine[_T], *, check: bool = True) -> AsyncGenerator[_T, None]: ...


def aiter_events(
    response: _AsyncResponse, into: Machine[Any] | None = None, *, check: bool = True
) -> AsyncGenerator[Any, None]:
    """`iter_events` for a response of an asynchronous client.

    Cancellation propagates at once, and nothing more is yielded. Leaving the loop closes the response when Python
    closes this generator: at once under ``contextlib.aclosing``.
    """
    check_response(response, "httpx", "aiter_bytes", wanted_from="as in `async with client.stream(...) as response`")
    _check_kind(response, "__aiter__", "an asynchronous client", "iter_events")
    return aread(_head(response), _abody(response), response.aclose, into, check=check)


def _check_kind(response: Any, iterates_with: str, client: str, other: str) -> None:
    """Check that an unread response is of the right kind of client."""
    stream = getattr(response, "stream", None)
    if stream is not None and not response.is_stream_consumed and not hasattr(stream, iterates_with):
        raise TypeError(f"response must be a response of {client} here: use {other} for this one")


def _head(response: Any) -> Head:
    return Head(
        response.status_code, response.headers, lambda: _url(response), lambda coding: _decodes(response, coding)
    )


def _url(response: Any) -> str:
    try:
        return str(response.url)
    except RuntimeError:  # a response made by hand, without a request
        return ""


def _decodes(response: object, coding: str) -> bool:
    """Whether the client decodes `coding`. It ignores unknown codings, and has no list of known ones."""
    package = sys.modules[package_of(response)]
    try:
        package.Response(200, headers={"Content-Encoding": coding}, content=b"\xff\xff not compressed")
    except package.DecodingError:
        return True
    return False


def _body(response: Any) -> Generator[bytes, None, None]:
    try:
        yield from response.iter_bytes()
    except RuntimeError as error:  # StreamConsumed or StreamClosed
        raise MisuseError(ALREADY_READ) from error


async def _abody(response: Any) -> AsyncGenerator[bytes, None]:
    try:
        async for chunk in response.aiter_bytes():
            yield chunk
    except RuntimeError as error:  # as above
        raise MisuseError(ALREADY_READ) from error


def _sent(response: Any) -> Sequence[SentRequest]:
    return [answer.request for answer in (*response.history, response)]


def _timeout(source: Any) -> Any:
    own = source._client.timeout
    return source._package.Timeout(connect=own.connect, read=source._idle_timeout, write=own.write, pool=own.pool)


def _is_lost(source: Any, error: Exception) -> bool:
    package = source._package
    # httpx2 reports a redirect to an unusable address as the server's fault, with the true error as its context.
    unusable = isinstance(error, (package.UnsupportedProtocol, package.LocalProtocolError)) or isinstance(
        error.__context__, package.InvalidURL
    )
    return isinstance(error, (package.TransportError, package.DecodingError)) and not unusable


def _prepared(source: Any, call: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The request, and the options for sending it: ``client.stream()`` takes both, but is a context manager."""
    options: dict[str, Any] = {name: call.pop(name) for name in ("auth", "follow_redirects") if name in call}
    call["headers"] = encoded(call["headers"])
    return source._client.build_request(**call), options | {"stream": True}


class EventSource(BlockingSource[_Client, _Response, Value]):
    """The events of an address, over an ``httpx.Client`` or ``httpx2.Client``; see `BlockingSource`.

    The client follows redirects only with ``follow_redirects=True``.
    """

    _adapter = "httpx"
    _head = staticmethod(_head)
    _sent = staticmethod(_sent)
    _body = staticmethod(_body)
    _timeout = _timeout
    _is_lost = _is_lost

    def _send(self, call: dict[str, Any]) -> Any:
        request, options = _prepared(self, call)
        return self._client.send(request, **options)

    @staticmethod
    def _interrupt(response: Any) -> None:
        # An HTTP/2 connection is shared with other requests.
        if response.http_version != "HTTP/2":
            cut(response.extensions["network_stream"].get_extra_info("socket"))

    @staticmethod
    def _close(response: Any) -> None:
        response.close()


class AsyncEventSource(AsyncSource[_AsyncClient, _AsyncResponse, Value]):
    """The events of an address, over an ``httpx.AsyncClient`` or ``httpx2.AsyncClient``; see `AsyncSource`.

    The client follows redirects only with ``follow_redirects=True``.
    """

    _adapter = "httpx"
    _head = staticmethod(_head)
    _sent = staticmethod(_sent)
    _body = staticmethod(_abody)
    _timeout = _timeout
    _is_lost = _is_lost

    async def _send(self, call: dict[str, Any]) -> Any:
        request, options = _prepared(self, call)
        return await self._client.send(request, **options)

    @staticmethod
    async def _close(response: Any) -> None:
        await response.aclose()

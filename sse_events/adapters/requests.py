"""Events from requests and from niquests.

::

    with session.post(url, json=body, stream=True) as response:
        for event in iter_events(response, into=ChatStream()): ...

    with EventSource(session, url) as source:
        for event in source: ...

Both clients work. Neither is imported here.
"""

from __future__ import annotations

import inspect
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, overload

from sse_events.adapters.blocking import BlockingSource, cut
from sse_events.adapters.clients import SentRequest, check_response, package_of, require
from sse_events.adapters.headers import encoded
from sse_events.adapters.response import ALREADY_READ, Head, read
from sse_events.adapters.source import Value
from sse_events.errors import MisuseError
from sse_events.events import Event
from sse_events.iterate import Machine

if TYPE_CHECKING:
    import requests

__all__ = ["EventSource", "iter_events"]

require("requests")

_READ_BYTES = 64 * 1024  # at most, per read; without a number the buffer is as large as the Content-Length


def __dir__() -> list[str]:
    return __all__


_T = TypeVar("_T")


class _Response(Protocol):
    """The part of a response that is used."""

    raw: Any

    @property
    def status_code(self) -> int | None: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def url(self) -> str | None: ...
    def iter_content(self, chunk_size: int | None = ...) -> Iterator[Any]: ...
    def close(self) -> None: ...


class _Session(Protocol):
    """The part of a session that is used."""

    def request(self, method: str, url: str) -> _Response: ...


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
        response: From a request with ``stream=True``. Without it the client reads the whole body first.
        into: The machine to drive, such as a `ChatStream`; a fresh `Parser` by default.
        check: Whether to raise unless the response is a 200 with ``text/event-stream``, decoded by the client.

    Raises:
        ResponseError: The response is not an event stream. The error has the first 64 KiB of its body.
        MisuseError: The response was read before.
        TypeError: An argument has the wrong type.
    """
    check_response(response, "requests", "iter_content", wanted_from="as in `session.get(url, stream=True)`")
    if inspect.iscoroutinefunction(response.iter_content):
        raise TypeError("response is asynchronous: use niquests.Session, because this adapter is blocking")
    return read(_head(response), _body(response), response.close, into, check=check)


def _head(response: Any) -> Head:
    return Head(
        response.status_code,
        response.headers,
        lambda: response.url or "",
        lambda coding: coding in getattr(response.raw, "CONTENT_DECODERS", ()),
    )


def _body(response: Any) -> Generator[bytes, None, None]:
    if getattr(response.raw, "closed", False):
        yield _content(response)
    elif package_of(response) == "niquests":
        yield from response.iter_content(-1)
    elif hasattr(response.raw, "stream"):
        yield from _read_promptly(response)
    else:  # a file, in a response made by hand
        yield from response.iter_content(_READ_BYTES)


def _content(response: Any) -> bytes:
    """The body of a response that the client has read to its end, or that has none."""
    try:
        content: bytes = response.content
        lost = not content and response.raw.tell() > 0
    except (RuntimeError, TypeError, ValueError) as error:  # of requests, niquests and a closed file
        raise MisuseError(ALREADY_READ) from error
    if lost:
        raise MisuseError(ALREADY_READ)
    return content


def _read_promptly(response: requests.Response) -> Generator[bytes, None, None]:
    """Like `iter_content()`, but does not wait for a full read if the body is not chunked."""
    from requests import exceptions
    from urllib3.exceptions import DecodeError, ProtocolError, ReadTimeoutError, SSLError

    raw = response.raw
    try:
        # A read may return nothing before the end: a gzip header has no content yet.
        while (chunk := raw.read1(_READ_BYTES, decode_content=True)) or not raw.closed:
            yield chunk
    except ProtocolError as error:
        raise exceptions.ChunkedEncodingError(error) from error
    except DecodeError as error:
        raise exceptions.ContentDecodingError(error) from error
    except ReadTimeoutError as error:
        raise exceptions.ConnectionError(error) from error
    except SSLError as error:
        raise exceptions.SSLError(error) from error


class EventSource(BlockingSource[_Session, _Response, Value]):
    """The events of an address, over a ``requests.Session`` or ``niquests.Session``; see `BlockingSource`."""

    _adapter = "requests"
    _head = staticmethod(_head)
    _body = staticmethod(_body)

    @staticmethod
    def _sent(response: Any) -> Sequence[SentRequest]:
        return [answer.request for answer in (*response.history, response)]

    def _timeout(self) -> Any:
        return (None, self._idle_timeout)

    def _is_lost(self, error: Exception) -> bool:
        errors = self._package.exceptions
        kinds = (errors.ConnectionError, errors.Timeout, errors.ChunkedEncodingError, errors.ContentDecodingError)
        return isinstance(error, kinds)

    def _send(self, call: dict[str, Any]) -> Any:
        call["headers"] = encoded(call["headers"])
        session: Any = self._client
        return session.request(stream=True, **call)

    @staticmethod
    def _interrupt(response: Any) -> None:
        raw = response.raw
        raw.shutdown()
        # The method of urllib3-future does nothing. Its HTTP/2 and HTTP/3 connections are shared with other requests.
        if raw.version < 20 and raw.connection.sock is not None:
            cut(raw.connection.sock)

    @staticmethod
    def _close(response: Any) -> None:
        response.close()

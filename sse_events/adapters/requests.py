"""Events from requests and from niquests.

::

    with session.post(url, json=body, stream=True) as response:
        for event in iter_events(response, into=ChatStream()): ...

    with EventSource(session, url) as source:
        for event in source: ...

Either client will do; neither is imported here.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, overload

from sse_events.adapters.clients import package_of, require
from sse_events.adapters.headers import encoded, lowered, moved_to
from sse_events.adapters.response import Head, read
from sse_events.adapters.source import BlockingSource, Errors
from sse_events.events import Event
from sse_events.iterate import Machine

if TYPE_CHECKING:
    import niquests
    import requests

__all__ = ["EventSource", "iter_events"]

require("requests", "requests", "niquests")

T = TypeVar("T")
Session: TypeAlias = "requests.Session | niquests.Session"
Response: TypeAlias = "requests.Response | niquests.Response"

_READ_BYTES = 64 * 1024  # at most, per read: without a number a buffer as large as the Content-Length is made


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
        response: From a request with ``stream=True``; without it the client has read the body to its end before.
        into: The machine to drive, such as a `ChatStream`; a fresh `Parser` by default.
        check: Whether to raise for what is not a 200 with ``text/event-stream``.

    Raises:
        ResponseError: The response is no event stream. The first 64 KiB of its body are in the error.
    """
    return read(_head(response), _body(response), into, check=check)


def _head(response: Any) -> Head:
    url = response.url
    history = response.history
    return Head(
        response.status_code,
        lowered(response.headers.items()),
        url,
        moved_to(history[0].request, response.request, url) if history else None,
    )


def _body(response: Any) -> Generator[bytes, None, None]:
    try:
        if package_of(response, "requests", "niquests").__name__ == "niquests":
            yield from response.iter_content(-1)
        elif response.raw.closed:
            yield response.content  # read before, or empty
        else:
            yield from _read_promptly(response)
    finally:
        response.close()


def _read_promptly(response: requests.Response) -> Generator[bytes, None, None]:
    """What `iter_content()` does, but without waiting for a full read where the body is not chunked."""
    from requests import exceptions
    from urllib3.exceptions import DecodeError, ProtocolError, ReadTimeoutError, SSLError

    raw = response.raw
    try:
        # A read may come to nothing before the end: a gzip header has no content yet.
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


class EventSource(BlockingSource[Session, Response]):
    """The events of an address, reconnecting with Last-Event-ID when the connection is lost.

    An iterator of Event and a context manager, which closes the response. The loop ends when the server answers 204,
    and when `close()` is called; any other end is an error.

    Args:
        client: A ``requests.Session`` or ``niquests.Session``.
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
        request: All else goes to the session untouched.

    Raises:
        ResponseError: The server refused for good.
        StreamInterrupted: The connection was lost, and the policy gave up; cause and last_event_id are inside.
        EventTooLarge: An event passed the limit.
    """

    _head = staticmethod(_head)
    _body = staticmethod(_body)

    @staticmethod
    def _timeout(client: Session, idle_timeout: float | None) -> Any:  # noqa: ARG004 - a session has none of its own
        return (None, idle_timeout)

    @staticmethod
    def _errors(client: Session) -> tuple[Errors, Errors]:
        errors = package_of(client, "requests", "niquests").exceptions
        lost = (errors.ConnectionError, errors.Timeout, errors.ChunkedEncodingError, errors.ContentDecodingError)
        return lost, ()

    def _send(self, call: dict[str, Any]) -> Response:
        call["headers"] = encoded(call["headers"])
        return self._client.request(stream=True, **call)

    @staticmethod
    def _close(response: Response) -> None:
        response.close()

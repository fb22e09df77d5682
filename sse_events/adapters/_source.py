"""The steps of a reconnecting EventSource, shared by all clients.

`steps` is the whole logic, a generator free of I/O: it yields what is to be done next, and is sent what came of it. The
two base classes carry the steps out, blocking or awaiting; a client's adapter adds how it sends, reads and closes.
"""

from __future__ import annotations

import asyncio
import enum
import random as random_numbers
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace as replaced

from sse_events.adapters._response import Head, afirst_bytes, first_bytes, request_headers
from sse_events.errors import StreamInterrupted
from sse_events.events import Event
from sse_events.parser import DEFAULT_MAX_EVENT_BYTES, Parser
from sse_events.reconnect import Reconnect, Reconnection, State

if TYPE_CHECKING:
    from typing_extensions import Self

Client = TypeVar("Client")
Response = TypeVar("Response")


class Connect(Struct, frozen=True):
    """Send the request; answered with the response's Head, or Lost."""

    url: str
    headers: dict[str, str]
    redirected: bool


class Sleep(Struct, frozen=True):
    """Wait; answered with None."""

    seconds: float


class Do(enum.Enum):
    """What needs no more words."""

    READ = "the next chunk, or Lost"
    READ_REFUSAL = "the first bytes of the body"
    HANG_UP = "close the response"


class Lost(Struct, frozen=True):
    """The connection failed, or the response ended.

    It is no tuple: CPython's ``anext()`` fails with SystemError on one as its default.
    """

    cause: Exception | None


Step: TypeAlias = Connect | Sleep | Do | Event
Errors: TypeAlias = tuple[type[Exception], ...]


def steps(
    url: str,
    reconnection: Reconnection,
    *,
    max_event_bytes: int | None,
    clock: Callable[[], float],
    random: Callable[[], float],
    wall_clock: Callable[[], float] = time.time,
) -> Generator[Step, Any, None]:
    """What to do, step by step; an Event is there to be delivered.

    Args:
        url: Where to connect first; a redirect that the client followed replaces it.
        reconnection: The machine that says when to connect again. Its state is CLOSED at the end, or when stopped.
        max_event_bytes: As of `Parser`.
        clock: Seconds that only go forward, for the time that a connection stays up.
        random: Random numbers from 0 to 1, for the jitter.
        wall_clock: Unix timestamps, for a Retry-After with a date.

    Raises:
        ResponseError: The server refused for good.
        StreamInterrupted: The connection was lost, and the policy gave up.
        EventTooLarge: An event passed the limit.
    """
    address = url
    while True:
        answer: Head | Lost = yield Connect(address, reconnection.headers(), redirected=address is not url)
        if isinstance(answer, Head):
            address = answer.moved_to or address
            refusal = answer.refusal()
            if not refusal:
                reconnection.accepted(clock())
                answer = yield from _deliver(reconnection, max_event_bytes)
            elif answer.status == 200:
                reconnection.wrong_content_type()
            else:
                reconnection.refused(answer.status, retry_after=answer.retry_after(wall_clock()), random=random())
        if isinstance(answer, Lost):
            reconnection.lost(now=clock(), random=random())
            if reconnection.state is State.CLOSED:
                raise StreamInterrupted(
                    reconnection.reason, last_event_id=reconnection.last_event_id, cause=answer.cause
                )
        elif reconnection.state is State.CLOSED:
            if answer.status == 204:
                yield Do.HANG_UP
                return
            raise answer.error(refusal, (yield Do.READ_REFUSAL))
        yield Do.HANG_UP
        yield Sleep(reconnection.wait)
        reconnection.elapsed()


def _deliver(reconnection: Reconnection, max_event_bytes: int | None) -> Generator[Step, Any, Lost]:
    """Read the stream to its end, whatever that is."""
    # "If the file ends in the middle of an event, before the final empty line, the incomplete event is not dispatched":
    # each connection has a parser of its own, to which only the ID is carried over.
    parser = Parser(last_event_id=reconnection.last_event_id, max_event_bytes=max_event_bytes)
    while True:
        answer: bytes | Lost = yield Do.READ
        if isinstance(answer, Lost):
            parser.close()  # raises what the last chunk parked: the same event would be too large again
            return answer
        for event in parser.feed(answer):
            # One by one: a caller who leaves here resumes after this event, not after the chunk's last.
            reconnection.received(last_event_id=event.id, retry=event.retry, delivered=True)
            yield event
        reconnection.received(last_event_id=parser.last_event_id, retry=parser.retry, delivered=False)


class _Source(ABC, Generic[Client, Response]):
    """What the blocking and the asynchronous source have in common."""

    def __init__(
        self,
        client: Client,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        reconnect: Reconnect | None = None,
        replay: bool = False,
        last_event_id: str = "",
        idle_timeout: float | None = None,
        max_event_bytes: int | None = DEFAULT_MAX_EVENT_BYTES,
        sleep: Callable[[float], Any] | None = None,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = random_numbers.random,
        **request: Any,
    ) -> None:
        self._lost, self._final = self._errors(client)
        if "timeout" in request:
            if idle_timeout is not None:
                raise TypeError("timeout and idle_timeout both set the client's timeouts: give one of them")
        else:
            request["timeout"] = self._timeout(client, idle_timeout)
        policy = Reconnect() if reconnect is None else reconnect
        if method.upper() != "GET" and not replay:
            # The first failure is the last: a POST to a model that is sent twice is paid twice.
            policy = replaced(policy, max_attempts=1)
        self._client = client
        self._method = method
        self._headers = headers
        self._request = request
        self._sleep = self._wait if sleep is None else sleep
        self._reconnection = Reconnection(policy, last_event_id)
        self._steps = steps(url, self._reconnection, max_event_bytes=max_event_bytes, clock=clock, random=random)
        self._response: Response | None = None

    @property
    def last_event_id(self) -> str:
        """What a later source resumes after: the id in force at the last event that was delivered."""
        return self._reconnection.last_event_id

    def _call(self, connect: Connect) -> dict[str, Any]:
        """The arguments of the client's request."""
        request = dict(self._request)
        if connect.redirected:
            # The address that the client was redirected to has its own query.
            request.pop("params", None)
        headers = request_headers(self._headers, connect.headers)
        return {"method": self._method, "url": connect.url, "headers": headers, **request}

    def _stop(self) -> None:
        self._steps.close()
        self._reconnection.stopped()

    @staticmethod
    @abstractmethod
    def _wait(seconds: float) -> Any:
        """Sleep, by default."""

    @staticmethod
    @abstractmethod
    def _timeout(client: Client, idle_timeout: float | None) -> Any:
        """The client's own timeouts, with the one between two reads replaced."""

    @staticmethod
    @abstractmethod
    def _errors(client: Client) -> tuple[Errors, Errors]:
        """What the client raises when a connection fails, and what of that fails again however often it is tried."""

    @staticmethod
    @abstractmethod
    def _head(response: Response) -> Head: ...


class BlockingSource(_Source[Client, Response]):
    """An iterator of events, and a context manager."""

    _chunks: Generator[bytes, None, None]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Event:
        answer: Any = None
        try:
            while True:
                step = self._steps.send(answer)
                if isinstance(step, Event):
                    return step
                answer = self._perform(step)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the source and close its response. Twice is harmless."""
        self._stop()
        self._hang_up()

    @staticmethod
    def _wait(seconds: float) -> None:
        # A server may ask for up to 2**63 ms, which is more than time.sleep() takes.
        time.sleep(min(seconds, threading.TIMEOUT_MAX))

    def _perform(self, step: Connect | Sleep | Do) -> Any:
        try:
            if isinstance(step, Connect):
                self._response = self._send(self._call(step))
                self._chunks = self._body(self._response)
                return self._head(self._response)
            if isinstance(step, Sleep):
                self._sleep(step.seconds)
            elif step is Do.READ:
                return next(self._chunks, Lost(None))
            elif step is Do.READ_REFUSAL:
                return first_bytes(self._chunks)
            else:
                self._hang_up()
        except self._final:
            raise
        except self._lost as error:
            return Lost(error)
        return None

    def _hang_up(self) -> None:
        if self._response is not None:
            response, self._response = self._response, None
            self._close(response)
            self._chunks.close()

    @abstractmethod
    def _send(self, call: dict[str, Any]) -> Response: ...

    @staticmethod
    @abstractmethod
    def _body(response: Response) -> Generator[bytes, None, None]: ...

    @staticmethod
    @abstractmethod
    def _close(response: Response) -> None: ...


class AsyncSource(_Source[Client, Response]):
    """An asynchronous iterator of events, and an asynchronous context manager."""

    _chunks: AsyncGenerator[bytes, None]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        answer: Any = None
        try:
            while True:
                step = self._steps.send(answer)
                if isinstance(step, Event):
                    return step
                answer = await self._perform(step)
        except StopIteration:
            raise StopAsyncIteration from None
        except BaseException:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        """End the source and close its response. Twice is harmless."""
        self._stop()
        await self._hang_up()

    @staticmethod
    async def _wait(seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _perform(self, step: Connect | Sleep | Do) -> Any:
        try:
            if isinstance(step, Connect):
                self._response = await self._send(self._call(step))
                self._chunks = self._body(self._response)
                return self._head(self._response)
            if isinstance(step, Sleep):
                await self._sleep(step.seconds)
            elif step is Do.READ:
                return await anext(self._chunks, Lost(None))
            elif step is Do.READ_REFUSAL:
                return await afirst_bytes(self._chunks)
            else:
                await self._hang_up()
        except self._final:
            raise
        except self._lost as error:
            return Lost(error)
        return None

    async def _hang_up(self) -> None:
        if self._response is not None:
            response, self._response = self._response, None
            await self._close(response)
            with suppress(RuntimeError):  # another task is reading: the closed response ends that by itself
                await self._chunks.aclose()

    @abstractmethod
    async def _send(self, call: dict[str, Any]) -> Response: ...

    @staticmethod
    @abstractmethod
    def _body(response: Response) -> AsyncGenerator[bytes, None]: ...

    @staticmethod
    @abstractmethod
    async def _close(response: Response) -> None: ...

"""The sources that carry `steps` out, blocking and asynchronous. A client's adapter adds how it sends and reads."""

from __future__ import annotations

import asyncio
import random as random_numbers
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from msgspec.structs import replace as replaced

from sse_events.adapters.headers import request_headers
from sse_events.adapters.response import Head
from sse_events.adapters.steps import Connect, Do, Lost, Sleep, steps
from sse_events.events import Event
from sse_events.parser import DEFAULT_MAX_EVENT_BYTES
from sse_events.reconnect import Reconnect, Reconnection

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["AsyncSource", "BlockingSource", "Errors"]

Client = TypeVar("Client")
Response = TypeVar("Response")
Errors: TypeAlias = tuple[type[Exception], ...]


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
        self._steps = steps(
            url,
            self._reconnection,
            max_event_bytes=max_event_bytes,
            clock=clock,
            random=random,
            wall_clock=time.time,
        )
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

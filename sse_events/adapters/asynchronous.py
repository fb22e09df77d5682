"""The source of an asynchronous client. It carries out `steps`; the client's adapter adds sending and reading."""

from __future__ import annotations

import asyncio
import inspect
from abc import abstractmethod
from collections.abc import AsyncGenerator, Awaitable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from sse_events.adapters.response import Head
from sse_events.adapters.source import Client, Response, Source, Value
from sse_events.adapters.steps import Connect, Do, Lost, Sleep, Step
from sse_events.errors import MisuseError

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["AsyncSource"]

_Result = TypeVar("_Result")


class AsyncSource(Source[Client, Response, Value]):
    """`BlockingSource` for an asynchronous client: an asynchronous iterator and context manager.

    `aclose()` may be called from another task. Events that arrived before are still returned to a reading task. Under
    trio pass ``sleep=trio.sleep``, and cancel the scope to end a wait.
    """

    _asynchronous = True
    _chunks: AsyncGenerator[bytes, None]
    _waiting: asyncio.Task[Any] | None = None  # the task that `aclose()` cancels to end a wait or a request
    _interrupted = False  # whether `aclose()` has cancelled it

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Value:
        if not self._reading.acquire(blocking=False):
            raise MisuseError("this source is being read already, by another task")
        try:
            step = self._steps.send(None)
            while isinstance(step, Do | Connect | Sleep):
                self._check_open(None)
                answer = await self._perform(step)
                self._check_open(answer)
                step = self._steps.send(answer)
            value: Value = step
            return value
        except StopIteration:
            await self._end(None)
            raise StopAsyncIteration from None
        except BaseException as error:
            await self._end(error)
            raise
        finally:
            self._reading.release()

    async def aclose(self) -> None:
        """End the source and close its response, also from another task. A second call does nothing.

        A wait or a request in another task ends at once, and a read as soon as the client can.
        """
        self._closing.set()
        if not self._reading.locked():
            await self._end(None)
        elif self._waiting is not None:
            waiting, self._waiting = self._waiting, None  # one cancellation is enough
            self._interrupted = True
            waiting.cancel()
        elif self._response is not None:
            with suppress(Exception):  # the reading task may be closing it at this moment
                await self._close(self._response)

    async def _wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _perform(self, step: Step) -> Any:
        if isinstance(step, Sleep):
            return await self._interruptible(self._sleep(step.seconds))
        if step is Do.HANG_UP:
            return await self._hang_up()
        try:
            if step is Do.READ:
                return await anext(self._chunks, Lost(None))
            if isinstance(step, Connect):
                return await self._interruptible(self._connect(step))
            headers = self._headers() if callable(self._headers) else self._headers
            return self._checked(await self._interruptible(headers) if inspect.isawaitable(headers) else headers)
        except Exception as error:  # noqa: BLE001 - raised again if it is not the connection's
            return self._failed(step, error)

    async def _connect(self, connect: Connect) -> Head:
        self._response = await self._send(self._call(connect))
        self._chunks = self._body(self._response)
        return self._accepted(self._response)

    async def _interruptible(self, awaitable: Awaitable[_Result]) -> _Result | Lost:
        """Await a wait or a request. Under asyncio `aclose()` may cancel it from another task.

        Data is never read here, because a cancelled read may lose it.
        """
        try:
            task = asyncio.current_task()
        except RuntimeError:  # under trio
            return await awaitable
        self._waiting = task
        try:
            return await awaitable
        except asyncio.CancelledError:
            # As in asyncio.timeout(): the cancellation is not the caller's, unless there is another one.
            if not self._interrupted or getattr(task, "uncancel", int)():
                raise
            return Lost(None)
        finally:
            self._waiting = None

    async def _end(self, error: BaseException | None) -> None:
        self._stop()
        await self._hang_up()
        self._closed(error)

    async def _hang_up(self) -> None:
        if self._response is not None:
            response, self._response = self._response, None
            await self._close(response)
            with suppress(RuntimeError):  # another task is reading: the closed response ends that by itself
                await self._chunks.aclose()

    @abstractmethod
    async def _send(self, call: dict[str, Any]) -> Response: ...

    @abstractmethod
    def _body(self, response: Response) -> AsyncGenerator[bytes, None]: ...

    @staticmethod
    @abstractmethod
    async def _close(response: Response) -> None: ...

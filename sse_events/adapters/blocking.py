"""The source of a blocking client. It carries out `steps`; the client's adapter adds sending and reading."""

from __future__ import annotations

import socket
import threading
from abc import abstractmethod
from collections.abc import Generator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sse_events.adapters.source import Client, Response, Source, Value
from sse_events.adapters.steps import Connect, Do, Lost, Sleep, Step
from sse_events.errors import MisuseError

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["BlockingSource", "cut"]


class BlockingSource(Source[Client, Response, Value]):
    """The events of an address. The source reconnects with Last-Event-ID when the connection is lost.

    It is an iterator, and a context manager that closes the response. The loop ends when the server answers 204, and
    after `close()`. Every other end is an error.

    `close()` may be called from another thread. Events that arrived before are still returned to a reading thread.

    Raises:
        ResponseError: The server refused for good.
        StreamInterrupted: The connection was lost, and the policy gave up. The error has the cause and last_event_id.
        EventTooLarge: An event passed the limit.
        MisuseError: Two threads read at the same time.
    """

    _asynchronous = False
    _chunks: Generator[bytes, None, None]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Value:
        if not self._reading.acquire(blocking=False):
            raise MisuseError("this source is being read already, by another thread or by the caller of on_change")
        try:
            step = self._steps.send(None)
            while isinstance(step, Do | Connect | Sleep):
                self._check_open(None)
                answer = self._perform(step)
                self._check_open(answer)
                step = self._steps.send(answer)
            value: Value = step
            return value
        except BaseException as error:
            self._end(error)
            raise
        finally:
            self._reading.release()

    def close(self) -> None:
        """End the source and close its response, also from another thread. A second call does nothing.

        A wait in another thread ends at once. A read ends at once over HTTP/1.1, otherwise with the next data or
        timeout. A request without an answer ends with its answer or its timeout.
        """
        self._closing.set()
        if self._reading.acquire(blocking=False):
            try:
                self._end(None)
            finally:
                self._reading.release()
        elif (response := self._response) is not None:
            with suppress(Exception):  # the reading thread may be closing it at this moment
                self._interrupt(response)

    def _wait(self, seconds: float) -> None:
        # A server may ask for up to 2**63 ms, which is more than a lock can wait.
        self._closing.wait(min(seconds, threading.TIMEOUT_MAX))

    def _perform(self, step: Step) -> Any:
        if isinstance(step, Sleep):
            return self._sleep(step.seconds)
        if step is Do.HANG_UP:
            return self._hang_up()
        try:
            if step is Do.READ:
                return next(self._chunks, Lost(None))
            if isinstance(step, Connect):
                self._response = self._send(self._call(step))
                self._chunks = self._body(self._response)
                return self._accepted(self._response)
            return self._checked(self._headers() if callable(self._headers) else self._headers)
        except Exception as error:  # noqa: BLE001 - raised again if it is not the connection's
            return self._failed(step, error)

    def _end(self, error: BaseException | None) -> None:
        self._stop()
        self._hang_up()
        self._closed(error)

    def _hang_up(self) -> None:
        if self._response is not None:
            response, self._response = self._response, None
            self._close(response)
            self._chunks.close()

    @abstractmethod
    def _send(self, call: dict[str, Any]) -> Response: ...

    @abstractmethod
    def _body(self, response: Response) -> Generator[bytes, None, None]: ...

    @staticmethod
    @abstractmethod
    def _interrupt(response: Response) -> None:
        """End another thread's read."""

    @staticmethod
    @abstractmethod
    def _close(response: Response) -> None: ...


def cut(connection: Any) -> None:
    """End the reads of another thread on a socket.

    Closing a socket does not wake a thread that reads from it. Shutting it down does. The method of `ssl.SSLSocket` is
    not used, because it also removes the encryption while the reader needs it.
    """
    socket.socket.shutdown(connection, socket.SHUT_RDWR)

"""Drive a machine over an iterable of byte chunks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Generator, Iterable, Iterator
from typing import Any, Protocol, TypeVar, overload

from sse_events.errors import SSEError
from sse_events.events import Event
from sse_events.parser import Parser

T = TypeVar("T")

Buffer = bytes | bytearray | memoryview


class Machine(Protocol[T]):
    """Bytes in, values out: what `Parser`, `WireParser` and `ChatStream` have in common.

    Adapters, iterators and the command know nothing else, so a machine of your own fits wherever theirs do.
    """

    def feed(self, data: Buffer, /) -> list[T]:
        """The values that `data` completed, in order."""

    def close(self) -> list[T]:
        """The values that the end of the stream completed; an empty list the second time."""


@overload
def iter_events(chunks: Iterable[Buffer], into: None = None) -> Generator[Event, None, None]: ...


@overload
def iter_events(chunks: Iterable[Buffer], into: Machine[T]) -> Generator[T, None, None]: ...


def iter_events(chunks: Iterable[Buffer], into: Machine[Any] | None = None) -> Generator[Any, None, None]:
    r"""The values that a machine makes of `chunks`, each as soon as its last byte has come.

    When the source raises, what the machine's ``close()`` returns is yielded first (of a chat stream its Done, with
    status truncated); then the source's exception goes through unchanged. When the caller leaves the loop, nothing
    more is yielded and the source is closed.

    Args:
        chunks: Byte chunks of any size, cut anywhere: a response's raw body, a file's blocks.
        into: The machine to drive, a fresh `Parser` by default. It is spent afterwards.

    Raises:
        SSEError: What the machine raises; the values complete before it have been yielded.

    >>> [event.data for event in iter_events([b"data: on", b"e\n\ndata: two\n\n"])]
    ['one', 'two']
    """
    return _drive(iter(chunks), Parser() if into is None else into)


def _drive(source: Iterator[Buffer], machine: Machine[T]) -> Generator[T, None, None]:
    spent = False
    try:
        while True:
            # Only the source is watched: an exception thrown in at a yield below is the caller's own.
            try:
                chunk = next(source)
            except StopIteration:
                spent = True
                break
            except Exception:
                spent = True
                yield from _last_values(machine)
                raise
            yield from machine.feed(chunk)
        yield from machine.close()
    finally:
        if not spent and hasattr(source, "close"):
            source.close()


@overload
def aiter_events(chunks: AsyncIterable[Buffer], into: None = None) -> AsyncGenerator[Event, None]: ...


@overload
def aiter_events(chunks: AsyncIterable[Buffer], into: Machine[T]) -> AsyncGenerator[T, None]: ...


def aiter_events(chunks: AsyncIterable[Buffer], into: Machine[Any] | None = None) -> AsyncGenerator[Any, None]:
    """`iter_events` for an asynchronous source, under asyncio, trio or anything else that awaits.

    Cancellation is no failure of the source: it propagates at once and nothing more is yielded. Leaving the loop
    closes the source with its ``aclose()`` when this generator is closed, as Python has it: at once under
    ``contextlib.aclosing``, otherwise when the event loop finalises it.

    Args:
        chunks: Byte chunks of any size, cut anywhere.
        into: The machine to drive, a fresh `Parser` by default. It is spent afterwards.

    Raises:
        SSEError: What the machine raises; the values complete before it have been yielded.
    """
    return _adrive(aiter(chunks), Parser() if into is None else into)


async def _adrive(source: AsyncIterator[Buffer], machine: Machine[T]) -> AsyncGenerator[T, None]:
    spent = False
    try:
        while True:
            try:
                chunk = await anext(source)
            except StopAsyncIteration:
                spent = True
                break
            except Exception:
                spent = True
                for value in _last_values(machine):
                    yield value
                raise
            for value in machine.feed(chunk):
                yield value
        for value in machine.close():
            yield value
    finally:
        if not spent and hasattr(source, "aclose"):
            await source.aclose()


def _last_values(machine: Machine[T]) -> list[T]:
    """What `close()` completes, when the source has failed.

    A limit that was passed earlier is not reported then: the source's exception is the one that goes through.
    """
    try:
        return machine.close()
    except SSEError:
        return []

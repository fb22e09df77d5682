"""Drive a machine over an iterable of byte chunks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Generator, Iterable, Iterator
from typing import Any, Protocol, TypeVar, overload

from sse_events.errors import MisuseError, SSEError
from sse_events.events import Event
from sse_events.parser import Parser

__all__ = ["Machine", "aiter_events", "iter_events"]

T = TypeVar("T")

_Buffer = bytes | bytearray | memoryview

# A response of an HTTP client has headers, and at least one of these: httpx has all but the third, requests has the
# last two, and aiohttp has the last one.
_BODY_ATTRIBUTES = ("iter_bytes", "aiter_bytes", "iter_content", "content")


class Machine(Protocol[T]):
    """Bytes in, values out: the interface of `Parser`, `WireParser` and `ChatStream`.

    Adapters, iterators and the command use nothing else, so your own class with these two methods works too. The
    library's own machines take any bytes-like object.
    """

    def feed(self, data: bytes, /) -> list[T]:
        """Return the values that `data` completed, in order."""

    def close(self) -> list[T]:
        """Return the values that the end of the stream completed; an empty list the second time."""


@overload
def iter_events(chunks: Iterable[_Buffer], into: None = None) -> Generator[Event, None, None]: ...


@overload
def iter_events(chunks: Iterable[bytes], into: Machine[T]) -> Generator[T, None, None]: ...


def iter_events(chunks: Iterable[Any], into: Machine[Any] | None = None) -> Generator[Any, None, None]:
    r"""Yield the values that a machine returns for `chunks`, each as soon as its last byte arrives.

    If the source raises, the values that the machine's ``close()`` returns are yielded first (for a chat stream its
    Done, with status truncated). Then the source's exception is raised unchanged. If the caller leaves the loop,
    nothing more is yielded, and the source is closed.

    Args:
        chunks: Byte chunks of any size, cut anywhere: a response's raw body, the blocks of a file. For a response
            object use the adapter of its client.
        into: The machine to drive, a new `Parser` by default. It cannot be used again afterwards.

    Raises:
        TypeError: At the call, `chunks` is not an iterable of chunks, or `into` is not a machine. Later, a chunk is not
            bytes-like.
        MisuseError: At the call, `into` is a chat stream that has already returned Done.
        SSEError: The machine raised it, after the values before it.

    >>> [event.data for event in iter_events([b"data: on", b"e\n\ndata: two\n\n"])]
    ['one', 'two']
    """
    _check_chunks(chunks, "iter_events", "__iter__", "__aiter__", "aiter_events")
    return _drive(iter(chunks), _machine(into))


def _drive(source: Iterator[bytes], machine: Machine[T]) -> Generator[T, None, None]:
    spent = False
    try:
        while True:
            # Only the source is inside the try: an exception that is thrown in at a yield below comes from the caller.
            try:
                chunk = next(source)
            except StopIteration:
                spent = True
                break
            except Exception:
                spent = True
                yield from _last_values(machine)
                raise
            yield from _feed(machine, chunk)
        yield from machine.close()
    finally:
        if not spent and hasattr(source, "close"):
            source.close()


@overload
def aiter_events(chunks: AsyncIterable[_Buffer], into: None = None) -> AsyncGenerator[Event, None]: ...


@overload
def aiter_events(chunks: AsyncIterable[bytes], into: Machine[T]) -> AsyncGenerator[T, None]: ...


def aiter_events(chunks: AsyncIterable[Any], into: Machine[Any] | None = None) -> AsyncGenerator[Any, None]:
    """`iter_events` for an asynchronous source, under asyncio, trio or any other event loop.

    Cancellation is not a failure of the source: it propagates at once, and nothing more is yielded. If the caller
    leaves the loop, the source's ``aclose()`` is awaited when Python closes this generator: at once under
    ``contextlib.aclosing``, otherwise when the event loop finalises it.

    Args:
        chunks: Byte chunks of any size, cut anywhere. For a response object use the adapter of its client.
        into: The machine to drive, a new `Parser` by default. It cannot be used again afterwards.

    Raises:
        TypeError: At the call, `chunks` is not an asynchronous iterable of chunks, or `into` is not a machine. Later, a
            chunk is not bytes-like.
        MisuseError: At the call, `into` is a chat stream that has already returned Done.
        SSEError: The machine raised it, after the values before it.
    """
    _check_chunks(chunks, "aiter_events", "__aiter__", "__iter__", "iter_events")
    return _adrive(aiter(chunks), _machine(into))


async def _adrive(source: AsyncIterator[bytes], machine: Machine[T]) -> AsyncGenerator[T, None]:
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
            for value in _feed(machine, chunk):
                yield value
        for value in machine.close():
            yield value
    finally:
        if not spent and hasattr(source, "aclose"):
            await source.aclose()


def _feed(machine: Machine[T], chunk: bytes) -> list[T]:
    try:
        return machine.feed(chunk)
    except TypeError as error:
        if isinstance(chunk, str):
            raise TypeError(
                "chunks must yield bytes, but yielded a str: open files with mode 'rb', read a response's bytes, or"
                " encode the text"
            ) from error
        if not isinstance(chunk, _Buffer):
            raise TypeError(f"chunks must yield bytes, but yielded {_kind(chunk)}") from error
        raise


def _last_values(machine: Machine[T]) -> list[T]:
    """The values that `close()` returns after the source has failed.

    If the machine has an error to raise, it is dropped: the source's exception is the one that the caller gets.
    """
    try:
        return machine.close()
    except SSEError:
        return []


def _machine(into: Any) -> Any:
    """`into`, if it is a machine that has not ended; a new `Parser` for None."""
    if into is None:
        return Parser()
    if isinstance(into, type):
        raise TypeError(f"into must be an instance, not a class: write into={into.__name__}()")
    if not hasattr(into, "feed") or not hasattr(into, "close"):
        raise TypeError(
            f"into must be a machine with feed() and close(), such as Parser() or ChatStream(), not {_kind(into)}"
        )
    if getattr(into, "done", False) is True:
        name = type(into).__name__
        raise MisuseError(f"into is a {name} that has already returned Done: use a new {name}() for each answer")
    return into


def _check_chunks(chunks: Any, function: str, wanted: str, other: str, other_function: str) -> None:
    """Raise a TypeError that says what to write if `chunks` is one of the things often passed by mistake."""
    if isinstance(chunks, _Buffer):
        raise TypeError(f"chunks must be an iterable of chunks, not {_kind(chunks)}: wrap it in a list, [data]")
    if isinstance(chunks, str):
        raise TypeError("chunks must be an iterable of bytes, not a str: encode it and wrap it in a list")
    kind = type(chunks)
    # Looked up in the class: on an instance, `content` would read the body.
    if hasattr(chunks, "headers") and any(hasattr(kind, name) for name in _BODY_ATTRIBUTES):
        raise TypeError(
            f"chunks must be an iterable of bytes, not {_kind(chunks)}: import {function} from the adapter of its"
            " client, sse_events.adapters.httpx, .aiohttp or .requests"
        )
    if hasattr(kind, wanted):
        return
    if hasattr(kind, other):
        raise TypeError(f"chunks must have {wanted}() here, but {_kind(chunks)} has {other}(): use {other_function}")
    remedy = f": write {function}(chunks, into=...)" if hasattr(kind, "feed") else ""
    raise TypeError(f"chunks must be an iterable of bytes, not {_kind(chunks)}{remedy}")


def _kind(value: Any) -> str:
    """The type of `value` with its article, for a message."""
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"

"""The steps of a reconnecting source, without I/O.

`steps` is the whole logic, one text for blocking and asynchronous sources: a generator that yields what is to be done
next, and is sent the result. The two classes of `source.py` carry the steps out.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Generator
from typing import Any, TypeAlias

from msgspec import Struct

from sse_events.adapters.headers import retry_after
from sse_events.adapters.response import FirstBytes, Head
from sse_events.errors import StreamInterrupted
from sse_events.events import Event
from sse_events.parser import Parser
from sse_events.reconnect import Reconnection, State

__all__ = ["Connect", "Do", "Lost", "Sleep", "steps"]


class Connect(Struct, frozen=True):
    """Send the request. The answer is the response's Head, or Lost."""

    url: str
    headers: dict[str, str]
    redirected: bool


class Sleep(Struct, frozen=True):
    """Wait. The answer is None."""

    seconds: float


class Do(enum.Enum):
    """Steps without data."""

    READ = "read; the answer is the next chunk, or Lost"
    HANG_UP = "close the response; the answer is None"


class Lost(Struct, frozen=True):
    """The connection failed, or the response ended.

    This is not a tuple, because CPython's ``anext()`` raises SystemError if its default is one.
    """

    cause: Exception | None


_Step: TypeAlias = Connect | Sleep | Do | Event


def steps(
    url: str,
    reconnection: Reconnection,
    *,
    max_event_bytes: int | None,
    clock: Callable[[], float],
    random: Callable[[], float],
    wall_clock: Callable[[], float],
) -> Generator[_Step, Any, None]:
    """Yields the next step. The caller carries it out and sends the result back. An Event is delivered to the user.

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
                reconnection.refused(
                    answer.status, retry_after=retry_after(answer.headers, wall_clock()), random=random()
                )
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
            raise answer.error(refusal, (yield from _first_bytes()))
        yield Do.HANG_UP
        yield Sleep(reconnection.wait)
        reconnection.elapsed()


def _deliver(reconnection: Reconnection, max_event_bytes: int | None) -> Generator[_Step, Any, Lost]:
    """Read the stream to its end, and deliver its events."""
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


def _first_bytes() -> Generator[_Step, Any, bytes]:
    """Read the first 64 KiB of a body, or what arrives before it ends or fails."""
    body = FirstBytes()
    while not isinstance(answer := (yield Do.READ), Lost) and not body.add(answer):
        pass
    return bytes(body)

"""The steps of a reconnecting source, without I/O.

`steps` is a generator that holds the whole logic, for blocking and asynchronous sources alike. It yields what to do
next, and is sent the result. `blocking.py` and `asynchronous.py` carry out the steps.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Generator, Mapping
from typing import Any, TypeAlias

from msgspec import Struct

from sse_events.adapters.headers import request_headers, retry_after
from sse_events.adapters.response import FirstBytes, Head, without_secrets
from sse_events.errors import StreamInterrupted
from sse_events.events import Event
from sse_events.reconnect import Change, Reconnection, State

__all__ = ["Connect", "Do", "Lost", "Plan", "Sleep", "Step", "steps"]


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

    ASK_HEADERS = "the answer is the caller's headers for the next request, or Lost"
    READ = "the answer is the next chunk, or Lost"
    HANG_UP = "close the response; the answer is None"


class Lost(Struct, frozen=True):
    """The connection failed, or the response ended.

    This is not a tuple, because CPython's ``anext()`` raises SystemError if its default is one.

    Attributes:
        cause: The client's own exception, None if the response ended.
        final: Whether it would fail again: the address or the redirect cannot be used.
    """

    cause: Exception | None
    final: bool = False


Step: TypeAlias = Connect | Sleep | Do


class Plan(Struct, frozen=True, kw_only=True):
    """What a source was asked to do, with the clocks and the random numbers that it needs.

    Attributes:
        method: The request's method.
        url: The first address. A redirect that the client followed replaces it.
        once: Whether the request must not be repeated.
        check: Whether to look at more than the status of a response.
        parser: Makes the parser of a connection, from ``last_event_id`` and ``max_event_bytes``.
        max_event_bytes: As of `Parser`.
        on_change: Called with each Change except the last one, to CLOSED.
        clock: Seconds that only go forward, for the time that a connection stays up.
        random: Random numbers from 0 to 1, for the jitter.
        wall_clock: Unix timestamps, for a Retry-After with a date.
    """

    method: str
    url: str
    once: bool
    check: bool
    parser: Callable[..., Any]
    max_event_bytes: int | None
    on_change: Callable[[Change], None]
    clock: Callable[[], float]
    random: Callable[[], float]
    wall_clock: Callable[[], float]


def steps(plan: Plan, reconnection: Reconnection) -> Generator[Any, Any, None]:
    """Yields the next step. The caller carries it out and sends the result back. Other values are the user's.

    Args:
        plan: What to do.
        reconnection: The machine that says when to connect again. Its state is CLOSED at the end, or when stopped.

    Raises:
        ResponseError: The server refused for good.
        StreamInterrupted: The connection was lost, and the policy gave up.
        SSEError: The parser's own, such as EventTooLarge.
    """
    address = plan.url
    while True:
        attempt = reconnection.failures + 1
        plan.on_change(Change(State.CONNECTING, 0.0, attempt, None))
        given: Mapping[str, str] | Lost | None = yield Do.ASK_HEADERS
        if isinstance(given, Lost):
            answer: Head | Lost = given
        else:
            headers = request_headers(given, _own_headers(plan, address, reconnection))
            answer = yield Connect(address, headers, redirected=address is not plan.url)
        refusal = ""
        if isinstance(answer, Head):
            address = answer.moved_to or address
            refusal = answer.refusal(check=plan.check)
            if not refusal:
                reconnection.accepted(plan.clock())
                plan.on_change(Change(State.OPEN, 0.0, attempt, None))
                answer = yield from _deliver(plan, reconnection)
        if isinstance(answer, Head):
            _report_refusal(plan, reconnection, answer)
            if reconnection.finished:
                return
            if plan.once or reconnection.state is State.CLOSED:
                if answer.status in reconnection.policy.retry_statuses and reconnection.reason:
                    refusal += f", and {reconnection.reason}"  # other statuses are final by themselves
                raise answer.error(refusal, b"" if answer.undecoded else (yield from _first_bytes()))
            cause: Exception | None = answer.error(refusal, b"")
        else:
            reconnection.lost(now=plan.clock(), random=plan.random())
            if plan.once or answer.final or reconnection.state is State.CLOSED:
                raise _interrupted(plan, address, _why_given_up(plan, reconnection, answer), reconnection, answer.cause)
            cause = answer.cause
        plan.on_change(Change(State.WAITING, reconnection.wait, reconnection.failures, cause))
        yield Do.HANG_UP
        yield Sleep(reconnection.wait)
        reconnection.elapsed()


def _own_headers(plan: Plan, address: str, reconnection: Reconnection) -> dict[str, str]:
    try:
        return reconnection.headers()
    except StreamInterrupted as unsendable:
        raise _interrupted(plan, address, str(unsendable), reconnection, None) from None


def _deliver(plan: Plan, reconnection: Reconnection) -> Generator[Any, Any, Lost]:
    """Read the stream to its end, and deliver its values."""
    # "If the file ends in the middle of an event, before the final empty line, the incomplete event is not dispatched":
    # each connection has a new parser, which gets only the ID of the one before it.
    parser = plan.parser(last_event_id=reconnection.last_event_id, max_event_bytes=plan.max_event_bytes)
    while True:
        answer: bytes | Lost = yield Do.READ
        if isinstance(answer, Lost):
            parser.close()  # raises an error that `feed` has kept for its next call: the same event would fail again
            return answer
        for value in parser.feed(answer):
            # One by one: a caller who leaves here resumes after this event, not after the chunk's last.
            if isinstance(value, Event):
                reconnection.received(last_event_id=value.id, retry=value.retry, delivered=True)
            yield value
        reconnection.received(last_event_id=parser.last_event_id, retry=parser.retry, delivered=False)


def _first_bytes() -> Generator[Step, Any, bytes]:
    """Read the first 64 KiB of a body, or what arrives before it ends or fails."""
    body = FirstBytes()
    while not isinstance(answer := (yield Do.READ), Lost) and not body.add(answer):
        pass
    return bytes(body)


def _report_refusal(plan: Plan, reconnection: Reconnection, head: Head) -> None:
    if head.status == 200:
        reconnection.wrong_content_type()
    else:
        wait = retry_after(head.headers, plan.wall_clock())
        reconnection.refused(head.status, retry_after=wait, random=plan.random())


def _why_given_up(plan: Plan, reconnection: Reconnection, lost: Lost) -> str:
    if lost.final:
        return "the address, or where it redirects to, cannot be used"
    what = "the response ended" if lost.cause is None else "the connection failed"
    if plan.once:
        return f"{what}, and a {plan.method} is sent once, because repeating it may cost money; replay=True repeats it"
    return f"{what}, and {reconnection.reason}"


def _interrupted(
    plan: Plan, address: str, reason: str, reconnection: Reconnection, cause: Exception | None
) -> StreamInterrupted:
    """The error with the request, the reason, the attempts and the last cause, without the secrets of a URL."""
    attempts = max(reconnection.failures, 1)
    story = f"{plan.method} {without_secrets(address)}: {reason} (attempts in a row: {attempts})"
    if cause is not None:
        story += f"; the last cause: {type(cause).__name__}: {without_secrets(str(cause))}"
    return StreamInterrupted(story, last_event_id=reconnection.last_event_id, cause=cause)

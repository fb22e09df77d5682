"""When to connect again: a transition table and a machine, without a clock.

`Reconnect` is the policy, a value that sources can share. `Reconnection` is the machine of one source: it is told what
happened, and says how long to wait and which headers the next request carries. `TRANSITIONS` lists every transition.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html, "Processing model". The standard leaves the
waits to the client ("user agents might introduce an exponential backoff delay to avoid overloading a potentially
already overloaded server"), and gives up at every status except 200. This machine also waits for a server that says
"not now".
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

import msgspec

from sse_events.errors import MisuseError, StreamInterrupted
from sse_events.events import MAX_RETRY_MS
from sse_events.mistakes import check_type
from sse_events.policy import Reconnect, backoff

__all__ = ["TRANSITIONS", "Change", "Reconnect", "Reconnection", "State", "backoff"]


class State(str, enum.Enum):
    """The state of a Reconnection. Each member is also text: ``State.OPEN == "open"``."""

    CONNECTING = "connecting"
    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"

    __str__ = str.__str__  # the same text in an f-string on every Python


class Change(msgspec.Struct, frozen=True):
    """What a source reports when its state changes.

    Attributes:
        state: The new state.
        delay: In WAITING, the seconds until the next attempt; 0.0 otherwise.
        attempt: The number of the connection attempt: 1 for the first, and 1 again after a success.
        cause: In WAITING and CLOSED, the reason: the client's own exception, or a ResponseError. None if the stream
            ended, or if the source was closed.

    >>> change = Change(State.WAITING, 3.0, 1, ConnectionError("reset"))
    >>> f"attempt {change.attempt}: {change.state} for {change.delay} s, because of {change.cause!r}"
    "attempt 1: waiting for 3.0 s, because of ConnectionError('reset')"
    """

    state: State
    delay: float
    attempt: int
    cause: Exception | None


_Happening: TypeAlias = Literal[
    "accepted", "refused", "wrong_content_type", "received", "lost", "elapsed", "stopped"
]  # the names of Reconnection's methods

# Every transition. Where a happening can lead to two states, the policy decides: the second means giving up.
TRANSITIONS: Mapping[tuple[State, _Happening], tuple[State, ...]] = MappingProxyType(
    {
        (State.CONNECTING, "accepted"): (State.OPEN,),
        (State.CONNECTING, "refused"): (State.WAITING, State.CLOSED),
        (State.CONNECTING, "wrong_content_type"): (State.CLOSED,),
        (State.CONNECTING, "lost"): (State.WAITING, State.CLOSED),
        (State.CONNECTING, "stopped"): (State.CLOSED,),
        (State.OPEN, "received"): (State.OPEN,),
        (State.OPEN, "lost"): (State.WAITING, State.CLOSED),
        (State.OPEN, "stopped"): (State.CLOSED,),
        (State.WAITING, "elapsed"): (State.CONNECTING,),
        (State.WAITING, "stopped"): (State.CLOSED,),
        (State.CLOSED, "stopped"): (State.CLOSED,),
    }
)

# What a header value cannot carry: control characters except the tab, blanks at its ends (they do not belong to the
# value, RFC 9110, section 5.5), and lone surrogates, which UTF-8 cannot encode.
_UNSENDABLE = re.compile("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]|^[ \t]|[ \t]\\Z")


class Reconnection:
    """The state of one source: connecting, reading, waiting to connect again, or closed.

    Its methods are named after what happened, and change its state as `TRANSITIONS` says. It does nothing by itself:
    its driver connects, waits `wait` seconds, and reports.

    Args:
        policy: The policy, ``Reconnect()`` by default.
        last_event_id: The first request resumes after this ID, ``""`` to start with none.
        retry: The reconnection time in ms that the server set earlier, such as before a restart.

    Attributes:
        policy: As given.
        state: CONNECTING at first.
        last_event_id: The id that the next request carries.
        retry: The reconnection time that the server set, in ms; it outlives the connection. None until then.
        failures: The failures in a row.
        wait: In WAITING, the seconds to wait before `elapsed()` is due.
        reason: Why it is closed; ``""`` if it is not, or if the caller stopped it.
        finished: Whether the server ended the stream for good, with a 204. This is not a failure.

    Raises:
        TypeError: An argument has the wrong type, also of a method. Nothing changes then.
        ValueError: `retry` is negative or more than 2**63-1; a method's `random` is not from 0 to 1.
        MisuseError: A method reports something that cannot happen in this state. Nothing changes then.

    >>> reconnection = Reconnection(last_event_id="41")
    >>> reconnection.accepted(now=0.0)
    >>> reconnection.received(last_event_id="42", delivered=True)
    >>> reconnection.lost(now=5.0, random=0.0)
    >>> reconnection.state, reconnection.wait
    (<State.WAITING: 'waiting'>, 3.0)
    >>> reconnection.elapsed()
    >>> reconnection.headers()["Last-Event-ID"]
    '42'
    """

    __slots__ = ("_opened_at", "failures", "finished", "last_event_id", "policy", "reason", "retry", "state", "wait")

    def __init__(self, policy: Reconnect | None = None, last_event_id: str = "", *, retry: int | None = None) -> None:
        remedy = f"write Reconnection(last_event_id={policy!r})" if isinstance(policy, str) else ""
        check_type("the policy", policy, Reconnect | None, "a Reconnect, such as Reconnect()", remedy)
        _check_stream(last_event_id, retry)
        self.policy: Reconnect = Reconnect() if policy is None else policy
        self.state: State = State.CONNECTING
        self.last_event_id: str = last_event_id
        self.retry = retry
        self.failures: int = 0
        self.wait: float = 0.0
        self.reason: str = ""
        self.finished: bool = False
        self._opened_at = 0.0

    def headers(self) -> dict[str, str]:
        """The headers of the next request, to be sent in UTF-8.

        Raises:
            StreamInterrupted: A header cannot carry the last event ID, so the request would resume at the wrong place.
        """
        if _UNSENDABLE.search(self.last_event_id):
            raise StreamInterrupted(_unsendable(self.last_event_id), last_event_id=self.last_event_id)
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        if self.last_event_id:
            headers["Last-Event-ID"] = self.last_event_id
        return headers

    def accepted(self, now: float) -> None:
        """The response is an event stream.

        Args:
            now: A monotonic clock's seconds.
        """
        check_type("now", now, int | float, "a number of seconds", "pass time.monotonic()")
        self._move("accepted")
        self._opened_at = now

    def refused(self, status: int, *, retry_after: float | None = None, random: float) -> None:
        """The response has a status other than 200. A 204 ends the source normally; it is not a failure.

        Args:
            status: The HTTP status.
            retry_after: The seconds that the Retry-After header asks for, None without one.
            random: A random number from 0 to 1, for the jitter.
        """
        self._check("refused")
        check_type("status", status, int, "an int")
        check_type("retry_after", retry_after, int | float | None, "a number of seconds, or None")
        _check_random(random)
        if status == 204:
            self._move("refused", give_up="the server has no more events (204)")
            self.finished = True
        elif status not in self.policy.retry_statuses:
            self._move("refused", give_up=f"status {status} is final")
        elif retry_after is not None and retry_after > self.policy.max_retry_after:
            self._move("refused", give_up=f"the server asked for {retry_after:.0f} s without requests")
        else:
            self._fail("refused", retry_after or 0.0, random)

    def wrong_content_type(self) -> None:
        """The response has status 200, but is not an event stream."""
        self._move("wrong_content_type", give_up="the response is not an event stream")

    def received(self, *, last_event_id: str, retry: int | None = None, delivered: bool) -> None:
        """Data arrived.

        Args:
            last_event_id: The last event ID now.
            retry: The reconnection time that this connection set, None if it set none.
            delivered: Whether it completed an event. The connection is a success then.
        """
        self._check("received")
        _check_stream(last_event_id, retry)
        self._move("received")
        self.last_event_id = last_event_id
        if retry is not None:
            self.retry = retry
        if delivered:
            self.failures = 0

    def lost(self, *, now: float, random: float) -> None:
        """The connection failed or ended, before its headers or after.

        Args:
            now: A monotonic clock's seconds.
            random: A random number from 0 to 1, for the jitter.
        """
        self._check("lost")
        check_type("now", now, int | float, "a number of seconds", "pass time.monotonic()")
        _check_random(random)
        if self.state is State.OPEN and now - self._opened_at >= self.policy.stable_after:
            self.failures = 0
        if _UNSENDABLE.search(self.last_event_id):
            self._move("lost", give_up=_unsendable(self.last_event_id))
        else:
            self._fail("lost", 0.0, random)

    def elapsed(self) -> None:
        """The wait is over."""
        self._move("elapsed")

    def stopped(self) -> None:
        """The caller stops the source. A second call does nothing."""
        self._move("stopped")

    def _fail(self, happening: _Happening, retry_after: float, random: float) -> None:
        self.failures += 1
        if self.failures == self.policy.max_attempts:
            self._move(happening, give_up=f"max_attempts={self.policy.max_attempts} is reached")
            return
        self._move(happening)
        self.wait = backoff(
            self.policy, failures=self.failures, retry=self.retry, retry_after=retry_after, random=random
        )

    def _check(self, happening: _Happening) -> tuple[State, ...]:
        targets = TRANSITIONS.get((self.state, happening))
        if targets is None:
            raise MisuseError(f"{happening}() cannot happen when {self.state.name}")
        return targets

    def _move(self, happening: _Happening, give_up: str = "") -> None:
        self.state = self._check(happening)[-1 if give_up else 0]
        if give_up:
            self.reason = give_up


def _check_stream(last_event_id: object, retry: object) -> None:
    check_type("last_event_id", last_event_id, str, "a str")
    check_type("retry", retry, int | None, "an int (milliseconds) or None")
    if isinstance(retry, int) and not 0 <= retry <= MAX_RETRY_MS:
        raise ValueError(f"retry must be from 0 to 2**63-1 milliseconds, but is {retry!r}")


def _check_random(random: float) -> None:
    check_type("random", random, int | float, "a number from 0 to 1", "pass random.random()")
    if not 0 <= random <= 1:
        raise ValueError(f"random must be from 0 to 1, but is {random!r}: pass random.random()")


def _unsendable(last_event_id: str) -> str:
    return f"a header cannot carry the last event ID {last_event_id!r}"

"""When and how to connect again: a transition table and a pure backoff, without a clock.

`Reconnect` is the policy, a value that sources can share. `Reconnection` is one source's machine: it is told what
happened, and says how long to wait and which headers the next request carries. `TRANSITIONS` is all that can happen.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html, "Processing model". It leaves the waits to the
client ("user agents might introduce an exponential backoff delay to avoid overloading a potentially already overloaded
server"), and fails for good at every other status; this machine also waits for a server that says "not now".
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

import msgspec

from sse_events.errors import MisuseError, StreamInterrupted

__all__ = ["TRANSITIONS", "Reconnect", "Reconnection", "State", "backoff"]


class Reconnect(msgspec.Struct, frozen=True, kw_only=True):
    """The policy: how long to wait, what to wait for, when to give up. Times are seconds.

    Attributes:
        initial_delay: The base delay until the server sends a ``retry``, which then is the base.
        min_delay: The base is never less, whatever the server says: a ``retry: 0`` would be a storm.
        max_delay: Doubling stops here, or at the base if that is more.
        factor: What each failure in a row multiplies the delay by.
        jitter: The part of the delay that is added at random at most, so that clients do not come back in step.
        stable_after: A connection that stayed up for this long counts as a success, as one that delivered an event
            does.
        max_retry_after: The longest Retry-After that is waited for; a longer one is a refusal.
        max_attempts: How many connections in a row may fail before giving up; None for no limit. A connection that
            was a success and then ended counts as the first.
        retry_statuses: The statuses that mean "not now". Every other one but 200 is final.

    Raises:
        ValueError: A time or the jitter is negative, the factor less than 1, or `max_attempts` less than 1.

    >>> Reconnect(max_attempts=5).max_delay
    30.0
    """

    initial_delay: float = 3.0  # what the standard calls "probably in the region of a few seconds"; Chromium's value
    min_delay: float = 0.1
    max_delay: float = 30.0
    factor: float = 2.0
    jitter: float = 0.25
    stable_after: float = 60.0
    max_retry_after: float = 3600.0
    max_attempts: int | None = None
    retry_statuses: frozenset[int] = frozenset({429, 500, 502, 503, 504})

    def __post_init__(self) -> None:
        for name in ("initial_delay", "min_delay", "max_delay", "jitter", "stable_after", "max_retry_after"):
            if not getattr(self, name) >= 0:  # so that NaN fails too
                raise ValueError(f"{name} must not be negative, but is {getattr(self, name)!r}")
        if not self.factor >= 1:
            raise ValueError(f"factor must be at least 1, but is {self.factor!r}")
        if self.max_attempts is not None and self.max_attempts < 1:
            raise ValueError(f"max_attempts must be at least 1, but is {self.max_attempts!r}")


def backoff(
    policy: Reconnect, *, failures: int, retry: int | None = None, retry_after: float = 0.0, random: float = 0.0
) -> float:
    """Seconds to wait before the next attempt.

    Args:
        policy: The numbers.
        failures: The failures in a row, this one included: at least 1.
        retry: The reconnection time that the server set, in ms.
        retry_after: What a refusal asked for, in seconds; the wait is never shorter.
        random: A random number from 0 to 1, the part of the jitter to add.

    >>> [backoff(Reconnect(), failures=n) for n in (1, 2, 3, 4, 5)]
    [3.0, 6.0, 12.0, 24.0, 30.0]
    >>> backoff(Reconnect(), failures=1, retry=0, random=1.0)
    0.125
    """
    base = max(policy.min_delay, policy.initial_delay if retry is None else retry / 1000)
    try:
        wait = base * policy.factor ** (failures - 1)
    except OverflowError:
        wait = policy.max_delay
    wait = max(min(wait, policy.max_delay), base, retry_after)
    return wait + wait * policy.jitter * random


class State(enum.Enum):
    """Where a Reconnection stands."""

    CONNECTING = enum.auto()
    OPEN = enum.auto()
    WAITING = enum.auto()
    CLOSED = enum.auto()


_Happening: TypeAlias = Literal[
    "accepted", "refused", "wrong_content_type", "received", "lost", "elapsed", "stopped"
]  # the names of Reconnection's methods

# Every transition there is. Where a happening can lead to two states, the policy decides: the second is giving up.
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

# What a header value cannot carry: control characters but the tab, blanks at its ends (they are no part of the value,
# RFC 9110, section 5.5), and lone surrogates, which have no UTF-8.
_UNSENDABLE = re.compile("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]|^[ \t]|[ \t]\\Z")


class Reconnection:
    """One source's way through connecting, reading, losing the connection and waiting.

    Its methods are named after what happened, and change its state as `TRANSITIONS` says. It does nothing by itself:
    whoever drives it connects, waits `wait` seconds, and reports.

    Args:
        policy: The policy, ``Reconnect()`` by default.
        last_event_id: What the first request resumes after, ``""`` to start with no id.

    Attributes:
        policy: As given.
        state: CONNECTING at first.
        last_event_id: The id that the next request carries.
        retry: The reconnection time that the server set, in ms; it outlives the connection. None until then.
        failures: The failures in a row.
        wait: In WAITING, the seconds to wait before `elapsed()` is due.
        reason: Why it gave up, ``""`` if it did not.

    Raises:
        MisuseError: By every method that reports what cannot happen in this state; nothing changes then.

    >>> reconnection = Reconnection(last_event_id="41")
    >>> reconnection.accepted(now=0.0)
    >>> reconnection.received(last_event_id="42", delivered=True)
    >>> reconnection.lost(now=5.0, random=0.0)
    >>> reconnection.state, reconnection.wait
    (<State.WAITING: 3>, 3.0)
    >>> reconnection.elapsed()
    >>> reconnection.headers()["Last-Event-ID"]
    '42'
    """

    __slots__ = ("_opened_at", "failures", "last_event_id", "policy", "reason", "retry", "state", "wait")

    def __init__(self, policy: Reconnect | None = None, last_event_id: str = "") -> None:
        self.policy = Reconnect() if policy is None else policy
        self.state = State.CONNECTING
        self.last_event_id = last_event_id
        self.retry: int | None = None
        self.failures = 0
        self.wait = 0.0
        self.reason = ""
        self._opened_at = 0.0

    def headers(self) -> dict[str, str]:
        """The headers of the next request, to be sent in UTF-8.

        Raises:
            StreamInterrupted: No header can carry the last event ID, so the request would resume at the wrong place.
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
        self._move("accepted")
        self._opened_at = now

    def refused(self, status: int, *, retry_after: float | None = None, random: float) -> None:
        """The response has a status other than 200. A 204 ends the source as it should be; it is no failure.

        Args:
            status: The HTTP status.
            retry_after: The seconds that the Retry-After header asks for, None without one.
            random: A random number from 0 to 1, for the jitter.
        """
        self._check("refused")
        if status == 204:
            self._move("refused", give_up="the server said that there is no more (204)")
        elif status not in self.policy.retry_statuses:
            self._move("refused", give_up=f"status {status} is final")
        elif retry_after is not None and retry_after > self.policy.max_retry_after:
            self._move("refused", give_up=f"the server asked for {retry_after:.0f} s without requests")
        else:
            self._fail("refused", retry_after or 0.0, random)

    def wrong_content_type(self) -> None:
        """The response has status 200, but is no event stream."""
        self._move("wrong_content_type", give_up="the response is not an event stream")

    def received(self, *, last_event_id: str, retry: int | None = None, delivered: bool) -> None:
        """The stream went on.

        Args:
            last_event_id: The last event ID by now.
            retry: The reconnection time that this connection set, None if it set none.
            delivered: Whether an event came of it: the connection was a success then.
        """
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
        """The caller has had enough. Twice is harmless."""
        self._move("stopped")

    def _fail(self, happening: _Happening, retry_after: float, random: float) -> None:
        self.failures += 1
        if self.failures == self.policy.max_attempts:
            self._move(happening, give_up="the connection ended or failed, and no attempt is left")
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


def _unsendable(last_event_id: str) -> str:
    return f"no header can carry the last event ID {last_event_id!r}"

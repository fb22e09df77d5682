"""The reconnection policy: how long to wait, and when to give up.

The standard leaves the waits to the client: "user agents might introduce an exponential backoff delay to avoid
overloading a potentially already overloaded server"
(https://html.spec.whatwg.org/multipage/server-sent-events.html, "Processing model").
"""

from __future__ import annotations

import math

import msgspec

from sse_events.mistakes import check_type, wrong_type

__all__ = ["Reconnect", "backoff"]


class Reconnect(msgspec.Struct, frozen=True, kw_only=True):
    """The policy: how long to wait, what to wait for, when to give up. Times are seconds.

    Attributes:
        initial_delay: The base delay until the server sends a ``retry``, which then is the base.
        min_delay: The base is never less, whatever the server says: a ``retry: 0`` would cause a storm of requests.
        max_delay: Doubling stops here, or at the base if that is more.
        factor: Each failure in a row multiplies the delay by this number.
        jitter: At most this part of the delay is added at random, so that clients do not come back at the same time.
        stable_after: A connection that stayed up for this long counts as a success, like one that delivered an event.
            It may be infinite.
        max_retry_after: The longest Retry-After that is obeyed. A longer one counts as a refusal.
        max_attempts: How many connections in a row may fail before giving up; None for no limit. When a successful
            connection ends, that counts as the first failure.
        retry_statuses: The statuses that mean "not now". Every other status except 200 is final.

    Raises:
        TypeError: A field has the wrong type.
        ValueError: A time or the jitter is negative or not finite, the factor less than 1, or `max_attempts` less than
            1.

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
        for name in ("initial_delay", "min_delay", "max_delay", "factor", "jitter", "stable_after", "max_retry_after"):
            value = getattr(self, name)
            check_type(name, value, int | float, "a number")
            least = 1 if name == "factor" else 0
            if not value >= least:  # so that NaN fails too
                raise ValueError(f"{name} must be at least {least}, but is {value!r}")
            # An infinite delay and no jitter make a wait that is not a number.
            if value == math.inf and name != "stable_after":
                raise ValueError(f"{name} must be finite, but is {value!r}")
        check_type("max_attempts", self.max_attempts, int | None, "an int or None")
        if self.max_attempts is not None and self.max_attempts < 1:
            raise ValueError(f"max_attempts must be at least 1, but is {self.max_attempts!r}")
        statuses = self.retry_statuses
        if not isinstance(statuses, frozenset) or not all(isinstance(status, int) for status in statuses):
            raise wrong_type("retry_statuses", statuses, "a frozenset of ints, such as frozenset({503})")


def backoff(
    policy: Reconnect, *, failures: int, retry: int | None = None, retry_after: float = 0.0, random: float = 0.0
) -> float:
    """Seconds to wait before the next attempt.

    Args:
        policy: The numbers.
        failures: The failures in a row, this one included: at least 1.
        retry: The reconnection time that the server set, in ms.
        retry_after: The seconds that a refusal asked for. The wait is never shorter.
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
    return wait * (1 + policy.jitter * random)

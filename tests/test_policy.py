"""The reconnection policy: its numbers, and the backoff."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sse_events.policy import Reconnect, backoff

BACKOFF = [
    # failures, retry in ms, retry_after, random -> seconds
    (1, None, 0.0, 0.0, 3.0),
    (2, None, 0.0, 0.0, 6.0),
    (4, None, 0.0, 0.0, 24.0),
    (5, None, 0.0, 0.0, 30.0),
    (10_000, None, 0.0, 0.0, 30.0),
    (1, 0, 0.0, 0.0, 0.1),
    (2, 0, 0.0, 0.0, 0.2),
    (1, 99, 0.0, 0.0, 0.1),
    (1, 500, 0.0, 0.0, 0.5),
    (3, 500, 0.0, 0.0, 2.0),
    (1, 45_000, 0.0, 0.0, 45.0),
    (9, 45_000, 0.0, 0.0, 45.0),
    (9, 2**63 - 1, 0.0, 0.0, (2**63 - 1) / 1000),
    (1, None, 7.0, 0.0, 7.0),
    (1, None, 1.0, 0.0, 3.0),
    (1, None, 3600.0, 0.0, 3600.0),
    (1, None, 0.0, 0.5, 3.375),
    (9, None, 0.0, 1.0, 37.5),
    (1, None, 8.0, 1.0, 10.0),
]


class TestBackoff:
    @pytest.mark.parametrize(("failures", "retry", "retry_after", "random", "seconds"), BACKOFF)
    def test_defaults(
        self, failures: int, retry: int | None, retry_after: float, random: float, seconds: float
    ) -> None:
        wait = backoff(Reconnect(), failures=failures, retry=retry, retry_after=retry_after, random=random)
        assert wait == pytest.approx(seconds)

    def test_all_numbers_are_fields(self) -> None:
        policy = Reconnect(initial_delay=1.0, min_delay=0.5, max_delay=5.0, factor=3.0, jitter=1.0)
        assert [backoff(policy, failures=n) for n in (1, 2, 3)] == [1.0, 3.0, 5.0]
        assert backoff(policy, failures=1, retry=0) == 0.5
        assert backoff(policy, failures=1, random=0.5) == 1.5

    def test_a_factor_of_one_never_grows(self) -> None:
        assert backoff(Reconnect(factor=1.0), failures=500) == 3.0

    @given(
        failures=st.integers(1, 5000),
        retry=st.none() | st.integers(0, 2**63 - 1),
        retry_after=st.floats(0, 3600),
        random=st.floats(0, 1),
    )
    def test_bounds(self, failures: int, retry: int | None, retry_after: float, random: float) -> None:
        """The wait is at least 0.1 s and what the server asks for, and at most the limit plus the jitter."""
        wait = backoff(Reconnect(), failures=failures, retry=retry, retry_after=retry_after, random=random)
        least = max(0.1, 3.0 if retry is None else retry / 1000, retry_after)
        assert least <= wait <= max(least, 30.0) * 1.25

    @given(failures=st.integers(1, 100), retry=st.none() | st.integers(0, 100_000))
    def test_grows_with_every_failure(self, failures: int, retry: int | None) -> None:
        assert backoff(Reconnect(), failures=failures, retry=retry) <= backoff(
            Reconnect(), failures=failures + 1, retry=retry
        )


INFINITY = float("inf")
BAD_POLICIES: list[dict[str, float]] = [
    {"initial_delay": -1.0},
    {"min_delay": -0.1},
    {"max_delay": -1.0},
    {"jitter": -0.1},
    {"stable_after": -1.0},
    {"max_retry_after": float("nan")},
    {"factor": 0.5},
    {"factor": float("nan")},
    {"max_attempts": 0},
    *[{name: INFINITY} for name in ("initial_delay", "min_delay", "max_delay", "factor", "jitter", "max_retry_after")],
]


@pytest.mark.parametrize("fields", BAD_POLICIES, ids=repr)
def test_policies_that_make_no_sense_are_refused(fields: dict[str, float]) -> None:
    (name,) = fields
    with pytest.raises(ValueError, match=name):
        msgspec.structs.replace(Reconnect(), **fields)


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"max_attempts": "3"}, "max_attempts must be an int or None, not str"),
    ({"max_attempts": 3.0}, "max_attempts must be an int or None, not 3.0"),
    ({"max_attempts": True}, "max_attempts must be an int or None, not True"),
    ({"initial_delay": "1"}, "initial_delay must be a number, not str"),
    ({"jitter": None}, "jitter must be a number, not None"),
    ({"factor": True}, "factor must be a number, not True"),
    ({"retry_statuses": {503}}, "a frozenset of ints, such as frozenset({503}), not set"),
    ({"retry_statuses": frozenset({"503"})}, "retry_statuses must be a frozenset of ints"),
]


@pytest.mark.parametrize(("fields", "message"), MISTAKES, ids=[repr(fields) for fields, _ in MISTAKES])
def test_wrong_types_are_named(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        Reconnect(**fields)


def test_a_connection_may_never_count_as_stable() -> None:
    assert Reconnect(stable_after=INFINITY).stable_after == INFINITY


@given(
    delay=st.floats(0, 1.7e308), factor=st.floats(1, 1.7e308), jitter=st.floats(0, 1.7e308), failures=st.integers(1, 9)
)
def test_every_wait_is_a_number(delay: float, factor: float, jitter: float, failures: int) -> None:
    policy = Reconnect(initial_delay=delay, factor=factor, jitter=jitter)
    assert backoff(policy, failures=failures) >= policy.min_delay


def test_policies_are_values() -> None:
    assert Reconnect() == Reconnect()
    assert hash(Reconnect()) == hash(Reconnect())
    with pytest.raises(AttributeError):
        Reconnect().max_delay = 1.0  # type: ignore[misc]

"""A pytest fixture; load it with ``pytest_plugins = ["sse_events.testing.plugin"]`` in the top conftest.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import pytest

from sse_events.testing.provider import FakeProvider, TurnLike


class MakeProvider(Protocol):
    """Makes the providers of a test."""

    def __call__(self, *turns: TurnLike) -> FakeProvider:
        """A provider with these turns, whose delays take no time."""


@pytest.fixture
def fake_provider() -> Iterator[MakeProvider]:
    """Makes `FakeProvider` objects: ``fake_provider("It rains.")``.

    Their delays take no time. A turn that is left over at the end of the test is an error.
    """
    made: list[FakeProvider] = []

    def make(*turns: TurnLike) -> FakeProvider:
        provider = FakeProvider(turns, sleep=_no_time, asleep=_no_time_either)
        made.append(provider)
        return provider

    yield make
    for provider in made:
        provider.assert_all_played()


def _no_time(seconds: float) -> None:
    """A delay that takes no time."""


async def _no_time_either(seconds: float) -> None:
    """A delay that takes no time."""

"""How much the slow tests do: a sample at every run, and as much as SSE_EVENTS_EXAMPLES says when it is set."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def examples(usual: int) -> int:
    """How many examples a test takes: `usual`, unless the environment says otherwise."""
    return int(os.environ.get("SSE_EVENTS_EXAMPLES", usual))


def spread(items: Sequence[T], usual: int) -> list[T]:
    """At most ``examples(usual)`` of the items, evenly spread: with the first, and from two on with the last."""
    number = examples(usual)
    if len(items) <= number:
        return list(items)
    return [items[position * (len(items) - 1) // max(number - 1, 1)] for position in range(number)]

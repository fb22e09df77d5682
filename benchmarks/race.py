"""Interleaved runs of several readers over the same bytes. The fastest run of each counts.

No machine is quiet. Only runs within the same fraction of a second can be compared, and the fastest of many short runs
is the one that nothing disturbed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

# Makes new batches: see peers.py.
Reader = Callable[[], Iterable[Iterable[Any]]]

MIN_RUNS = 3
_RUNS_BUDGET_S = 0.4  # of one reader over one stream
_CHECK_BUDGET_S = 10.0


class TooSlowError(Exception):
    """A reader did not get through a stream within 10 s."""


def time_ns(read: Reader) -> int:
    """The CPU time of one run. The loop is the same for all, and touches every event once.

    On a busy machine a long run is interrupted more often than a short one, so its wall time would be too long.
    """
    start = time.process_time_ns()
    for batch in read():
        for _event in batch:
            pass
    return time.process_time_ns() - start


def race(readers: Mapping[str, Reader], rounds: int) -> dict[str, int]:
    """The fastest run of each reader, in nanoseconds."""
    best = {name: time_ns(read) for name, read in readers.items()}
    spent = dict(best)
    for number in range(1, rounds):
        for name, read in readers.items():
            if number < MIN_RUNS or spent[name] < _RUNS_BUDGET_S * 1e9:
                elapsed = time_ns(read)
                best[name] = min(best[name], elapsed)
                spent[name] += elapsed
    return best


def before_deadline(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, for a reader's first run.

    Raises:
        TooSlowError: The reader takes too long; some are quadratic.
    """
    deadline = time.monotonic() + _CHECK_BUDGET_S
    for chunk in chunks:
        if time.monotonic() > deadline:
            raise TooSlowError(f"not through after {_CHECK_BUDGET_S:.0f} s")
        yield chunk

"""What is measured of an answer, from times that the test makes up."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from sse_events.chat import Done, Finish, Reasoning, Start, Token, ToolCallArgs
from sse_events.chat.events import StreamEvent, Usage
from sse_events.cli.measure import Figures, Measure, plain

DONE = Done("complete", "stop", Usage(prompt_tokens=3, completion_tokens=5))


def measured(*arrivals: tuple[float, Iterable[StreamEvent]], done: Done = DONE) -> Figures:
    measure = Measure()
    for at, events in arrivals:
        measure.arrived(10)
        measure.count(list(events), at)
    return measure.end(done, 2)


def test_answer() -> None:
    figures = measured(
        (0.5, [Start("a", "m")]),
        (1.0, [Reasoning("Hm")]),
        (3.0, [Token("Hi"), Token("!")]),
        (4.0, [ToolCallArgs(0, "{}"), Start("a", "")]),
        (4.5, [Finish("stop", "stop"), DONE]),
    )
    assert (figures.model, figures.status, figures.finish_reason) == ("m", "complete", "stop")
    assert (figures.time_to_first_token, figures.duration) == (1.0, 4.5)
    assert figures.tokens_per_second == pytest.approx(4 / 3)
    assert (figures.gaps.longest, figures.gaps.longest_at) == (2.0, 1.0)
    assert (figures.chunks, figures.bytes, figures.comments) == (5, 50, 2)
    assert sum(figures.buckets) == 4


def test_speed_needs_the_providers_count() -> None:
    done = Done("complete")
    assert measured((1.0, [Token("a")]), (2.0, [Token("a"), done]), done=done).tokens_per_second is None


@pytest.mark.parametrize("seconds", [1, 10, 1_000, 100_000])
def test_buckets_fit(seconds: int) -> None:
    """An answer of any length has at most 32 items, and none of its output is lost."""
    figures = measured(*((at * seconds / 100, [Token("a")]) for at in range(100)))
    assert len(figures.buckets) <= 32
    assert sum(figures.buckets) == 100
    assert figures.bucket_seconds * 32 > seconds * 0.99


def test_a_second_answer() -> None:
    """Its times count from the end of the one before."""
    measure = Measure()
    measure.arrived(10)
    measure.count([Token("a"), DONE], 1.0)
    measure.end(DONE, 3)
    measure.arrived(5)
    measure.count([Token("b"), DONE], 4.0)
    figures = measure.end(DONE, 4)
    assert (figures.chunks, figures.bytes, figures.comments, figures.time_to_first_token) == (1, 5, 1, 3.0)


def test_plain() -> None:
    figures = measured((0.5, [Token("a")]))
    assert plain(figures, timed=True)["time_to_first_token"] == 0.5
    untimed = plain(figures, timed=False)
    assert untimed["time_to_first_token"] is untimed["buckets"] is untimed["gaps"] is None
    assert untimed["chunks"] == 1

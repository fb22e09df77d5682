"""What is measured of an answer, from times that the test makes up."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from sse_events.chat import Done, Finish, Reasoning, Start, Token, ToolCallArgs
from sse_events.chat.events import StreamEvent, Usage
from sse_events.cli.measure import Figures, Measure, plain

DONE = Done("complete", "stop", Usage(prompt_tokens=3, completion_tokens=5))


def measured(*arrivals: tuple[float, Iterable[StreamEvent]], done: Done = DONE, end: float = 9.0) -> Figures:
    measure = Measure()
    for at, events in arrivals:
        measure.arrived(10, at)
        measure.count(events, at)
    return measure.end(done, end, 2)


def test_answer() -> None:
    figures = measured(
        (0.5, [Start("a", "m")]),
        (1.0, [Reasoning("Hm")]),
        (3.0, [Token("Hi"), Token("!")]),
        (4.0, [ToolCallArgs(0, "{}"), Start("a", "")]),
        (4.5, [Finish("stop", "stop")]),
    )
    assert (figures.model, figures.status, figures.finish_reason) == ("m", "complete", "stop")
    assert (figures.first_token, figures.last_token, figures.end) == (1.0, 4.0, 9.0)
    assert figures.tokens_per_second == pytest.approx(4 / 3)
    assert (figures.longest_gap, figures.gap_at, figures.gap_after) == (2.0, 3.0, 1)
    assert (figures.outputs, figures.chunks, figures.bytes, figures.comments) == (4, 5, 50, 2)
    assert sum(figures.buckets) == 4


def test_nothing() -> None:
    figures = Measure().end(Done("truncated"), 1.0, 0)
    assert (figures.first_token, figures.tokens_per_second, figures.longest_gap, figures.buckets) == (
        None,
        None,
        None,
        [],
    )


@pytest.mark.parametrize(
    ("times", "usage"),
    [([1.0, 2.0], Usage()), ([1.0, 1.0], Usage(completion_tokens=5))],
    ids=["no usage", "all at once"],
)
def test_speed_is_unknown(times: list[float], usage: Usage) -> None:
    done = Done("complete", usage=usage)
    assert measured(*((at, [Token("a")]) for at in times), done=done).tokens_per_second is None


@pytest.mark.parametrize("seconds", [1, 10, 1_000, 100_000])
def test_buckets_fit(seconds: int) -> None:
    """An answer of any length has at most 64 items, and none of its output is lost."""
    figures = measured(*((at * seconds / 100, [Token("a")]) for at in range(100)))
    assert len(figures.buckets) <= 64
    assert sum(figures.buckets) == 100
    assert figures.bucket_seconds * 64 > seconds * 0.99


def test_a_second_answer() -> None:
    """It has its own figures; its first gap begins at the end of the one before."""
    measure = Measure()
    measure.arrived(10, 1.0)
    measure.end(DONE, 1.0, 3)
    measure.arrived(5, 4.0)
    figures = measure.end(DONE, 4.0, 4)
    assert (figures.chunks, figures.bytes, figures.comments, figures.longest_gap) == (1, 5, 1, 3.0)


def test_plain() -> None:
    figures = measured((0.123456789, [Token("a")]))
    assert plain(figures, timed=True)["first_token"] == 0.123457
    untimed = plain(figures, timed=False)
    assert untimed["first_token"] is untimed["buckets"] is untimed["longest_gap"] is None
    assert untimed["chunks"] == 1

"""Timing: time to first token, tokens per second and gaps, by times that are given."""

from __future__ import annotations

import math
import pickle
import tracemalloc
from random import Random
from typing import Any

import pytest

from sse_events.chat import (
    ChatStream,
    Done,
    Error,
    Finish,
    Gaps,
    Reasoning,
    Refusal,
    Start,
    StreamEvent,
    Timing,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    Usage,
)

DONE = Done("complete", "stop")


def timed(*arrivals: tuple[float, list[StreamEvent]], start: float = 0.0) -> Timing:
    timing = Timing(start)
    for at, events in arrivals:
        timing.add(events, at)
    return timing


def counted(completion: int | None, reasoning: int | None = None) -> Done:
    return Done("complete", "stop", Usage(completion_tokens=completion, reasoning_tokens=reasoning))


class TestTimeToFirstToken:
    @pytest.mark.parametrize(
        ("arrivals", "seconds"),
        [
            ([], None),
            ([(1.0, [Start("c", "m")])], None),
            ([(1.0, [Start("c", "m")]), (3.0, [Token("a")]), (4.0, [Token("b")])], 3.0),
            ([(1.0, [Start("c", "m"), Token("a")])], 1.0),
            ([(2.0, [Reasoning("r")]), (3.0, [Token("a")])], 2.0),
            ([(2.0, [Refusal("n"), ToolCallStart(0, "a", "f"), ToolCallArgs(0, "{}"), DONE])], None),
            ([(0.0, [Token("a")])], 0.0),
            ([(1.0, []), (2.0, [Token("a")])], 2.0),
        ],
    )
    def test_table(self, arrivals, seconds):
        assert timed(*arrivals).time_to_first_token == seconds

    def test_from_the_start_of_a_clock(self):
        timing = timed((1000.5, [Token("a")]), (1002.0, [DONE]), start=1000.0)
        assert (timing.start, timing.time_to_first_token, timing.duration) == (1000.0, 0.5, 2.0)


class TestTokens:
    PIECES: tuple[tuple[float, list[StreamEvent]], ...] = (
        (1.0, [Token("a")]),
        (2.0, [Token("b"), Token("c")]),
        (3.0, [Finish("stop", "stop")]),
    )

    def test_until_the_provider_counts_them_pieces_are_counted(self):
        timing = timed(*self.PIECES)
        assert (timing.tokens, timing.tokens_counted, timing.tokens_per_second) == (3, False, 2.0)

    def test_every_kind_of_piece(self):
        events: list[StreamEvent] = [Token("a"), Reasoning("r"), Refusal("n"), ToolCallArgs(0, "{}")]
        others: list[StreamEvent] = [Start("c"), ToolCallStart(0, "a", "f"), ToolCallEnd(0, "a", "f", "{}", True)]
        timing = timed((1.0, [*events, *others, Error("provider", "x")]))
        assert (timing.tokens, timing.events) == (4, 8)

    @pytest.mark.parametrize(
        ("done", "tokens", "rate"),
        [
            (counted(11), 11, 10.0),
            (counted(0), 0, 0.0),
            (counted(None), 3, 2.0),
            (counted(11, 5), 6, 5.0),
            (counted(11, 0), 11, 10.0),
            (counted(1, 5), 0, 0.0),
        ],
        ids=["counted", "zero", "not counted", "hidden reasoning", "none hidden", "nonsense"],
    )
    def test_the_providers_number(self, done, tokens, rate):
        timing = timed(*self.PIECES, (9.0, [done]))
        assert (timing.tokens, timing.tokens_per_second) == (tokens, rate)
        assert timing.tokens_counted == (done.completion_tokens is not None)

    def test_reasoning_that_was_streamed_counts(self):
        timing = timed((1.0, [Reasoning("r")]), (2.0, [Token("a")]), (3.0, [counted(11, 5)]))
        assert (timing.tokens, timing.tokens_per_second) == (11, 10.0)

    @pytest.mark.parametrize("arrivals", [[], [(1.0, [Token("a"), Token("b")])], [(1.0, [Token("a")]), (2.0, [DONE])]])
    def test_without_a_time_between_pieces_there_is_no_rate(self, arrivals):
        assert timed(*arrivals).tokens_per_second is None


class TestGaps:
    def test_none(self):
        assert timed((5.0, [Start("c")]), (9.0, [Token("a")])).gaps == Gaps()

    def test_one(self):
        timing = timed((1.0, [Start("c"), Token("a")]), (1.5, [DONE]))
        assert timing.gaps == Gaps(1, 0.5, 0.5, 0.5, 1.0, 2)

    def test_from_the_first_piece_to_done(self):
        timing = timed(
            (1.0, [Start("c")]),
            (9.0, [ToolCallArgs(0, "{")]),
            (9.0, []),
            (9.25, [Token("b")]),
            (9.5, [Finish("stop", "stop")]),
            (11.5, [DONE]),
        )
        assert timing.gaps == Gaps(3, 0.25, 2.0, 2.0, 9.5, 4)

    def test_of_equal_gaps_the_first_is_the_longest(self):
        gaps = timed((0.0, [Token("a")]), (1.0, [Token("b")]), (2.0, [Token("c")])).gaps
        assert (gaps.longest_at, gaps.longest_after) == (0.0, 1)

    def test_no_time_between_arrivals(self):
        assert timed((1.0, [Token("a")]), (1.0, [Token("b")])).gaps == Gaps(1, 0.0, 0.0, 0.0, 1.0, 1)

    @pytest.mark.parametrize("seed", range(5))
    def test_percentiles_are_exact_to_two_percent(self, seed):
        random = Random(seed)
        gaps = [random.lognormvariate(-3, 2) for _ in range(1000)]
        timing, at = timed((0.0, [Token("a")])), 0.0
        for gap in gaps:
            at += gap
            timing.add([Token("x")], at)
        exact = sorted(gaps)
        assert timing.gaps.count == 1000
        assert timing.gaps.p50 == pytest.approx(exact[499], rel=0.02)
        assert timing.gaps.p99 == pytest.approx(exact[989], rel=0.02)
        assert timing.gaps.longest == pytest.approx(exact[-1])


class TestAdd:
    def test_a_single_event_is_not_a_list(self):
        with pytest.raises(TypeError, match=r"events must be an iterable of StreamEvents, not Token: use \[event\]"):
            Timing().add(Token("a"), 1.0)  # type: ignore[arg-type]

    @pytest.mark.parametrize("at", [0.5, -1.0, math.nan])
    def test_time_does_not_go_back(self, at):
        timing = timed((1.0, [Token("a")]))
        with pytest.raises(ValueError, match=r"at must not be earlier than the time before it \(1.0\), but is"):
            timing.add([Token("b")], at)
        assert timing.events == 1

    def test_before_the_start(self):
        with pytest.raises(ValueError, match=r"at must not be earlier"):
            Timing(5.0).add([], 4.0)

    def test_any_iterable(self):
        timing = Timing()
        events: list[StreamEvent] = [Token("a"), DONE]
        timing.add(iter(events), at=1.0)
        assert timing.events == 2

    def test_events_of_a_stream(self):
        stream = ChatStream()
        timing = Timing(start=10.0)
        timing.add(
            stream.feed(b'data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"Hi"}}]}\n\n'), 10.5
        )
        timing.add(stream.close(), 11.0)
        assert (timing.time_to_first_token, timing.duration, timing.gaps.longest) == (0.5, 1.0, 0.5)

    def test_pickles(self):
        timing = timed((1.0, [Token("a")]), (2.0, [Token("b")]), (3.0, [counted(5)]))
        again: Any = pickle.loads(pickle.dumps(timing))
        assert (again.gaps, again.tokens_per_second, again.duration) == (timing.gaps, 4.0, 3.0)


def test_memory_is_bounded():
    """Gaps of all lengths: kept one by one, they would take a megabyte."""
    random, timing, at = Random(1), Timing(), 0.0
    event: list[StreamEvent] = [Token("a")]

    def add(number: int) -> None:
        nonlocal at
        for _ in range(number):
            at += 10 ** random.uniform(-6, 3)
            timing.add(event, at)

    add(5_000)
    tracemalloc.start()
    try:
        add(30_000)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 200_000


def test_a_time_is_a_number():
    with pytest.raises(TypeError, match=r"^at must be a number of seconds"):
        Timing().add([], at="now")  # type: ignore[arg-type]

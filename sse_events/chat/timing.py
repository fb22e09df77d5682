"""Timing: when the parts of an answer arrived."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from typing import get_args

import msgspec

from sse_events.chat.events import Done, Reasoning, Refusal, StreamEvent, Token, ToolCallArgs, Usage
from sse_events.mistakes import check_type, wrong_type

__all__ = ["Gaps", "Timing"]

# Gaps are counted in buckets, each 2 % wider than the one before it: a percentile is exact to 2 %.
_BUCKET_WIDTH = math.log(1.02)
_SHORTEST_GAP = 1e-6  # seconds; shorter gaps share one bucket

_EVENTS: tuple[type, ...] = get_args(StreamEvent)
# The events that the tokens of the answer arrive in.
_PIECES = (Token, Reasoning, Refusal, ToolCallArgs)


class Gaps(msgspec.Struct, frozen=True):
    """The silences between arrivals, from the first text, reasoning or arguments to the end.

    Attributes:
        count: How many gaps there were. The other attributes are None if there was none.
        p50: Half of the gaps were at most this long, in seconds (to 2 %).
        p99: 99 of 100 gaps were at most this long, in seconds (to 2 %).
        longest: The longest gap, in seconds.
        longest_at: When the longest gap began, in seconds from the start.
        longest_after: How many events had arrived before the longest gap.
    """

    count: int = 0
    p50: float | None = None
    p99: float | None = None
    longest: float | None = None
    longest_at: float | None = None
    longest_after: int | None = None


class Timing:
    """Time to first token, tokens per second, and gaps of one answer.

    It has no clock. You pass the time with the events, in seconds of any clock that does not go back, such as
    ``time.perf_counter()``. Pass the events of a chunk together: they arrived together.

    Its memory is bounded: it keeps a count of gaps for each of at most about 2,000 lengths, and no events.

    Args:
        start: When the request was sent. Leave it out if the times that you pass count from there.

    Attributes:
        start: As given.
        events: How many events arrived.
        time_to_first_token: Seconds from the start to the first Token or Reasoning. None until it arrives.
        duration: Seconds from the start to the last event, 0.0 until the first one arrives.

    >>> timing = Timing()
    >>> timing.add([Token("Hel")], at=0.5)
    >>> timing.add([Token("lo"), Token("!")], at=0.75)
    >>> timing.add([Done("complete", usage=Usage(completion_tokens=11))], at=1.75)
    >>> timing.time_to_first_token, timing.tokens, timing.tokens_per_second
    (0.5, 11, 40.0)
    >>> timing.gaps.longest, timing.gaps.longest_at
    (1.0, 0.75)
    """

    start: float
    events: int
    time_to_first_token: float | None
    duration: float

    __slots__ = (
        "_first",
        "_gap_counts",
        "_last",
        "_last_piece",
        "_longest",
        "_pieces",
        "_reasoning_seen",
        "_usage",
        "duration",
        "events",
        "start",
        "time_to_first_token",
    )

    def __init__(self, start: float = 0.0) -> None:
        _require_seconds("start", start)
        self.start = start
        self.events = 0
        self.time_to_first_token = None
        self.duration = 0.0
        self._last = start
        self._first: float | None = None  # the first piece of content, also of a tool call
        self._last_piece = start
        self._pieces = 0
        self._reasoning_seen = False
        self._usage = Usage()
        self._gap_counts: dict[int, tuple[int, float]] = {}  # bucket: how many gaps, and their sum
        self._longest = Gaps()

    def add(self, events: Iterable[StreamEvent], at: float) -> None:
        """Count events that arrived together. An empty list changes nothing.

        Args:
            events: What one call of ``feed()`` or ``close()`` returned.
            at: When they arrived, in seconds, by the clock of `start`.

        Raises:
            TypeError: `events` is a single event, or holds something else; `at` is not a number.
            ValueError: `at` is earlier than the time before it, or NaN.
        """
        if isinstance(events, _EVENTS):
            raise wrong_type("events", events, "an iterable of StreamEvents", "use [event]")
        check_type("events", events, Iterable, "an iterable of StreamEvents")
        _require_seconds("at", at)
        if not at >= self._last:
            raise ValueError(f"at must not be earlier than the time before it ({self._last}), but is {at}")
        arrived = list(events)
        for event in arrived:
            if not isinstance(event, _EVENTS):  # not check_type, whose calls cost more than the rest
                raise wrong_type("events", event, "StreamEvents, which a ChatStream returns")
        if not arrived:
            return
        if self._first is not None:
            self._add_gap(at - self._last)
        for event in arrived:
            self._add_event(event, at)
        self.events += len(arrived)
        self.duration = at - self.start
        self._last = at

    def _add_event(self, event: StreamEvent, at: float) -> None:
        if isinstance(event, Done):
            self._usage = event.usage
        elif isinstance(event, _PIECES):
            self._pieces += 1
            self._last_piece = at
            if self._first is None:
                self._first = at
            if isinstance(event, (Token, Reasoning)):
                self._reasoning_seen = self._reasoning_seen or isinstance(event, Reasoning)
                if self.time_to_first_token is None:
                    self.time_to_first_token = at - self.start

    def _add_gap(self, gap: float) -> None:
        bucket = math.floor(math.log(max(gap, _SHORTEST_GAP)) / _BUCKET_WIDTH)
        count, total = self._gap_counts.get(bucket, (0, 0.0))
        self._gap_counts[bucket] = (count + 1, total + gap)
        if self._longest.longest is None or gap > self._longest.longest:
            self._longest = Gaps(longest=gap, longest_at=self._last - self.start, longest_after=self.events)

    @property
    def tokens_counted(self) -> bool:
        """True if `tokens` is the provider's number. OpenAI sends none without ``stream_options.include_usage``."""
        return self._usage.completion_tokens is not None

    @property
    def tokens(self) -> int:
        """How many tokens were streamed.

        It is the provider's number of completion tokens. Without streamed reasoning, reasoning tokens are subtracted.
        Until the provider sends a number, it is how many pieces of text and arguments arrived.
        """
        completion = self._usage.completion_tokens
        if completion is None:
            return self._pieces
        hidden = 0 if self._reasoning_seen else self._usage.reasoning_tokens or 0
        return max(completion - hidden, 0)

    @property
    def tokens_per_second(self) -> float | None:
        """Tokens after the first one, per second from the first piece to the last. None without a time between them."""
        if self._first is None or self._last_piece <= self._first:
            return None
        return max(self.tokens - 1, 0) / (self._last_piece - self._first)

    @property
    def gaps(self) -> Gaps:
        """The gaps so far. The wait before the first text, reasoning or arguments is not one of them."""
        count = sum(number for number, _ in self._gap_counts.values())
        if not count:
            return Gaps()
        return msgspec.structs.replace(self._longest, count=count, p50=self._percentile(50), p99=self._percentile(99))

    def _percentile(self, percent: int) -> float:
        """The mean of the bucket that holds the gap of this rank."""
        buckets = [self._gap_counts[bucket] for bucket in sorted(self._gap_counts)]
        seen = list(accumulate(number for number, _ in buckets))
        rank = math.ceil(seen[-1] * percent / 100)
        number, total = buckets[bisect_left(seen, rank)]
        return total / number


def _require_seconds(name: str, value: object) -> None:
    check_type(name, value, (int, float), "a number of seconds", "pass time.perf_counter()")

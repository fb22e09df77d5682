"""When the parts of an answer arrived, and in how many chunks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from sse_events.chat import Done, Reasoning, Refusal, Start, Token, ToolCallArgs
from sse_events.chat.events import StreamEvent, Usage
from sse_events.chat.timing import Gaps, Timing

_OUTPUT = (Token, Reasoning, Refusal, ToolCallArgs)
_BUCKET_SECONDS = 0.05
_MAX_BUCKETS = 32  # above this, pairs are joined, so that an answer of any length fits into 60 columns


class Figures(msgspec.Struct, frozen=True):
    """What was measured of one answer. Times are in seconds after its start.

    Attributes:
        model: The model, ``""`` if unknown.
        status: How the answer ended.
        finish_reason: Why it ended, or None.
        usage: The tokens, as the provider counted them.
        time_to_first_token: As in `Timing`.
        duration: As in `Timing`.
        tokens_per_second: As in `Timing`.
        gaps: As in `Timing`.
        chunks: How many chunks arrived.
        bytes: How many bytes arrived.
        comments: How many comments arrived.
        bucket_seconds: The length of one item of `buckets`, in seconds.
        buckets: The pieces of output over time.
    """

    model: str
    status: str
    finish_reason: str | None
    usage: Usage
    time_to_first_token: float | None
    duration: float
    tokens_per_second: float | None
    gaps: Gaps
    chunks: int
    bytes: int
    comments: int
    bucket_seconds: float
    buckets: list[int]


class Measure:
    """Measures the answers of one input, in constant memory."""

    def __init__(self) -> None:
        self._comments = 0  # the comments of the input up to the end of the last answer
        self._begin(0.0)

    def _begin(self, at: float) -> None:
        self._timing = Timing(start=at)
        self._model = ""
        self._chunks = 0
        self._bytes = 0
        self._width = _BUCKET_SECONDS
        self._buckets: list[int] = []

    def arrived(self, size: int) -> None:
        """A chunk of `size` bytes arrived."""
        self._chunks += 1
        self._bytes += size

    def count(self, events: Iterable[StreamEvent], at: float) -> None:
        """Count the events that a chunk completed."""
        self._timing.add(events, at)
        pieces = 0
        for event in events:
            if isinstance(event, _OUTPUT):
                pieces += 1
            elif isinstance(event, Start):
                self._model = event.model or self._model
        if pieces:
            self._fill(at - self._timing.start, pieces)

    def end(self, done: Done, comments: int) -> Figures:
        """The figures of the answer that `done` ends, after it was counted; the next answer begins.

        Args:
            done: The end of the answer.
            comments: How many comments the input had so far.
        """
        timing = self._timing
        figures = Figures(
            self._model,
            done.status,
            done.finish_reason,
            done.usage,
            timing.time_to_first_token,
            timing.duration,
            timing.tokens_per_second if timing.tokens_counted else None,
            timing.gaps,
            self._chunks,
            self._bytes,
            comments - self._comments,
            self._width,
            self._buckets,
        )
        self._comments = comments
        self._begin(timing.start + timing.duration)
        return figures

    def _fill(self, at: float, pieces: int) -> None:
        while (index := int(at / self._width)) >= _MAX_BUCKETS:
            pairs = self._buckets + [0] * (len(self._buckets) % 2)
            self._buckets = [pairs[i] + pairs[i + 1] for i in range(0, len(pairs), 2)]
            self._width *= 2
        self._buckets += [0] * (index + 1 - len(self._buckets))
        self._buckets[index] += pieces


def plain(figures: Figures, *, timed: bool) -> dict[str, Any]:
    """The figures as data for JSON. If the input has no times, the times are null."""
    data: dict[str, Any] = msgspec.to_builtins(figures)
    if not timed:
        names = ("time_to_first_token", "duration", "tokens_per_second", "gaps", "bucket_seconds", "buckets")
        data |= dict.fromkeys(names)
    return data

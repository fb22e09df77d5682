"""When the parts of an answer arrived."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from sse_events.chat import Done, Reasoning, Refusal, Start, Token, ToolCallArgs
from sse_events.chat.events import StreamEvent, Usage

_OUTPUT = (Token, Reasoning, Refusal, ToolCallArgs)
_BUCKET_SECONDS = 0.05
_MAX_BUCKETS = 64  # past it two become one, so that an answer of any length fits


class Figures(Struct, frozen=True):
    """What was measured of one answer. Times are in seconds after the start, None where nothing arrived.

    Attributes:
        model: The model, ``""`` if unknown.
        status: How the answer ended.
        finish_reason: Why it ended, or None.
        usage: The tokens, as the provider counted them.
        first_token: When the first output arrived: text, reasoning, a refusal or arguments.
        last_token: When the last output arrived.
        end: When the answer ended.
        tokens_per_second: The completion tokens after the first one, by the time that they took; None if unknown.
        longest_gap: The longest time between two chunks.
        gap_at: When that gap ended.
        gap_after: How many pieces of output came before that gap.
        outputs: How many pieces of output there were.
        chunks: How many chunks arrived.
        bytes: How many bytes arrived.
        comments: How many comments arrived.
        bucket_seconds: The time that one item of `buckets` stands for.
        buckets: The pieces of output over time.
    """

    model: str
    status: str
    finish_reason: str | None
    usage: Usage
    first_token: float | None
    last_token: float | None
    end: float
    tokens_per_second: float | None
    longest_gap: float | None
    gap_at: float | None
    gap_after: int | None
    outputs: int
    chunks: int
    bytes: int
    comments: int
    bucket_seconds: float
    buckets: list[int]


class Measure:
    """Measures the answers of one input, in constant memory."""

    def __init__(self) -> None:
        self._comments = 0  # of the input, up to the last answer
        self._begin()

    def _begin(self) -> None:
        self._model = ""
        self._first: float | None = None
        self._last: float | None = None
        self._at: float | None = None
        self._gap: tuple[float, float, int] | None = None
        self._outputs = 0
        self._chunks = 0
        self._bytes = 0
        self._width = _BUCKET_SECONDS
        self._buckets: list[int] = []

    def arrived(self, size: int, at: float) -> None:
        """A chunk of `size` bytes arrived."""
        if self._at is not None and (self._gap is None or at - self._at > self._gap[0]):
            self._gap = (at - self._at, at, self._outputs)
        self._at = at
        self._chunks += 1
        self._bytes += size

    def count(self, events: Iterable[StreamEvent], at: float) -> None:
        """Count the events that a chunk completed."""
        for event in events:
            if isinstance(event, _OUTPUT):
                self._outputs += 1
                self._first = at if self._first is None else self._first
                self._last = at
                self._fill(at)
            elif isinstance(event, Start):
                self._model = event.model or self._model

    def end(self, done: Done, at: float, comments: int) -> Figures:
        """The figures of the answer that `done` ends; the next answer begins.

        Args:
            done: The end of the answer.
            at: The time.
            comments: How many comments the input had so far.
        """
        length, gap_at, gap_after = self._gap or (None, None, None)
        figures = Figures(
            self._model,
            done.status,
            done.finish_reason,
            done.usage,
            self._first,
            self._last,
            at,
            self._speed(done.usage.completion_tokens),
            length,
            gap_at,
            gap_after,
            self._outputs,
            self._chunks,
            self._bytes,
            comments - self._comments,
            self._width,
            self._buckets,
        )
        self._comments = comments
        self._begin()
        self._at = at
        return figures

    def _speed(self, tokens: int | None) -> float | None:
        if tokens is None or self._first is None or self._last is None or self._last <= self._first:
            return None
        return max(tokens - 1, 0) / (self._last - self._first)

    def _fill(self, at: float) -> None:
        while (index := int(at / self._width)) >= _MAX_BUCKETS:
            pairs = self._buckets + [0] * (len(self._buckets) % 2)
            self._buckets = [pairs[i] + pairs[i + 1] for i in range(0, len(pairs), 2)]
            self._width *= 2
        self._buckets += [0] * (index + 1 - len(self._buckets))
        self._buckets[index] += 1


def plain(figures: Figures, *, timed: bool) -> dict[str, Any]:
    """The figures as data for JSON. Of an input that has no times, the times are null."""
    from msgspec import to_builtins

    data: dict[str, Any] = to_builtins(figures)
    if not timed:
        names = ("first_token", "last_token", "end", "tokens_per_second", "longest_gap", "gap_at", "gap_after")
        data |= dict.fromkeys((*names, "bucket_seconds", "buckets"))
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in data.items()}

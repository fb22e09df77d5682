"""The order of the parts of an answer: start, deltas, stop."""

from __future__ import annotations

from typing import Any

from sse_events.cli.check.report import Line, Report


class Blocks:
    """Follows the parts of one answer by their index.

    Args:
        report: Where findings go.
        noun: What the dialect calls a part.
        several: Whether several parts may be open at once.
        counted: Whether the index counts the parts from 0.
    """

    def __init__(self, report: Report, noun: str, *, several: bool = False, counted: bool = True) -> None:
        self._report = report
        self._noun = noun
        self._several = several
        self._counted = counted
        self.is_resumed = False  # the stream begins in the middle of an answer: earlier starts are not seen
        self.open: dict[Any, str] = {}  # the type of each open part, by its index
        self._started: set[Any] = set()

    def start(self, index: Any, kind: str, line: Line) -> None:
        """A part of the type `kind` begins."""
        if index in self._started:
            self._report.add("block-order", line, f"{self._noun} {index} is started a second time")
        elif self._counted and not self.is_resumed and index != len(self._started):
            self._report.add("block-order", line, f"{self._noun} {index} comes where {len(self._started)} was due")
        elif self.open and not self._several:
            self._report.add("block-order", line, f"{self._noun} {index} is started before {self._listed()} is stopped")
        self._started.add(index)
        self.open[index] = kind

    def delta(self, index: Any, line: Line) -> str:
        """The type of the part that gets a delta, ``""`` if it is not open."""
        kind = self.open.get(index)
        if kind is None and not self.is_resumed:
            state = "was stopped" if index in self._started else "was not started"
            self._report.add("block-order", line, f"a delta for {self._noun} {index}, which {state}")
        return kind or ""

    def stop(self, index: Any, line: Line) -> None:
        """A part ends."""
        if index not in self.open and not self.is_resumed:
            state = "was stopped before" if index in self._started else "was not started"
            self._report.add("block-order", line, f"the stop of {self._noun} {index}, which {state}")
        self.open.pop(index, None)

    def end(self, line: Line) -> None:
        """The answer ends."""
        if self.open:
            self._report.add("block-not-stopped", line, f"{self._noun} {self._listed()} is never stopped")
            self.open.clear()

    def _listed(self) -> str:
        return ", ".join(map(str, self.open))

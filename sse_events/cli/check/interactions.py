"""Gemini's Interactions, as Google documents them."""

from __future__ import annotations

from typing import Any

from sse_events.cli.check.blocks import Blocks
from sse_events.cli.check.dialects import check_event_name, index_of
from sse_events.cli.check.framing import Block
from sse_events.cli.check.report import Report


class Check:
    """The rules of Interactions."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._blocks = Blocks(report, "step")
        self._started = False

    def payload(self, value: dict[str, Any], block: Block) -> None:
        """Look at the next payload."""
        kind = str(value.get("event_type"))
        line = block.line
        check_event_name(self._report, block, kind)
        index = index_of(value.get("index"))
        if kind == "interaction.created":
            if self._started:
                self._report.add("start-again", line, "a second interaction.created")
            self._started = True
        elif kind.startswith("step."):
            if not self._started:
                self._report.once("no-start", line, f"{kind} comes before interaction.created")
            if kind == "step.start":
                self._blocks.start(index, "", line)
            elif kind == "step.delta":
                self._blocks.delta(index, line)
            elif kind == "step.stop":
                self._blocks.stop(index, line)
        elif kind == "interaction.completed":
            self._blocks.end(line)

"""Cohere's chat, version 2, as Cohere documents it."""

from __future__ import annotations

from typing import Any

from sse_events.cli.check.blocks import Blocks
from sse_events.cli.check.dialects import check_event_name, index_of
from sse_events.cli.check.framing import Block
from sse_events.cli.check.report import Report


class Check:
    """The rules of Cohere."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._contents = Blocks(report, "content", counted=False)
        self._calls = Blocks(report, "tool call", counted=False)
        self._started = False

    def payload(self, value: dict[str, Any], block: Block) -> None:
        """Look at the next payload."""
        kind = str(value.get("type"))
        line = block.line
        check_event_name(self._report, block, kind)
        if kind == "message-start":
            if self._started:
                self._report.add("start-again", line, "a second message-start")
            self._started = True
            return
        if not self._started:
            self._report.once("no-start", line, f"{kind} comes before message-start")
        part, _, step = kind.rpartition("-")
        index = index_of(value.get("index"))
        blocks = {"content": self._contents, "tool-call": self._calls}.get(part)
        if blocks is not None and step == "start":
            blocks.start(index, "", line)
        elif blocks is not None and step == "delta":
            blocks.delta(index, line)
        elif blocks is not None and step == "end":
            blocks.stop(index, line)
        elif kind == "message-end":
            self._contents.end(line)
            self._calls.end(line)

"""Gemini's streamGenerateContent, as Google documents it."""

from __future__ import annotations

from typing import Any

from sse_events.cli.check.dialects import IdCheck, index_of, items, members
from sse_events.cli.check.framing import Block
from sse_events.cli.check.report import Report


class Check:
    """The rules of Gemini."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._ids = IdCheck(report)
        self._finished: dict[Any, str] = {}

    def payload(self, value: dict[str, Any], block: Block) -> None:
        """Look at the next payload."""
        self._ids.saw(value.get("responseId"), block)
        for candidate in items(value.get("candidates")):
            index = index_of(candidate.get("index")) or 0
            parts = items(members(candidate.get("content")).get("parts"))
            if index in self._finished and any(part.get("text") or part.get("functionCall") for part in parts):
                self._report.add("after-finish", block.line, f"content after the finish reason {self._finished[index]}")
            for part in parts:
                arguments = members(part.get("functionCall")).get("args")
                if arguments is not None and not isinstance(arguments, dict):
                    kind = type(arguments).__name__
                    self._report.add("arguments-not-object", block.line, f"the args of a functionCall are a {kind}")
            if candidate.get("finishReason"):
                self._finished[index] = candidate["finishReason"]

"""Anthropic Messages, as Anthropic documents them."""

from __future__ import annotations

from typing import Any

from sse_events.cli.check.blocks import Blocks
from sse_events.cli.check.dialects import check_event_name, index_of, members
from sse_events.cli.check.framing import Block
from sse_events.cli.check.report import Report

_STOP_REASONS = frozenset(
    {
        *("end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal"),
        *("model_context_window_exceeded", "compaction"),
    }
)
# The deltas that fit a block. Blocks of other types are not looked at.
_DELTAS = {
    "text": {"text_delta", "citations_delta"},
    "thinking": {"thinking_delta", "signature_delta"},
    "tool_use": {"input_json_delta"},
    "server_tool_use": {"input_json_delta"},
    "mcp_tool_use": {"input_json_delta"},
}


class Check:
    """The rules of Anthropic Messages."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._blocks = Blocks(report, "content block")
        self._started = False

    def payload(self, value: dict[str, Any], block: Block) -> None:
        """Look at the next payload."""
        kind = value.get("type")
        line = block.line
        check_event_name(self._report, block, kind)
        if kind in ("ping", "error"):
            return
        if kind == "message_start":
            if self._started:
                self._report.add("start-again", line, "a second message_start")
            self._started = True
            return
        if not self._started:
            self._report.once("no-start", line, f"{kind} comes before message_start")
        index = index_of(value.get("index"))
        if kind == "content_block_start":
            self._blocks.start(index, str(members(value.get("content_block")).get("type")), line)
        elif kind == "content_block_delta":
            self._delta(index, str(members(value.get("delta")).get("type")), block)
        elif kind == "content_block_stop":
            self._blocks.stop(index, line)
        elif kind == "message_delta":
            self._blocks.end(line)
            reason = members(value.get("delta")).get("stop_reason")
            if isinstance(reason, str) and reason not in _STOP_REASONS:
                self._report.once("unknown-finish-reason", line, f"the stop reason is {reason!r}")
        elif kind == "message_stop":
            self._blocks.end(line)

    def _delta(self, index: Any, kind: str, block: Block) -> None:
        of = self._blocks.delta(index, block.line)
        if kind not in _DELTAS.get(of, {kind}):
            self._report.add("wrong-delta", block.line, f"a {kind} in a block of type {of}")

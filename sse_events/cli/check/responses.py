"""OpenAI Responses, as OpenAI documents them."""

from __future__ import annotations

from typing import Any

from sse_events.cli.check.blocks import Blocks
from sse_events.cli.check.dialects import check_event_name, index_of, members
from sse_events.cli.check.framing import Block
from sse_events.cli.check.report import Report

_STARTS = frozenset({"response.created", "response.queued", "response.in_progress"})
_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed"})
# The member of each done event that repeats its deltas.
_REPEATED = {
    "response.output_text": "text",
    "response.refusal": "refusal",
    "response.reasoning_text": "text",
    "response.reasoning_summary_text": "text",
    "response.function_call_arguments": "arguments",
    "response.custom_tool_call_input": "input",
}


class Check:
    """The rules of OpenAI Responses."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._blocks = Blocks(report, "output item", several=True)
        self._number: int | None = None
        self._started = False
        self._texts: dict[tuple[Any, ...], list[str]] = {}
        self._ids: dict[Any, Any] = {}

    def payload(self, value: dict[str, Any], block: Block) -> None:
        """Look at the next payload."""
        kind = str(value.get("type"))
        check_event_name(self._report, block, kind)
        self._look_at_number(value.get("sequence_number"), block)
        if kind in _STARTS:
            if kind == "response.created" and self._started:
                self._report.add("start-again", block.line, "a second response.created")
            self._started = True
        elif kind in _ENDS:
            self._blocks.end(block.line)
        elif kind.startswith("response."):
            self._look_at_item(kind, value, block)

    def _look_at_number(self, number: Any, block: Block) -> None:
        if not isinstance(number, int):
            self._report.once("no-sequence-number", block.line, "the event has no sequence_number")
            return
        if self._number is None:
            # A number above 1 at the start: the answer is resumed after an interruption.
            self._started = self._blocks.is_resumed = number > 1
        elif number != self._number + 1:
            self._report.add("sequence-gap", block.line, f"sequence_number {number} after {self._number}")
        self._number = number

    def _look_at_item(self, kind: str, value: dict[str, Any], block: Block) -> None:
        line = block.line
        if not self._started:
            self._report.once("no-start", line, f"{kind} comes before response.created")
            self._started = True
        index = index_of(value.get("output_index"))
        if kind == "response.output_item.added":
            item = members(value.get("item"))
            self._blocks.start(index, str(item.get("type")), line)
            self._ids[index] = item.get("id")
        elif kind == "response.output_item.done":
            self._blocks.stop(index, line)
        elif kind.endswith(".delta") and index is not None:
            self._blocks.delta(index, line)
        if "item_id" in value and self._ids.get(index) and value["item_id"] != self._ids[index]:
            self._report.once("item-id-changes", line, f"the item {self._ids[index]} is {value['item_id']} here")
        self._look_at_text(kind, value, block)

    def _look_at_text(self, kind: str, value: dict[str, Any], block: Block) -> None:
        name, _, step = kind.rpartition(".")
        member = _REPEATED.get(name)
        if member is None:
            return
        key = (name, *(index_of(value.get(part)) for part in ("output_index", "content_index", "summary_index")))
        if step == "delta":
            self._texts.setdefault(key, []).append(str(value.get("delta")))
        elif step == "done" and key in self._texts:
            joined = "".join(self._texts.pop(key))
            if joined != value.get(member) and not self._blocks.is_resumed:
                self._report.add("text-mismatch", block.line, f"the {member} is not what the deltas said")

"""Cohere's chat, version 2, written.

Source: Cohere's guide to streaming. The dialect has no field for the model's name and no error event. A failed answer
ends with the finish reason ``ERROR``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sse_events.chat.events import Citation, Finish, FinishReason, ReasoningSignature, Usage
from sse_events.chat.finish import CUT
from sse_events.chat.writer import CallPart, Options, Part, Writer


class CohereWriter(Writer):
    """Writes the events of a streamed message."""

    fails_with_finish: ClassVar[bool] = True
    # None for content_filter: such an answer fails.
    words: ClassVar[Mapping[FinishReason, tuple[str, ...]]] = {
        "stop": ("COMPLETE", "STOP_SEQUENCE"),
        "length": ("MAX_TOKENS",),
        "tool_calls": ("TOOL_CALL",),
        "other": ("COMPLETE",),
    }

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._contents = 0
        self._citations = 0

    def preamble(self) -> None:
        message: dict[str, Any] = {
            "role": "assistant",
            "content": [],
            "tool_plan": "",
            "tool_calls": [],
            "citations": [],
        }
        self.send({"type": "message-start", "id": self.options.id, "delta": {"message": message}}, "message-start")

    def open(self, part: Part) -> None:
        if part.kind == "refusal":
            self.drop(part.first)  # it becomes text
        if not _is_signature(part):
            field = _field(part)
            self._message("content-start", self._contents, content={"type": field, field: ""})

    def write(self, part: Part, text: str) -> None:
        self._message("content-delta", self._contents, content={_field(part): text})

    def close(self, part: Part) -> None:
        if not _is_signature(part):
            self.send({"type": "content-end", "index": self._contents}, "content-end")
            self._contents += 1

    def open_call(self, call: CallPart) -> None:
        function = {"name": call.first.name, "arguments": ""}
        tool_call = {"id": call.id, "type": "function", "function": function}
        self._message("tool-call-start", call.position, tool_calls=tool_call)

    def write_call(self, call: CallPart, fragment: str) -> None:
        self._message("tool-call-delta", call.position, tool_calls={"function": {"arguments": fragment}})

    def close_call(self, call: CallPart, reason: FinishReason | None, *, whole: bool) -> None:
        # Vercel's AI SDK parses the arguments at this event, and raises if the call was cut.
        if whole or reason not in CUT:
            self.send({"type": "tool-call-end", "index": call.position}, "tool-call-end")

    def cite(self, citation: Citation) -> None:
        index = self._citations
        self._citations += 1
        source = {"type": "document", "id": f"doc_{index}", "document": {"url": citation.url, "title": citation.title}}
        place = {"start": 0, "end": 0, "text": citation.text, "sources": [source], "type": "TEXT_CONTENT"}
        self._message("citation-start", index, citations=place)
        self.send({"type": "citation-end", "index": index}, "citation-end")

    def end(self, finishes: Mapping[int, Finish], usage: Usage) -> None:
        self._end({"finish_reason": self.word(finishes[0])}, usage)
        self.send_done()

    def fail(self, message: str, code: str | int | None, usage: Usage) -> None:
        self._end({"finish_reason": "ERROR", "error": message}, usage)

    def _end(self, delta: dict[str, Any], usage: Usage) -> None:
        self.send({"type": "message-end", "delta": {**delta, "usage": _usage(usage)}}, "message-end")

    def _message(self, kind: str, index: int, **message: Any) -> None:
        self.send({"type": kind, "index": index, "delta": {"message": message}}, kind)


def _is_signature(part: Part) -> bool:
    """Whether the part is a signature without text, which cannot be written."""
    return isinstance(part.first, ReasoningSignature)


def _field(part: Part) -> str:
    return "thinking" if part.kind == "reasoning" else "text"


def _usage(usage: Usage) -> dict[str, Any]:
    # Clients need both counts, also if they are not known.
    tokens = {"input_tokens": usage.prompt_tokens or 0, "output_tokens": usage.completion_tokens or 0}
    if usage.reasoning_tokens is not None:
        tokens["reasoning_tokens"] = usage.reasoning_tokens
    counts: dict[str, Any] = {"tokens": tokens}
    if usage.cached_tokens is not None:
        counts["cached_tokens"] = usage.cached_tokens
    return counts

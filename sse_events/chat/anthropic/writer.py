"""Anthropic's Messages, written.

Source: Anthropic's guide to streaming messages. Every event has an ``event:`` line, without which Anthropic's SDK does
not see it, and one content block is open at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sse_events.chat.events import Citation, Finish, FinishReason, ReasoningSignature, Usage
from sse_events.chat.writer import CallPart, Options, Part, Writer, status_code

_ERROR_TYPES: dict[int | str | None, str] = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    "rate_limit_exceeded": "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_OWN_ERROR_TYPES = frozenset((*_ERROR_TYPES.values(), "api_error", "billing_error"))


class AnthropicWriter(Writer):
    """Writes the events of a streamed message."""

    notes_in_text: ClassVar[bool] = True
    empty_arguments: ClassVar[str] = ""
    call_prefix: ClassVar[str] = "toolu_"
    words: ClassVar[Mapping[FinishReason, tuple[str, ...]]] = {
        "stop": ("end_turn", "stop_sequence"),
        "length": ("max_tokens", "model_context_window_exceeded"),
        "tool_calls": ("tool_use",),
        "content_filter": ("refusal",),
        "other": ("end_turn", "pause_turn"),
    }

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._index = -1  # of the last block that was opened, of any type

    def preamble(self) -> None:
        usage = {
            "input_tokens": self.options.prompt_tokens or 0,
            "output_tokens": 0,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
        }
        message: dict[str, Any] = {
            "id": self.options.id,
            "type": "message",
            "role": "assistant",
            "model": self.options.model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage,
        }
        self._event("message_start", message=message)

    def open(self, part: Part) -> None:
        if part.kind == "refusal":
            self.drop(part.first)  # it becomes text
        if part.kind == "reasoning":
            self._start({"type": "thinking", "thinking": "", "signature": ""})
        elif part.kind == "redacted":
            self._start({"type": "redacted_thinking", "data": part.first.signature})
        else:
            self._start({"type": "text", "text": ""})

    def write(self, part: Part, text: str) -> None:
        if part.kind == "reasoning":
            self._delta({"type": "thinking_delta", "thinking": text})
        else:
            self._delta({"type": "text_delta", "text": text})

    def sign(self, part: Part, signature: ReasoningSignature) -> None:
        if part.kind == "reasoning":
            self._delta({"type": "signature_delta", "signature": signature.signature})

    def close(self, part: Part) -> None:
        self._event("content_block_stop", index=self._index)

    def open_call(self, call: CallPart) -> None:
        self._start({"type": "tool_use", "id": call.id, "name": call.first.name, "input": {}})

    def write_call(self, call: CallPart, fragment: str) -> None:
        self._delta({"type": "input_json_delta", "partial_json": fragment})

    def close_call(self, call: CallPart, reason: FinishReason | None, *, whole: bool) -> None:
        self.close(call)

    def cite(self, citation: Citation) -> None:
        raw = citation.raw
        if not (type(raw) is dict and str(raw.get("type")).endswith("_location")):
            raw = {
                "type": "web_search_result_location",
                "url": citation.url,
                "title": citation.title,
                "cited_text": citation.text,
                "encrypted_index": "",
            }
        self._delta({"type": "citations_delta", "citation": raw})

    def end(self, finishes: Mapping[int, Finish], usage: Usage) -> None:
        delta = {"stop_reason": self.word(finishes[0]), "stop_sequence": None}
        self._event("message_delta", delta=delta, usage=_usage(usage))
        self._event("message_stop")

    def fail(self, message: str, code: str | int | None, usage: Usage) -> None:
        kind = code if code in _OWN_ERROR_TYPES else _ERROR_TYPES.get(status_code(code) or code, "api_error")
        self._event("error", error={"type": kind, "message": message})

    def _start(self, content_block: dict[str, Any]) -> None:
        self._index += 1
        self._event("content_block_start", index=self._index, content_block=content_block)

    def _delta(self, delta: dict[str, Any]) -> None:
        self._event("content_block_delta", index=self._index, delta=delta)

    def _event(self, kind: str, **fields: Any) -> None:
        self.send({"type": kind, **fields}, kind)


def _usage(usage: Usage) -> dict[str, Any]:
    """The counts. The prompt's count leaves out cached and cache-written tokens."""
    cached = usage.cached_tokens
    written = usage.cache_write_tokens
    # Clients need both counts, also if they are not known.
    counts: dict[str, Any] = {
        "input_tokens": max(0, (usage.prompt_tokens or 0) - (cached or 0) - (written or 0)),
        "output_tokens": usage.completion_tokens or 0,
    }
    if cached is not None:
        counts["cache_read_input_tokens"] = cached
    if written is not None:
        counts["cache_creation_input_tokens"] = written
    if usage.reasoning_tokens is not None:
        counts["output_tokens_details"] = {"thinking_tokens": usage.reasoning_tokens}
    return counts

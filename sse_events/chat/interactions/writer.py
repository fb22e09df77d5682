"""Gemini's Interactions, written.

Source: recorded streams, and the event types of google-genai. Its name for citations (``text_annotation``) is not that
of the recordings.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, ClassVar

from sse_events.chat.events import Citation, Finish, FinishReason, ReasoningSignature, Usage
from sse_events.chat.writer import CallPart, Options, Part, Writer


class InteractionsWriter(Writer):
    """Writes the events of an interaction."""

    notes_in_text: ClassVar[bool] = True
    fails_with_finish: ClassVar[bool] = True
    # None for content_filter: such an interaction fails.
    words: ClassVar[Mapping[FinishReason, tuple[str, ...]]] = {
        "stop": ("completed",),
        "length": ("incomplete",),
        "tool_calls": ("requires_action",),
        "other": ("completed",),
    }

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._created = _timestamp(options.created)  # a wrong time raises now, not at the end of the stream
        self._index = -1  # of the step that began last

    def preamble(self) -> None:
        self._event("interaction.created", interaction=self._interaction("in_progress"))
        self._status("in_progress")

    def open(self, part: Part) -> None:
        if part.kind in ("refusal", "redacted"):
            self.drop(part.first)  # it becomes text, or an ordinary signature
        self._start({"type": "thought" if part.kind in ("reasoning", "redacted") else "model_output"})

    def write(self, part: Part, text: str) -> None:
        content = {"type": "text", "text": text}
        if part.kind == "reasoning":
            self._delta({"type": "thought_summary", "content": content})
        else:
            self._delta(content)

    def sign(self, part: Part, signature: ReasoningSignature) -> None:
        self._delta({"type": "thought_signature", "signature": signature.signature})

    def close(self, part: Part) -> None:
        self._event("step.stop", index=self._index)

    def open_call(self, call: CallPart) -> None:
        self._start({"type": "function_call", "id": call.id, "name": call.first.name, "arguments": {}})

    def write_call(self, call: CallPart, fragment: str) -> None:
        self._delta({"type": "arguments_delta", "arguments": fragment})

    def close_call(self, call: CallPart, reason: FinishReason | None, *, whole: bool) -> None:
        self.close(call)

    def cite(self, citation: Citation) -> None:
        source = {"url": citation.url, "title": citation.title, "start_index": 0, "end_index": 0}
        self._delta({"type": "text_annotation_delta", "annotations": [{"type": "url_citation", **source}]})

    def end(self, finishes: Mapping[int, Finish], usage: Usage) -> None:
        times = {"created": self._created, "updated": self._created}
        interaction = self._interaction(self.word(finishes[0]), **times, usage=_usage(usage))
        self._event("interaction.completed", interaction=interaction)
        self.send_done(b"event: done\n")

    def fail(self, message: str, code: str | int | None, usage: Usage) -> None:
        error = {"message": message} if code is None else {"code": str(code), "message": message}
        self._event("error", error=error)
        self._status("failed")

    def _interaction(self, status: str, **fields: Any) -> dict[str, Any]:
        names = {"id": self.options.id, "model": self.options.model, "object": "interaction"}
        return {**names, "status": status, **fields}

    def _status(self, status: str) -> None:
        self._event("interaction.status_update", interaction_id=self.options.id, status=status)

    def _start(self, step: dict[str, Any]) -> None:
        self._index += 1
        self._event("step.start", index=self._index, step=step)

    def _delta(self, delta: dict[str, Any]) -> None:
        self._event("step.delta", index=self._index, delta=delta)

    def _event(self, kind: str, **fields: Any) -> None:
        self.send({"event_type": kind, **fields}, kind)


def _timestamp(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError(f"created must be seconds since 1970, not {seconds!r}") from error


def _usage(usage: Usage) -> dict[str, int]:
    """All counts. The output's count leaves out the thoughts."""
    prompt = usage.prompt_tokens or 0
    completion = usage.completion_tokens or 0
    thoughts = usage.reasoning_tokens or 0
    return {
        "total_input_tokens": prompt,
        "total_output_tokens": max(0, completion - thoughts),
        "total_thought_tokens": thoughts,
        "total_cached_tokens": usage.cached_tokens or 0,
        "total_tool_use_tokens": 0,
        "total_tokens": prompt + completion if usage.total_tokens is None else usage.total_tokens,
    }

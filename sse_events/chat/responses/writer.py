"""OpenAI's Responses, written.

Source: OpenAI's API reference, the streaming events of Responses. Every item has all of its events (added, deltas,
done) with one id, because strict clients raise if one is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sse_events.chat.events import Citation, Finish, FinishReason, Logprobs, ReasoningSignature, Usage
from sse_events.chat.openai.writer import is_logprobs
from sse_events.chat.writer import CallPart, Options, Part, Writer, status_code

_INCOMPLETE: dict[FinishReason, str] = {"length": "max_output_tokens", "content_filter": "content_filter"}

# The codes of a failed response that clients act on. For codex they decide whether it retries.
_CODES = ("server_error", "rate_limit_exceeded", "invalid_prompt", "context_length_exceeded", "insufficient_quota")


class ResponsesWriter(Writer):
    """Writes the streaming events of a response."""

    notes_in_text: ClassVar[bool] = True
    wraps_custom: ClassVar[bool] = False
    fails_with_finish: ClassVar[bool] = True
    words: ClassVar[Mapping[FinishReason, tuple[str, ...]]] = {
        "stop": ("completed",),
        "length": ("incomplete",),
        "tool_calls": ("completed",),
        "content_filter": ("incomplete",),
        "other": ("completed",),
    }

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._number = 0  # of the next event
        self._output: list[dict[str, Any]] = []  # the items that are done
        self._item_id = ""  # of the open item
        self._texts: list[str] = []
        self._annotations: list[dict[str, Any]] = []
        self._signature = ""

    def preamble(self) -> None:
        for status in ("created", "in_progress"):
            self._event(f"response.{status}", response=self._response("in_progress", [], None))

    def open(self, part: Part) -> None:
        self._texts = []
        self._annotations = []
        self._signature = ""
        if part.kind in ("reasoning", "redacted"):
            signed = isinstance(part.first, ReasoningSignature)
            self._add("rs", {"type": "reasoning", "summary": []}, id=part.first.id if signed else "")
            if not signed:
                self._event("response.reasoning_summary_part.added", **self._in_summary(), part=_summary(""))
        else:
            self._add("msg", {"type": "message", "role": "assistant", "status": "in_progress", "content": []})
            self._event("response.content_part.added", **self._in_content(), part=self._content(part, ""))

    def write(self, part: Part, text: str) -> None:
        self._texts.append(text)
        if part.kind == "reasoning":
            self._event("response.reasoning_summary_text.delta", **self._in_summary(), delta=text)
        elif part.kind == "refusal":
            self._event("response.refusal.delta", **self._in_content(), delta=text)
        else:
            self._event("response.output_text.delta", **self._in_content(), delta=text, logprobs=[])

    def sign(self, part: Part, signature: ReasoningSignature) -> None:
        self._signature = signature.signature
        if signature.redacted:
            self.drop(signature)  # it becomes an ordinary signature of reasoning without text

    def close(self, part: Part) -> None:
        text = "".join(self._texts)
        if part.kind in ("reasoning", "redacted"):
            item: dict[str, Any] = {"type": "reasoning", "summary": [_summary(text)] if text else []}
            if text:
                self._event("response.reasoning_summary_text.done", **self._in_summary(), text=text)
                self._event("response.reasoning_summary_part.done", **self._in_summary(), part=_summary(text))
            if self._signature:
                item["encrypted_content"] = self._signature
        else:
            if part.kind == "refusal":
                self._event("response.refusal.done", **self._in_content(), refusal=text)
            else:
                self._event("response.output_text.done", **self._in_content(), text=text, logprobs=[])
            content = self._content(part, text)
            self._event("response.content_part.done", **self._in_content(), part=content)
            item = {"type": "message", "role": "assistant", "status": "completed", "content": [content]}
        self._done(item)

    def open_call(self, call: CallPart) -> None:
        item = _call(call, "in_progress", "")
        self._add("ctc" if call.first.custom else "fc", item)

    def write_call(self, call: CallPart, fragment: str) -> None:
        kind = "custom_tool_call_input" if call.first.custom else "function_call_arguments"
        self._event(f"response.{kind}.delta", **self._in_item(), delta=fragment)

    def close_call(self, call: CallPart, reason: FinishReason | None, *, whole: bool) -> None:
        arguments = "".join(call.written)
        if whole and call.first.custom:
            self._event("response.custom_tool_call_input.done", **self._in_item(), input=arguments)
        elif whole:
            name = call.first.name
            self._event("response.function_call_arguments.done", **self._in_item(), name=name, arguments=arguments)
        self._done(_call(call, "completed" if whole else "incomplete", arguments))

    def cite(self, citation: Citation) -> None:
        source = {"url": citation.url, "title": citation.title, "start_index": 0, "end_index": 0}
        annotation = {"type": "url_citation", **source}
        place = {**self._in_content(), "annotation_index": len(self._annotations)}
        self._annotations.append(annotation)
        self._event("response.output_text.annotation.added", **place, annotation=annotation)

    def logprobs(self, logprobs: Logprobs) -> None:
        if is_logprobs(logprobs.content):
            self._event("response.output_text.delta", **self._in_content(), delta="", logprobs=logprobs.content)
        else:
            self.drop(logprobs)

    def end(self, finishes: Mapping[int, Finish], usage: Usage) -> None:
        status = self.word(finishes[0])
        reason = _INCOMPLETE.get(finishes[0].reason)
        details = None if reason is None else {"reason": reason}
        response = self._response(status, self._output, usage, incomplete_details=details)
        self._event(f"response.{status}", response=response)

    def fail(self, message: str, code: str | int | None, usage: Usage) -> None:
        said = None if code is None else str(code)
        error = {"type": "server_error", "code": said, "message": message, "param": None}
        # OpenAI's SDK raises only for the nested form, and older clients read only the flat one.
        self._event("error", code=said, message=message, param=None, error=error)
        known = "rate_limit_exceeded" if status_code(code) == 429 else said if said in _CODES else "server_error"
        response = self._response("failed", self._output, usage, error={"code": known, "message": message})
        self._event("response.failed", response=response)

    def _event(self, kind: str, **fields: Any) -> None:
        self.begin()
        self.send({"type": kind, "sequence_number": self._number, **fields}, kind)
        self._number += 1

    def _add(self, prefix: str, item: dict[str, Any], *, id: str = "") -> None:
        # The preamble does not change the id, so the id can be made first.
        self._item_id = id or self.derived_id(f"{prefix}_", str(len(self._output)))
        self._event("response.output_item.added", output_index=len(self._output), item={"id": self._item_id, **item})

    def _done(self, item: dict[str, Any]) -> None:
        item = {"id": self._item_id, **item}
        self._event("response.output_item.done", output_index=len(self._output), item=item)
        self._output.append(item)

    def _in_item(self) -> dict[str, Any]:
        return {"item_id": self._item_id, "output_index": len(self._output)}

    def _in_content(self) -> dict[str, Any]:
        return {**self._in_item(), "content_index": 0}

    def _in_summary(self) -> dict[str, Any]:
        return {**self._in_item(), "summary_index": 0}

    def _content(self, part: Part, text: str) -> dict[str, Any]:
        if part.kind == "refusal":
            return {"type": "refusal", "refusal": text}
        return {"type": "output_text", "text": text, "annotations": self._annotations, "logprobs": []}

    def _response(
        self,
        status: str,
        output: list[dict[str, Any]],
        usage: Usage | None,
        *,
        error: dict[str, Any] | None = None,
        incomplete_details: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The response object, with the fields that a strict client wants."""
        return {
            "id": self.options.id,
            "object": "response",
            "created_at": self.options.created,
            "status": status,
            "background": False,
            "error": error,
            "incomplete_details": incomplete_details,
            "instructions": None,
            "max_output_tokens": None,
            "metadata": {},
            "model": self.options.model,
            "output": output,
            "parallel_tool_calls": True,
            "previous_response_id": None,
            "reasoning": {"effort": None, "summary": None},
            "store": False,
            "temperature": None,
            "text": {"format": {"type": "text"}},
            "tool_choice": "auto",
            "tools": [],
            "top_p": None,
            "truncation": "disabled",
            "usage": None if usage is None else _usage(usage),
            "user": None,
        }


def _summary(text: str) -> dict[str, Any]:
    return {"type": "summary_text", "text": text}


def _call(call: CallPart, status: str, arguments: str) -> dict[str, Any]:
    item = {"call_id": call.id, "name": call.first.name, "status": status}
    if call.first.custom:
        return {"type": "custom_tool_call", **item, "input": arguments}
    return {"type": "function_call", **item, "arguments": arguments}


def _usage(usage: Usage) -> dict[str, Any] | None:
    """All counts, because clients need them as integers; None if none is known."""
    if all(getattr(usage, name) is None for name in usage.__struct_fields__ if name != "raw"):
        return None
    prompt = usage.prompt_tokens or 0
    completion = usage.completion_tokens or 0
    return {
        "input_tokens": prompt,
        "input_tokens_details": {
            "cached_tokens": usage.cached_tokens or 0,
            "cache_write_tokens": usage.cache_write_tokens or 0,
        },
        "output_tokens": completion,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning_tokens or 0},
        "total_tokens": prompt + completion if usage.total_tokens is None else usage.total_tokens,
    }

"""Gemini's ``streamGenerateContent?alt=sse``, written.

Source: Google's GenerateContentResponse. google-genai raises an exception for every line except ``data:`` with an
object. So the writer sends no event names, no comments and no sentinel. google-genai also leaves a whole turn out of
its history if one chunk of the turn has no parts.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, ClassVar

from sse_events.chat.events import Citation, Finish, FinishReason, Logprobs, ReasoningSignature, Usage
from sse_events.chat.finish import CUT
from sse_events.chat.json import decode_shallow
from sse_events.chat.writer import MAX_CHOICES, CallPart, Options, Part, Writer, status_code

_STATUS_WORDS = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class GeminiWriter(Writer):
    """Writes GenerateContentResponse objects."""

    choices: ClassVar[int] = MAX_CHOICES
    whole_calls: ClassVar[bool] = True
    words: ClassVar[Mapping[FinishReason, tuple[str, ...]]] = {
        "stop": ("STOP",),
        "length": ("MAX_TOKENS",),
        "tool_calls": ("STOP",),
        "content_filter": (
            "SAFETY",
            "RECITATION",
            "LANGUAGE",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "IMAGE_SAFETY",
        ),
        "other": ("OTHER",),
    }

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._sources: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)  # by choice, for its last chunk
        self._malformed: dict[int, str] = {}  # by choice: the first call that cannot be written

    def open(self, part: Part) -> None:
        if part.kind in ("refusal", "redacted"):
            self.drop(part.first)  # it becomes text, or an ordinary signature

    def write(self, part: Part, text: str) -> None:
        self._part(part.choice, {"text": text, "thought": True} if part.kind == "reasoning" else {"text": text})

    def sign(self, part: Part, signature: ReasoningSignature) -> None:
        signed = {"text": "", "thought": True, "thoughtSignature": _as_base64(signature.signature)}
        self._part(part.choice, signed)

    def sign_call(self, call: CallPart, signature: ReasoningSignature) -> None:
        if call.closed:
            self.drop(signature)  # the call was sent without it

    def close_call(self, call: CallPart, reason: FinishReason | None, *, whole: bool) -> None:
        try:
            value = decode_shallow("".join(call.written))
        except ValueError:
            self.drop_call(call)
            self._malformed.setdefault(call.choice, call.first.name)
            return
        function = {"name": call.first.name, "args": value if isinstance(value, dict) else {"input": value}}
        if call.first.id:
            function["id"] = call.first.id
        part: dict[str, Any] = {"functionCall": function}
        if call.signature is not None:
            part["thoughtSignature"] = _as_base64(call.signature.signature)
        self._part(call.choice, part)

    def cite(self, citation: Citation) -> None:
        if citation.url:
            source = {"web": {"uri": citation.url, "title": citation.title}}
        else:
            source = {"retrievedContext": {"title": citation.title, "text": citation.text}}
        self._sources[citation.choice].append(source)

    def logprobs(self, logprobs: Logprobs) -> None:
        if all(isinstance(token, dict) and "logProbability" in token for token in logprobs.content):
            self._part(logprobs.choice, {"text": ""}, logprobsResult={"chosenCandidates": logprobs.content})
        else:
            self.drop(logprobs)

    def end(self, finishes: Mapping[int, Finish], usage: Usage) -> None:
        counts = _usage(usage)
        if any(sources and choice not in finishes for choice, sources in self._sources.items()):
            self.dropped.add("citation")  # their choice has no last chunk
        candidates = [self._last(choice, finish) for choice, finish in finishes.items()]
        self._chunk(candidates, **({"usageMetadata": counts} if counts else {}))

    def fail(self, message: str, code: str | int | None, usage: Usage) -> None:
        if self._sources:
            self.dropped.add("citation")  # they would be written in the last chunk of an answer
        status = status_code(code)
        if status is None or not 400 <= status < 600:
            status = 500
        # The only key: google-genai recognises an error by its first bytes.
        self.send({"error": {"code": status, "message": message, "status": _STATUS_WORDS.get(status, "INTERNAL")}})

    def _last(self, choice: int, finish: Finish) -> dict[str, Any]:
        candidate = _candidate(choice, {"text": ""})
        candidate["finishReason"] = self.word(finish)
        if choice in self._malformed and finish.reason not in CUT:
            candidate["finishReason"] = "MALFORMED_FUNCTION_CALL"
            candidate["finishMessage"] = f"the arguments of {self._malformed[choice]} are not JSON"
        if choice in self._sources:
            candidate["groundingMetadata"] = {"groundingChunks": self._sources[choice]}
        return candidate

    def _part(self, choice: int, part: dict[str, Any], **fields: Any) -> None:
        self._chunk([{**_candidate(choice, part), **fields}])

    def _chunk(self, candidates: list[dict[str, Any]], **fields: Any) -> None:
        names = {"modelVersion": self.options.model, "responseId": self.options.id}
        self.send({"candidates": candidates, **fields, **names})


def _candidate(choice: int, part: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"role": "model", "parts": [part]}, "index": choice}


def _as_base64(signature: str) -> str:
    """The signature if it is base64, else its text as base64, because google-genai accepts only base64."""
    bare = signature.rstrip("=")
    try:
        data = base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except ValueError:
        data = b""
    spellings = (base64.b64encode(data), base64.urlsafe_b64encode(data))
    if any(spelling.decode().rstrip("=") == bare for spelling in spellings):
        return signature
    return base64.b64encode(signature.encode("utf-8", "surrogatepass")).decode()


def _usage(usage: Usage) -> dict[str, int]:
    """The known counts. The answer's count leaves out the thoughts."""
    answer = usage.completion_tokens
    if answer is not None:
        answer = max(0, answer - (usage.reasoning_tokens or 0))
    counts = {
        "promptTokenCount": usage.prompt_tokens,
        "cachedContentTokenCount": usage.cached_tokens,
        "candidatesTokenCount": answer,
        "thoughtsTokenCount": usage.reasoning_tokens,
        "totalTokenCount": usage.total_tokens,
    }
    return {name: count for name, count in counts.items() if count is not None}

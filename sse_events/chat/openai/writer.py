"""Chat Completions, written.

Source: OpenAI's chat.completion.chunk. Reasoning, signatures and citations are written in the fields of OpenRouter,
DeepSeek and Gemini's compatible endpoint. If a string comes twice, clients join both, so roles, ids and names are
written once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

from sse_events.chat.events import Citation, Finish, FinishReason, Logprobs, ReasoningSignature, Usage
from sse_events.chat.writer import MAX_CHOICES, CallPart, Options, Part, Writer

_FIELDS = {"text": "content", "reasoning": "reasoning_content", "refusal": "refusal"}


class OpenAIWriter(Writer):
    """Writes chat.completion.chunk objects."""

    choices: ClassVar[int] = MAX_CHOICES
    wraps_custom: ClassVar[bool] = False
    words: ClassVar[Mapping[FinishReason, tuple[str, ...]]] = {
        "stop": ("stop",),
        "length": ("length",),
        "tool_calls": ("tool_calls", "function_call"),
        "content_filter": ("content_filter",),
        "other": ("stop",),
    }

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._roles = 0  # how many choices have got their role
        # Clients merge the elements of these lists by their index, which begins at 0 in each choice.
        self._signatures: Counter[int] = Counter()
        self._citations: Counter[int] = Counter()

    def preamble(self) -> None:
        self._role(0)

    def write(self, part: Part, text: str) -> None:
        self._delta(part.choice, {_FIELDS[part.kind]: text})

    def sign(self, part: Part, signature: ReasoningSignature) -> None:
        detail: dict[str, Any] = {"type": "reasoning.text", "signature": signature.signature}
        if signature.redacted:
            detail = {"type": "reasoning.encrypted", "data": signature.signature}
        if signature.id:
            detail["id"] = signature.id
        # Without an index OpenAI's SDK raises at the second one.
        detail["index"] = self._signatures[part.choice]
        self._signatures[part.choice] += 1
        self._delta(part.choice, {"reasoning_details": [detail]})

    def open_call(self, call: CallPart) -> None:
        name = call.first.name
        tool_call: dict[str, Any] = {"index": call.position, "id": call.id, "type": "function"}
        if call.first.custom:
            tool_call |= {"type": "custom", "custom": {"name": name, "input": ""}}
        else:
            tool_call["function"] = {"name": name, "arguments": ""}
        self._delta(call.choice, {"tool_calls": [tool_call]})

    def write_call(self, call: CallPart, fragment: str) -> None:
        more = {"custom": {"input": fragment}} if call.first.custom else {"function": {"arguments": fragment}}
        self._delta(call.choice, {"tool_calls": [{"index": call.position, **more}]})

    def sign_call(self, call: CallPart, signature: ReasoningSignature) -> None:
        google = {"google": {"thought_signature": signature.signature}}
        # Without a function OpenAI's SDK fails an assertion.
        tool_call = {"index": call.position, "function": {"arguments": ""}, "extra_content": google}
        self._delta(call.choice, {"tool_calls": [tool_call]})

    def cite(self, citation: Citation) -> None:
        source: dict[str, Any] = {"url": citation.url, "title": citation.title, "start_index": 0, "end_index": 0}
        if citation.text:
            source["content"] = citation.text
        annotation = {"type": "url_citation", "index": self._citations[citation.choice], "url_citation": source}
        self._citations[citation.choice] += 1
        self._delta(citation.choice, {"annotations": [annotation]})

    def logprobs(self, logprobs: Logprobs) -> None:
        if is_logprobs(logprobs.content):
            self._delta(logprobs.choice, {}, logprobs={"content": logprobs.content, "refusal": None})
        else:
            self.drop(logprobs)

    def end(self, finishes: Mapping[int, Finish], usage: Usage) -> None:
        for choice, finish in finishes.items():
            self._delta(choice, {}, finish_reason=self.word(finish))
        if self.options.usage and (usage.prompt_tokens is not None or usage.completion_tokens is not None):
            # Last: the SDK's helper keeps only the usage of the last chunk.
            self._chunk([], _usage(usage))
        self.send_done()

    def fail(self, message: str, code: str | int | None, usage: Usage) -> None:
        self.send({"error": {"message": message, "type": "server_error", "param": None, "code": code}})

    def _role(self, choice: int) -> None:
        while self._roles <= choice:
            self._roles += 1
            self._delta(self._roles - 1, {"role": "assistant"})

    def _delta(
        self,
        choice: int,
        delta: dict[str, Any],
        *,
        logprobs: dict[str, Any] | None = None,
        finish_reason: str | None = None,
    ) -> None:
        self.begin()
        # The SDK's helper raises IndexError if a choice begins before one with a smaller index.
        self._role(choice)
        self._chunk([{"index": choice, "delta": delta, "logprobs": logprobs, "finish_reason": finish_reason}], None)

    def _chunk(self, choices: list[dict[str, Any]], usage: dict[str, Any] | None) -> None:
        options = self.options
        chunk: dict[str, Any] = {
            "id": options.id,
            "object": "chat.completion.chunk",
            "created": options.created,
            "model": options.model,
            "choices": choices,
        }
        if options.usage:
            chunk["usage"] = usage
        self.send(chunk)


def is_logprobs(content: list[Any]) -> bool:
    """Whether they are OpenAI's. Other providers' log probabilities lack fields that clients of OpenAI need."""
    return all(isinstance(token, dict) and "token" in token and "logprob" in token for token in content)


def _usage(usage: Usage) -> dict[str, Any]:
    prompt = usage.prompt_tokens or 0
    completion = usage.completion_tokens or 0
    total = prompt + completion if usage.total_tokens is None else usage.total_tokens
    counts: dict[str, Any] = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}
    details = {"cached_tokens": usage.cached_tokens, "cache_write_tokens": usage.cache_write_tokens}
    known = {name: count for name, count in details.items() if count is not None}
    if known:
        counts["prompt_tokens_details"] = known
    if usage.reasoning_tokens is not None:
        counts["completion_tokens_details"] = {"reasoning_tokens": usage.reasoning_tokens}
    return counts

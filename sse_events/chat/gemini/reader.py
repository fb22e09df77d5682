"""Gemini's ``streamGenerateContent?alt=sse``, of the Gemini API and of Vertex AI.

Source: Google's GenerateContentResponse with its Candidate, Part, FunctionCall and PartialArg, and the guide "Thought
signatures". There is no sentinel, and payloads may follow the finish reason, so Done comes with the end of the stream.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, cast

import msgspec

from sse_events.chat._turn import (
    Call,
    ChoiceState,
    Dialect,
    Other,
    Turn,
    UntypedPayload,
    string,
)
from sse_events.chat.events import Token, Usage
from sse_events.chat.json import compact_json


class _FunctionCall(msgspec.Struct, gc=False, rename="camel"):
    id: Any = None
    name: Any = None
    args: Any = None
    partial_args: Any = None
    will_continue: Any = None


class _Part(msgspec.Struct, gc=False, rename="camel"):
    text: Any = None
    thought: Any = None
    thought_signature: Any = None
    function_call: _FunctionCall | Other = None


class _Content(msgspec.Struct, gc=False):
    parts: list[_Part | Other] | dict[str, Any] | str | int | float | bool | None = None


class _Candidate(msgspec.Struct, gc=False, rename="camel"):
    index: Any = None
    content: _Content | Other = None
    finish_reason: Any = None
    grounding_metadata: Any = None
    citation_metadata: Any = None
    url_context_metadata: Any = None
    logprobs_result: Any = None


class _PromptFeedback(msgspec.Struct, gc=False, rename="camel"):
    block_reason: Any = None


class Chunk(UntypedPayload, gc=False, rename="camel"):
    """What is read of a GenerateContentResponse."""

    response_id: Any = None
    model_version: Any = None
    candidates: list[_Candidate | Other] | dict[str, Any] | str | int | float | bool | None = None
    usage_metadata: Any = None
    prompt_feedback: _PromptFeedback | Other = None


_USAGE_PATHS = frozenset(
    (
        "promptTokenCount",
        "toolUsePromptTokenCount",
        "candidatesTokenCount",
        "thoughtsTokenCount",
        "cachedContentTokenCount",
        "totalTokenCount",
    )
)
_OPEN = "open"  # the slot of the call whose arguments are being streamed: there is one at a time, and it has no name
_MAX_STEPS = 100  # protobuf, in which Google's values are made, nests no deeper either
_MAX_SKIPPED = 1000  # elements of arrays that a call may leave out: they come in order, but their index is any number

# A name after a dot, an index, a quoted name.
_STEP = re.compile(r"""\.([^.\[\]]+)|\[([0-9]{1,9})\]|\['(.*?)'\]|\["(.*?)"\]""", re.DOTALL)


def decides(payload: dict[str, Any]) -> bool | None:
    """Whether it is a GenerateContentResponse."""
    return "candidates" in payload or "usageMetadata" in payload or "promptFeedback" in payload


def read(chunk: Chunk, turn: Turn) -> None:
    """Tell `turn` what a response says, which is a piece of the whole one."""
    if not turn.started:
        turn.start(chunk.response_id, chunk.model_version)
    candidates = chunk.candidates
    if type(candidates) is list:
        for candidate in candidates:
            if type(candidate) is not _Candidate:
                continue
            state = turn.choice(candidate.index) if candidate.index else turn.first
            if state is None:
                continue
            ended: Call | None = None
            content = candidate.content
            if type(content) is _Content and type(content.parts) is list:
                for part in content.parts:
                    if type(part) is not _Part:
                        continue
                    if ended is not None:
                        state.end_call(ended, whole=True)
                        ended = None
                    text = part.text
                    if part.thought is True:
                        state.reasoning(text)
                    elif text and type(text) is str:
                        # The token of nearly every chunk: as `state.text`, without its call (and no snapshot asks).
                        turn.events.append(Token(text, state.index))
                    if type(part.function_call) is _FunctionCall:
                        ended = _read_call(part.function_call, part.thought_signature, state)
                    elif part.thought_signature:
                        state.signature(part.thought_signature)
            if candidate.grounding_metadata or candidate.citation_metadata or candidate.url_context_metadata:
                _read_sources(candidate, state)
            if candidate.logprobs_result:
                state.logprobs(_member(candidate.logprobs_result, "chosenCandidates"))
            word = candidate.finish_reason
            if ended is not None and string(word):
                # What comes last is what a limit cuts, and this word says whether one did.
                state.close_call(ended)
            elif ended is not None:
                state.end_call(ended, whole=True)
            if word and type(word) is str:
                state.finished(word)
                if state is turn.first:
                    turn.complete = True
    else:
        turn.suspect = True
    turn.add_usage(chunk.usage_metadata, _USAGE_PATHS)
    feedback = chunk.prompt_feedback
    if type(feedback) is _PromptFeedback and string(feedback.block_reason):
        turn.first.finished(feedback.block_reason, "content_filter")
        turn.complete = True


def _read_call(function: _FunctionCall, signature: Any, state: ChoiceState) -> Call | None:
    """A function call, or a piece of one; the call, if it is over now."""
    name = string(function.name)
    partial_args = _objects(function.partial_args)
    goes_on = function.will_continue is True
    call = state.calls_by_key.get(_OPEN)
    if name:
        if call is not None:
            # It was to be continued, and was not.
            state.end_call(call, whole=False)
        call = state.open_call(_OPEN, id=string(function.id), name=name)
        call.values = _Arguments(function.args, streamed=goes_on or bool(partial_args))
    state.signature(signature, call=call)
    if call is None:
        return None
    for partial in partial_args:
        if not cast(_Arguments, call.values).set(partial):
            call.malformed = True
    if goes_on:
        return None
    del state.calls_by_key[_OPEN]
    return call


class _Text:
    """A string that comes in pieces."""

    __slots__ = ("goes_on", "pieces")

    def __init__(self) -> None:
        self.pieces: list[str] = []  # joined once: linear however many come
        self.goes_on = True  # the next piece belongs to it


def _join(text: _Text) -> str:
    return "".join(text.pieces)


class _Arguments:
    """The arguments of a call, whole or as Vertex streams them: one value at a time, each with the path to it."""

    __slots__ = ("root", "skipped")

    def __init__(self, args: Any, *, streamed: bool) -> None:
        self.root = args
        self.skipped = 0  # elements of arrays that were left out
        if args is None or (streamed and type(args) is not dict):
            self.root = {}
        elif streamed:
            # Values are put into it, and a Raw event may hold the provider's own.
            self.root = json.loads(compact_json(args))

    def text(self) -> str:
        """The arguments as JSON."""
        return compact_json(self.root, _join)

    def set(self, partial: dict[str, Any]) -> bool:
        """Put a value where its path leads; False if that is nowhere, so that it is lost."""
        names = [name for name in ("stringValue", "numberValue", "boolValue", "nullValue") if name in partial]
        if not names:
            return True
        value = None if names[0] == "nullValue" else partial[names[0]]
        steps = _steps(partial.get("jsonPath"))
        holder = self._holder(steps) if steps else None
        if holder is None:
            return False
        last = steps[-1]
        if type(value) is str:
            text = holder.get(last) if type(holder) is dict else holder[last]
            if type(text) is not _Text or not text.goes_on:
                text = holder[last] = _Text()
            text.pieces.append(value)
            text.goes_on = partial.get("willContinue") is True
        else:
            holder[last] = value
        return True

    def _holder(self, steps: list[str | int]) -> Any:
        """The object or array that the last step leads into, made where there is none; None if there can be none."""
        node = self.root
        for step, following in pairwise(steps):
            if not self._can_hold(node, step):
                return None
            child = node.get(step) if type(node) is dict else node[step]
            if type(child) is not dict and type(child) is not list:
                child = node[step] = [] if type(following) is int else {}
            node = child
        return node if self._can_hold(node, steps[-1]) else None

    def _can_hold(self, node: Any, step: str | int) -> bool:
        """Whether the step leads into this object or array, which grows for it."""
        if type(node) is dict or type(step) is str:
            return type(node) is dict and type(step) is str
        missing = cast(int, step) + 1 - len(node)
        if missing > 0:
            if self.skipped + missing - 1 > _MAX_SKIPPED:
                return False
            self.skipped += missing - 1
            node.extend([None] * missing)
        return True


def _steps(path: Any) -> list[str | int]:
    """The names and indexes in a path (``$.a.b[0]['c']``); none if it cannot be followed."""
    steps: list[str | int] = []
    if type(path) is not str or not path.startswith("$"):
        return steps
    at = 1
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None or len(steps) == _MAX_STEPS:
            return []
        word = step[cast(int, step.lastindex)]
        steps.append(int(word) if step.lastindex == 2 else word)
        at = step.end()
    return steps


def _read_sources(candidate: _Candidate, state: ChoiceState) -> None:
    for chunk in _objects(_member(candidate.grounding_metadata, "groundingChunks")):
        for kind in ("web", "retrievedContext", "maps"):
            source = chunk.get(kind)
            if type(source) is dict:
                state.citation(chunk, url=source.get("uri"), title=source.get("title"), text=source.get("text"))
    for name in ("citationSources", "citations"):  # the Gemini API's name, Vertex AI's name
        for source in _objects(_member(candidate.citation_metadata, name)):
            state.citation(source, url=source.get("uri"), title=source.get("title"))
    for page in _objects(_member(candidate.url_context_metadata, "urlMetadata")):
        if page.get("urlRetrievalStatus") == "URL_RETRIEVAL_STATUS_SUCCESS":
            state.citation(page, url=page.get("retrievedUrl"))


def _member(value: Any, name: str) -> Any:
    return value.get(name) if type(value) is dict else None


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if type(item) is dict] if type(value) is list else []


def usage(numbers: Mapping[str, int], raw: dict[str, Any]) -> Usage:
    """The usage; Google counts thoughts beside the candidates, and the prompts of its own tools beside the prompt."""
    return Usage(
        prompt_tokens=_sum(numbers, "promptTokenCount", "toolUsePromptTokenCount"),
        completion_tokens=_sum(numbers, "candidatesTokenCount", "thoughtsTokenCount"),
        cached_tokens=numbers.get("cachedContentTokenCount"),
        reasoning_tokens=numbers.get("thoughtsTokenCount"),
        total_tokens=numbers.get("totalTokenCount"),
        raw=raw,
    )


def _sum(numbers: Mapping[str, int], *names: str) -> int | None:
    # An answer that was cut while thinking has thoughts, and no count of candidates.
    known = [numbers[name] for name in names if name in numbers]
    return sum(known) if known else None


DIALECT = Dialect("gemini", Chunk, decides, read, usage, sentinel=False, typed=False)

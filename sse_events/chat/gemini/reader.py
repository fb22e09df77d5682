"""Gemini's ``streamGenerateContent?alt=sse``, of the Gemini API and of Vertex AI.

Source: Google's GenerateContentResponse with its Candidate, Part, FunctionCall and PartialArg, and the guide "Thought
signatures". The dialect has no sentinel, and payloads may follow the finish reason. So Done comes with the end of the
stream.
"""

from __future__ import annotations

from typing import Any, cast

import msgspec

from sse_events.chat.calls import Call
from sse_events.chat.dialect import Dialect, Probe, Verdict
from sse_events.chat.events import Usage
from sse_events.chat.faults import Payload
from sse_events.chat.gemini.arguments import Arguments
from sse_events.chat.shapes import Other, OtherThanList, elements, member, objects, string
from sse_events.chat.turn import Choice, Turn
from sse_events.chat.usage import Tally


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
    parts: list[_Part | Other] | OtherThanList = None


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


class Chunk(Payload, gc=False, rename="camel"):
    """The fields that are read from a GenerateContentResponse."""

    response_id: Any = None
    model_version: Any = None
    candidates: list[_Candidate | Other] | OtherThanList = None
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


def recognises(probe: Probe) -> Verdict:
    """Whether a payload is a GenerateContentResponse."""
    fields = (probe.candidates, probe.usageMetadata, probe.promptFeedback)
    return Verdict.YES if any(field is not msgspec.UNSET for field in fields) else Verdict.NO


def read(chunk: Chunk, turn: Turn) -> bool:
    """Tell `turn` what a response says. Each one is a piece of the whole response."""
    if not turn.started:
        turn.start(chunk.response_id, chunk.model_version)
    for candidate in elements(chunk.candidates):
        if type(candidate) is _Candidate:
            choice = turn.choice(candidate.index) if candidate.index else turn.first
            if choice is not None:
                _read_candidate(candidate, choice)
    if chunk.usage_metadata:
        turn.tally.add(chunk.usage_metadata, _USAGE_PATHS)
    feedback = chunk.prompt_feedback
    if type(feedback) is _PromptFeedback and string(feedback.block_reason):
        turn.first.finished(feedback.block_reason, "content_filter")
        turn.proper_end()
    return chunk.candidates is None


def _read_candidate(candidate: _Candidate, choice: Choice) -> None:
    ended = _read_parts(candidate.content, choice)
    if candidate.grounding_metadata or candidate.citation_metadata or candidate.url_context_metadata:
        _read_sources(candidate, choice)
    if candidate.logprobs_result:
        choice.logprobs(member(candidate.logprobs_result, "chosenCandidates"))
    word = string(candidate.finish_reason)
    if ended is not None and word:
        # A limit cuts the last part, and the finish word says whether that happened.
        choice.calls.close(ended)
    elif ended is not None:
        choice.calls.end(ended, whole=True)
    if word:
        choice.finished(word)
        if choice.index == 0:
            choice.turn.proper_end()


def _read_parts(content: Any, choice: Choice) -> Call | None:
    """Read the parts of a content. Returns the call in the last part, if it is over."""
    ended: Call | None = None
    for part in elements(content.parts) if type(content) is _Content else ():
        if type(part) is not _Part:
            continue
        if ended is not None:
            choice.calls.end(ended, whole=True)
            ended = None
        if part.thought is True:
            choice.reasoning(part.text)
        elif part.text:
            choice.text(part.text)
        if type(part.function_call) is _FunctionCall:
            ended = _read_call(part.function_call, part.thought_signature, choice)
        elif part.thought_signature:
            choice.signature(part.thought_signature)
    return ended


def _read_call(function: _FunctionCall, signature: Any, choice: Choice) -> Call | None:
    """Read a function call, or a piece of one. Returns the call if it is over."""
    name = string(function.name)
    partial_args = objects(function.partial_args)
    goes_on = function.will_continue is True
    call = choice.calls.at(_OPEN)
    if name:
        if call is not None:
            # The call before it was marked to go on, but no more of it came.
            choice.calls.end(call, whole=False)
        arguments = Arguments(function.args, streamed=goes_on or bool(partial_args))
        call = choice.calls.open(_OPEN, id=string(function.id), name=name)
        call.values = arguments
    choice.signature(signature, call=call)
    if call is None:
        return None
    for partial in partial_args:
        if not cast(Arguments, call.values).set(partial):
            call.damaged = True
    if goes_on:
        return None
    choice.calls.free(_OPEN)
    return call


def _read_sources(candidate: _Candidate, choice: Choice) -> None:
    for chunk in objects(member(candidate.grounding_metadata, "groundingChunks")):
        for kind in ("web", "retrievedContext", "maps"):
            source = chunk.get(kind)
            if type(source) is dict:
                choice.citation(chunk, url=source.get("uri"), title=source.get("title"), text=source.get("text"))
    for name in ("citationSources", "citations"):  # the Gemini API's name, Vertex AI's name
        for source in objects(member(candidate.citation_metadata, name)):
            choice.citation(source, url=source.get("uri"), title=source.get("title"))
    for page in objects(member(candidate.url_context_metadata, "urlMetadata")):
        if page.get("urlRetrievalStatus") == "URL_RETRIEVAL_STATUS_SUCCESS":
            choice.citation(page, url=page.get("retrievedUrl"))


def usage(tally: Tally) -> Usage:
    """The usage. Google counts thoughts apart from the candidates, and its tools' prompts apart from the prompt."""
    return Usage(
        prompt_tokens=tally.total("promptTokenCount", "toolUsePromptTokenCount"),
        # An answer that was cut while thinking has a count of thoughts, but none of candidates.
        completion_tokens=tally.total("candidatesTokenCount", "thoughtsTokenCount"),
        cached_tokens=tally.first("cachedContentTokenCount"),
        reasoning_tokens=tally.first("thoughtsTokenCount"),
        total_tokens=tally.first("totalTokenCount"),
        raw=tally.raw,
    )


DIALECT = Dialect("gemini", Chunk, recognises=recognises, read=read, usage=usage)

"""Chat Completions, and everything that is compatible with it, read by one tolerant decoder.

Source: OpenAI's chat.completion.chunk, and recorded streams that differ from it: those of Z.ai, DeepSeek, OpenRouter,
Groq, Mistral, xAI, Moonshot, Qwen, MiniMax, Perplexity, Together, Fireworks, Cerebras, Azure, Copilot, Ollama, vLLM,
llama.cpp, LM Studio, Gemini's compatibility endpoint, Snowflake, Writer and Venice. No rule depends on the vendor.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sse_events.chat.calls import Call, Calls
from sse_events.chat.dialect import Dialect, Probe, Verdict
from sse_events.chat.events import Reasoning, ReasoningSignature, Refusal, Token
from sse_events.chat.faults import Payload
from sse_events.chat.json import arguments_text
from sse_events.chat.shapes import Other, OtherThanList, elements, integer, member, objects, string
from sse_events.chat.turn import Choice, Turn
from sse_events.chat.usage import Tally


class _Function(msgspec.Struct, gc=False):
    name: Any = None
    arguments: Any = None
    input: Any = None


class _ToolCallDelta(msgspec.Struct, gc=False):
    index: Any = None
    id: Any = None
    function: _Function | Other = None
    custom: _Function | Other = None
    extra_content: Any = None


class _Delta(msgspec.Struct, gc=False):
    content: Any = None
    reasoning_content: Any = None
    reasoning: Any = None
    reasoning_details: Any = None
    refusal: Any = None
    tool_calls: list[_ToolCallDelta | Other] | OtherThanList = None
    function_call: _Function | Other = None
    annotations: Any = None
    usage: Any = None


class _Choice(msgspec.Struct, gc=False):
    index: Any = None
    delta: _Delta | Other = None
    finish_reason: Any = None
    message: _Delta | Other = None
    logprobs: Any = None
    usage: Any = None
    error: Any = None
    text: Any = None


class Chunk(Payload, gc=False):
    """The fields that are read from a chat.completion.chunk."""

    id: Any = None
    model: Any = None
    choices: list[_Choice | Other] | OtherThanList = None
    usage: Any = None
    citations: Any = None
    search_results: Any = None


def recognises(probe: Probe) -> Verdict:
    """Whether a payload is a chat completion, or a completion of the API before chat."""
    if probe.object == "text_completion":
        return Verdict.YES
    if probe.choices is not msgspec.UNSET and string(probe.object).startswith("chat.completion"):
        return Verdict.YES
    if type(probe.choices) is not list:
        return Verdict.NO
    decides = any("delta" in choice or "message" in choice or "text" in choice for choice in objects(probe.choices))
    return Verdict.YES if decides else Verdict.MAYBE  # Azure's first chunk has no choices


def read(chunk: Chunk, turn: Turn) -> bool:
    """Tell `turn` what a chunk says."""
    if not turn.started:
        turn.start(chunk.id, chunk.model)
    has_error = False
    if type(chunk.choices) is list:
        for piece in chunk.choices:
            if type(piece) is _Choice:
                has_error = has_error or bool(piece.error)
                choice = turn.choice(piece.index) if piece.index else turn.first
                if choice is not None:
                    _read_choice(piece, choice)
    if chunk.search_results or chunk.citations:
        _read_sources(chunk, turn)
    if chunk.x_groq:
        turn.tally.add(member(chunk.x_groq, "usage"))
    if chunk.usage:
        turn.tally.add(chunk.usage)
    return has_error


def _read_choice(piece: _Choice, choice: Choice) -> None:
    delta = piece.delta
    if type(delta) is _Delta:
        content = delta.content
        if delta.reasoning_content or delta.reasoning or delta.reasoning_details or type(content) is list:
            _read_reasoning(delta, choice)
            _read_signatures(delta, choice)
            content = _text(content)
        if content:
            choice.text(content)
        if delta.refusal:
            choice.refusal(delta.refusal)
        if delta.tool_calls or delta.function_call:
            _read_tool_calls(delta, choice)
        if delta.annotations:
            _read_annotations(delta.annotations, choice)
    elif delta is None and piece.message is None:
        choice.text(piece.text)  # the API before chat
    if type(piece.message) is _Delta:
        _read_snapshot(piece.message, choice)
    if piece.logprobs:
        choice.logprobs(member(piece.logprobs, "content"))
    if choice.index == 0:
        # If one payload has several usage objects, the outermost one counts, so it is read last.
        if type(delta) is _Delta and delta.usage:
            choice.turn.tally.add(delta.usage)
        if piece.usage:
            choice.turn.tally.add(piece.usage)
    if piece.finish_reason:
        choice.finished(piece.finish_reason)


def _read_snapshot(message: _Delta, choice: Choice) -> None:
    """Read the whole message so far (Perplexity) or at the end (MiniMax). It fills in what was not streamed."""
    if Reasoning not in choice.said:
        _read_reasoning(message, choice)
    if ReasoningSignature not in choice.said:
        _read_signatures(message, choice)
    if Token not in choice.said:
        choice.text(_text(message.content))
    if Refusal not in choice.said:
        choice.refusal(message.refusal)
    if not choice.calls.all:
        _read_tool_calls(message, choice)
    if choice.index == 0:
        choice.turn.tally.add(message.usage)


def _read_annotations(annotations: Any, choice: Choice) -> None:
    for annotation in objects(annotations):
        source = member(annotation, "url_citation") or annotation
        choice.citation(
            annotation, url=member(source, "url"), title=member(source, "title"), text=member(source, "content")
        )


def _read_reasoning(delta: _Delta, choice: Choice) -> None:
    # Providers send the same words in several fields, so only the first of these fields with words is read.
    details = objects(delta.reasoning_details)
    for text in (
        delta.reasoning_content,
        delta.reasoning,
        "".join(string(detail.get("text")) or string(detail.get("summary")) for detail in details),
        _thoughts(delta.content),
    ):
        if type(text) is str and text:
            choice.reasoning(text)
            break


def _read_signatures(delta: _Delta, choice: Choice) -> None:
    for detail in objects(delta.reasoning_details):
        choice.signature(detail.get("signature"), id=string(detail.get("id")))
        if detail.get("type") == "reasoning.encrypted":
            choice.signature(detail.get("data"), redacted=True, id=string(detail.get("id")))


def _text(content: Any) -> str:
    """The visible text of a content, which Mistral sends as a list of parts."""
    texts = [string(content)]
    for part in elements(content):
        if type(part) is str:
            texts.append(part)
        elif member(part, "type") == "text":
            texts.append(string(member(part, "text")))
    return "".join(texts)


def _thoughts(content: Any) -> str:
    """The thinking in a content that is a list of parts."""
    texts = []
    for part in objects(content):
        if part.get("type") == "thinking":
            texts.append(string(part.get("thinking")))
            texts += [string(thought.get("text")) for thought in objects(part.get("thinking"))]
    return "".join(texts)


def _read_tool_calls(delta: _Delta, choice: Choice) -> None:
    for tool_call in elements(delta.tool_calls):
        if type(tool_call) is _ToolCallDelta:
            _read_tool_call(tool_call, choice)
    function = delta.function_call
    if type(function) is _Function:
        # The older field that tool_calls replaced: one call, without an id.
        call = choice.calls.at("function_call") or choice.calls.open("function_call", until_end=True)
        _add(choice.calls, call, _arguments(function), name=string(function.name))


def _read_tool_call(delta: _ToolCallDelta, choice: Choice) -> None:
    function = delta.function
    custom = type(function) is not _Function or (function.name is function.arguments is function.input is None)
    if custom:
        function = delta.custom  # it has an input in place of arguments
    id = string(delta.id)
    name = ""
    arguments = ""
    if type(function) is _Function:
        name = string(function.name)
        arguments = _arguments(function)
    index = integer(delta.index)
    call = _slot(choice.calls, index, id, name)
    if call is None:
        call = choice.calls.open(until_end=True)
    if index is not None:
        choice.calls.put(index, call)
    _add(choice.calls, call, arguments, id=id, name=name, custom=custom and type(function) is _Function)
    # Gemini's compatibility endpoint: to be sent back with the call.
    choice.signature(member(member(delta.extra_content, "google"), "thought_signature"), call=call)


def _slot(calls: Calls, index: int | None, id: str, name: str) -> Call | None:
    """The call that a delta belongs to; None if it begins another one."""
    known = calls.with_id(id)
    at_index = None if index is None else calls.at(index)
    if known is not None and at_index is not None and at_index.id == id:
        return at_index
    if known is not None:
        # Some gateways give several calls one id. A name at a new index, after whole arguments, begins the next call.
        begins = index is not None and not calls.knows(index) and name and calls.is_whole(known)
        return None if begins else known
    if index is not None:
        # Ollama gives every call the index 0. LM Studio gives every fragment of one call a new id, but no name.
        return None if id and name else calls.at(index)
    return None if name or not calls.all else calls.all[-1]


def _add(calls: Calls, call: Call, arguments: str, *, id: str = "", name: str = "", custom: bool = False) -> None:
    if calls.is_repeated(call, arguments):
        arguments = ""
    calls.add(call, arguments, id=id, name=name, custom=custom)


def _arguments(function: _Function) -> str:
    return arguments_text(function.input if function.arguments is None else function.arguments)


def _read_sources(chunk: Chunk, turn: Turn) -> None:
    """Perplexity sends its sources twice in every chunk: with titles, and as plain addresses."""
    for source in objects(chunk.search_results):
        turn.first.citation(source, url=source.get("url"), title=source.get("title"))
    for url in elements(chunk.citations):
        if type(url) is str:
            turn.first.citation(url, url=url)


DIALECT = Dialect("openai", Chunk, recognises=recognises, read=read, usage=Tally.common, sentinel=True)

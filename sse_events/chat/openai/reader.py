"""Chat Completions, and everything that is compatible with it, read by one tolerant decoder.

Source: OpenAI's chat.completion.chunk, and the ways in which Z.ai, DeepSeek, OpenRouter, Groq, Mistral, xAI, Moonshot,
Qwen, MiniMax, Perplexity, Together, Fireworks, Cerebras, Azure, Copilot, Ollama, vLLM, llama.cpp, LM Studio, Gemini's
compatibility endpoint, Snowflake, Writer and Venice were recorded to differ from it. No rule asks which vendor it is.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sse_events.chat._turn import (
    USAGE_PATHS,
    Call,
    ChoiceState,
    Dialect,
    Other,
    Turn,
    UntypedPayload,
    count_usage,
    integer,
    string,
)
from sse_events.chat.events import Token
from sse_events.chat.json import arguments_text


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
    tool_calls: list[_ToolCallDelta | Other] | dict[str, Any] | str | int | float | bool | None = None
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


class Chunk(UntypedPayload, gc=False):
    """What is read of a chat.completion.chunk."""

    id: Any = None
    model: Any = None
    choices: list[_Choice | Other] | dict[str, Any] | str | int | float | bool | None = None
    usage: Any = None
    citations: Any = None
    search_results: Any = None


def decides(payload: dict[str, Any]) -> bool | None:
    """Whether it is a chat completion; None for bare ``choices``, such as Azure's first chunk."""
    if "choices" not in payload:
        return False
    if string(payload.get("object")).startswith("chat.completion"):
        return True
    choices = payload["choices"]
    if type(choices) is not list:
        return False
    if any(type(choice) is dict and ("delta" in choice or "message" in choice) for choice in choices):
        return True
    return None


def is_legacy(payload: dict[str, Any]) -> bool:
    """Whether it is a completion of the API before chat, which is no dialect, whatever follows it."""
    if payload.get("object") == "text_completion":
        return True
    choices = payload.get("choices")
    return type(choices) is list and any(
        type(choice) is dict and "text" in choice and "delta" not in choice and "message" not in choice
        for choice in choices
    )


def read(chunk: Chunk, turn: Turn) -> None:
    """Tell `turn` what a chunk says."""
    if not turn.started:
        turn.start(chunk.id, chunk.model)
    choices = chunk.choices
    if type(choices) is list:
        for choice in choices:
            if type(choice) is not _Choice:
                continue
            if choice.error:
                turn.suspect = True
            state = turn.choice(choice.index) if choice.index else turn.first
            if state is None:
                continue
            delta = choice.delta
            if type(delta) is _Delta:
                content = delta.content
                reasoning = delta.reasoning_content or delta.reasoning
                if delta.reasoning_details or type(content) is list or (reasoning and type(reasoning) is not str):
                    _read_reasoning(delta, state)
                    _read_signatures(delta, state)
                    content = _text(content)
                elif reasoning:
                    state.reasoning(reasoning)
                if content and type(content) is str:
                    # As `state.text`, without its call: this is the token of nearly every chunk.
                    state.has_text = True
                    turn.events.append(Token(content, state.index))
                if delta.refusal:
                    state.refusal(delta.refusal)
                if delta.tool_calls or delta.function_call:
                    _read_tool_calls(delta, state)
                if delta.annotations:
                    _read_annotations(delta.annotations, state)
            message = choice.message
            if type(message) is _Delta:
                _read_snapshot(message, state)
            if choice.logprobs and type(choice.logprobs) is dict:
                state.logprobs(choice.logprobs.get("content"))
            if state is turn.first:
                # Moonshot and others put it here; within one payload the outermost wins, so it comes last.
                if type(message) is _Delta and message.usage:
                    turn.add_usage(message.usage, USAGE_PATHS)
                if type(delta) is _Delta and delta.usage:
                    turn.add_usage(delta.usage, USAGE_PATHS)
                if choice.usage:
                    turn.add_usage(choice.usage, USAGE_PATHS)
            if choice.finish_reason:
                state.finished(choice.finish_reason)
    if chunk.search_results or chunk.citations:
        _read_sources(chunk, turn)
    if type(chunk.x_groq) is dict:
        turn.add_usage(chunk.x_groq.get("usage"), USAGE_PATHS)
    if chunk.usage:
        turn.add_usage(chunk.usage, USAGE_PATHS)


def _read_reasoning(delta: _Delta, state: ChoiceState) -> None:
    # Providers send the same words in several fields, so the first of these that holds any is taken.
    details = _details(delta)
    for text in (
        delta.reasoning_content,
        delta.reasoning,
        "".join(string(detail.get("text")) or string(detail.get("summary")) for detail in details),
        "".join(_thoughts(delta.content)),
    ):
        if type(text) is str and text:
            state.reasoning(text)
            break


def _read_signatures(delta: _Delta, state: ChoiceState) -> None:
    for detail in _details(delta):
        state.signature(detail.get("signature"), id=string(detail.get("id")))
        if detail.get("type") == "reasoning.encrypted":
            state.signature(detail.get("data"), redacted=True, id=string(detail.get("id")))


def _details(delta: _Delta) -> list[dict[str, Any]]:
    details = delta.reasoning_details
    return [detail for detail in details if type(detail) is dict] if type(details) is list else []


def _text(content: Any) -> str:
    """The visible text of a content, which Mistral sends as a list of parts."""
    if type(content) is not list:
        return string(content)
    texts = []
    for part in content:
        if type(part) is str:
            texts.append(part)
        elif type(part) is dict and part.get("type") == "text":
            texts.append(string(part.get("text")))
    return "".join(texts)


def _thoughts(content: Any) -> list[str]:
    texts = []
    for part in content if type(content) is list else ():
        if type(part) is dict and part.get("type") == "thinking":
            thinking = part.get("thinking")
            texts.append(string(thinking))
            for thought in thinking if type(thinking) is list else ():
                texts.append(string(thought.get("text")) if type(thought) is dict else "")
    return texts


def _read_tool_calls(delta: _Delta, state: ChoiceState) -> None:
    if type(delta.tool_calls) is list:
        for tool_call in delta.tool_calls:
            if type(tool_call) is _ToolCallDelta:
                _read_tool_call(tool_call, state)
    function = delta.function_call
    if type(function) is _Function:
        # The legacy field: one call, without an id.
        call = state.calls_by_key.get("function_call") or state.open_call("function_call", open_ended=True)
        state.feed_call(call, _arguments(function), name=string(function.name))


def _read_tool_call(delta: _ToolCallDelta, state: ChoiceState) -> None:
    function = delta.function
    if type(function) is not _Function or (function.name is function.arguments is function.input is None):
        function = delta.custom  # a custom tool's has an input in place of arguments
    id = string(delta.id)
    name = ""
    arguments = ""
    if type(function) is _Function:
        name = string(function.name)
        arguments = _arguments(function)
    index = integer(delta.index)
    call = _slot(state, index, id, name)
    if index is not None:
        state.calls_by_key[index] = call
    state.feed_call(call, arguments, id=id, name=name)
    if type(delta.extra_content) is dict:
        # Gemini's compatibility endpoint: to be sent back with the call.
        google = delta.extra_content.get("google")
        if type(google) is dict:
            state.signature(google.get("thought_signature"), call=call)


def _slot(state: ChoiceState, index: int | None, id: str, name: str) -> Call:
    """The call that a delta belongs to."""
    known = state.calls_by_id.get(id)
    if known is not None:
        return known
    if index is not None:
        call = state.calls_by_key.get(index)
        # Ollama gives every call the index 0; LM Studio gives every fragment of one call a new id, but no name.
        if call is None or (id and name):
            return state.open_call(open_ended=True)
        return call
    if name or not state.calls:
        return state.open_call(open_ended=True)
    return state.calls[-1]


def _arguments(function: _Function) -> str:
    return arguments_text(function.input if function.arguments is None else function.arguments)


def _read_snapshot(message: _Delta, state: ChoiceState) -> None:
    """The whole message so far (Perplexity), or at the end (MiniMax): it fills what was not streamed."""
    if not state.has_reasoning:
        _read_reasoning(message, state)
    if not state.has_signature:
        _read_signatures(message, state)
    if not state.has_text:
        state.text(_text(message.content))
    if not state.has_refusal:
        state.refusal(message.refusal)
    if not state.calls:
        _read_tool_calls(message, state)


def _read_annotations(annotations: Any, state: ChoiceState) -> None:
    for annotation in annotations if type(annotations) is list else ():
        if type(annotation) is dict:
            source = annotation.get("url_citation")
            source = source if type(source) is dict else annotation
            state.citation(annotation, url=source.get("url"), title=source.get("title"), text=source.get("content"))


def _read_sources(chunk: Chunk, turn: Turn) -> None:
    """Perplexity repeats its sources in every chunk, with titles and, as bare addresses, without."""
    for source in chunk.search_results if type(chunk.search_results) is list else ():
        if type(source) is dict:
            turn.first.citation(source, url=source.get("url"), title=source.get("title"))
    for url in chunk.citations if type(chunk.citations) is list else ():
        if type(url) is str:
            turn.first.citation(url, url=url)


DIALECT: Dialect = Dialect("openai", Chunk, decides, read, count_usage, sentinel=True, typed=False)

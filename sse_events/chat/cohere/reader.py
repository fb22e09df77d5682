"""Cohere's chat, version 2.

Source: Cohere's reference of the v2 chat API and its guide to streaming.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from sse_events.chat._turn import (
    ChoiceState,
    Dialect,
    Other,
    Payload,
    Turn,
    first,
    integer,
    integers,
    string,
)
from sse_events.chat.events import Token, Usage
from sse_events.chat.json import arguments_text


class _Content(msgspec.Struct, gc=False):
    text: Any = None
    thinking: Any = None


class _Function(msgspec.Struct, gc=False):
    name: Any = None
    arguments: Any = None


class _ToolCall(msgspec.Struct, gc=False):
    id: Any = None
    function: _Function | Other = None


class _Message(msgspec.Struct, gc=False):
    content: _Content | Other = None
    tool_plan: Any = None
    tool_calls: _ToolCall | list[_ToolCall | Other] | str | int | float | bool | None = None
    citations: Any = None


class _Delta(msgspec.Struct, gc=False):
    message: _Message | Other = None
    finish_reason: Any = None
    error: Any = None
    usage: Any = None


class StreamedEvent(Payload, gc=False):
    """What is read of an event of a streamed message."""

    id: Any = None
    index: Any = None
    delta: _Delta | Other = None


_TYPES = frozenset(
    (
        "message-start",
        "content-start",
        "content-delta",
        "content-end",
        "tool-plan-delta",
        "tool-call-start",
        "tool-call-delta",
        "tool-call-end",
        "citation-start",
        "citation-end",
        "message-end",
    )
)
_TOKENS = frozenset(("input_tokens", "output_tokens"))
_CACHED = frozenset(("cached_tokens",))
_REASONING = frozenset(("reasoning_tokens",))


def decides(payload: dict[str, Any]) -> bool | None:
    """Whether it is an event of a message."""
    return string(payload.get("type")) in _TYPES


def read(event: StreamedEvent, turn: Turn) -> None:
    """Tell `turn` what an event says."""
    kind = event.type
    delta = event.delta
    if type(delta) is not _Delta:
        delta = _Delta()
    message: Any = delta.message
    if kind == "content-delta":
        try:
            text = message.content.text
            thinking = message.content.thinking
        except AttributeError:  # one of them has another shape
            text = thinking = None
        if text and type(text) is str:
            # As `state.text`, without its call and what only snapshots ask for: most payloads are this one.
            turn.events.append(Token(text))
        if thinking:
            turn.first.reasoning(thinking)
    elif kind == "tool-plan-delta":
        if type(message) is _Message:
            turn.first.reasoning(message.tool_plan)
    elif kind == "tool-call-delta":
        call = turn.first.calls_by_key.get(integer(event.index))
        # One whose end was sent takes nothing more.
        if call is not None and not call.ended:
            turn.first.feed_call(call, _arguments(_tool_call(message)))
    else:
        turn.suspect = True
        _read_rare(event, delta, turn)
    if delta.usage:
        _read_usage(delta.usage, turn)


def _read_rare(event: StreamedEvent, delta: _Delta, turn: Turn) -> None:
    kind = event.type
    message = delta.message
    state = turn.first
    if kind == "content-start":
        # The provider closes a call also when a limit cut it. Content, or another call, says that it went on.
        state.settle_calls(whole=True)
        content = message.content if type(message) is _Message else None
        if type(content) is _Content:
            state.text(content.text)
            state.reasoning(content.thinking)
    elif kind == "tool-call-start":
        _open_call(_tool_call(message), integer(event.index), state)
    elif kind == "tool-call-end":
        call = state.calls_by_key.get(integer(event.index))
        if call is not None:
            state.close_call(call)
    elif kind == "citation-start":
        if type(message) is _Message:
            _read_citations(message.citations, state)
    elif kind == "message-end":
        turn.nested = delta.error or None
        if delta.error or string(delta.finish_reason).upper() == "TIMEOUT":
            # The word for it is no error, but it cut what it came upon.
            state.settle_calls(whole=False)
        state.finished(delta.finish_reason)
    elif kind == "message-start":
        turn.start(event.id, None)


def _tool_call(message: Any) -> _ToolCall:
    """The tool call of a message, which is one object, whatever the plural of its name says; or the first of a list."""
    tool_calls = message.tool_calls if type(message) is _Message else None
    for tool_call in tool_calls if type(tool_calls) is list else (tool_calls,):
        if type(tool_call) is _ToolCall:
            return tool_call
    return _ToolCall()


def _arguments(tool_call: _ToolCall) -> str:
    return arguments_text(tool_call.function.arguments if type(tool_call.function) is _Function else None)


def _open_call(tool_call: _ToolCall, index: int | None, state: ChoiceState) -> None:
    state.settle_calls(whole=True)
    name = string(tool_call.function.name) if type(tool_call.function) is _Function else ""
    call = state.open_call(id=string(tool_call.id), name=name)
    state.calls_by_key[index] = call
    state.feed_call(call, _arguments(tool_call))


def _read_citations(citations: Any, state: ChoiceState) -> None:
    """A citation of the text's own words, once for each source that has an address or a title."""
    for citation in citations if type(citations) is list else (citations,):
        if type(citation) is not dict:
            continue
        sources = citation.get("sources")
        named = []
        for source in sources if type(sources) is list else ():
            # What was cited is whatever the caller passed in as a document, or as a tool's result.
            details = (source.get("document") or source.get("tool_output")) if type(source) is dict else None
            if type(details) is dict and (string(details.get("url")) or string(details.get("title"))):
                named.append(details)
        for details in named or [{}]:
            state.citation(citation, url=details.get("url"), title=details.get("title"), text=citation.get("text"))


def _read_usage(usage: Any, turn: Turn) -> None:
    """All tokens if the provider says how many, else those that it bills, which leave out its own prompt."""
    if type(usage) is not dict:
        return
    tokens = usage.get("tokens")
    found = integers(tokens, _TOKENS) or integers(usage.get("billed_units"), _TOKENS)
    found.update(integers(usage, _CACHED) or integers(tokens, _CACHED))
    found.update(integers(tokens, _REASONING))
    turn.merge_usage(found, usage)


def usage(numbers: Mapping[str, int], raw: dict[str, Any]) -> Usage:
    """The usage, whose counts are inclusive as they come."""
    return Usage(
        prompt_tokens=first(numbers, "input_tokens"),
        completion_tokens=first(numbers, "output_tokens"),
        cached_tokens=first(numbers, "cached_tokens"),
        reasoning_tokens=first(numbers, "reasoning_tokens"),
        raw=raw,
    )


DIALECT = Dialect("cohere", StreamedEvent, decides, read, usage, sentinel=True, typed=True)

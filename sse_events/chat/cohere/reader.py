"""Cohere's chat, version 2.

Source: Cohere's reference of the v2 chat API and its guide to streaming.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sse_events.chat.dialect import Dialect, Probe, Verdict
from sse_events.chat.events import Usage
from sse_events.chat.faults import Payload
from sse_events.chat.json import arguments_text
from sse_events.chat.shapes import Other, integer, objects, string
from sse_events.chat.turn import Choice, Turn
from sse_events.chat.usage import Tally, integers


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
    """The fields that are read from an event of a streamed message."""

    id: Any = None
    index: Any = None
    delta: _Delta | Other = None


_NO_DELTA = _Delta()
_NO_MESSAGE = _Message()
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


def recognises(probe: Probe) -> Verdict:
    """Whether a payload is an event of a message."""
    return Verdict.YES if string(probe.type) in _TYPES else Verdict.NO


def read(event: StreamedEvent, turn: Turn) -> bool:
    """Tell `turn` what an event says."""
    delta = event.delta if type(event.delta) is _Delta else _NO_DELTA
    message = delta.message if type(delta.message) is _Message else _NO_MESSAGE
    choice = turn.first
    usual = event.type == "content-delta"
    if usual:
        _read_content(message.content, choice)
    elif event.type == "tool-plan-delta":
        choice.reasoning(message.tool_plan)
    elif event.type == "tool-call-delta":
        call = choice.calls.at(integer(event.index))
        if call is not None:
            choice.calls.add(call, _arguments(_tool_call(message)))
    elif event.type == "content-start":
        # The provider closes a call also when a limit cut it. If content or another call follows, the call is complete.
        choice.calls.settle(whole=True)
        _read_content(message.content, choice)
    elif event.type == "tool-call-start":
        _open_call(_tool_call(message), integer(event.index), choice)
    elif event.type == "tool-call-end":
        call = choice.calls.at(integer(event.index))
        if call is not None:
            choice.calls.close(call)
    elif event.type == "citation-start":
        _read_citations(message.citations, choice)
    elif event.type == "message-end":
        _read_end(delta, turn)
    elif event.type == "message-start":
        turn.start(event.id, None)
    if delta.usage:
        _read_usage(delta.usage, turn.tally)
    return not usual and string(event.type) not in _TYPES


def _read_content(content: Any, choice: Choice) -> None:
    if type(content) is _Content:
        if content.text:
            choice.text(content.text)
        if content.thinking:
            choice.reasoning(content.thinking)


def _read_end(delta: _Delta, turn: Turn) -> None:
    choice = turn.first
    if delta.error:
        choice.calls.settle(whole=False)
    choice.finished(delta.finish_reason)
    if delta.error:
        turn.reported(delta.error)


def _tool_call(message: _Message) -> _ToolCall:
    """The tool call of a message: one object, despite the plural, or the first of a list."""
    tool_calls = message.tool_calls
    for tool_call in tool_calls if type(tool_calls) is list else (tool_calls,):
        if type(tool_call) is _ToolCall:
            return tool_call
    return _ToolCall()


def _arguments(tool_call: _ToolCall) -> str:
    return arguments_text(tool_call.function.arguments if type(tool_call.function) is _Function else None)


def _open_call(tool_call: _ToolCall, index: int | None, choice: Choice) -> None:
    choice.calls.settle(whole=True)
    name = string(tool_call.function.name) if type(tool_call.function) is _Function else ""
    call = choice.calls.open(id=string(tool_call.id), name=name)
    choice.calls.put(index, call)
    choice.calls.add(call, _arguments(tool_call))


def _read_citations(citations: Any, choice: Choice) -> None:
    """A citation of the text's own words, once for each source that has an address or a title."""
    for citation in objects(citations if type(citations) is list else [citations]):
        named: list[dict[str, Any]] = []
        for source in objects(citation.get("sources")):
            # The source is a document or a tool's result that the caller passed in, so its shape can be any.
            details = source.get("document") or source.get("tool_output")
            if type(details) is dict and (string(details.get("url")) or string(details.get("title"))):
                named.append(details)
        for details in named or [{}]:
            choice.citation(citation, url=details.get("url"), title=details.get("title"), text=citation.get("text"))


def _read_usage(usage: Any, tally: Tally) -> None:
    """The count of all tokens, else that of the billed tokens, which leaves out Cohere's own prompt."""
    if type(usage) is not dict:
        return
    tokens = usage.get("tokens")
    found = integers(tokens, _TOKENS) or integers(usage.get("billed_units"), _TOKENS)
    found.update(integers(usage, _CACHED) or integers(tokens, _CACHED))
    found.update(integers(tokens, _REASONING))
    tally.merge(found, usage)


def usage(tally: Tally) -> Usage:
    """The usage. In Cohere's counts the prompt includes cached tokens, and the output reasoning tokens."""
    return Usage(
        prompt_tokens=tally.first("input_tokens"),
        completion_tokens=tally.first("output_tokens"),
        cached_tokens=tally.first("cached_tokens"),
        reasoning_tokens=tally.first("reasoning_tokens"),
        raw=tally.raw,
    )


DIALECT = Dialect("cohere", StreamedEvent, recognises=recognises, read=read, usage=usage, sentinel=True)

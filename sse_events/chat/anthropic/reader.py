"""Anthropic's Messages, and the endpoints of other providers that speak it.

Source: Anthropic's guide to streaming messages and its reference of the Messages API. Server tools and their results,
compaction and the boundary of a fallback to another model are content blocks that make no StreamEvent: ask for `Raw`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from sse_events.chat._turn import (
    USAGE_PATHS,
    ChoiceState,
    Dialect,
    Other,
    Payload,
    Turn,
    count_usage,
    integer,
    string,
    total,
)
from sse_events.chat.events import Token, Usage
from sse_events.chat.json import compact_json


class _Delta(msgspec.Struct, gc=False):
    type: Any = None
    text: Any = None
    thinking: Any = None
    signature: Any = None
    partial_json: Any = None
    citation: Any = None
    stop_reason: Any = None


class _Block(msgspec.Struct, gc=False):
    type: Any = None
    text: Any = None
    citations: Any = None
    thinking: Any = None
    signature: Any = None
    data: Any = None
    id: Any = None
    name: Any = None
    input: Any = None


class _Message(msgspec.Struct, gc=False):
    id: Any = None
    model: Any = None
    usage: Any = None


class StreamedEvent(Payload, gc=False):
    """What is read of an event of a streamed message."""

    index: Any = None
    delta: _Delta | Other = None
    content_block: _Block | Other = None
    message: _Message | Other = None
    usage: Any = None


_TYPES = frozenset(
    (
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    )
)


def decides(payload: dict[str, Any]) -> bool | None:
    """Whether it is an event of a message; ``ping`` and ``error`` are used by other providers too."""
    return string(payload.get("type")) in _TYPES


def read(event: StreamedEvent, turn: Turn) -> None:
    """Tell `turn` what an event says."""
    kind = event.type
    if kind == "content_block_delta":
        delta = event.delta
        if type(delta) is _Delta:
            if delta.type == "text_delta":
                text = delta.text
                if text and type(text) is str:
                    # As `state.text`, without its call and what only snapshots ask for: most payloads are this one.
                    turn.events.append(Token(text))
            else:
                _read_delta(delta, integer(event.index), turn.first)
    else:
        turn.suspect = True
        _read_rare(event, kind, turn)
    # Cumulative, and so are the counts of several messages: the last of each is taken, nothing is added up.
    if event.message and type(event.message) is _Message:
        turn.add_usage(event.message.usage, USAGE_PATHS)
    if event.usage:
        turn.add_usage(event.usage, USAGE_PATHS)


def _read_rare(event: StreamedEvent, kind: Any, turn: Turn) -> None:
    state = turn.first
    if kind == "content_block_start":
        _open_block(event.content_block, integer(event.index), state)
    elif kind == "content_block_stop":
        _close_block(integer(event.index), state)
    elif kind == "message_start":
        # A second one, which gateways splice in, resets nothing; but what comes after it is another message, and so
        # cannot say that a call before it was not cut.
        state.settle_calls(whole=False)
        if type(event.message) is _Message:
            turn.start(event.message.id, event.message.model)
    elif kind == "message_delta":
        if type(event.delta) is _Delta:
            state.finished(event.delta.stop_reason)
    elif kind == "message_stop":
        turn.recovered()
        turn.terminal()


def _open_block(block: Any, index: int | None, state: ChoiceState) -> None:
    kind = block.type if type(block) is _Block else None
    # The provider closes a block also when a limit cut it. Another block says that it went on; not so the one that
    # marks where another model took over, because the first declined in the middle.
    state.settle_calls(whole=kind != "fallback")
    # Indexes start again after a second message_start. A call that was still open there stays without its end.
    state.calls_by_key.pop(index, None)
    if kind == "text":
        state.text(block.text)
        for citation in block.citations if type(block.citations) is list else ():
            _read_citation(citation, state)
    elif kind == "thinking":
        state.reasoning(block.thinking)
        state.signature(block.signature)
    elif kind == "redacted_thinking":
        state.signature(block.data, redacted=True)
    elif kind == "tool_use":
        call = state.open_call(id=string(block.id), name=string(block.name))
        call.given = "{}" if block.input is None else compact_json(block.input)
        state.calls_by_key[index] = call


def _read_delta(delta: _Delta, index: int | None, state: ChoiceState) -> None:
    kind = delta.type
    if kind == "input_json_delta":
        # A server tool's has no call: the provider runs it itself.
        call = state.calls_by_key.get(index)
        if call is not None:
            state.feed_call(call, string(delta.partial_json))
    elif kind == "thinking_delta":
        state.reasoning(delta.thinking)
    elif kind == "signature_delta":
        state.signature(delta.signature)
    elif kind == "citations_delta":
        _read_citation(delta.citation, state)


def _close_block(index: int | None, state: ChoiceState) -> None:
    call = state.calls_by_key.pop(index, None)
    if call is not None:
        if not call.fragments:
            state.feed_call(call, call.given)
        state.close_call(call)


def _read_citation(citation: Any, state: ChoiceState) -> None:
    """A place on the web (url, title), in a search result (source, title) or in a document (document_title)."""
    if type(citation) is dict:
        state.citation(
            citation,
            url=citation.get("url") or citation.get("source"),
            title=citation.get("title") or citation.get("document_title"),
            text=citation.get("cited_text"),
        )


def usage(numbers: Mapping[str, int], raw: dict[str, Any]) -> Usage:
    """The usage, with what was read from and written to the cache, which Anthropic counts apart, in the prompt."""
    prompt = total(
        numbers.get("input_tokens"),
        numbers.get("cache_read_input_tokens"),
        numbers.get("cache_creation_input_tokens"),
    )
    return msgspec.structs.replace(count_usage(numbers, raw), prompt_tokens=prompt)


DIALECT = Dialect("anthropic", StreamedEvent, decides, read, usage, sentinel=False, typed=True)

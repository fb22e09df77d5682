"""Anthropic's Messages, and the endpoints of other providers that speak it.

Source: Anthropic's guide to streaming messages and its reference of the Messages API. Server tools and their results,
compaction and the boundary of a fallback to another model are content blocks that make no StreamEvent: ask for `Raw`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sse_events.chat.dialect import Dialect, Probe, Verdict
from sse_events.chat.events import Usage
from sse_events.chat.faults import Payload
from sse_events.chat.json import compact_json
from sse_events.chat.shapes import Other, integer, objects, string
from sse_events.chat.turn import Choice, Turn
from sse_events.chat.usage import Tally


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
    """The fields that are read from an event of a streamed message."""

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


def recognises(probe: Probe) -> Verdict:
    """Whether a payload is an event of a message; ``ping`` and ``error`` are used by other providers too."""
    return Verdict.YES if string(probe.type) in _TYPES else Verdict.NO


def read(event: StreamedEvent, turn: Turn) -> bool:
    """Tell `turn` what an event says."""
    choice = turn.first
    usual = event.type == "content_block_delta"
    if usual:
        delta = event.delta
        if type(delta) is _Delta:
            if delta.type == "text_delta":
                choice.text(delta.text)
            else:
                _read_delta(delta, integer(event.index), choice)
    elif event.type == "content_block_start":
        _open_block(event.content_block, integer(event.index), choice)
    elif event.type == "content_block_stop":
        call = choice.calls.free(integer(event.index))
        if call is not None:
            choice.calls.close(call)
    elif event.type == "message_start":
        # Gateways add a second one in the middle of a stream. It resets nothing.
        if type(event.message) is _Message:
            turn.start(event.message.id, event.message.model)
    elif event.type == "message_delta":
        if type(event.delta) is _Delta:
            choice.finished(event.delta.stop_reason)
    elif event.type == "message_stop":
        turn.recovered()
        turn.terminal()
    # The counts are cumulative: the last value of each counts.
    if type(event.message) is _Message:
        turn.tally.add(event.message.usage)
    if event.usage:
        turn.tally.add(event.usage)
    return not usual and string(event.type) not in _TYPES


def _open_block(block: Any, index: int | None, choice: Choice) -> None:
    kind = block.type if type(block) is _Block else None
    # The provider closes a block also when a limit cut it. If another block follows, the call is complete. A `fallback`
    # block is the exception: it marks where another model took over, because the first one stopped in the middle.
    choice.calls.settle(whole=kind != "fallback")
    # Indexes start again after a second message_start. A call that is still open at this point is never ended by its
    # index.
    choice.calls.free(index)
    if kind == "text":
        choice.text(block.text)
        for citation in objects(block.citations):
            _read_citation(citation, choice)
    elif kind == "thinking":
        choice.reasoning(block.thinking)
        choice.signature(block.signature)
    elif kind == "redacted_thinking":
        choice.signature(block.data, redacted=True)
    elif kind == "tool_use":
        call = choice.calls.open(id=string(block.id), name=string(block.name))
        choice.calls.put(index, call)
        call.given = "{}" if block.input is None else compact_json(block.input)


def _read_delta(delta: _Delta, index: int | None, choice: Choice) -> None:
    kind = delta.type
    if kind == "input_json_delta":
        # The input of a server tool has no call: the provider runs it itself.
        call = choice.calls.at(index)
        if call is not None:
            choice.calls.add(call, string(delta.partial_json))
    elif kind == "thinking_delta":
        choice.reasoning(delta.thinking)
    elif kind == "signature_delta":
        choice.signature(delta.signature)
    elif kind == "citations_delta" and type(delta.citation) is dict:
        _read_citation(delta.citation, choice)


def _read_citation(citation: dict[str, Any], choice: Choice) -> None:
    """A place on the web (url, title), in a search result (source, title) or in a document (document_title)."""
    choice.citation(
        citation,
        url=citation.get("url") or citation.get("source"),
        title=citation.get("title") or citation.get("document_title"),
        text=citation.get("cited_text"),
    )


def usage(tally: Tally) -> Usage:
    """The usage. Anthropic counts cached and cache-written tokens separately; here the prompt includes them."""
    prompt = None
    if "input_tokens" in tally.numbers:
        prompt = tally.total("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    return msgspec.structs.replace(tally.common(), prompt_tokens=prompt)


DIALECT = Dialect("anthropic", StreamedEvent, recognises=recognises, read=read, usage=usage)

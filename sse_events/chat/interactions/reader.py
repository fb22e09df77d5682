"""Gemini's Interactions, streamed (``/v1beta/interactions?alt=sse``).

Source: Google's reference of the Interactions API, the types of its Python SDK, and recorded streams. The payload's
``event_type`` tells the events apart, because some servers send no ``event:`` lines. Server tools are steps that make
no StreamEvent: ask for `Raw`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sse_events.chat.dialect import Dialect, Probe, Verdict
from sse_events.chat.events import FinishReason, Usage
from sse_events.chat.faults import Payload
from sse_events.chat.json import arguments_text
from sse_events.chat.shapes import Other, integer, member, objects, string
from sse_events.chat.turn import Choice, Turn
from sse_events.chat.usage import Tally


class _Delta(msgspec.Struct, gc=False):
    type: Any = None
    text: Any = None
    content: Any = None
    signature: Any = None
    arguments: Any = None
    annotations: Any = None


class _Step(msgspec.Struct, gc=False):
    type: Any = None
    id: Any = None
    name: Any = None
    arguments: Any = None
    signature: Any = None


class _Interaction(msgspec.Struct, gc=False):
    id: Any = None
    model: Any = None
    status: Any = None
    usage: Any = None


class InteractionEvent(Payload, gc=False):
    """The fields that are read from an event of an interaction."""

    event_type: Any = None
    index: Any = None
    step: _Step | Other = None
    delta: _Delta | Other = None
    interaction: _Interaction | Other = None
    status: Any = None
    metadata: Any = None


_STEP_EVENTS = ("step.start", "step.delta", "step.stop")
_USAGE_PATHS = frozenset(
    (
        "total_input_tokens",
        "total_tool_use_tokens",
        "total_output_tokens",
        "total_thought_tokens",
        "total_cached_tokens",
        "total_tokens",
    )
)
# The statuses that end an interaction. With any other, such as "queued", it goes on.
_TERMINAL: dict[str, FinishReason] = {
    "completed": "stop",
    "requires_action": "tool_calls",
    "incomplete": "length",
    "budget_exceeded": "length",
    "failed": "error",
    "cancelled": "error",
}


def recognises(probe: Probe) -> Verdict:
    """Whether a payload is an event of an interaction."""
    event_type = string(probe.event_type)
    return Verdict.YES if event_type.startswith("interaction.") or event_type in _STEP_EVENTS else Verdict.NO


def read(event: InteractionEvent, turn: Turn) -> bool:
    """Tell `turn` what an event says."""
    choice = turn.first
    usual = event.event_type == "step.delta"
    if usual:
        if type(event.delta) is _Delta:
            _read_delta(event.delta, integer(event.index), choice)
    elif event.event_type == "step.start":
        _open_step(event.step, integer(event.index), choice)
    elif event.event_type == "step.stop":
        call = choice.calls.free(integer(event.index))
        if call is not None:
            choice.calls.close(call)
    elif string(event.event_type).startswith("interaction."):
        _read_interaction(event, turn)
    if event.metadata:
        turn.tally.add(member(event.metadata, "usage"), _USAGE_PATHS)
    return not usual and not string(event.event_type)


def _read_delta(delta: _Delta, index: int | None, choice: Choice) -> None:
    kind = delta.type
    if kind == "text":
        choice.text(delta.text)
    elif kind == "arguments_delta":
        call = choice.calls.at(index)
        if call is not None:
            choice.calls.add(call, arguments_text(delta.arguments))
    elif kind == "thought_summary":
        choice.reasoning(member(delta.content, "text"))
    elif kind == "thought_signature":
        choice.signature(delta.signature)
    elif kind == "text_annotation" or kind == "text_annotation_delta":
        # Recorded streams have the first name, Google's SDK knows only the second.
        for annotation in objects(delta.annotations):
            choice.citation(annotation, url=annotation.get("url"), title=annotation.get("title"))


def _open_step(step: Any, index: int | None, choice: Choice) -> None:
    # The provider closes a call also when a limit cut it. If another step follows, the call is complete.
    choice.calls.settle(whole=True)
    choice.calls.free(index)
    if type(step) is _Step and step.type == "function_call":
        call = choice.calls.open(id=string(step.id), name=string(step.name))
        choice.calls.put(index, call)
        choice.signature(step.signature, call=call)
        call.given = arguments_text(step.arguments)


def _read_interaction(event: InteractionEvent, turn: Turn) -> None:
    interaction = event.interaction if type(event.interaction) is _Interaction else _Interaction()
    turn.start(interaction.id, interaction.model)
    turn.tally.add(interaction.usage, _USAGE_PATHS)
    status = string(interaction.status) or string(event.status)
    status = status or string(event.event_type).removeprefix("interaction.")
    reason = _TERMINAL.get(status.lower())
    if reason is None:
        return
    turn.first.finished(status, reason)
    if event.event_type == "interaction.status_update":
        turn.proper_end()  # the event with the usage is still to come
    else:
        turn.terminal()


def usage(tally: Tally) -> Usage:
    """The usage. Google counts thoughts apart from the output, and its tools' prompts apart from the input."""
    return Usage(
        prompt_tokens=tally.total("total_input_tokens", "total_tool_use_tokens"),
        completion_tokens=tally.total("total_output_tokens", "total_thought_tokens"),
        cached_tokens=tally.first("total_cached_tokens"),
        reasoning_tokens=tally.first("total_thought_tokens"),
        total_tokens=tally.first("total_tokens"),
        raw=tally.raw,
    )


DIALECT = Dialect("interactions", InteractionEvent, recognises=recognises, read=read, usage=usage)

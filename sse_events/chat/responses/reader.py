"""OpenAI's Responses, as OpenAI, Azure, xAI, DeepSeek, OpenRouter, LM Studio and others stream it.

Source: OpenAI's API reference, the streaming events of Responses, and the ways in which recorded streams differ from
it. Events go by the payload's ``type``, because some servers send no ``event:`` lines; ``[DONE]``, which OpenRouter
alone sends, means nothing.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sse_events.chat.dialect import Dialect, Probe, Verdict
from sse_events.chat.events import Citation, Reasoning, ReasoningSignature, Refusal, Token
from sse_events.chat.faults import Payload, may_report
from sse_events.chat.json import arguments_text
from sse_events.chat.shapes import Other, OtherThanList, elements, integer, member, objects, string
from sse_events.chat.turn import Choice, Turn
from sse_events.chat.usage import Tally


class _Item(msgspec.Struct, gc=False):
    type: Any = None
    id: Any = None
    call_id: Any = None
    name: Any = None
    arguments: Any = None
    input: Any = None
    status: Any = None
    encrypted_content: Any = None
    summary: Any = None
    content: Any = None


class _Response(msgspec.Struct, gc=False):
    id: Any = None
    model: Any = None
    usage: Any = None
    output: list[_Item | Other] | OtherThanList = None
    error: Any = None
    incomplete_details: Any = None


class ResponseEvent(Payload, gc=False):
    """What is read of a streaming event of Responses."""

    delta: Any = None
    logprobs: Any = None
    output_index: Any = None
    item_id: Any = None
    item: _Item | Other = None
    arguments: Any = None
    input: Any = None
    annotation: Any = None
    response: _Response | Other = None


# The items whose call is the caller's to answer; those of server tools, shells and patches are no ToolCall.
_CALL_ITEMS = ("function_call", "custom_tool_call")


def recognises(probe: Probe) -> Verdict:
    """Whether a payload is an event of Responses."""
    return Verdict.YES if string(probe.type).startswith("response.") else Verdict.NO


def read(event: ResponseEvent, turn: Turn) -> bool:
    """Tell `turn` what an event says."""
    choice = turn.first
    if type(event.response) is _Response:
        turn.start(event.response.id, event.response.model)
        turn.tally.add(event.response.usage)
    kind = event.type
    if kind == "response.output_text.delta":
        choice.text(event.delta)
        if event.logprobs:
            choice.logprobs(event.logprobs)
    elif kind == "response.reasoning_text.delta" or kind == "response.reasoning_summary_text.delta":
        choice.reasoning(event.delta)
    elif kind == "response.function_call_arguments.delta" or kind == "response.custom_tool_call_input.delta":
        call = choice.calls.at(_key(event.output_index, event.item_id))
        if call is not None:
            choice.calls.add(call, string(event.delta))
    elif kind == "response.refusal.delta":
        choice.refusal(event.delta)
    else:
        _read_rare(event, turn)
        return not string(kind).startswith("response.") or may_report(event)
    return False


def _read_rare(event: ResponseEvent, turn: Turn) -> None:
    """The events that come once for an item, or once for a response."""
    choice = turn.first
    kind = event.type
    item = event.item
    if kind == "response.output_item.added":
        # A call that was done without a status is whole: only the last item can have been cut.
        choice.calls.settle(whole=True)
        if type(item) is _Item:
            _read_call(item, _key(event.output_index, item.id), choice)
    elif kind == "response.output_item.done":
        if type(item) is _Item:
            _read_signature(item, choice)
            _read_call(item, _key(event.output_index, item.id), choice, done=True)
    elif kind == "response.function_call_arguments.done" or kind == "response.custom_tool_call_input.done":
        call = choice.calls.at(_key(event.output_index, event.item_id))
        if call is not None and not call.fragments:
            choice.calls.add(call, _arguments(event))
    elif kind == "response.output_text.annotation.added" or kind == "response.output_text_annotation.added":
        # The second name is a misspelling in OpenAI's own types of 2025, which gateways copied.
        _read_annotation(event.annotation, choice)
    elif kind == "response.completed" or kind == "response.incomplete" or kind == "response.failed":
        _read_end(event, turn)


def _key(output_index: Any, item_id: Any) -> int | str:
    """The slot of an item: its place in the output, because GitHub Copilot gives it another id in every event."""
    index = integer(output_index)
    return string(item_id) if index is None else index


def _read_call(item: _Item, key: int | str | None, choice: Choice, *, done: bool = False) -> None:
    if item.type not in _CALL_ITEMS or (choice.calls.knows(key) and choice.calls.at(key) is None):
        return
    call = choice.calls.at(key) or choice.calls.open(key)
    arguments = "" if call.fragments else _arguments(item)
    choice.calls.add(call, arguments, id=string(item.call_id), name=string(item.name))
    if done:
        status = string(item.status)
        if status:
            choice.calls.end(call, whole=status == "completed")
        else:
            choice.calls.close(call)


def _arguments(source: _Item | ResponseEvent) -> str:
    # The input is that of a custom tool.
    return arguments_text(source.arguments) or arguments_text(source.input)


def _read_signature(item: _Item, choice: Choice) -> None:
    # Not of output_item.added: the content there is provisional, and another one comes with the item when it is done.
    if item.type == "reasoning":
        choice.signature(item.encrypted_content, id=string(item.id))


def _read_annotation(annotation: Any, choice: Choice) -> None:
    if type(annotation) is dict:
        title = string(annotation.get("title")) or annotation.get("filename")
        choice.citation(annotation, url=annotation.get("url"), title=title)


def _read_end(event: ResponseEvent, turn: Turn) -> None:
    choice = turn.first
    response = event.response if type(event.response) is _Response else _Response()
    _read_output(response.output, choice)
    for call in choice.calls.all:
        choice.calls.close(call)  # also where the server sends no output_item.done
    choice.calls.settle(whole=event.type == "response.completed")
    if event.type == "response.completed":
        choice.finished("completed")
    elif event.type == "response.incomplete":
        choice.finished(string(member(response.incomplete_details, "reason")) or "incomplete")
        turn.recovered()  # whatever the word: the provider brought it to an end
    else:
        choice.finished("failed")
        if _is_error(event.error):
            turn.reported(event.error)
        if _is_error(response.error):
            turn.reported(response.error)
        elif not turn.has_error:
            turn.reported({})  # it did not say why, neither here nor before
    turn.terminal()


def _is_error(value: Any) -> bool:
    return bool(value) and type(value) in (dict, str)


def _read_output(output: Any, choice: Choice) -> None:
    """The whole output, which the last event repeats: it fills in what was not streamed."""
    said = set(choice.said)
    calls = not choice.calls.all
    for item in elements(output):
        if type(item) is not _Item:
            continue
        if item.type == "reasoning":
            if Reasoning not in said:
                for part in objects(item.summary) + objects(item.content):
                    choice.reasoning(part.get("text"))
            if ReasoningSignature not in said:
                _read_signature(item, choice)
            continue
        for part in objects(item.content):
            if Token not in said and part.get("type") == "output_text":
                choice.text(part.get("text"))
            if Refusal not in said and part.get("type") == "refusal":
                choice.refusal(part.get("refusal"))
            if Citation not in said:
                for annotation in objects(part.get("annotations")):
                    _read_annotation(annotation, choice)
        if calls:
            _read_call(item, None, choice, done=True)


DIALECT = Dialect("responses", ResponseEvent, recognises=recognises, read=read, usage=Tally.common)

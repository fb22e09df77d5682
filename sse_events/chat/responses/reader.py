"""OpenAI's Responses, as OpenAI, Azure, xAI, DeepSeek, OpenRouter, LM Studio and others stream it.

Source: OpenAI's API reference, the streaming events of Responses, and the ways in which recorded streams differ from
it. Events go by the payload's ``type``, because some servers send no ``event:`` lines; ``[DONE]``, which OpenRouter
alone sends, means nothing.
"""

from __future__ import annotations

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
)
from sse_events.chat.events import Reasoning, Token
from sse_events.chat.json import arguments_text


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
    output: list[_Item | Other] | dict[str, Any] | str | int | float | bool | None = None
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


def decides(payload: dict[str, Any]) -> bool:
    """Whether it is an event of Responses."""
    return string(payload.get("type")).startswith("response.")


def read(event: ResponseEvent, turn: Turn) -> None:
    """Tell `turn` what an event says."""
    kind = event.type
    delta = event.delta
    response = event.response
    if type(response) is _Response:
        turn.start(response.id, response.model)
        turn.add_usage(response.usage, USAGE_PATHS)
    if kind == "response.output_text.delta":
        # As `state.text`, without its call: this is the token of nearly every payload.
        if delta and type(delta) is str:
            turn.first.has_text = True
            turn.events.append(Token(delta))
        if event.logprobs:
            turn.first.logprobs(event.logprobs)
    elif kind == "response.reasoning_text.delta" or kind == "response.reasoning_summary_text.delta":
        if delta and type(delta) is str:
            turn.first.has_reasoning = True
            turn.events.append(Reasoning(delta))
    elif kind == "response.function_call_arguments.delta" or kind == "response.custom_tool_call_input.delta":
        call = turn.first.calls_by_key.get(_key(event.output_index, event.item_id))
        if call is not None and not call.ended:
            turn.first.feed_call(call, string(delta))
    elif kind == "response.refusal.delta":
        turn.first.refusal(delta)
    else:
        turn.suspect = True
        _read_rare(event, kind, turn)


def _read_rare(event: ResponseEvent, kind: Any, turn: Turn) -> None:
    """The events that come once for an item, or once for a response."""
    state = turn.first
    item = event.item
    if kind == "response.output_item.added":
        # A call that was done without a status is whole: only the last item can have been cut.
        state.settle_calls(whole=True)
        if type(item) is _Item:
            _read_call(item, _key(event.output_index, item.id), state)
    elif kind == "response.output_item.done":
        if type(item) is _Item:
            _read_signature(item, state)
            _read_call(item, _key(event.output_index, item.id), state, done=True)
    elif kind == "response.function_call_arguments.done" or kind == "response.custom_tool_call_input.done":
        call = state.calls_by_key.get(_key(event.output_index, event.item_id))
        if call is not None and not call.ended and not call.fragments:
            state.feed_call(call, _arguments(event))
    elif kind == "response.output_text.annotation.added" or kind == "response.output_text_annotation.added":
        # The second name is a misspelling in OpenAI's own types of 2025, which gateways copied.
        _read_annotation(event.annotation, state)
    elif kind == "response.completed" or kind == "response.incomplete" or kind == "response.failed":
        _read_end(event, kind, turn)


def _key(output_index: Any, item_id: Any) -> int | str:
    """The slot of a call: GitHub Copilot gives an item another id in every event, so its place in the output counts."""
    index = integer(output_index)
    return string(item_id) if index is None else index


def _read_call(item: _Item, key: int | str | None, state: ChoiceState, *, done: bool = False) -> None:
    if item.type not in _CALL_ITEMS:
        return
    call = state.calls_by_key.get(key) or state.open_call(key)
    if call.ended:
        return
    arguments = "" if call.fragments else _arguments(item)
    state.feed_call(call, arguments, id=string(item.call_id), name=string(item.name))
    if done:
        status = string(item.status)
        if status:
            state.end_call(call, whole=status == "completed")
        else:
            state.close_call(call)


def _arguments(source: _Item | ResponseEvent) -> str:
    # The input is that of a custom tool.
    return arguments_text(source.arguments) or arguments_text(source.input)


def _read_signature(item: _Item, state: ChoiceState) -> None:
    # Not of output_item.added: the content there is provisional, and another one comes with the item when it is done.
    if item.type == "reasoning":
        state.signature(item.encrypted_content, id=string(item.id))


def _read_annotation(annotation: Any, state: ChoiceState) -> None:
    if type(annotation) is dict:
        title = string(annotation.get("title")) or annotation.get("filename")
        state.citation(annotation, url=annotation.get("url"), title=title)


def _read_end(event: ResponseEvent, kind: str, turn: Turn) -> None:
    state = turn.first
    response = event.response if type(event.response) is _Response else _Response()
    _read_output(response.output, state)
    for call in state.calls:
        state.close_call(call)  # also where the server sends no output_item.done
    state.settle_calls(whole=kind == "response.completed")
    if kind == "response.completed":
        state.finished("completed")
    elif kind == "response.incomplete":
        details = response.incomplete_details
        reason = details.get("reason") if type(details) is dict else None
        state.finished(string(reason) or "incomplete")
        turn.recovered()  # whatever the word: the provider brought it to an end
    else:
        state.finished("failed")
        if _is_error(response.error):
            turn.nested = response.error
        elif not turn.errors and not _is_error(event.error):
            turn.nested = {}  # it did not say why, neither here nor before
    turn.terminal()


def _is_error(value: Any) -> bool:
    return bool(value) and type(value) in (dict, str)


def _read_output(output: Any, state: ChoiceState) -> None:
    """The whole output, which the last event repeats: it fills what was not streamed."""
    text = not state.has_text
    reasoning = not state.has_reasoning
    refusal = not state.has_refusal
    citations = not state.has_citation
    signatures = not state.has_signature
    calls = not state.calls
    for item in output if type(output) is list else ():
        if type(item) is not _Item:
            continue
        if item.type == "reasoning":
            if reasoning:
                for part in _objects(item.summary) + _objects(item.content):
                    state.reasoning(part.get("text"))
            if signatures:
                _read_signature(item, state)
            continue
        for part in _objects(item.content):
            if text and part.get("type") == "output_text":
                state.text(part.get("text"))
            if refusal and part.get("type") == "refusal":
                state.refusal(part.get("refusal"))
            if citations:
                for annotation in _objects(part.get("annotations")):
                    _read_annotation(annotation, state)
        if calls:
            _read_call(item, None, state, done=True)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [element for element in value if type(element) is dict] if type(value) is list else []


DIALECT = Dialect("responses", ResponseEvent, decides, read, count_usage, sentinel=False, typed=True)

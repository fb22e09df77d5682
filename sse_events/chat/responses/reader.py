"""OpenAI's Responses, as OpenAI, Azure, xAI, DeepSeek, OpenRouter, LM Studio and others stream it.

Source: OpenAI's API reference, the streaming events of Responses, and recorded streams that differ from it. The
payload's ``type`` tells the events apart, because some servers send no ``event:`` lines. ``[DONE]``, which only
OpenRouter sends, is ignored.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sse_events.chat.dialect import Dialect, Probe, Verdict
from sse_events.chat.events import Citation
from sse_events.chat.faults import Payload
from sse_events.chat.json import arguments_text
from sse_events.chat.responses.items import Items, Key, Kind
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
    """The fields that are read from a streaming event of Responses."""

    delta: Any = None
    logprobs: Any = None
    output_index: Any = None
    item_id: Any = None
    item: _Item | Other = None
    arguments: Any = None
    input: Any = None
    annotation: Any = None
    response: _Response | Other = None
    output: list[_Item | Other] | OtherThanList = None
    text: Any = None
    refusal: Any = None
    content_index: Any = None
    sequence_number: Any = None


# The items whose calls the caller answers. Calls of server tools, shells and patches are not returned.
_CALL_ITEMS = ("function_call", "custom_tool_call")
_KINDS: tuple[Kind, ...] = ("text", "refusal", "reasoning", "signature", "call")


def recognises(probe: Probe) -> Verdict:
    """Whether a payload is an event of Responses."""
    return Verdict.YES if string(probe.type).startswith("response.") else Verdict.NO


def read(event: ResponseEvent, turn: Turn) -> bool:
    """Tell `turn` what an event says."""
    items = turn.memory
    if items is None:
        items = turn.memory = Items()
    choice = turn.first
    if type(event.sequence_number) is int:
        turn.sequence_number = event.sequence_number
    kind = event.type
    if kind == "response.output_text.delta":
        if items.latest != ("text", event.output_index):  # nearly every delta has the same item as the last one
            _came("text", event, choice)
        choice.text(event.delta)
        if event.logprobs:
            choice.logprobs(event.logprobs)
    elif kind == "response.reasoning_text.delta" or kind == "response.reasoning_summary_text.delta":
        _came("reasoning", event, choice)
        choice.reasoning(event.delta)
    elif kind == "response.function_call_arguments.delta" or kind == "response.custom_tool_call_input.delta":
        call = choice.calls.open_at(_key(event.output_index, event.item_id))
        if call is not None:
            choice.calls.add(call, string(event.delta))
    elif kind == "response.refusal.delta":
        _came("refusal", event, choice)
        choice.refusal(event.delta)
    else:
        _read_rare(event, turn)
        return not string(kind).startswith("response.")
    return False


def _came(kind: Kind, event: ResponseEvent, choice: Choice) -> None:
    if event.delta and type(event.delta) is str:
        choice.turn.memory.came(kind, _key(event.output_index, event.item_id), string(event.item_id))


def _read_rare(event: ResponseEvent, turn: Turn) -> None:
    """The events that come once for an item, or once for a response."""
    if type(event.response) is _Response:
        turn.start(event.response.id, event.response.model)
        turn.tally.add(event.response.usage)
    choice = turn.first
    kind = event.type
    item = event.item
    if kind == "response.output_item.added":
        # A call that is done but has no status is whole, because only the last item can be cut.
        choice.calls.settle(whole=True)
        if type(item) is _Item:
            _read_call(item, _key(event.output_index, item.id), choice)
    elif kind == "response.output_item.done":
        if type(item) is _Item:
            _read_item(item, _key(event.output_index, item.id), choice)
    elif kind == "response.output_text.done" or kind == "response.refusal.done":
        _read_part(event, choice)
    elif kind == "response.function_call_arguments.done" or kind == "response.custom_tool_call_input.done":
        call = choice.calls.open_at(_key(event.output_index, event.item_id))
        if call is not None and not call.fragments:
            choice.calls.add(call, _arguments(event))
    elif kind == "response.output_text.annotation.added" or kind == "response.output_text_annotation.added":
        # The second name is a misspelling in OpenAI's own types of 2025, which gateways copied.
        _read_annotation(event.annotation, choice)
    elif kind == "response.completed" or kind == "response.incomplete" or kind == "response.failed":
        _read_end(event, turn)


def _key(output_index: Any, item_id: Any) -> Key:
    """The key of an item: its place in the output, because GitHub Copilot changes its id in every event."""
    index = integer(output_index)
    return string(item_id) if index is None else index


def _read_part(event: ResponseEvent, choice: Choice) -> None:
    """Read a whole text or refusal. It repeats its deltas, but some servers send only this."""
    kind: Kind = "text" if event.type == "response.output_text.done" else "refusal"
    text = string(event.text if kind == "text" else event.refusal)
    key = _key(event.output_index, event.item_id)
    items: Items = choice.turn.memory
    if text and items.is_new_part(kind, key, integer(event.content_index)):
        items.came(kind, key, string(event.item_id))
        _say(kind, text, choice)


def _read_item(item: _Item, key: Key, choice: Choice) -> None:
    """Read a whole item. It repeats what arrived of it, and fills in the rest."""
    items: Items = choice.turn.memory
    for kind, text in _texts(item):
        if not items.has(kind, key):
            _say(kind, text, choice)
    for kind, _ in _texts(item):
        items.came(kind, key, string(item.id))
    _read_signature(item, key, choice)
    _read_call(item, key, choice, done=True)


def _texts(item: _Item) -> list[tuple[Kind, str]]:
    """The texts in an item, in order."""
    texts: list[tuple[Kind, str]] = []
    if item.type == "reasoning":
        texts = [("reasoning", string(part.get("text"))) for part in objects(item.summary) + objects(item.content)]
    else:
        for part in objects(item.content):
            if part.get("type") == "output_text":
                texts.append(("text", string(part.get("text"))))
            elif part.get("type") == "refusal":
                texts.append(("refusal", string(part.get("refusal"))))
    return [(kind, text) for kind, text in texts if text]


def _say(kind: Kind, text: str, choice: Choice) -> None:
    if kind == "text":
        choice.text(text)
    elif kind == "refusal":
        choice.refusal(text)
    else:
        choice.reasoning(text)


def _read_signature(item: _Item, key: Key, choice: Choice) -> None:
    # Read only from an item that is done: at output_item.added the content is provisional.
    if item.type == "reasoning" and string(item.encrypted_content):
        choice.signature(item.encrypted_content, id=string(item.id))
        choice.turn.memory.came("signature", key, string(item.id))


def _read_call(item: _Item, key: Key | None, choice: Choice, *, done: bool = False) -> None:
    calls = choice.calls
    if item.type not in _CALL_ITEMS or (calls.knows(key) and calls.open_at(key) is None):
        return
    call = calls.open_at(key) or calls.open(key, custom=item.type == "custom_tool_call")
    if key is not None:
        choice.turn.memory.came("call", key, string(item.id))
    arguments = "" if call.fragments else _arguments(item)
    calls.add(call, arguments, id=string(item.call_id), name=string(item.name))
    if not done:
        return
    if string(item.status):
        # The item is over, whatever else the status says: "in_progress" was recorded here.
        calls.end(call, whole=item.status != "incomplete")
    else:
        calls.close(call)


def _arguments(source: _Item | ResponseEvent) -> str:
    # The input is that of a custom tool.
    return arguments_text(source.arguments) or arguments_text(source.input)


def _read_annotation(annotation: Any, choice: Choice) -> None:
    if type(annotation) is dict:
        title = string(annotation.get("title")) or annotation.get("filename")
        choice.citation(annotation, url=annotation.get("url"), title=title)


def _read_end(event: ResponseEvent, turn: Turn) -> None:
    choice = turn.first
    response = event.response if type(event.response) is _Response else _Response()
    _read_output(elements(response.output) or elements(event.output), choice)
    for call in choice.calls.all:
        choice.calls.close(call)  # also where the server sends no output_item.done
    choice.calls.settle(whole=event.type == "response.completed")
    if event.type == "response.completed":
        choice.finished("completed")
    elif event.type == "response.incomplete":
        choice.finished(string(member(response.incomplete_details, "reason")) or "incomplete")
        turn.recovered()  # whatever the word is, the provider ended the response
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


def _read_output(output: list[Any], choice: Choice) -> None:
    """Read the whole output, which the last event repeats. It fills in the items that did not arrive.

    Gateways rename and renumber items here. So for each kind of content the missing items are counted, and only that
    many unknown items are filled in.
    """
    items: Items = choice.turn.memory
    found = [(position, item) for position, item in enumerate(output) if type(item) is _Item]
    missing = {kind: sum(kind in _kinds(item) for _, item in found) - items.count(kind) for kind in _KINDS}
    known = {kind: items.known(kind) for kind in _KINDS}
    citations = Citation not in choice.said
    for position, item in found:
        for kind in _kinds(item):
            is_known = (
                position in known[kind]
                or string(item.id) in known[kind]
                or (kind == "call" and choice.calls.with_id(string(item.call_id)) is not None)
            )
            if missing[kind] <= 0 or is_known:
                continue
            missing[kind] -= 1
            if kind == "call":
                _read_call(item, None, choice, done=True)
            elif kind == "signature":
                _read_signature(item, position, choice)
            else:
                for said, text in _texts(item):
                    if said == kind:
                        _say(kind, text, choice)
        for part in objects(item.content) if citations else ():
            for annotation in objects(part.get("annotations")):
                _read_annotation(annotation, choice)


def _kinds(item: _Item) -> list[Kind]:
    """The kinds of content that an item has, in the order of their events."""
    kinds = list(dict.fromkeys(kind for kind, _ in _texts(item)))
    if item.type == "reasoning" and string(item.encrypted_content):
        kinds.append("signature")
    if item.type in _CALL_ITEMS:
        kinds.append("call")
    return kinds


DIALECT = Dialect("responses", ResponseEvent, recognises=recognises, read=read, usage=Tally.common)

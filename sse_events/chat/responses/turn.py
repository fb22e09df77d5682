"""Responses: the input items to send back."""

from __future__ import annotations

from typing import Any

from sse_events.chat.message import (
    Message,
    ReasoningPart,
    RefusalPart,
    TextPart,
    ToolCall,
    check_message,
    nothing_to_send,
)

__all__ = ["assistant_turn"]


def assistant_turn(message: Message) -> list[dict[str, Any]]:
    """The input items to send back as the assistant's turn, before the outputs of its tool calls.

    Reasoning is sent back with its encrypted content and the id of its item, so a request with ``store: false`` needs
    ``include: ["reasoning.encrypted_content"]``.

    These are left out: reasoning without encrypted content (OpenAI cannot find it by its id), incomplete tool calls,
    and reasoning without an item after it (OpenAI rejects it).

    Source: OpenAI's API reference, ``input`` of Create a model response; its guide to conversation state.

    Raises:
        TypeError: `message` is not a Message.
        ValueError: Nothing is left to send back.
    """
    check_message(message)
    items: list[dict[str, Any]] = []
    reasoning: list[dict[str, Any]] = []  # sent with the item after it
    for part in message.parts:
        if isinstance(part, ReasoningPart):
            if part.signature:
                reasoning.append(_reasoning_item(part))
            continue
        if isinstance(part, ToolCall):
            if part.complete:
                items += [*reasoning, _call_item(part)]
        else:
            content = _content(part)
            if items and not reasoning and items[-1]["type"] == "message":
                items[-1]["content"].append(content)
            else:
                items += [*reasoning, {"type": "message", "role": "assistant", "content": [content]}]
        reasoning = []
    if not items:
        raise nothing_to_send(message)
    return items


def _reasoning_item(part: ReasoningPart) -> dict[str, Any]:
    named = {"id": part.id} if part.id else {}
    summary = [{"type": "summary_text", "text": part.text}] if part.text else []
    return {"type": "reasoning", **named, "summary": summary, "encrypted_content": part.signature}


def _call_item(call: ToolCall) -> dict[str, Any]:
    if call.custom:
        return {"type": "custom_tool_call", "call_id": call.id, "name": call.name, "input": call.arguments}
    return {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments or "{}"}


def _content(part: TextPart | RefusalPart) -> dict[str, Any]:
    if isinstance(part, RefusalPart):
        return {"type": "refusal", "refusal": part.text}
    return {"type": "output_text", "text": part.text, "annotations": []}

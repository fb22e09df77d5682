"""Cohere's chat: the assistant turn to send back."""

from __future__ import annotations

from typing import Any

from sse_events.chat.json import compact_json
from sse_events.chat.message import Message, ReasoningPart, TextPart, ToolCall, check_message, nothing_to_send

__all__ = ["assistant_turn"]


def assistant_turn(message: Message) -> dict[str, Any]:
    """The message to send back as the assistant's turn, before the results of its tool calls.

    In a turn that calls tools the reasoning is sent back as ``tool_plan``, in other turns as thinking before the text.
    The input of a custom call is sent as ``{"input": text}``. Incomplete tool calls and refusals are left out.

    Source: Cohere's v2 chat API, ``messages[]`` of role ``assistant``; its guide to tool use.

    Raises:
        TypeError: `message` is not a Message.
        ValueError: Nothing is left to send back.
    """
    check_message(message)
    parts = message.sendable_parts()
    calls = [part for part in parts if isinstance(part, ToolCall)]
    content: list[dict[str, Any]] = []
    for part in parts:
        if isinstance(part, TextPart):
            content.append({"type": "text", "text": part.text})
        elif isinstance(part, ReasoningPart) and not calls:
            content.append({"type": "thinking", "thinking": part.text})
    if not content and not calls:
        raise nothing_to_send(message)
    turn: dict[str, Any] = {"role": "assistant"}
    if content:
        turn["content"] = content
    if calls and message.reasoning:
        turn["tool_plan"] = message.reasoning
    if calls:
        turn["tool_calls"] = [_sent_call(call) for call in calls]
    return turn


def _sent_call(call: ToolCall) -> dict[str, Any]:
    arguments = compact_json(call.parse_input()) if call.custom else call.arguments or "{}"
    function = {"name": call.name, "arguments": arguments}
    return {"id": call.id, "type": "function", "function": function}

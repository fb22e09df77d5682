"""Gemini's Interactions: the steps to send back."""

from __future__ import annotations

from typing import Any

from sse_events.chat.message import Message, ReasoningPart, ToolCall, check_message, nothing_to_send

__all__ = ["assistant_turn"]


def assistant_turn(message: Message) -> list[dict[str, Any]]:
    """The steps to send back in ``input``, before a ``function_result`` step for each tool call.

    Thoughts are sent back with their signatures. The input of a custom call, and arguments that are not an object, are
    sent as ``{"input": value}``. Incomplete tool calls are left out. Requests with ``previous_interaction_id`` need no
    assistant turn.

    Source: the step types of Google's Interactions API.

    Raises:
        TypeError: `message` is not a Message.
        ValueError: Nothing is left to send back.
    """
    check_message(message)
    steps: list[dict[str, Any]] = []
    for part in message.sendable_parts():
        if isinstance(part, ReasoningPart):
            summary = {"summary": [{"type": "text", "text": part.text}]} if part.text else {}
            signature = {"signature": part.signature} if part.signature else {}
            steps.append({"type": "thought", **signature, **summary})
        elif isinstance(part, ToolCall):
            signature = {"signature": part.signature} if part.signature else {}
            call = {"type": "function_call", "id": part.id, "name": part.name, "arguments": part.parse_input()}
            steps.append({**call, **signature})
        else:
            steps.append({"type": "model_output", "content": [{"type": "text", "text": part.text}]})
    if not steps:
        raise nothing_to_send(message)
    return steps

"""Gemini's Interactions: the steps to send back."""

from __future__ import annotations

from typing import Any

from sse_events.chat.message import Message, ReasoningPart, ToolCall


def assistant_turn(message: Message) -> list[dict[str, Any]]:
    """The steps to send back in ``input``, before a ``function_result`` step for each tool call.

    Thoughts go back with their signatures. Tool calls that are not complete are left out. Requests that continue with
    ``previous_interaction_id`` need none of this.

    Source: the step types of Google's Interactions API.

    Raises:
        ValueError: The message has nothing to send back.
    """
    steps: list[dict[str, Any]] = []
    for part in message.sendable_parts():
        if isinstance(part, ReasoningPart):
            summary = {"summary": [{"type": "text", "text": part.text}]} if part.text else {}
            signature = {"signature": part.signature} if part.signature else {}
            steps.append({"type": "thought", **signature, **summary})
        elif isinstance(part, ToolCall):
            signature = {"signature": part.signature} if part.signature else {}
            steps.append(
                {"type": "function_call", "id": part.id, "name": part.name, "arguments": _arguments(part), **signature}
            )
        else:
            steps.append({"type": "model_output", "content": [{"type": "text", "text": part.text}]})
    if not steps:
        raise ValueError("the message has nothing to send back: no text, no reasoning, no complete tool call")
    return steps


def _arguments(call: ToolCall) -> dict[str, Any]:
    arguments = call.parse()
    return arguments if type(arguments) is dict else {"input": arguments}

"""Gemini: the content to send back."""

from __future__ import annotations

from typing import Any

from sse_events.chat.message import Message, ReasoningPart, ToolCall, check_message, nothing_to_send

__all__ = ["assistant_turn"]


def assistant_turn(message: Message) -> dict[str, Any]:
    """The content to send back as the model's turn, before the results of its function calls.

    A signature is sent back with its call or its thought. Other signatures are sent on a part with empty text, as
    they come in a stream. The input of a custom call, and arguments that are not an object, are sent as
    ``{"input": value}``. Incomplete calls are left out.

    Source: Google's Content, and the guide "Thought signatures".

    Raises:
        TypeError: `message` is not a Message.
        ValueError: Nothing is left to send back.
    """
    check_message(message)
    parts: list[dict[str, Any]] = []
    for part in message.sendable_parts():
        if isinstance(part, ToolCall):
            parts.append(_function_call(part))
        elif isinstance(part, ReasoningPart):
            thought = {"thought": True} if part.text else {}
            signature = {"thoughtSignature": part.signature} if part.signature else {}
            parts.append({"text": part.text, **thought, **signature})
        else:
            parts.append({"text": part.text})
    if not parts:
        raise nothing_to_send(message)
    return {"role": "model", "parts": parts}


def _function_call(call: ToolCall) -> dict[str, Any]:
    function: dict[str, Any] = {"name": call.name, "args": call.parse_input()}
    if call.id:
        function["id"] = call.id
    return {"functionCall": function, **({"thoughtSignature": call.signature} if call.signature else {})}

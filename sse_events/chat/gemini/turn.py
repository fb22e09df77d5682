"""Gemini: the content to send back."""

from __future__ import annotations

from typing import Any

from sse_events.chat.message import Message, ReasoningPart, ToolCall


def assistant_turn(message: Message) -> dict[str, Any]:
    """The content to send back as the model's turn, before the results of its function calls.

    A signature goes back with the call or the thought that it came with; any other goes back on a text part without
    text, as it comes in a stream. Function calls that are not complete are left out.

    Source: Google's Content, and the guide "Thought signatures".
    """
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
    return {"role": "model", "parts": parts}


def _function_call(call: ToolCall) -> dict[str, Any]:
    args = call.parse()
    function = {"name": call.name, "args": args if type(args) is dict else {}}
    if call.id:
        function["id"] = call.id
    return {"functionCall": function, **({"thoughtSignature": call.signature} if call.signature else {})}

"""Anthropic's Messages: the assistant turn to send back."""

from __future__ import annotations

from typing import Any

from sse_events.chat.message import Message, ReasoningPart, TextPart, ToolCall, check_message, nothing_to_send

__all__ = ["assistant_turn"]


def assistant_turn(message: Message) -> dict[str, Any]:
    """The message to send back as the assistant's turn, before the results of its tool calls.

    Thinking is sent back unchanged, in place and with its signature: the API requires this in turns that call tools.
    The input of a custom call, and arguments that are not an object, are sent as ``{"input": value}``.

    These are left out: thinking without a signature (it was cut, or the endpoint does not sign), text that is only
    whitespace (the API rejects it), incomplete tool calls, refusals, server tools and citations. If a turn stopped with
    ``pause_turn``, rebuild it from `Raw`.

    Source: Anthropic's Messages API, ``messages[].content``; its guide to extended thinking with tool use.

    Raises:
        TypeError: `message` is not a Message.
        ValueError: Nothing is left to send back.
    """
    check_message(message)
    content: list[dict[str, Any]] = []
    for part in message.sendable_parts():
        if isinstance(part, ReasoningPart):
            if part.redacted:
                content.append({"type": "redacted_thinking", "data": part.signature})
            elif part.signature:
                content.append({"type": "thinking", "thinking": part.text, "signature": part.signature})
        elif isinstance(part, ToolCall):
            content.append({"type": "tool_use", "id": part.id, "name": part.name, "input": part.parse_input()})
        elif isinstance(part, TextPart) and part.text.strip():
            content.append({"type": "text", "text": part.text})
    if not content:
        raise nothing_to_send(message)
    return {"role": "assistant", "content": content}

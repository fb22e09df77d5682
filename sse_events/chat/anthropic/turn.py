"""Anthropic's Messages: the assistant turn to send back."""

from __future__ import annotations

from typing import Any

from sse_events.chat.message import Message, ReasoningPart, TextPart, ToolCall


def assistant_turn(message: Message) -> dict[str, Any]:
    """The message to send back as the assistant's turn, before the results of its tool calls.

    Thinking goes back with its signature, in place and unchanged, which the API insists on in turns that call tools;
    thinking without one (cut, or from an endpoint that signs nothing) cannot be sent. Text of nothing but whitespace,
    which the API refuses, and tool calls that are not complete are left out. So are server tools and citations:
    a turn that stopped with ``pause_turn`` has to be rebuilt from `Raw`.

    Source: Anthropic's Messages API, ``messages[].content``; its guide to extended thinking with tool use.
    """
    content: list[dict[str, Any]] = []
    for part in message.sendable_parts():
        if isinstance(part, ReasoningPart):
            if part.redacted:
                content.append({"type": "redacted_thinking", "data": part.signature})
            elif part.signature:
                content.append({"type": "thinking", "thinking": part.text, "signature": part.signature})
        elif isinstance(part, ToolCall):
            content.append({"type": "tool_use", "id": part.id, "name": part.name, "input": part.parse()})
        elif isinstance(part, TextPart) and part.text.strip():
            content.append({"type": "text", "text": part.text})
    return {"role": "assistant", "content": content}

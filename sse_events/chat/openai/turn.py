"""Chat Completions: the assistant turn to send back."""

from __future__ import annotations

from typing import Any

from sse_events.chat.message import Message, ReasoningPart, ToolCall, check_message, nothing_to_send

__all__ = ["assistant_turn"]


def assistant_turn(message: Message) -> dict[str, Any]:
    """The message to send back as the assistant's turn, before the results of its tool calls.

    Reasoning is sent back as ``reasoning_content`` in turns that call tools, because Moonshot, DeepSeek and Z.ai
    require it (OpenAI streams none). Signed reasoning is always sent back, as OpenRouter's ``reasoning_details``.
    Incomplete tool calls are left out.

    Source: OpenAI's chat completion request, ``messages``; the providers' guides to thinking with tools.

    Raises:
        TypeError: `message` is not a Message.
        ValueError: The message has no text, refusal or tool call to send back.
    """
    check_message(message)
    parts = message.sendable_parts()
    calls = [part for part in parts if isinstance(part, ToolCall)]
    if not message.text and not message.refusal and not calls:
        raise nothing_to_send(message)
    turn: dict[str, Any] = {"role": "assistant", "content": message.text or None}
    if message.refusal:
        turn["refusal"] = message.refusal
    if message.reasoning and calls:
        turn["reasoning_content"] = message.reasoning
    signed = [part for part in parts if isinstance(part, ReasoningPart) and part.signature]
    if signed:
        turn["reasoning_details"] = [_reasoning_detail(part) for part in signed]
    if calls:
        turn["tool_calls"] = [_tool_call(call) for call in calls]
    return turn


def _reasoning_detail(part: ReasoningPart) -> dict[str, Any]:
    named = {"id": part.id} if part.id else {}
    if part.redacted:
        return {"type": "reasoning.encrypted", "data": part.signature, **named}
    return {"type": "reasoning.text", "text": part.text, "signature": part.signature, **named}


def _tool_call(call: ToolCall) -> dict[str, Any]:
    if call.custom:
        custom = {"name": call.name, "input": call.arguments}
        turn: dict[str, Any] = {"id": call.id, "type": "custom", "custom": custom}
    else:
        function = {"name": call.name, "arguments": call.arguments or "{}"}
        turn = {"id": call.id, "type": "function", "function": function}
    if call.signature:
        turn["extra_content"] = {"google": {"thought_signature": call.signature}}
    return turn

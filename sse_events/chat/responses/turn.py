"""Responses: the input items to send back."""

from __future__ import annotations

from typing import Any

from sse_events.chat.message import Message, ReasoningPart, RefusalPart, TextPart, ToolCall


def assistant_turn(message: Message) -> list[dict[str, Any]]:
    """The input items to send back as the assistant's turn, before the ``function_call_output`` of each tool call.

    Reasoning goes back with the encrypted content that it came with, under the id that this was made for: so requests
    with ``store: false`` and ``include: ["reasoning.encrypted_content"]`` need it. What came without is left out, for
    its id would be looked up in vain. Left out as well are tool calls that are not complete, and reasoning that what it
    led to does not follow, which OpenAI refuses. The input of a custom tool is no JSON as a rule, so by the
    definition of `ToolCallEnd.complete` its calls are not complete: make ``custom_tool_call`` items of them yourself.

    Source: OpenAI's API reference, ``input`` of Create a model response; its guide to conversation state.
    """
    items: list[dict[str, Any]] = []
    reasoning: list[dict[str, Any]] = []  # goes with what follows it
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
    return items


def _reasoning_item(part: ReasoningPart) -> dict[str, Any]:
    named = {"id": part.id} if part.id else {}
    summary = [{"type": "summary_text", "text": part.text}] if part.text else []
    return {"type": "reasoning", **named, "summary": summary, "encrypted_content": part.signature}


def _call_item(call: ToolCall) -> dict[str, Any]:
    return {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments or "{}"}


def _content(part: TextPart | RefusalPart) -> dict[str, Any]:
    if isinstance(part, RefusalPart):
        return {"type": "refusal", "refusal": part.text}
    return {"type": "output_text", "text": part.text, "annotations": []}

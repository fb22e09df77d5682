"""Streams that are as they should be, in each dialect, and how to change them."""

from __future__ import annotations

import json
from typing import Any


def event(payload: Any, name: str = "") -> bytes:
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return (f"event: {name}\n" if name else "").encode() + f"data: {text}\n\n".encode()


def typed(*payloads: dict[str, Any], key: str = "type") -> list[bytes]:
    return [event(payload, payload[key]) for payload in payloads]


def openai(delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return event({"id": "c1", "object": "chat.completion.chunk", "model": "m", "choices": [choice]} | more)


def call(index: int | None, arguments: Any, call_id: str = "", name: str = "") -> dict[str, Any]:
    wire: dict[str, Any] = {"function": {"arguments": arguments} | ({"name": name} if name else {})}
    return {
        "tool_calls": [
            wire
            | ({} if index is None else {"index": index})
            | ({"id": call_id, "type": "function"} if call_id else {})
        ]
    }


USAGE = event(
    {
        "id": "c1",
        "object": "chat.completion.chunk",
        "choices": [],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1},
    }
)
DONE = event("[DONE]")
OPENAI = [openai({"role": "assistant", "content": ""}), openai({"content": "Hi"}), openai({}, "stop"), USAGE, DONE]
OPENAI_CALLS = [
    openai(call(0, "", "a", "ls")),
    openai(call(0, '{"p": ')),
    openai(call(0, "1}")),
    openai(call(1, "{}", "b", "ls")),
    openai({}, "tool_calls"),
    USAGE,
    DONE,
]
ANTHROPIC = typed(
    {"type": "message_start", "message": {"id": "m", "model": "m", "usage": {"input_tokens": 1, "output_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hi"}},
    {"type": "content_block_stop", "index": 0},
    {
        "type": "content_block_start",
        "index": 1,
        "content_block": {"type": "tool_use", "id": "t", "name": "ls", "input": {}},
    },
    {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": "{}"}},
    {"type": "content_block_stop", "index": 1},
    {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 5}},
    {"type": "message_stop"},
)
RESPONSES = typed(
    {"type": "response.created", "sequence_number": 0, "response": {"id": "r", "model": "m"}},
    {
        "type": "response.output_item.added",
        "sequence_number": 1,
        "output_index": 0,
        "item": {"type": "message", "id": "i"},
    },
    {
        "type": "response.output_text.delta",
        "sequence_number": 2,
        "output_index": 0,
        "content_index": 0,
        "item_id": "i",
        "delta": "Hi",
    },
    {
        "type": "response.output_text.done",
        "sequence_number": 3,
        "output_index": 0,
        "content_index": 0,
        "item_id": "i",
        "text": "Hi",
    },
    {
        "type": "response.output_item.done",
        "sequence_number": 4,
        "output_index": 0,
        "item": {"type": "message", "id": "i"},
    },
    {
        "type": "response.completed",
        "sequence_number": 5,
        "response": {"id": "r", "status": "completed", "usage": {"input_tokens": 1, "output_tokens": 1}},
    },
)


def gemini(*parts: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
    candidate = {"content": {"role": "model", "parts": list(parts)}} | ({"finishReason": finish} if finish else {})
    return event({"candidates": [candidate], "responseId": "g"} | more)


GEMINI = [
    gemini({"text": "Hi"}),
    gemini({"functionCall": {"name": "ls", "args": {"p": 1}}}),
    gemini(finish="STOP", usageMetadata={"promptTokenCount": 1, "candidatesTokenCount": 1}),
]
COHERE = [
    *typed(
        {"type": "message-start", "id": "m"},
        {
            "type": "content-start",
            "index": 0,
            "delta": {"message": {"content": {"type": "text", "text": ""}}},
        },
        {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "Hi"}}}},
        {"type": "content-end", "index": 0},
        {
            "type": "tool-call-start",
            "index": 0,
            "delta": {"message": {"tool_calls": {"id": "t", "function": {"name": "ls", "arguments": ""}}}},
        },
        {
            "type": "tool-call-delta",
            "index": 0,
            "delta": {"message": {"tool_calls": {"function": {"arguments": "{}"}}}},
        },
        {"type": "tool-call-end", "index": 0},
        {
            "type": "message-end",
            "delta": {"finish_reason": "TOOL_CALL", "usage": {"tokens": {"input_tokens": 1, "output_tokens": 1}}},
        },
    ),
    DONE,
]
INTERACTIONS = [
    *typed(
        {"event_type": "interaction.created", "interaction": {"id": "x"}},
        {"event_type": "step.start", "index": 0, "step": {"type": "model_output"}},
        {"event_type": "step.delta", "index": 0, "delta": {"type": "text", "text": "Hi"}},
        {"event_type": "step.stop", "index": 0},
        {
            "event_type": "interaction.completed",
            "interaction": {"status": "completed", "usage": {"total_input_tokens": 1, "total_output_tokens": 1}},
        },
        key="event_type",
    ),
    event("[DONE]", "done"),
]


def without(stream: list[bytes], *positions: int) -> bytes:
    return b"".join(part for position, part in enumerate(stream) if position not in positions)


def swapped(stream: list[bytes], position: int, replacement: bytes) -> bytes:
    return b"".join([*stream[:position], replacement, *stream[position + 1 :]])


def changed(stream: list[bytes], old: bytes, new: bytes) -> bytes:
    whole = b"".join(stream)
    assert old in whole
    return whole.replace(old, new, 1)

"""Payloads that decide for a dialect, or for none."""

from __future__ import annotations

from sse_events.chat import Error

DONE = "[DONE]"


TEXT = {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "a"}}]}


STOP = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}


AZURE = {"id": "", "object": "", "choices": [], "prompt_filter_results": []}


LEGACY = {"object": "text_completion", "choices": [{"text": "x", "index": 0, "finish_reason": "stop"}]}


# A payload that decides each dialect, and the text that it carries.
DECIDING = {
    "openai": TEXT,
    "anthropic": {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a"}},
    "responses": {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "a"},
    "gemini": {"candidates": [{"content": {"parts": [{"text": "a"}]}}]},
    "cohere": {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "a"}}}},
    "interactions": {"event_type": "step.delta", "index": 0, "delta": {"type": "text", "text": "a"}},
}


def call(arguments, **known):
    return {
        "choices": [{"index": 0, "delta": {"tool_calls": [{"index": 0, "function": {"arguments": arguments} | known}]}}]
    }


def kinds(events):
    return [event.kind for event in events if isinstance(event, Error)]

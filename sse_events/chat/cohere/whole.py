"""Cohere's chat: a streamed answer as one object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def whole_answer(payloads: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The response object that the events of one stream make up.

    Args:
        payloads: The events' data as `ChatEncoder` writes them, decoded, without ``[DONE]``.

    Source: Cohere's v2 chat API, the response object and its guide to streaming.
    """
    answer: dict[str, Any] = {}
    message: dict[str, Any] = {}
    for payload in payloads:
        kind = payload["type"]
        delta = payload.get("delta", {})
        if kind == "message-start":
            message = delta["message"]
            answer = {"id": payload["id"], "message": message}
        elif kind == "content-start":
            message["content"].append(delta["message"]["content"])
        elif kind == "content-delta":
            for key, text in delta["message"]["content"].items():
                message["content"][-1][key] += text
        elif kind == "tool-call-start":
            message["tool_calls"].append(delta["message"]["tool_calls"])
        elif kind == "tool-call-delta":
            message["tool_calls"][-1]["function"]["arguments"] += delta["message"]["tool_calls"]["function"][
                "arguments"
            ]
        elif kind == "citation-start":
            message["citations"].append(delta["message"]["citations"])
        elif kind == "message-end":
            answer.update(delta)
    return answer

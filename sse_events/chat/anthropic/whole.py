"""Anthropic's Messages: a streamed answer as one object."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any


def whole_answer(payloads: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The ``message`` object that the events of one stream make up.

    Args:
        payloads: The events' data as `ChatEncoder` writes them, decoded.

    Source: Anthropic's Messages API, the response object and "Streaming messages".
    """
    message: dict[str, Any] = {}
    inputs: dict[int, str] = {}
    for payload in payloads:
        kind = payload["type"]
        if kind == "message_start":
            message = payload["message"]
        elif kind == "content_block_start":
            message["content"].append(payload["content_block"])
        elif kind == "content_block_delta":
            index = payload["index"]
            _add_delta(message["content"][index], payload["delta"])
            inputs[index] = inputs.get(index, "") + payload["delta"].get("partial_json", "")
        elif kind == "content_block_stop":
            # If the length limit cut the call, its arguments do not parse. Anthropic sends the part that it has.
            if inputs.get(payload["index"]):
                message["content"][payload["index"]]["input"] = _parsed(inputs[payload["index"]])
        elif kind == "message_delta":
            message.update(payload["delta"])
            message["usage"].update(payload["usage"])
    return message


def _add_delta(block: dict[str, Any], delta: dict[str, Any]) -> None:
    if delta["type"] == "citations_delta":
        block["citations"] = [*(block.get("citations") or ()), delta["citation"]]
    for key in ("text", "thinking", "signature"):
        if key in delta:
            block[key] += delta[key]


def _parsed(arguments: str) -> Any:
    try:
        return json.loads(arguments)
    except ValueError:
        return {}

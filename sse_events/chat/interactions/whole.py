"""Interactions: a streamed answer as one object."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any


def whole_answer(payloads: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The ``interaction`` object that the events of one stream make up.

    Args:
        payloads: The events' data as `ChatEncoder` writes them, decoded, without ``[DONE]``.

    Source: Google's API reference, "Interactions".
    """
    interaction: dict[str, Any] = {}
    steps: list[dict[str, Any]] = []
    arguments: dict[int, str] = {}
    for payload in payloads:
        kind = payload["event_type"]
        if kind in ("interaction.created", "interaction.completed"):
            interaction = payload["interaction"]
        elif kind == "step.start":
            steps.append(payload["step"])
        elif kind == "step.delta":
            index, delta = payload["index"], payload["delta"]
            if delta["type"] == "arguments_delta":
                arguments[index] = arguments.get(index, "") + delta["arguments"]
            else:
                _add_delta(steps[index], delta)
        elif kind == "step.stop" and arguments.get(payload["index"]):
            steps[payload["index"]]["arguments"] = _parsed(arguments[payload["index"]])
    return {**interaction, "steps": steps}


def _add_delta(step: dict[str, Any], delta: dict[str, Any]) -> None:
    if delta["type"] == "text":
        _add_text(step.setdefault("content", []), delta["text"])
    elif delta["type"] == "thought_summary":
        _add_text(step.setdefault("summary", []), delta["content"]["text"])
    elif delta["type"] == "thought_signature":
        step["signature"] = delta["signature"]
    else:
        step["content"][-1]["annotations"] = [
            *step["content"][-1].get("annotations", ()),
            *delta["annotations"],
        ]


def _add_text(contents: list[dict[str, Any]], text: str) -> None:
    if contents:
        contents[-1]["text"] += text
    else:
        contents.append({"type": "text", "text": text})


def _parsed(arguments: str) -> Any:
    try:
        return json.loads(arguments)
    except ValueError:
        return {}

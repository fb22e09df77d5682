"""Chat Completions: a streamed answer as one object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def whole_answer(payloads: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The ``chat.completion`` object that the chunks of one stream make up.

    Args:
        payloads: The chunks as `ChatEncoder` writes them, decoded, without ``[DONE]``.

    Source: OpenAI's API reference, "The chat completion object".
    """
    answer: dict[str, Any] = {}
    choices: dict[int, dict[str, Any]] = {}
    for chunk in payloads:
        answer.update((key, value) for key, value in chunk.items() if key not in ("object", "choices"))
        for streamed in chunk["choices"]:
            empty = {"index": streamed["index"], "message": {"content": None, "refusal": None}, "logprobs": None}
            choice = choices.setdefault(streamed["index"], empty)
            _add_delta(choice["message"], streamed["delta"])
            choice["finish_reason"] = streamed["finish_reason"]
            if streamed["logprobs"]:
                kept = choice["logprobs"] = choice["logprobs"] or {"content": [], "refusal": None}
                kept["content"] += streamed["logprobs"]["content"]
    answer["object"] = "chat.completion"
    answer["choices"] = [choices[index] for index in sorted(choices)]
    for choice in answer["choices"]:
        for item in (item for items in choice["message"].values() if isinstance(items, list) for item in items):
            item.pop("index", None)
    return answer


def _add_delta(message: dict[str, Any], delta: dict[str, Any]) -> None:
    """Join strings, and the items of lists by their index, as the SDKs do."""
    for key, value in delta.items():
        known = message.get(key)
        if known is None:
            message[key] = value
        elif isinstance(value, str):
            message[key] = known + value
        elif isinstance(value, dict):
            _add_delta(known, value)
        else:
            by_index = {item["index"]: item for item in known}
            for item in value:
                if item["index"] in by_index:
                    _add_delta(by_index[item["index"]], {key: item[key] for key in item if key != "index"})
                else:
                    known.append(item)

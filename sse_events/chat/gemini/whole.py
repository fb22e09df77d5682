"""Gemini: a streamed answer as one object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def whole_answer(payloads: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The ``GenerateContentResponse`` that the chunks of one stream make up.

    Text of one kind is joined; an empty part that carries nothing is left out.

    Args:
        payloads: The chunks as `ChatEncoder` writes them, decoded.

    Source: Google's API reference, "GenerateContentResponse".
    """
    answer: dict[str, Any] = {}
    candidates: dict[int, dict[str, Any]] = {}
    for chunk in payloads:
        answer.update(chunk)
        for streamed in chunk["candidates"]:
            candidate = candidates.setdefault(streamed["index"], {"content": {"role": "model", "parts": []}})
            for part in streamed["content"]["parts"]:
                _add_part(candidate["content"]["parts"], part)
            candidate.update((key, value) for key, value in streamed.items() if key != "content")
    answer["candidates"] = [candidates[index] for index in sorted(candidates)]
    return answer


def _add_part(parts: list[dict[str, Any]], part: dict[str, Any]) -> None:
    if part == {"text": ""}:
        return
    if parts and part.keys() == parts[-1].keys() and part.keys() <= {"text", "thought"}:
        parts[-1]["text"] += part["text"]
    else:
        parts.append(part)

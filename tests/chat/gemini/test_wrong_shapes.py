"""Gemini: members of a wrong type."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from sse_events.chat import (
    Citation,
    Finish,
    Logprobs,
    Reasoning,
    ReasoningSignature,
    Start,
    StreamEvent,
    Token,
    ToolCallEnd,
)
from tests.chat.cases import read
from tests.chat.gemini.payloads import PAGE, chunk, sse, text

WRONG: tuple[Any, ...] = (
    None,
    0,
    7,
    -1,
    1.5,
    10**400,
    True,
    False,
    "",
    "x",
    [],
    [None],
    [[]],
    ["x"],
    [{}],
    {},
    {"a": {"b": 1}},
)

GOOD: Any = {
    "responseId": "r",
    "modelVersion": "m",
    "candidates": [
        {
            "index": 0,
            "content": {
                "role": "model",
                "parts": [
                    {"text": "thinking", "thought": True},
                    {"text": "said", "thoughtSignature": "S"},
                    {"functionCall": {"id": "c", "name": "f", "args": {"k": 1}}, "thoughtSignature": "T"},
                    {"functionCall": {"name": "g", "partialArgs": [{"jsonPath": "$.p", "numberValue": 1}]}},
                ],
            },
            "groundingMetadata": {"groundingChunks": [{"web": {"uri": "u", "title": "t"}}]},
            "citationMetadata": {"citationSources": [{"uri": "v"}]},
            "urlContextMetadata": {"urlMetadata": [PAGE]},
            "logprobsResult": {"chosenCandidates": [{"token": "t"}]},
            "finishReason": "STOP",
        }
    ],
    "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 2, "totalTokenCount": 3},
    "promptFeedback": {"blockReason": "SAFETY"},
}

PARTS = ("candidates", 0, "content", "parts")

# What it says, and the places from which: a fault on the way there, or within, may take it away.
ORIGINS: list[tuple[Any, ...]] = [
    (Start("r", "m"), ("responseId",), ("modelVersion",)),
    (Reasoning("thinking"), (*PARTS, 0)),
    (Token("said"), (*PARTS, 1, "text"), (*PARTS, 1, "thought")),
    (ReasoningSignature("S"), (*PARTS, 1, "thoughtSignature")),
    (ReasoningSignature("T", call_index=0), (*PARTS, 2)),
    (("f", '{"k":1}'), (*PARTS, 2)),
    (("g", '{"p":1}'), (*PARTS, 3)),
    (Citation("u", "t", raw={"web": {"uri": "u", "title": "t"}}), ("candidates", 0, "groundingMetadata")),
    (Citation("v", raw={"uri": "v"}), ("candidates", 0, "citationMetadata")),
    (Citation("https://p.example/", raw=PAGE), ("candidates", 0, "urlContextMetadata")),
    (Logprobs([{"token": "t"}]), ("candidates", 0, "logprobsResult")),
    (Finish("tool_calls", "STOP"), ("candidates", 0, "finishReason"), (*PARTS, 2), (*PARTS, 3)),
    (Finish("content_filter", "SAFETY"), ("promptFeedback",)),
    (Token("after"),),
]


def facts(events: list[StreamEvent]) -> list[Any]:
    """The events, but of a call its name and arguments: its index changes when the one before it is lost."""
    return [(event.name, event.arguments) if isinstance(event, ToolCallEnd) else event for event in events]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(value[key], (*path, key))


def with_wrong(path: tuple[Any, ...], wrong: Any) -> Any:
    value = copy.deepcopy(GOOD)
    holder = value
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = wrong
    return value


class TestWrongShapes:
    """A wrong shape loses only its own field."""

    def test_of_none(self):
        said = facts(read(sse(GOOD, chunk(text("after")))))
        assert all(fact in said for fact, *_ in ORIGINS)

    # Not of the index: that makes it another candidate.
    @pytest.mark.parametrize("path", [path for path in places(GOOD) if path[-1] != "index"], ids=str)
    def test_of_one(self, path):
        for wrong in WRONG:
            events = read(sse(with_wrong(path, wrong), chunk(text("after"))))
            # Every field is of its type: what is wrong was not passed on.
            assert msgspec.convert(msgspec.to_builtins(events), list[StreamEvent]) == events
            said = facts(events)
            for fact, *origins in ORIGINS:
                hurt = any(path[: len(origin)] == origin or origin[: len(path)] == path for origin in origins)
                assert hurt or fact in said, (wrong, fact)

    def test_of_the_usage(self):
        for name in ("promptTokenCount", "candidatesTokenCount"):
            for wrong in (None, True, "5", [5], {"n": 5}, 1.5, -0.5):
                usage = read(sse(with_wrong(("usageMetadata", name), wrong)))[-1].usage  # type: ignore[union-attr]
                assert usage.prompt_tokens == (None if name == "promptTokenCount" else 1)
                assert usage.completion_tokens == (None if name == "candidatesTokenCount" else 2)

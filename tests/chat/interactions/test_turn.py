"""Gemini's Interactions: the steps to send back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sse_events.chat import Reasoning, ReasoningSignature, Refusal, StreamEvent, Token, collect
from sse_events.chat.interactions import assistant_turn
from tests.chat.calls import call


def said(text: str) -> dict[str, Any]:
    return {"type": "model_output", "content": [{"type": "text", "text": text}]}


def called(arguments: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "function_call", "id": "a", "name": "f", "arguments": arguments, **more}


TURNS: list[tuple[str, list[StreamEvent], list[dict[str, Any]]]] = [
    ("text", [Token("Hel"), Token("lo")], [said("Hello")]),
    ("a refusal", [Refusal("No")], [said("No")]),
    (
        "a thought before it",
        [Reasoning("hm"), Token("Hi")],
        [{"type": "thought", "summary": [{"type": "text", "text": "hm"}]}, said("Hi")],
    ),
    (
        "a signed thought, and one of which only the signature was sent",
        [Reasoning("hm"), ReasoningSignature("S"), ReasoningSignature("T")],
        [
            {"type": "thought", "signature": "S", "summary": [{"type": "text", "text": "hm"}]},
            {"type": "thought", "signature": "T"},
        ],
    ),
    (
        "calls, one of them signed",
        [*call(0, '{"a":[1]}'), ReasoningSignature("S", call_index=0), *call(1, "")],
        [called({"a": [1]}, signature="S"), called({})],
    ),
    ("a call that is not complete is left out", [Token("Hi"), *call(complete=False)], [said("Hi")]),
    ("arguments that are not an object", [*call(0, '["x"]')], [called({"input": ["x"]})]),
    ("a custom call", [*call(0, 'say "hi"', custom=True)], [called({"input": 'say "hi"'})]),
]
NOTHING: dict[str, list[StreamEvent]] = {
    "no events": [],
    "only incomplete calls": [*call(complete=False), *call(1, "x", complete=False, custom=True)],
}


@pytest.mark.parametrize(("events", "steps"), [pytest.param(*row[1:], id=row[0]) for row in TURNS])
def test_turn(events, steps):
    turn = assistant_turn(collect(events))
    assert turn == steps
    assert json.loads(json.dumps(turn)) == turn


@pytest.mark.parametrize("events", NOTHING.values(), ids=NOTHING)
def test_a_turn_without_content_is_refused(events):
    """Providers reject an empty turn, or read it as an answer."""
    with pytest.raises(
        ValueError, match=r"nothing to send back \(status None, finish reason None, 0 errors\): check message.ok"
    ):
        assistant_turn(collect(events))

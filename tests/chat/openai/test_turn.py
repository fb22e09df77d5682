"""Chat Completions: the message to send back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sse_events.chat import Reasoning, ReasoningSignature, Refusal, StreamEvent, Token, collect
from sse_events.chat.openai import assistant_turn
from tests.chat.calls import call

TURNS: list[tuple[str, list[StreamEvent], dict[str, Any]]] = [
    ("text without its reasoning", [Token("a"), Reasoning("r")], {"content": "a"}),
    ("a refusal", [Refusal("n")], {"content": None, "refusal": "n"}),
    (
        "a call with its reasoning",
        [Reasoning("r"), Token("a"), *call(0, "")],
        {
            "content": "a",
            "reasoning_content": "r",
            "tool_calls": [{"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
        },
    ),
    ("a call that is not complete", [Reasoning("r"), Token("a"), *call(complete=False)], {"content": "a"}),
    (
        "calls, one of them signed",
        [*call(0, "[1]"), ReasoningSignature("S", call_index=0), *call(1, "2", id="b", name="g")],
        {
            "content": None,
            "tool_calls": [
                {
                    "id": "a",
                    "type": "function",
                    "function": {"name": "f", "arguments": "[1]"},
                    "extra_content": {"google": {"thought_signature": "S"}},
                },
                {"id": "b", "type": "function", "function": {"name": "g", "arguments": "2"}},
            ],
        },
    ),
    (
        "custom calls",
        [*call(0, "print(1)", custom=True), *call(1, "", id="b", custom=True)],
        {
            "content": None,
            "tool_calls": [
                {"id": "a", "type": "custom", "custom": {"name": "f", "input": "print(1)"}},
                {"id": "b", "type": "custom", "custom": {"name": "f", "input": ""}},
            ],
        },
    ),
    (
        "signed reasoning",
        [
            Reasoning("r"),
            ReasoningSignature("S", id="i"),
            ReasoningSignature("E", redacted=True),
            Reasoning("s"),
            Token("a"),
        ],
        {
            "content": "a",
            "reasoning_details": [
                {"type": "reasoning.text", "text": "r", "signature": "S", "id": "i"},
                {"type": "reasoning.encrypted", "data": "E"},
            ],
        },
    ),
]
NOTHING: dict[str, list[StreamEvent]] = {
    "no events": [],
    "only reasoning": [Reasoning("r"), ReasoningSignature("S")],
    "only incomplete calls": [*call(complete=False), *call(1, "x", complete=False, custom=True)],
}


@pytest.mark.parametrize(("events", "turn_without_role"), [pytest.param(*row[1:], id=row[0]) for row in TURNS])
def test_turn(events, turn_without_role):
    turn = assistant_turn(collect(events))
    assert turn == {"role": "assistant", **turn_without_role}
    assert json.loads(json.dumps(turn)) == turn


@pytest.mark.parametrize("events", NOTHING.values(), ids=NOTHING)
def test_a_turn_without_content_is_refused(events):
    """Providers reject an empty turn, or read it as an answer."""
    with pytest.raises(
        ValueError, match=r"nothing to send back \(status None, finish reason None, 0 errors\): check message.ok"
    ):
        assistant_turn(collect(events))

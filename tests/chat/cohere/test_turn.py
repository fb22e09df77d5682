"""Cohere: the message to send back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sse_events.chat import Reasoning, Refusal, StreamEvent, Token, collect
from sse_events.chat.cohere import assistant_turn
from tests.chat.calls import call

TURNS: list[tuple[str, list[StreamEvent], dict[str, Any]]] = [
    (
        "the plan and the calls",
        [Reasoning("I will"), Reasoning(" look."), *call(0, '{"x":1}'), *call(1, "", id="b", name="g")],
        {
            "tool_plan": "I will look.",
            "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"x":1}'}},
                {"id": "b", "type": "function", "function": {"name": "g", "arguments": "{}"}},
            ],
        },
    ),
    (
        "thinking before the text",
        [Reasoning("Hm"), Token("Yes")],
        {"content": [{"type": "thinking", "thinking": "Hm"}, {"type": "text", "text": "Yes"}]},
    ),
    (
        "text next to calls",
        [Token("Yes"), *call()],
        {
            "content": [{"type": "text", "text": "Yes"}],
            "tool_calls": [{"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
        },
    ),
    (
        "without a refusal, which this provider does not have",
        [Refusal("no"), Token("a")],
        {"content": [{"type": "text", "text": "a"}]},
    ),
    (
        "without a call that is not complete",
        [Reasoning("I will"), *call(complete=False)],
        {"content": [{"type": "thinking", "thinking": "I will"}]},
    ),
    (
        "a custom call",
        [*call(0, 'say "hi"', custom=True)],
        {
            "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"input":"say \\"hi\\""}'}}
            ]
        },
    ),
]
NOTHING: dict[str, list[StreamEvent]] = {
    "no events": [],
    "only a refusal": [Refusal("no")],
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

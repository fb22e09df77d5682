"""Anthropic: the message to send back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sse_events.chat import Reasoning, ReasoningSignature, Refusal, StreamEvent, Token, collect
from sse_events.chat.anthropic import assistant_turn
from tests.chat.calls import call

TURNS: list[tuple[str, list[StreamEvent], list[dict[str, Any]]]] = [
    (
        "all parts in order",
        [
            Reasoning("Hm"),
            ReasoningSignature("S1"),
            ReasoningSignature("X", redacted=True),
            Token("a"),
            *call(0, '{"x":1}'),
            Reasoning("So"),
            ReasoningSignature("S2"),
            *call(1, "", id="b", name="g"),
        ],
        [
            {"type": "thinking", "thinking": "Hm", "signature": "S1"},
            {"type": "redacted_thinking", "data": "X"},
            {"type": "text", "text": "a"},
            {"type": "tool_use", "id": "a", "name": "f", "input": {"x": 1}},
            {"type": "thinking", "thinking": "So", "signature": "S2"},
            {"type": "tool_use", "id": "b", "name": "g", "input": {}},
        ],
    ),
    (
        "thinking of which only the signature was sent",
        [ReasoningSignature("S"), Token("a")],
        [{"type": "thinking", "thinking": "", "signature": "S"}, {"type": "text", "text": "a"}],
    ),
    (
        "without what the provider refuses",
        [Reasoning("Hm"), Token(" \n"), Refusal("no"), Token("a"), *call(complete=False)],
        [{"type": "text", "text": "a"}],
    ),
    (
        "arguments that are not an object",
        [*call(0, '["x"]')],
        [{"type": "tool_use", "id": "a", "name": "f", "input": {"input": ["x"]}}],
    ),
    (
        "a custom call",
        [*call(0, 'say "hi"', custom=True)],
        [{"type": "tool_use", "id": "a", "name": "f", "input": {"input": 'say "hi"'}}],
    ),
]
NOTHING: dict[str, list[StreamEvent]] = {
    "no events": [],
    "only reasoning without a signature": [Reasoning("r")],
    "only white space": [Token(" \n")],
    "only a refusal": [Refusal("no")],
    "only incomplete calls": [*call(complete=False), *call(1, "x", complete=False, custom=True)],
}


@pytest.mark.parametrize(("events", "content"), [pytest.param(*row[1:], id=row[0]) for row in TURNS])
def test_turn(events, content):
    turn = assistant_turn(collect(events))
    assert turn == {"role": "assistant", "content": content}
    assert json.loads(json.dumps(turn)) == turn


@pytest.mark.parametrize("events", NOTHING.values(), ids=NOTHING)
def test_a_turn_without_content_is_refused(events):
    """Providers reject an empty turn, or read it as an answer."""
    with pytest.raises(
        ValueError, match=r"nothing to send back \(status None, finish reason None, 0 errors\): check message.ok"
    ):
        assistant_turn(collect(events))

"""Gemini: the content to send back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sse_events.chat import Reasoning, ReasoningSignature, Refusal, StreamEvent, Token, collect
from sse_events.chat.gemini import assistant_turn
from tests.chat.calls import call
from tests.chat.cases import read
from tests.chat.gemini.payloads import call as function_call
from tests.chat.gemini.payloads import chunk, sse, text, thought

TURNS: list[tuple[str, list[StreamEvent], list[dict[str, Any]]]] = [
    ("text", [Token("Hel"), Token("lo")], [{"text": "Hello"}]),
    ("a refusal", [Refusal("No")], [{"text": "No"}]),
    ("a thought before it", [Reasoning("hm"), Token("Hi")], [{"text": "hm", "thought": True}, {"text": "Hi"}]),
    (
        "a signed thought",
        [Reasoning("h"), Reasoning("m"), ReasoningSignature("S"), Token("Hi")],
        [{"text": "hm", "thought": True, "thoughtSignature": "S"}, {"text": "Hi"}],
    ),
    (
        "a signature at the end of the text is sent on a part without text",
        [Token("Hi"), ReasoningSignature("S")],
        [{"text": "Hi"}, {"text": "", "thoughtSignature": "S"}],
    ),
    (
        "two of them",
        [ReasoningSignature("S"), ReasoningSignature("T")],
        [{"text": "", "thoughtSignature": "S"}, {"text": "", "thoughtSignature": "T"}],
    ),
    (
        "parallel calls, of which the first is signed",
        [*call(0, '{"a":[1]}', id=""), ReasoningSignature("S", call_index=0), *call(1, "", id="c2", name="g")],
        [
            {"functionCall": {"name": "f", "args": {"a": [1]}}, "thoughtSignature": "S"},
            {"functionCall": {"name": "g", "args": {}, "id": "c2"}},
        ],
    ),
    ("a call that is not complete is left out", [Token("Hi"), *call(complete=False)], [{"text": "Hi"}]),
    (
        "arguments that are not an object",
        [*call(0, '["x"]', id=""), *call(1, "null", id="")],
        [
            {"functionCall": {"name": "f", "args": {"input": ["x"]}}},
            {"functionCall": {"name": "f", "args": {}}},
        ],
    ),
    (
        "a custom call",
        [*call(0, 'say "hi"', id="", custom=True)],
        [{"functionCall": {"name": "f", "args": {"input": 'say "hi"'}}}],
    ),
]
NOTHING: dict[str, list[StreamEvent]] = {
    "no events": [],
    "only incomplete calls": [*call(complete=False), *call(1, "x", complete=False, custom=True)],
}


@pytest.mark.parametrize(("events", "parts"), [pytest.param(*row[1:], id=row[0]) for row in TURNS])
def test_turn(events, parts):
    turn = assistant_turn(collect(events))
    assert turn == {"role": "model", "parts": parts}
    assert json.loads(json.dumps(turn)) == turn


@pytest.mark.parametrize("events", NOTHING.values(), ids=NOTHING)
def test_a_turn_without_content_is_refused(events):
    """Providers reject an empty turn, or read it as an answer."""
    with pytest.raises(
        ValueError, match=r"nothing to send back \(status None, finish reason None, 0 errors\): check message.ok"
    ):
        assistant_turn(collect(events))


class TestAssistantTurn:
    def test_yields_the_same_message_again(self):
        parts = [
            thought("hm", thoughtSignature="S"),
            text("Hi"),
            function_call(name="f", args={"a": 1}, id="c", signature="T"),
        ]
        message = collect(read(sse(*(chunk(part) for part in parts))))
        again = collect(read(sse({"candidates": [{"content": assistant_turn(message)}]})))
        assert again == message

"""Responses: the input items to send back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sse_events.chat import Reasoning, ReasoningSignature, Refusal, StreamEvent, Token, collect
from sse_events.chat.responses import assistant_turn
from tests.chat.calls import call


def message(*content: dict[str, Any]) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "content": list(content)}


def said(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": []}


NO = {"type": "refusal", "refusal": "No."}

TURNS: list[tuple[str, list[StreamEvent], list[dict[str, Any]]]] = [
    (
        "the items in order",
        [
            Reasoning("hm"),
            ReasoningSignature("E1", id="rs_1"),
            Token("Look"),
            Token("ing."),
            ReasoningSignature("E2", id="rs_2"),
            *call(0, '{"a":1}', id="c1"),
            *call(1, "", id="c2", name="g"),
        ],
        [
            {
                "type": "reasoning",
                "id": "rs_1",
                "summary": [{"type": "summary_text", "text": "hm"}],
                "encrypted_content": "E1",
            },
            message(said("Looking.")),
            {"type": "reasoning", "id": "rs_2", "summary": [], "encrypted_content": "E2"},
            {"type": "function_call", "call_id": "c1", "name": "f", "arguments": '{"a":1}'},
            {"type": "function_call", "call_id": "c2", "name": "g", "arguments": "{}"},
        ],
    ),
    (
        "text and a refusal are one message until another item comes between",
        [Token("a"), Refusal("No."), ReasoningSignature("E"), Refusal("No.")],
        [
            message(said("a"), NO),
            {"type": "reasoning", "summary": [], "encrypted_content": "E"},
            message(NO),
        ],
    ),
    (
        "text after a call is a message of its own",
        [Token("a"), *call(), Token("b")],
        [
            message(said("a")),
            {"type": "function_call", "call_id": "a", "name": "f", "arguments": "{}"},
            message(said("b")),
        ],
    ),
    (
        "without reasoning that has no encrypted content",
        [Reasoning("hm"), *call()],
        [{"type": "function_call", "call_id": "a", "name": "f", "arguments": "{}"}],
    ),
    (
        "without a call that is not complete, and the reasoning before it",
        [ReasoningSignature("E1", id="rs_1"), *call(complete=False), Token("a")],
        [message(said("a"))],
    ),
    (
        "custom calls",
        [*call(0, "print(1)", custom=True), *call(1, "", id="b", custom=True)],
        [
            {"type": "custom_tool_call", "call_id": "a", "name": "f", "input": "print(1)"},
            {"type": "custom_tool_call", "call_id": "b", "name": "f", "input": ""},
        ],
    ),
]
NOTHING: dict[str, list[StreamEvent]] = {
    "no events": [],
    "only reasoning": [Reasoning("hm"), ReasoningSignature("E1", id="rs_1")],
    "only an incomplete call": [ReasoningSignature("E1"), *call(complete=False)],
    "only an incomplete custom call": [*call(0, "x", complete=False, custom=True)],
}


@pytest.mark.parametrize(("events", "items"), [pytest.param(*row[1:], id=row[0]) for row in TURNS])
def test_turn(events, items):
    turn = assistant_turn(collect(events))
    assert turn == items
    assert json.loads(json.dumps(turn)) == turn


@pytest.mark.parametrize("events", NOTHING.values(), ids=NOTHING)
def test_a_turn_without_content_is_refused(events):
    """Providers reject an empty turn, or read it as an answer."""
    with pytest.raises(
        ValueError, match=r"nothing to send back \(status None, finish reason None, 0 errors\): check message.ok"
    ):
        assistant_turn(collect(events))

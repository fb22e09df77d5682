"""Gemini: thoughts, and the signature of any part."""

from __future__ import annotations

from sse_events.chat import Reasoning, ReasoningSignature, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from tests.chat.cases import Case, done
from tests.chat.gemini.payloads import Checks, call, chunk, piece, sse, text, thought, whole_call

THOUGHTS = [
    Case(
        "thoughts are reasoning, and only true makes a thought",
        sse(
            chunk(thought("hm")),
            chunk(text("a", thought=False)),
            chunk(text("b", thought="true"), text("c", thought=1)),
        ),
        [Reasoning("hm"), Token("a"), Token("b"), Token("c"), done("truncated")],
    ),
]

SIGNATURES = [
    Case(
        "of a thought",
        sse(chunk(thought("hm", thoughtSignature="S"))),
        [Reasoning("hm"), ReasoningSignature("S"), done("truncated")],
    ),
    Case(
        "of a text, after it",
        sse(chunk(text("a", thoughtSignature="S"))),
        [Token("a"), ReasoningSignature("S"), done("truncated")],
    ),
    Case(
        "of an empty text",
        sse(chunk(text("", thoughtSignature="S"))),
        [ReasoningSignature("S"), done("truncated")],
    ),
    Case(
        "of a part that is not modelled",
        sse(chunk({"executableCode": {}, "thoughtSignature": "S"})),
        [ReasoningSignature("S"), done("truncated")],
    ),
    Case(
        "of a call, before its end",
        sse(chunk(call(name="f", args={}), call(name="g", args={}, signature="S"))),
        [
            *whole_call(),
            ToolCallStart(1, "", "g"),
            ReasoningSignature("S", call_index=1),
            ToolCallArgs(1, "{}"),
            ToolCallEnd(1, "", "g", "{}", True),
            done("truncated"),
        ],
    ),
    Case(
        "of a call that is streamed, at its start or later",
        sse(
            chunk(call(name="f", more=True, signature="S")),
            chunk(call(piece("$.a", 1), more=True, signature="T")),
            chunk(call(signature="U")),
        ),
        [
            ToolCallStart(0, "", "f"),
            ReasoningSignature("S", call_index=0),
            ReasoningSignature("T", call_index=0),
            ReasoningSignature("U", call_index=0),
            ToolCallArgs(0, '{"a":1}'),
            ToolCallEnd(0, "", "f", '{"a":1}', True),
            done("truncated"),
        ],
    ),
    Case(
        "of a piece that belongs to no call",
        sse(chunk(call(signature="S"))),
        [ReasoningSignature("S"), done("truncated")],
    ),
]

CASES = THOUGHTS + SIGNATURES


class TestCases(Checks):
    cases = CASES

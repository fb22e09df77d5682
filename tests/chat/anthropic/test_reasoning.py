"""Anthropic: thinking, its signatures, and blocks that are neither thinking nor text."""

from __future__ import annotations

from sse_events.chat import Reasoning, ReasoningSignature, Token
from tests.chat.anthropic.payloads import STOP, Checks, closes, opens, says, text
from tests.chat.cases import Case, done, sse

CASES = [
    Case(
        "thinking then its signature",
        sse(
            opens("thinking", thinking="", signature=""),
            says("thinking_delta", thinking="Hm"),
            says("thinking_delta", thinking="m."),
            says("signature_delta", signature="S1"),
            closes(),
            opens("text", 1, text=""),
            text("Yes", 1),
            STOP,
        ),
        [Reasoning("Hm"), Reasoning("m."), ReasoningSignature("S1"), Token("Yes"), done("complete")],
    ),
    Case(
        "thinking that is omitted leaves its signature",
        sse(opens("thinking", thinking=""), says("signature_delta", signature="S1"), closes(), STOP),
        [ReasoningSignature("S1"), done("complete")],
    ),
    Case(
        "thinking and signature that the start of a block carries already count",
        sse(opens("thinking", thinking="Hm", signature="S1"), closes(), STOP),
        [Reasoning("Hm"), ReasoningSignature("S1"), done("complete")],
    ),
    Case(
        "redacted thinking comes with the start of its block",
        sse(opens("redacted_thinking", data="X1"), closes(), opens("redacted_thinking", 1, data="X2"), STOP),
        [ReasoningSignature("X1", redacted=True), ReasoningSignature("X2", redacted=True), done("complete")],
    ),
    Case(
        "compaction is no text",
        sse(opens("compaction", content=None), says("compaction_delta", content="a"), closes(), text("b", 1), STOP),
        [Token("b"), done("complete")],
    ),
    Case(
        "a fallback to another model is no text",
        sse(opens("fallback", **{"from": {"model": "c1"}, "to": {"model": "c2"}}), closes(), text("b", 1), STOP),
        [Token("b"), done("complete")],
    ),
]


class TestCases(Checks):
    cases = CASES

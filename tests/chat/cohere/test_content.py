"""Cohere: the start of the message, its text, its thinking and the tool plan."""

from __future__ import annotations

from typing import Any

from sse_events.chat import Reasoning, Token
from tests.chat.cases import Case, done, sse
from tests.chat.cohere.payloads import (
    BILLED,
    COMPLETE,
    DONE,
    START,
    Checks,
    closes,
    ends,
    event,
    opens,
    plans,
    says,
    starts,
    text,
)


def named(*payloads: Any) -> bytes:
    """As `sse`, but with the type on an `event:` line too, as Cohere sends it."""
    return b"".join(sse(payload, event="" if payload == DONE else payload["type"]) for payload in payloads)


CASES = [
    Case(
        "a whole answer with its event lines",
        named(
            starts(),
            opens("text"),
            text("Hel"),
            text("lo"),
            closes(),
            ends("COMPLETE", **BILLED, tokens={"input_tokens": 11, "output_tokens": 3}, cached_tokens=8),
            DONE,
        ),
        [
            START,
            Token("Hel"),
            Token("lo"),
            COMPLETE,
            done(
                "complete",
                "stop",
                prompt_tokens=11,
                completion_tokens=3,
                cached_tokens=8,
                raw={**BILLED, "tokens": {"input_tokens": 11, "output_tokens": 3}, "cached_tokens": 8},
            ),
        ],
    ),
    Case(
        "thinking and then text",
        sse(opens("thinking"), says("thinking", "Hm"), closes(), opens("text", "", 1), text("Yes", 1), closes(1), DONE),
        [Reasoning("Hm"), Token("Yes"), done("complete")],
    ),
    Case(
        "what the start of the content carries already counts",
        sse(opens("thinking", "Hm"), opens("text", "Yes", 1), DONE),
        [Reasoning("Hm"), Token("Yes"), done("complete")],
    ),
    Case("empty text makes no token", sse(text(""), says("thinking", ""), DONE), [done("complete")]),
    Case(
        "the plan is reasoning",
        sse(starts(), plans("I will"), plans(" look."), plans(""), DONE),
        [START, Reasoning("I will"), Reasoning(" look."), done("complete")],
    ),
    Case(
        "content and plan count only in their own events",
        sse(event("content-end", 0, content={"text": "a"}), event("content-delta", 0, tool_plan="b"), DONE),
        [done("complete")],
    ),
    Case("the start has no name until one is known", sse(starts(""), starts(), DONE), [START, done("complete")]),
    Case(
        "no other event has the id of the message",
        sse({**text("a"), "id": "x"}, {**closes(), "id": "x"}, DONE),
        [Token("a"), done("complete")],
    ),
]


class TestCases(Checks):
    cases = CASES

"""Anthropic: text, with event lines and without, and the start of a message."""

from __future__ import annotations

from sse_events.chat import Finish, Token
from tests.chat.anthropic.payloads import (
    END_TURN,
    PING,
    START,
    STOP,
    Checks,
    closes,
    ends,
    named,
    opens,
    says,
    starts,
    text,
)
from tests.chat.cases import Case, done, sse

CASES = [
    Case(
        "a whole answer with its event lines and pings",
        named(
            starts(input_tokens=3, output_tokens=1),
            opens("text", text=""),
            PING,
            text("Hel"),
            text("lo"),
            closes(),
            ends("end_turn", output_tokens=2),
            STOP,
        ),
        [
            START,
            Token("Hel"),
            Token("lo"),
            END_TURN,
            done(
                "complete",
                "stop",
                prompt_tokens=3,
                completion_tokens=2,
                raw={"input_tokens": 3, "output_tokens": 2},
            ),
        ],
    ),
    Case(
        "without event lines",
        sse(starts(), text("a"), ends("stop_sequence"), STOP),
        [START, Token("a"), Finish("stop", "stop_sequence"), done("complete", "stop")],
    ),
    Case(
        "text that the start of a block carries already counts",
        sse(starts(), opens("text", text="Hel"), text("lo"), STOP),
        [START, Token("Hel"), Token("lo"), done("complete")],
    ),
    Case(
        "empty text makes no token",
        sse(opens("text", text=""), text(""), text("a"), STOP),
        [Token("a"), done("complete")],
    ),
    Case(
        "the start has no name until one is known",
        sse({"type": "message_start", "message": {"id": "", "usage": {}}}, {**starts()}, STOP),
        [START, done("complete")],
    ),
    Case(
        "only a delta of the type text is text",
        sse(says("text", text="a"), says("thinking_delta", text="b"), says("text_delta", thinking="c"), STOP),
        [done("complete")],
    ),
    Case(
        "what the start of a message holds already is not read",
        sse(
            {
                "type": "message_start",
                "message": {"id": "m1", "model": "c1", "content": [{"type": "text", "text": "a"}]},
            },
            STOP,
        ),
        [START, done("complete")],
    ),
]


class TestCases(Checks):
    cases = CASES

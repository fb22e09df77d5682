"""Cohere: finish reasons."""

from __future__ import annotations

from sse_events.chat import Finish
from tests.chat.cases import Case, done, ended_with, sse
from tests.chat.cohere.payloads import DONE, Checks, ends

CASES = [
    *(
        Case(
            f"the word {word}",
            sse(ends(word), DONE),
            [Finish(reason, word), ended_with(reason)],  # type: ignore[arg-type]
        )
        for word, reason in (
            ("COMPLETE", "stop"),
            ("STOP_SEQUENCE", "stop"),
            ("MAX_TOKENS", "length"),
            ("TOOL_CALL", "tool_calls"),
            ("ERROR", "error"),
            ("TIMEOUT", "error"),
        )
    ),
    Case(
        "a finish reason is one of message-end only",
        sse({**ends("COMPLETE"), "type": "content-end"}, DONE),
        [done("complete")],
    ),
]


class TestCases(Checks):
    cases = CASES

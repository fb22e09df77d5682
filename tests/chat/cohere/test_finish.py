"""Cohere: finish reasons."""

from __future__ import annotations

from sse_events.chat import Finish
from tests.chat.cases import Case, check, check_cuts, done, ended_with, sse, table
from tests.chat.cohere.payloads import DONE, ends, without_raw

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


@table(CASES)
def test_yields(case):
    check(case.body, case.events, "auto", "cohere")


@table(CASES)
def test_a_cut_takes_nothing_back(case):
    check_cuts(case.body)


@table(CASES)
def test_raw_adds_the_payloads_and_changes_nothing_else(case):
    assert without_raw(case.body) == case.events

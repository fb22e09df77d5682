"""Cohere: the status that the end of the stream gives, with the sentinel and without."""

from __future__ import annotations

from sse_events.chat import Token
from tests.chat.cases import Case, check, check_cuts, done, sse, table
from tests.chat.cohere.payloads import COMPLETE, DONE, FAILED, START, closes, ends, starts, text, without_raw

CASES = [
    Case(
        "a finish reason and then the end",
        sse(text("a"), ends("COMPLETE")),
        [Token("a"), COMPLETE, done("finished", "stop")],
    ),
    Case("the sentinel without a finish reason", sse(text("a"), DONE), [Token("a"), done("complete")]),
    Case("neither", sse(starts(), text("a"), closes()), [START, Token("a"), done("truncated")]),
    Case("nothing after the sentinel is read", sse(text("a"), DONE, text("b"), FAILED), [Token("a"), done("complete")]),
    Case("CRLF", sse(text("a"), DONE, end="\r\n"), [Token("a"), done("complete")]),
    Case(
        "the last event lacks its blank line",
        sse(text("a"), ends("COMPLETE"))[:-2],
        [Token("a"), COMPLETE, done("finished", "stop")],
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

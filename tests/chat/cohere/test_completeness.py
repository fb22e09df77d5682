"""Cohere: the status that the end of the stream gives, with the sentinel and without."""

from __future__ import annotations

from sse_events.chat import Token
from tests.chat.cases import Case, done, sse
from tests.chat.cohere.payloads import COMPLETE, DONE, FAILED, START, Checks, closes, ends, starts, text

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


class TestCases(Checks):
    cases = CASES

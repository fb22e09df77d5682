"""Gemini: payloads that alone show the dialect or start the message."""

from __future__ import annotations

from sse_events.chat import Start
from tests.chat.cases import Case, check, done, table
from tests.chat.gemini.payloads import check_cut_short, chunk, differences, sse

CASES = [
    Case("the model alone starts it", sse(chunk(modelVersion="m")), [Start("", "m"), done("truncated")]),
    Case("the id alone starts it", sse(chunk(responseId="r")), [Start("r", ""), done("truncated")]),
    Case("usage alone shows the dialect", sse({"usageMetadata": {}}), [done("truncated")]),
    Case("prompt feedback alone shows the dialect", sse({"promptFeedback": {}}), [done("truncated")]),
]


@table(CASES)
def test_yields(case):
    check(case.body, case.events, "auto", "gemini")


@table(CASES)
def test_cut_short(case):
    check_cut_short(case)


@table(CASES)
def test_agrees_with_the_reference(case):
    assert differences(case) == []

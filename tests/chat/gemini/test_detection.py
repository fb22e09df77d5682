"""Gemini: payloads that alone show the dialect or start the message."""

from __future__ import annotations

from sse_events.chat import Start
from tests.chat.cases import Case, done
from tests.chat.gemini.payloads import Checks, chunk, sse

CASES = [
    Case("the model alone starts it", sse(chunk(modelVersion="m")), [Start("", "m"), done("truncated")]),
    Case("the id alone starts it", sse(chunk(responseId="r")), [Start("r", ""), done("truncated")]),
    Case("usage alone shows the dialect", sse({"usageMetadata": {}}), [done("truncated")]),
    Case("prompt feedback alone shows the dialect", sse({"promptFeedback": {}}), [done("truncated")]),
]


class TestCases(Checks):
    cases = CASES

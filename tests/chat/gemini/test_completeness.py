"""Gemini: the end of the stream, which no sentinel announces."""

from __future__ import annotations

from sse_events.chat import ChatStream, Token
from tests.chat.cases import Case, done
from tests.chat.gemini.payloads import COMPLETE, STOP, Checks, chunk, sse, text, used

CASES = [
    Case(
        "a last payload that no blank line ends",
        sse(chunk(text("Hi"), finish="STOP")).rstrip(),
        [Token("Hi"), STOP, COMPLETE],
    ),
    Case(
        "what looks like the sentinel is none",
        sse(chunk(text("a")), "[DONE]", chunk(text("b"), finish="STOP")),
        [Token("a"), Token("b"), STOP, COMPLETE],
    ),
    Case("the sentinel does not complete it", sse(chunk(text("a")), "[DONE]"), [Token("a"), done("truncated")]),
]


class TestCases(Checks):
    cases = CASES


def test_done_waits_for_the_end_of_the_stream():
    stream = ChatStream()
    assert stream.feed(sse(chunk(text("a"), finish="STOP"), "[DONE]")) == [Token("a"), STOP]
    assert stream.feed(sse(used(promptTokenCount=1))) == []
    assert stream.close() == [done("complete", "stop", prompt_tokens=1, raw={"promptTokenCount": 1})]
    assert stream.close() == []
    assert stream.dialect == "gemini"

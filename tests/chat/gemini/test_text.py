"""Gemini: text and the other parts of a payload, and the log-probabilities."""

from __future__ import annotations

from sse_events.chat import Logprobs, Reasoning, Start, Token
from tests.chat.cases import Case, done
from tests.chat.gemini.payloads import COMPLETE, STOP, Checks, about, chunk, sse, text, thought

TEXT = [
    Case(
        "a whole answer, with the id and the model in every payload",
        sse(
            chunk(text("Hel"), index=0, modelVersion="gemini-x", responseId="r1"),
            chunk(text("lo"), index=0, modelVersion="gemini-x", responseId="r1"),
            chunk(text(""), finish="STOP", index=0, modelVersion="gemini-x", responseId="r1"),
        ),
        [Start("r1", "gemini-x"), Token("Hel"), Token("lo"), STOP, COMPLETE],
    ),
    Case(
        "a payload printed over several lines",
        b'data: {\r\ndata:   "candidates": [\r\ndata:     {"content": {"parts": [{"text": "Hi"}]}}\r\ndata:   ]\r\n'
        b"data: }\r\n\r\n",
        [Token("Hi"), done("truncated")],
    ),
    Case(
        "candidates without content and content without parts",
        sse(chunk(), about(content={}), about(content={"role": "model"}, finishReason="STOP")),
        [STOP, COMPLETE],
    ),
    Case(
        "several parts in one payload",
        sse(chunk(thought("hm"), text("a"), text("b"))),
        [Reasoning("hm"), Token("a"), Token("b"), done("truncated")],
    ),
    Case(
        "code, its result and inline data yield nothing",
        sse(
            chunk({"executableCode": {"language": "PYTHON", "code": "print(1)"}}),
            chunk({"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1"}}, text("one")),
            chunk({"inlineData": {"mimeType": "image/png", "data": "AA=="}}),
        ),
        [Token("one"), done("truncated")],
    ),
    Case("text that is no string is none", sse(chunk(text(5), text(["a"]))), [done("truncated")]),
]

LOGPROBS = [
    Case(
        "those of the chosen tokens",
        sse(
            about(
                content={"parts": [text("a")]},
                logprobsResult={"chosenCandidates": [{"token": "a", "logProbability": -0.5}], "topCandidates": []},
            ),
            about(logprobsResult={"topCandidates": []}),
            about(logprobsResult=[1]),
        ),
        [Token("a"), Logprobs([{"token": "a", "logProbability": -0.5}]), done("truncated")],
    ),
]

CASES = TEXT + LOGPROBS


class TestCases(Checks):
    cases = CASES

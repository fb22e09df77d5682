"""OpenAI: the fields that carry reasoning."""

from __future__ import annotations

from sse_events.chat import Reasoning, Token
from tests.chat.cases import Case, done, sse
from tests.chat.openai.payloads import Checks, says

SOURCES = {
    "reasoning_content": "content",
    "reasoning": "plain",
    "reasoning_details": [{"text": "det"}, "no", {"text": None, "summary": "ails"}, {"data": "zz"}],
    "content": [{"type": "thinking", "thinking": "parts"}, {"type": "text", "text": "x"}],
}


def sources(*names: str) -> bytes:
    return sse(says(**{name: SOURCES[name] for name in names}))


REASONING = [
    Case(
        "T3: reasoning_content before all others",
        sources("content", "reasoning_details", "reasoning", "reasoning_content"),
        [Reasoning("content"), Token("x"), done("truncated")],
    ),
    Case(
        "T3: then reasoning",
        sources("content", "reasoning_details", "reasoning"),
        [Reasoning("plain"), Token("x"), done("truncated")],
    ),
    Case(
        "T3: then the texts or summaries of reasoning_details",
        sources("content", "reasoning_details"),
        [Reasoning("details"), Token("x"), done("truncated")],
    ),
    Case("T3: then thinking parts", sources("content"), [Reasoning("parts"), Token("x"), done("truncated")]),
    Case(
        "T3: an empty or wrong source gives way to the next",
        sse(
            says(reasoning_content="", reasoning="a"),
            says(reasoning_content=5, reasoning="a"),
            says(reasoning_content=5, reasoning={"x": 1}, reasoning_details=[{"text": "b"}]),
            says(
                reasoning_content=None,
                reasoning="",
                reasoning_details="no",
                content=[{"type": "thinking", "thinking": "c"}],
            ),
            says(reasoning_details={"text": "no"}),
        ),
        [Reasoning("a"), Reasoning("a"), Reasoning("b"), Reasoning("c"), done("truncated")],
    ),
    Case(
        "reasoning comes before the text of the same delta",
        sse(says(content="t", reasoning="r")),
        [Reasoning("r"), Token("t"), done("truncated")],
    ),
]


class TestCases(Checks):
    cases = REASONING

"""Cohere: the counts of tokens."""

from __future__ import annotations

from typing import Any

from sse_events.chat import StreamEvent, Token
from tests.chat.cases import Case, done, sse
from tests.chat.cohere.payloads import BILLED, DONE, Checks, ends


def counts(*usages: Any, **usage: Any) -> tuple[bytes, list[StreamEvent]]:
    raw = {key: value for each in usages for key, value in each.items()}
    return sse(*(ends(**each) for each in usages), DONE), [done("complete", **usage, raw=raw)]


CASES = [
    Case("billed units, where there are no tokens", *counts(BILLED, prompt_tokens=1, completion_tokens=2)),
    Case(
        "tokens before billed units",
        *counts(
            {**BILLED, "tokens": {"input_tokens": 11, "output_tokens": 3, "reasoning_tokens": 2, "cached_tokens": 8}},
            prompt_tokens=11,
            completion_tokens=3,
            reasoning_tokens=2,
            cached_tokens=8,
        ),
    ),
    Case(
        "both counts from the same object",
        *counts({**BILLED, "tokens": {"output_tokens": 3}}, completion_tokens=3),
    ),
    Case(
        "tokens without either",
        *counts({**BILLED, "tokens": {"cached_tokens": 8}}, prompt_tokens=1, completion_tokens=2, cached_tokens=8),
    ),
    Case(
        "cached tokens at the top before those below",
        *counts(
            {"cached_tokens": 0, "tokens": {"input_tokens": 1, "cached_tokens": 8}}, prompt_tokens=1, cached_tokens=0
        ),
    ),
    Case(
        "a count is a whole number",
        *counts({"tokens": {"input_tokens": 4.0, "output_tokens": True}, "cached_tokens": "8"}, prompt_tokens=4),
    ),
    Case(
        "the last count wins, whichever object it is from",
        *counts(
            {"tokens": {"input_tokens": 5, "output_tokens": 5}},
            {"billed_units": {"output_tokens": 6}},
            prompt_tokens=5,
            completion_tokens=6,
        ),
    ),
    Case(
        "zeros do not overwrite",
        sse(
            ends(**BILLED), ends(tokens={"input_tokens": 0, "output_tokens": 0}, billed_units={"input_tokens": 9}), DONE
        ),
        [done("complete", prompt_tokens=1, completion_tokens=2, raw=BILLED)],
    ),
    Case(
        "usage on any event",
        sse({"type": "content-delta", "delta": {"message": {"content": {"text": "a"}}, "usage": BILLED}}, DONE),
        [Token("a"), done("complete", prompt_tokens=1, completion_tokens=2, raw=BILLED)],
    ),
]


class TestCases(Checks):
    cases = CASES

"""Responses: the start of a response, text with its logprobs, and refusals."""

from __future__ import annotations

from sse_events.chat.events import Logprobs, Refusal, Start, Token
from tests.chat.responses.payloads import (
    STOPPED,
    Case,
    Checks,
    completed,
    created,
    fragment,
    refusal,
    summary,
    text,
)

CASES = {
    "text": Case(
        [created(), text("Hel"), text("lo"), completed()],
        [Start("resp_1", "m"), Token("Hel"), Token("lo"), *STOPPED],
    ),
    "a resumed stream is named by the first response that it shows": Case(
        [{"type": "response.in_progress", "response": {"id": "resp_1", "model": "m"}}, text("a"), completed(id="r2")],
        [Start("resp_1", "m"), Token("a"), *STOPPED],
    ),
    "a response without a model": Case([created(model=None), completed()], [Start("resp_1", ""), *STOPPED]),
    "empty deltas say nothing": Case([text(""), summary(""), fragment(0, ""), completed()], STOPPED),
    "events that are not modelled are ignored": Case(
        [
            {"type": "response.queued", "sequence_number": 1},
            {"type": "response.content_part.added", "part": {"type": "output_text", "text": "x"}},
            {"type": "response.content_part.done", "part": {"type": "output_text", "text": "x"}},
            {"type": "response.reasoning_text.done", "text": "x"},
            {"type": "response.code_interpreter_call_code.delta", "delta": "x"},
            completed(),
        ],
        STOPPED,
    ),
    "refusal": Case(
        [refusal("I "), refusal("won't"), completed()],
        [Refusal("I "), Refusal("won't"), *STOPPED],
    ),
    "logprobs, where there are any": Case(
        [
            text("a", logprobs=[{"token": "a", "logprob": -1}]),
            text("b", logprobs=[]),
            text("c", logprobs=None),
            completed(),
        ],
        [Token("a"), Logprobs([{"token": "a", "logprob": -1}]), Token("b"), Token("c"), *STOPPED],
    ),
}


class TestCases(Checks):
    cases = CASES

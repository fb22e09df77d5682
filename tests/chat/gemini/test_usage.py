"""Gemini: the counts of tokens."""

from __future__ import annotations

from typing import Any

from sse_events.chat import StreamEvent, Token
from tests.chat.cases import Case, done
from tests.chat.gemini.payloads import Checks, chunk, sse, text, used


def counts(status: str = "truncated", **usage: Any) -> list[StreamEvent]:
    return [done(status, None, **usage)]


CASES = [
    Case(
        "thoughts are added to the completion, tool prompts to the prompt",
        sse(
            used(
                promptTokenCount=427,
                candidatesTokenCount=122,
                thoughtsTokenCount=447,
                toolUsePromptTokenCount=771,
                cachedContentTokenCount=100,
                totalTokenCount=1767,
            )
        ),
        counts(
            prompt_tokens=1198,
            completion_tokens=569,
            cached_tokens=100,
            reasoning_tokens=447,
            total_tokens=1767,
            raw={
                "promptTokenCount": 427,
                "candidatesTokenCount": 122,
                "thoughtsTokenCount": 447,
                "toolUsePromptTokenCount": 771,
                "cachedContentTokenCount": 100,
                "totalTokenCount": 1767,
            },
        ),
    ),
    Case(
        "cumulative: the last count holds, nothing is summed over payloads",
        sse(
            chunk(text("a"), **used(promptTokenCount=8, thoughtsTokenCount=5, totalTokenCount=13)),
            chunk(
                text("b"), **used(promptTokenCount=8, candidatesTokenCount=2, thoughtsTokenCount=5, totalTokenCount=15)
            ),
            chunk(text("c"), **used(promptTokenCount=8, candidatesTokenCount=3, totalTokenCount=16, trafficType="X")),
        ),
        [
            Token("a"),
            Token("b"),
            Token("c"),
            done(
                "truncated",
                prompt_tokens=8,
                completion_tokens=8,
                reasoning_tokens=5,
                total_tokens=16,
                raw={
                    "promptTokenCount": 8,
                    "thoughtsTokenCount": 5,
                    "totalTokenCount": 16,
                    "candidatesTokenCount": 3,
                    "trafficType": "X",
                },
            ),
        ],
    ),
    Case(
        "cut while thinking: thoughts, and no count of candidates",
        sse(used(promptTokenCount=8, thoughtsTokenCount=5)),
        counts(
            prompt_tokens=8,
            completion_tokens=5,
            reasoning_tokens=5,
            raw={"promptTokenCount": 8, "thoughtsTokenCount": 5},
        ),
    ),
    Case(
        "the prompt of tools alone",
        sse(used(toolUsePromptTokenCount=7)),
        counts(prompt_tokens=7, raw={"toolUsePromptTokenCount": 7}),
    ),
    Case(
        "zeros do not undo what is known",
        sse(used(promptTokenCount=8), used(promptTokenCount=0, candidatesTokenCount=0)),
        counts(prompt_tokens=8, raw={"promptTokenCount": 8}),
    ),
    Case(
        "a total does not save zeros",
        sse(used(promptTokenCount=8), used(promptTokenCount=0, totalTokenCount=9)),
        counts(prompt_tokens=8, raw={"promptTokenCount": 8}),
    ),
    Case(
        "zeros count as long as nothing is known",
        sse(used(promptTokenCount=0, candidatesTokenCount=0, cachedContentTokenCount=0)),
        counts(
            prompt_tokens=0,
            completion_tokens=0,
            cached_tokens=0,
            raw={"promptTokenCount": 0, "candidatesTokenCount": 0, "cachedContentTokenCount": 0},
        ),
    ),
    Case(
        "whole floats are counts, booleans and strings are none",
        sse(used(promptTokenCount=8.0, candidatesTokenCount=True, thoughtsTokenCount="5")),
        counts(
            prompt_tokens=8,
            raw={"promptTokenCount": 8.0, "candidatesTokenCount": True, "thoughtsTokenCount": "5"},
        ),
    ),
    Case(
        "usage that is no object",
        sse(used(promptTokenCount=1), {"usageMetadata": [1]}),
        counts(prompt_tokens=1, raw={"promptTokenCount": 1}),
    ),
]


class TestCases(Checks):
    cases = CASES

"""Gemini: finish reasons, and prompts that are blocked."""

from __future__ import annotations

import pytest

from sse_events.chat import Finish, Token
from tests.chat.cases import Case, check, done
from tests.chat.gemini.payloads import COMPLETE, STOP, Checks, chunk, sse, text, used

WORDS = [
    ("STOP", "stop"),
    ("MAX_TOKENS", "length"),
    ("SAFETY", "content_filter"),
    ("RECITATION", "content_filter"),
    ("LANGUAGE", "content_filter"),
    ("BLOCKLIST", "content_filter"),
    ("PROHIBITED_CONTENT", "content_filter"),
    ("SPII", "content_filter"),
    ("IMAGE_SAFETY", "content_filter"),
    ("MALFORMED_FUNCTION_CALL", "error"),
    ("UNEXPECTED_TOOL_CALL", "error"),
    ("TOO_MANY_TOOL_CALLS", "other"),
    ("OTHER", "other"),
    ("FINISH_REASON_UNSPECIFIED", "other"),
]

CASES = [
    Case(
        "the finish reason comes with the last text",
        sse(chunk(text("Hello"), finish="STOP")),
        [Token("Hello"), STOP, COMPLETE],
    ),
    Case(
        "payloads after the finish reason are read",
        sse(chunk(text("a"), finish="STOP"), chunk(text("b")), used(promptTokenCount=1)),
        [Token("a"), STOP, Token("b"), done("complete", "stop", prompt_tokens=1, raw={"promptTokenCount": 1})],
    ),
    Case(
        "repeated, it is said once",
        sse(chunk(text("a"), finish="STOP"), chunk(text("b"), finish="STOP")),
        [Token("a"), STOP, Token("b"), COMPLETE],
    ),
    Case(
        "another word is said again",
        sse(chunk(finish="STOP"), chunk(finish="MAX_TOKENS")),
        [STOP, Finish("length", "MAX_TOKENS"), done("complete", "length")],
    ),
    Case("an empty word is none", sse(chunk(text("a"), finish="")), [Token("a"), done("truncated")]),
    Case("a word that is no string is none", sse(chunk(text("a"), finish=["STOP"])), [Token("a"), done("truncated")]),
    Case(
        "of another candidate, it is not the end",
        sse(chunk(text("a")), chunk(finish="STOP", index=1)),
        [Token("a"), done("truncated")],
    ),
    Case(
        "a blocked prompt, without candidates",
        sse({"promptFeedback": {"blockReason": "SAFETY", "safetyRatings": []}, **used(promptTokenCount=4)}),
        [
            Finish("content_filter", "SAFETY"),
            done("complete", "content_filter", prompt_tokens=4, raw={"promptTokenCount": 4}),
        ],
    ),
    Case(
        "a prompt that is blocked for a reason that is no common word",
        sse({"promptFeedback": {"blockReason": "OTHER"}}),
        [Finish("content_filter", "OTHER"), done("complete", "content_filter")],
    ),
    Case(
        "a blocked prompt outweighs the candidates of its payload",
        sse(chunk(text("a"), finish="STOP", promptFeedback={"blockReason": "IMAGE_SAFETY"})),
        [Token("a"), STOP, Finish("content_filter", "IMAGE_SAFETY"), done("complete", "content_filter")],
    ),
    Case(
        "feedback that blocks nothing",
        sse(
            {"promptFeedback": {"safetyRatings": []}}, {"promptFeedback": {"blockReason": ""}}, {"promptFeedback": "x"}
        ),
        [done("truncated")],
    ),
]


class TestCases(Checks):
    cases = CASES


@pytest.mark.parametrize(("word", "reason"), WORDS)
def test_finish_words(word, reason):
    check(
        sse(chunk(text("a"), finish=word)),
        [Token("a"), Finish(reason, word), done("error" if reason == "error" else "complete", reason)],
        "auto",
        "gemini",
    )

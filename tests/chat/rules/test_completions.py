"""D0: completions of the API before chat are text of the dialect openai."""

from __future__ import annotations

from typing import Any

from sse_events.chat import Finish, Start, StreamEvent, Token
from tests.chat.cases import Case, check, done, sse, table
from tests.chat.rules.payloads import DONE, chunk


def piece(words: Any, finish: str | None = None, **members: Any) -> dict[str, Any]:
    return {"object": "text_completion", "choices": [{"index": 0, "text": words, "finish_reason": finish}], **members}


STOP: list[StreamEvent] = [Finish("stop", "stop"), done("complete", "stop")]
TEXT: list[StreamEvent] = [Token("a"), Token("b"), *STOP]
USAGE = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}

CASES = [
    Case("old OpenAI", sse(piece("a"), piece("b", "stop"), DONE), TEXT),
    Case("a finish word without text, vLLM", sse(piece("a"), piece("b"), piece("", "stop"), DONE), TEXT),
    Case("without object", sse(piece("a", object=None), piece("b", "stop", object=None), DONE), TEXT),
    Case(
        "the object alone decides",
        sse(piece("a"), {"object": "text_completion", "choices": []}, piece("b", "stop"), DONE),
        TEXT,
    ),
    Case(
        "id, model and usage, llama.cpp",
        sse(piece("a", id="c", model="m"), piece("b", "stop", usage=USAGE), DONE),
        [
            Start("c", "m"),
            *TEXT[:3],
            done("complete", "stop", prompt_tokens=1, completion_tokens=2, total_tokens=3, raw=USAGE),
        ],
    ),
    Case(
        "cut by length",
        sse(piece("a", "length"), DONE),
        [Token("a"), Finish("length", "length"), done("complete", "length")],
    ),
    Case("text null and numbers", sse(piece(None), piece(5), piece("a"), piece("b", "stop"), DONE), TEXT),
    Case(
        "another choice",
        sse(
            {"object": "text_completion", "choices": [{"index": 1, "text": "no"}]}, piece("a"), piece("b", "stop"), DONE
        ),
        TEXT,
    ),
    Case("cut off", sse(piece("a")), [Token("a"), done("truncated")]),
    Case(
        "the text beside a delta is the same text, Together",
        sse({"choices": [{"index": 0, "text": "a", "delta": {"content": "a"}}]}, chunk("b", "stop"), DONE),
        TEXT,
    ),
    Case(
        "the text beside a message is not read",
        sse({"choices": [{"index": 0, "text": "x", "message": {"content": "a"}}]}, chunk("b", "stop"), DONE),
        TEXT,
    ),
]


@table(CASES)
def test_a_legacy_completion(case):
    check(case.body, case.events, "auto", "openai")


def test_all_choices():
    body = sse({"object": "text_completion", "choices": [{"index": 0, "text": "a"}, {"index": 1, "text": "b"}]}, DONE)
    check(body, [Token("a"), Token("b", 1), done("complete")], choices="all")

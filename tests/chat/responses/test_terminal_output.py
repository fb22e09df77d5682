"""Responses: the output that a terminal event repeats."""

from __future__ import annotations

from sse_events.chat.events import Citation, Done, Error, Reasoning, ReasoningSignature, Refusal, Start, Token
from tests.chat.cases import text_of
from tests.chat.responses.payloads import (
    CALLED,
    CUT,
    FAILED,
    Case,
    Checks,
    added,
    annotated,
    call,
    completed,
    done,
    failed,
    incomplete,
    one_call,
    refusal,
    summary,
    text,
)

CASES = {
    "a terminal event fills what was not streamed": Case(
        [
            completed(
                id="r",
                output=[
                    {
                        "type": "reasoning",
                        "id": "rs_1",
                        "summary": [{"type": "summary_text", "text": "short"}],
                        "content": [{"type": "reasoning_text", "text": "long"}],
                        "encrypted_content": "E1",
                    },
                    {"type": "reasoning", "id": "rs_2", "summary": [], "encrypted_content": "E2"},
                    {
                        "type": "message",
                        "content": [
                            {"type": "output_text", "text": "a", "annotations": [{"url": "https://a"}, {"url": "b:"}]},
                            {"type": "output_text", "text": "b"},
                            {"type": "refusal", "refusal": "no"},
                            {"type": "other", "text": "x", "refusal": "x"},
                        ],
                    },
                    call(arguments="{}", status="completed"),
                    call(call_id="c2", arguments="{}", status="incomplete"),
                    call(call_id="c3", arguments="{}"),
                ],
            )
        ],
        [
            Start("r", ""),
            Reasoning("short"),
            Reasoning("long"),
            ReasoningSignature("E1", id="rs_1"),
            ReasoningSignature("E2", id="rs_2"),
            Token("a"),
            Token("b"),
            Refusal("no"),
            Citation("https://a", raw={"url": "https://a"}),
            Citation("b:", raw={"url": "b:"}),
            *one_call("{}"),
            *one_call("{}", id="c2", index=1, complete=False),
            *one_call("{}", id="c3", index=2),
            *CALLED,
        ],
    ),
    "it replaces nothing that was": Case(
        [
            summary("hm"),
            done(0, type="reasoning", id="rs_1", encrypted_content="E"),
            text("a"),
            refusal("no"),
            annotated({"type": "file_citation"}),
            added(1, **call()),
            incomplete(
                output=[
                    {"type": "reasoning", "summary": [{"text": "x"}], "encrypted_content": "x"},
                    {
                        "type": "message",
                        "content": [
                            {"type": "output_text", "text": "x", "annotations": [{"type": "file_citation"}]},
                            {"type": "refusal", "refusal": "x"},
                        ],
                    },
                    call(call_id="x"),
                ]
            ),
        ],
        [
            Reasoning("hm"),
            ReasoningSignature("E", id="rs_1"),
            Token("a"),
            Refusal("no"),
            Citation(raw={"type": "file_citation"}),
            *one_call(complete=False),
            *CUT,
        ],
    ),
    "each field is filled for itself": Case(
        [
            {"type": "response.reasoning_text.delta", "delta": "hm"},
            failed(
                error="boom",
                output=[
                    {"type": "reasoning", "content": [{"type": "output_text", "text": "x"}]},
                    {"type": "message", "content": [{"type": "output_text", "text": "a"}]},
                ],
            ),
        ],
        [
            Reasoning("hm"),
            Token("a"),
            FAILED,
            Error(
                "provider",
                "boom",
                raw=text_of(
                    failed(
                        error="boom",
                        output=[
                            {"type": "reasoning", "content": [{"type": "output_text", "text": "x"}]},
                            {"type": "message", "content": [{"type": "output_text", "text": "a"}]},
                        ],
                    )
                ),
            ),
            Done("error", "error"),
        ],
    ),
}


class TestCases(Checks):
    cases = CASES

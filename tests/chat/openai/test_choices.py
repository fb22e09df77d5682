"""OpenAI: several choices."""

from __future__ import annotations

from sse_events.chat import (
    Citation,
    Finish,
    Logprobs,
    Reasoning,
    ReasoningSignature,
    Refusal,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
)
from tests.chat.cases import check, check_cuts, done, read, sse
from tests.chat.openai.payloads import DONE, STOP, call, choice, chunk


class TestChoices:
    def test_all(self):
        body = sse(
            chunk(choice({"content": "a"}), choice({"content": "b", "reasoning": "r"}, index=1)),
            chunk(choice({"refusal": "n", "tool_calls": [call("{}", id="x", name="f")]}, index=1)),
            chunk(choice({"tool_calls": [call("[]", id="y", name="g")]}, index=-1, logprobs={"content": [1]})),
            chunk(choice({"reasoning_details": [{"type": "reasoning.encrypted", "data": "E"}]}, index=1)),
            chunk(choice({"annotations": [{"url": "u"}]}, index=1), choice({"annotations": [{"url": "u"}]})),
            chunk(choice(finish="stop"), choice(finish="length", index=1, usage={"prompt_tokens": 9})),
            DONE,
        )
        check(
            body,
            [
                Token("a"),
                Reasoning("r", 1),
                Token("b", 1),
                Refusal("n", 1),
                ToolCallStart(0, "x", "f", 1),
                ToolCallArgs(0, "{}", 1),
                ToolCallStart(0, "y", "g", -1),
                ToolCallArgs(0, "[]", -1),
                Logprobs([1], -1),
                ReasoningSignature("E", redacted=True, choice=1),
                Citation("u", raw={"url": "u"}, choice=1),
                Citation("u", raw={"url": "u"}),
                STOP,
                Finish("length", "length", 1),
                ToolCallEnd(0, "x", "f", "{}", False, 1),
                ToolCallEnd(0, "y", "g", "[]", True, -1),
                done("complete", "stop"),
            ],
            "auto",
            "openai",
            choices="all",
        )
        check_cuts(body, choices="all")

    def test_a_snapshot_of_another(self):
        message = {"content": "t", "reasoning": "r"}
        body = sse(chunk(choice(index=1, message=message)))
        assert read(body, choices="all") == [Reasoning("r", 1), Token("t", 1), done("truncated")]

    def test_a_call_after_the_finish_word_of_another(self):
        body = sse(chunk(choice(finish="stop", index=1)), chunk(choice({"tool_calls": [call(name="f")]}, index=1)))
        assert read(body, choices="all")[-3:] == [
            Finish("tool_calls", "stop", 1),
            ToolCallEnd(0, "", "f", "", True, 1),
            done("truncated"),
        ]

    def test_a_choice_that_nothing_ended_is_not_complete_because_another_was(self):
        body = sse(
            chunk(choice({"tool_calls": [call("{}", id="x", name="f")]}, index=1)),
            chunk(choice({"tool_calls": [call("{}", id="y", name="g")]}, "tool_calls")),
        )
        ended = {event.id: event.complete for event in read(body, choices="all") if isinstance(event, ToolCallEnd)}
        assert ended == {"x": False, "y": True}

    def test_the_end_of_another_choice_is_not_the_proper_end_after_an_error(self):
        body = sse({"error": "lost"}, chunk(choice(finish="stop", index=1)), chunk(choice({"content": "a"}), index=0))
        for choices in ("first", "all"):
            assert read(body, choices=choices)[-1] == done("error")

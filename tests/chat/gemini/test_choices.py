"""Gemini: several candidates in one stream."""

from __future__ import annotations

from sse_events.chat import Finish, Reasoning, ReasoningSignature, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from tests.chat.cases import check, done, read
from tests.chat.gemini.payloads import CALLED, call, chunk, piece, sse, text, thought, whole_call


class TestChoices:
    BODY = sse(
        chunk(text("no"), index=1),
        {
            "candidates": [
                {"index": 1, "content": {"parts": [call(name="g", more=True, signature="T")]}},
                {"index": 0, "content": {"parts": [text("a"), call(name="f", more=True)]}},
            ]
        },
        chunk(thought("hm"), call(piece("$.b", 2)), finish="STOP", index=1),
        chunk(call(piece("$.a", 1)), index=0, finish="STOP"),
    )

    def test_first_is_that_of_index_0_wherever_it_stands(self):
        check(self.BODY, [Token("a"), *whole_call('{"a":1}'), CALLED, done("complete", "tool_calls")], "auto", "gemini")

    def test_all_with_a_call_being_streamed_in_each(self):
        check(
            self.BODY,
            [
                Token("no", 1),
                ToolCallStart(0, "", "g", 1),
                ReasoningSignature("T", call_index=0, choice=1),
                Token("a"),
                ToolCallStart(0, "", "f"),
                Reasoning("hm", 1),
                ToolCallArgs(0, '{"b":2}', 1),
                ToolCallEnd(0, "", "g", '{"b":2}', True, 1),
                Finish("tool_calls", "STOP", 1),
                ToolCallArgs(0, '{"a":1}'),
                ToolCallEnd(0, "", "f", '{"a":1}', True),
                CALLED,
                done("complete", "tool_calls"),
            ],
            "auto",
            "gemini",
            choices="all",
        )

    def test_candidates_that_are_no_objects_cost_their_place_only(self):
        body = sse({"candidates": [5, None, {"content": {"parts": [text("a")]}}]})
        assert read(body) == [Token("a"), done("truncated")]

    def test_the_end_of_another_candidate_completes_nothing(self):
        body = sse(chunk(text("a"), index=1, finish="STOP"))
        assert read(body, choices="all") == [Token("a", 1), Finish("stop", "STOP", 1), done("truncated")]

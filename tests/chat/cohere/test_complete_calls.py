"""Cohere: which tool calls are complete, and which were cut."""

from __future__ import annotations

import pytest

from sse_events.chat import Citation, Error, Finish, Reasoning, Token, ToolCallEnd
from tests.chat.cases import Case, begun, done, ended, ended_with, read, sse
from tests.chat.cohere.payloads import (
    DONE,
    TOOL_CALL,
    Checks,
    closes,
    ends,
    event,
    more,
    opens,
    plans,
    starts,
    text,
    tool,
    tool_ends,
    whole_call,
)

MALFORMED = "{not json"

CASES = [
    *(
        Case(
            f"a call before {word} is {'complete' if complete else 'cut'}",
            sse(*whole_call(), ends(word), DONE),
            [*begun(), ended(complete=complete), Finish(reason, word), ended_with(reason)],  # type: ignore[arg-type]
        )
        for word, reason, complete in (
            ("TOOL_CALL", "tool_calls", True),
            ("OTHER", "other", True),
            ("MAX_TOKENS", "length", False),
            ("ERROR", "error", False),
            ("TIMEOUT", "error", False),
            ("timeout", "error", False),
        )
    ),
    Case(
        "content says that a call is whole, whatever cuts the message later",
        sse(*whole_call(), opens("text"), text("a"), ends("MAX_TOKENS")),
        [*begun(), ended(), Token("a"), Finish("length", "MAX_TOKENS"), done("finished", "length")],
    ),
    Case(
        "another call says so too",
        sse(*whole_call(), tool(1, "b"), ends("MAX_TOKENS")),
        [
            *begun(),
            ended(),
            *begun("", 1, "b"),
            Finish("length", "MAX_TOKENS"),
            ended("", 1, "b", complete=False),
            done("finished", "length"),
        ],
    ),
    Case(
        "content that goes on, a plan and a citation do not",
        sse(
            *whole_call(), text("a"), plans("b"), event("citation-start", 0, citations={}), closes(), ends("MAX_TOKENS")
        ),
        [
            *begun(),
            Token("a"),
            Reasoning("b"),
            Citation(raw={}),
            ended(complete=False),
            Finish("length", "MAX_TOKENS"),
            done("finished", "length"),
        ],
    ),
    Case(
        "a closed call at the end of a broken stream is cut",
        sse(*whole_call()),
        [*begun(), ended(complete=False), done("truncated")],
    ),
    Case(
        "the sentinel without a finish reason does not say that a call is whole",
        sse(*whole_call(), ends(), DONE),
        [*begun(), ended(complete=False), done("complete")],
    ),
    Case(
        "C8: a call that is open at the sentinel is whole",
        sse(tool(), more("{}"), tool_ends(1), ends("TOOL_CALL"), DONE),
        [*begun(), TOOL_CALL, ended(), done("complete", "tool_calls")],
    ),
    Case(
        "C8: not without the sentinel",
        sse(tool(), more("{}"), tool_ends(1), ends("TOOL_CALL")),
        [*begun(), TOOL_CALL, ended(complete=False), done("finished", "tool_calls")],
    ),
    Case(
        "arguments that are no JSON",
        sse(*whole_call("{"), ends("TOOL_CALL")),
        [*begun("{"), ended("{", complete=False), TOOL_CALL, done("finished", "tool_calls")],
    ),
]


class TestCases(Checks):
    cases = CASES


class TestMalformed:
    """A lost line may have been a fragment, an end, or the finish reason that says the call was cut."""

    @pytest.mark.parametrize("at", [1, 2, 3])
    def test_between_the_first_delta_of_a_call_and_its_end(self, at):
        payloads = [*whole_call(), ends("TOOL_CALL"), DONE]
        events = read(sse(*payloads[:at], MALFORMED, *payloads[at:]))
        assert [event.complete for event in events if isinstance(event, ToolCallEnd)] == [False]
        assert [event.kind for event in events if isinstance(event, Error)] == ["malformed_json"]
        assert events[-1] == done("complete", "tool_calls", 1)

    def test_before_and_after(self):
        events = read(sse(starts(), MALFORMED, *whole_call(), ends("TOOL_CALL"), MALFORMED, DONE))
        assert [event.complete for event in events if isinstance(event, ToolCallEnd)] == [True]

"""Anthropic: a second message that starts in the same stream."""

from __future__ import annotations

from sse_events.chat import Finish, Token, ToolCallArgs, ToolCallStart
from tests.chat.anthropic.payloads import (
    START,
    STOP,
    TOOL_USE,
    Checks,
    closes,
    ends,
    json_of,
    opens,
    starts,
    text,
    tool,
    whole_call,
)
from tests.chat.cases import Case, begun, done, ended, sse

CASES = [
    Case(
        "a second message_start resets nothing",
        sse(starts(input_tokens=10), starts(input_tokens=99), opens("text"), text("a"), starts(), text("b"), STOP),
        [START, Token("a"), Token("b"), done("complete", prompt_tokens=99, raw={"input_tokens": 99})],
    ),
    Case(
        "a call that is open goes on after it",
        sse(tool(), json_of("["), starts(), json_of("]"), closes(), ends("tool_use"), STOP),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "["),
            START,
            ToolCallArgs(0, "]"),
            ended("[]"),
            TOOL_USE,
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "a call that was closed before it is whole if another block follows",
        sse(*whole_call(), starts(), opens("text"), text("a"), ends("end_turn"), STOP),
        [
            *begun(),
            START,
            ended(),
            Token("a"),
            Finish("tool_calls", "end_turn"),
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "a call that is open keeps what it has when its index is used again",
        sse(starts(), tool(), json_of("{}"), starts(), *whole_call("[]", 0, "b", "g"), ends("tool_use"), STOP),
        [
            START,
            *begun(),
            *begun("[]", 1, "b", "g"),
            ended("[]", 1, "b", "g"),
            TOOL_USE,
            ended(),
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "a text block at the index of a call that is open takes it over",
        sse(tool(), json_of("{}"), starts(), opens("text"), json_of("x"), text("a"), closes(), ends("tool_use")),
        [*begun(), START, Token("a"), TOOL_USE, ended(complete=False), done("finished", "tool_calls")],
    ),
]


class TestCases(Checks):
    cases = CASES

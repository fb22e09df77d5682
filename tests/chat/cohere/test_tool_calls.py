"""Cohere: tool calls, from their start to their end."""

from __future__ import annotations

from sse_events.chat import Finish, Reasoning, Token, ToolCallArgs, ToolCallStart
from tests.chat.cases import Case, begun, done, ended, sse
from tests.chat.cohere.payloads import (
    DONE,
    MISSING,
    START,
    TOOL_CALL,
    Checks,
    ends,
    event,
    more,
    plans,
    starts,
    text,
    tool,
    tool_ends,
    whole_call,
)

CASES = [
    Case(
        "a plan and two calls",
        sse(
            starts(),
            plans("I will look."),
            tool(0),
            more('{"x":'),
            more("1}"),
            tool_ends(0),
            tool(1, "b", "g"),
            more("[]", 1),
            tool_ends(1),
            ends("TOOL_CALL"),
            DONE,
        ),
        [
            START,
            Reasoning("I will look."),
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, '{"x":'),
            ToolCallArgs(0, "1}"),
            ended('{"x":1}'),
            *begun("[]", 1, "b", "g"),
            ended("[]", 1, "b", "g"),
            TOOL_CALL,
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "the tool call is one object, or the first of a list",
        sse(
            event(
                "tool-call-start",
                0,
                tool_calls=[None, {"id": "a", "function": {"name": "f", "arguments": "["}}, {"id": "b"}],
            ),
            event(
                "tool-call-delta", 0, tool_calls=[{"function": {"arguments": "]"}}, {"function": {"arguments": "x"}}]
            ),
            tool_ends(),
            ends("TOOL_CALL"),
        ),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "["),
            ToolCallArgs(0, "]"),
            ended("[]"),
            TOOL_CALL,
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "no arguments stay none",
        sse(tool(), tool_ends(), tool(1, "b", arguments=None), tool_ends(1), ends("TOOL_CALL")),
        [*begun(""), ended(""), *begun("", 1, "b"), ended("", 1, "b"), TOOL_CALL, done("finished", "tool_calls")],
    ),
    Case(
        "arguments that are no text",
        sse(tool(arguments={"città": 1}), tool_ends(), ends("TOOL_CALL")),
        [*begun('{"città":1}'), ended('{"città":1}'), TOOL_CALL, done("finished", "tool_calls")],
    ),
    Case(
        "fragments go to the call of their index",
        sse(tool(4), tool(7, "b", "g"), more("[1", 4), more("[2", 7), more("]", 7), more("]", 4), ends("TOOL_CALL")),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallStart(1, "b", "g"),
            ToolCallArgs(0, "[1"),
            ToolCallArgs(1, "[2"),
            ToolCallArgs(1, "]"),
            ToolCallArgs(0, "]"),
            TOOL_CALL,
            ended("[1]", complete=False),
            ended("[2]", 1, "b", "g", complete=False),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "an index that is missing or a whole float",
        sse(
            tool(None),
            more("{}", None),
            tool_ends(MISSING),
            tool(1.0, "b"),
            more("{}", 1),
            tool_ends(1.0),
            ends("TOOL_CALL"),
        ),
        [*begun(), ended(), *begun("{}", 1, "b"), ended("{}", 1, "b"), TOOL_CALL, done("finished", "tool_calls")],
    ),
    Case(
        "an index that is used again",
        sse(tool(), more("["), tool(0, "b", "g"), more("{}"), tool_ends(), ends("TOOL_CALL")),
        [
            *begun("["),
            *begun("{}", 1, "b", "g"),
            ended("{}", 1, "b", "g"),
            TOOL_CALL,
            ended("[", complete=False),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "fragments for no call, and for one whose end was sent, are ignored",
        sse(
            more("x"),
            tool_ends(),
            *whole_call(),
            tool(1, "b"),
            more("x"),
            tool_ends(1),
            ends("TOOL_CALL"),
            more("x", 1),
        ),
        [*begun(), ended(), *begun("", 1, "b"), ended("", 1, "b"), TOOL_CALL, done("finished", "tool_calls")],
    ),
    Case(
        "a fragment after the end of the call, before anything else",
        sse(tool(), more("["), tool_ends(), more("]"), ends("TOOL_CALL")),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "["),
            ToolCallArgs(0, "]"),
            ended("[]"),
            TOOL_CALL,
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C11: a call without a name is held back until its end, and never complete",
        sse(tool(id=None, name=None), more("{}"), text("a"), tool_ends(), ends("TOOL_CALL")),
        [
            Token("a"),
            *begun("{}", 0, "", ""),
            ended("{}", 0, "", "", complete=False),
            TOOL_CALL,
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "COMPLETE with a call is tool_calls",
        sse(*whole_call(), ends("COMPLETE"), DONE),
        [*begun(), ended(), Finish("tool_calls", "COMPLETE"), done("complete", "tool_calls")],
    ),
]


class TestCases(Checks):
    cases = CASES

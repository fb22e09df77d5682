"""Anthropic: the fragments, the input and the index of tool calls, and server tools, which are not calls."""

from __future__ import annotations

from sse_events.chat import Finish, Raw, Token, ToolCallArgs, ToolCallStart
from tests.chat.anthropic.payloads import (
    END_TURN,
    STOP,
    TOOL_USE,
    Checks,
    closes,
    ends,
    json_of,
    opens,
    text,
    tool,
    whole_call,
)
from tests.chat.cases import Case, begun, done, ended, read, sse

CASES = [
    Case(
        "two calls, the first fragment empty",
        sse(
            tool(0, input={}),
            json_of(""),
            json_of('{"x":'),
            json_of("1}"),
            closes(0),
            tool(1, "b", "g", input={}),
            json_of("[]", 1),
            closes(1),
            ends("tool_use"),
            STOP,
        ),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, '{"x":'),
            ToolCallArgs(0, "1}"),
            ended('{"x":1}'),
            *begun("[]", 1, "b", "g"),
            ended("[]", 1, "b", "g"),
            TOOL_USE,
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "a call after text counts from zero",
        sse(
            opens("text"), text("a"), closes(), *whole_call(index=1)[:1], json_of("{}", 1), closes(1), ends("tool_use")
        ),
        [Token("a"), *begun(), ended(), TOOL_USE, done("finished", "tool_calls")],
    ),
    Case(
        "no fragments but an empty input",
        sse(tool(input={}), closes(), ends("tool_use"), STOP),
        [*begun(), ended(), TOOL_USE, done("complete", "tool_calls")],
    ),
    Case(
        "empty fragments only",
        sse(tool(input={}), json_of(""), json_of(""), closes(), ends("tool_use"), STOP),
        [*begun(), ended(), TOOL_USE, done("complete", "tool_calls")],
    ),
    Case(
        "an input that comes whole",
        sse(tool(input={"città": "Zürich", "n": [1, 2]}), closes(), ends("tool_use"), STOP),
        [
            *begun('{"città":"Zürich","n":[1,2]}'),
            ended('{"città":"Zürich","n":[1,2]}'),
            TOOL_USE,
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "an input that is null or missing",
        sse(tool(0, input=None), closes(), tool(1, "b"), closes(1), ends("tool_use"), STOP),
        [*begun(), ended(), *begun("{}", 1, "b"), ended("{}", 1, "b"), TOOL_USE, done("complete", "tool_calls")],
    ),
    Case(
        "fragments stand in place of the input",
        sse(tool(input={"x": 1}), json_of('{"x":2}'), closes(), ends("tool_use"), STOP),
        [*begun('{"x":2}'), ended('{"x":2}'), TOOL_USE, done("complete", "tool_calls")],
    ),
    Case(
        "no arguments at all without a stop",
        sse(tool(input={"x": 1})),
        [*begun(""), ended("", complete=False), done("truncated")],
    ),
    Case(
        "fragments go to the block of their index",
        sse(
            tool(3),
            tool(7, "b", "g"),
            json_of("[1", 3),
            json_of("[2", 7),
            json_of("]", 3),
            json_of("]", 7),
            closes(7),
            closes(3),
            ends("tool_use"),
        ),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallStart(1, "b", "g"),
            ToolCallArgs(0, "[1"),
            ToolCallArgs(1, "[2"),
            ToolCallArgs(0, "]"),
            ToolCallArgs(1, "]"),
            ended("[1]"),
            ended("[2]", 1, "b", "g"),
            TOOL_USE,
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "fragments for no call are ignored",
        sse(json_of("{}", 5), *whole_call(), json_of("{}"), json_of("{}", 5), ends("tool_use")),
        [*begun(), ended(), TOOL_USE, done("finished", "tool_calls")],
    ),
    Case(
        "an index that is missing or a whole float",
        sse(
            tool(None),
            json_of("{}", None),
            closes(None),
            tool(1.0, "b"),
            json_of("{}", 1),
            closes(1.0),
            ends("tool_use"),
        ),
        [*begun(), ended(), *begun("{}", 1, "b"), ended("{}", 1, "b"), TOOL_USE, done("finished", "tool_calls")],
    ),
    Case(
        "C11: a call without a name is held back until its end, and never complete",
        sse(tool(id=None, name=None), json_of("{}"), text("a", 1), closes(), ends("tool_use"), STOP),
        [
            Token("a"),
            *begun("{}", 0, "", ""),
            ended("{}", 0, "", "", complete=False),
            TOOL_USE,
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "server tools and their results are no calls",
        sse(
            opens("server_tool_use", id="s", name="web_search", input={}),
            json_of('{"query":"x"}'),
            closes(),
            opens("web_search_tool_result", 1, tool_use_id="s", content=[{"type": "web_search_result", "url": "u"}]),
            closes(1),
            opens("mcp_tool_use", 2, id="s", name="g", server_name="n", input={}),
            json_of("{}", 2),
            closes(2),
            opens("mcp_tool_result", 3, tool_use_id="s", content=[{"type": "text", "text": "t"}]),
            closes(3),
            text("a", 4),
            ends("end_turn"),
            STOP,
        ),
        [Token("a"), END_TURN, done("complete", "stop")],
    ),
    Case(
        "end_turn with a call is tool_calls",
        sse(*whole_call(), ends("end_turn"), STOP),
        [*begun(), ended(), Finish("tool_calls", "end_turn"), done("complete", "tool_calls")],
    ),
]


class TestCases(Checks):
    cases = CASES


def test_raw_shows_server_tools():
    result = opens("web_search_tool_result", content=[{"type": "web_search_result", "url": "u"}])
    assert read(sse(result, STOP), raw=True) == [Raw(result), Raw(STOP), done("complete")]

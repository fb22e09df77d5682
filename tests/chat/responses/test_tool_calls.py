"""Responses: the ids, the arguments and the order of tool calls."""

from __future__ import annotations

from sse_events.chat.events import ToolCallArgs, ToolCallEnd, ToolCallStart
from tests.chat.responses.payloads import (
    CALLED,
    STOPPED,
    Case,
    Checks,
    added,
    call,
    completed,
    done,
    fragment,
    one_call,
    whole,
)

CASES = {
    "function call": Case(
        [
            added(0, **call(status="in_progress")),
            fragment(0, '{"a"', item_id="fc_1"),
            fragment(0, ":1}", item_id="fc_1"),
            whole(0, '{"a":1}', item_id="fc_1"),
            done(0, **call(arguments='{"a":1}', status="completed")),
            completed(output=[call(arguments='{"a":1}', status="completed")]),
        ],
        [*one_call('{"a"', ":1}"), *CALLED],
    ),
    "item ids that rotate: the place in the output is the key": Case(
        [
            added(1, **call(id="i1")),
            fragment(1, "{}", item_id="i2"),
            whole(1, "{}", item_id="i3"),
            done(1, **call(id="i4", arguments="{}", status="completed")),
            completed(output=[]),
        ],
        [*one_call("{}"), *CALLED],
    ),
    "without output_index the item id is the key": Case(
        [
            added(None, **call(id="i1", call_id="c1")),
            added(None, **call(id="i2", call_id="c2")),
            fragment(None, "[2]", item_id="i2"),
            whole(None, "[1]", item_id="i1"),
            done(None, **call(id="i1", call_id="c1", status="completed")),
            done(None, **call(id="i2", call_id="c2", status="completed")),
            completed(),
        ],
        [
            ToolCallStart(0, "c1", "f"),
            ToolCallStart(1, "c2", "f"),
            ToolCallArgs(1, "[2]"),
            ToolCallArgs(0, "[1]"),
            ToolCallEnd(0, "c1", "f", "[1]", True),
            ToolCallEnd(1, "c2", "f", "[2]", True),
            *CALLED,
        ],
    ),
    "with neither, one call": Case(
        [added(None, **call(id=None)), done(None, **call(id=None, status="completed")), completed()],
        [*one_call(), *CALLED],
    ),
    "parallel calls take turns": Case(
        [
            added(1, **call(call_id="c1", name="f")),
            added(2, **call(call_id="c2", name="g")),
            fragment(2, "{"),
            fragment(1, "{}"),
            fragment(2, "}"),
            done(2, **call(call_id="c2", name="g", status="completed")),
            done(1, **call(call_id="c1", name="f", status="completed")),
            completed(),
        ],
        [
            ToolCallStart(0, "c1", "f"),
            ToolCallStart(1, "c2", "g"),
            ToolCallArgs(1, "{"),
            ToolCallArgs(0, "{}"),
            ToolCallArgs(1, "}"),
            ToolCallEnd(1, "c2", "g", "{}", True),
            ToolCallEnd(0, "c1", "f", "{}", True),
            *CALLED,
        ],
    ),
    "custom tool: its input are the arguments, which are no JSON": Case(
        [
            added(0, type="custom_tool_call", call_id="c", name="sql", input=""),
            {"type": "response.custom_tool_call_input.delta", "output_index": 0, "delta": "SELECT "},
            {"type": "response.custom_tool_call_input.delta", "output_index": 0, "delta": "1"},
            {"type": "response.custom_tool_call_input.done", "output_index": 0, "input": "SELECT 1"},
            done(0, type="custom_tool_call", call_id="c", name="sql", input="SELECT 1", status="completed"),
            completed(),
        ],
        [*one_call("SELECT ", "1", name="sql", custom=True), *CALLED],
    ),
    "custom tool: input only where it is done": Case(
        [
            added(0, type="custom_tool_call", call_id="c", name="sql"),
            {"type": "response.custom_tool_call_input.done", "output_index": 0, "input": "SELECT 1"},
            completed(),
        ],
        [*one_call("SELECT 1", name="sql", custom=True), *CALLED],
    ),
    "arguments only in arguments.done": Case(
        [added(0, **call()), whole(0, "{}"), done(0, **call(arguments="{}", status="completed")), completed()],
        [*one_call("{}"), *CALLED],
    ),
    "arguments only in the done item": Case(
        [added(0, **call()), done(0, **call(arguments="{}", status="completed")), completed()],
        [*one_call("{}"), *CALLED],
    ),
    "only the done item": Case(
        [done(0, **call(arguments="{}", status="completed")), completed()], [*one_call("{}"), *CALLED]
    ),
    "arguments of the added item are how they begin": Case(
        [added(0, **call(arguments='{"a"')), fragment(0, ":1}"), done(0, **call(status="completed")), completed()],
        [*one_call('{"a"', ":1}"), *CALLED],
    ),
    "a call without arguments": Case(
        [added(0, **call()), done(0, **call(status="completed")), completed()], [*one_call(), *CALLED]
    ),
    "arguments as an object": Case(
        [done(0, **call(arguments={"a": [1, "é"]}, status="completed")), completed()],
        [*one_call('{"a":[1,"é"]}'), *CALLED],
    ),
    "what was streamed is not replaced": Case(
        [
            added(0, **call()),
            fragment(0, "[1]"),
            whole(0, "[2]"),
            added(0, **call(arguments="[3]")),
            done(0, **call(call_id="c4", name="g", arguments="[4]", status="completed")),
            completed(output=[call(call_id="c5", arguments="[5]")]),
        ],
        [*one_call("[1]"), *CALLED],
    ),
    "nothing is added to a call that has ended": Case(
        [
            done(0, **call(call_id=None, status="completed")),
            fragment(0, "1"),
            whole(0, "1"),
            added(0, **call(arguments="1")),
            done(0, **call(arguments="1", status="completed")),
            completed(),
        ],
        [*one_call(id=""), *CALLED],
    ),
    "fragments of no known call": Case([fragment(3, "{}"), whole(3, "{}"), completed()], STOPPED),
    "a name and an id that come with the done item": Case(
        [
            added(0, **call(call_id=None, name=None)),
            fragment(0, "{"),
            fragment(0, "}"),
            done(0, **call(status="completed")),
            completed(),
        ],
        [*one_call("{}"), *CALLED],
    ),
    "an item id is no call id": Case(
        [added(0, **call(call_id="")), done(0, **call(call_id="", status="completed")), completed()],
        [*one_call(id=""), *CALLED],
    ),
    "tools that run elsewhere are no tool calls": Case(
        [
            added(0, type="mcp_call", id="mcp_1", name="f", arguments=""),
            {"type": "response.mcp_call_arguments.delta", "output_index": 0, "item_id": "mcp_1", "delta": "{}"},
            {"type": "response.mcp_call_arguments.done", "output_index": 0, "item_id": "mcp_1", "arguments": "{}"},
            done(0, type="mcp_call", id="mcp_1", name="f", arguments="{}", status="completed"),
            done(1, type="web_search_call", call_id="", name="web_search", arguments="{}", status="completed"),
            done(2, type="apply_patch_call", call_id="c", operation={"type": "delete_file"}, status="completed"),
            done(3, type="shell_call", call_id="c", action={"commands": ["ls"]}, status="completed"),
            completed(output=[{"type": "mcp_call", "name": "f", "arguments": "{}"}]),
        ],
        STOPPED,
    ),
}


class TestCases(Checks):
    cases = CASES

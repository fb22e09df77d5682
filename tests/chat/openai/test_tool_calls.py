"""OpenAI: which call a fragment belongs to."""

from __future__ import annotations

from sse_events.chat import Finish, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from tests.chat.cases import Case, done, sse
from tests.chat.openai.payloads import PROMOTED, TOOLS, Checks, call, calls, end, ends, one_call, says

IDENTITY = [
    Case(
        "C1a: a known id is its call, whatever the index",
        sse(
            calls(call("1", id="a", name="f"), call("2", index=1, id="b", name="g")),
            calls(call("3", index=5, id="a", name="h")),
            calls(call("4", index=5)),
            ends("tool_calls"),
        ),
        [
            *one_call("1"),
            *one_call("2", id="b", name="g", index=1),
            ToolCallArgs(0, "3"),
            ToolCallArgs(0, "4"),
            TOOLS,
            end("134"),
            end("2", id="b", name="g", index=1),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1a: a known id without an index",
        sse(
            calls(call("1", id="a", name="f"), call("2", index=1, id="b", name="g")),
            calls(call("3", index=None, id="a", name="f")),
            ends("tool_calls"),
        ),
        [
            *one_call("1"),
            *one_call("2", id="b", name="g", index=1),
            ToolCallArgs(0, "3"),
            TOOLS,
            end("13"),
            end("2", id="b", name="g", index=1),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1b: at a known index a new id with a name is a new call, and the index is its own from then on",
        sse(calls(call("1", id="a", name="f")), calls(call("2", id="b", name="g")), calls(call("3")), ends("stop")),
        [
            *one_call("1"),
            *one_call("2", id="b", name="g", index=1),
            ToolCallArgs(1, "3"),
            PROMOTED,
            end("1"),
            end("23", id="b", name="g", index=1),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1b: at a known index a name without an id goes on, and the first name stays",
        sse(calls(call("1", id="a", name="f")), calls(call("2", name="g")), ends("stop")),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "1"),
            ToolCallArgs(0, "2"),
            PROMOTED,
            end("12"),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1b: an id that comes later fills in, and is known then",
        sse(calls(call("1", name="f")), calls(call("2", id="b")), calls(call("3", index=1, id="b")), ends("stop")),
        [
            ToolCallStart(0, "", "f"),
            ToolCallArgs(0, "1"),
            ToolCallArgs(0, "2"),
            ToolCallArgs(0, "3"),
            PROMOTED,
            end("123", id="b"),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1c: an unknown index is a new call even without a name, which may come later",
        sse(
            calls(call("{", id="a")),
            calls(call("", index=1, id="b", name="g")),
            calls(call("}", name="f")),
            ends("stop"),
        ),
        [
            ToolCallStart(1, "b", "g"),
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "{}"),
            PROMOTED,
            end(),
            end("", id="b", name="g", index=1),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1c: a name that never comes holds the call back until the end",
        sse(calls(call("{", id="a")), calls(call("}")), says(content="x"), ends("stop")),
        [
            Token("x"),
            PROMOTED,
            ToolCallStart(0, "a", ""),
            ToolCallArgs(0, "{}"),
            end(name="", complete=False),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1d: without an index a name begins a call, with or without an id, and what has no name goes on",
        sse(
            calls(call("1", index=None)),
            calls(call("2", index=None, id="a", name="f")),
            calls(call("3", index=None)),
            calls(call("4", index=None, name="g")),
            calls(call("5", index=None, id="new")),
            ends("stop"),
        ),
        [
            *one_call("2", index=1),
            ToolCallArgs(1, "3"),
            *one_call("4", id="", name="g", index=2),
            ToolCallArgs(2, "5"),
            PROMOTED,
            ToolCallStart(0, "", ""),
            ToolCallArgs(0, "1"),
            end("1", id="", name="", complete=False),
            end("23", index=1),
            end("45", id="new", name="g", index=2),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1: an index may be 0.0, and is missing if it is a string or a bool",
        sse(
            calls(call("1", index=0.0, id="a", name="f")),
            calls(call("2", index=0)),
            calls(call("3", index="0")),
            calls(call("4", index=False, name="g")),
            ends("stop"),
        ),
        [
            *one_call("1"),
            ToolCallArgs(0, "2"),
            ToolCallArgs(0, "3"),
            *one_call("4", id="", name="g", index=1),
            PROMOTED,
            end("123"),
            end("4", id="", name="g", index=1),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1: ids and names that are no strings are none",
        sse(
            calls({"index": 0, "id": 7, "function": {"name": ["f"], "arguments": "{}"}}),
            calls(call(id="a")),
            calls(call(name="f")),
            ends("stop"),
        ),
        [*one_call(), PROMOTED, end(), done("finished", "tool_calls")],
    ),
    Case(
        "C1: arguments: null is nothing, and what is no string is compact JSON",
        sse(
            calls(call(id="a", name="f")),
            calls({"index": 0, "function": {"arguments": None}}),
            calls(call([1, {"a": True}])),
            calls(call(5)),
            calls(call(False)),
            ends("stop"),
        ),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, '[1,{"a":true}]'),
            ToolCallArgs(0, "5"),
            ToolCallArgs(0, "false"),
            PROMOTED,
            end('[1,{"a":true}]5false', complete=False),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C2: the legacy function_call is one call of its own without an id, named in parts or not",
        sse(
            says(function_call={"name": "f", "arguments": ""}),
            says(function_call={"arguments": "{"}),
            calls(call("[]", id="b", name="g")),
            says(function_call={"name": "ignored", "arguments": "}"}),
            ends("function_call"),
        ),
        [
            ToolCallStart(0, "", "f"),
            ToolCallArgs(0, "{"),
            *one_call("[]", id="b", name="g", index=1),
            ToolCallArgs(0, "}"),
            Finish("tool_calls", "function_call"),
            end(id=""),
            end("[]", id="b", name="g", index=1),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C2, C11: a custom tool has an input, which is free text, in place of a function that may be null or empty",
        sse(
            calls({"index": 0, "id": "a", "type": "custom", "custom": {"name": "f", "input": "hi "}}),
            calls({"index": 0, "function": None, "custom": {"input": "you"}}),
            calls({"index": 0, "function": {}, "custom": {"input": "!"}}),
            ends("tool_calls"),
        ),
        [
            ToolCallStart(0, "a", "f", custom=True),
            ToolCallArgs(0, "hi "),
            ToolCallArgs(0, "you"),
            ToolCallArgs(0, "!"),
            TOOLS,
            ToolCallEnd(0, "a", "f", "hi you!", True, custom=True),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C3: empty arguments stay empty, and count as none",
        sse(calls(call("", id="a", name="f")), ends("tool_calls")),
        [ToolCallStart(0, "a", "f"), TOOLS, end(""), done("finished", "tool_calls")],
    ),
    Case(
        "elements of tool_calls that are no objects cost their place only",
        sse(
            calls(None, 5, "x", [call("no", id="z", name="z")], call("{}", id="a", name="f")),
            says(tool_calls={"index": 0}),
            ends("stop"),
        ),
        [*one_call(), PROMOTED, end(), done("finished", "tool_calls")],
    ),
    Case(
        "a function that is no object leaves the rest of the element",
        sse(calls({"index": 0, "id": "a", "function": "f"}), calls(call("{}", name="f")), ends("stop")),
        [*one_call(), PROMOTED, end(), done("finished", "tool_calls")],
    ),
]


class TestCases(Checks):
    cases = IDENTITY

"""Gemini: tool calls that come in several parts, from the name to the end."""

from __future__ import annotations

from sse_events.chat import Finish, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from tests.chat.cases import Case, done
from tests.chat.gemini.payloads import (
    CALLED,
    CLOSED,
    OPENED,
    Checks,
    call,
    chunk,
    malformed,
    piece,
    sse,
    text,
    whole_call,
)

CASES = [
    Case(
        "a name, values by their paths, and an empty end",
        sse(
            OPENED,
            chunk(call(piece("$.location", "Bos", True), more=True)),
            chunk(call(piece("$.location", "ton"), piece("$.brightness", 50), more=True)),
            CLOSED,
            chunk(finish="STOP"),
        ),
        [*whole_call('{"location":"Boston","brightness":50}'), CALLED, done("complete", "tool_calls")],
    ),
    Case(
        "the end is missing: the last value does not go on",
        sse(OPENED, chunk(call(piece("$.a", 1), more=True)), chunk(call(piece("$.b", 2))), chunk(text("x"))),
        [*whole_call('{"a":1,"b":2}'), Token("x"), done("truncated")],
    ),
    Case(
        "opened and ended in one piece",
        sse(chunk(call(piece("$.a", 1), name="f"))),
        [*whole_call('{"a":1}'), done("truncated")],
    ),
    Case("without any argument", sse(OPENED, CLOSED), [*whole_call(), done("truncated")]),
    Case(
        "two, one after the other",
        sse(
            OPENED,
            chunk(call(piece("$.a", 1), more=True)),
            CLOSED,
            OPENED,
            chunk(call(piece("$.b", 2), more=True)),
            CLOSED,
        ),
        [*whole_call('{"a":1}'), *whole_call('{"b":2}', index=1), done("truncated")],
    ),
    Case(
        "another named call ends the open one, which was not whole",
        sse(OPENED, chunk(call(piece("$.a", "x", True), more=True)), chunk(call(name="g", args={"b": 2}))),
        [
            ToolCallStart(0, "", "f"),
            ToolCallArgs(0, '{"a":"x"}'),
            ToolCallEnd(0, "", "f", '{"a":"x"}', False),
            *whole_call('{"b":2}', index=1, name="g"),
            done("truncated"),
        ],
    ),
    Case(
        "the stream ends first",
        sse(OPENED, chunk(call(piece("$.a", "x", True), piece("$.b", True), more=True))),
        [*whole_call('{"a":"x","b":true}', complete=False), done("truncated")],
    ),
    Case(
        "C8: the stream ends first, with a finish reason",
        sse(OPENED, chunk(call(piece("$.a", "x"), more=True)), chunk(finish="STOP")),
        [
            ToolCallStart(0, "", "f"),
            CALLED,
            ToolCallArgs(0, '{"a":"x"}'),
            ToolCallEnd(0, "", "f", '{"a":"x"}', True),
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "a limit in the payload of its end",
        sse(OPENED, chunk(call(piece("$.a", 1)), finish="MAX_TOKENS")),
        [*whole_call('{"a":1}', complete=False), Finish("length", "MAX_TOKENS"), done("complete", "length")],
    ),
    Case(
        "a piece may be lost in malformed JSON",
        sse(OPENED, "{", chunk(call(piece("$.a", 1)))),
        [
            ToolCallStart(0, "", "f"),
            malformed("{"),
            ToolCallArgs(0, '{"a":1}'),
            ToolCallEnd(0, "", "f", '{"a":1}', False),
            done("truncated", None, 1),
        ],
    ),
    Case(
        "text between its pieces",
        sse(OPENED, chunk(text("x")), chunk(call(piece("$.a", 1)))),
        [
            ToolCallStart(0, "", "f"),
            Token("x"),
            ToolCallArgs(0, '{"a":1}'),
            ToolCallEnd(0, "", "f", '{"a":1}', True),
            done("truncated"),
        ],
    ),
    Case(
        "values are put into the arguments that its name came with",
        sse(chunk(call(name="f", args={"a": {"b": 1}}, more=True)), chunk(call(piece("$.a.c", 2)))),
        [*whole_call('{"a":{"b":1,"c":2}}'), done("truncated")],
    ),
    Case(
        "arguments that are no object do not count",
        sse(chunk(call(name="f", args="x", more=True)), CLOSED, chunk(call(piece("$.a", 1), name="f", args=[1]))),
        [*whole_call(), *whole_call('{"a":1}', index=1), done("truncated")],
    ),
    Case(
        "elements of partialArgs that are no objects",
        sse(OPENED, chunk(call(None, 5, "x", piece("$.a", 1)))),
        [*whole_call('{"a":1}'), done("truncated")],
    ),
    Case(
        "a name whose partialArgs hold no object is a whole call",
        sse(chunk(call(None, name="f", args={"a": 1})), chunk(call(piece("$.b", 2)))),
        [*whole_call('{"a":1}'), done("truncated")],
    ),
]


class TestCases(Checks):
    cases = CASES

"""Gemini: tool calls that come whole, in one part."""

from __future__ import annotations

from sse_events.chat import Finish, Token
from tests.chat.cases import Case, done
from tests.chat.gemini.payloads import CALLED, STOP, Checks, call, chunk, piece, sse, text, whole_call

CASES = [
    Case(
        "complete at once, and its stop is a tool call",
        sse(chunk(call(name="f", args={"city": "Genève", "n": [1, 2.5, None]})), chunk(finish="STOP")),
        [*whole_call('{"city":"Genève","n":[1,2.5,null]}'), CALLED, done("complete", "tool_calls")],
    ),
    Case("with an id", sse(chunk(call(id="c1", name="f"))), [*whole_call(id="c1"), done("truncated")]),
    Case("missing arguments", sse(chunk(call(name="f"))), [*whole_call(), done("truncated")]),
    Case("null arguments", sse(chunk(call(name="f", args=None))), [*whole_call(), done("truncated")]),
    Case(
        "arguments that are no object",
        sse(chunk(call(name="f", args=["x"]))),
        [*whole_call('["x"]'), done("truncated")],
    ),
    Case(
        "two in one payload, which ends with them",
        sse(chunk(call(name="f", args={"a": 1}), call(name="f", args={"a": 2}), finish="STOP")),
        [*whole_call('{"a":1}'), *whole_call('{"a":2}', index=1), CALLED, done("complete", "tool_calls")],
    ),
    Case(
        "ended before what follows it",
        sse(chunk(call(name="f"), text("then"))),
        [*whole_call(), Token("then"), done("truncated")],
    ),
    Case(
        "a limit cuts the last call of its payload, not the one before",
        sse(chunk(call(name="f"), call(name="g"), finish="MAX_TOKENS")),
        [
            *whole_call(),
            *whole_call(index=1, name="g", complete=False),
            Finish("length", "MAX_TOKENS"),
            done("complete", "length"),
        ],
    ),
    Case(
        "a limit in a later payload cuts no call",
        sse(chunk(call(name="f")), chunk(finish="MAX_TOKENS")),
        [*whole_call(), Finish("length", "MAX_TOKENS"), done("complete", "length")],
    ),
    Case(
        "after the finish reason, which then means calls",
        sse(chunk(finish="STOP"), chunk(call(name="f"))),
        [STOP, *whole_call(), CALLED, done("complete", "tool_calls")],
    ),
    Case("nameless, with no call to go on with", sse(chunk(call(args={"a": 1}), call())), [done("truncated")]),
    Case(
        "nameless, after a whole call",
        sse(chunk(call(name="f")), chunk(call(piece("$.a", 1)))),
        [*whole_call(), done("truncated")],
    ),
    Case("whose willContinue is not true", sse(chunk(call(name="f", more=1))), [*whole_call(), done("truncated")]),
    Case(
        "with a number out of range, which no JSON can carry on",
        sse('{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"n":1e400}}}]}}]}'),
        [*whole_call('{"n":1e999}'), done("truncated")],
    ),
]


class TestCases(Checks):
    cases = CASES

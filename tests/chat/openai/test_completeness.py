"""OpenAI: which calls are complete."""

from __future__ import annotations

from sse_events.chat import Error, Finish, ToolCallArgs, ToolCallStart
from tests.chat.cases import Case, check, done, sse, table
from tests.chat.openai.payloads import DONE, PROMOTED, STOP, TOOLS, Checks, call, calls, end, ends, one_call

COMPLETE = [
    Case(
        f"a call is not complete: {why}",
        sse(calls(call(arguments, id="a", name="f")), *rest),
        [*one_call(arguments), *between, end(arguments, complete=False), last],
    )
    for why, arguments, rest, between, last in (
        ("nobody said that it ended", "{}", [], [], done("truncated")),
        ("cut by length", "{}", [ends("length"), DONE], [Finish("length", "length")], done("complete", "length")),
        (
            "cut by a filter",
            "{}",
            [ends("content_filter"), DONE],
            [Finish("content_filter", "content_filter")],
            done("complete", "content_filter"),
        ),
        ("the word is error", "{}", [ends("error"), DONE], [Finish("error", "error")], done("error", "error")),
        (
            "an error ended the stream",
            "{}",
            [ends("tool_calls"), {"error": "lost"}, DONE],
            [TOOLS, Error("provider", "lost", None, '{"error":"lost"}')],
            done("error", "tool_calls"),
        ),
        ("its arguments are cut", '{"a":', [ends("tool_calls"), DONE], [TOOLS], done("complete", "tool_calls")),
        ("its arguments are two values", "{}{}", [ends("tool_calls"), DONE], [TOOLS], done("complete", "tool_calls")),
        ("its arguments are blank", " ", [ends("tool_calls"), DONE], [TOOLS], done("complete", "tool_calls")),
        ("its arguments are NaN", "NaN", [ends("tool_calls"), DONE], [TOOLS], done("complete", "tool_calls")),
    )
] + [
    Case(
        "a call is complete: an error came, and a proper end after it",
        sse(calls(call("{}", id="a", name="f")), {"error": "slow"}, ends("tool_calls")),
        [
            *one_call(),
            Error("provider", "slow", None, '{"error":"slow"}'),
            TOOLS,
            end(),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "a call is complete: arguments with lone surrogates, numbers out of range",
        sse(calls(call('{"a":"\\ud83d","b":1e400}', id="a", name="f")), ends("tool_calls")),
        [
            *one_call('{"a":"\\ud83d","b":1e400}'),
            TOOLS,
            end('{"a":"\\ud83d","b":1e400}'),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "a fragment after the finish, which comes before the end, is of the call",
        sse(calls(call("{", id="a", name="f")), ends("tool_calls"), calls(call("}")), DONE),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "{"),
            TOOLS,
            ToolCallArgs(0, "}"),
            end(),
            done("complete", "tool_calls"),
        ],
    ),
]


# No cut can show this one: the finish word had ended the call, before more of it came.
LATE = [
    Case(
        "a fragment between two finish words is followed by one",
        sse(ends("stop"), calls(call("{}", id="a", name="f")), ends("stop"), calls(), ends("stop")),
        [STOP, *one_call(), PROMOTED, end(), done("finished", "tool_calls")],
    ),
    Case(
        "a fragment after two finish words is followed by none",
        sse(ends("stop"), ends("stop"), calls(call("{}", id="a", name="f"))),
        [STOP, *one_call(), PROMOTED, end(complete=False), done("finished", "tool_calls")],
    ),
    Case(
        "a fragment after the finish needs a terminal signal, for more might have followed",
        sse(calls(call("1", id="a", name="f")), ends("tool_calls"), calls(call("2"))),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "1"),
            TOOLS,
            ToolCallArgs(0, "2"),
            end("12", complete=False),
            done("finished", "tool_calls"),
        ],
    ),
]


class TestComplete(Checks):
    cases = COMPLETE


@table(LATE)
def test_late_fragments(case):
    check(case.body, case.events, "auto", "openai")

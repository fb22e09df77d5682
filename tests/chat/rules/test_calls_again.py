"""C1, C9: a call sent again is one call, and its arguments are never doubled."""

from __future__ import annotations

import pytest

from sse_events.chat import Finish, StreamEvent, ToolCallArgs, ToolCallEnd, ToolCallStart
from tests.chat.calls import call
from tests.chat.cases import Case, check, done, sse, table
from tests.chat.rules.payloads import DONE, calls, chunk, fragment

X1, X2 = '{"x":1}', '{"x":2}'


def ended(*payloads: object) -> bytes:
    return sse(*payloads, chunk(finish="tool_calls"), DONE)


def started(index: int = 0, arguments: str = X1, id: str = "a", name: str = "f") -> list[StreamEvent]:
    return [ToolCallStart(index, id, name), ToolCallArgs(index, arguments)]


FINISH = Finish("tool_calls", "tool_calls")
DONE_EVENT = done("complete", "tool_calls")


def one(arguments: str = X1, *chunks: str, complete: bool = True) -> list[StreamEvent]:
    """The events of one call, its arguments in these fragments."""
    return [
        ToolCallStart(0, "a", "f"),
        *(ToolCallArgs(0, piece) for piece in chunks or (arguments,)),
        FINISH,
        ToolCallEnd(0, "a", "f", arguments, complete),
        DONE_EVENT,
    ]


def two(first: str = X1, second: str = X2, *, id: str = "a", other: str = "a") -> list[StreamEvent]:
    return [
        *started(0, first, id),
        *started(1, second, other),
        FINISH,
        ToolCallEnd(0, id, "f", first, True),
        ToolCallEnd(1, other, "f", second, True),
        DONE_EVENT,
    ]


WHOLE = fragment(X1, id="a", name="f")

CASES = [
    Case("the whole call in every chunk, hermes-agent 5384", ended(calls(WHOLE), calls(WHOLE), calls(WHOLE)), one()),
    Case("the whole call twice in one chunk", ended(calls(WHOLE, WHOLE)), one()),
    Case("an empty object in every chunk", ended(*[calls(fragment("{}", id="a", name="f"))] * 3), one("{}")),
    Case(
        "whole again without an id",
        ended(calls(WHOLE), calls(fragment(X1))),
        one(),
    ),
    Case(
        "whole again as an object, MiniMax",
        ended(calls(fragment({"x": 1}, id="a", name="f")), calls(fragment({"x": 1}, id="a", name="f"))),
        one(),
    ),
    Case(
        "fragments, then the whole call, eliza 16973",
        ended(calls(fragment('{"x"', id="a", name="f")), calls(fragment(":1}")), calls(WHOLE)),
        one(X1, '{"x"', ":1}"),
    ),
    Case(
        "fragments, then the whole call twice, opencodex 361",
        ended(calls(fragment("", id="a", name="f")), calls(fragment(X1)), calls(WHOLE), calls(WHOLE)),
        one(),
    ),
    Case(
        "an equal fragment that is not an object is not the call again",
        ended(
            calls(fragment('{"x":"', id="a", name="f")),
            calls(fragment("a")),
            calls(fragment("a")),
            calls(fragment('"}')),
        ),
        one('{"x":"aa"}', '{"x":"', "a", "a", '"}'),
    ),
    Case(
        "equal digits are not the call again",
        ended(calls(fragment("1", id="a", name="f")), calls(fragment("1"))),
        one("11", "1", "1"),
    ),
    Case(
        "other arguments under the same id and index are not the call again",
        ended(calls(WHOLE), calls(fragment(X2, id="a", name="f"))),
        one(X1 + X2, X1, X2, complete=False),
    ),
    Case(
        "an id used again under a new index with a name",
        ended(calls(WHOLE), calls(fragment(X2, index=1, id="a", name="f"))),
        two(),
    ),
    Case(
        "an id used again under a new index, equal arguments",
        ended(calls(WHOLE), calls(fragment(X1, index=1, id="a", name="f"))),
        two(X1, X1),
    ),
    Case(
        "a known id under a new index while its arguments are open",
        ended(calls(fragment('{"x"', id="a", name="f")), calls(fragment(":1}", index=1, id="a", name="f"))),
        one(X1, '{"x"', ":1}"),
    ),
    Case(
        "a known id under a new index without a name",
        ended(calls(fragment('{"x":1', id="a", name="f")), calls(fragment("}", index=1, id="a"))),
        one(X1, '{"x":1', "}"),
    ),
    Case(
        "a new id and name at a known index, Ollama",
        ended(calls(WHOLE), calls(fragment(X2, id="b", name="f"))),
        two(other="b"),
    ),
    Case(
        "two deltas of one index in one chunk, dynamo 15054",
        ended(calls(fragment('{"x"', id="a", name="f"), fragment(":1}"))),
        one(X1, '{"x"', ":1}"),
    ),
    Case(
        "two choices of one index in one chunk, dynamo 15054",
        ended(
            {"choices": [calls(fragment('{"x"', id="a", name="f"))["choices"][0], calls(fragment(":1}"))["choices"][0]]}
        ),
        one(X1, '{"x"', ":1}"),
    ),
    Case(
        "a new id without a name at a known index, LM Studio",
        ended(calls(fragment('{"x"', id="a", name="f")), calls(fragment(":1}", id="b", name=""))),
        one(X1, '{"x"', ":1}"),
    ),
    Case(
        "a name again without an id at a known index",
        ended(calls(fragment('{"x"', id="a", name="f")), calls(fragment(":1}", name="f"))),
        one(X1, '{"x"', ":1}"),
    ),
    Case(
        "without an index, an id and a name each, Mistral",
        ended(calls(fragment(X1, index=None, id="a", name="f"), fragment(X2, index=None, id="b", name="f"))),
        two(other="b"),
    ),
    Case(
        "without an index, a fragment with a new id and no name",
        ended(calls(fragment('{"x"', index=None, id="a", name="f")), calls(fragment(":1}", index=None, id="b"))),
        one(X1, '{"x"', ":1}"),
    ),
    Case(
        "both calls of a reused id sent again",
        ended(*[calls(WHOLE), calls(fragment(X2, index=1, id="a", name="f"))] * 2),
        two(),
    ),
]


@table(CASES)
def test_a_call_sent_again(case):
    check(case.body, case.events, "auto", "openai")


@pytest.mark.parametrize("index", [0, 1])
def test_a_legacy_function_call_sent_again(index):
    whole = chunk(function_call={"name": "f", "arguments": X1}, index=index)
    body = sse(whole, whole, chunk(finish="function_call", index=index), DONE)
    events = call(0, X1, id="", choice=index)
    events.insert(2, Finish("tool_calls", "function_call", index))
    check(body, [*events, done("complete", None if index else "tool_calls")], choices="all")

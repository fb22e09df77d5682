"""C11: a call whose input is free text is complete when the provider ended it."""

from __future__ import annotations

from typing import Any

import pytest

from sse_events.chat import Finish, StreamEvent, ToolCallArgs, ToolCallEnd, ToolCallStart, collect
from sse_events.chat.openai import assistant_turn as openai_turn
from sse_events.chat.responses import assistant_turn as responses_turn
from tests.chat.cases import Case, check, done, read, sse, table
from tests.chat.rules.payloads import DONE, calls, chunk, completed, custom, fragment, function, item, response

SQL = "SELECT 1"


def ended(
    complete: bool, *, arguments: str = SQL, chunks: tuple[str, ...] = (), name: str = "sql"
) -> list[StreamEvent]:
    pieces = [ToolCallArgs(0, piece, 0) for piece in chunks or (arguments,)]
    return [
        ToolCallStart(0, "a", name, custom=True),
        *pieces,
        ToolCallEnd(0, "a", name, arguments, complete, custom=True),
    ]


def called(complete: bool, finish: str = "tool_calls", reason: Any = "tool_calls", **options: Any) -> list[StreamEvent]:
    """Chat Completions: the finish word ends the call."""
    events = ended(complete, **options)
    status = "error" if reason == "error" else "complete"
    return [*events[:-1], Finish(reason, finish), events[-1], done(status, reason)]


COMPLETED: list[StreamEvent] = [Finish("tool_calls", "completed"), done("complete", "tool_calls")]
WHOLE = fragment(SQL, id="a", name="sql", key="custom")
HALVES = (fragment("SELECT", id="a", name="sql", key="custom"), fragment(" 1", key="custom"))

CASES = [
    Case("Chat Completions, whole", sse(calls(WHOLE), chunk(finish="tool_calls"), DONE), called(True)),
    Case(
        "Chat Completions, in fragments",
        sse(calls(HALVES[0]), calls(HALVES[1]), chunk(finish="tool_calls"), DONE),
        called(True, chunks=("SELECT", " 1")),
    ),
    Case(
        "Chat Completions, the custom object in the second fragment alone",
        sse(
            calls({"index": 0, "id": "a", "type": "custom"}),
            calls(HALVES[0]),
            calls(HALVES[1]),
            chunk(finish="stop"),
            DONE,
        ),
        called(True, "stop", chunks=("SELECT", " 1")),
    ),
    Case("finish stop", sse(calls(WHOLE), chunk(finish="stop"), DONE), called(True, "stop")),
    Case("cut by length", sse(calls(WHOLE), chunk(finish="length"), DONE), called(False, "length", "length")),
    Case(
        "cut by a filter",
        sse(calls(WHOLE), chunk(finish="content_filter"), DONE),
        called(False, "content_filter", "content_filter"),
    ),
    Case("aborted", sse(calls(WHOLE), chunk(finish="abort"), DONE), called(False, "abort", "error")),
    Case("cut off", sse(calls(WHOLE)), [*ended(False), done("truncated")]),
    Case(
        "Responses, whole",
        sse(item("done", 0, {**custom(), "status": "completed"}), completed()),
        [*ended(True), *COMPLETED],
    ),
    Case(
        "Responses, in fragments",
        sse(
            item("added", 0, custom(input="")),
            response("custom_tool_call_input.delta", output_index=0, item_id="i", delta="SELECT"),
            response("custom_tool_call_input.delta", output_index=0, item_id="i", delta=" 1"),
            item("done", 0, {**custom(), "status": "completed"}),
            completed(),
        ),
        [*ended(True, chunks=("SELECT", " 1")), *COMPLETED],
    ),
    Case(
        "Responses, cut off before its done item",
        sse(
            item("added", 0, custom(input="")),
            response("custom_tool_call_input.delta", output_index=0, item_id="i", delta=SQL),
        ),
        [*ended(False), done("truncated")],
    ),
    Case(
        "Responses, a done item that says incomplete",
        sse(item("done", 0, {**custom(), "status": "incomplete"}), completed()),
        [*ended(False), *COMPLETED],
    ),
]


@table(CASES)
def test_a_custom_call(case):
    check(case.body, case.events, "auto")


@pytest.mark.parametrize(
    "body",
    [
        sse(calls(fragment(SQL, id="a", key="custom")), chunk(finish="tool_calls"), DONE),
        sse(item("done", 0, {**custom(""), "status": "completed"}), completed()),
    ],
    ids=["Chat Completions", "Responses"],
)
def test_a_custom_call_without_a_name_is_never_complete(body):
    assert [end.complete for end in read(body) if isinstance(end, ToolCallEnd)] == [False]


@pytest.mark.parametrize("input", ['{"x":1}', "", "5", '{"x":'])
def test_the_input_need_not_be_json(input):
    body = sse(calls(fragment(input, id="a", name="sql", key="custom")), chunk(finish="tool_calls"), DONE)
    assert [(end.arguments, end.complete, end.custom) for end in read(body) if isinstance(end, ToolCallEnd)] == [
        (input, True, True)
    ]


def test_a_custom_object_after_arguments_of_a_function():
    """What came first decides: the arguments have to be JSON."""
    body = sse(calls(fragment("}")), calls(fragment(SQL, name="sql", key="custom")), chunk(finish="tool_calls"), DONE)
    assert [(end.custom, end.complete) for end in read(body) if isinstance(end, ToolCallEnd)] == [(False, False)]


def test_a_function_beside_a_custom_call():
    body = sse(
        item("done", 0, {**custom(), "status": "completed"}),
        item("done", 1, function(call_id="b", arguments="SELECT", status="completed")),
        completed(),
    )
    found = [(end.custom, end.complete) for end in read(body) if isinstance(end, ToolCallEnd)]
    assert found == [(True, True), (False, False)]


def test_a_malformed_line_inside_a_custom_call():
    """Something of the input may be lost."""
    body = sse(calls(HALVES[0]), "{", calls(HALVES[1]), chunk(finish="tool_calls"), DONE)
    assert [end.complete for end in read(body) if isinstance(end, ToolCallEnd)] == [False]


def test_it_is_sent_back_as_what_it_was():
    message = collect(read(sse(calls(WHOLE), chunk(finish="tool_calls"), DONE)))
    assert [call.custom for call in message.tool_calls] == [True]
    assert openai_turn(message)["tool_calls"] == [
        {"id": "a", "type": "custom", "custom": {"name": "sql", "input": SQL}}
    ]
    (sent,) = responses_turn(collect(read(sse(item("done", 0, {**custom(), "status": "completed"}), completed()))))
    assert (sent["type"], sent["call_id"], sent["name"], sent["input"]) == ("custom_tool_call", "a", "sql", SQL)

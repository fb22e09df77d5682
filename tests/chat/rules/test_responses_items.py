"""T6, C5: Responses items that come without deltas are delivered, each once, whichever event tells them."""

from __future__ import annotations

import pytest

from sse_events.chat import Finish, Reasoning, Refusal, StreamEvent, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from tests.chat.calls import call
from tests.chat.cases import Case, check, done, read, sse, table
from tests.chat.rules.payloads import completed, custom, function, item, message, reasoning, refusal, response, text

STOP: list[StreamEvent] = [Finish("stop", "completed"), done("complete", "stop")]
CALLED: list[StreamEvent] = [Finish("tool_calls", "completed"), done("complete", "tool_calls")]


def delta(words: str, position: int | None = 0, id: str = "m", kind: str = "output_text") -> dict[str, object]:
    where = {} if position is None else {"output_index": position}
    return response(f"{kind}.delta", **where, item_id=id, delta=words)


def text_done(words: str, position: int = 0, part: int = 0) -> dict[str, object]:
    return response("output_text.done", output_index=position, item_id="m", content_index=part, text=words)


def refusal_done(words: str, position: int = 0) -> dict[str, object]:
    return response("refusal.done", output_index=position, item_id="m", refusal=words)


HI = message(text("Hi"))

TEXTS = [
    Case("text in output_text.done alone, vLLM 48274", sse(text_done("Hi"), completed()), [Token("Hi"), *STOP]),
    Case("text in output_item.done alone", sse(item("done", 0, HI), completed()), [Token("Hi"), *STOP]),
    Case("text in the last output alone", sse(completed(HI)), [Token("Hi"), *STOP]),
    Case(
        "text in all four tellings",
        sse(item("added", 0, message()), delta("H"), delta("i"), text_done("Hi"), item("done", 0, HI), completed(HI)),
        [Token("H"), Token("i"), *STOP],
    ),
    Case(
        "text in the three tellings without deltas, vLLM 48274",
        sse(text_done("Hi"), item("done", 0, HI), completed(HI)),
        [Token("Hi"), *STOP],
    ),
    Case(
        "a delta that is not a string, then the item",
        sse(response("output_text.delta", output_index=0, item_id="m", delta=5), item("done", 0, HI), completed()),
        [Token("Hi"), *STOP],
    ),
    Case("an empty delta, then the item", sse(delta(""), item("done", 0, HI), completed()), [Token("Hi"), *STOP]),
    Case(
        "two items, of which only the second has no delta",
        sse(
            delta("A"),
            text_done("A"),
            item("done", 0, message(text("A"))),
            item("done", 1, message(text("B"), id="n")),
            completed(),
        ),
        [Token("A"), Token("B"), *STOP],
    ),
    Case(
        "two parts of an item without deltas",
        sse(text_done("A"), text_done("B", part=1), item("done", 0, message(text("A"), text("B"))), completed()),
        [Token("A"), Token("B"), *STOP],
    ),
    Case("a refusal in refusal.done alone", sse(refusal_done("No"), completed()), [Refusal("No"), *STOP]),
    Case(
        "a refusal in refusal.done and in the item",
        sse(refusal_done("No"), item("done", 0, message(refusal("No"))), completed(message(refusal("No")))),
        [Refusal("No"), *STOP],
    ),
    Case(
        "a refusal in the item alone", sse(item("done", 0, message(refusal("No"))), completed()), [Refusal("No"), *STOP]
    ),
    Case("a refusal in the last output alone", sse(completed(message(refusal("No")))), [Refusal("No"), *STOP]),
    Case("reasoning in the item alone", sse(item("done", 0, reasoning("R")), completed()), [Reasoning("R"), *STOP]),
    Case("reasoning in the last output alone", sse(completed(reasoning("R"))), [Reasoning("R"), *STOP]),
    Case(
        "reasoning in deltas and in the item",
        sse(
            delta("R", id="rs", kind="reasoning_summary_text"),
            item("done", 0, reasoning("R")),
            completed(reasoning("R")),
        ),
        [Reasoning("R"), *STOP],
    ),
    Case(
        "reasoning without deltas beside text with them",
        sse(item("done", 0, reasoning("R")), delta("Hi", 1), item("done", 1, HI), completed(reasoning("R"), HI)),
        [Reasoning("R"), Token("Hi"), *STOP],
    ),
]

OUTPUTS = [
    Case(
        "the last output is null, openai-python 3321",
        sse(delta("Hi"), response("completed", response={"output": None})),
        [Token("Hi"), *STOP],
    ),
    Case("the last output is empty, new-api 4362", sse(delta("Hi"), completed()), [Token("Hi"), *STOP]),
    Case(
        "the output stands beside response, cindy 4509",
        sse(delta("Hi"), response("completed", response={"status": "completed"}, output=[])),
        [Token("Hi"), *STOP],
    ),
    Case(
        "fewer items under new ids, sub2api 6118",
        sse(item("done", 0, reasoning("R")), delta("Hi", 1), completed(message(text("Hi"), id="new"))),
        [Reasoning("R"), Token("Hi"), *STOP],
    ),
    Case(
        "items renumbered and renamed",
        sse(delta("A", 2), delta("B", 5, "n"), completed(message(text("A"), id="x"), message(text("B"), id="y"))),
        [Token("A"), Token("B"), *STOP],
    ),
    Case(
        "deltas without an output index, new ids in the last output",
        sse(delta("Hi", None, "m"), completed(message(text("Hi"), id="x"))),
        [Token("Hi"), *STOP],
    ),
    Case(
        "an item known by the first of its ids, GitHub Copilot",
        sse(
            delta("A", 0, "first"),
            item("done", 0, message(text("A"), id="second")),
            completed(message(text("N"), id="x"), message(text("B"), id="y"), message(text("A"), id="first")),
        ),
        [Token("A"), Token("B"), *STOP],
    ),
    Case(
        "a second message in the last output alone",
        sse(delta("A"), completed(message(text("A")), message(text("B"), id="n"))),
        [Token("A"), Token("B"), *STOP],
    ),
    Case(
        "an announced item whose text comes in the last output alone",
        sse(item("added", 0, message()), completed(HI)),
        [Token("Hi"), *STOP],
    ),
]

CALLS = [
    Case("a call in output_item.done alone", sse(item("done", 0, function()), completed()), [*call(), *CALLED]),
    Case("a call in the last output alone, vLLM 48274", sse(completed(function())), [*call(), *CALLED]),
    Case(
        "a call in all its tellings",
        sse(
            item("added", 0, function(arguments="")),
            response("function_call_arguments.delta", output_index=0, item_id="i", delta="{}"),
            response("function_call_arguments.done", output_index=0, item_id="i", arguments="{}"),
            item("done", 0, function()),
            completed(function()),
        ),
        [*call(), *CALLED],
    ),
    Case(
        "arguments in arguments.done alone",
        sse(
            item("added", 0, function(arguments="")),
            response("function_call_arguments.done", output_index=0, item_id="i", arguments='{"x":1}'),
            item("done", 0, function(arguments='{"x":1}')),
            completed(),
        ),
        [*call(arguments='{"x":1}'), *CALLED],
    ),
    Case(
        "ids that rotate, GitHub Copilot",
        sse(
            item("added", 1, function(arguments="", id="i1")),
            response("function_call_arguments.delta", output_index=1, item_id="i2", delta="{}"),
            item("done", 1, function(id="i3")),
            completed(function(id="i4")),
        ),
        [*call(), *CALLED],
    ),
    Case(
        "a done item that says in_progress, OpenAI's programmatic calls",
        sse(item("done", 0, function(status="in_progress")), completed()),
        [*call(), *CALLED],
    ),
    Case("a done item without a status", sse(item("done", 0, function()), completed()), [*call(), *CALLED]),
    Case(
        "deltas after a done item without a status",
        sse(
            item("done", 0, function(arguments='{"x":1}')),
            response("function_call_arguments.delta", output_index=0, item_id="i", delta='{"x":1}'),
            completed(),
        ),
        [*call(arguments='{"x":1}'), *CALLED],
    ),
    Case(
        "a done item that says incomplete",
        sse(item("done", 0, function(status="incomplete")), completed()),
        [*call(complete=False), *CALLED],
    ),
    Case(
        "a second call in the last output alone",
        sse(
            item("done", 0, function(status="completed")),
            completed(function(), function("g", id="j", call_id="b", status="completed")),
        ),
        [*call(), *call(1, id="b", name="g"), *CALLED],
    ),
    Case(
        "calls renamed and renumbered in the last output",
        sse(
            item("done", 1, function(status="completed")),
            item("done", 2, function("g", id="j", call_id="b", status="completed")),
            completed(function(id="x"), function("g", id="y", call_id="b")),
        ),
        [*call(), *call(1, id="b", name="g"), *CALLED],
    ),
    Case(
        "a custom call in its item alone",
        sse(item("done", 0, custom()), completed()),
        [*call(arguments="SELECT 1", name="sql", custom=True), *CALLED],
    ),
    Case(
        "a custom call in the last output alone",
        sse(completed(custom())),
        [*call(arguments="SELECT 1", name="sql", custom=True), *CALLED],
    ),
    Case(
        "a custom call in all its tellings",
        sse(
            item("added", 0, custom(input="")),
            response("custom_tool_call_input.delta", output_index=0, item_id="i", delta="SELECT 1"),
            response("custom_tool_call_input.done", output_index=0, item_id="i", input="SELECT 1"),
            item("done", 0, custom()),
            completed(custom()),
        ),
        [*call(arguments="SELECT 1", name="sql", custom=True), *CALLED],
    ),
    Case(
        "server tools are not calls",
        sse(item("done", 0, {"type": "web_search_call", "id": "w", "status": "completed"}), completed()),
        STOP,
    ),
]


@table([*TEXTS, *OUTPUTS, *CALLS])
def test_an_item_is_delivered_once(case):
    check(case.body, case.events, "auto", "responses")


@pytest.mark.parametrize("kind", ["completed", "incomplete", "failed"])
def test_nothing_is_read_after_the_terminal_event(kind):
    body = sse(response(kind, response={"output": []}), delta("late"), item("done", 3, function()))
    reason = {"completed": "stop", "incomplete": "other", "failed": "error"}[kind]
    events: list[StreamEvent] = [Finish(reason, kind)]  # type: ignore[arg-type]
    found = [
        event for event in read(body) if isinstance(event, (Token, ToolCallStart, ToolCallArgs, ToolCallEnd, Finish))
    ]
    assert found == events

"""Responses: a wrong shape costs its own field only."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from sse_events.chat.events import (
    Citation,
    Done,
    Error,
    Finish,
    Logprobs,
    Reasoning,
    ReasoningSignature,
    Refusal,
    Start,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
)
from tests.chat.cases import read, sse
from tests.chat.responses.payloads import (
    added,
    annotated,
    call,
    completed,
    created,
    done,
    failed,
    fragment,
    incomplete,
    refusal,
    summary,
    text,
)
from tests.chat.summary import check_order

SNAPSHOT = completed(
    id="r",
    model="m",
    usage={"input_tokens": 1, "output_tokens_details": {"reasoning_tokens": 1}},
    output=[
        {
            "type": "reasoning",
            "id": "rs",
            "summary": [{"text": "s"}],
            "content": [{"text": "t"}],
            "encrypted_content": "E",
        },
        {
            "type": "message",
            "content": [
                {"type": "output_text", "text": "a", "annotations": [{"url": "https://a", "title": "A"}]},
                {"type": "refusal", "refusal": "no"},
            ],
        },
        call(arguments="{}", status="completed"),
    ],
)
STREAMED = [
    created(usage={"input_tokens": 1}),
    summary("hm"),
    done(0, type="reasoning", id="rs", encrypted_content="E"),
    text("a", logprobs=[{"token": "a"}]),
    refusal("no"),
    annotated({"type": "file_citation", "filename": "a.txt"}),
    added(1, **call()),
    fragment(1, "{}", item_id="fc_1"),
    done(1, **call(arguments="{}", status="completed")),
    added(2, type="custom_tool_call", call_id="c2", name="g", input=""),
    {"type": "response.custom_tool_call_input.done", "output_index": 2, "item_id": "ct", "input": "SELECT 1"},
    completed(),
]
BODIES = {
    "snapshot": [SNAPSHOT],
    "streamed": STREAMED,
    "cut": [text("a"), incomplete()],
    "failed": [text("a"), failed(error={"message": "boom", "code": "x"})],
}

CALL_EVENTS = (ToolCallStart, ToolCallArgs, ToolCallEnd)
OUTPUT = ("response", "output")

# A body, which of its payloads, the path of a field in there, and the events that may change when the field is of a
# wrong shape. All others must not.
FIELDS: list[tuple[str, int, tuple[str | int, ...], tuple[type, ...]]] = [
    ("snapshot", 0, ("response", "id"), (Start,)),
    ("snapshot", 0, ("response", "model"), (Start,)),
    ("snapshot", 0, ("response", "usage"), (Done,)),
    ("snapshot", 0, ("response", "usage", "input_tokens"), (Done,)),
    ("snapshot", 0, ("response", "usage", "output_tokens_details"), (Done,)),
    ("snapshot", 0, (*OUTPUT, 0), (Reasoning, ReasoningSignature)),
    ("snapshot", 0, (*OUTPUT, 0, "type"), (Reasoning, ReasoningSignature)),
    ("snapshot", 0, (*OUTPUT, 0, "id"), (ReasoningSignature,)),
    ("snapshot", 0, (*OUTPUT, 0, "encrypted_content"), (ReasoningSignature,)),
    ("snapshot", 0, (*OUTPUT, 0, "summary"), (Reasoning,)),
    ("snapshot", 0, (*OUTPUT, 0, "summary", 0), (Reasoning,)),
    ("snapshot", 0, (*OUTPUT, 0, "content", 0, "text"), (Reasoning,)),
    ("snapshot", 0, (*OUTPUT, 1), (Token, Citation, Refusal)),
    ("snapshot", 0, (*OUTPUT, 1, "content"), (Token, Citation, Refusal)),
    ("snapshot", 0, (*OUTPUT, 1, "content", 0), (Token, Citation)),
    ("snapshot", 0, (*OUTPUT, 1, "content", 0, "type"), (Token,)),
    ("snapshot", 0, (*OUTPUT, 1, "content", 0, "text"), (Token,)),
    ("snapshot", 0, (*OUTPUT, 1, "content", 0, "annotations"), (Citation,)),
    ("snapshot", 0, (*OUTPUT, 1, "content", 0, "annotations", 0), (Citation,)),
    ("snapshot", 0, (*OUTPUT, 1, "content", 0, "annotations", 0, "url"), (Citation,)),
    ("snapshot", 0, (*OUTPUT, 1, "content", 0, "annotations", 0, "title"), (Citation,)),
    ("snapshot", 0, (*OUTPUT, 1, "content", 1), (Refusal,)),
    ("snapshot", 0, (*OUTPUT, 1, "content", 1, "refusal"), (Refusal,)),
    ("snapshot", 0, (*OUTPUT, 2), (*CALL_EVENTS, Finish, Done)),
    ("snapshot", 0, (*OUTPUT, 2, "type"), (*CALL_EVENTS, Finish, Done)),
    ("snapshot", 0, (*OUTPUT, 2, "call_id"), (ToolCallStart, ToolCallEnd)),
    ("snapshot", 0, (*OUTPUT, 2, "name"), (ToolCallStart, ToolCallEnd)),
    ("snapshot", 0, (*OUTPUT, 2, "arguments"), (ToolCallArgs, ToolCallEnd)),
    ("snapshot", 0, (*OUTPUT, 2, "status"), (ToolCallEnd,)),
    ("snapshot", 0, OUTPUT, (Reasoning, ReasoningSignature, Token, Citation, Refusal, *CALL_EVENTS, Finish, Done)),
    ("streamed", 0, ("response",), (Start, Done)),
    ("streamed", 1, ("delta",), (Reasoning,)),
    ("streamed", 1, ("type",), (Reasoning,)),
    ("streamed", 2, ("item",), (ReasoningSignature,)),
    ("streamed", 2, ("output_index",), ()),
    ("streamed", 3, ("delta",), (Token,)),
    ("streamed", 3, ("logprobs",), (Logprobs,)),
    ("streamed", 3, ("response",), ()),
    ("streamed", 4, ("delta",), (Refusal,)),
    ("streamed", 5, ("annotation",), (Citation,)),
    ("streamed", 5, ("annotation", "filename"), (Citation,)),
    ("streamed", 6, ("item",), CALL_EVENTS),
    ("streamed", 7, ("delta",), ()),
    ("streamed", 7, ("item_id",), ()),
    ("streamed", 8, ("item", "status"), (ToolCallEnd,)),
    ("streamed", 8, ("item", "arguments"), ()),
    ("streamed", 10, ("input",), (ToolCallArgs, ToolCallEnd)),
    ("streamed", 11, ("response",), ()),
    ("cut", 1, ("response",), (Finish, Done)),
    ("cut", 1, ("response", "incomplete_details"), (Finish, Done)),
    ("cut", 1, ("response", "incomplete_details", "reason"), (Finish, Done)),
    ("failed", 1, ("response",), (Error,)),
    ("failed", 1, ("response", "error"), (Error,)),
    ("failed", 1, ("response", "error", "message"), (Error,)),
    ("failed", 1, ("response", "error", "code"), (Error,)),
]
WRONG_SHAPES: tuple[Any, ...] = (None, True, 7, 0.5, 1e300, "", [], [None, 1, [], "x", {}], {}, {"a": {"b": []}})


def replaced(value: Any, path: tuple[str | int, ...], by: Any) -> Any:
    """A copy of `value` with `by` at `path`."""
    if not path:
        return by
    copied = copy.copy(value)
    copied[path[0]] = replaced(value.get(path[0]) if isinstance(value, dict) else value[path[0]], path[1:], by)
    return copied


def paths(value: Any) -> Iterator[tuple[str | int, ...]]:
    """The way to each value within `value`."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, element in inside:
        yield (key,)
        for path in paths(element):
            yield (key, *path)


@pytest.mark.parametrize(("name", "at", "path", "changed"), FIELDS)
def test_a_wrong_shape_costs_its_field_and_no_sibling(name, at, path, changed):
    payloads = BODIES[name]
    expected = [event for event in read(sse(*payloads)) if not isinstance(event, changed)]
    for wrong in WRONG_SHAPES:
        body = sse(*payloads[:at], replaced(payloads[at], path, wrong), *payloads[at + 1 :])
        events = read(body, "responses")
        check_types(events)
        assert [event for event in events if not isinstance(event, changed)] == expected
        assert [event.status for event in events if isinstance(event, Done)] == [expected_status(name)]


def check_types(events: list[StreamEvent]) -> None:
    """Assert that every field holds what its annotation says."""
    msgspec.convert(msgspec.to_builtins(events), list[StreamEvent])


def expected_status(name: str) -> str:
    return "error" if name == "failed" else "complete"


@pytest.mark.parametrize("payloads", BODIES.values(), ids=BODIES.keys())
def test_no_shape_raises(payloads):
    for at, payload in enumerate(payloads):
        for path in paths(payload):
            for wrong in WRONG_SHAPES:
                body = sse(*payloads[:at], replaced(payload, path, wrong), *payloads[at + 1 :])
                events = read(body, "responses")
                check_order(events)
                check_types(events)

"""Four times the payloads are four times the work, in every dialect and whatever is sent again and again.

Work is counted, not timed: the lines of Python that run, and the memory that each feed takes at its peak, which bounds
what is copied.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from sse_events.chat import ChatStream
from tests.chat.cases import sse

FEW = 100
MOST = 6  # lists grow in steps, and small objects are reused; what is quadratic is 16 times as much


def chunk(**delta: Any) -> dict[str, Any]:
    return {"object": "chat.completion.chunk", "choices": [{"delta": delta}]}


def tool_call(at: int, arguments: str = "{}", **function: Any) -> dict[str, Any]:
    return {"index": at, "id": f"c{at}", "function": {"arguments": arguments, **function}}


def anthropic_tool(at: int) -> dict[str, Any]:
    block = {"type": "tool_use", "id": f"c{at}", "name": "f", "input": {}}
    return {"type": "content_block_start", "index": at, "content_block": block}


def anthropic_delta(**delta: Any) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": 0, "delta": delta}


def item(kind: str, at: int, **fields: Any) -> dict[str, Any]:
    function = {"type": "function_call", "call_id": f"c{at}", "name": "f", **fields}
    return {"type": f"response.output_item.{kind}", "output_index": at, "item": function}


def gemini(*parts: Any, **candidate: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": list(parts)}, **candidate}]}


def partial(path: str, value: str, **more: Any) -> dict[str, Any]:
    argument = {"jsonPath": path, "stringValue": value, **more}
    return gemini({"functionCall": {"partialArgs": [argument], "willContinue": True}})


def cohere(kind: str, at: int, **message: Any) -> dict[str, Any]:
    return {"type": kind, "index": at, "delta": {"message": message}}


def cohere_call(at: int) -> list[Any]:
    call = {"id": f"c{at}", "function": {"name": "f", "arguments": ""}}
    more = {"function": {"arguments": "{}"}}
    return [
        cohere("tool-call-start", at, tool_calls=call),
        cohere("tool-call-delta", at, tool_calls=more),
        cohere("tool-call-end", at),
    ]


OPEN_GEMINI = gemini({"functionCall": {"name": "f", "willContinue": True}})

# What comes first, what the payloads at place 0, 1, 2, ... are, and what comes last.
SHAPES: dict[str, tuple[Any, Callable[[int], list[Any]], Any]] = {
    "openai, calls": ("", lambda at: [chunk(tool_calls=[tool_call(at, name="f")])], "[DONE]"),
    "openai, calls without a name": ("", lambda at: [chunk(tool_calls=[tool_call(at)])], "[DONE]"),
    "openai, calls without an index": (
        "",
        lambda _: [chunk(tool_calls=[{"function": {"name": "f", "arguments": "{}"}}])],
        "[DONE]",
    ),
    "openai, fragments": (
        chunk(tool_calls=[tool_call(0, name="f")]),
        lambda _: [chunk(tool_calls=[{"index": 0, "function": {"arguments": "0123456789"}}])],
        "[DONE]",
    ),
    "openai, fragments before the name": (
        "",
        lambda _: [chunk(tool_calls=[{"index": 0, "function": {"arguments": "0123456789"}}])],
        "[DONE]",
    ),
    "openai, a finish word after each call": (
        "",
        lambda at: [
            chunk(tool_calls=[tool_call(at, name="f")]),
            {"choices": [{"delta": {}, "finish_reason": "stop" if at % 2 else "length"}]},
        ],
        "[DONE]",
    ),
    "openai, choices": (
        "",
        lambda at: [{"choices": [{"index": at, "delta": {"tool_calls": [tool_call(0, name="f")]}}]}],
        "[DONE]",
    ),
    "openai, snapshots": ("", lambda _: [{"choices": [{"message": {"content": "x" * 50}}]}], "[DONE]"),
    "openai, sources": ("", lambda at: [{**chunk(content="x"), "citations": ["u", f"u{at}"]}], "[DONE]"),
    "openai, usage": ("", lambda at: [{**chunk(), "usage": {"prompt_tokens": at, f"x{at}": {"y": 1}}}], "[DONE]"),
    "openai, usage of zeros": (
        {**chunk(), "usage": {"prompt_tokens": 5}},
        lambda _: [{**chunk(), "usage": {"prompt_tokens": 0}}],
        "[DONE]",
    ),
    "openai, malformed payloads between calls": (
        "",
        lambda at: [chunk(tool_calls=[tool_call(at, name="f")]), "{"],
        "[DONE]",
    ),
    "openai, errors": (chunk(content="x"), lambda at: [{"error": {"message": f"m{at}"}}], "[DONE]"),
    "openai, one error again and again": (chunk(content="x"), lambda _: [{"error": {"message": "m"}}], "[DONE]"),
    "held until the dialect is known": ("", lambda _: [{"choices": [], "object": ""}], chunk(content="x")),
    "held, and never known": ("", lambda _: [{"x": 1}], "[DONE]"),
    "malformed payloads": ("", lambda _: ["{"], ""),
    "anthropic, closed blocks": (
        "",
        lambda at: [anthropic_tool(at), {"type": "content_block_stop", "index": at}],
        {"type": "message_stop"},
    ),
    "anthropic, open blocks": ("", lambda at: [anthropic_tool(at)], {"type": "message_stop"}),
    "anthropic, fragments": (
        anthropic_tool(0),
        lambda _: [anthropic_delta(type="input_json_delta", partial_json="0123456789")],
        {"type": "content_block_stop", "index": 0},
    ),
    "anthropic, citations": (
        "",
        lambda at: [anthropic_delta(type="citations_delta", citation={"url": f"u{at}", "cited_text": "x"})],
        {"type": "message_stop"},
    ),
    "responses, calls": (
        "",
        lambda at: [item("added", at), item("done", at, arguments="{}", status="completed")],
        {"type": "response.completed"},
    ),
    "responses, calls without a status": (
        "",
        lambda at: [item("added", at), item("done", at, arguments="{}")],
        {"type": "response.completed"},
    ),
    "responses, one call done again and again": (
        "",
        lambda _: [item("done", 0, arguments="{}")],
        {"type": "response.completed"},
    ),
    "responses, open calls": ("", lambda at: [item("added", at)], {"type": "response.completed"}),
    "responses, fragments": (
        item("added", 0),
        lambda _: [{"type": "response.function_call_arguments.delta", "output_index": 0, "delta": "0123456789"}],
        {"type": "response.completed"},
    ),
    "gemini, calls": ("", lambda at: [gemini({"functionCall": {"name": "f", "args": {"a": at}}})], ""),
    "gemini, calls that are never continued": ("", lambda _: [OPEN_GEMINI], ""),
    "gemini, a streamed string": (OPEN_GEMINI, lambda _: [partial("$.a", "x" * 200, willContinue=True)], ""),
    "gemini, a streamed array": (OPEN_GEMINI, lambda at: [partial(f"$.a[{at}]", "x")], gemini({"functionCall": {}})),
    "gemini, a streamed array of objects": (
        OPEN_GEMINI,
        lambda at: [partial(f"$.a[{at}].b['c']", "x")],
        gemini({"functionCall": {}}),
    ),
    "gemini, arrays that begin later and later": (
        OPEN_GEMINI,
        lambda at: [partial(f"$.a{at}[{2 * at}]", "x")],
        gemini({"functionCall": {}}),
    ),
    "gemini, sources": (
        "",
        lambda at: [gemini(groundingMetadata={"groundingChunks": [{"web": {"uri": "u"}}, {"web": {"uri": f"u{at}"}}]})],
        "",
    ),
    "cohere, calls": ("", cohere_call, "[DONE]"),
    "cohere, a call ended again and again": (
        cohere_call(0)[0],
        lambda _: [cohere("tool-call-end", 0)],
        {"type": "message-end", "delta": {"finish_reason": "TOOL_CALL"}},
    ),
    "cohere, citations": (
        "",
        lambda at: [
            cohere("citation-start", at, citations={"text": "x", "sources": [{"document": {"url": f"u{at}"}}]})
        ],
        "[DONE]",
    ),
}


def chunks_of(shape: str, count: int) -> list[bytes]:
    head, repeated, tail = SHAPES[shape]
    return [sse(head), *(sse(*repeated(at)) for at in range(count)), sse(tail)]


def work(chunks: list[bytes], *, choices: Any, raw: bool) -> tuple[int, int]:
    """The lines that run for `chunks`, and the bytes of memory that they take."""
    stream = ChatStream(choices=choices, raw=raw)
    lines = 0

    def count(_frame: object, event: str, _argument: object) -> Any:
        nonlocal lines
        lines += event == "line"
        return count

    before_this = sys.gettrace()  # such as coverage's
    sys.settrace(count)
    try:
        for piece in chunks:
            stream.feed(piece)
        stream.close()
    finally:
        sys.settrace(before_this)

    stream = ChatStream(choices=choices, raw=raw)
    allocated = 0
    tracemalloc.start()
    try:
        for piece in chunks:
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            stream.feed(piece)
            _, peak = tracemalloc.get_traced_memory()
            allocated += peak - before
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        stream.close()
        allocated += tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    return lines, allocated


@pytest.mark.parametrize("raw", [False, True], ids=["", "raw"])
@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_payloads_are_four_times_the_work(shape, raw):
    lines, allocated = work(chunks_of(shape, FEW), choices="all", raw=raw)
    more_lines, more_allocated = work(chunks_of(shape, 4 * FEW), choices="all", raw=raw)
    assert more_lines < 4.2 * lines
    assert more_allocated < MOST * allocated


# One payload with that many elements.
LONG: dict[str, Callable[[int], dict[str, Any]]] = {
    "openai, calls": lambda count: chunk(tool_calls=[tool_call(at, name="f") for at in range(count)]),
    "openai, usage": lambda count: {**chunk(), "usage": {f"x{at}": {"y": at} for at in range(count)}},
    "gemini, calls": lambda count: gemini(*[{"functionCall": {"name": "f", "args": {"a": at}}} for at in range(count)]),
    "responses, output": lambda count: {
        "type": "response.completed",
        "response": {"output": [item("done", at, arguments="{}")["item"] for at in range(count)]},
    },
}


@pytest.mark.parametrize("shape", LONG)
def test_four_times_the_elements_of_one_payload_are_four_times_the_work(shape):
    lines, allocated = work([sse(LONG[shape](FEW))], choices="first", raw=False)
    more_lines, more_allocated = work([sse(LONG[shape](4 * FEW))], choices="first", raw=False)
    assert more_lines < 4.2 * lines
    assert more_allocated < MOST * allocated

"""OpenAI's Responses: one case for each form of stream that was recorded or is documented."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
import pytest

from sse_events.chat import ChatStream
from sse_events.chat.dialect import Probe, Verdict
from sse_events.chat.events import (
    Citation,
    Done,
    Error,
    Finish,
    Logprobs,
    Raw,
    Reasoning,
    ReasoningSignature,
    Refusal,
    Start,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    Usage,
)
from sse_events.chat.responses.reader import recognises
from tests.chat.cases import check, check_cuts, read, sse, text_of
from tests.chat.summary import check_order

Payload = dict[str, Any]

# The payloads, by what they say


def created(**response: Any) -> Payload:
    return {"type": "response.created", "response": {"id": "resp_1", "model": "m", **response}}


def text(delta: Any, **more: Any) -> Payload:
    return {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": delta, **more}


def summary(delta: str, part: int = 0) -> Payload:
    return {"type": "response.reasoning_summary_text.delta", "summary_index": part, "delta": delta}


def refusal(delta: str) -> Payload:
    return {"type": "response.refusal.delta", "output_index": 0, "delta": delta}


def added(at: int | None, **item: Any) -> Payload:
    return {"type": "response.output_item.added", "output_index": at, "item": item}


def done(at: int | None, **item: Any) -> Payload:
    return {"type": "response.output_item.done", "output_index": at, "item": item}


def fragment(at: int | None, delta: Any, **more: Any) -> Payload:
    return {"type": "response.function_call_arguments.delta", "output_index": at, "delta": delta, **more}


def whole(at: int | None, arguments: Any, **more: Any) -> Payload:
    return {"type": "response.function_call_arguments.done", "output_index": at, "arguments": arguments, **more}


def call(**item: Any) -> Payload:
    return {"type": "function_call", "id": "fc_1", "call_id": "c", "name": "f", "arguments": "", **item}


def annotated(annotation: Any, kind: str = "response.output_text.annotation.added") -> Payload:
    return {"type": kind, "output_index": 0, "annotation_index": 0, "annotation": annotation}


def completed(**response: Any) -> Payload:
    return {"type": "response.completed", "response": response}


def incomplete(reason: Any = "max_output_tokens", **response: Any) -> Payload:
    return {"type": "response.incomplete", "response": {"incomplete_details": {"reason": reason}, **response}}


def failed(**response: Any) -> Payload:
    return {"type": "response.failed", "response": response}


# What several cases end with

STOPPED: list[StreamEvent] = [Finish("stop", "completed"), Done("complete", "stop")]
CALLED: list[StreamEvent] = [Finish("tool_calls", "completed"), Done("complete", "tool_calls")]
CUT: list[StreamEvent] = [Finish("length", "max_output_tokens"), Done("complete", "length")]
FAILED = Finish("error", "failed")


def one_call(
    *fragments: str, complete: bool = True, id: str = "c", name: str = "f", index: int = 0, custom: bool = False
) -> list[StreamEvent]:
    return [
        ToolCallStart(index, id, name, custom=custom),
        *(ToolCallArgs(index, fragment) for fragment in fragments),
        ToolCallEnd(index, id, name, "".join(fragments), complete, custom=custom),
    ]


class Case(NamedTuple):
    """A stream by its payloads (text stands for itself) and the events that it makes."""

    payloads: Sequence[Payload | str]
    events: list[StreamEvent]


CASES = {
    # Text, and how a stream begins and ends
    "text": Case(
        [created(), text("Hel"), text("lo"), completed()],
        [Start("resp_1", "m"), Token("Hel"), Token("lo"), *STOPPED],
    ),
    "a resumed stream is named by the first response that it shows": Case(
        [{"type": "response.in_progress", "response": {"id": "resp_1", "model": "m"}}, text("a"), completed(id="r2")],
        [Start("resp_1", "m"), Token("a"), *STOPPED],
    ),
    "a response without a model": Case([created(model=None), completed()], [Start("resp_1", ""), *STOPPED]),
    "empty deltas say nothing": Case([text(""), summary(""), fragment(0, ""), completed()], STOPPED),
    "[DONE] is no sentinel, and means nothing": Case(
        [text("a"), "[DONE]", text("b"), completed(), "[DONE]"], [Token("a"), Token("b"), *STOPPED]
    ),
    "nothing after the terminal event is read": Case(
        [text("a"), completed(), text("b"), failed()], [Token("a"), *STOPPED]
    ),
    "events that are not modelled are ignored": Case(
        [
            {"type": "response.queued", "sequence_number": 1},
            {"type": "response.content_part.added", "part": {"type": "output_text", "text": "x"}},
            {"type": "response.content_part.done", "part": {"type": "output_text", "text": "x"}},
            {"type": "response.reasoning_text.done", "text": "x"},
            {"type": "response.code_interpreter_call_code.delta", "delta": "x"},
            completed(),
        ],
        STOPPED,
    ),
    "a connection that ends is truncated": Case([text("a")], [Token("a"), Done("truncated")]),
    "cut at max_output_tokens": Case([text("a"), incomplete()], [Token("a"), *CUT]),
    "cut by the content filter": Case(
        [text("a"), incomplete("content_filter")],
        [Token("a"), Finish("content_filter", "content_filter"), Done("complete", "content_filter")],
    ),
    "incomplete without a reason": Case([incomplete(None)], [Finish("other", "incomplete"), Done("complete", "other")]),
    "incomplete without details": Case(
        [{"type": "response.incomplete", "response": None}], [Finish("other", "incomplete"), Done("complete", "other")]
    ),
    # Refusals, reasoning
    "refusal": Case(
        [refusal("I "), refusal("won't"), completed()],
        [Refusal("I "), Refusal("won't"), *STOPPED],
    ),
    "reasoning summary, its parts joined as they are": Case(
        [summary("One"), summary("Two", part=1), completed()], [Reasoning("One"), Reasoning("Two"), *STOPPED]
    ),
    "raw reasoning": Case(
        [{"type": "response.reasoning_text.delta", "delta": "hm"}, completed()], [Reasoning("hm"), *STOPPED]
    ),
    "encrypted reasoning is what the done item has, each under the item's id": Case(
        [
            added(0, type="reasoning", id="rs_1", encrypted_content="provisional"),
            summary("hm"),
            done(0, type="reasoning", id="rs_1", encrypted_content="E1"),
            done(1, type="reasoning", id="rs_2", encrypted_content="E2"),
            completed(output=[{"type": "reasoning", "id": "rs_1", "encrypted_content": "E1"}]),
        ],
        [Reasoning("hm"), ReasoningSignature("E1", id="rs_1"), ReasoningSignature("E2", id="rs_2"), *STOPPED],
    ),
    "reasoning without encrypted content has no signature": Case(
        [done(0, type="reasoning", id="rs_1", encrypted_content=None), completed()], STOPPED
    ),
    "compaction is no reasoning": Case(
        [done(0, type="compaction", id="cmp_1", encrypted_content="E"), completed()], STOPPED
    ),
    # Tool calls
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
    # Whether a call is whole
    "a call with the status incomplete is not whole, though its JSON parses": Case(
        [added(0, **call()), fragment(0, "1"), done(0, **call(arguments="1", status="incomplete")), incomplete()],
        [*one_call("1", complete=False), *CUT],
    ),
    "nor is it, if the response is said to be complete": Case(
        [done(0, **call(arguments="1", status="incomplete")), completed()],
        [*one_call("1", complete=False), *CALLED],
    ),
    "without a status the next item says that it is whole": Case(
        [
            done(0, **call(call_id="c1", arguments="{}")),
            added(1, **call(call_id="c2")),
            done(1, **call(call_id="c2", status="completed")),
            completed(),
        ],
        [*one_call("{}", id="c1"), *one_call(id="c2", index=1), *CALLED],
    ),
    "or the completed response": Case(
        [done(0, **call(arguments="{}")), text("a"), completed()],
        [ToolCallStart(0, "c", "f"), ToolCallArgs(0, "{}"), Token("a"), ToolCallEnd(0, "c", "f", "{}", True), *CALLED],
    ),
    "without a status an incomplete response leaves it in doubt": Case(
        [done(0, **call(arguments="{}")), incomplete("max_tool_calls")],
        [*one_call("{}", complete=False), Finish("other", "max_tool_calls"), Done("complete", "other")],
    ),
    "so does one that failed": Case(
        [done(0, **call(arguments="{}")), failed(error={"message": "boom"})],
        [
            *one_call("{}", complete=False),
            FAILED,
            Error("provider", "boom", raw=text_of(failed(error={"message": "boom"}))),
            Done("error", "error"),
        ],
    ),
    "and the end of the connection": Case(
        [done(0, **call(arguments="{}"))], [*one_call("{}", complete=False), Done("truncated")]
    ),
    "servers that send no output_item.done: the completed response says that it is whole": Case(
        [added(0, **call()), fragment(0, "{}"), completed()], [*one_call("{}"), *CALLED]
    ),
    "an incomplete one does not": Case(
        [added(0, **call()), fragment(0, "{}"), incomplete()], [*one_call("{}", complete=False), *CUT]
    ),
    "a malformed payload may have been a fragment": Case(
        [added(0, **call()), fragment(0, "1"), "oops", done(0, **call(status="completed")), completed()],
        [
            ToolCallStart(0, "c", "f"),
            ToolCallArgs(0, "1"),
            Error("malformed_json", "a payload is not JSON: Expecting value: line 1 column 1 (char 0)", raw="oops"),
            ToolCallEnd(0, "c", "f", "1", False),
            CALLED[0],
            Done("complete", "tool_calls", malformed=1),
        ],
    ),
    # Citations, logprobs
    "citations": Case(
        [
            annotated({"type": "url_citation", "url": "https://a", "title": "A", "start_index": 1}),
            annotated({"type": "url_citation", "url": "https://a", "title": "A", "start_index": 9}),
            annotated({"type": "file_citation", "file_id": "file_1", "filename": "b.txt", "index": 3}),
            annotated({"type": "container_file_citation", "file_id": "file_2", "filename": "c.csv"}),
            annotated({"type": "file_path", "file_id": "file_3"}),
            completed(),
        ],
        [
            Citation(
                "https://a", "A", "", {"type": "url_citation", "url": "https://a", "title": "A", "start_index": 1}
            ),
            Citation("", "b.txt", "", {"type": "file_citation", "file_id": "file_1", "filename": "b.txt", "index": 3}),
            Citation("", "c.csv", "", {"type": "container_file_citation", "file_id": "file_2", "filename": "c.csv"}),
            Citation("", "", "", {"type": "file_path", "file_id": "file_3"}),
            *STOPPED,
        ],
    ),
    "citations by the name that OpenAI's types once had for them": Case(
        [annotated({"url": "https://a"}, "response.output_text_annotation.added"), completed()],
        [Citation("https://a", raw={"url": "https://a"}), *STOPPED],
    ),
    "logprobs, where there are any": Case(
        [
            text("a", logprobs=[{"token": "a", "logprob": -1}]),
            text("b", logprobs=[]),
            text("c", logprobs=None),
            completed(),
        ],
        [Token("a"), Logprobs([{"token": "a", "logprob": -1}]), Token("b"), Token("c"), *STOPPED],
    ),
    # The output that a terminal event repeats
    "a terminal event fills what was not streamed": Case(
        [
            completed(
                id="r",
                output=[
                    {
                        "type": "reasoning",
                        "id": "rs_1",
                        "summary": [{"type": "summary_text", "text": "short"}],
                        "content": [{"type": "reasoning_text", "text": "long"}],
                        "encrypted_content": "E1",
                    },
                    {"type": "reasoning", "id": "rs_2", "summary": [], "encrypted_content": "E2"},
                    {
                        "type": "message",
                        "content": [
                            {"type": "output_text", "text": "a", "annotations": [{"url": "https://a"}, {"url": "b:"}]},
                            {"type": "output_text", "text": "b"},
                            {"type": "refusal", "refusal": "no"},
                            {"type": "other", "text": "x", "refusal": "x"},
                        ],
                    },
                    call(arguments="{}", status="completed"),
                    call(call_id="c2", arguments="{}", status="incomplete"),
                    call(call_id="c3", arguments="{}"),
                ],
            )
        ],
        [
            Start("r", ""),
            Reasoning("short"),
            Reasoning("long"),
            ReasoningSignature("E1", id="rs_1"),
            ReasoningSignature("E2", id="rs_2"),
            Token("a"),
            Token("b"),
            Refusal("no"),
            Citation("https://a", raw={"url": "https://a"}),
            Citation("b:", raw={"url": "b:"}),
            *one_call("{}"),
            *one_call("{}", id="c2", index=1, complete=False),
            *one_call("{}", id="c3", index=2),
            *CALLED,
        ],
    ),
    "it replaces nothing that was": Case(
        [
            summary("hm"),
            done(0, type="reasoning", id="rs_1", encrypted_content="E"),
            text("a"),
            refusal("no"),
            annotated({"type": "file_citation"}),
            added(1, **call()),
            incomplete(
                output=[
                    {"type": "reasoning", "summary": [{"text": "x"}], "encrypted_content": "x"},
                    {
                        "type": "message",
                        "content": [
                            {"type": "output_text", "text": "x", "annotations": [{"type": "file_citation"}]},
                            {"type": "refusal", "refusal": "x"},
                        ],
                    },
                    call(call_id="x"),
                ]
            ),
        ],
        [
            Reasoning("hm"),
            ReasoningSignature("E", id="rs_1"),
            Token("a"),
            Refusal("no"),
            Citation(raw={"type": "file_citation"}),
            *one_call(complete=False),
            *CUT,
        ],
    ),
    "each field is filled for itself": Case(
        [
            {"type": "response.reasoning_text.delta", "delta": "hm"},
            failed(
                error="boom",
                output=[
                    {"type": "reasoning", "content": [{"type": "output_text", "text": "x"}]},
                    {"type": "message", "content": [{"type": "output_text", "text": "a"}]},
                ],
            ),
        ],
        [
            Reasoning("hm"),
            Token("a"),
            FAILED,
            Error(
                "provider",
                "boom",
                raw=text_of(
                    failed(
                        error="boom",
                        output=[
                            {"type": "reasoning", "content": [{"type": "output_text", "text": "x"}]},
                            {"type": "message", "content": [{"type": "output_text", "text": "a"}]},
                        ],
                    )
                ),
            ),
            Done("error", "error"),
        ],
    ),
    # Usage
    "usage": Case(
        [
            completed(
                usage={
                    "input_tokens": 9,
                    "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 3},
                    "output_tokens": 5,
                    "output_tokens_details": {"reasoning_tokens": 2},
                    "total_tokens": 14,
                }
            )
        ],
        [
            Finish("stop", "completed"),
            Done(
                "complete",
                "stop",
                Usage(
                    9,
                    5,
                    4,
                    3,
                    2,
                    14,
                    {
                        "input_tokens": 9,
                        "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 3},
                        "output_tokens": 5,
                        "output_tokens_details": {"reasoning_tokens": 2},
                        "total_tokens": 14,
                    },
                ),
            ),
        ],
    ),
    "usage on any event; of every field the last": Case(
        [
            created(usage={"input_tokens": 9, "output_tokens": 0}),
            text("a", response={"usage": {"output_tokens": 5}}),
            failed(error={"message": "boom", "code": "x"}, usage={"output_tokens": 6}),
        ],
        [
            Start("resp_1", "m"),
            Token("a"),
            FAILED,
            Error(
                "provider",
                "boom",
                "x",
                text_of(failed(error={"message": "boom", "code": "x"}, usage={"output_tokens": 6})),
            ),
            Done("error", "error", Usage(9, 6, raw={"input_tokens": 9, "output_tokens": 6})),
        ],
    ),
}


def error(message: str, payload: Payload, code: str | None = None) -> Error:
    return Error("provider", message, code, text_of(payload))


FLAT = {"type": "error", "code": "x", "message": "boom", "param": None, "sequence_number": 2}
NESTED = {"type": "error", "error": {"type": "server_error", "code": "x", "message": "boom"}}
SILENT = "the provider reported an error without a message"

CASES |= {
    # Errors
    "an error event, its fields in the open": Case(
        [text("a"), FLAT], [Token("a"), error("boom", FLAT, "x"), Done("error")]
    ),
    "an error event, its fields in an object": Case(
        [text("a"), NESTED], [Token("a"), error("boom", NESTED, "x"), Done("error")]
    ),
    "an error that a failed response repeats is one": Case(
        [text("a"), NESTED, failed(error={"code": "x", "message": "boom"})],
        [Token("a"), error("boom", NESTED, "x"), FAILED, Done("error", "error")],
    ),
    "a failed response that says why": Case(
        [failed(error={"code": "x", "message": "boom"})],
        [FAILED, error("boom", failed(error={"code": "x", "message": "boom"}), "x"), Done("error", "error")],
    ),
    "a failed response that does not": Case(
        [failed(error=None)], [FAILED, error(SILENT, failed(error=None)), Done("error", "error")]
    ),
    "a failed response after an error that did": Case(
        [text("a"), FLAT, failed()], [Token("a"), error("boom", FLAT, "x"), FAILED, Done("error", "error")]
    ),
    "a failed response that says it at the top": Case(
        [failed() | {"error": "boom"}],
        [FAILED, error("boom", failed() | {"error": "boom"}), Done("error", "error")],
    ),
    "a failed response with an error of no known shape": Case(
        [failed(error=7) | {"error": 7}],
        [FAILED, error(SILENT, failed(error=7) | {"error": 7}), Done("error", "error")],
    ),
    "such an error adds nothing to one that came before": Case(
        [FLAT, failed(error=7)], [error("boom", FLAT, "x"), FAILED, Done("error", "error")]
    ),
    "nor does an empty one": Case([FLAT, failed(error={})], [error("boom", FLAT, "x"), FAILED, Done("error", "error")]),
    "a failed response without one": Case(
        [{"type": "response.failed"}], [FAILED, error(SILENT, {"type": "response.failed"}), Done("error", "error")]
    ),
    "an error in an event of another kind": Case(
        [created() | {"error_message": "no"}],
        [Start("resp_1", "m"), error("no", created() | {"error_message": "no"}), Done("error")],
    ),
    "an error, and a proper end after it": Case(
        [text("a"), FLAT, completed()], [Token("a"), error("boom", FLAT, "x"), *STOPPED]
    ),
    "an incomplete response is a proper end, whatever its reason": Case(
        [text("a"), FLAT, incomplete("error")],
        [Token("a"), error("boom", FLAT, "x"), Finish("error", "error"), Done("error", "error")],
    ),
}


def named(payloads: Sequence[Payload | str]) -> bytes:
    """The body as OpenAI frames it, each event by its type; others, OpenRouter for one, leave that out."""
    return b"".join(sse(each, event=each["type"] if isinstance(each, dict) else "") for each in payloads)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_events(case):
    check(sse(*case.payloads), case.events, "auto", "responses")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_same_with_event_lines(case):
    assert read(named(case.payloads)) == case.events


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_same_between_raw_payloads(case):
    events = read(sse(*case.payloads), raw=True)
    assert [event for event in events if not isinstance(event, Raw)] == case.events


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_cut_before_the_terminal_event_is_never_complete(case):
    terminal = rb'"response\.(completed|incomplete|failed)"[^\n]*'
    check_cuts(sse(*case.payloads), "responses", terminal=terminal)


# Wrong shapes

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


# Which dialect


def test_the_stream_says_so():
    stream = ChatStream()
    stream.feed(sse(created()))
    assert stream.dialect == "responses"


@pytest.mark.parametrize("kind", ["response.created", "response.output_text.delta", "response.whatever"])
def test_a_type_of_responses_decides(kind):
    assert recognises(Probe(type=kind)) is Verdict.YES


@pytest.mark.parametrize("kind", ["error", "ping", "responses", "message_start", None, 7, ["response.created"], {}])
def test_no_other_type_does(kind):
    assert recognises(Probe(type=kind)) is Verdict.NO

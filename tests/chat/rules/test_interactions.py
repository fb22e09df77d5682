"""D8, T9, C10, X5, U5: Gemini's Interactions."""

from __future__ import annotations

from typing import Any

import pytest

from sse_events.chat import (
    ChatStream,
    Citation,
    Done,
    Error,
    Finish,
    Reasoning,
    ReasoningSignature,
    Start,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    Usage,
)
from tests.chat.calls import call
from tests.chat.cases import Case, check, done, read, sse, table
from tests.chat.rules.payloads import DONE, MESSAGE_STOP, chunk, interaction, step

STOP: list[StreamEvent] = [Finish("stop", "completed"), done("complete", "stop")]
CALLED: list[StreamEvent] = [Finish("tool_calls", "requires_action"), done("complete", "tool_calls")]
END = interaction("completed")
ACTION = interaction("requires_action")


def delta(kind: str, index: int = 0, **members: Any) -> dict[str, Any]:
    return step("delta", index, delta={"type": kind, **members})


def opened(index: int = 0, arguments: Any = None, name: str = "f", id: str = "a") -> dict[str, Any]:
    given = {} if arguments is None else {"arguments": arguments}
    return step("start", index, step={"type": "function_call", "id": id, "name": name, **given})


def thought(words: str) -> dict[str, Any]:
    return delta("thought_summary", content={"type": "text", "text": words})


CASES = [
    Case(
        "text",
        sse(step("start", step={"type": "model_output"}), delta("text", text="x"), step("stop"), END),
        [Token("x"), *STOP],
    ),
    Case(
        "a thought summary",
        sse(step("start", step={"type": "thought"}), thought("t"), step("stop"), END),
        [Reasoning("t"), *STOP],
    ),
    Case(
        "a thought signature",
        sse(delta("thought_signature", signature="c2ln"), END),
        [ReasoningSignature("c2ln"), *STOP],
    ),
    Case(
        "an empty thought signature, google-genai",
        sse(delta("thought_signature", signature=""), delta("thought_signature", signature="c2ln"), END),
        [ReasoningSignature("c2ln"), *STOP],
    ),
    Case("arguments of a call that never began", sse(delta("arguments_delta", 3, arguments="{}"), END), STOP),
    Case(
        "sources of a text, by the name of the recordings and by that of google-genai",
        sse(
            delta("text_annotation", annotations=[{"type": "url_citation", "url": "https://a.example", "title": "A"}]),
            delta("text_annotation_delta", annotations=[{"url": "https://b.example"}]),
            END,
        ),
        [
            Citation("https://a.example", "A", raw={"type": "url_citation", "url": "https://a.example", "title": "A"}),
            Citation("https://b.example", raw={"url": "https://b.example"}),
            *STOP,
        ],
    ),
    Case("a thought without text", sse(delta("thought_summary", content={}), delta("thought_summary"), END), STOP),
    Case(
        "id and model", sse(interaction("in_progress", "created", id="v1", model="g"), END), [Start("v1", "g"), *STOP]
    ),
    Case(
        "an empty id, stateless",
        sse(interaction("in_progress", "created", id="", model="g"), END),
        [Start("", "g"), *STOP],
    ),
    Case("the sentinel after the end", sse(END) + b"event: done\ndata: [DONE]\n\n", STOP),
    Case("the sentinel ends nothing", sse(delta("text", text="x"), DONE), [Token("x"), done("truncated")]),
    Case("steps alone decide", sse(step("stop"), delta("text", text="x"), END), [Token("x"), *STOP]),
    Case(
        "a call in fragments",
        sse(
            opened(arguments={}),
            delta("arguments_delta", arguments='{"x"'),
            delta("arguments_delta", arguments=":1}"),
            step("stop"),
            ACTION,
        ),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, '{"x"'),
            ToolCallArgs(0, ":1}"),
            ToolCallEnd(0, "a", "f", '{"x":1}', True),
            *CALLED,
        ],
    ),
    Case(
        "a call whose arguments are in step.start",
        sse(opened(arguments={"x": 1}), step("stop"), ACTION),
        [*call(arguments='{"x":1}'), *CALLED],
    ),
    Case("a call without arguments", sse(opened(arguments={}), step("stop"), ACTION), [*call(), *CALLED]),
    Case(
        "the same tool twice, rig",
        sse(opened(arguments={}), step("stop"), opened(1, {}, id="b"), step("stop", 1), ACTION),
        [*call(), *call(1, id="b"), *CALLED],
    ),
    Case(
        "calls that interleave",
        sse(
            opened(),
            opened(1, id="b"),
            delta("arguments_delta", 1, arguments="{}"),
            delta("arguments_delta", 0, arguments="[]"),
            step("stop", 1),
            step("stop", 0),
            ACTION,
        ),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallStart(1, "b", "f"),
            ToolCallArgs(1, "{}"),
            ToolCallArgs(0, "[]"),
            ToolCallEnd(0, "a", "f", "[]", True),
            ToolCallEnd(1, "b", "f", "{}", True),
            *CALLED,
        ],
    ),
    Case(
        "server tools are not calls, vercel",
        sse(
            step("start", step={"type": "google_search_call", "id": "s", "arguments": {"queries": ["x"]}}),
            delta("google_search_call", arguments={"queries": ["x"]}),
            step("stop"),
            step("start", 1, step={"type": "google_search_result", "call_id": "s"}),
            delta("google_search_result", 1, result=[{"text": "x"}]),
            step("stop", 1),
            END,
        ),
        STOP,
    ),
    Case("cut off", sse(delta("text", text="x")), [Token("x"), done("truncated")]),
    Case(
        "an unknown status while it goes on",
        sse(interaction("queued", "created"), interaction("queued", "status_update"), delta("text", text="x"), END),
        [Token("x"), *STOP],
    ),
]


@table(CASES)
def test_an_interaction(case):
    check(case.body, case.events, "auto", "interactions")


@pytest.mark.parametrize("event", [True, False], ids=["with event lines", "without, vercel"])
def test_the_event_lines_are_not_needed(event):
    payloads = [step("start", step={"type": "model_output"}), delta("text", text="x"), END]
    body = b"".join(sse(payload, event=payload["event_type"] if event else "") for payload in payloads)
    check(body, [Token("x"), *STOP], "auto", "interactions")


@pytest.mark.parametrize(
    ("status", "reason", "ended"),
    [
        ("completed", "stop", "complete"),
        ("requires_action", "tool_calls", "complete"),
        ("budget_exceeded", "length", "complete"),
        ("failed", "error", "error"),
        ("cancelled", "error", "error"),
        ("COMPLETED", "stop", "complete"),  # X1: the mapping ignores case
    ],
)
def test_a_terminal_status(status, reason, ended):
    check(sse(interaction(status)), [Finish(reason, status), done(ended, reason)], "auto", "interactions")


def test_an_incomplete_interaction_is_not_a_success():
    body = sse(opened(), delta("arguments_delta", arguments="{}"), interaction("incomplete"))
    events = read(body)
    assert [end.complete for end in events if isinstance(end, ToolCallEnd)] == [False]
    assert isinstance(events[-1], Done)
    assert events[-1].finish_reason == "length"


def test_no_call_is_complete_in_an_interaction_that_failed():
    body = sse(opened(), delta("arguments_delta", arguments="{}"), interaction("failed"))
    assert [end.complete for end in read(body) if isinstance(end, ToolCallEnd)] == [False]


USAGE = {
    "total_input_tokens": 10,
    "total_tool_use_tokens": 3,
    "total_output_tokens": 5,
    "total_thought_tokens": 7,
    "total_cached_tokens": 2,
    "total_tokens": 25,
}


class TestUsage:
    def usage_of(self, *payloads: Any) -> tuple[int | None, ...]:
        found = read(sse(*payloads))[-1]
        assert isinstance(found, Done)
        usage = found.usage
        assert isinstance(usage, Usage)
        return usage.prompt_tokens, usage.completion_tokens, usage.cached_tokens, usage.reasoning_tokens

    def test_in_the_last_event(self):
        assert self.usage_of(interaction("completed", usage=USAGE)) == (13, 12, 2, 7)

    def test_in_the_metadata_of_any_event(self):
        assert self.usage_of(step("stop", metadata={"usage": USAGE}), END) == (13, 12, 2, 7)

    def test_the_last_number_wins_per_field(self):
        later = {"total_output_tokens": 9}
        assert self.usage_of(step("stop", metadata={"usage": USAGE}), interaction("completed", usage=later)) == (
            13,
            16,
            2,
            7,
        )

    def test_zeros_never_overwrite(self):
        zeros = dict.fromkeys(USAGE, 0)
        assert self.usage_of(step("stop", metadata={"usage": USAGE}), interaction("completed", usage=zeros)) == (
            13,
            12,
            2,
            7,
        )

    def test_a_part_alone(self):
        assert self.usage_of(interaction("completed", usage={"total_input_tokens": 4})) == (4, None, None, None)

    def test_none(self):
        assert self.usage_of(END) == (None, None, None, None)


ERROR = {"event_type": "error", "error": {"message": "quota", "code": "429"}}


class TestErrors:
    def errors_of(self, *payloads: Any) -> tuple[list[str], str]:
        events = read(sse(*payloads))
        assert isinstance(events[-1], Done)
        return [event.message for event in events if isinstance(event, Error)], events[-1].status

    def test_an_error_event_ends_it(self):
        assert self.errors_of(delta("text", text="x"), ERROR) == (["quota"], "error")

    def test_a_proper_end_after_it(self):
        assert self.errors_of(delta("text", text="x"), ERROR, END) == (["quota"], "complete")

    def test_the_error_event_alone_decides_no_dialect(self):
        stream = ChatStream()
        stream.feed(sse(ERROR))
        stream.close()
        assert stream.dialect is None

    def test_an_error_in_a_choice(self):
        """E1.2 asks for no dialect: a gateway in front of Gemini."""
        error = chunk(finish="error")
        error["choices"][0]["error"] = {"message": "bang"}
        assert self.errors_of(delta("text", text="x"), error) == (["bang"], "error")


def test_another_dialects_terminal_event_ends_nothing():
    check(sse(delta("text", text="x"), MESSAGE_STOP), [Token("x"), done("truncated")], "auto", "interactions")

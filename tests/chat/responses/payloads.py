"""Responses' payloads, the events of a call, and what every table of cases is read with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from sse_events.chat.events import Done, Finish, StreamEvent, ToolCallArgs, ToolCallEnd, ToolCallStart
from tests.chat import cases
from tests.chat.cases import read, sse

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

    @property
    def body(self) -> bytes:
        return sse(*self.payloads)


def named(payloads: Sequence[Payload | str]) -> bytes:
    """The body as OpenAI frames it, each event by its type; others, OpenRouter for one, leave that out."""
    return b"".join(sse(each, event=each["type"] if isinstance(each, dict) else "") for each in payloads)


class Checks(cases.Checks):
    cases: Mapping[str, Case]
    dialect = "responses"
    terminal = rb'"response\.(completed|incomplete|failed)"[^\n]*'

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        metafunc.parametrize("case", self.cases.values(), ids=self.cases.keys())

    def test_the_same_with_event_lines(self, case: Case) -> None:
        assert read(named(case.payloads)) == case.events

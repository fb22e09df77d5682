"""Gemini's payloads, the events of a call, and the checks that every table of cases runs through."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest

from sse_events.chat import ChatStream, Error, Finish, StreamEvent, ToolCallArgs, ToolCallEnd, ToolCallStart
from tests.chat import cases
from tests.chat.cases import Case, check_cuts, done
from tests.chat.cases import sse as frame
from tests.chat.reference import summarize
from tests.chat.summary import compare, fold


def sse(*payloads: Any) -> bytes:
    """As Google frames them: with CRLF, without an event type, without a sentinel."""
    return frame(*payloads, end="\r\n")


def chunk(*parts: Any, finish: Any = None, index: Any = None, **members: Any) -> dict[str, Any]:
    """A response with one candidate; `members` are of the response."""
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": list(parts)}} if parts else {}
    for name, value in (("finishReason", finish), ("index", index)):
        candidate |= {} if value is None else {name: value}
    return {"candidates": [candidate], **members}


def about(**members: Any) -> dict[str, Any]:
    """A response whose one candidate has these members."""
    return {"candidates": [members]}


def text(text: Any, **members: Any) -> dict[str, Any]:
    return {"text": text, **members}


def thought(text: str, **members: Any) -> dict[str, Any]:
    return {"text": text, "thought": True, **members}


def call(*partial_args: Any, signature: Any = None, more: Any = None, **function: Any) -> dict[str, Any]:
    """A part with a functionCall; `more` is its willContinue."""
    function |= {"partialArgs": list(partial_args)} if partial_args else {}
    function |= {} if more is None else {"willContinue": more}
    return {"functionCall": function, **({} if signature is None else {"thoughtSignature": signature})}


def piece(path: Any, value: Any, more: Any = None) -> dict[str, Any]:
    """One element of partialArgs."""
    kind = {str: "stringValue", bool: "boolValue", type(None): "nullValue"}.get(type(value), "numberValue")
    return {"jsonPath": path, kind: value, **({} if more is None else {"willContinue": more})}


def used(**counts: Any) -> dict[str, Any]:
    return {"usageMetadata": counts}


OPENED = chunk(call(name="f", more=True))
CLOSED = chunk(call())
PAGE = {"retrievedUrl": "https://p.example/", "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_SUCCESS"}
STOP = Finish("stop", "STOP")
CALLED = Finish("tool_calls", "STOP")
COMPLETE = done("complete", "stop")


def whole_call(
    arguments: str = "{}", *, index: int = 0, id: str = "", name: str = "f", complete: bool = True, choice: int = 0
) -> list[StreamEvent]:
    """The events of one call, without other events between them."""
    return [
        ToolCallStart(index, id, name, choice),
        ToolCallArgs(index, arguments, choice),
        ToolCallEnd(index, id, name, arguments, complete, choice),
    ]


def malformed(payload: str) -> Error:
    with pytest.raises(ValueError) as fault:
        json.loads(payload)
    return Error("malformed_json", f"a payload is not JSON: {fault.value}", None, payload)


def terminal_line(body: bytes) -> bytes:
    """The line whose payload makes the status complete."""
    stream = ChatStream("gemini")
    for line in body.split(b"\r\n"):
        stream.feed(line + b"\r\n\r\n")
        if copy.deepcopy(stream).close()[-1].status in ("complete", "error"):  # type: ignore[union-attr]
            return line
    return b"(none)"


class Checks(cases.Checks):
    dialect = "gemini"

    def test_a_cut_takes_nothing_back(self, case: Case) -> None:
        check_cuts(case.body, terminal=re.escape(terminal_line(case.body)))

    def test_agrees_with_the_reference(self, case: Case) -> None:
        assert compare(summarize(case.body), fold(case.events, "gemini")) == []

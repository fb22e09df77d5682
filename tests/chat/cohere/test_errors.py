"""Cohere: errors in a payload."""

from __future__ import annotations

from typing import Any

from sse_events.chat import Error, Finish, Token
from tests.chat.cases import Case, begun, done, ended, sse, text_of
from tests.chat.cohere.payloads import COMPLETE, DONE, FAILED, TOOL_CALL, Checks, closes, ends, text, whole_call


def error(message: str, payload: Any, code: Any = None) -> Error:
    return Error("provider", message, code, text_of(payload))


CASES = [
    Case(
        "message-end carries the error, and the sentinel is no proper end",
        sse(text("a"), FAILED, DONE),
        [Token("a"), Finish("error", "ERROR"), error("upstream failed", FAILED), done("error", "error")],
    ),
    Case(
        "a finish reason in the same payload is none either",
        sse(ends("COMPLETE", error={"message": "lost", "code": 7}), DONE),
        [COMPLETE, error("lost", ends("COMPLETE", error={"message": "lost", "code": 7}), 7), done("error", "stop")],
    ),
    Case(
        "a later one is",
        sse(FAILED, ends("COMPLETE"), DONE),
        [Finish("error", "ERROR"), error("upstream failed", FAILED), COMPLETE, done("complete", "stop")],
    ),
    Case(
        "S1: the word ERROR alone makes the status error, without an Error",
        sse(ends("ERROR"), DONE),
        [Finish("error", "ERROR"), done("error", "error")],
    ),
    Case(
        "an error in another event is none",
        sse({**ends(error="x"), "type": "content-end"}, {**text("a"), "delta": {"error": "x"}}, DONE),
        [done("complete")],
    ),
    Case(
        "a call that an error ends is cut, whatever the word",
        sse(*whole_call(), ends("TOOL_CALL", error="lost"), DONE),
        [
            *begun(),
            ended(complete=False),
            TOOL_CALL,
            error("lost", ends("TOOL_CALL", error="lost")),
            done("error", "tool_calls"),
        ],
    ),
    Case(
        "an error of a gateway, of its own and on an event that says something else too",
        sse(
            text("a"),
            {"message": "no", "success": False},
            {**closes(), "base_resp": {"status_code": 5, "status_msg": "x"}},
        ),
        [
            Token("a"),
            error("no", {"message": "no", "success": False}),
            error("x", {**closes(), "base_resp": {"status_code": 5, "status_msg": "x"}}, 5),
            done("error"),
        ],
    ),
]


class TestCases(Checks):
    cases = CASES

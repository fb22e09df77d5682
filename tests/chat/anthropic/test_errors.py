"""Anthropic: errors in the stream, and MiniMax's."""

from __future__ import annotations

from sse_events.chat import Token
from tests.chat.anthropic.payloads import (
    END_TURN,
    OVERLOADED,
    START,
    STOP,
    Checks,
    ends,
    error,
    named,
    starts,
    text,
    whole_call,
)
from tests.chat.cases import Case, begun, done, ended, sse

CASES = [
    Case(
        "an error event ends the stream",
        named(starts(), text("a"), OVERLOADED),
        [START, Token("a"), error("Overloaded", OVERLOADED, "overloaded_error"), done("error")],
    ),
    Case(
        "so does one that is named in the payload only",
        sse(starts(), OVERLOADED),
        [START, error("Overloaded", OVERLOADED, "overloaded_error"), done("error")],
    ),
    Case(
        "an earlier stop reason is no proper end",
        sse(ends("end_turn"), OVERLOADED),
        [END_TURN, error("Overloaded", OVERLOADED, "overloaded_error"), done("error", "stop")],
    ),
    Case(
        "a later one is",
        sse(OVERLOADED, ends("end_turn")),
        [error("Overloaded", OVERLOADED, "overloaded_error"), END_TURN, done("finished", "stop")],
    ),
    Case(
        "and so is message_stop",
        sse(text("a"), OVERLOADED, STOP),
        [Token("a"), error("Overloaded", OVERLOADED, "overloaded_error"), done("complete")],
    ),
    Case(
        "but not in the payload of the error",
        sse(text("a"), {**STOP, "error": "lost"}),
        [Token("a"), error("lost", {**STOP, "error": "lost"}), done("error")],
    ),
    Case(
        "a call before an error is not known to be whole",
        sse(*whole_call(), OVERLOADED),
        [*begun(), error("Overloaded", OVERLOADED, "overloaded_error"), ended(complete=False), done("error")],
    ),
    Case(
        "MiniMax's error",
        sse(starts(), {"base_resp": {"status_code": 1004, "status_msg": "login fail"}}),
        [
            START,
            error("login fail", {"base_resp": {"status_code": 1004, "status_msg": "login fail"}}, 1004),
            done("error"),
        ],
    ),
    Case(
        "on an event that says something else too",
        sse({**ends("end_turn"), "base_resp": {"status_code": 5, "status_msg": "no"}}),
        [
            END_TURN,
            error("no", {**ends("end_turn"), "base_resp": {"status_code": 5, "status_msg": "no"}}, 5),
            done("error", "stop"),
        ],
    ),
]


class TestCases(Checks):
    cases = CASES

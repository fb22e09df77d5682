"""Anthropic: the status and the finish reason that the end of the stream gives."""

from __future__ import annotations

from sse_events.chat import Finish, Token
from tests.chat.anthropic.payloads import (
    END_TURN,
    OVERLOADED,
    START,
    STOP,
    Checks,
    closes,
    ends,
    named,
    starts,
    text,
    whole_call,
)
from tests.chat.cases import Case, begun, done, ended, sse

CASES = [
    Case(
        "a stop reason and then the end",
        sse(ends("max_tokens")),
        [Finish("length", "max_tokens"), done("finished", "length")],
    ),
    Case("neither", sse(starts(), text("a"), closes()), [START, Token("a"), done("truncated")]),
    Case(
        "nothing after message_stop is read",
        sse(STOP, text("a"), ends("end_turn"), "[DONE]", OVERLOADED),
        [done("complete")],
    ),
    Case(
        "OpenRouter's sentinel after message_stop",
        named(starts(), ends("end_turn"), STOP) + sse("[DONE]", event="data"),
        [START, END_TURN, done("complete", "stop")],
    ),
    Case(
        "the sentinel ends nothing",
        sse(text("a"), "[DONE]", text("b"), STOP),
        [Token("a"), Token("b"), done("complete")],
    ),
    Case("the last event lacks its blank line", sse(text("a"), STOP)[:-1], [Token("a"), done("complete")]),
    Case("nor has its line an end", sse(text("a"), STOP)[:-2], [Token("a"), done("complete")]),
    Case("CRLF", sse(text("a"), STOP, end="\r\n"), [Token("a"), done("complete")]),
    Case(
        "the last stop reason holds",
        sse(ends("end_turn"), ends("end_turn"), ends("refusal"), STOP),
        [END_TURN, Finish("content_filter", "refusal"), done("complete", "content_filter")],
    ),
    Case(
        "a call after the stop reason changes what it means",
        sse(ends("end_turn"), *whole_call(), STOP),
        [END_TURN, *begun(), Finish("tool_calls", "end_turn"), ended(), done("complete", "tool_calls")],
    ),
]


class TestCases(Checks):
    cases = CASES

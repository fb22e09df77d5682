"""Anthropic: which tool calls are complete."""

from __future__ import annotations

import pytest

from sse_events.chat import Error, Finish, Token, ToolCallEnd, ToolCallStart
from tests.chat.anthropic.payloads import (
    MALFORMED,
    PING,
    STOP,
    TOOL_USE,
    Checks,
    closes,
    ends,
    opens,
    starts,
    text,
    tool,
    whole_call,
)
from tests.chat.cases import Case, begun, done, ended, ended_with, read, sse

CASES = [
    *(
        Case(
            f"a call before {word} is {'complete' if complete else 'cut'}",
            sse(*whole_call(), ends(word), STOP),
            [*begun(), ended(complete=complete), Finish(reason, word), ended_with(reason)],  # type: ignore[arg-type]
        )
        for word, reason, complete in (
            ("tool_use", "tool_calls", True),
            ("pause_turn", "other", True),
            ("compaction", "other", True),
            ("max_tokens", "length", False),
            ("model_context_window_exceeded", "length", False),
            ("refusal", "content_filter", False),
            ("error", "error", False),
        )
    ),
    Case(
        "another block says that a call is whole, whatever cuts the message later",
        sse(*whole_call(), opens("text", 1), text("a", 1), ends("max_tokens")),
        [*begun(), ended(), Token("a"), Finish("length", "max_tokens"), done("finished", "length")],
    ),
    Case(
        "so does a block of a server tool",
        sse(*whole_call(), opens("server_tool_use", 1)),
        [*begun(), ended(), done("truncated")],
    ),
    Case(
        "and one of a wrong shape",
        sse(*whole_call(), {"type": "content_block_start", "index": 1, "content_block": None}),
        [*begun(), ended(), done("truncated")],
    ),
    Case(
        "but not the boundary of a fallback, as the first model declined",
        sse(*whole_call(), opens("fallback", 1), closes(1), opens("text", 2), text("a", 2), ends("end_turn")),
        [
            *begun(),
            ended(complete=False),
            Token("a"),
            Finish("tool_calls", "end_turn"),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "a closed call at the end of a broken stream is cut",
        sse(*whole_call()),
        [*begun(), ended(complete=False), done("truncated")],
    ),
    Case(
        "a ping and a message_delta without a stop reason decide nothing",
        sse(*whole_call(), PING, ends(None), ends(""), {"type": "message_delta"}, ends("tool_use"), STOP),
        [*begun(), ended(), TOOL_USE, done("complete", "tool_calls")],
    ),
    Case(
        "message_stop without a stop reason does not say that a call is whole",
        sse(*whole_call(), STOP),
        [*begun(), ended(complete=False), done("complete")],
    ),
    Case(
        "C8: a call that is open at message_stop is whole",
        sse(*whole_call()[:2], ends("tool_use"), STOP),
        [*begun(), TOOL_USE, ended(), done("complete", "tool_calls")],
    ),
    Case(
        "C8: not if a limit cut it",
        sse(*whole_call()[:2], ends("max_tokens"), STOP),
        [*begun(), Finish("length", "max_tokens"), ended(complete=False), done("complete", "length")],
    ),
    Case(
        "C8: not without message_stop",
        sse(*whole_call()[:2], ends("tool_use")),
        [*begun(), TOOL_USE, ended(complete=False), done("finished", "tool_calls")],
    ),
    Case(
        "C8: not if it was to begin with its arguments",
        sse(tool(input={"x": 1}), ends("tool_use"), STOP),
        [ToolCallStart(0, "a", "f"), TOOL_USE, ended("", complete=False), done("complete", "tool_calls")],
    ),
    Case(
        "a stop after the stop reason changes nothing",
        sse(*whole_call()[:2], ends("tool_use"), closes(), STOP),
        [*begun(), TOOL_USE, ended(), done("complete", "tool_calls")],
    ),
    Case(
        "the stop of another block closes nothing",
        sse(*whole_call()[:2], closes(1), ends("tool_use")),
        [*begun(), TOOL_USE, ended(complete=False), done("finished", "tool_calls")],
    ),
    Case(
        "arguments that are no JSON",
        sse(*whole_call('{"x":'), ends("tool_use"), STOP),
        [*begun('{"x":'), ended('{"x":', complete=False), TOOL_USE, done("complete", "tool_calls")],
    ),
]


class TestCases(Checks):
    cases = CASES


class TestMalformed:
    """A lost line may have been a fragment, a stop, or the stop reason that says the call was cut."""

    @pytest.mark.parametrize("at", [1, 2, 3])
    def test_between_the_first_delta_of_a_call_and_its_end(self, at):
        payloads = [*whole_call(), ends("tool_use"), STOP]
        events = read(sse(*payloads[:at], MALFORMED, *payloads[at:]))
        assert [event.complete for event in events if isinstance(event, ToolCallEnd)] == [False]
        assert [event.kind for event in events if isinstance(event, Error)] == ["malformed_json"]
        assert events[-1] == done("complete", "tool_calls", 1)

    def test_before_and_after(self):
        events = read(sse(starts(), MALFORMED, *whole_call(), ends("tool_use"), MALFORMED, STOP))
        assert [event.complete for event in events if isinstance(event, ToolCallEnd)] == [True]

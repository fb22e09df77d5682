"""The parts of a script, and the events of a played turn."""

from __future__ import annotations

import pytest

from sse_events.chat import (
    Done,
    Error,
    Finish,
    Reasoning,
    ReasoningSignature,
    Start,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    Usage,
)
from sse_events.testing import custom_tool_call, cut, pause, reasoning, text, tool_call, turn
from sse_events.testing.script import Cut, Pause, play

START = Start("r-1", "m")
USAGE = Usage(10, 20, total_tokens=30)
WHOLE = [Finish("stop", "stop"), Done("complete", "stop", USAGE)]
CALLED = [Finish("tool_calls", "tool_calls"), Done("complete", "tool_calls", USAGE)]


def events(*steps, **options):
    return play(turn(*steps, **options), id="r-1", model="m")


def test_text_comes_word_by_word_and_loses_nothing():
    assert text("Hello,  you\n") == [Token("Hello,"), Token("  you"), Token("\n")]
    assert text("") == []


def test_reasoning_comes_with_its_signature():
    assert reasoning("I think", "c2ln") == [Reasoning("I"), Reasoning(" think"), ReasoningSignature("c2ln")]
    assert reasoning("I") == [Reasoning("I")]


def test_a_string_is_text():
    assert events("Hi") == events(text("Hi")) == events(Token("Hi")) == [START, Token("Hi"), *WHOLE]


def test_nothing_is_an_empty_answer():
    assert events() == [START, *WHOLE]


def test_a_tool_call_has_fragments_an_id_and_an_end():
    arguments = '{"city":"Paris"}'
    assert events(tool_call("weather", {"city": "Paris"})) == [
        START,
        ToolCallStart(0, "call_r-1_0", "weather"),
        ToolCallArgs(0, arguments[:8]),
        ToolCallArgs(0, arguments[8:]),
        ToolCallEnd(0, "call_r-1_0", "weather", arguments, True),
        *CALLED,
    ]


def test_calls_are_counted():
    given = [ToolCallStart(0, "a", "f"), ToolCallEnd(0, "a", "f", "", True)]
    played = events(given, tool_call("now"), tool_call("then", id="mine"), tool_call("nameless", id=""))
    ends = [(event.index, event.id) for event in played if isinstance(event, ToolCallEnd)]
    assert ends == [(0, "a"), (1, "call_r-1_1"), (2, "mine"), (3, "")]


@pytest.mark.parametrize(
    ("arguments", "complete"),
    [("", True), ("{}", True), ('{"a": [1', False), ("no JSON", False)],
    ids=["none", "empty", "cut", "text"],
)
def test_arguments_may_be_any_text(arguments, complete):
    [end] = [event for event in events(tool_call("f", arguments)) if isinstance(event, ToolCallEnd)]
    assert (end.arguments, end.complete) == (arguments, complete)


def test_a_custom_call_takes_any_text():
    [end] = [event for event in events(custom_tool_call("shell", "ls -l")) if isinstance(event, ToolCallEnd)]
    assert (end.arguments, end.complete, end.custom) == ("ls -l", True, True)


@pytest.mark.parametrize("reason", ["length", "content_filter", "error"])
def test_a_cut_answer_cuts_its_last_call(reason):
    played = events(tool_call("a"), tool_call("b"), finish=reason)
    assert [event.complete for event in played if isinstance(event, ToolCallEnd)] == [True, False]
    assert played[-2].reason == reason


def test_finish_word_error_is_no_success():
    assert events("Hi", finish="error")[-1] == Done("error", "error", USAGE)


def test_usage():
    assert events(usage=Usage(1, 2))[-1].usage == Usage(1, 2)


def test_an_error_ends_the_turn():
    assert events("Hel", error="Overloaded")[1:] == [Token("Hel"), Error("provider", "Overloaded"), Done("error")]
    assert events(error=Error("provider", "Overloaded", 529))[1] == Error("provider", "Overloaded", 529)


def test_what_is_given_is_not_added_again():
    given = [Start("x", "y"), Token("Hi"), Finish("length", "max"), Done("finished", "length")]
    assert events(given) == given
    assert events(Finish("length", "max"))[1:] == [Finish("length", "max"), Done("complete", "length", USAGE)]


def test_pauses_and_cuts_stay_where_they_are():
    assert events("a", pause(0.5), cut(silent=True)) == [START, Token("a"), Pause(0.5), Cut(None, True), *WHOLE]
    assert events(cut_after=9) == events(cut(after=9)) == [START, Cut(9), *WHOLE]


def test_retry_after_is_a_header():
    assert turn(status=429, retry_after=2).headers == {"retry-after": "2"}
    assert turn(headers={"x-id": "1"}, retry_after=0.5).headers == {"x-id": "1", "retry-after": "0.5"}

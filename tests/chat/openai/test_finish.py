"""OpenAI: finish words, and what they do to calls and status."""

from __future__ import annotations

import pytest

from sse_events.chat import Finish, Token
from tests.chat.cases import Case, done, read, sse
from tests.chat.openai.payloads import (
    DONE,
    PROMOTED,
    STOP,
    Checks,
    call,
    calls,
    choice,
    chunk,
    end,
    ends,
    one_call,
    says,
)

WORDS = {
    "stop": "stop end_turn stop_sequence complete completed eos",
    "length": "length max_tokens model_length model_context_window_exceeded max_output_tokens",
    "tool_calls": "tool_calls tool_use tool_call function_call",
    "content_filter": "content_filter safety recitation blocklist prohibited_content spii language image_safety refusal"
    " sensitive",
    "error": "error network_error insufficient_system_resource malformed_function_call unexpected_tool_call failed",
    "other": "weird network stop. tool",
}


ENDINGS = [
    Case("no finish, no sentinel", sse(says(content="a")), [Token("a"), done("truncated")]),
    Case("a finish word, then the end", sse(ends("stop")), [STOP, done("finished", "stop")]),
    Case("a sentinel without a finish word", sse(says(content="a"), DONE), [Token("a"), done("complete")]),
    Case("nothing at all", b"", [done("truncated")]),
    Case("comments only", b": OPENROUTER PROCESSING\n\n", [done("truncated")]),
    Case("the sentinel only", sse(DONE), [done("complete")]),
    Case(
        "X1: the last word wins, and is sent only when it changes",
        sse(ends("stop"), ends("stop"), ends("length"), ends(""), chunk(choice(finish=None)), chunk(choice(finish=5))),
        [STOP, Finish("length", "length"), done("finished", "length")],
    ),
    Case(
        "X1: a call after the word stop makes it tool_calls",
        sse(ends("stop"), calls(call("{}", id="a", name="f")), DONE),
        [STOP, *one_call(), PROMOTED, end(), done("complete", "tool_calls")],
    ),
    Case(
        "X1: only stop is promoted",
        sse(calls(call("{}", id="a", name="f")), ends("weird"), DONE),
        [*one_call(), Finish("other", "weird"), end(), done("complete", "other")],
    ),
    Case(
        "a forced tool choice finishes with stop",
        sse(calls(call("{}", id="a", name="f")), ends("stop"), DONE),
        [*one_call(), PROMOTED, end(), done("complete", "tool_calls")],
    ),
    Case(
        "S1: a word that means error makes the status error, without an Error",
        sse(says(content="a"), ends("insufficient_system_resource"), DONE),
        [Token("a"), Finish("error", "insufficient_system_resource"), done("error", "error")],
    ),
    Case(
        "a finish in the same chunk as the text comes after it",
        sse(chunk(choice({"content": "a"}, "stop"))),
        [Token("a"), STOP, done("finished", "stop")],
    ),
]


class TestCases(Checks):
    cases = ENDINGS


@pytest.mark.parametrize(("reason", "word"), [(reason, word) for reason in WORDS for word in WORDS[reason].split()])
def test_finish_words(reason, word):
    """X0: compared without case."""
    for spelt in (word, word.upper(), word.capitalize()):
        assert read(sse(ends(spelt))) == [
            Finish(reason, spelt),
            done("error" if reason == "error" else "finished", reason),
        ]

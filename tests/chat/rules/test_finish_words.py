"""X0, S1: unknown finish words are judged by what they contain, and a last word that means error is an error."""

from __future__ import annotations

from typing import Any

import pytest

from sse_events.chat import Done, FinishReason, Token, ToolCallEnd
from sse_events.chat import Finish as FinishEvent
from tests.chat.cases import check, done, ended_with, read, sse
from tests.chat.rules.payloads import (
    DONE,
    MESSAGE_STOP,
    calls,
    candidate,
    chunk,
    cohere,
    fragment,
    response,
    stop_reason,
)

WORDS: list[tuple[str, FinishReason]] = [
    # What X0 lists
    *((word, "stop") for word in ("stop", "end_turn", "stop_sequence", "complete", "completed", "eos", "STOP", "Eos")),
    *((word, "length") for word in ("length", "max_tokens", "model_length", "MAX_TOKENS", "max_output_tokens")),
    ("model_context_window_exceeded", "length"),
    *((word, "tool_calls") for word in ("tool_calls", "tool_use", "tool_call", "function_call", "TOOL_CALL")),
    *(
        (word, "content_filter")
        for word in ("content_filter", "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT")
    ),
    *((word, "content_filter") for word in ("SPII", "LANGUAGE", "IMAGE_SAFETY", "refusal", "sensitive")),
    *((word, "error") for word in ("error", "network_error", "insufficient_system_resource", "failed")),
    *((word, "error") for word in ("MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "ERROR")),
    # What only its parts say
    ("function_call_filter: MALFORMED_FUNCTION_CALL", "error"),  # coder 28470
    ("abort", "error"),  # vLLM 47933
    ("aborted", "error"),
    ("USER_CANCEL", "error"),
    ("cancelled", "error"),
    ("TIMEOUT", "error"),  # Cohere
    ("request_timeout_ms", "error"),
    ("upstream_failure", "error"),
    ("internal_error", "error"),
    ("MALFORMED_RESPONSE", "error"),  # Gemini
    ("filter_error", "error"),  # error comes before filter
    ("length_error", "error"),
    ("content_filtered", "content_filter"),
    ("guardrail_safety", "content_filter"),
    ("blocked_by_policy", "content_filter"),
    ("prompt_blocked", "content_filter"),
    ("safety_length", "content_filter"),  # filter comes before length
    ("max_length", "length"),
    ("context_length_exceeded", "length"),
    ("max_tokens_reached", "length"),
    ("TOKEN_LIMIT", "length"),
    ("token_limit_reached", "length"),
    ("pause_turn", "other"),  # Anthropic
    ("TOO_MANY_TOOL_CALLS", "other"),  # Gemini
    ("OTHER", "other"),
    ("finish", "other"),
]


@pytest.mark.parametrize(("word", "reason"), WORDS, ids=[word for word, _ in WORDS])
def test_a_word_means(word, reason):
    check(sse(chunk(finish=word), DONE), [FinishEvent(reason, word), ended_with(reason)], "auto", "openai")


def bodies(word: str) -> list[tuple[str, bytes, str]]:
    """Text or a call, then the finish word, then the proper end of each dialect that has finish words."""
    interrupted = {"incomplete_details": {"reason": word}}
    return [
        ("openai", sse(chunk("x"), chunk(finish=word), DONE), word),
        ("anthropic", sse({"type": "message_start"}, *anthropic_text(), stop_reason(word), MESSAGE_STOP), word),
        (
            "responses",
            sse(response("output_text.delta", delta="x"), response("incomplete", response=interrupted)),
            word,
        ),
        ("gemini", sse(candidate({"text": "x"}), candidate(finish=word)), word),
        (
            "cohere",
            sse(cohere("content-delta", {"content": {"text": "x"}}), cohere("message-end", finish_reason=word), DONE),
            word,
        ),
    ]


def anthropic_text() -> list[Any]:
    return [{"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "x"}}]


@pytest.mark.parametrize("word", ["abort", "MALFORMED_FUNCTION_CALL", "TIMEOUT"])
@pytest.mark.parametrize("dialect", ["openai", "anthropic", "responses", "gemini", "cohere"])
def test_a_last_word_that_means_error_makes_the_status_error(word, dialect):
    body = next(body for name, body, _ in bodies(word) if name == dialect)
    check(body, [Token("x"), FinishEvent("error", word), done("error", "error")], "auto", dialect)


@pytest.mark.parametrize("dialect", ["openai", "anthropic", "responses", "gemini", "cohere"])
def test_an_unknown_word_is_a_proper_end(dialect):
    body = next(body for name, body, _ in bodies("weird") if name == dialect)
    check(body, [Token("x"), FinishEvent("other", "weird"), done("complete", "other")], "auto", dialect)


@pytest.mark.parametrize("word", ["abort", "error", "USER_CANCEL", "length", "content_filter", "guardrail_safety"])
def test_no_call_is_complete_after_such_a_word(word):
    """The abort of vLLM, OpenRouter's error, and what cuts a call."""
    whole = calls(fragment("{}", id="a", name="f"))
    for dialect in ("auto", "openai"):
        events = read(sse(whole, chunk(finish=word), DONE), dialect)
        assert [event.complete for event in events if isinstance(event, ToolCallEnd)] == [False]


def test_gemini_call_before_malformed_function_call():
    """Gemini sends a call whole, so it is complete before the word comes; the status says the rest."""
    body = sse(candidate({"functionCall": {"name": "f", "args": {}}}), candidate(finish="MALFORMED_FUNCTION_CALL"))
    for dialect in ("auto", "gemini"):
        assert read(body, dialect)[-1] == done("error", "error")


@pytest.mark.parametrize(
    ("words", "status"),
    [(("error", "stop"), "complete"), (("stop", "error"), "error"), (("abort", "abort"), "error")],
    ids=["error then stop", "stop then error", "error twice"],
)
def test_the_last_word_decides(words, status):
    """OpenRouter repeats the finish word after the first."""
    last = read(sse(*(chunk(finish=word) for word in words), DONE))[-1]
    assert isinstance(last, Done)
    assert last.status == status


def test_a_word_that_means_error_without_a_terminal_signal():
    check(sse(chunk(finish="abort")), [FinishEvent("error", "abort"), done("error", "error")], "auto", "openai")


def test_stop_with_a_call_is_tool_calls_and_length_is_not():
    """Ollama and forced tool choices."""
    whole = calls(fragment("{}", id="a", name="f"))
    for word, reason in (("stop", "tool_calls"), ("eos", "tool_calls"), ("length", "length"), ("weird", "other")):
        assert read(sse(whole, chunk(finish=word), DONE))[-1] == done("complete", reason)


def test_the_word_of_another_choice_is_not_the_streams():
    body = sse(chunk("x"), chunk(finish="abort", index=1), chunk(finish="stop"), DONE)
    check(body, [Token("x"), FinishEvent("stop", "stop"), done("complete", "stop")])

"""What one dialect needs: finish words, error codes, usage, and the shapes without which its clients crash."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from sse_events.chat import (
    Citation,
    Done,
    Error,
    Finish,
    ReasoningSignature,
    StreamEvent,
    Token,
    ToolCallArgs,
    Usage,
)
from sse_events.chat.events import FinishReason
from tests.chat.encoder.grammar import blocks
from tests.chat.encoder.scenarios import CALLS_DONE, DIALECTS, SCENARIOS, call, encoder, end, write


def payloads(dialect: str, turn: list[StreamEvent]) -> list[Any]:
    return [block.data for block in blocks(write(dialect, turn)) if block.data != "[DONE]"]


def scenario(dialect: str, name: str) -> list[Any]:
    return payloads(dialect, SCENARIOS[name])


def failed(dialect: str, code: str | int | None) -> list[Any]:
    return payloads(dialect, [Token("x"), Error("provider", "no", code), Done("error")])


WORDS: dict[str, dict[FinishReason, dict[str, str]]] = {
    "openai": {
        "stop": {"?": "stop", "end_turn": "stop"},
        "length": {"?": "length", "max_tokens": "length"},
        "tool_calls": {"?": "tool_calls", "stop": "tool_calls", "function_call": "function_call"},
        "content_filter": {"?": "content_filter"},
        "other": {"?": "stop", "content_filter": "stop"},
    },
    "anthropic": {
        "stop": {"?": "end_turn", "stop": "end_turn", "stop_sequence": "stop_sequence"},
        "length": {"?": "max_tokens", "model_context_window_exceeded": "model_context_window_exceeded"},
        "tool_calls": {"?": "tool_use", "tool_calls": "tool_use"},
        "content_filter": {"?": "refusal"},
        "other": {"?": "end_turn", "pause_turn": "pause_turn"},
    },
    "responses": {
        "stop": {"?": "completed"},
        "length": {"?": "incomplete max_output_tokens"},
        "tool_calls": {"?": "completed"},
        "content_filter": {"?": "incomplete content_filter"},
        "other": {"?": "completed"},
    },
    "gemini": {
        "stop": {"?": "STOP", "stop": "STOP"},
        "length": {"?": "MAX_TOKENS"},
        "tool_calls": {"?": "STOP", "tool_calls": "STOP"},
        "content_filter": {"?": "SAFETY", "RECITATION": "RECITATION", "BLOCKLIST": "BLOCKLIST", "SPII": "SPII"},
        "other": {"?": "OTHER"},
    },
    "interactions": {
        "stop": {"?": "completed"},
        "length": {"?": "incomplete"},
        "tool_calls": {"?": "requires_action"},
        "content_filter": {"?": "failed"},
        "other": {"?": "completed"},
    },
    "cohere": {
        "stop": {"?": "COMPLETE", "STOP_SEQUENCE": "STOP_SEQUENCE", "stop_sequence": "COMPLETE"},
        "length": {"?": "MAX_TOKENS"},
        "tool_calls": {"?": "TOOL_CALL"},
        "content_filter": {"?": "ERROR"},
        "other": {"?": "COMPLETE"},
    },
    "ui": {
        "stop": {"?": "stop"},
        "length": {"?": "length"},
        "tool_calls": {"?": "tool-calls"},
        "content_filter": {"?": "content-filter"},
        "other": {"?": "other"},
    },
}


def said(dialect: str, last: list[Any]) -> str:
    """The finish word of a stream's last payloads."""
    end = last[-1]
    if dialect == "openai":
        return str(end["choices"][0]["finish_reason"])
    if dialect == "anthropic":
        return str(last[-2]["delta"]["stop_reason"])
    if dialect == "responses":
        details = end["response"]["incomplete_details"]
        return " ".join([end["response"]["status"], *(details or {}).values()])
    if dialect == "gemini":
        return str(end["candidates"][0]["finishReason"])
    if dialect == "interactions":
        return str(end["interaction"]["status"] if "interaction" in end else end["status"])
    return str(end["delta"]["finish_reason"] if dialect == "cohere" else end["finishReason"])


@pytest.mark.parametrize(
    ("dialect", "reason", "raw", "word"),
    [
        (name, reason, raw, word)
        for name in WORDS
        for reason in WORDS[name]
        for raw, word in WORDS[name][reason].items()
    ],
)
def test_the_finish_word(dialect: str, reason: FinishReason, raw: str, word: str):
    turn: list[StreamEvent] = [Token("x"), Finish(reason, raw), Done("complete", reason)]
    assert said(dialect, payloads(dialect, turn)) == word


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_finish_reason_of_done_counts_where_no_finish_came(dialect: str):
    turn: list[StreamEvent] = [Token("x"), Done("complete", "length")]
    assert said(dialect, payloads(dialect, turn)) == WORDS[dialect]["length"]["?"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_calls_without_a_finish_reason_end_with_that_of_calls(dialect: str):
    for turn in (
        [*call(0, "{}"), end(0, "{}"), Done("complete")],
        [*call(0, "{}"), end(0, "{}"), Finish("stop", "stop"), Done("finished", "stop")],
    ):
        assert said(dialect, payloads(dialect, turn)) == WORDS[dialect]["tool_calls"]["?"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (400, "invalid_request_error"),
        (401, "authentication_error"),
        (403, "permission_error"),
        (404, "not_found_error"),
        (413, "request_too_large"),
        (429, "rate_limit_error"),
        ("429", "rate_limit_error"),
        ("rate_limit_exceeded", "rate_limit_error"),
        (503, "overloaded_error"),
        (529, "overloaded_error"),
        (504, "timeout_error"),
        ("overloaded_error", "overloaded_error"),
        ("billing_error", "billing_error"),
        (500, "api_error"),
        ("server_error", "api_error"),
        (0, "api_error"),
        (None, "api_error"),
    ],
)
def test_anthropics_error_types(code: str | int | None, kind: str):
    assert failed("anthropic", code)[-1] == {"type": "error", "error": {"type": kind, "message": "no"}}


@pytest.mark.parametrize(
    ("code", "number", "status"),
    [
        (400, 400, "INVALID_ARGUMENT"),
        (403, 403, "PERMISSION_DENIED"),
        (404, 404, "NOT_FOUND"),
        ("429", 429, "RESOURCE_EXHAUSTED"),
        (503, 503, "UNAVAILABLE"),
        (504, 504, "DEADLINE_EXCEEDED"),
        (529, 529, "INTERNAL"),
        (200, 500, "INTERNAL"),
        (600, 500, "INTERNAL"),
        ("overloaded", 500, "INTERNAL"),
        (None, 500, "INTERNAL"),
    ],
)
def test_geminis_error_codes(code: str | int | None, number: int, status: str):
    assert failed("gemini", code)[-1] == {"error": {"code": number, "message": "no", "status": status}}


@pytest.mark.parametrize(
    ("code", "flat", "known"),
    [
        (429, "429", "rate_limit_exceeded"),
        ("429", "429", "rate_limit_exceeded"),
        ("rate_limit_exceeded", "rate_limit_exceeded", "rate_limit_exceeded"),
        ("context_length_exceeded", "context_length_exceeded", "context_length_exceeded"),
        ("insufficient_quota", "insufficient_quota", "insufficient_quota"),
        ("invalid_prompt", "invalid_prompt", "invalid_prompt"),
        ("odd", "odd", "server_error"),
        (529, "529", "server_error"),
        (None, None, "server_error"),
    ],
)
def test_responses_error_codes(code: str | int | None, flat: str | None, known: str):
    error, last = failed("responses", code)[-2:]
    nested = {"type": "server_error", "code": flat, "message": "no", "param": None}
    # OpenAI's SDK yields the flat form alone as an ordinary event, and raises at the nested one.
    assert error == {
        "type": "error",
        "sequence_number": last["sequence_number"] - 1,
        "code": flat,
        "message": "no",
        "param": None,
        "error": nested,
    }
    assert last["response"]["error"] == {"code": known, "message": "no"}


@pytest.mark.parametrize("code", [429, "odd", None])
def test_the_code_elsewhere(code: str | int | None):
    assert failed("openai", code)[-1]["error"]["code"] == code
    assert failed("interactions", code)[-2]["error"] == ({"message": "no"} | ({"code": str(code)} if code else {}))
    assert failed("cohere", code)[-1]["delta"]["error"] == "no"
    assert failed("ui", code)[-1] == {"type": "error", "errorText": "no"}


FAILURES: dict[str, tuple[list[StreamEvent], str]] = {
    "truncated": ([Done("truncated")], "the stream ended before the answer was complete"),
    "the last error": (
        [Error("provider", "one"), Error("provider", "two"), Done("error")],
        "two",
    ),
    "an error without a word": ([Done("error")], 'the answer ended with "error"'),
    "a finish word": ([Finish("error", "network_error"), Done("error")], 'the answer ended with "network_error"'),
    "a finish word, though Done says complete": (
        [Finish("error", "network_error"), Done("complete")],
        'the answer ended with "network_error"',
    ),
    "the reason of Done": ([Done("error", "error")], 'the answer ended with "error"'),
    "a reason that is no failure": ([Finish("stop", "stop"), Done("error")], 'the answer ended with "error"'),
    "malformed": ([Finish("stop", "stop"), Done("complete", malformed=2)], "part of the answer could not be read"),
    "a call": ([*call(0, "{}"), end(0, "{}", False), CALLS_DONE], "tool call 0 (weather) is not complete"),
    "a custom call": (
        [*call(0, "x", custom=True), end(0, "x", False, custom=True), CALLS_DONE],
        "tool call 0 (weather) is not complete",
    ),
}


@pytest.mark.parametrize(("turn", "message"), FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_an_answer_fails_of(dialect: str, turn: list[StreamEvent], message: str):
    body = write(dialect, [Token("x"), *turn]).decode().replace('\\"', '"')
    assert message in body
    assert "[DONE]" not in body


def test_a_choice_whose_end_is_not_known_gets_no_finish_reason():
    """Choice 0 finished, and the connection was lost: nothing says that choice 1 was whole."""
    turn: list[StreamEvent] = [Token("a"), Token("b", 1), Finish("stop", "stop"), Done("finished", "stop")]
    ends = [c["finish_reason"] for chunk in payloads("openai", turn) for c in chunk["choices"]]
    assert [reason for reason in ends if reason] == ["stop"]
    complete: list[StreamEvent] = [*turn[:-1], Done("complete", "stop")]
    ends = [c["finish_reason"] for chunk in payloads("openai", complete) for c in chunk["choices"]]
    assert [reason for reason in ends if reason] == ["stop", "stop"]


USAGES: dict[str, tuple[Usage, dict[str, Any]]] = {
    "prompt only": (
        Usage(prompt_tokens=5),
        {
            "openai": {"prompt_tokens": 5, "completion_tokens": 0, "total_tokens": 5},
            "anthropic": {"input_tokens": 5, "output_tokens": 0},
            "gemini": {"promptTokenCount": 5},
            "cohere": {"tokens": {"input_tokens": 5, "output_tokens": 0}},
        },
    ),
    "cached more than there is": (
        Usage(prompt_tokens=5, completion_tokens=1, cached_tokens=9, reasoning_tokens=3),
        {
            "openai": {
                "prompt_tokens": 5,
                "completion_tokens": 1,
                "total_tokens": 6,
                "prompt_tokens_details": {"cached_tokens": 9},
                "completion_tokens_details": {"reasoning_tokens": 3},
            },
            "anthropic": {
                "input_tokens": 0,
                "output_tokens": 1,
                "cache_read_input_tokens": 9,
                "output_tokens_details": {"thinking_tokens": 3},
            },
            "gemini": {
                "promptTokenCount": 5,
                "cachedContentTokenCount": 9,
                "candidatesTokenCount": 0,
                "thoughtsTokenCount": 3,
            },
            "cohere": {
                "tokens": {"input_tokens": 5, "output_tokens": 1, "reasoning_tokens": 3},
                "cached_tokens": 9,
            },
        },
    ),
    "nothing": (
        Usage(),
        {
            "openai": None,
            "anthropic": {"input_tokens": 0, "output_tokens": 0},
            "gemini": None,
            "cohere": {"tokens": {"input_tokens": 0, "output_tokens": 0}},
        },
    ),
}


@pytest.mark.parametrize(("usage", "expected"), USAGES.values(), ids=USAGES)
def test_usage(usage: Usage, expected: dict[str, Any]):
    turn: list[StreamEvent] = [Token("x"), Done("complete", "stop", usage)]
    assert payloads("openai", turn)[-1]["usage"] == expected["openai"]
    assert payloads("anthropic", turn)[-2]["usage"] == expected["anthropic"]
    assert payloads("gemini", turn)[-1].get("usageMetadata") == expected["gemini"]
    assert payloads("cohere", turn)[-1]["delta"]["usage"] == expected["cohere"]


def test_the_counts_of_responses_and_interactions_are_all_there():
    turn: list[StreamEvent] = [Token("x"), Done("complete", "stop", Usage(prompt_tokens=5, completion_tokens=2))]
    assert payloads("responses", turn)[-1]["response"]["usage"] == {
        "input_tokens": 5,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": 2,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 7,
    }
    assert payloads("interactions", turn)[-1]["interaction"]["usage"] == {
        "total_input_tokens": 5,
        "total_output_tokens": 2,
        "total_thought_tokens": 0,
        "total_cached_tokens": 0,
        "total_tool_use_tokens": 0,
        "total_tokens": 7,
    }


class TestShapesWithoutWhichAClientCrashes:
    def test_openai_a_signature_of_a_call_has_a_function(self):
        """openai-python: AssertionError."""
        calls = [c for chunk in scenario("openai", "the signature of a call") for c in chunk["choices"]]
        signed = [c["delta"]["tool_calls"][0] for c in calls if "extra_content" in str(c)]
        assert [tool_call["function"] for tool_call in signed] == [{"arguments": ""}]

    def test_openai_list_elements_have_an_index(self):
        """openai-python: RuntimeError at the second element without one."""
        deltas = [c["delta"] for chunk in scenario("openai", "two signed reasonings") for c in chunk["choices"]]
        assert [d["reasoning_details"][0]["index"] for d in deltas if "reasoning_details" in d] == [0, 1]
        deltas = [c["delta"] for chunk in scenario("openai", "citations") for c in chunk["choices"]]
        assert [d["annotations"][0]["index"] for d in deltas if "annotations" in d] == [0, 1, 2]

    def test_openai_an_error_is_an_object(self):
        """openai-python loses the text of a string."""
        assert isinstance(failed("openai", None)[-1]["error"], dict)

    def test_openai_lower_choices_get_their_role_first(self):
        """openai-python: IndexError."""
        choices = [chunk["choices"][0] for chunk in payloads("openai", [Token("x", 2)])[:4]]
        assert [(choice["index"], choice["delta"]) for choice in choices] == [
            (0, {"role": "assistant"}),
            (1, {"role": "assistant"}),
            (2, {"role": "assistant"}),
            (2, {"content": "x"}),
        ]

    def test_anthropic_a_title_is_never_null(self):
        """Vercel's AI SDK refuses null."""
        turn: list[StreamEvent] = [Token("x"), Citation(url="https://a"), Done("complete")]
        (delta,) = [event["delta"] for event in payloads("anthropic", turn) if "citations_delta" in str(event)]
        assert delta["citation"]["title"] == ""

    def test_anthropic_every_block_starts_with_its_empty_field(self):
        """Claude Code and LiteLLM fail on a tool_use without input and on thinking without a signature."""
        turn: list[StreamEvent] = [*SCENARIOS["a whole turn"]]
        blocks_ = [e["content_block"] for e in payloads("anthropic", turn) if e["type"] == "content_block_start"]
        assert blocks_ == [
            {"type": "thinking", "thinking": "", "signature": ""},
            {"type": "text", "text": ""},
            {"type": "tool_use", "id": "call_0", "name": "weather", "input": {}},
            {"type": "tool_use", "id": "call_1", "name": "weather", "input": {}},
        ]

    def test_responses_a_signed_reasoning_keeps_the_id_it_was_opened_with(self):
        """openai-python: RuntimeError "Completed output item identity changed"."""
        events = scenario("responses", "a signature without reasoning")
        ids = [event["item"]["id"] for event in events if "item" in event]
        assert ids[:2] == ["rs_up", "rs_up"]
        late = [e["item"]["id"] for e in scenario("responses", "reasoning and its signature") if "item" in e]
        assert late[:2] == ["rs_0a1B_0", "rs_0a1B_0"]

    def test_gemini_arguments_are_an_object(self):
        """google-genai: ValidationError."""
        for arguments, value in (("[1]", {"input": [1]}), ("12", {"input": 12}), ('{"a":1}', {"a": 1})):
            chunk = payloads("gemini", [*call(0, arguments), end(0, arguments), CALLS_DONE])[0]
            assert chunk["candidates"][0]["content"]["parts"][0]["functionCall"]["args"] == value

    @pytest.mark.parametrize(
        ("signature", "same"),
        [
            ("c2ln", True),
            ("YQ==", True),
            ("YQ", True),
            ("a-_b", True),
            ("a+/b", True),
            ("a-/b", False),
            ("YR==", False),
            ("a", False),
            ("no base64!", False),
            ("c2l\nn", False),
            ("é", False),
            ("\ud800", False),
        ],
    )
    def test_gemini_a_signature_is_base64(self, signature: str, same: bool):
        """google-genai: ValidationError."""
        chunk = payloads("gemini", [ReasoningSignature(signature)])[0]
        written = chunk["candidates"][0]["content"]["parts"][0]["thoughtSignature"]
        assert (written == signature) == same
        if not same:
            assert base64.b64decode(written, validate=True) == signature.encode("utf-8", "surrogatepass")

    def test_cohere_a_cut_call_has_no_end(self):
        """Vercel's AI SDK parses the arguments there, and raises."""
        kinds = [event["type"] for event in scenario("cohere", "length in a call")]
        assert "tool-call-end" not in kinds
        kinds = [event["type"] for event in scenario("cohere", "arguments that are not JSON")]
        assert "tool-call-end" in kinds

    def test_interactions_annotations_have_the_name_that_the_sdk_knows(self):
        """google-genai yields every other name as unknown data."""
        deltas = [event["delta"]["type"] for event in scenario("interactions", "citations") if "delta" in event]
        assert deltas.count("text_annotation_delta") == 3


def test_an_empty_fragment_is_nothing():
    writer = encoder("openai")
    for event in call(0, '{"a":'):
        writer.encode(event)
    assert writer.encode(ToolCallArgs(0, "")) == b""

"""Each dialect's streamed answer as one object."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from sse_events import Parser
from sse_events.chat import Citation, Finish, Logprobs, ReasoningSignature, Token, Usage
from sse_events.chat.anthropic.whole import whole_answer as anthropic
from sse_events.chat.cohere.whole import whole_answer as cohere
from sse_events.chat.gemini.whole import whole_answer as gemini
from sse_events.chat.interactions.whole import whole_answer as interactions
from sse_events.chat.openai.whole import whole_answer as openai
from sse_events.chat.responses.whole import whole_answer as responses
from sse_events.testing import encode_turn, reasoning, text, tool_call, turn

WHOLE: dict[str, Callable[[Any], dict[str, Any]]] = {
    "openai": openai,
    "anthropic": anthropic,
    "responses": responses,
    "gemini": gemini,
    "interactions": interactions,
    "cohere": cohere,
}
USAGE = Usage(100, 50, 40, None, 20, 150)
LOGPROB = {"token": "Hi", "logprob": -0.1, "bytes": None, "top_logprobs": []}


def whole(dialect: str, *steps: Any, **options: Any) -> dict[str, Any]:
    body = encode_turn(dialect, turn(*steps, usage=USAGE, **options), id="r-1", model="m")
    return WHOLE[dialect](event.json() for event in Parser().feed(body) if event.data != "[DONE]")


def agent(dialect: str) -> dict[str, Any]:
    """An answer with reasoning, text and two calls."""
    return whole(
        dialect,
        reasoning("I think", "c2ln"),
        text("Let me look."),
        tool_call("weather", {"city": "Paris", "days": [1, 2]}, id="a"),
        tool_call("now", id="b"),
    )


ARGUMENTS = {"city": "Paris", "days": [1, 2]}


def test_openai() -> None:
    written = agent("openai")
    message = {
        "role": "assistant",
        "content": "Let me look.",
        "refusal": None,
        "reasoning_content": "I think",
        "reasoning_details": [{"type": "reasoning.text", "signature": "c2ln"}],
        "tool_calls": [
            {
                "id": "a",
                "type": "function",
                "function": {"name": "weather", "arguments": json.dumps(ARGUMENTS, separators=(",", ":"))},
            },
            {"id": "b", "type": "function", "function": {"name": "now", "arguments": "{}"}},
        ],
    }
    assert written == {
        "id": "r-1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "tool_calls"}],
        "usage": {
            "prompt_tokens": 100,
            "completion_tokens": 50,
            "total_tokens": 150,
            "prompt_tokens_details": {"cached_tokens": 40},
            "completion_tokens_details": {"reasoning_tokens": 20},
        },
    }


def test_openai_choices_logprobs_and_annotations() -> None:
    said = [
        Token("a"),
        Token("b", 1),
        Logprobs([LOGPROB]),
        Logprobs([LOGPROB]),
        Citation("https://a", "A"),
        Citation("https://b", "B"),
        Finish("length", "length", 1),
    ]
    first, second = whole("openai", said)["choices"]
    assert first["logprobs"] == {"content": [LOGPROB, LOGPROB], "refusal": None}
    assert [note["url_citation"]["url"] for note in first["message"]["annotations"]] == ["https://a", "https://b"]
    assert (second["message"]["content"], second["finish_reason"]) == ("b", "length")


def test_anthropic() -> None:
    written = agent("anthropic")
    assert written["content"] == [
        {"type": "thinking", "thinking": "I think", "signature": "c2ln"},
        {"type": "text", "text": "Let me look."},
        {"type": "tool_use", "id": "a", "name": "weather", "input": ARGUMENTS},
        {"type": "tool_use", "id": "b", "name": "now", "input": {}},
    ]
    assert (written["type"], written["stop_reason"], written["stop_sequence"]) == ("message", "tool_use", None)
    assert (written["usage"]["input_tokens"], written["usage"]["output_tokens"]) == (60, 50)


def test_anthropic_arguments_that_were_cut_are_no_input() -> None:
    written = whole("anthropic", tool_call("weather", '{"city": "Pa'), finish="length")
    assert written["content"][0]["input"] == {}


def test_anthropic_citations() -> None:
    [block] = whole("anthropic", [Token("Hi"), Citation("https://a", "A"), Citation("https://b", "B")])["content"]
    assert [note["url"] for note in block["citations"]] == ["https://a", "https://b"]


def test_responses() -> None:
    written = agent("responses")
    assert [item["type"] for item in written["output"]] == ["reasoning", "message", "function_call", "function_call"]
    assert (written["object"], written["status"], written["usage"]["total_tokens"]) == ("response", "completed", 150)


def test_gemini() -> None:
    written = agent("gemini")
    assert written["candidates"] == [
        {
            "content": {
                "role": "model",
                "parts": [
                    {"text": "I think", "thought": True},
                    {"text": "", "thought": True, "thoughtSignature": "c2ln"},
                    {"text": "Let me look."},
                    {"functionCall": {"name": "weather", "args": ARGUMENTS, "id": "a"}},
                    {"functionCall": {"name": "now", "args": {}, "id": "b"}},
                ],
            },
            "finishReason": "STOP",
            "index": 0,
        }
    ]
    assert (written["modelVersion"], written["responseId"]) == ("m", "r-1")
    assert written["usageMetadata"]["totalTokenCount"] == 150


def test_interactions() -> None:
    written = agent("interactions")
    assert written["steps"] == [
        {"type": "thought", "summary": [{"type": "text", "text": "I think"}], "signature": "c2ln"},
        {"type": "model_output", "content": [{"type": "text", "text": "Let me look."}]},
        {"type": "function_call", "id": "a", "name": "weather", "arguments": ARGUMENTS},
        {"type": "function_call", "id": "b", "name": "now", "arguments": {}},
    ]
    assert (written["object"], written["status"], written["model"]) == ("interaction", "requires_action", "m")
    assert written["usage"]["total_tokens"] == 150


def test_interactions_annotations_and_cut_arguments() -> None:
    said = [Token("Hi"), Citation("https://a", "A"), Citation("https://b", "B")]
    written = whole("interactions", said, tool_call("weather", '{"city": "Pa'), finish="length")
    notes = written["steps"][0]["content"][0]["annotations"]
    assert [note["url"] for note in notes] == ["https://a", "https://b"]
    assert written["steps"][1]["arguments"] == {}


def test_cohere() -> None:
    written = agent("cohere")
    message = written["message"]
    assert message["content"] == [
        {"type": "thinking", "thinking": "I think"},
        {"type": "text", "text": "Let me look."},
    ]
    assert [(call["id"], call["function"]["name"]) for call in message["tool_calls"]] == [
        ("a", "weather"),
        ("b", "now"),
    ]
    assert json.loads(message["tool_calls"][0]["function"]["arguments"]) == ARGUMENTS
    assert (written["id"], written["finish_reason"]) == ("r-1", "TOOL_CALL")
    assert written["usage"]["tokens"]["input_tokens"] == 100


def test_cohere_citations() -> None:
    written = whole("cohere", [Token("Hi"), Citation("https://a", "A", "cited")])
    assert [note["text"] for note in written["message"]["citations"]] == ["cited"]


@pytest.mark.parametrize("dialect", WHOLE)
def test_an_empty_answer(dialect: str) -> None:
    assert whole(dialect)


def test_signatures_of_two_calls_stay_apart() -> None:
    said = [
        *tool_call("a", id="a"),
        ReasoningSignature("c2lnMQ==", call_index=0),
        *tool_call("b", id="b"),
        ReasoningSignature("c2lnMg==", call_index=1),
    ]
    calls = whole("openai", said)["choices"][0]["message"]["tool_calls"]
    signatures = [call["extra_content"]["google"]["thought_signature"] for call in calls]
    assert signatures == ["c2lnMQ==", "c2lnMg=="]

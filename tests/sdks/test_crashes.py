"""What the SDKs cannot read. Each row is a form that gateways write, what the SDK does with it, and our form beside it.

The bad form is written by hand, or is the output of `ChatEncoder` with one thing changed. So each row says why the
encoder writes what it writes. It fails when an SDK has changed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import anthropic
import openai
import pytest
from google.genai import errors

from sse_events.chat import Citation, Finish, ReasoningSignature, StreamEvent, Token
from sse_events.testing import encode_turn
from tests.sdks import test_anthropic, test_cohere, test_google, test_interactions, test_openai, test_responses
from tests.sdks.expected import Read
from tests.sdks.scenarios import SCENARIOS, call, over
from tests.sdks.serve import sync_client


def scenario(name: str) -> list[StreamEvent]:
    return next(scenario.events for scenario in SCENARIOS if scenario.name == name)


def events(*payloads: Any, typed: str = "") -> bytes:
    """A stream of these payloads; `typed` is the key whose value is the event's type too."""
    return b"".join(
        (f"event: {payload[typed]}\n" if typed else "").encode() + b"data: " + json.dumps(payload).encode() + b"\n\n"
        for payload in payloads
    )


def payloads(body: bytes) -> list[Any]:
    lines = [line[6:] for line in body.split(b"\n") if line.startswith(b"data: ") and line != b"data: [DONE]"]
    return [json.loads(line) for line in lines]


def chunk(index: int = 0, finish: str | None = None, **delta: Any) -> dict[str, Any]:
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}


def gemini(*parts: Any, **candidate: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"role": "model", "parts": list(parts)}, "index": 0, **candidate}]}


def tool(index: int, **call: Any) -> dict[str, Any]:
    return {"tool_calls": [{"index": index, **call}]}


FUNCTION = {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}
DETAIL = {"type": "reasoning.text", "signature": "s"}
DONE = b"data: [DONE]\n\n"
ROLE = chunk(role="assistant")
WITH_ID = b'id: 7\ndata: {"id":"c","object":"chat.completion.chunk","created":0,"model":"m","choices":[]}\n\n'
ID_RESPONSES = (
    b'id: 7\nevent: response.created\ndata: {"type":"response.created","sequence_number":0,"response":{}}\n\n'
)
STOP = gemini({"text": "hi"}, finishReason="STOP")


class Crash(NamedTuple):
    """A form that makes an SDK raise."""

    name: str
    read: Callable[[bytes], Read]
    bad: bytes
    raises: type[Exception]
    good: bytes


def written(dialect: str, name: str) -> bytes:
    return encode_turn(dialect, scenario(name))


CRASHES = [
    Crash(
        "the first chunk is of choice 1",
        test_openai.helper,
        events(chunk(1, content="b"), chunk(0, content="a")) + DONE,
        IndexError,
        encode_turn("openai", [Token("b", 1), Token("a"), Finish("stop", "stop", 1), *over()]),
    ),
    Crash(
        "choice 2 comes before choice 1",
        test_openai.helper,
        events(ROLE, chunk(2, content="c"), chunk(1, content="b")) + DONE,
        IndexError,
        encode_turn("openai", [Token("c", 2), Token("b", 1), Token("a"), *over()]),
    ),
    Crash(
        "the first call has index 1",
        test_openai.helper,
        events(ROLE, chunk(**tool(1, **FUNCTION))) + DONE,
        IndexError,
        encode_turn("openai", [*call(1, "b", "g"), *call(0, "a", "f"), *over("tool_calls")]),
    ),
    Crash(
        "a second reasoning detail without index",
        test_openai.helper,
        events(ROLE, chunk(reasoning_details=[DETAIL]), chunk(reasoning_details=[DETAIL])) + DONE,
        RuntimeError,
        written("openai", "two reasonings"),
    ),
    Crash(
        "a second annotation without index",
        test_openai.helper,
        events(ROLE, *[chunk(annotations=[{"type": "url_citation"}])] * 2) + DONE,
        RuntimeError,
        written("openai", "citations"),
    ),
    Crash(
        "a call's signature without function",
        test_openai.helper,
        events(ROLE, chunk(**tool(0, **FUNCTION)), chunk(**tool(0, extra_content={"google": {}}))) + DONE,
        AssertionError,
        written("openai", "signed call"),
    ),
    Crash(
        "a comment after an id line, Chat Completions",
        test_openai.raw,
        WITH_ID + b": keep-alive\n\n" + DONE,
        json.JSONDecodeError,
        events(ROLE) + b": keep-alive\n\n" + DONE,
    ),
    Crash(
        "a comment after an id line, Responses",
        test_responses.raw,
        ID_RESPONSES + b": keep-alive\n\n",
        json.JSONDecodeError,
        b": keep-alive\n\n" + written("responses", "text"),
    ),
    Crash(
        "the id of an item changes",
        test_responses.helper,
        written("responses", "text").replace(b'"id":"msg_', b'"id":"other_', 1),
        RuntimeError,
        written("responses", "text"),
    ),
    Crash(
        "a fragment of arguments that is white space",
        test_anthropic.helper,
        written("anthropic", "two calls").replace(b'"partial_json":"{\\"ci"', b'"partial_json":" "', 1),
        ValueError,
        written("anthropic", "white space before the arguments"),
    ),
    Crash(
        "a comment",
        test_google.models,
        events(STOP) + b": keep-alive\n\n",
        errors.UnknownApiResponseError,
        events(STOP),
    ),
    Crash(
        "an event line",
        test_google.models,
        b"event: message\n" + events(STOP),
        errors.UnknownApiResponseError,
        written("gemini", "text"),
    ),
    Crash("[DONE]", test_google.models, events(STOP) + DONE, errors.UnknownApiResponseError, written("gemini", "text")),
    Crash(
        "no space after data:",
        test_google.models,
        events(STOP).replace(b"data: ", b"data:"),
        errors.UnknownApiResponseError,
        written("gemini", "text"),
    ),
    Crash(
        "args that are a list",
        test_google.models,
        events(gemini({"functionCall": {"name": "f", "args": [1]}}, finishReason="STOP")),
        ValueError,
        encode_turn("gemini", [*call(0, "a", "f", "[1]"), *over("tool_calls")]),
    ),
    Crash(
        "a signature that is not base64",
        test_google.models,
        events(gemini({"text": "", "thought": True, "thoughtSignature": "not base64!"}, finishReason="STOP")),
        ValueError,
        written("gemini", "signature that is not base64"),
    ),
]


@pytest.mark.parametrize("suffix", ["", "_async"], ids=["sync", "async"])
@pytest.mark.parametrize("crash", CRASHES, ids=lambda crash: crash.name)
class TestCrash:
    def reader(self, crash, suffix):
        return getattr(sys.modules[crash.read.__module__], crash.read.__name__ + suffix)

    def test_the_bad_form_crashes(self, crash, suffix):
        with pytest.raises(crash.raises):
            self.reader(crash, suffix)(crash.bad)

    def test_what_is_written_does_not(self, crash, suffix):
        self.reader(crash, suffix)(crash.good)


class TestSilentLoss:
    """Forms that the SDKs accept without an error, although they lose a part."""

    def test_chat_completions_id_and_role_are_joined(self):
        twice = events(ROLE, chunk(**tool(0, **FUNCTION)), chunk(**tool(0, **FUNCTION))) + DONE
        assert test_openai.helper(twice).calls[0].id == "aa"
        assert test_openai.helper(written("openai", "two calls")).calls[0].id == "call_a"

    def test_chat_completions_usage_before_the_finish_is_lost(self):
        usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
        early = {**ROLE, "choices": [], "usage": usage}
        late = events(ROLE, early, {**chunk(0, "stop"), "usage": None}) + DONE
        assert test_openai.helper(late).usage is None
        assert test_openai.helper(written("openai", "text")).usage == (100, 50)

    def test_anthropic_an_event_without_its_line_does_not_exist(self):
        error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
        head, _, _ = written("anthropic", "error").partition(b"event: error")
        assert test_anthropic.raw(head + events(error)).text == "Hel"
        with pytest.raises(anthropic.APIStatusError):
            test_anthropic.raw(head + events(error, typed="type"))

    def test_responses_a_flat_error_is_an_ordinary_event(self):
        flat = {"type": "error", "sequence_number": 0, "code": "server_error", "message": "down", "param": None}
        client = openai.OpenAI(api_key="k", http_client=sync_client(events(flat, typed="type")))
        assert [event.type for event in client.responses.create(model="m", input="", stream=True)] == ["error"]
        with pytest.raises(openai.APIError):
            test_responses.raw(events({**flat, "error": flat}, typed="type"))

    def test_responses_without_output_the_final_response_is_empty(self):
        body = written("responses", "text")
        *head, last = payloads(body)
        last["response"]["output"] = []
        assert test_responses.helper(events(*head, last, typed="type")).text == ""
        assert test_responses.helper(body).text != ""

    def test_gemini_a_chunk_without_content_costs_the_chat_its_turn(self):
        usage_only = {"usageMetadata": {"promptTokenCount": 1}}
        talk = test_google.client(events(gemini({"text": "hi"}), STOP, usage_only)).chats.create(model="m")
        list(talk.send_message_stream("hi"))
        assert talk.get_history(curated=True) == []
        talk = test_google.client(written("gemini", "text")).chats.create(model="m")
        list(talk.send_message_stream("hi"))
        assert len(talk.get_history(curated=True)) > 1

    @pytest.mark.parametrize(
        ("error", "raised"),
        [
            ({"candidates": [], "error": {"code": 529, "message": "down"}}, None),
            ({"error": {"code": "529", "message": "down"}}, TypeError),
            ({"error": {"message": "down"}}, TypeError),
            ({"error": {"code": 529, "message": "down"}}, errors.APIError),
        ],
        ids=["not the first key", "a code that is a string", "no code", "as we write it"],
    )
    def test_gemini_errors(self, error, raised):
        body = b"data: " + json.dumps(error, separators=(",", ":")).encode() + b"\n\n"
        if raised is None:
            test_google.models(body)
        else:
            with pytest.raises(raised):
                test_google.models(body)

    @pytest.mark.parametrize(
        ("read", "dialect"),
        [
            *((read, "openai") for read in (*test_openai.RAW, *test_openai.HELPERS)),
            *((read, "anthropic") for read in test_anthropic.READERS),
            *((read, "gemini") for read in test_google.MODELS),
            *((read, "cohere") for read in test_cohere.READERS),
        ],
    )
    def test_a_silent_end_is_taken_for_success(self, read, dialect):
        """The reason why a truncated answer is written as an error."""
        blocks = written(dialect, "text").split(b"\n\n")
        for kept in range(3, len(blocks) - 1):
            read(b"\n\n".join(blocks[:kept]) + b"\n\n")

    @pytest.mark.parametrize("read", test_responses.HELPERS)
    def test_only_the_helper_of_responses_sees_a_silent_end(self, read):
        blocks = written("responses", "text").split(b"\n\n")
        for kept in range(3, len(blocks) - 1):
            with pytest.raises(RuntimeError, match=r"response\.completed"):
                read(b"\n\n".join(blocks[:kept]) + b"\n\n")

    @pytest.mark.parametrize("read", test_openai.RAW)
    def test_chat_completions_the_text_of_an_error_that_is_a_string_is_lost(self, read):
        with pytest.raises(openai.APIError) as raised:
            read(events(ROLE, {"error": "the disk is full"}))
        assert "the disk is full" not in raised.value.message


def test_interactions_recordings_and_the_sdk_have_other_words_for_annotations():
    """Recorded streams say ``text_annotation``, which the SDK does not know: it yields the delta without its type."""
    good = written("interactions", "citations")
    bad = good.replace(b'"text_annotation_delta"', b'"text_annotation"')
    assert bad != good
    test_interactions.plain(good)
    with pytest.raises(AssertionError):
        test_interactions.plain(bad)


def test_citations_and_signatures_are_written_with_an_index():
    """The good forms above have the fields that avoid the crashes."""
    deltas = [p["choices"][0]["delta"] for p in payloads(written("openai", "citations")) if p["choices"]]
    assert [d["annotations"][0]["index"] for d in deltas if "annotations" in d] == [0, 1, 2]
    assert sum(isinstance(event, Citation) for event in scenario("citations")) == 3
    assert sum(isinstance(event, ReasoningSignature) for event in scenario("two reasonings")) == 2

"""examples/gateway.py, driven as its clients drive it, over fake providers."""

from __future__ import annotations

import asyncio
import importlib.util
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from sse_events.chat import (
    ChatStream,
    Error,
    Message,
    ReasoningSignature,
    StreamEvent,
    ToolCallEnd,
    ToolCallStart,
    collect,
)
from sse_events.testing import FakeProvider, cut, reasoning, text, tool_call, turn

EXAMPLES = Path(__file__).parents[1] / "examples"

_spec = importlib.util.spec_from_file_location("gateway", EXAMPLES / "gateway.py")
assert _spec is not None
assert _spec.loader is not None
gateway = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(gateway)

WEATHER = {"type": "object", "properties": {"city": {"type": "string"}}}
ANTHROPIC = {"model": "claude-x", "max_tokens": 99, "messages": [{"role": "user", "content": "Weather?"}]}
OPENAI = {"model": "gpt-x", "messages": [{"role": "user", "content": "Weather?"}]}
UI = {"messages": [{"role": "user", "parts": [{"type": "text", "text": "Weather?"}]}]}
STREAM = {"stream": True}


def over(*turns: Any) -> tuple[Any, FakeProvider]:
    """A gateway over a fake provider with these turns, and the provider."""
    provider = FakeProvider(turns)
    upstream = httpx.AsyncClient(base_url="http://fake/v1", transport=provider.httpx_transport())
    return gateway.Gateway(upstream), provider


def ask(served: Any, path: str, body: Any) -> httpx.Response:
    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(served.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            return await (client.post(path, json=body) if body is not None else client.get(path))

    return asyncio.run(post())


def read(response: httpx.Response, dialect: Any) -> Message:
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    stream = ChatStream(dialect)
    return collect([*stream.feed(response.content), *stream.close()])


TURN = turn(reasoning("Hm."), text("Let me look."), tool_call("weather", {"city": "Paris"}))


APIS = {"anthropic": ("/v1/messages", ANTHROPIC), "openai": ("/v1/chat/completions", OPENAI)}


@pytest.fixture(params=APIS)
def dialect(request):
    return request.param


@pytest.fixture
def path(dialect):
    return APIS[dialect][0]


@pytest.fixture
def body(dialect):
    return APIS[dialect][1]


class TestBothApis:
    def test_a_stream(self, path, dialect, body):
        served, provider = over(TURN)
        message = read(ask(served, path, {**body, **STREAM}), dialect)
        assert (message.text, message.reasoning, message.model) == ("Let me look.", "Hm.", body["model"])
        assert [(call.name, call.parse(), call.complete) for call in message.tool_calls] == [
            ("weather", {"city": "Paris"}, True)
        ]
        assert provider.requests[0].json["stream_options"] == {"include_usage": True}
        assert served.usage == {"answers": 1, "prompt_tokens": 10, "completion_tokens": 20}

    def test_a_whole_answer(self, path, body):
        served, _ = over(TURN)
        answer = ask(served, path, body).json()
        assert "Let me look." in json.dumps(answer)
        assert answer["model"] == body["model"]
        assert answer["usage"]

    def test_a_refusal_keeps_status_retry_after_and_message(self, path, body):
        served, _ = over(turn(status=429, retry_after=7, error="slow down"))
        response = ask(served, path, {**body, **STREAM})
        assert (response.status_code, response.headers["retry-after"]) == (429, "7")
        assert response.json()["error"] == {"type": "rate_limit_error", "message": "slow down"}

    def test_a_broken_upstream_is_an_error_event(self, path, dialect, body, capsys):
        served, _ = over(turn("Let me", cut()))
        message = read(ask(served, path, {**body, **STREAM}), dialect)
        assert (message.text, message.status) == ("Let me", "error")
        assert "the upstream broke" in capsys.readouterr().out

    def test_a_broken_upstream_is_a_bad_gateway_where_nothing_is_streamed(self, path, body):
        served, _ = over(turn("Let me", cut()))
        response = ask(served, path, body)
        assert response.status_code == 502
        assert "is not complete" in response.json()["error"]["message"]

    def test_an_error_in_mid_stream(self, path, dialect, body):
        failing = turn("Let me", error=Error("provider", "Overloaded", 529))
        served, _ = over(failing, failing)
        assert read(ask(served, path, {**body, **STREAM}), dialect).errors[0].message == "Overloaded"
        assert ask(served, path, body).json()["error"]["message"] == "Overloaded"

    def test_a_payload_that_could_not_be_read_is_no_success(self, path, dialect, body):
        provider = FakeProvider(["Let me", "Let me"])

        def spoil(request: httpx.Request) -> httpx.Response:
            answer = provider.respond("POST", request.url.path, [], request.content)
            return httpx.Response(200, headers=answer.headers, content=b"data: {no JSON\n\n" + answer.body)

        served = gateway.Gateway(httpx.AsyncClient(base_url="http://fake/v1", transport=httpx.MockTransport(spoil)))
        assert read(ask(served, path, {**body, **STREAM}), dialect).status == "error"
        assert ask(served, path, body).status_code == 502

    def test_an_upstream_that_is_not_there(self, path, body):
        def refuse(_: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("refused")

        served = gateway.Gateway(httpx.AsyncClient(base_url="http://no", transport=httpx.MockTransport(refuse)))
        response = ask(served, path, body)
        assert (response.status_code, response.json()["error"]["type"]) == (502, "api_error")


def test_usage_is_sent_only_to_those_who_ask():
    served, _ = over("Hi", "Hi")
    silent = ask(served, "/v1/chat/completions", {**OPENAI, **STREAM}).content
    asked = {**OPENAI, **STREAM, "stream_options": {"include_usage": True}}
    assert b"prompt_tokens" not in silent
    assert b"prompt_tokens" in ask(served, "/v1/chat/completions", asked).content


def test_an_anthropic_request_is_mapped():
    served, provider = over("It rains.")
    ask(
        served,
        "/v1/messages",
        {
            **ANTHROPIC,
            "system": [{"type": "text", "text": "Be brief."}],
            "temperature": 0.5,
            "stop_sequences": ["END"],
            "tools": [{"name": "weather", "description": "The weather.", "input_schema": WEATHER}],
            "tool_choice": {"type": "any"},
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
                {
                    "role": "assistant",
                    "content": [
                        {"type": "thinking", "thinking": "Hm.", "signature": ""},
                        {"type": "text", "text": "Let me look."},
                        {"type": "tool_use", "id": "call_1", "name": "weather", "input": {"city": "Paris"}},
                    ],
                },
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "tool_result",
                            "tool_use_id": "call_1",
                            "content": [{"type": "text", "text": "Rain."}],
                        },
                        {"type": "text", "text": "And tomorrow?"},
                    ],
                },
                {"role": "assistant", "content": "Sun."},
            ],
        },
    )
    sent = provider.requests[0].json
    assert sent["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Weather?"},
        {
            "role": "assistant",
            "content": "Let me look.",
            "reasoning_content": "Hm.",
            "tool_calls": [
                {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Paris"}'}}
            ],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "Rain."},
        {"role": "user", "content": "And tomorrow?"},
        {"role": "assistant", "content": "Sun."},
    ]
    function = {"name": "weather", "description": "The weather.", "parameters": WEATHER}
    assert sent["tools"] == [{"type": "function", "function": function}]
    assert (sent["tool_choice"], sent["max_tokens"], sent["temperature"], sent["stop"]) == (
        "required",
        99,
        0.5,
        ["END"],
    )


@pytest.mark.parametrize(
    ("choice", "mapped"),
    [
        ({"type": "auto"}, "auto"),
        ({"type": "none"}, "none"),
        ({"type": "tool", "name": "weather"}, {"type": "function", "function": {"name": "weather"}}),
    ],
    ids=["auto", "none", "tool"],
)
def test_tool_choice(choice, mapped):
    assert gateway.chat_request({**ANTHROPIC, "tool_choice": choice}, {})["tool_choice"] == mapped


def test_the_signature_of_a_call_comes_back_with_it():
    """Anthropic has no place for it, and Gemini refuses the next request without it."""
    signed = [*tool_call("weather", {"city": "Paris"}, id="call_1"), ReasoningSignature("c2ln", call_index=0)]
    served, provider = over(turn(signed), "It rains.")
    ask(served, "/v1/messages", {**ANTHROPIC, **STREAM})
    used = {"type": "tool_use", "id": "call_1", "name": "weather", "input": {"city": "Paris"}}
    ask(served, "/v1/messages", {**ANTHROPIC, "messages": [{"role": "assistant", "content": [used]}]})
    [call] = provider.requests[1].json["messages"][0]["tool_calls"]
    assert call["extra_content"] == {"google": {"thought_signature": "c2ln"}}


def test_a_call_without_an_id_has_one_for_the_client():
    """The client gets an id that is made up, and the upstream gets the same one for the call and its result."""
    provider = FakeProvider([turn(tool_call("weather", {"city": "Paris"}, id="gone")), "It rains."])

    def without_id(request: httpx.Request) -> httpx.Response:
        answer = provider.respond("POST", request.url.path, [], request.content)
        return httpx.Response(200, headers=answer.headers, content=answer.body.replace(b'"id":"gone",', b""))

    served = gateway.Gateway(httpx.AsyncClient(base_url="http://up/v1", transport=httpx.MockTransport(without_id)))
    message = read(ask(served, "/v1/messages", {**ANTHROPIC, **STREAM}), "anthropic")
    [id] = [call.id for call in message.tool_calls]
    assert id.startswith("toolu_")
    used = {"type": "tool_use", "id": id, "name": "weather", "input": {"city": "Paris"}}
    result = {"type": "tool_result", "tool_use_id": id, "content": "Rain."}
    told = [{"role": "assistant", "content": [used]}, {"role": "user", "content": [result]}]
    ask(served, "/v1/messages", {**ANTHROPIC, "messages": told})
    called, answered = provider.requests[1].json["messages"]
    assert called["tool_calls"][0]["id"] == answered["tool_call_id"] == id


def test_only_so_many_calls_are_kept(monkeypatch):
    monkeypatch.setattr(gateway, "MAX_CALLS", 1)
    served, _ = over(turn(tool_call("a", id="call_1"), tool_call("b", id="call_2")))
    ask(served, "/v1/messages", {**ANTHROPIC, **STREAM})
    assert list(served.calls) == ["call_2"]


def test_the_calls_of_another_choice_are_not_kept():
    other: list[StreamEvent] = [ToolCallStart(0, "call_2", "b", 1), ToolCallEnd(0, "call_2", "b", "{}", True, 1)]
    served, _ = over(turn(tool_call("a", id="call_1"), *other))
    ask(served, "/v1/chat/completions", {**OPENAI, **STREAM})
    assert list(served.calls) == ["call_1"]


def test_the_ui_stream():
    served, provider = over("It rains.")
    response = ask(served, "/api/chat", UI)
    assert response.headers["x-vercel-ai-ui-message-stream"] == "v1"
    lines = [line[6:] for line in response.text.splitlines() if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    chunks = [json.loads(line) for line in lines[:-1]]
    assert "".join(chunk["delta"] for chunk in chunks if chunk["type"] == "text-delta") == "It rains."
    assert provider.requests[0].json["messages"] == [{"role": "user", "content": "Weather?"}]


def test_the_page_and_the_meter():
    served, _ = over()
    assert "<title>A UI message stream</title>" in ask(served, "/", None).text
    assert ask(served, "/usage", None).json() == {}


def test_keep_alives_while_the_upstream_is_silent(monkeypatch):
    """The upstream waits until the client has seen a keep-alive."""
    monkeypatch.setattr(gateway, "KEEP_ALIVE_SECONDS", 0)

    async def read_all() -> list[bytes]:
        seen_one = asyncio.Event()

        async def written():
            yield b"one"
            await seen_one.wait()
            yield b"two"

        seen = []
        async for chunk in gateway.with_keep_alives(written(), "openai"):
            seen.append(chunk)
            if chunk == b": keep-alive\n\n":
                seen_one.set()
        return seen

    seen = asyncio.run(read_all())
    assert [chunk for chunk in seen if chunk != b": keep-alive\n\n"] == [b"one", b"two"]
    assert b": keep-alive\n\n" in seen


def test_offline_it_calls_a_tool_and_then_talks():
    """What the one command of its docstring runs, without the server."""
    served = gateway.Gateway(gateway.offline())
    tools = [{"type": "function", "function": {"name": "weather", "parameters": WEATHER}}]
    first = read(ask(served, "/v1/chat/completions", {**OPENAI, **STREAM, "tools": tools}), "openai")
    assert [call.name for call in first.tool_calls] == ["weather"]
    told = [*OPENAI["messages"], {"role": "tool", "tool_call_id": "x", "content": "Rain."}]
    second = ask(served, "/v1/chat/completions", {**OPENAI, "messages": told}).json()
    assert "You said: Rain." in second["choices"][0]["message"]["content"]

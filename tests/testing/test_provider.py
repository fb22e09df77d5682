"""FakeProvider: what it answers and what it records, without a client."""

from __future__ import annotations

import asyncio
import itertools
import json

import pytest

from sse_events.chat import ChatStream, Error, Token, Usage, collect
from sse_events.testing import FakeProvider, cut, pause, reasoning, text, tool_call, turn
from sse_events.testing.script import Pause

PATHS = {
    "openai": "/v1/chat/completions",
    "anthropic": "/v1/messages",
    "responses": "/v1/responses",
    "gemini": "/v1beta/models/m:streamGenerateContent?alt=sse",
    "interactions": "/v1beta/interactions",
    "cohere": "/v2/chat",
}
ASK = {"model": "m", "stream": True, "stream_options": {"include_usage": True}}


def ask(provider, dialect, **changes):
    path = PATHS[dialect]
    if changes.get("stream") is False:
        path = path.replace("streamGenerateContent?alt=sse", "generateContent")
    headers = [("Authorization", "Bearer k"), ("Content-Type", "application/json")]
    return provider.respond("POST", path, headers, json.dumps({**ASK, **changes}).encode())


def read(answer, dialect):
    stream = ChatStream(dialect)
    return collect([*stream.feed(answer.body), *stream.close()])


@pytest.mark.parametrize("dialect", PATHS)
def test_each_path_streams_its_dialect(dialect):
    provider = FakeProvider([turn(reasoning("Think."), text("It rains."), tool_call("weather", {"city": "Paris"}))])
    answer = ask(provider, dialect)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    message = read(answer, dialect)
    assert (message.text, message.reasoning, message.finish_reason) == ("It rains.", "Think.", "tool_calls")
    [call] = message.tool_calls
    assert (call.id, call.name, call.parse(), call.complete) == ("call_fake-1_0", "weather", {"city": "Paris"}, True)
    assert (message.usage.prompt_tokens, message.usage.completion_tokens) == (10, 20)
    assert message.model == ("" if dialect == "cohere" else "m")
    assert len(answer.chunks) > 4


@pytest.mark.parametrize("dialect", PATHS)
def test_each_path_answers_whole(dialect):
    answer = ask(FakeProvider(["It rains."]), dialect, stream=False)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert "It rains." in json.dumps(json.loads(answer.body))


def test_gemini_without_alt_sse_is_a_json_array():
    provider = FakeProvider(["It rains."])
    answer = provider.respond("POST", "/v1beta/models/m:streamGenerateContent", [], b"{}")
    assert answer.headers["content-type"] == "application/json"
    first, _, last = json.loads(answer.body)
    assert first["candidates"][0]["content"]["parts"] == [{"text": "It"}]
    assert last["candidates"][0]["finishReason"] == "STOP"


def test_requests_are_recorded():
    provider = FakeProvider(["one", "two"])
    ask(provider, "openai", messages=[{"role": "user", "content": "hi"}])
    ask(provider, "gemini")
    first, second = provider.requests
    assert (first.method, first.path, first.dialect, first.model, first.streamed) == (
        "POST",
        "/v1/chat/completions",
        "openai",
        "m",
        True,
    )
    assert first.json["messages"] == [{"role": "user", "content": "hi"}]
    assert first.headers["authorization"] == "Bearer k"
    assert json.loads(first.body) == first.json
    assert (second.dialect, second.model, second.query) == ("gemini", "m", {"alt": "sse"})


@pytest.mark.parametrize(
    "body",
    [b"", b"no JSON", b"[1]", b'{"model": null}', b'{"model": 5, "stream": true}'],
    ids=["empty", "text", "list", "null for the model", "a number for the model"],
)
def test_any_body_is_answered(body):
    provider = FakeProvider(["Hi"])
    assert provider.respond("POST", "/v1/chat/completions", [], body).status == 200
    assert provider.requests[0].model == ""


@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/embeddings"), ("GET", "/v1/messages")])
def test_other_requests_get_404_and_cost_no_turn(method, path):
    provider = FakeProvider(["Hi"])
    answer = provider.respond(method, path, [], b"")
    assert answer.status == 404
    assert f"{method} {path}" in json.loads(answer.body)["error"]["message"]
    assert provider.requests[0].path == path
    assert ask(provider, "openai").status == 200


@pytest.mark.parametrize("dialect", PATHS)
def test_a_request_too_many_is_refused(dialect):
    provider = FakeProvider([])
    answer = ask(provider, dialect)
    assert answer.status == 400
    assert "the script has no turn for request 1" in answer.body.decode()


def test_a_turn_left_over_is_found():
    provider = FakeProvider(["one", "two"])
    ask(provider, "openai")
    with pytest.raises(AssertionError, match=r"after 1 requests a turn is left over: 'two'"):
        provider.assert_all_played()
    provider.assert_all_played()


def test_turns_may_be_strings_events_and_functions():
    provider = FakeProvider(["one", [Token("two")], turn("three"), lambda asked: f"{asked.model} four"])
    assert [read(ask(provider, "openai"), "openai").text for _ in range(4)] == ["one", "two", "three", "m four"]


def test_turns_may_be_endless():
    provider = FakeProvider(itertools.repeat("again"))
    answers = [read(ask(provider, "openai"), "openai") for _ in range(3)]
    assert [answer.text for answer in answers] == ["again"] * 3
    assert [answer.id for answer in answers] == ["fake-1", "fake-2", "fake-3"]


def test_chat_completions_say_the_usage_only_if_asked():
    provider = FakeProvider(itertools.repeat("Hi"))
    silent = read(ask(provider, "openai", stream_options=None), "openai")
    assert silent.usage == Usage()
    assert json.loads(ask(provider, "openai", stream=False, stream_options=None).body)["usage"]["prompt_tokens"] == 10


REFUSALS = [
    ("openai", {"error": {"message": "slow down", "type": "server_error", "param": None, "code": 429}}),
    ("anthropic", {"type": "error", "error": {"type": "rate_limit_error", "message": "slow down"}}),
    ("responses", {"error": {"message": "slow down", "type": "server_error", "param": None, "code": 429}}),
    ("gemini", {"error": {"code": 429, "message": "slow down", "status": "RESOURCE_EXHAUSTED"}}),
    ("interactions", {"error": {"code": 429, "message": "slow down", "status": "TOO_MANY_REQUESTS"}}),
    ("cohere", {"message": "slow down"}),
]


@pytest.mark.parametrize(("dialect", "body"), REFUSALS)
def test_refusals_have_the_dialects_body(dialect, body):
    answer = ask(FakeProvider([turn(status=429, retry_after=3, error="slow down")]), dialect)
    assert (answer.status, answer.headers["retry-after"]) == (429, "3")
    assert json.loads(answer.body) == body


def test_a_refusal_has_a_message_and_may_have_a_code():
    provider = FakeProvider([turn(status=503), turn(status=400, error=Error("provider", "too long", "context_length"))])
    assert json.loads(ask(provider, "openai").body)["error"]["message"] == "Service Unavailable"
    assert json.loads(ask(provider, "openai").body)["error"]["code"] == "context_length"


@pytest.mark.parametrize("dialect", PATHS)
def test_an_error_in_mid_stream(dialect):
    message = read(ask(FakeProvider([turn("Hel", error=Error("provider", "Overloaded", 529))]), dialect), dialect)
    assert (message.text, message.status, message.errors[0].message) == ("Hel", "error", "Overloaded")


@pytest.mark.parametrize(("code", "status"), [(529, 529), (None, 500), ("overloaded", 500), (200, 500)])
def test_an_error_of_an_answer_that_is_not_streamed_is_a_status(code, status):
    provider = FakeProvider([turn("Hel", error=Error("provider", "Overloaded", code))])
    answer = ask(provider, "anthropic", stream=False)
    assert answer.status == status
    assert json.loads(answer.body)["error"]["message"] == "Overloaded"


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
def test_a_cut_at_any_byte(stream):
    whole = ask(FakeProvider(["It rains."]), "openai", stream=stream).body
    for after in range(len(whole)):
        answer = ask(FakeProvider([turn("It rains.", cut_after=after)]), "openai", stream=stream)
        assert answer.body == whole[:after]
        assert answer.broken


def test_a_cut_where_it_stands():
    answer = ask(FakeProvider([turn("one", cut(), "two")]), "openai")
    assert b"one" in answer.body
    assert b"two" not in answer.body
    assert answer.broken
    answer = ask(FakeProvider([turn("one", cut())]), "openai", stream=False)
    assert answer.broken
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(answer.body)


def test_a_silent_cut_breaks_nothing():
    answer = ask(FakeProvider([turn("one", cut(silent=True))]), "openai")
    assert not answer.broken
    assert read(answer, "openai").status == "truncated"


def test_a_cut_keeps_the_pauses_before_it():
    answer = ask(FakeProvider([turn("one", pause(1), "two", pause(2), cut())]), "openai")
    assert [chunk for chunk in answer.chunks if isinstance(chunk, Pause)] == [Pause(1), Pause(2)]


class TestDelays:
    """Delays are taken by the function that the caller gives."""

    def test_between_the_chunks(self):
        slept: list[float] = []
        provider = FakeProvider([turn("one", pause(0.5), " two", delay=2)], sleep=slept.append)
        answer = ask(provider, "openai")
        assert answer.delay == 2
        seen = [(b"two" in chunk, list(slept)) for chunk in provider.send(answer)]
        assert (True, [0.5]) in seen
        assert seen[0] == (False, [])

    def test_in_asynchronous_code(self):
        slept: list[float] = []

        async def asleep(seconds):
            slept.append(seconds)

        async def read_all():
            return [chunk async for chunk in provider.asend(ask(provider, "openai"))]

        provider = FakeProvider([turn("one", pause(0.5), " two")], asleep=asleep)
        assert b"two" in b"".join(asyncio.run(read_all()))
        assert slept == [0.5]

    def test_of_an_answer_that_is_not_streamed(self):
        slept: list[float] = []
        provider = FakeProvider([turn("one", pause(0.5), " two")], sleep=slept.append)
        assert b"one two" in b"".join(provider.send(ask(provider, "openai", stream=False)))
        assert slept == [0.5]


def asgi(app, scope, received):
    """The messages that an application sends."""
    sent = []
    messages = iter(received)

    async def receive():
        return next(messages)

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


def scope(path="/v1/chat/completions", query=b""):
    headers = [(b"authorization", b"Bearer k")]
    return {"type": "http", "method": "POST", "path": path, "query_string": query, "headers": headers}


class TestApplication:
    """The provider is an ASGI application."""

    REQUEST = (
        {"type": "http.request", "body": b'{"model": "m", ', "more_body": True},
        {"type": "http.request", "body": b'"stream": true}'},
    )

    def test_an_answer(self):
        slept: list[float] = []

        async def asleep(seconds):
            slept.append(seconds)

        provider = FakeProvider([turn("It rains.", delay=3)], asleep=asleep)
        start, *bodies = asgi(provider, scope(query=b"a=1"), self.REQUEST)
        assert (start["type"], start["status"]) == ("http.response.start", 200)
        assert (b"content-type", b"text/event-stream; charset=utf-8") in start["headers"]
        stream = ChatStream()
        events = [event for body in bodies for event in stream.feed(body["body"])]
        assert collect(events).text == "It rains."
        assert [body["more_body"] for body in bodies] == [True] * (len(bodies) - 1) + [False]
        assert (provider.requests[0].query, provider.requests[0].headers["authorization"]) == ({"a": "1"}, "Bearer k")
        assert slept == [3]

    def test_a_break_is_an_answer_without_an_end(self):
        *_, last = asgi(FakeProvider([turn("It rains.", cut())]), scope(), self.REQUEST)
        assert last["more_body"]

    def test_lifespan(self):
        received = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
        sent = asgi(FakeProvider([]), {"type": "lifespan"}, received)
        assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.parametrize("dialect", PATHS)
def test_a_status_that_is_not_in_the_standard(dialect):
    answer = ask(FakeProvider([turn(status=529)]), dialect)
    assert answer.status == 529
    assert isinstance(json.loads(answer.body), dict)

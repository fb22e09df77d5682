"""The SDKs, pointed at a FakeProvider: streamed, whole, refused and broken, as a user's own tests do it."""

from __future__ import annotations

import asyncio
from typing import Any

import anthropic
import cohere
import httpx
import httpx2
import openai
import pytest
from google import genai
from google.genai import errors, types

from sse_events.testing import FakeProvider, cut, reasoning, text, tool_call, turn

TURN = turn(reasoning("Hm."), text("It rains."), tool_call("weather", {"city": "Paris"}, id="call_1"))
USER: list[Any] = [{"role": "user", "content": "Weather?"}]


def provider(*turns: Any) -> FakeProvider:
    async def asleep(seconds: float) -> None:
        pass

    return FakeProvider(turns, sleep=lambda _: None, asleep=asleep)


def of_openai(fake: FakeProvider) -> openai.OpenAI:
    return openai.OpenAI(api_key="k", http_client=httpx2.Client(transport=fake.httpx2_transport()))


def of_anthropic(fake: FakeProvider) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key="k", http_client=httpx2.Client(transport=fake.httpx2_transport()))


def of_google(fake: FakeProvider) -> genai.Client:
    client = httpx2.Client(transport=fake.httpx2_transport())
    return genai.Client(api_key="k", http_options=types.HttpOptions(httpx_client=client))


def of_cohere(fake: FakeProvider) -> cohere.ClientV2:
    return cohere.ClientV2(api_key="k", httpx_client=httpx.Client(transport=fake.httpx_transport()))


class TestWhole:
    """Answers that are not streamed."""

    def test_openai(self):
        fake = provider(TURN)
        completion = of_openai(fake).chat.completions.create(model="m", messages=USER)
        [choice] = completion.choices
        assert (choice.message.content, choice.finish_reason) == ("It rains.", "tool_calls")
        [call] = choice.message.tool_calls
        assert (call.id, call.function.name, call.function.arguments) == ("call_1", "weather", '{"city":"Paris"}')
        assert (completion.model, completion.usage.total_tokens) == ("m", 30)
        assert fake.requests[0].json == {"model": "m", "messages": USER}
        assert fake.requests[0].headers["authorization"] == "Bearer k"

    def test_responses(self):
        response = of_openai(provider(TURN)).responses.create(model="m", input="Weather?")
        assert (response.output_text, response.status, response.usage.total_tokens) == ("It rains.", "completed", 30)
        assert response.output[-1].call_id == "call_1"

    def test_anthropic(self):
        message = of_anthropic(provider(TURN)).messages.create(model="m", max_tokens=9, messages=USER)
        assert [block.type for block in message.content] == ["thinking", "text", "tool_use"]
        assert message.content[-1].input == {"city": "Paris"}
        assert (message.stop_reason, message.usage.output_tokens) == ("tool_use", 20)

    def test_google(self):
        answer = of_google(provider(TURN)).models.generate_content(model="m", contents="Weather?")
        assert [part.text for part in answer.candidates[0].content.parts[:2]] == ["Hm.", "It rains."]
        assert answer.function_calls[0].args == {"city": "Paris"}
        assert answer.usage_metadata.total_token_count == 30

    def test_interactions(self):
        answer = of_google(provider(TURN)).interactions.create(model="m", input="Weather?")
        assert [step.type for step in answer.steps] == ["thought", "model_output", "function_call"]
        assert answer.steps[-1].arguments == {"city": "Paris"}
        assert answer.usage.total_tokens == 30

    def test_cohere(self):
        answer = of_cohere(provider(TURN)).chat(model="m", messages=USER)
        assert answer.message.content[-1].text == "It rains."
        assert answer.message.tool_calls[0].function.name == "weather"
        assert (answer.finish_reason, answer.usage.tokens.output_tokens) == ("TOOL_CALL", 20)


class TestStreamed:
    def test_openai(self):
        with of_openai(provider(TURN)).chat.completions.stream(model="m", messages=USER) as stream:
            assert stream.get_final_completion().choices[0].message.content == "It rains."

    def test_openai_async(self):
        async def ask() -> str:
            client = httpx2.AsyncClient(transport=provider(TURN).httpx2_transport())
            stream = await openai.AsyncOpenAI(api_key="k", http_client=client).chat.completions.create(
                model="m", messages=USER, stream=True
            )
            return "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])

        assert asyncio.run(ask()) == "It rains."

    def test_responses(self):
        with of_openai(provider(TURN)).responses.stream(model="m", input="Weather?") as stream:
            assert stream.get_final_response().output_text == "It rains."

    def test_anthropic(self):
        with of_anthropic(provider(TURN)).messages.stream(model="m", max_tokens=9, messages=USER) as stream:
            assert stream.get_final_text() == "It rains."

    def test_google(self):
        chunks = of_google(provider(TURN)).models.generate_content_stream(model="m", contents="Weather?")
        parts = [part for chunk in chunks for part in chunk.candidates[0].content.parts]
        assert "".join(part.text for part in parts if part.text and not part.thought) == "It rains."

    def test_cohere(self):
        events = of_cohere(provider(TURN)).chat_stream(model="m", messages=USER)
        texts = [event.delta.message.content.text or "" for event in events if event.type == "content-delta"]
        assert "".join(texts) == "It rains."


LIMITED = turn(status=429, retry_after=0, error="slow down")


class TestRefused:
    def test_openai_retries_what_it_may(self):
        fake = provider(LIMITED, "It rains.")
        assert of_openai(fake).chat.completions.create(model="m", messages=USER).choices[0].message.content
        assert len(fake.requests) == 2

    def test_openai(self):
        client = of_openai(provider(LIMITED)).with_options(max_retries=0)
        with pytest.raises(openai.RateLimitError, match="slow down") as raised:
            client.chat.completions.create(model="m", messages=USER)
        assert raised.value.response.headers["retry-after"] == "0"

    def test_anthropic(self):
        client = of_anthropic(provider(LIMITED)).with_options(max_retries=0)
        with pytest.raises(anthropic.RateLimitError, match="slow down"):
            client.messages.create(model="m", max_tokens=9, messages=USER)

    def test_google(self):
        with pytest.raises(errors.ClientError, match="slow down") as raised:
            of_google(provider(turn(status=400, error="slow down"))).models.generate_content(model="m", contents="hi")
        assert raised.value.code == 400

    def test_cohere(self):
        with pytest.raises(cohere.BadRequestError, match="slow down"):
            of_cohere(provider(turn(status=400, error="slow down"))).chat(model="m", messages=USER)

    @pytest.mark.parametrize("ask", ["openai", "anthropic"])
    def test_a_request_too_many_is_not_retried(self, ask):
        fake = provider()
        with pytest.raises((openai.BadRequestError, anthropic.BadRequestError), match="no turn for request 1"):
            if ask == "openai":
                of_openai(fake).chat.completions.create(model="m", messages=USER)
            else:
                of_anthropic(fake).messages.create(model="m", max_tokens=9, messages=USER)
        assert len(fake.requests) == 1


class TestBroken:
    def test_openai(self):
        stream = of_openai(provider(turn("It rains.", cut()))).chat.completions.create(
            model="m", messages=USER, stream=True
        )
        with pytest.raises(openai.APIConnectionError):
            list(stream)

    def test_openai_takes_a_silent_cut_for_success(self):
        """An agent has to notice the cut by itself: the finish reason is missing."""
        stream = of_openai(provider(turn("It rains.", cut(silent=True)))).chat.completions.create(
            model="m", messages=USER, stream=True
        )
        assert [chunk.choices[0].finish_reason for chunk in stream][-1] is None

    def test_anthropic_in_mid_stream(self):
        client = of_anthropic(provider(turn("It", error="Overloaded")))
        answer = client.messages.stream(model="m", max_tokens=9, messages=USER)
        with pytest.raises(anthropic.APIStatusError, match="Overloaded"), answer as stream:
            stream.get_final_text()

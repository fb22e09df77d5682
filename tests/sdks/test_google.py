"""google-genai reads Gemini: generate_content_stream, and a chat."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterable
from typing import Any

import pytest
from google import genai
from google.genai import errors, types

from sse_events.testing import encode_turn
from tests.sdks.expected import Call, Read, assert_same, expected
from tests.sdks.scenarios import SCENARIOS, Scenario, name
from tests.sdks.serve import async_client, sync_client


def client(body: bytes) -> genai.Client:
    options = types.HttpOptions(httpx_client=sync_client(body), httpx_async_client=async_client(body))
    return genai.Client(api_key="k", http_options=options)


def fold(chunks: Iterable[types.GenerateContentResponse]) -> Read:
    """What the chunks say of the first candidate."""
    parts: list[Any] = []
    finish = usage = None
    for chunk in chunks:
        candidate = next((candidate for candidate in chunk.candidates or () if not candidate.index), None)
        if candidate is not None:
            parts += candidate.content.parts
            finish = candidate.finish_reason.value if candidate.finish_reason else finish
        usage = chunk.usage_metadata or usage
    return read_parts(parts, finish, usage)


def read_parts(parts: list[Any], finish: str | None, usage: Any) -> Read:
    text = "".join(part.text for part in parts if part.text and not part.thought)
    thinking = "".join(part.text for part in parts if part.text and part.thought)
    # The last call's signature is not the thinking's.
    signed = [part.thought_signature for part in parts if part.thought_signature and not part.function_call]
    calls = [part.function_call for part in parts if part.function_call]
    tokens = None
    if usage is not None and usage.prompt_token_count is not None:
        tokens = (usage.prompt_token_count, usage.candidates_token_count + (usage.thoughts_token_count or 0))
    return Read(
        text,
        "",
        thinking,
        tuple(base64.b64encode(signature).decode() for signature in signed),
        tuple(Call(call.id or "", call.name, call.args) for call in calls),
        finish,
        tokens,
    )


def models(body: bytes) -> Read:
    return fold(client(body).models.generate_content_stream(model="m", contents="hi"))


def models_async(body: bytes) -> Read:
    async def read() -> Read:
        stream = await client(body).aio.models.generate_content_stream(model="m", contents="hi")
        return fold([chunk async for chunk in stream])

    return asyncio.run(read())


def chat(body: bytes) -> Read:
    talk = client(body).chats.create(model="m")
    read = fold(talk.send_message_stream("hi"))
    check_history(talk.get_history(curated=True), read)
    return read


def chat_async(body: bytes) -> Read:
    async def read() -> Read:
        talk = client(body).aio.chats.create(model="m")
        stream = await talk.send_message_stream("hi")
        read = fold([chunk async for chunk in stream])
        check_history(talk.get_history(curated=True), read)
        return read

    return asyncio.run(read())


def check_history(history: list[types.Content], read: Read) -> None:
    """The chat keeps the turn. If one chunk had no content, the chat would drop the whole turn."""
    parts = [part for content in history if content.role == "model" for part in content.parts or ()]
    assert read_parts(parts, read.finish, None)._replace(usage=read.usage) == read


MODELS = [models, models_async]
CHATS = [chat, chat_async]
READERS = [*MODELS, *CHATS]
WHOLE = [scenario for scenario in SCENARIOS if not scenario.fails]


def wanted(scenario: Scenario) -> Read:
    read = expected(scenario, "gemini")
    # A call is not written if its arguments do not parse: Gemini has a special finish reason for that.
    return read._replace(finish="MALFORMED_FUNCTION_CALL") if scenario.malformed else read


@pytest.mark.parametrize("read", MODELS, ids=name)
@pytest.mark.parametrize("scenario", WHOLE, ids=name)
def test_models(scenario, read):
    assert_same(read(encode_turn("gemini", scenario.events)), wanted(scenario))


# A chat takes the first candidate of every chunk for the same answer, whatever its index.
@pytest.mark.parametrize("read", CHATS, ids=name)
@pytest.mark.parametrize("scenario", [s for s in WHOLE if s.name != "three choices"], ids=name)
def test_chats(scenario, read):
    assert_same(read(encode_turn("gemini", scenario.events)), wanted(scenario))


@pytest.mark.parametrize("read", READERS, ids=name)
@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if s.fails], ids=name)
def test_failure_raises(scenario, read):
    with pytest.raises(errors.APIError):
        read(encode_turn("gemini", scenario.events))


def test_error_keeps_message_and_code():
    failed = next(scenario for scenario in SCENARIOS if scenario.name == "error")
    with pytest.raises(errors.APIError, match="Overloaded") as raised:
        models(encode_turn("gemini", failed.events))
    assert raised.value.code == 529

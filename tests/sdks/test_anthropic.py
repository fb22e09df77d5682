"""anthropic-python reads Messages, raw and with its helper."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import anthropic
import pytest

from sse_events.testing import encode_turn
from tests.sdks.expected import Call, Read, arguments, assert_same, expected
from tests.sdks.scenarios import SCENARIOS, name
from tests.sdks.serve import async_client, sync_client

ASK: dict[str, Any] = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}


def fold(events: Iterable[Any]) -> Read:
    """What the events say."""
    blocks: list[dict[str, Any]] = []
    finish = usage = None
    for event in events:
        if event.type == "content_block_start":
            assert event.index == len(blocks)
            blocks.append({**event.content_block.model_dump(), "json": ""})
        elif event.type == "content_block_delta":
            assert event.index == len(blocks) - 1
            block = blocks[-1]
            for key, value in event.delta.model_dump().items():
                if key in ("text", "thinking", "signature"):
                    block[key] += value
                elif key == "partial_json":
                    block["json"] += value
        elif event.type == "message_delta":
            finish = event.delta.stop_reason
            cached = (event.usage.cache_read_input_tokens or 0) + (event.usage.cache_creation_input_tokens or 0)
            usage = (event.usage.input_tokens + cached, event.usage.output_tokens)
    return read_blocks(blocks, finish, usage)


def read_blocks(blocks: list[dict[str, Any]], finish: str | None, usage: tuple[int, int] | None) -> Read:
    text = "".join(block["text"] for block in blocks if block["type"] == "text")
    thinking = "".join(block["thinking"] for block in blocks if block["type"] == "thinking")
    signed = [block.get("signature") or block.get("data") for block in blocks if "thinking" in block["type"]]
    calls = [
        Call(block["id"], block["name"], arguments(block["json"]) if block["json"] else block["input"])
        for block in blocks
        if block["type"] == "tool_use"
    ]
    return Read(text, "", thinking, tuple(filter(None, signed)), tuple(calls), finish, usage)


def final(message: Any) -> Read:
    """What the helper's message holds."""
    blocks = [{**block.model_dump(), "json": ""} for block in message.content]
    cached = (message.usage.cache_read_input_tokens or 0) + (message.usage.cache_creation_input_tokens or 0)
    return read_blocks(blocks, message.stop_reason, (message.usage.input_tokens + cached, message.usage.output_tokens))


def raw(body: bytes) -> Read:
    client = anthropic.Anthropic(api_key="k", http_client=sync_client(body), max_retries=0)
    return fold(client.messages.create(**ASK, stream=True))


def raw_async(body: bytes) -> Read:
    async def read() -> Read:
        client = anthropic.AsyncAnthropic(api_key="k", http_client=async_client(body), max_retries=0)
        stream = await client.messages.create(**ASK, stream=True)
        return fold([event async for event in stream])

    return asyncio.run(read())


def helper(body: bytes) -> Read:
    client = anthropic.Anthropic(api_key="k", http_client=sync_client(body), max_retries=0)
    with client.messages.stream(**ASK) as stream:
        return final(stream.get_final_message())


def helper_async(body: bytes) -> Read:
    async def read() -> Read:
        client = anthropic.AsyncAnthropic(api_key="k", http_client=async_client(body), max_retries=0)
        async with client.messages.stream(**ASK) as stream:
            return final(await stream.get_final_message())

    return asyncio.run(read())


RAW = [raw, raw_async]
HELPERS = [helper, helper_async]
READERS = [*RAW, *HELPERS]
WHOLE = [scenario for scenario in SCENARIOS if not scenario.fails]


@pytest.mark.parametrize("read", RAW, ids=name)
@pytest.mark.parametrize("scenario", WHOLE, ids=name)
def test_raw(scenario, read):
    assert_same(read(encode_turn("anthropic", scenario.events)), expected(scenario, "anthropic"))


# The helper reads arguments that are not JSON as far as they are.
AS_FAR = {"arguments with something after them": {"city": "Paris"}}


@pytest.mark.parametrize("read", HELPERS, ids=name)
@pytest.mark.parametrize("scenario", WHOLE, ids=name)
def test_helper(scenario, read):
    wanted = expected(scenario, "anthropic")
    read_so_far = AS_FAR.get(scenario.name, {})
    calls = tuple(
        call._replace(arguments=read_so_far) if isinstance(call.arguments, str) else call for call in wanted.calls
    )
    assert_same(read(encode_turn("anthropic", scenario.events)), wanted._replace(calls=calls))


@pytest.mark.parametrize("read", READERS, ids=name)
@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if s.fails], ids=name)
def test_failure_raises(scenario, read):
    with pytest.raises(anthropic.APIStatusError):
        read(encode_turn("anthropic", scenario.events))


def test_error_keeps_message_and_type():
    failed = next(scenario for scenario in SCENARIOS if scenario.name == "error")
    with pytest.raises(anthropic.APIStatusError, match="Overloaded") as raised:
        raw(encode_turn("anthropic", failed.events))
    assert raised.value.body["error"]["type"] == "overloaded_error"

"""openai-python reads Responses, raw and with its helper."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import openai
import pytest

from sse_events.testing import encode_turn
from tests.sdks.expected import Call, Read, arguments, assert_same, expected
from tests.sdks.scenarios import SCENARIOS, name
from tests.sdks.serve import async_client, sync_client

ASK: dict[str, Any] = {"model": "m", "input": ""}


def final(response: Any) -> Read:
    """What the final response holds."""
    texts: dict[str, list[str]] = {"output_text": [], "refusal": []}
    summaries: list[str] = []
    signatures: list[str] = []
    calls: list[Call] = []
    for item in response.output:
        if item.type == "message":
            for part in item.content:
                texts[part.type].append(part.refusal if part.type == "refusal" else part.text)
        elif item.type == "reasoning":
            summaries += [part.text for part in item.summary]
            signatures += [item.encrypted_content] if item.encrypted_content else []
        elif item.type == "function_call":
            calls.append(Call(item.call_id, item.name, arguments(item.arguments)))
        else:
            calls.append(Call(item.call_id, item.name, item.input))
    incomplete = response.incomplete_details and response.incomplete_details.reason
    return Read(
        "".join(texts["output_text"]),
        "".join(texts["refusal"]),
        "".join(summaries),
        tuple(signatures),
        tuple(calls),
        incomplete or response.status,
        response.usage and (response.usage.input_tokens, response.usage.output_tokens),
    )


def fold(events: Iterable[Any]) -> Read:
    """What the last event says, once the deltas are seen to say the same."""
    events = list(events)
    assert [event.sequence_number for event in events] == list(range(len(events)))
    read = final(events[-1].response)
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == read.text
    assert "".join(event.delta for event in events if event.type == "response.refusal.delta") == read.refusal
    thinking = [event.delta for event in events if event.type == "response.reasoning_summary_text.delta"]
    assert "".join(thinking) == read.reasoning
    inputs = [
        event.delta
        for event in events
        if event.type in ("response.function_call_arguments.delta", "response.custom_tool_call_input.delta")
    ]
    output = events[-1].response.output
    whole = [
        item.input if item.type == "custom_tool_call" else item.arguments for item in output if "call" in item.type
    ]
    assert "".join(inputs) == "".join(whole)
    return read


def raw(body: bytes) -> Read:
    client = openai.OpenAI(api_key="k", http_client=sync_client(body), max_retries=0)
    return fold(client.responses.create(**ASK, stream=True))


def raw_async(body: bytes) -> Read:
    async def read() -> Read:
        client = openai.AsyncOpenAI(api_key="k", http_client=async_client(body), max_retries=0)
        stream = await client.responses.create(**ASK, stream=True)
        return fold([event async for event in stream])

    return asyncio.run(read())


def strict(body: bytes) -> Read:
    """The raw stream with every event validated against the SDK's types."""
    client = openai.OpenAI(api_key="k", http_client=sync_client(body), max_retries=0, _strict_response_validation=True)
    return fold(client.responses.create(**ASK, stream=True))


def helper(body: bytes) -> Read:
    client = openai.OpenAI(api_key="k", http_client=sync_client(body), max_retries=0)
    with client.responses.stream(**ASK) as stream:
        for _ in stream:
            pass
        return final(stream.get_final_response())


def helper_async(body: bytes) -> Read:
    async def read() -> Read:
        client = openai.AsyncOpenAI(api_key="k", http_client=async_client(body), max_retries=0)
        async with client.responses.stream(**ASK) as stream:
            async for _ in stream:
                pass
            return final(await stream.get_final_response())

    return asyncio.run(read())


RAW = [raw, raw_async, strict]
HELPERS = [helper, helper_async]
WHOLE = [scenario for scenario in SCENARIOS if not scenario.fails]
# `get_final_response` knows `response.completed` only.
INCOMPLETE = {scenario.name for scenario in WHOLE if scenario.message.finish_reason in ("length", "content_filter")}


@pytest.mark.parametrize("read", RAW, ids=name)
@pytest.mark.parametrize("scenario", WHOLE, ids=name)
def test_raw(scenario, read):
    assert_same(read(encode_turn("responses", scenario.events)), expected(scenario, "responses"))


@pytest.mark.parametrize("read", HELPERS, ids=name)
@pytest.mark.parametrize("scenario", [s for s in WHOLE if s.name not in INCOMPLETE], ids=name)
def test_helper(scenario, read):
    assert_same(read(encode_turn("responses", scenario.events)), expected(scenario, "responses"))


@pytest.mark.parametrize("read", HELPERS, ids=name)
@pytest.mark.parametrize("scenario", [s for s in WHOLE if s.name in INCOMPLETE], ids=name)
def test_helper_raises_where_the_answer_was_cut(scenario, read):
    with pytest.raises(RuntimeError, match=r"response\.completed"):
        read(encode_turn("responses", scenario.events))


@pytest.mark.parametrize("read", [raw, raw_async, *HELPERS], ids=name)
@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if s.fails], ids=name)
def test_failure_raises(scenario, read):
    with pytest.raises(openai.APIError):
        read(encode_turn("responses", scenario.events))

"""openai-python reads Chat Completions, raw and with its helper."""

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

ASK: dict[str, Any] = {"model": "m", "messages": []}


def fold(chunks: Iterable[Any]) -> Read:
    """What the chunks say of choice 0."""
    text = refusal = reasoning = ""
    signatures: list[str] = []
    calls: dict[int, list[str]] = {}
    finish = usage = None
    for chunk in chunks:
        usage = chunk.usage or usage
        for choice in chunk.choices:
            if choice.index:
                continue
            delta = choice.delta
            extra = delta.model_extra or {}
            text += delta.content or ""
            refusal += delta.refusal or ""
            reasoning += extra.get("reasoning_content") or ""
            signatures += [detail.get("signature") or detail["data"] for detail in extra.get("reasoning_details", [])]
            for call in delta.tool_calls or ():
                add_call(calls.setdefault(call.index, ["", "", ""]), call)
            finish = choice.finish_reason or finish
    assert sorted(calls) == list(range(len(calls)))
    found = tuple(Call(id, name, arguments(text)) for id, name, text in calls.values())
    tokens = usage and (usage.prompt_tokens, usage.completion_tokens)
    return Read(text, refusal, reasoning, tuple(signatures), found, finish, tokens)


def add_call(known: list[str], call: Any) -> None:
    known[0] += call.id or ""
    if call.function is not None:
        known[1] += call.function.name or ""
        known[2] += call.function.arguments or ""
    else:
        known[1] += call.model_extra["custom"].get("name") or ""
        known[2] += call.model_extra["custom"]["input"]


def final(completion: Any) -> Read:
    """What the helper's completion says of choice 0."""
    choice = completion.choices[0]
    message = choice.message
    extra = message.model_extra or {}
    details = extra.get("reasoning_details", [])
    return Read(
        message.content or "",
        message.refusal or "",
        extra.get("reasoning_content") or "",
        tuple(detail.get("signature") or detail["data"] for detail in details),
        tuple(Call(c.id, c.function.name, arguments(c.function.arguments)) for c in message.tool_calls or ()),
        choice.finish_reason,
        completion.usage and (completion.usage.prompt_tokens, completion.usage.completion_tokens),
    )


def raw(body: bytes) -> Read:
    client = openai.OpenAI(api_key="k", http_client=sync_client(body), max_retries=0)
    return fold(client.chat.completions.create(**ASK, stream=True))


def raw_async(body: bytes) -> Read:
    async def read() -> Read:
        client = openai.AsyncOpenAI(api_key="k", http_client=async_client(body), max_retries=0)
        stream = await client.chat.completions.create(**ASK, stream=True)
        return fold([chunk async for chunk in stream])

    return asyncio.run(read())


def helper(body: bytes) -> Read:
    client = openai.OpenAI(api_key="k", http_client=sync_client(body), max_retries=0)
    with client.chat.completions.stream(**ASK) as stream:
        for _ in stream:
            pass
        return final(stream.get_final_completion())


def helper_async(body: bytes) -> Read:
    async def read() -> Read:
        client = openai.AsyncOpenAI(api_key="k", http_client=async_client(body), max_retries=0)
        async with client.chat.completions.stream(**ASK) as stream:
            async for _ in stream:
                pass
            return final(await stream.get_final_completion())

    return asyncio.run(read())


RAW = [raw, raw_async]
HELPERS = [helper, helper_async]
FAILING = [scenario for scenario in SCENARIOS if scenario.fails]
WHOLE = [scenario for scenario in SCENARIOS if not scenario.fails]
# The helper's own refusals of answers that were cut: LengthFinishReasonError and ContentFilterFinishReasonError.
CUT = {
    "length": openai.LengthFinishReasonError,
    "length in a call": openai.LengthFinishReasonError,
    "length after a call": openai.LengthFinishReasonError,
    "length after a call in two fragments": openai.LengthFinishReasonError,
    "length in the second call": openai.LengthFinishReasonError,
    "content filter": openai.ContentFilterFinishReasonError,
    "three choices": openai.LengthFinishReasonError,
    "custom call": AttributeError,  # the SDK's own fault: parsing expects a function
}


@pytest.mark.parametrize("read", RAW, ids=name)
@pytest.mark.parametrize("scenario", WHOLE, ids=name)
def test_raw(scenario, read):
    assert_same(read(encode_turn("openai", scenario.events)), expected(scenario, "openai"))


@pytest.mark.parametrize("read", HELPERS, ids=name)
@pytest.mark.parametrize("scenario", [s for s in WHOLE if s.name not in CUT], ids=name)
def test_helper(scenario, read):
    assert_same(read(encode_turn("openai", scenario.events)), expected(scenario, "openai"))


@pytest.mark.parametrize("read", HELPERS, ids=name)
@pytest.mark.parametrize("scenario", [s for s in WHOLE if s.name in CUT], ids=name)
def test_helper_raises_where_the_answer_was_cut(scenario, read):
    with pytest.raises(CUT[scenario.name]):
        read(encode_turn("openai", scenario.events))


@pytest.mark.parametrize("read", [*RAW, *HELPERS], ids=name)
@pytest.mark.parametrize("scenario", FAILING, ids=name)
def test_failure_raises(scenario, read):
    with pytest.raises(openai.APIError):
        read(encode_turn("openai", scenario.events))


def test_error_keeps_message_and_code():
    failed = next(scenario for scenario in SCENARIOS if scenario.name == "error first")
    with pytest.raises(openai.APIError, match="no such model") as raised:
        raw(encode_turn("openai", failed.events))
    assert raised.value.code == "model_not_found"

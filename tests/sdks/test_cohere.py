"""cohere-python reads its v2 chat."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import cohere
import httpx
import pytest

from sse_events.testing import encode_turn
from tests.sdks.expected import Call, Read, arguments, assert_same, expected, fails
from tests.sdks.scenarios import SCENARIOS, name
from tests.sdks.serve import async_client, sync_client

ASK: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


def fold(events: Iterable[Any]) -> Read:
    """What the events say."""
    text = thinking = ""
    calls: list[list[str]] = []
    finish = usage = None
    for event in events:
        if event.type == "content-delta":
            content = event.delta.message.content
            text += content.text or ""
            thinking += content.thinking or ""
        elif event.type == "tool-call-start":
            assert event.index == len(calls)
            call = event.delta.message.tool_calls
            calls.append([call.id, call.function.name, ""])
        elif event.type == "tool-call-delta":
            calls[event.index][2] += event.delta.message.tool_calls.function.arguments
        elif event.type == "message-end":
            finish = event.delta.finish_reason
            tokens = event.delta.usage.tokens
            usage = (int(tokens.input_tokens), int(tokens.output_tokens))
    found = tuple(Call(id, name, arguments(text)) for id, name, text in calls)
    return Read(text, "", thinking, (), found, finish, usage)


def plain(body: bytes) -> Read:
    client = cohere.ClientV2(api_key="k", httpx_client=sync_client(body, httpx))
    return fold(client.chat_stream(**ASK))


def plain_async(body: bytes) -> Read:
    async def read() -> Read:
        client = cohere.AsyncClientV2(api_key="k", httpx_client=async_client(body, httpx))
        return fold([event async for event in client.chat_stream(**ASK)])

    return asyncio.run(read())


READERS = [plain, plain_async]


@pytest.mark.parametrize("read", READERS, ids=name)
@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if not fails(s, "cohere")], ids=name)
def test_whole(scenario, read):
    assert_same(read(encode_turn("cohere", scenario.events)), expected(scenario, "cohere"))


@pytest.mark.parametrize("read", READERS, ids=name)
@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if fails(s, "cohere")], ids=name)
def test_failure_is_the_finish_reason(scenario, read):
    """Cohere's stream has no error event, and the SDK raises nothing: the application looks at the finish reason."""
    assert read(encode_turn("cohere", scenario.events)).finish == "ERROR"

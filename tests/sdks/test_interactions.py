"""google-genai reads Interactions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from sse_events.testing import encode_turn
from tests.sdks.expected import Call, Read, arguments, assert_same, expected, fails
from tests.sdks.scenarios import SCENARIOS, name
from tests.sdks.test_google import client

ASK: dict[str, Any] = {"model": "m", "input": "hi"}


def fold(events: Iterable[Any]) -> Read:
    """What the events say."""
    text = thinking = ""
    signatures: list[str] = []
    calls: dict[int, list[str]] = {}
    finish = usage = None
    for event in events:
        assert not type(event).__name__.startswith("Unknown")
        if event.event_type == "step.start":
            step = event.step
            if step.type == "function_call":
                calls[event.index] = [step.id, step.name, ""]
        elif event.event_type == "step.delta":
            delta = event.delta
            assert not type(delta).__name__.startswith("Unknown")
            if delta.type == "text":
                text += delta.text
            elif delta.type == "thought_summary":
                thinking += delta.content.text
            elif delta.type == "thought_signature":
                signatures.append(delta.signature)
            elif delta.type == "arguments_delta":
                calls[event.index][2] += delta.arguments
        elif event.event_type == "interaction.completed":
            finish = event.interaction.status
            tokens = event.interaction.usage
            usage = tokens and (
                tokens.total_input_tokens,
                tokens.total_output_tokens + (tokens.total_thought_tokens or 0),
            )
        elif event.event_type == "error":
            finish = "failed"
    found = tuple(Call(id, name, arguments(text)) for id, name, text in calls.values())
    return Read(text, "", thinking, tuple(signatures), found, finish, usage)


def plain(body: bytes) -> Read:
    return fold(client(body).interactions.create(**ASK, stream=True))


def plain_async(body: bytes) -> Read:
    async def read() -> Read:
        stream = await client(body).aio.interactions.create(**ASK, stream=True)
        return fold([event async for event in stream])

    return asyncio.run(read())


READERS = [plain, plain_async]


@pytest.mark.parametrize("read", READERS, ids=name)
@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if not fails(s, "interactions")], ids=name)
def test_whole(scenario, read):
    assert_same(read(encode_turn("interactions", scenario.events)), expected(scenario, "interactions"))


@pytest.mark.parametrize("read", READERS, ids=name)
@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if fails(s, "interactions")], ids=name)
def test_failure_is_reported(scenario, read):
    """An ``error`` event, which the SDK yields."""
    assert read(encode_turn("interactions", scenario.events)).finish == "failed"

"""No payload, however odd, makes the check fail: every value in every stream is replaced by every kind of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sse_events.cli.check import Check
from tests.cli.check.streams import ANTHROPIC, COHERE, GEMINI, INTERACTIONS, OPENAI, OPENAI_CALLS, RESPONSES

STREAMS = {
    "openai": OPENAI,
    "openai with calls": OPENAI_CALLS,
    "anthropic": ANTHROPIC,
    "responses": RESPONSES,
    "gemini": GEMINI,
    "interactions": INTERACTIONS,
    "cohere": COHERE,
}
ODD: list[Any] = [None, True, 7, 1.5, "text", [], [[]], ["a"], {}, {"a": {}}, [{"a": []}]]


def mutants(value: Any) -> Iterator[Any]:
    """`value` with one of its parts replaced, for each part and each odd value."""
    yield from ODD
    if isinstance(value, dict):
        for name, part in value.items():
            yield from ({**value, name: mutant} for mutant in mutants(part))
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from ([*value[:at], mutant, *value[at + 1 :]] for mutant in mutants(part))


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_odd_values(stream: list[bytes]) -> None:
    for position, part in enumerate(stream):
        head, _, data = part.partition(b"data: ")
        if data.startswith(b"[DONE]"):
            continue
        for mutant in mutants(json.loads(data)):
            check = Check()
            replaced = head + b"data: " + json.dumps(mutant).encode() + b"\n\n"
            check.feed(b"".join([*stream[:position], replaced, *stream[position + 1 :]]))
            check.close()
            check.report.total("error")

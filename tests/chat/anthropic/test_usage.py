"""Anthropic: the counts of tokens."""

from __future__ import annotations

from typing import Any

from sse_events.chat import StreamEvent
from tests.chat.anthropic.payloads import CACHE, START, STOP, Checks, ends, starts, text
from tests.chat.cases import Case, done, sse


def counts(*payloads: Any, raw: dict[str, Any], **usage: Any) -> tuple[bytes, list[StreamEvent]]:
    return sse(*payloads, STOP), [START, done("complete", **usage, raw=raw)]


CASES = [
    Case(
        "the prompt includes what was read from the cache and written to it",
        *counts(
            starts(input_tokens=10, output_tokens=1, **CACHE),
            raw={"input_tokens": 10, "output_tokens": 1, **CACHE},
            prompt_tokens=17,
            completion_tokens=1,
            cached_tokens=5,
            cache_write_tokens=2,
        ),
    ),
    Case(
        "counts are cumulative, so each overwrites the one before",
        *counts(
            starts(input_tokens=10, output_tokens=1, **CACHE),
            ends(None, input_tokens=20, output_tokens=9, cache_read_input_tokens=0),
            ends(None, output_tokens=12),
            raw={
                "input_tokens": 20,
                "output_tokens": 12,
                "cache_read_input_tokens": 0,
                "cache_creation_input_tokens": 2,
            },
            prompt_tokens=22,
            completion_tokens=12,
            cached_tokens=0,
            cache_write_tokens=2,
        ),
    ),
    Case(
        "no prompt without input_tokens",
        *counts(
            starts(**CACHE, output_tokens=3),
            raw={**CACHE, "output_tokens": 3},
            completion_tokens=3,
            cached_tokens=5,
            cache_write_tokens=2,
        ),
    ),
    Case(
        "no cache is no cached tokens",
        *counts(
            starts(input_tokens=10, cache_read_input_tokens=None, cache_creation={"ephemeral_5m_input_tokens": 3}),
            raw={
                "input_tokens": 10,
                "cache_read_input_tokens": None,
                "cache_creation": {"ephemeral_5m_input_tokens": 3},
            },
            prompt_tokens=10,
        ),
    ),
    Case(
        "zeros do not overwrite",
        *counts(
            starts(input_tokens=10, output_tokens=1),
            ends(None, input_tokens=0, output_tokens=0),
            raw={"input_tokens": 10, "output_tokens": 1},
            prompt_tokens=10,
            completion_tokens=1,
        ),
    ),
    Case(
        "thinking tokens, and the iterations of a fallback, which are not added up",
        *counts(
            starts(input_tokens=28),
            ends(
                None,
                input_tokens=28,
                output_tokens=106,
                output_tokens_details={"thinking_tokens": 67},
                iterations=[{"input_tokens": 28, "output_tokens": 50}],
            ),
            raw={
                "input_tokens": 28,
                "output_tokens": 106,
                "output_tokens_details": {"thinking_tokens": 67},
                "iterations": [{"input_tokens": 28, "output_tokens": 50}],
            },
            prompt_tokens=28,
            completion_tokens=106,
            reasoning_tokens=67,
        ),
    ),
    Case(
        "a count is a whole number",
        *counts(
            starts(input_tokens=4.0, output_tokens=True, cache_read_input_tokens=1.5),
            raw={"input_tokens": 4.0, "output_tokens": True, "cache_read_input_tokens": 1.5},
            prompt_tokens=4,
        ),
    ),
    Case(
        "usage on any event",
        *counts(
            starts(),
            {**text(""), "usage": {"input_tokens": 1}},
            {**STOP, "usage": {"output_tokens": 2}},
            raw={"input_tokens": 1, "output_tokens": 2},
            prompt_tokens=1,
            completion_tokens=2,
        ),
    ),
    Case(
        "of two in one event the outer one wins",
        *counts(
            {**starts(input_tokens=1, output_tokens=1), "usage": {"input_tokens": 2}},
            raw={"input_tokens": 2, "output_tokens": 1},
            prompt_tokens=2,
            completion_tokens=1,
        ),
    ),
]


class TestCases(Checks):
    cases = CASES

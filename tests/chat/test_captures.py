"""Recorded streams of real providers, and hand-written edge cases: `pytest --captures DIR`.

The folder holds expected.json and edge_cases.json, which say what every stream must yield. Without the option nothing
of this file is collected (conftest.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from sse_events.chat import ChatStream
from sse_events.chat.events import Done, Reasoning, Refusal, StreamEvent, Token
from tests.chat.chunkings import CHUNKINGS, per_event
from tests.chat.losses import check_cuts_at, check_halved, data_lines, event_borders
from tests.chat.reference import summarize
from tests.chat.summary import check_order, compare, fold
from tests.examples import examples, spread

# Each reads the stream anew, so of a long stream only so many are tried, unless more are asked for (tests/examples.py).
PREFIXES = 10  # compared with the slow reference
CUTS = 20
HALVED = 10


class Capture(NamedTuple):
    name: str
    body: bytes
    payload_only: bool
    expected: dict[str, Any]

    @property
    def framed(self) -> bytes:
        if not self.payload_only:
            return self.body
        return b"".join(b"data: " + line + b"\n\n" for line in self.body.splitlines() if line.strip())


def load(folder: Path) -> list[Capture]:
    recorded = json.loads((folder / "expected.json").read_bytes())
    written = json.loads((folder / "edge_cases.json").read_bytes())
    return [
        *(
            Capture(name, (folder / name).read_bytes(), name.endswith(".payloads.jsonl"), expected)
            for name, expected in recorded.items()
        ),
        *(Capture(name, case["body"].encode(), False, case["expected"]) for name, case in written.items()),
    ]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    captures = load(metafunc.config.getoption("captures"))
    if "recorded" in metafunc.fixturenames:
        captures = [capture for capture in captures if "/" in capture.name]
    fixture = "recorded" if "recorded" in metafunc.fixturenames else "capture"
    if "dialect" in metafunc.fixturenames:
        runs = [
            (capture, dialect)
            for capture in captures
            for dialect in ("auto", capture.expected["dialect"])
            if dialect is not None
        ]
        ids = [f"{capture.name}-{dialect}" for capture, dialect in runs]
        metafunc.parametrize((fixture, "dialect"), runs, ids=ids)
    else:
        metafunc.parametrize(fixture, captures, ids=[capture.name for capture in captures])


def text_of(events: list[StreamEvent]) -> dict[str, str]:
    texts = {"text": "", "reasoning": "", "refusal": ""}
    for event in events:
        if isinstance(event, (Token, Reasoning, Refusal)):
            texts["text" if isinstance(event, Token) else type(event).__name__.lower()] += event.text
    return texts


def test_reference_agrees_with_what_is_expected(capture):
    assert summarize(capture.body, capture.payload_only) == capture.expected


@pytest.mark.parametrize("cut", CHUNKINGS, ids=lambda cut: cut.__name__)
def test_yields_what_is_expected(capture: Capture, dialect: Any, cut: Callable[[bytes], list[bytes]]):
    stream = ChatStream(dialect)
    events = [event for chunk in cut(capture.framed) for event in stream.feed(chunk)] + stream.close()
    check_order(events)
    assert compare(capture.expected, fold(events, stream.dialect)) == []


def test_each_token_comes_from_the_feed_that_completed_its_event(capture, dialect):
    stream = ChatStream(dialect)
    chunks = per_event(capture.framed)
    step = len(chunks) // examples(PREFIXES) + 1
    prefix, events = b"", []
    for number, chunk in enumerate(chunks):
        prefix += chunk
        events += stream.feed(chunk)
        # A last event that no blank line closed is held until close(), so it is not looked at.
        if number % step == 0 and not chunk.splitlines()[-1].strip():
            reached = summarize(prefix)
            assert text_of(events) == {key: reached[key] or "" for key in ("text", "reasoning", "refusal")}
            done = any(isinstance(event, Done) for event in events)
            if reached["status"] in ("finished", "truncated"):
                assert not done
            elif reached["status"] == "complete" and stream.dialect != "gemini":
                assert done


def test_a_cut_is_not_a_proper_end(recorded, dialect):
    body = recorded.framed
    generator = Random(len(body))
    anywhere = [generator.randrange(len(body) + 1) for _ in range(200)]
    check_cuts_at(body, spread(event_borders(body), CUTS) + spread(anywhere, CUTS), dialect)


def test_a_halved_payload_leaves_no_other_call_complete(recorded, dialect):
    body = recorded.framed
    check_halved(body, spread(data_lines(body), HALVED), dialect)

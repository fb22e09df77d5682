"""The rules of single dialects that no faulty stream of the table breaks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sse_events.cli.check.dialects import DialectCheck, dialect_check
from sse_events.cli.check.framing import Framing
from sse_events.cli.check.report import Report
from tests.cli.check.streams import INTERACTIONS, call, changed, openai, typed, without


def rules(dialect: str, stream: bytes) -> list[str]:
    """The rules that `stream` breaks, without asking which dialect it is of."""
    report = Report()
    check: DialectCheck = dialect_check(dialect, report)
    for block in Framing(report, None).feed(stream):
        value: Any = json.loads(block.values[0]) if block.values[0] != b"[DONE]" else None
        if value is not None:
            check.payload(value, block)
    return [finding.rule for finding in report.take()]


CASES = {
    "as it should be": (b"".join(INTERACTIONS), []),
    "other events": (
        b"".join(
            [
                *INTERACTIONS[:1],
                *typed({"event_type": "interaction.status_update"}, {"event_type": "step.news"}, key="event_type"),
            ]
        ),
        [],
    ),
    "no interaction.created": (without(INTERACTIONS, 0), ["no-start"]),
    "interaction.created twice": (without([INTERACTIONS[0], *INTERACTIONS]), ["start-again"]),
    "a delta without a start": (without(INTERACTIONS, 1), ["block-order", "block-order"]),
    "a step that is never stopped": (without(INTERACTIONS, 3), ["block-not-stopped"]),
    "another event field": (changed(INTERACTIONS, b"event: step.stop", b"event: x"), ["wrong-event-name"]),
    "events of other types": (
        changed(INTERACTIONS, b'"step.stop"', b'"step.more"'),
        ["wrong-event-name", "block-not-stopped"],
    ),
}


@pytest.mark.parametrize(("stream", "expected"), CASES.values(), ids=CASES)
def test_interactions(stream: bytes, expected: list[str]) -> None:
    assert rules("interactions", stream) == expected


OPENAI_CASES = {
    "a fragment that equals a broken one": (openai(call(0, "{", "a", "ls")) + openai(call(0, "{")), []),
    "null for arguments": (openai(call(0, None, "a", "ls")), []),
    "no choices": (b'data: {"choices": null}\n\n', []),
    "a continued call without an index": (
        openai(call(None, "{", "a", "ls")) + openai(call(None, "}")),
        ["call-without-index"],
    ),
}


@pytest.mark.parametrize(("stream", "expected"), OPENAI_CASES.values(), ids=OPENAI_CASES)
def test_openai(stream: bytes, expected: list[str]) -> None:
    assert rules("openai", stream) == expected

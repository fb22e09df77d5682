"""The order of the parts of an answer."""

from __future__ import annotations

import pytest

from sse_events.cli.check.blocks import Blocks
from sse_events.cli.check.report import Line, Report

ORDERS = {
    "one after another": ("s0 d0 e0 s1 e1", []),
    "started twice": ("s0 e0 s0", ["part 0 is started a second time", "part 0 is never stopped"]),
    "an index left out": ("s1 e1", ["part 1 comes where 0 was due"]),
    "two at once": ("s0 s1 e0 e1", ["part 1 is started before 0 is stopped"]),
    "a delta of none": ("d0", ["a delta for part 0, which was not started"]),
    "a delta after the stop": ("s0 e0 d0", ["a delta for part 0, which was stopped"]),
    "a stop of none": ("e0", ["the stop of part 0, which was not started"]),
    "stopped twice": ("s0 e0 e0", ["the stop of part 0, which was stopped before"]),
    "never stopped": ("s0", ["part 0 is never stopped"]),
}


def details(blocks: Blocks, report: Report, steps: str) -> list[str]:
    line = Line(1, 0, b"")
    for step in steps.split():
        if step[0] == "s":
            blocks.start(int(step[1]), "kind", line)
        elif step[0] == "d":
            blocks.delta(int(step[1]), line)
        else:
            blocks.stop(int(step[1]), line)
    blocks.end(line)
    return [finding.detail for finding in report.take()]


@pytest.mark.parametrize(("steps", "expected"), ORDERS.values(), ids=ORDERS)
def test_order(steps: str, expected: list[str]) -> None:
    report = Report()
    assert details(Blocks(report, "part"), report, steps) == expected


def test_several_at_once() -> None:
    report = Report()
    assert details(Blocks(report, "part", several=True), report, "s0 s1 d1 d0 e0 e1") == []


def test_not_counted() -> None:
    report = Report()
    assert details(Blocks(report, "part", counted=False), report, "s3 e3") == []


def test_resumed() -> None:
    report = Report()
    blocks = Blocks(report, "part")
    blocks.is_resumed = True
    assert details(blocks, report, "d0 e0 s1 e1 s2") == ["part 2 is never stopped"]

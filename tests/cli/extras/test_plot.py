"""`sse-events plot`: what is drawn, and when nothing can be."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from sse_events.chat import Done, Reasoning, Token, ToolCallStart
from sse_events.cli import recording
from sse_events.cli.plot import Curve, draw
from tests.cli.streams import DONE, FIXTURE, Run, call, chunk
from tests.cli.test_docs import PLOTS, check_output


@pytest.fixture
def recorded(tmp_path: Path) -> str:
    arrivals = [(at / 10, chunk(content="a")) for at in range(10)]
    arrivals += [
        (5.0, chunk(tool_calls=[call(0, "{}", "get_$weather 天气")])),
        (5.1, chunk(finish="tool_calls") + DONE),
    ]
    path = tmp_path / "run.jsonl"
    path.write_bytes(recording.header("") + b"".join(recording.line(at, data) for at, data in arrivals))
    return str(path)


@pytest.mark.parametrize(("name", "magic"), [("a.svg", b"<?xml"), ("a.png", b"\x89PNG"), ("a.pdf", b"%PDF")])
def test_picture(run: Run, recorded: str, tmp_path: Path, name: str, magic: bytes) -> None:
    path = tmp_path / name
    assert run("plot", recorded, "-o", str(path)) == (0, "", f"sse-events: {path}: 11 pieces of output, 1 stall\n")
    assert path.read_bytes().startswith(magic)


def test_json(run: Run, recorded: str, tmp_path: Path) -> None:
    path = str(tmp_path / "a.svg")
    status, out, err = run("plot", "--json", recorded, "-o", path)
    assert (status, err) == (0, "")
    assert json.loads(out) == {
        "picture": path,
        "status": "complete",
        "finish_reason": "tool_calls",
        "pieces": 11,
        "calls": [{"at": 5.0, "after": 10, "name": "get_$weather 天气"}],
        "stalls": [{"at": 0.9, "seconds": 4.1, "after": 10}],
    }
    assert Curve().plain()["status"] is None


def test_cut(run: Run, tmp_path: Path) -> None:
    """The picture is drawn, and the status says that the answer is not whole."""
    path = tmp_path / "run.jsonl"
    path.write_bytes(recording.header("") + recording.line(1.0, chunk(content="a")))
    assert run("plot", str(path), "-o", str(tmp_path / "a.svg"))[0] == 1
    assert b"truncated" in (tmp_path / "a.svg").read_bytes()


@pytest.mark.parametrize("command", PLOTS)
def test_docs(command: str) -> None:
    check_output(command)


def test_curve() -> None:
    curve = Curve()
    for at in range(20):
        curve.add([Token("a"), Reasoning("b")], at / 10)
    curve.add([], 2.0)
    curve.add([ToolCallStart(0, "a", "ls"), Token("c")], 6.0)
    curve.add([Token("d"), Done("complete"), Token("e")], 6.1)
    curve.add([Token("f")], 9.0)
    assert (curve.count, curve.calls) == (42, [(6.0, 40, "ls")])
    assert curve.stalls() == [(1.9, 6.0, 40)]
    assert curve.points[-1] == (6.1, 42)


def test_memory_does_not_grow() -> None:
    curve = Curve()
    for at in range(20_000):
        curve.add([Token("a")], 2.0 * at)
    assert len(curve.points) <= 4097
    assert len(curve.gaps) == 32
    assert curve.points[0] == (0.0, 0)
    assert curve.points[-1] == (39_998.0, 20_000)
    assert curve.points == sorted(curve.points)
    assert curve.stalls() == []


FAILURES = {
    "a file without times": ([str(FIXTURE), "-o", "a.svg"], 1, "the input has no times"),
    "no such format": (["RECORDED", "-o", "a.tar"], 2, "a.tar: not a format of pictures"),
    "no such folder": (["RECORDED", "-o", "none/a.svg"], 2, "none/a.svg: No such file"),
    "no picture": (["RECORDED"], 2, "-o"),
}


@pytest.mark.parametrize(("arguments", "status", "reason"), FAILURES.values(), ids=FAILURES)
def test_failure(
    run: Run,
    recorded: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    status: int,
    reason: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    got, out, err = run("plot", *(recorded if argument == "RECORDED" else argument for argument in arguments))
    assert (got, out) == (status, "")
    assert reason in err.splitlines()[-1]


def test_only_the_first_answer(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes(recording.header("") + recording.line(1.0, chunk(content="a") + DONE + chunk(content="b")))
    assert run("plot", str(path), "-o", str(tmp_path / "a.svg"))[2].endswith("a.svg: 1 pieces of output, 0 stalls\n")


def test_a_curve_that_goes_on() -> None:
    from matplotlib.figure import Figure

    curve = Curve()
    curve.add([Token("a")], 1.0)
    assert draw(Figure, curve).axes[0].get_title(loc="left") == ""


def test_not_a_stream(run: Run, tmp_path: Path) -> None:
    assert run("plot", "-o", str(tmp_path / "a.svg"), stream=b"<html>")[0] == 1


def test_without_the_extra(run: Run, recorded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert run("plot", recorded, "-o", "a.svg") == (
        2,
        "",
        "sse-events: plot needs matplotlib: pip install 'sse_events[plot]'\n",
    )

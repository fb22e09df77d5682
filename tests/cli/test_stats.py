"""`sse-events stats` and `chat --stats`: what they print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sse_events.chat import Done, Token
from sse_events.cli import recording
from sse_events.cli.stats import sparkline, split
from tests.cli.streams import DONE, FIXTURE, Run, chunk

USAGE = {"prompt_tokens": 5, "completion_tokens": 11}


@pytest.fixture
def recorded(tmp_path: Path) -> str:
    arrivals = [
        (0.5, b": hi\n\n"),
        (1.0, chunk(content="a")),
        (3.0, chunk(content="b")),
        (3.5, chunk(usage=USAGE) + DONE),
    ]
    path = tmp_path / "run.jsonl"
    path.write_bytes(recording.header("") + b"".join(recording.line(at, data) for at, data in arrivals))
    return str(path)


REPORT = """\
answer      openai, m
status      complete, no finish reason
tokens      5 prompt tokens
            11 completion tokens
received    438 bytes, 4 chunks, 1 comment
first token 1.00 s
duration    3.50 s
speed       5.0 tokens/s after the first
longest gap 2.00 s, at 1.00 s, after 2 events
            half of the gaps 0.500 s, 99 of 100 2.000 s
over time   ··········█···················█ 0.1 s each
"""


def test_report(run: Run, recorded: str) -> None:
    size = len(b": hi\n\n" + chunk(content="a") + chunk(content="b") + chunk(usage=USAGE) + DONE)
    expected = REPORT.replace("438", str(size))
    status, out, err = run("stats", recorded)
    assert (status, err) == (0, "")
    assert [line.split() for line in out.splitlines()] == [line.split() for line in expected.splitlines()]


def test_chat(run: Run, recorded: str) -> None:
    """The same on standard error, after the last line."""
    status, out, err = run("chat", "--stats", recorded)
    assert (status, out) == (0, "ab\n")
    assert "3.50 s in all\nanswer      openai, m\n" in err
    assert run("stats", recorded)[1] in err


def test_json(run: Run, recorded: str) -> None:
    _, out, err = run("stats", "--json", recorded)
    figures = json.loads(out)
    assert err == ""
    assert (figures["dialect"], figures["time_to_first_token"], figures["tokens_per_second"]) == ("openai", 1.0, 5.0)


def test_file_without_times(run: Run) -> None:
    status, out, err = run("stats", str(FIXTURE))
    assert (status, "first token" in out) == (0, False)
    assert err == "sse-events: the input has no times: `sse-events record` keeps those of a live stream\n"


def test_several_answers(run: Run) -> None:
    """The highest status wins."""
    status, out, _ = run("stats", stream=chunk(content="a") + DONE + chunk(content="b"))
    assert (status, out.count("answer")) == (1, 2)
    assert "truncated" in out


def test_no_output(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes(recording.header("") + recording.line(1.0, DONE))
    assert run("stats", str(path))[1].endswith("14 bytes, 1 chunk, 0 comments\nduration    1.00 s\n")


def test_not_a_stream(run: Run) -> None:
    assert run("stats", stream=b"<html>")[0] == 1


def test_split() -> None:
    token, done = Token("a"), Done("complete")
    assert split([token, done, token]) == [([token, done], done), ([token], None)]
    assert split([]) == []


def test_sparkline() -> None:
    assert sparkline([1, 2, 3, 4, 5, 6, 7, 8, 0]) == "▁▂▃▄▅▆▇█·"
    assert sparkline([1, 1000]) == "▁█"

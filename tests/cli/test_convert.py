"""`sse-events convert`: the answer is the same in every dialect."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sse_events.chat.dialects import DIALECTS
from sse_events.cli.check import Check
from sse_events.cli.source import FileSource
from tests.cli.streams import DONE, FIXTURE, Run, chunk


@pytest.mark.parametrize("dialect", DIALECTS)
def test_round_trip(run: Run, tmp_path: Path, dialect: str) -> None:
    """`diff` finds no difference, and `check` finds no departure from the dialect."""
    status, out, err = run("convert", "--to", dialect, str(FIXTURE))
    assert (status, err) == (0, "")
    (tmp_path / "converted").write_text(out)
    assert run("diff", str(FIXTURE), str(tmp_path / "converted"))[:2] == (0, "")
    check = Check()
    assert [*check.feed(out.encode()), *check.close()] == []
    assert check.dialect == dialect


def test_names(run: Run) -> None:
    _, out, _ = run("convert", "--to", "openai", str(FIXTURE))
    assert '"id":"2026111409301277c1d5e0a94f4b6e"' in out
    assert '"model":"glm-4.6"' in out
    _, out, _ = run("convert", "--to", "openai", "--id", "x1", "--model", "mine", str(FIXTURE))
    assert '"id":"x1"' in out
    assert '"model":"mine"' in out


def test_json(run: Run, tmp_path: Path) -> None:
    (tmp_path / "converted").write_text(run("convert", "--to", "anthropic", str(FIXTURE))[1])
    _, out, _ = run("convert", "--json", "--to", "anthropic", str(FIXTURE))
    assert out == run("events", str(tmp_path / "converted"))[1]


def test_several_answers(run: Run) -> None:
    stream = (chunk(content="a", finish="stop") + DONE) * 2
    _, out, _ = run("convert", "--to", "anthropic", stream=stream)
    assert out.count("event: message_start") == out.count("event: message_stop") == 2


def test_cut(run: Run) -> None:
    """The client gets an error, because it would take a silent end for success."""
    status, out, _ = run("convert", "--to", "anthropic", stream=chunk(content="a"))
    assert (status, "event: error" in out) == (1, True)


def test_error(run: Run) -> None:
    status, _, err = run("convert", "--to", "openai", stream=b'data: {"error": {"message": "down"}}\n\n')
    assert (status, err) == (1, "sse-events: provider error: down\n")


def test_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> Iterator[tuple[float, bytes]]:
        yield 0.0, chunk(content="a")
        raise KeyboardInterrupt

    monkeypatch.setattr(FileSource, "_read", interrupted)
    status, out, err = run("convert", "--to", "openai", str(FIXTURE))
    assert (status, err) == (130, "sse-events: interrupted\n")
    assert '"error"' in out


def test_what_cannot_be_expressed(run: Run) -> None:
    stream = chunk(content="a").replace(b'"index": 0', b'"index": 0, "logprobs": {"content": [{"token": "a"}]}')
    _, _, err = run("convert", "--to", "anthropic", stream=stream + chunk(finish="stop") + DONE)
    assert err == "sse-events: the dialect anthropic cannot express: logprobs\n"


def test_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could steer a terminal is shown."""
    monkeypatch.setattr(os, "isatty", lambda descriptor: descriptor == 1)
    _, out, _ = run("convert", "--to", "openai", stream=chunk(content="a\x9b\u202e") + DONE)
    assert "a\ufffd<U+202E>" in out


@pytest.mark.parametrize("stream", [b"", b"<html>"], ids=["nothing", "HTML"])
def test_not_a_stream(run: Run, stream: bytes) -> None:
    status, out, err = run("convert", "--to", "openai", stream=stream)
    assert (status, out, err.count("\n")) == (1, "", 1)


def test_misuse(run: Run) -> None:
    assert run("convert", str(FIXTURE))[0] == 2
    assert run("convert", "--to", "klingon", str(FIXTURE))[0] == 2

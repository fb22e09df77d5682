"""A table of what goes wrong: one line says what, the exit status says it too, and there is never a traceback."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sse_events.cli.source import FileSource
from tests.cli.streams import COMMAND, DONE, Run, chunk

STREAM = chunk(content="Hi", finish="stop") + b"Data: 1\n\n" + DONE
# Each subcommand that reads one input, and how it is started; INPUT is the input.
READERS = {
    "chat": ["chat", "INPUT"],
    "chat --json": ["chat", "--json", "INPUT"],
    "chat --text": ["chat", "--text", "INPUT"],
    "chat --stats": ["chat", "--stats", "INPUT"],
    "chat --message": ["chat", "--message", "INPUT"],
    "events": ["events", "INPUT"],
    "events --field": ["events", "--field", "id", "INPUT"],
    "check": ["check", "INPUT"],
    "check --json": ["check", "--json", "INPUT"],
    "stats": ["stats", "INPUT"],
    "stats --json": ["stats", "--json", "INPUT"],
    "events --time": ["events", "--time", "INPUT"],
    "record": ["record", "--force", "/dev/null", "INPUT"],
    "record --json": ["record", "--json", "--force", "/dev/null", "INPUT"],
    "replay": ["replay", "INPUT"],
    "replay --json": ["replay", "--json", "INPUT"],
    "convert": ["convert", "--to", "openai", "INPUT"],
    "convert --json": ["convert", "--json", "--to", "openai", "INPUT"],
    "diff": ["diff", "INPUT", "/dev/stdin"],
}
RAW = {"record", "record --json", "replay", "replay --json"}  # these pass on any bytes


def arguments(name: str, source: str) -> list[str]:
    return [source if argument == "INPUT" else argument for argument in READERS[name]]


@pytest.fixture
def stream(tmp_path: Path) -> str:
    (tmp_path / "stream").write_bytes(STREAM)
    return str(tmp_path / "stream")


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("path", ["none", "."], ids=["a missing file", "a folder"])
def test_cannot_be_opened(run: Run, tmp_path: Path, name: str, path: str) -> None:
    status, out, err = run(*arguments(name, str(tmp_path / path)))
    assert (status, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("name", sorted(READERS.keys() - RAW))
@pytest.mark.parametrize("data", [b"", b"<html>", b'{"error": "no"}'], ids=["nothing", "HTML", "a JSON error"])
def test_wrong_input(run: Run, tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / "input").write_bytes(data)
    status, _, err = run(*arguments(name, str(tmp_path / "input")))
    assert (status, err.count("\n")) == (2 if name == "diff" else 1, 1)
    assert "the input is " in err


@pytest.mark.parametrize("name", READERS)
def test_damaged_gzip(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "input").write_bytes(b"\x1f\x8b" + bytes(20))
    status, _, err = run(*arguments(name, str(tmp_path / "input")))
    assert status == (2 if name == "diff" else 1)
    assert "sse-events: the gzip data is damaged" in err


@pytest.mark.parametrize("name", READERS)
def test_missing_extra(run: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def nothing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr("sse_events.cli.web.import_module", nothing)
    status, out, err = run(*arguments(name, "http://127.0.0.1/"))
    assert (status, out) == (2, "")
    assert err == "sse-events: reading a URL needs httpx: pip install 'sse_events[httpx]'\n"


@pytest.mark.parametrize("name", sorted(READERS.keys() - {"diff"}))
def test_full_disk(run: Run, replace: Callable[[int, int], None], stream: str, name: str) -> None:
    replace(1, os.open("/dev/full", os.O_WRONLY))
    status, _, err = run(*arguments(name, stream))
    assert status == 1
    assert err.splitlines()[-1] == "sse-events: cannot write: No space left on device"


@pytest.mark.parametrize("name", sorted(READERS.keys() - {"diff"}))
def test_closed_pipe(run: Run, replace: Callable[[int, int], None], stream: str, name: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    replace(1, writer)
    status, _, err = run(*arguments(name, stream))
    assert status == 141
    assert "Traceback" not in err


@pytest.mark.parametrize("name", READERS)
def test_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch, stream: str, name: str) -> None:
    """The last line says so, after a summary of what arrived."""

    def interrupted(_: object) -> Iterator[tuple[float, bytes]]:
        yield 0.0, STREAM[: -len(DONE)]
        raise KeyboardInterrupt

    monkeypatch.setattr(FileSource, "_read", interrupted)
    status, _, err = run(*arguments(name, stream))
    assert status == 130
    assert err.splitlines()[-1] == "sse-events: interrupted"


SUMMARIES = {"chat": "finished, finish reason stop", "check": "1 event, 1 error", "record": "1 chunk"}


@pytest.mark.parametrize(("name", "summary"), SUMMARIES.items(), ids=SUMMARIES)
def test_summary_when_interrupted(
    run: Run, monkeypatch: pytest.MonkeyPatch, stream: str, name: str, summary: str
) -> None:
    test_interrupted(run, monkeypatch, stream, name)
    _, _, err = run(*arguments(name, stream))
    assert summary in err.splitlines()[-2]


def test_stats_when_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch, stream: str) -> None:
    test_interrupted(run, monkeypatch, stream, "stats")
    assert "status      finished, stop" in run("stats", stream)[1]


@pytest.mark.parametrize("name", ["chat", "events", "check", "stats", "replay"])
def test_as_a_process(name: str, stream: str) -> None:
    """Python adds nothing at exit when the reader has gone."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [*COMMAND, *arguments(name, stream)]
    process = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False, timeout=30)
    os.close(writer)
    assert process.returncode == 141
    assert "Traceback" not in process.stderr
    assert "Exception" not in process.stderr

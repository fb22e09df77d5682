"""The command line: arguments, exit status, and that it prints at once and ends cleanly."""

from __future__ import annotations

import re
import runpy
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from sse_events import __version__
from sse_events.cli.main import COMMANDS, main
from tests.cli.streams import DONE, FIXTURE, Run, chunk

MISUSES = {
    "no command": ([], "COMMAND"),
    "an unknown command": (["tail"], "tail"),
    "an unknown option": (["chat", "--nope"], "--nope"),
    "two forms": (["chat", "--text", "--json"], "not allowed with"),
    "a field with its time": (["events", "--field", "a", "--time"], "without"),
    "no entry": (["events", "--entry", "0"], "--entry"),
    "a limit below zero": (["events", "--max-event-bytes", "-1"], "--max-event-bytes"),
    "an unknown dialect": (["chat", "--dialect", "klingon"], "klingon"),
    "raw payloads as text": (["chat", "--raw"], "need --json"),
    "all choices as text": (["chat", "--all-choices"], "need --json"),
}


class TestMisuse:
    """Arguments that make no sense exit with 2 and a line that says why."""

    @pytest.mark.parametrize(("arguments", "reason"), MISUSES.values(), ids=MISUSES)
    def test_arguments(self, run: Run, arguments: list[str], reason: str) -> None:
        status, out, err = run(*arguments)
        assert (status, out) == (2, "")
        assert reason in err.splitlines()[-1]

    @pytest.mark.parametrize("command", ["", *COMMANDS])
    def test_help_fits_into_forty_columns(self, run: Run, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
        monkeypatch.setenv("COLUMNS", "40")
        status, out, _ = run(*([command] if command else []), "-h")
        assert status == 0
        assert max(map(len, out.splitlines())) <= 40

    def test_help_is_one_screen(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "80")
        assert len(run("-h")[1].splitlines()) <= 24

    def test_version(self, run: Run) -> None:
        assert run("--version") == (0, f"sse-events {__version__}\n", "")

    def test_console_script(self) -> None:
        (script,) = entry_points(group="console_scripts", name="sse-events")
        assert script.load() is main


class TestLive:
    """The command as others run it: what has arrived is shown before the next byte comes."""

    @pytest.mark.parametrize(
        ("arguments", "stream"),
        [
            (["chat"], [chunk(content="one"), chunk(content="two")]),
            (["chat", "--json"], [chunk(content="one"), chunk(content="two")]),
            (["events"], [b"data: one\n\n", b"data: two\n\n"]),
        ],
        ids=["chat", "chat --json", "events"],
    )
    def test_order(
        self, process: Callable[..., subprocess.Popen[bytes]], arguments: list[str], stream: list[bytes]
    ) -> None:
        """Each token is written before the next one is sent: this test would wait for ever otherwise."""
        running = process(*arguments)
        assert running.stdin is not None
        for part, token in zip(stream, (b"one", b"two"), strict=True):
            running.stdin.write(part)
            read_until(running, token)

    def test_done_is_the_end(self, process: Callable[..., subprocess.Popen[bytes]]) -> None:
        """The command ends after [DONE], also if the server keeps the connection open."""
        running = process("chat")
        assert running.stdin is not None
        running.stdin.write(chunk(content="Hi", finish="stop") + DONE)
        assert running.wait(timeout=30) == 0

    def test_interrupt(self, process: Callable[..., subprocess.Popen[bytes]]) -> None:
        running = process("chat")
        assert running.stdin is not None
        running.stdin.write(chunk(content="Hi"))
        read_until(running, b"Hi")
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
        assert out == b"\n"
        assert re.fullmatch(rb"sse-events: truncated, .* in all\nsse-events: interrupted\n", err)
        assert running.returncode == 130

    @pytest.mark.parametrize("arguments", [["chat"], ["chat", "--json"], ["events"]], ids=" ".join)
    def test_head(self, process: Callable[..., subprocess.Popen[bytes]], tmp_path: Path, arguments: list[str]) -> None:
        """``| head -n 1`` ends the command without a word."""
        path = tmp_path / "stream"
        path.write_bytes(chunk(content="line\n") * 10_000 + DONE)
        running = process(*arguments, str(path))
        assert running.stdout is not None
        head = subprocess.run(["head", "-n", "1"], stdin=running.stdout, check=False, capture_output=True, timeout=30)
        running.stdout.close()
        assert head.stdout.count(b"\n") == 1
        assert running.stderr is not None
        assert running.stderr.read() == b""
        assert running.wait(timeout=30) == 141


def read_until(running: subprocess.Popen[bytes], token: bytes) -> None:
    assert running.stdout is not None
    received = b""
    while token not in received:
        part = running.stdout.read(1 << 16)
        assert part, f"the output ended before {token!r}, with {received!r}"
        received += part


@pytest.mark.parametrize(("command", "status"), [("chat", 0), ("events", 0)])
def test_module(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], command: str, status: int):
    """`python -m sse_events` is the same command."""
    monkeypatch.setattr(sys, "argv", ["sse_events", command, str(FIXTURE)])
    with pytest.raises(SystemExit) as exit_:
        runpy.run_module("sse_events", run_name="__main__")
    assert exit_.value.code == status
    assert "Zürich".encode() in capfdbinary.readouterr().out


HEAVY = {
    "asyncio",
    "email",
    "http.server",
    "httpx",
    "importlib.metadata",
    "inspect",
    "matplotlib",
    "rich",
    "ssl",
    "yaml",
}


@pytest.mark.parametrize("command", ["chat", "events", "check"])
def test_start_imports_little(command: str) -> None:
    """What only some uses need is imported when it is needed: the command starts in under 0.1 s."""
    script = (
        "import msgspec, sys; before = set(sys.modules); from sse_events.cli.main import main; "
        f"main([{command!r}, {str(FIXTURE)!r}]); print(*set(sys.modules) - before, file=sys.stderr)"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)
    assert not HEAVY & set(said.stderr.split())

"""Every byte reaches standard output, and none of them controls a terminal."""

from __future__ import annotations

import fcntl
import io
import json
import os
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from typing import Any

import pytest

from sse_events.cli import output
from sse_events.cli.main import main
from sse_events.cli.output import complain, is_styled, json_lines, one_line, shown, wrapped
from tests.cli.streams import COMMAND, DONE, FIXTURE, Run, chunk


class TestJsonLine:
    """JSON lines are safe to show."""

    def test_lone_surrogates_are_escaped(self) -> None:
        assert json_lines([{"a": "\ud83d"}]) == b'{"a": "\\ud83d"}\n'

    def test_controls_are_escaped(self) -> None:
        """JSON lines may end up on a terminal too."""
        line = json_lines(["\x1b\x7f\x85\x9bé\xa0"])
        assert line == '"\\u001b\\u007f\\u0085\\u009bé\xa0"\n'.encode()
        assert json.loads(line) == "\x1b\x7f\x85\x9bé\xa0"


class TestOutput:
    """Every byte reaches standard output, or the command says why not."""

    def test_non_blocking(self, run: Run, replace: Callable[[int, int], None], monkeypatch: pytest.MonkeyPatch) -> None:
        """A standard output that another program left non-blocking is waited for, and nothing is lost."""
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        replace(1, writer)
        received = b""

        def drain(*watched: Any) -> Any:
            nonlocal received
            received += os.read(reader, 1 << 20)
            return select.select(*watched)

        monkeypatch.setattr(output, "select", type("select", (), {"select": staticmethod(drain)}))
        text = "0123456789" * 100_000
        assert run("chat", stream=chunk(content=text) + DONE)[0] == 0
        assert (received + os.read(reader, 1 << 20)).decode() == text + "\n"
        os.close(reader)

    def test_standard_error_may_be_closed(self, run: Run, replace: Callable[[int, int], None]) -> None:
        """The exit status still shows the error."""
        reader, writer = os.pipe()
        os.close(reader)
        replace(2, writer)
        assert run("chat", stream=chunk(content="Hi"))[:2] == (1, "Hi\n")

    def test_standard_output_may_be_full(self) -> None:
        process = subprocess.run(
            ["sh", "-c", 'exec "$@" >/dev/full', "sh", *COMMAND, "events", str(FIXTURE)],
            check=False,
            capture_output=True,
            timeout=30,
        )
        assert process.returncode == 1
        assert process.stderr == b"sse-events: cannot write: No space left on device\n"

    @pytest.mark.parametrize("command", ["chat", "events", "check"])
    def test_a_full_disk(self, run: Run, replace: Callable[[int, int], None], command: str) -> None:
        replace(1, os.open("/dev/full", os.O_WRONLY))
        stream = chunk(content="Hi") + b"Data: 1\n\n"
        assert run(command, stream=stream)[::2] == (1, "sse-events: cannot write: No space left on device\n")

    def test_standard_output_may_be_closed(self) -> None:
        process = subprocess.run(
            ["sh", "-c", 'exec "$@" >&-', "sh", *COMMAND, "events", str(FIXTURE)],
            check=False,
            capture_output=True,
            timeout=30,
        )
        assert (process.returncode, process.stderr) == (1, b"sse-events: cannot write: Bad file descriptor\n")

    def test_utf_8_whatever_the_locale(self) -> None:
        environment = os.environ | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
        process = subprocess.run(
            [*COMMAND, "chat", str(FIXTURE)], check=False, capture_output=True, env=environment, timeout=30
        )
        assert "Zürich 🌦".encode() in process.stdout

    def test_help_into_a_closed_pipe(self, monkeypatch: pytest.MonkeyPatch) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        with io.TextIOWrapper(io.FileIO(writer, "w")) as stdout:
            monkeypatch.setattr(sys, "stdout", stdout)
            assert main(["--help"]) == 141
            # As at exit, when Python flushes once more: nowhere, by now.
            stdout.write("anything")
            stdout.flush()

    def test_help_without_standard_output(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdout", None)
        with pytest.raises(SystemExit) as exit_:
            main(["--version"])
        assert exit_.value.code == 0


SHOWN = {
    "a tab and a line feed stay": ("a\tb\n", "a\tb\n"),
    "C0 controls": ("\x1b[2J\x00", "\u241b[2J\u2400"),
    "DEL and C1 controls": ("\x7f\x9b", "\u2421\ufffd"),
    "a change of direction": ("abc\u202edef\u2066", "abc<U+202E>def<U+2066>"),
    "right-to-left text and joined emoji stay": ("שלום 👩\u200d🚀", "שלום 👩\u200d🚀"),
}


@pytest.mark.parametrize(("text", "result"), SHOWN.values(), ids=SHOWN)
def test_shown(text: str, result: str) -> None:
    assert shown(text) == result


def test_one_line() -> None:
    assert one_line(" a\n b\x1b ") == "a b\u241b"


def test_directions_are_escaped_in_json() -> None:
    assert json_lines(["a\u202e\u2069\u2028"]) == b'"a\\u202e\\u2069\xe2\x80\xa8"\n'


STYLES = {
    "a terminal": ({"TERM": "xterm"}, True),
    "NO_COLOR": ({"TERM": "xterm", "NO_COLOR": "1"}, False),
    "an empty NO_COLOR": ({"TERM": "xterm", "NO_COLOR": ""}, True),
    "a dumb terminal": ({"TERM": "dumb"}, False),
}


@pytest.mark.parametrize(("environment", "styled"), STYLES.values(), ids=STYLES)
def test_is_styled(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], styled: bool) -> None:
    monkeypatch.setattr(os, "isatty", lambda descriptor: descriptor == 1)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert is_styled(1) is styled
    assert not is_styled(2)


def test_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines for a terminal break at words; elsewhere a line stays a line."""
    monkeypatch.setattr(os, "isatty", lambda descriptor: descriptor == 2)
    monkeypatch.setenv("COLUMNS", "30")
    text = "some words that do not fit into one line"
    assert wrapped(text, 1) == text
    assert wrapped(text, 2) == "some words that do not fit\n  into one line"


@pytest.mark.parametrize(("columns", "lines"), [(30, 2), (60, 1), (0, 1)])
def test_wrapped_to_its_own_terminal(monkeypatch: pytest.MonkeyPatch, columns: int, lines: int) -> None:
    """Standard output may be elsewhere. A terminal of no width does not know it."""
    monkeypatch.delenv("COLUMNS", raising=False)
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 10, columns, 0, 0))
    assert wrapped("some words that do not fit into one line", slave).count("\n") == lines - 1
    os.close(master)
    os.close(slave)


def test_wrapped_without_a_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """What calls itself a terminal may have no width to ask for."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(os, "isatty", lambda _: True)
    assert wrapped("word " * 17, -1).count("\n") == 1


def test_colour(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(os, "isatty", lambda descriptor: descriptor == 2)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    complain("down", "red")
    assert capfd.readouterr().err == "\x1b[31msse-events: down\x1b[39m\n"

"""Where bytes come from."""

from __future__ import annotations

import gzip
import json
import os
import re
import select
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sse_events.cli import source
from tests.cli.streams import DONE, Run, chunk


class TestInput:
    """Bytes come from FILE, or from standard input."""

    @pytest.mark.parametrize("arguments", [["chat"], ["chat", "-"]], ids=["by default", "for -"])
    def test_standard_input(self, run: Run, stdin: Callable[[bytes], None], arguments: list[str]) -> None:
        """Of a pipe the closing line also says when the first token came and how long it took in all."""
        stdin(chunk(content="Hi") + DONE)
        status, out, err = run(*arguments)
        assert (status, out) == (0, "Hi\n")
        assert re.search(r", first token after \d+\.\d\d s, \d+\.\d\d s in all\n$", err)

    def test_no_first_token(self, run: Run, stdin: Callable[[bytes], None]) -> None:
        stdin(DONE)
        assert re.search(r"no usage, \d+\.\d\d s in all\n$", run("chat")[2])

    def test_non_blocking(self, run: Run, replace: Callable[[int, int], None], monkeypatch: pytest.MonkeyPatch) -> None:
        """A standard input that another program left non-blocking is waited for, not taken for its end."""
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        replace(0, reader)
        waited = []

        def arrive(*watched: Any) -> Any:
            waited.append(watched)
            os.write(writer, b"data: x\n\n")
            os.close(writer)
            return select.select(*watched)

        monkeypatch.setattr(source, "select", type("select", (), {"select": staticmethod(arrive)}))
        status, out, _ = run("events")
        assert (status, json.loads(out)["data"]) == (0, "x")
        assert len(waited) == 1

    def test_interrupted_while_waiting(
        self, run: Run, replace: Callable[[int, int], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        replace(0, reader)
        interrupt = staticmethod(lambda *_: signal.raise_signal(signal.SIGINT))
        monkeypatch.setattr(source, "select", type("select", (), {"select": interrupt}))
        assert run("events") == (130, "", "sse-events: interrupted\n")
        os.close(writer)

    def test_read_error(self, run: Run, replace: Callable[[int, int], None]) -> None:
        """What came before is written, and the error is named."""
        replace(0, os.open(os.devnull, os.O_WRONLY))
        status, out, err = run("chat")
        assert (status, out) == (1, "")
        assert err.endswith("sse-events: -: Bad file descriptor\n")

    @pytest.mark.parametrize("command", ["chat", "events"])
    @pytest.mark.parametrize(
        ("name", "reason"), [("missing", "No such file or directory"), (".", "Is a directory")], ids=["missing", "dir"]
    )
    def test_cannot_be_opened(self, run: Run, tmp_path: Path, command: str, name: str, reason: str) -> None:
        path = str(tmp_path / name)
        assert run(command, path) == (2, "", f"sse-events: {path}: {reason}\n")

    def test_name_that_is_not_utf_8(self, run: Run) -> None:
        assert run("chat", "\udcff") == (2, "", "sse-events: \\udcff: No such file or directory\n")

    def test_terminal(self, run: Run, replace: Callable[[int, int], None]) -> None:
        """If the command is started without a file, it says what it waits for."""
        terminal, side = os.openpty()
        replace(0, side)
        os.write(terminal, b"data: x\n\n\x04")
        status, _, err = run("events")
        assert (status, err) == (0, "sse-events: reading from the terminal: end with Ctrl-D, or name a FILE\n")
        os.close(terminal)

    def test_gzip(self, run: Run) -> None:
        """A gzip file may have several members, as `cat a.gz b.gz` makes it."""
        stream = gzip.compress(b"data: 1\n\n") + gzip.compress(b"data: 2\n\n")
        assert run("events", "--field", "", stream=stream)[0] == 0
        assert [json.loads(line)["data"] for line in run("events", stream=stream)[1].splitlines()] == ["1", "2"]

    def test_a_pipe_that_stays_open(self, run: Run, replace: Callable[[int, int], None]) -> None:
        """After a whole answer the command waits a moment for another one, and no longer."""
        reader, writer = os.pipe()
        replace(0, reader)
        os.write(writer, chunk(content="Hi") + DONE)
        assert run("chat", "--text") == (0, "Hi\n", "")
        os.close(writer)

    def test_an_answer_that_began_is_waited_for(
        self, replace: Callable[[int, int], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Silence is an end only between two answers."""
        reader, writer = os.pipe()
        replace(0, reader)
        os.write(writer, b"data: x\n\n")
        monkeypatch.setattr(source, "select", None)
        with closing(source.FileSource("-")) as pipe:
            pipe.stop_when_silent(True)
            pipe.stop_when_silent(False)
            assert next(iter(pipe)) == b"data: x\n\n"
        os.close(writer)

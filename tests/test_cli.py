"""The command: what it prints and exits with, and that it prints at once and ends cleanly."""

from __future__ import annotations

import io
import json
import os
import re
import runpy
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Any

import pytest

from sse_events import cli
from sse_events.cli import main

FIXTURE = Path(__file__).parent / "data" / "chat-zai.sse"
COMMAND = [sys.executable, "-m", "sse_events"]
DONE = b"data: [DONE]\n\n"
NO_USAGE = "? prompt tokens, ? completion tokens"


def chunk(*, finish: str | None = None, usage: dict[str, Any] | None = None, index: int = 0, **delta: Any) -> bytes:
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    payload = {"id": "c1", "object": "chat.completion.chunk", "model": "m", "choices": [choice], "usage": usage}
    return b"data: " + json.dumps(payload).encode() + b"\n\n"


def call(index: int, arguments: str, name: str | None = None) -> dict[str, Any]:
    function = {"arguments": arguments} | ({} if name is None else {"name": name})
    return {"index": index, "function": function} | ({} if name is None else {"id": f"call_{index}"})


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """A shell starts what runs in the background with SIGINT ignored, and what we start would inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Run:
    """The command in this process: its exit status, standard output and standard error, given a file's bytes."""

    def run(*arguments: str, stream: bytes | None = None) -> tuple[int, str, str]:
        if stream is not None:
            (tmp_path / "stream").write_bytes(stream)
            arguments = (*arguments, str(tmp_path / "stream"))
        try:
            status = main(arguments)
        except SystemExit as exit_:
            assert isinstance(exit_.code, int)
            status = exit_.code
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return run


@pytest.fixture
def replace() -> Iterator[Callable[[int, int], None]]:
    """Puts one descriptor in the place of another until the test is over."""
    saved: list[tuple[int, int]] = []

    def replace(standard: int, descriptor: int) -> None:
        saved.append((standard, os.dup(standard)))
        os.dup2(descriptor, standard)
        os.close(descriptor)

    yield replace
    for standard, copy in saved:
        os.dup2(copy, standard)
        os.close(copy)


@pytest.fixture
def stdin(replace: Callable[[int, int], None]) -> Callable[[bytes], None]:
    """Makes bytes the standard input: a pipe that holds them and ends."""

    def stdin(data: bytes) -> None:
        reader, writer = os.pipe()
        os.write(writer, data)
        os.close(writer)
        replace(0, reader)

    return stdin


TRANSCRIPTS = {
    "text alone stands bare, with a line feed at its end": (
        chunk(content="Hel") + chunk(content="lo ✓") + chunk(finish="stop") + DONE,
        0,
        "Hello ✓\n",
        f"sse-events: complete, finish reason stop, {NO_USAGE}\n",
    ),
    "text that ends with a line feed gets no second one": (
        chunk(content="Hello\n") + DONE,
        0,
        "Hello\n",
        f"sse-events: complete, no finish reason, {NO_USAGE}\n",
    ),
    "reasoning stands apart from the text after it": (
        chunk(reasoning_content="Well") + chunk(reasoning_content=" then.") + chunk(content="Hi") + DONE,
        0,
        "--- reasoning ---\nWell then.\n\n--- text ---\nHi\n",
        f"sse-events: complete, no finish reason, {NO_USAGE}\n",
    ),
    "a refusal stands apart": (
        chunk(refusal="I won't") + DONE,
        0,
        "--- refusal ---\nI won't\n",
        f"sse-events: complete, no finish reason, {NO_USAGE}\n",
    ),
    "tool calls stand apart, also where they alternate": (
        chunk(content="Look:")
        + chunk(tool_calls=[call(0, "", "ls")])
        + chunk(tool_calls=[call(1, '{"n":', "head\n--- text ---")])
        + chunk(tool_calls=[call(0, '{"p":1}')])
        + chunk(tool_calls=[call(1, "2}")])
        + chunk(finish="tool_calls")
        + DONE,
        0,
        (
            "Look:\n\n--- tool call 0: ls ---\n"
            '\n--- tool call 1: head --- text --- ---\n{"n":\n'
            '\n--- tool call 0: ls ---\n{"p":1}\n'
            "\n--- tool call 1: head --- text --- ---\n2}\n"
        ),
        f"sse-events: complete, finish reason tool_calls, {NO_USAGE}\n",
    ),
    "a tool call that is cut is said to be incomplete": (
        chunk(tool_calls=[call(0, '{"p"', "rm")]) + chunk(finish="length") + DONE,
        0,
        '--- tool call 0: rm ---\n{"p"\n\n--- tool call 0: rm is incomplete ---\n',
        f"sse-events: complete, finish reason length, {NO_USAGE}\n",
    ),
    "usage is counted in the closing line": (
        chunk(content="Hi")
        + chunk(
            finish="stop",
            usage={
                "prompt_tokens": 12,
                "completion_tokens": 5,
                "prompt_tokens_details": {"cached_tokens": 8},
                "completion_tokens_details": {"reasoning_tokens": 3},
            },
        )
        + DONE,
        0,
        "Hi\n",
        ("sse-events: complete, finish reason stop, 12 prompt tokens (8 cached), 5 completion tokens (3 reasoning)\n"),
    ),
    "a finish reason without [DONE] is an end all the same": (
        chunk(content="Hi", finish="stop"),
        0,
        "Hi\n",
        f"sse-events: finished, finish reason stop, {NO_USAGE}\n",
    ),
    "a stream that just stops is truncated": (
        chunk(content="Hi, I"),
        1,
        "Hi, I\n",
        f"sse-events: truncated, no finish reason, {NO_USAGE}\n",
    ),
    "a provider's error is shown with its code, on one line": (
        chunk(content="Hi") + b'data: {"error": {"message": "Overloaded\\ntry later", "code": 529}}\n\n' + DONE,
        1,
        "Hi\n",
        (f"sse-events: provider error: Overloaded try later (529)\nsse-events: error, no finish reason, {NO_USAGE}\n"),
    ),
    "a lone surrogate is no crash": (
        b'data: {"object": "chat.completion.chunk", "choices": [{"delta": {"content": "a\\ud83d!"}}]}\n\n' + DONE,
        0,
        "a\N{REPLACEMENT CHARACTER}!\n",
        f"sse-events: complete, no finish reason, {NO_USAGE}\n",
    ),
    "no other choice is mixed in": (
        chunk(content="Hi") + chunk(content="Ho", index=1) + DONE,
        0,
        "Hi\n",
        f"sse-events: complete, no finish reason, {NO_USAGE}\n",
    ),
}


class TestChat:
    """`sse-events chat` prints text as it is and sets the rest apart."""

    @pytest.mark.parametrize(("stream", "status", "out", "err"), TRANSCRIPTS.values(), ids=TRANSCRIPTS)
    def test_file(self, run: Run, stream: bytes, status: int, out: str, err: str) -> None:
        assert run("chat", stream=stream) == (status, out, err)

    def test_malformed_json_is_reported_and_the_stream_goes_on(self, run: Run) -> None:
        status, out, err = run("chat", stream=chunk(content="a") + b"data: {oops\n\n" + chunk(content="b") + DONE)
        assert (status, out) == (0, "ab\n")
        assert err.startswith("sse-events: malformed json error: ")
        assert err.count("\n") == 2

    def test_what_is_no_event_stream_is_an_error(self, run: Run) -> None:
        status, out, err = run("chat", stream=b'{"error": {"message": "bad key"}}')
        assert (status, out) == (1, "")
        assert "not sse error" in err
        assert "bad key" in err

    def test_fixture(self, run: Run) -> None:
        """The stream of the README's first command shows all that the command sets apart."""
        status, out, err = run("chat", str(FIXTURE))
        assert status == 0
        assert out == (
            "--- reasoning ---\n"
            "The user wants to know whether to take a coat in Zürich.\nI need the weather there.\n"
            "\n--- text ---\nLet me look up the weather in Zürich 🌦.\n"
            '\n--- tool call 0: get_weather ---\n{"city": "Zürich", "unit": "celsius"}\n'
        )
        assert err == (
            "sse-events: complete, finish reason tool_calls, "
            "182 prompt tokens (128 cached), 57 completion tokens (21 reasoning)\n"
        )


ON_A_TERMINAL = {
    "reasoning and headings are dim": (
        chunk(reasoning_content="Hm.") + chunk(content="Hi"),
        "\x1b[2m--- reasoning ---\n\x1b[22m\x1b[2mHm.\x1b[22m\n\n\x1b[2m--- text ---\n\x1b[22mHi\n",
    ),
    "control characters are shown, not obeyed": (
        chunk(content="a\tb\n\x1b]0;owned\x07\r\x7f\x9b2J"),
        "a\tb\n␛]0;owned␇␍␡\N{REPLACEMENT CHARACTER}2J\n",
    ),
}


class TestTerminal:
    """On a terminal what is no answer is dim, and a provider cannot steer it."""

    @pytest.mark.parametrize(("stream", "out"), ON_A_TERMINAL.values(), ids=ON_A_TERMINAL)
    def test_output(self, run: Run, monkeypatch: pytest.MonkeyPatch, stream: bytes, out: str) -> None:
        monkeypatch.setattr(os, "isatty", lambda descriptor: descriptor == 1)
        assert run("chat", stream=stream)[1] == out

    def test_an_error_starts_on_a_line_of_its_own(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "isatty", lambda descriptor: descriptor == 1)
        stream = chunk(content="a") + b"data: {oops\n\n" + chunk(content="b") + DONE
        assert run("chat", stream=stream)[1] == "a\nb\n"

    def test_controls_pass_unchanged_into_a_pipe(self, run: Run) -> None:
        """A file or another program gets what the provider sent."""
        assert run("chat", stream=chunk(content="\x1b[1mbold\r\n"))[1] == "\x1b[1mbold\r\n"

    def test_controls_never_stand_in_headings_and_messages(self, run: Run) -> None:
        stream = chunk(tool_calls=[call(0, "", "x\x1b[2Jy")]) + b'data: {"error": "a\\u001b[2Jb"}\n\n'
        _, out, err = run("chat", stream=stream)
        assert "\x1b" not in out + err
        assert "x␛[2Jy" in out
        assert "a␛[2Jb" in err

    def test_pseudo_terminal(self) -> None:
        """A real terminal is recognised as one."""
        terminal, side = os.openpty()
        process = subprocess.Popen([*COMMAND, "chat", str(FIXTURE)], stdout=side, stderr=subprocess.PIPE)
        os.close(side)
        assert os.read(terminal, 64).startswith(b"\x1b[2m--- reasoning ---")
        process.communicate(timeout=30)
        os.close(terminal)


class TestChatJson:
    """`sse-events chat --json` writes each StreamEvent as one JSON line."""

    def test_lines(self, run: Run) -> None:
        status, out, err = run("chat", "--json", stream=chunk(content="Hi\n") + chunk(finish="stop") + DONE)
        assert (status, err) == (0, "")
        lines = [json.loads(line) for line in out.split("\n")[:-1]]
        assert [line["type"] for line in lines] == ["start", "token", "finish", "done"]
        assert lines[1] == {"type": "token", "text": "Hi\n", "choice": 0}

    @pytest.mark.parametrize(
        ("stream", "status"), [(chunk(content="x"), 1), (chunk(content="x", finish="stop"), 0)], ids=["cut", "whole"]
    )
    def test_status(self, run: Run, stream: bytes, status: int) -> None:
        assert run("chat", "--json", stream=stream)[0] == status

    def test_all_choices(self, run: Run) -> None:
        _, out, _ = run("chat", "--json", "--all-choices", stream=chunk(content="Ho", index=1) + DONE)
        assert '"text":"Ho","choice":1' in out

    def test_raw(self, run: Run) -> None:
        _, out, _ = run("chat", "--json", "--raw", stream=chunk(content="Hi") + DONE)
        assert [line["data"]["id"] for line in map(json.loads, out.splitlines()) if line["type"] == "raw"] == ["c1"]

    def test_dialect(self, run: Run) -> None:
        """A named dialect is not guessed at: what is of another one is an error."""
        stream = b'data: {"type": "message_start", "message": {"id": "m"}}\n\n'
        status, out, _ = run("chat", "--json", "--dialect", "openai", stream=stream)
        assert status == 1
        assert "unknown_dialect" in out

    def test_lone_surrogates_are_escaped(self) -> None:
        assert cli._json_line({"a": "\ud83d"}) == b'{"a": "\\ud83d"}\n'

    def test_controls_are_escaped(self) -> None:
        """JSON lines may end up on a terminal too."""
        line = cli._json_line("\x1b\x7f\x85\x9bé\xa0")
        assert line == '"\\u001b\\u007f\\u0085\\u009bé\xa0"\n'.encode()
        assert json.loads(line) == "\x1b\x7f\x85\x9bé\xa0"


class TestEvents:
    """`sse-events events` writes each Event as one JSON line."""

    STREAM = b": hello\nevent: e\nid: 1\nretry: 5\ndata: a\ndata: b\n\nerror: {}\n\ndata: \xc3\xa9\n\ndata: lost\n"
    EVENTS = (
        '{"data":"a\\nb","event":"e","id":"1","retry":5}',
        '{"data":"é","event":"message","id":"1","retry":null}',
    )

    def test_lines(self, run: Run) -> None:
        assert run("events", stream=self.STREAM) == (0, "\n".join(self.EVENTS) + "\n", "")

    def test_comments(self, run: Run) -> None:
        """Comments and unknown fields come in wire order, each in a shape of its own."""
        first, second = self.EVENTS
        lines = ['{"comment":"hello"}', first, '{"field":"error","value":"{}"}', second]
        assert run("events", "--comments", stream=self.STREAM) == (0, "\n".join(lines) + "\n", "")

    def test_too_large(self, run: Run) -> None:
        """What was complete before the limit is written, then one line says what happened."""
        stream = b"data: a\n\ndata: " + b"x" * (16 * 1024 * 1024 + 1)
        status, out, err = run("events", stream=stream)
        assert (status, json.loads(out)["data"]) == (1, "a")
        assert re.fullmatch(r"sse-events: .*max_event_bytes.*\n", err)


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
        assert re.search(r"completion tokens, \d+\.\d\d s in all\n$", run("chat")[2])

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

        monkeypatch.setattr(cli, "select", type("select", (), {"select": staticmethod(arrive)}))
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
        monkeypatch.setattr(cli, "select", type("select", (), {"select": interrupt}))
        assert run("events") == (130, "", "sse-events: interrupted\n")
        os.close(writer)

    def test_read_error(self, run: Run, replace: Callable[[int, int], None]) -> None:
        """What came before is written, and the error is named."""
        replace(0, os.open(os.devnull, os.O_WRONLY))
        status, out, err = run("chat")
        assert (status, out) == (1, "")
        assert err.endswith("sse-events: Bad file descriptor\n")

    @pytest.mark.parametrize("command", ["chat", "events"])
    @pytest.mark.parametrize(
        ("name", "reason"), [("missing", "No such file or directory"), (".", "Is a directory")], ids=["missing", "dir"]
    )
    def test_cannot_be_opened(self, run: Run, tmp_path: Path, command: str, name: str, reason: str) -> None:
        path = str(tmp_path / name)
        assert run(command, path) == (2, "", f"sse-events: {path}: {reason}\n")

    def test_name_that_is_not_utf_8(self, run: Run) -> None:
        assert run("chat", "\udcff") == (2, "", "sse-events: \\udcff: No such file or directory\n")


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

        monkeypatch.setattr(cli, "select", type("select", (), {"select": staticmethod(drain)}))
        text = "0123456789" * 100_000
        assert run("chat", stream=chunk(content=text) + DONE)[0] == 0
        assert (received + os.read(reader, 1 << 20)).decode() == text + "\n"
        os.close(reader)

    def test_standard_error_may_be_closed(self, run: Run, replace: Callable[[int, int], None]) -> None:
        """The exit status still tells."""
        reader, writer = os.pipe()
        os.close(reader)
        replace(2, writer)
        assert run("chat", stream=chunk(content="Hi"))[:2] == (1, "Hi\n")

    def test_standard_output_may_be_closed(self) -> None:
        process = subprocess.run(
            ["sh", "-c", 'exec "$@" >&-', "sh", *COMMAND, "events", str(FIXTURE)],
            check=False,
            capture_output=True,
            timeout=30,
        )
        assert (process.returncode, process.stderr) == (1, b"sse-events: Bad file descriptor\n")

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


MISUSES = {
    "no command": ([], "COMMAND"),
    "an unknown command": (["tail"], "tail"),
    "an unknown option": (["chat", "--nope"], "--nope"),
    "two files": (["events", "a", "b"], "b"),
    "an unknown dialect": (["chat", "--dialect", "klingon"], "klingon"),
    "raw payloads as text": (["chat", "--raw"], "need --json"),
    "all choices as text": (["chat", "--all-choices"], "need --json"),
}


class TestMisuse:
    """What makes no sense exits with 2 and a line that says why."""

    @pytest.mark.parametrize(("arguments", "reason"), MISUSES.values(), ids=MISUSES)
    def test_arguments(self, run: Run, arguments: list[str], reason: str) -> None:
        status, out, err = run(*arguments)
        assert (status, out) == (2, "")
        assert reason in err.splitlines()[-1]

    def test_version(self, run: Run) -> None:
        assert run("--version") == (0, f"sse-events {version('sse_events')}\n", "")

    def test_console_script(self) -> None:
        (script,) = entry_points(group="console_scripts", name="sse-events")
        assert script.load() is main


class TestLive:
    """The command as others run it: what has arrived is shown before the next byte comes."""

    @pytest.fixture
    def process(self) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
        processes: list[subprocess.Popen[bytes]] = []

        def process(*arguments: str) -> subprocess.Popen[bytes]:
            pipe = subprocess.PIPE
            processes.append(subprocess.Popen([*COMMAND, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0))
            return processes[-1]

        yield process
        for each in processes:
            each.kill()
            each.communicate()

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
        """A connection that the server keeps open after [DONE] keeps nobody waiting."""
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
        assert running.communicate(timeout=30) == (b"\n", b"sse-events: interrupted\n")
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

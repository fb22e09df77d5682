"""`sse-events chat`: what it prints and exits with."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sse_events.chat import ChatStream, Done, Token
from tests.cli.streams import COMMAND, DONE, FIXTURE, NO_USAGE, Run, call, chunk

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
        "Well then.\n\nHi\n",
        f"--- reasoning ---\n--- text ---\nsse-events: complete, no finish reason, {NO_USAGE}\n",
    ),
    "a refusal stands apart": (
        chunk(refusal="I won't") + DONE,
        0,
        "I won't\n",
        f"--- refusal ---\nsse-events: complete, no finish reason, {NO_USAGE}\n",
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
        'Look:\n\n\n{"n":\n\n{"p":1}\n\n2}\n',
        (
            "--- tool call 0: ls ---\n"
            "--- tool call 1: head --- text --- ---\n"
            "--- tool call 0: ls ---\n"
            "--- tool call 1: head --- text --- ---\n"
            f"sse-events: complete, finish reason tool_calls, {NO_USAGE}\n"
        ),
    ),
    "a tool call that is cut is said to be incomplete": (
        chunk(tool_calls=[call(0, '{"p"', "rm")]) + chunk(finish="length") + DONE,
        0,
        '{"p"\n',
        (
            "--- tool call 0: rm ---\n--- tool call 0: rm is incomplete ---\n"
            f"sse-events: complete, finish reason length, {NO_USAGE}\n"
        ),
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
    "no other choice is mixed in, but a hint says that there is one": (
        chunk(content="Hi") + chunk(content="Ho", index=1) + DONE,
        0,
        "Hi\n",
        (
            f"sse-events: complete, no finish reason, {NO_USAGE}\n"
            "sse-events: the answer has other choices: show one with --choice 1\n"
        ),
    ),
}


class TestChat:
    """`sse-events chat` prints text as it is and sets the rest apart."""

    @pytest.mark.parametrize(("stream", "status", "out", "err"), TRANSCRIPTS.values(), ids=TRANSCRIPTS)
    def test_file(self, run: Run, stream: bytes, status: int, out: str, err: str) -> None:
        assert run("chat", stream=stream) == (status, out, err)

    def test_malformed_json_is_reported_and_the_stream_goes_on(self, run: Run) -> None:
        _status, out, err = run("chat", stream=chunk(content="a") + b"data: {oops\n\n" + chunk(content="b") + DONE)
        assert out == "ab\n"
        assert err.startswith("sse-events: malformed json error: ")
        assert err.endswith(f"sse-events: complete, 1 payload could not be read, no finish reason, {NO_USAGE}\n")
        assert err.count("\n") == 2

    def test_the_status_is_that_of_done(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """An answer is not a success if one of its payloads could not be read."""
        damaged = [Token("Hi"), Done("complete", malformed=2)]
        monkeypatch.setattr(ChatStream, "feed_event", lambda *_: damaged)
        status, out, err = run("chat", "--dialect", "openai", stream=DONE)
        assert (status, out) == (1, "Hi\n")
        assert err == f"sse-events: complete, 2 payloads could not be read, no finish reason, {NO_USAGE}\n"

    def test_fixture(self, run: Run) -> None:
        """The stream of the README's first command shows all that the command sets apart."""
        assert run("chat", str(FIXTURE)) == (
            0,
            (
                "The user wants to know whether to take a coat in Zürich.\nI need the weather there.\n"
                "\nLet me look up the weather in Zürich 🌦.\n"
                '\n{"city": "Zürich", "unit": "celsius"}\n'
            ),
            (
                "--- reasoning ---\n--- text ---\n--- tool call 0: get_weather ---\n"
                "sse-events: complete, finish reason tool_calls, "
                "182 prompt tokens (128 cached), 57 completion tokens (21 reasoning)\n"
            ),
        )

    def test_thinking_tags(self, run: Run) -> None:
        stream = chunk(content="<think>Hm</think>Hi") + DONE
        assert run("chat", "--thinking-tags", "<think>", "</think>", "--text", stream=stream)[1] == "Hi\n"
        assert run("chat", "--text", stream=stream)[1] == "<think>Hm</think>Hi\n"

    def test_choice(self, run: Run) -> None:
        stream = chunk(content="Hi") + chunk(content="Ho", index=1) + DONE
        status, out, err = run("chat", "--choice", "1", stream=stream)
        assert (status, out) == (0, "Ho\n")
        assert err.endswith("show one with --choice 0\n")


FIRST, SECOND = chunk(content="one", finish="stop") + DONE, chunk(content="two", finish="stop") + DONE


NO_ANSWER = {
    "comments and blank data": b": ping\n\ndata:\n\n",
    "a second [DONE]": b"data: [DONE]\n\n",
    "an unknown field": b"x: 1\n\nerror:\n\n",
}


class TestSeveralAnswers:
    """Each answer of a stream and of each file is shown, and has its own last line."""

    def test_in_one_stream(self, run: Run) -> None:
        status, out, err = run("chat", stream=FIRST + SECOND)
        assert (status, out) == (0, "one\ntwo\n")
        assert err.count("sse-events: complete") == 2

    @pytest.mark.parametrize("tail", NO_ANSWER.values(), ids=NO_ANSWER)
    def test_what_begins_none(self, run: Run, tail: bytes) -> None:
        assert run("chat", "--text", stream=FIRST + tail) == (0, "one\n", "")

    def test_an_error_field_begins_one(self, run: Run) -> None:
        assert run("chat", "--text", stream=FIRST + b"error: down\n\n")[0] == 1

    def test_what_is_too_large_begins_none(self, run: Run) -> None:
        assert run("chat", "--text", "--max-event-bytes", "1K", stream=FIRST + b"data: " + b"x" * 99_999)[0] == 0

    def test_in_a_pipe(self, run: Run, stdin: Callable[[bytes], None]) -> None:
        stdin(FIRST + SECOND)
        assert run("chat", "--text")[:2] == (0, "one\ntwo\n")

    def test_in_several_files(self, run: Run, tmp_path: Path) -> None:
        """The highest status wins, and one bad file does not hide the others."""
        (tmp_path / "a").write_bytes(FIRST)
        status, out, err = run("chat", str(tmp_path / "a"), str(tmp_path / "none"), str(FIXTURE), "--text")
        assert status == 2
        assert out == "one\nLet me look up the weather in Zürich 🌦.\n"
        assert f"==> {tmp_path / 'a'} <==\n" in err
        assert f"{tmp_path / 'none'}: No such file" in err

    def test_as_json(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(FIRST)
        status, out, err = run("chat", str(tmp_path / "a"), "--json", stream=SECOND)
        assert (status, err) == (0, "")
        assert [json.loads(line)["type"] for line in out.splitlines()] == ["start", "token", "finish", "done"] * 2

    def test_one_that_fails(self, run: Run) -> None:
        assert run("chat", "--text", stream=chunk(content="cut") + DONE + chunk(content="two"))[:2] == (1, "cut\ntwo\n")


class TestText:
    """`--text` writes the visible text, and what went wrong to standard error."""

    def test_whole(self, run: Run) -> None:
        assert run("chat", "--text", str(FIXTURE)) == (0, "Let me look up the weather in Zürich 🌦.\n", "")

    def test_refusal(self, run: Run) -> None:
        assert run("chat", "--text", stream=chunk(refusal="No.\n") + DONE) == (0, "No.\n", "")

    def test_cut(self, run: Run) -> None:
        stream = chunk(content="Hi") + b'data: {"error": "down"}\n\n'
        status, out, err = run("chat", "--text", stream=stream)
        assert (status, out) == (1, "Hi\n")
        assert err.startswith("sse-events: provider error: down\nsse-events: error, ")


class TestMessage:
    """`--message` writes each answer as one JSON object."""

    def test_fixture(self, run: Run) -> None:
        status, out, err = run("chat", "--message", str(FIXTURE))
        assert (status, err) == (0, "")
        message = json.loads(out)
        assert message["text"] == "Let me look up the weather in Zürich 🌦."
        assert message["tool_calls"][0]["name"] == "get_weather"
        assert (message["status"], message["ok"], message["usage"]["prompt_tokens"]) == ("complete", True, 182)

    def test_several(self, run: Run) -> None:
        _, out, _ = run("chat", "--message", stream=FIRST + SECOND)
        assert [json.loads(line)["text"] for line in out.splitlines()] == ["one", "two"]

    def test_cut(self, run: Run) -> None:
        status, out, _ = run("chat", "--message", stream=chunk(content="Hi"))
        assert (status, json.loads(out)["ok"]) == (1, False)


NOT_A_CHAT_STREAM = {
    "a JSON error": (b'{"error": {"message": "bad key"}}', "a JSON error, not an event stream: bad key"),
    "nothing": (b"", "the input is empty"),
    "an HTML page": (b"<!doctype html><html><title>Log in</title>", "an HTML page (Log in)"),
    "plain SSE of text": (b"data: hello\n\n", "try `sse-events events "),
    "plain SSE of JSON": (b'data: {"temperature": 20}\n\n', "try `sse-events events "),
    "comments only": (b": ping\n\n", "try `sse-events events "),
    "an event that is too large": (b"data: " + b"x" * 200_000, "max_event_bytes"),
}


class TestNotAChatStream:
    """If the input is not a chat stream, the message says what it is, and the status is 1, in every form of output."""

    @pytest.mark.parametrize("form", [[], ["--json"], ["--text"], ["--message"]], ids=str)
    @pytest.mark.parametrize(("stream", "reason"), NOT_A_CHAT_STREAM.values(), ids=NOT_A_CHAT_STREAM)
    def test_reason(self, run: Run, stream: bytes, reason: str, form: list[str]) -> None:
        status, out, err = run("chat", *form, "--max-event-bytes", "100k", stream=stream)
        assert status == 1
        assert reason in err + out


ON_A_TERMINAL = {
    "reasoning and headings are dim": (
        chunk(reasoning_content="Hm.") + chunk(content="Hi"),
        "\x1b[2m--- reasoning ---\x1b[22m\n\x1b[2mHm.\x1b[22m\n\n\x1b[2m--- text ---\x1b[22m\nHi\n",
    ),
    "control characters are shown, not obeyed": (
        chunk(content="a\tb\n\x1b]0;owned\x07\r\x7f\x9b2J"),
        "a\tb\n␛]0;owned␇␍␡\N{REPLACEMENT CHARACTER}2J\n",
    ),
}


class TestTerminal:
    """On a terminal everything except the answer is dim, and a provider cannot control the terminal."""

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
        assert "x␛[2Jy" in err
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
        """A named dialect is not detected: payloads of another one are an error."""
        stream = b'data: {"type": "message_start", "message": {"id": "m"}}\n\n'
        status, out, _ = run("chat", "--json", "--dialect", "openai", stream=stream)
        assert status == 1
        assert "unknown_dialect" in out

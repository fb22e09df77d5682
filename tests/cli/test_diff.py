"""`sse-events diff`: what counts as a difference, and what does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.streams import DONE, FIXTURE, Run, call, chunk

USAGE = {"prompt_tokens": 1, "completion_tokens": 2}
A = chunk(content="Hello") + chunk(tool_calls=[call(0, '{"a": 1, "b": 2}', "ls")]) + chunk(finish="tool_calls") + DONE
SAME = {
    "itself": A,
    "other chunks, another order of members": chunk(content="Hel")
    + chunk(content="lo", tool_calls=[call(0, '{"b":2,', "ls")])
    + chunk(tool_calls=[call(0, '"a":1}')], finish="tool_calls")
    + DONE,
}
DIFFERENT: dict[str, tuple[bytes, list[tuple[str, Any, Any]]]] = {
    "another text": (A.replace(b"Hello", b"Hallo"), [("text", "Hello", "Hallo")]),
    "another tool": (A.replace(b'"ls"', b'"rm"'), [("tool_calls.0.name", "ls", "rm")]),
    "other arguments": (A.replace(b"1,", b"3,"), [("tool_calls.0.arguments", {"a": 1, "b": 2}, {"a": 3, "b": 2})]),
    "no call": (
        chunk(content="Hello") + chunk(finish="stop") + DONE,
        [("tool_calls.0", "ls", None), ("finish_reason", "tool_calls", "stop")],
    ),
    "usage": (
        A[: -len(DONE)] + chunk(usage=USAGE) + DONE,
        [("usage.prompt_tokens", None, 1), ("usage.completion_tokens", None, 2)],
    ),
    "cut arguments": (
        chunk(content="Hello") + chunk(tool_calls=[call(0, "{", "ls")]) + chunk(finish="length") + DONE,
        [
            ("tool_calls.0.arguments", {"a": 1, "b": 2}, "{"),
            ("tool_calls.0.complete", True, False),
            ("finish_reason", "tool_calls", "length"),
        ],
    ),
    "a second answer": (A + A, [("answers.1", "missing", "present")]),
    "a second answer with another text": (A + A, [("answers.1", "missing", "present")]),
}


def write(folder: Path, a: bytes, b: bytes) -> tuple[str, str]:
    (folder / "a").write_bytes(a)
    (folder / "b").write_bytes(b)
    return str(folder / "a"), str(folder / "b")


@pytest.mark.parametrize("b", SAME.values(), ids=SAME)
def test_same(run: Run, tmp_path: Path, b: bytes) -> None:
    assert run("diff", *write(tmp_path, A, b)) == (0, "", "")


@pytest.mark.parametrize(("b", "expected"), DIFFERENT.values(), ids=DIFFERENT)
def test_different(run: Run, tmp_path: Path, b: bytes, expected: list[tuple[str, Any, Any]]) -> None:
    status, out, err = run("diff", "--json", *write(tmp_path, A, b))
    assert (status, err) == (1, "")
    assert [tuple(json.loads(line).values()) for line in out.splitlines()] == expected


def test_for_people(run: Run, tmp_path: Path) -> None:
    """A short text is shown whole, a long one where it differs."""
    long = "word " * 30
    b = chunk(content=long + "b\nc") + chunk(usage=USAGE, finish="stop") + DONE
    a = chunk(content=long + "a\nc") + chunk(refusal="x") + DONE
    status, out, _ = run("diff", *write(tmp_path, a, b))
    assert status == 1
    assert out == (
        "text differs at character 150\n"
        f"- …{long[-40:]}a⏎c\n"
        f"+ …{long[-40:]}b⏎c\n"
        "refusal\n- x\n+ \n"
        'finish_reason\n- none\n+ "stop"\n'
        "usage.prompt_tokens\n- none\n+ 1\n"
        "usage.completion_tokens\n- none\n+ 2\n"
    )


def test_a_text_that_goes_on(run: Run, tmp_path: Path) -> None:
    text = "x" * 50
    _, out, _ = run("diff", *write(tmp_path, chunk(content=text) + DONE, chunk(content=text + "y" * 99) + DONE))
    assert out == f"text differs at character 50\n- …{text[-40:]}\n+ …{text[-40:]}{'y' * 40}…\n"


@pytest.mark.parametrize("b", [b"", b"<html>", b'data: {"a": 1}\n\n'], ids=["nothing", "HTML", "no chat stream"])
def test_unreadable(run: Run, tmp_path: Path, b: bytes) -> None:
    status, out, err = run("diff", *write(tmp_path, A, b))
    assert (status, out) == (2, "")
    assert err.startswith(f"sse-events: {tmp_path / 'b'}: ")
    assert err.count("\n") == 1


def test_missing_file(run: Run, tmp_path: Path) -> None:
    assert run("diff", str(FIXTURE), str(tmp_path / "none"))[0] == 2

"""The README is true: its examples run, its commands parse, and its output is right."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from sse_events.cli.main import parse

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples run in order, each with the names of those before it, in the root of the checkout."""
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    examples = blocks("pycon")
    assert examples
    for number, text in enumerate(examples):
        example = doctest.DocTestParser().get_doctest(text, names, f"README example {number}", "README.md", 0)
        runner = doctest.DocTestRunner()
        runner.run(example, clear_globs=False)
        names.update(example.globs)
        assert runner.summarize(verbose=False).failed == 0, text


def test_first_example_is_chat_in_under_ten_lines() -> None:
    first = blocks("pycon")[0]
    assert "ChatStream" in first
    assert len(first.splitlines()) < 10


def test_sketches_import_what_exists() -> None:
    """An example that needs a server at least parses, and what it imports exists."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    sketches: ast.Module = compile("\n".join(blocks("python")), "README.md", "exec", flags)
    for node in ast.walk(sketches):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sse_events"):
            module = importlib.import_module(node.module)
            for name in node.names:
                assert hasattr(module, name.name), f"{node.module} has no {name.name}"


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_parse(command: str) -> None:
    """A shell can parse each command, and `sse-events` its arguments; the files that they name are there."""
    subprocess.run(["bash", "-n", "-c", command], check=True)
    _, found, arguments = command.partition("sse-events ")
    if found:
        parsed = parse(shlex.split(arguments, comments=True))
        assert all((ROOT / file).is_file() for file in parsed.files)


def test_two_commands_do_all_the_set_up() -> None:
    """The README opens with them: one shows the main job, the other runs the tests."""
    first, second = COMMANDS[:2]
    assert "pip install" in first
    assert "sse-events chat tests/data/" in first
    assert "pip install" in second
    assert second.endswith("-m pytest")

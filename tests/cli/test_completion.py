"""Completion scripts: the shell takes them, and they know the options."""

from __future__ import annotations

import subprocess

import pytest

from tests.cli.streams import Run

COMPLETIONS = {
    "a command": ("sse-events ch", ["chat", "check"]),
    "an option": ("sse-events replay --sp", ["--speed"]),
    "a value": ("sse-events chat --dialect anth", ["anthropic"]),
    "a file": ("sse-events events READ", ["README.md"]),
}


@pytest.mark.parametrize(("line", "words"), COMPLETIONS.values(), ids=COMPLETIONS)
def test_bash(run: Run, line: str, words: list[str]) -> None:
    _, script, _ = run("--completion", "bash")
    asked = f"""{script}
COMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _sse_events; printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    said = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True, timeout=30)
    assert (said.stdout.split(), said.stderr) == (words, "")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells(run: Run, shell: str) -> None:
    status, script, err = run("--completion", shell)
    assert (status, err) == (0, "")
    assert "replay" in script
    assert "speed" in script
    assert "anthropic" in script


def test_unknown_shell(run: Run) -> None:
    assert run("--completion", "tcsh")[0] == 2

"""Completion scripts: the shell takes them, and they know the options."""

from __future__ import annotations

import shlex
import subprocess

import pytest

from tests.cli.streams import Run

COMPLETIONS = {
    "a command": ("sse-events ch", ["chat", "check"]),
    "an option of the command itself": ("sse-events --comp", ["--completion"]),
    "a value of it": ("sse-events --completion z", ["zsh"]),
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


def test_zsh(run: Run) -> None:
    """Zsh runs bash's script by its own bashcompinit."""
    script = run("--completion", "zsh")[1]
    head = "#compdef sse-events\nautoload -U +X bashcompinit && bashcompinit\n"
    assert script == head + run("--completion", "bash")[1]


def fish_completions(script: str, line: str) -> list[str]:
    """What fish offers at the end of `line`, less files, by the few of its words that the script has."""
    *before, word = line.split(" ")[1:]
    seen = before[0] if before else ""
    found: list[str] = []
    for text in script.splitlines():
        match shlex.split(text):
            case ["complete", "-c", "sse-events", "-n", condition, *words] if condition in (
                "__fish_use_subcommand" if not seen else f"__fish_seen_subcommand_from {seen}",
                "__fish_use_subcommand" if seen.startswith("-") else None,
            ):
                match words:
                    case ["-f", "-a", name]:
                        found.append(name)
                    case ["-l", option, "-x", "-a", values] if before[-1:] == [f"--{option}"]:
                        return [value for value in values.split() if value.startswith(word)]
                    case ["-l", option, *_]:
                        found.append(f"--{option}")
                    case _:
                        pytest.fail(text)
            case ["complete", "-c", "sse-events", "-n", _, *_]:
                pass
            case _:
                pytest.fail(text)
    return [offered for offered in found if word and offered.startswith(word)]


@pytest.mark.parametrize(("line", "words"), COMPLETIONS.values(), ids=COMPLETIONS)
def test_fish(run: Run, line: str, words: list[str]) -> None:
    script = run("--completion", "fish")[1]
    assert fish_completions(script, line) == [word for word in words if word != "README.md"]


def test_unknown_shell(run: Run) -> None:
    assert run("--completion", "tcsh")[0] == 2

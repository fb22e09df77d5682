"""docs/command.md is true: each command in it prints the output that the page shows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sse_events.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "command.md").read_text(encoding="utf-8")


def examples() -> dict[str, str]:
    """The output of each command of the page, by the command."""
    found: dict[str, str] = {}
    for block in re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = example.partition("\n")
            found[command] = output
    return found


@pytest.mark.parametrize(("command", "output"), examples().items(), ids=examples())
def test_output(command: str, output: str) -> None:
    script = f'sse-events() {{ {sys.executable} -m sse_events "$@"; }}\n{command}'
    said = subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=60,
    )
    assert said.stdout.decode() == output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_shown(command: str) -> None:
    assert f"sse-events {command} " in PAGE

"""docs/command.md is true: each command in it prints the output that the page shows."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sse_events.cli.main import COMMANDS
from tests.cli.streams import COMMAND

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


EXAMPLES = examples()
SERVE = next(command for command in EXAMPLES if command.startswith("sse-events serve "))
CURL = next(command for command in EXAMPLES if command.startswith("curl "))
PLOTS = [command for command in EXAMPLES if command.startswith("sse-events plot ")]  # which need the extra


@pytest.mark.parametrize("command", [command for command in EXAMPLES if command not in (SERVE, CURL, *PLOTS)])
def test_output(command: str) -> None:
    check_output(command)


def check_output(command: str) -> None:
    script = f'sse-events() {{ {sys.executable} -m sse_events "$@"; }}\n{command}'
    said = subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=60,
    )
    assert said.stdout.decode() == EXAMPLES[command]


def test_serve() -> None:
    """The page's server and the page's client, on a port that is free."""
    shown = CURL.split()
    path, body = shown[2].removeprefix("http://127.0.0.1:8000"), CURL.split("'")[1]
    process = subprocess.Popen([*COMMAND, *SERVE.split()[1:], "--port", "0"], cwd=ROOT, stderr=subprocess.PIPE)
    with process:
        assert process.stderr is not None
        said = process.stderr.readline().decode()
        port = said.split(" answers")[0].rpartition(":")[2]
        client = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
        client.request("POST", path, body)
        answer = client.getresponse().read().decode()
        said += process.stderr.readline().decode()
        process.terminate()
    assert answer[:100] + "\n" == EXAMPLES[CURL]
    assert said.replace(port, "8000") == EXAMPLES[SERVE]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_shown(command: str) -> None:
    assert f"sse-events {command} " in PAGE

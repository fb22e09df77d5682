"""The types of the adapters, where one client alone is installed: every wrong argument is an error, nothing else is."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.typing.test_types import ROOT, plain

HERE = Path(__file__).parent
CLIENTS = {"httpx": "httpx", "httpx2": "httpx", "aiohttp": "aiohttp", "requests": "requests", "niquests": "requests"}
# What comes with one client only, and must not be found where that is not installed.
BELONGS_TO = {"httpcore": "httpx", "httpcore2": "httpx2", "urllib3_future": "niquests"}

# How each is called for a file and an interpreter, and how it writes an error and a revealed type.
CHECKERS = {
    "mypy": (
        ["mypy", "--strict", "--no-color-output", "--config-file=", "--python-executable"],
        r":(\d+): error: ",
        r':(\d+): note: Revealed type is "(.*)"',
    ),
    "pyrefly": (
        ["pyrefly", "check", "--output-format=min-text", "--python-interpreter-path"],
        r"ERROR .*?:(\d+):",
        r":(\d+):.* revealed type: (.*) \[reveal-type\]",
    ),
    "pyright": (
        ["basedpyright", "--pythonpath"],
        r":(\d+):\d+ - error: ",
        r':(\d+):\d+ - information: Type of ".*" is "(.*)"',
    ),
}


@pytest.fixture(scope="module", params=list(CLIENTS))
def environment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A client, and a virtual environment that has what this one has, but no other client."""
    client: str = request.param
    root = tmp_path_factory.mktemp(client)
    venv.create(root, symlinks=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    ours, theirs = (Path(prefix, "lib", version, "site-packages") for prefix in (sys.prefix, root))
    for entry in ours.iterdir():
        name = re.split(r"[-.]", entry.name)[0]
        others = name in CLIENTS and name != client
        if not others and BELONGS_TO.get(name, client) == client and "sse_events" not in entry.name:
            (theirs / entry.name).symlink_to(entry)
    (theirs / "sse_events").symlink_to(ROOT / "sse_events")
    return client, root / "bin" / "python"


@pytest.mark.parametrize("checker", CHECKERS)
def test_wrong_arguments_are_errors(environment: tuple[str, Path], checker: str, tmp_path: Path) -> None:
    client, python = environment
    adapter = CLIENTS[client]
    text = (HERE / f"{adapter}_calls.py").read_text().replace(f"import {adapter}\n", f"import {client} as {adapter}\n")
    source = tmp_path / "calls.py"
    source.write_text(text)
    (tmp_path / "pyrefly.toml").touch()
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    arguments, error, revealed = CHECKERS[checker]
    process = subprocess.run(
        [sys.executable, "-m", *arguments, str(python), str(source)],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    lines = list(enumerate(text.splitlines(), start=1))
    wrong = {number for number, line in lines if line.endswith("# error")}
    types = {number: plain(line.split("# revealed: ")[1]) for number, line in lines if "# revealed: " in line}
    output = process.stdout + process.stderr
    assert {int(number) for number in re.findall(error, output)} == wrong, output
    assert {int(number): plain(type_) for number, type_ in re.findall(revealed, output)} == types, output

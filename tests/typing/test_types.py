"""The types that users meet, as two type checkers see them: mypy and pyrefly."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from sse_events.chat import StreamEvent

ROOT = Path(__file__).parents[2]
SOURCE = Path(__file__).with_name("public_api.py")

# Each prints one line for a revealed type, and how it writes the type differs in modules and spelling only.
CHECKERS = {
    "mypy": (["mypy", "--no-color-output"], r':(\d+): note: Revealed type is "(.*)"'),
    "pyrefly": (
        ["pyrefly", "check", "--output-format=min-text", f"--python-interpreter-path={sys.executable}"],
        r":(\d+):.* revealed type: (.*) \[reveal-type\]",
    ),
}


def plain(type_: str) -> str:
    """A checker's spelling of a type without the names of modules, a union's members in order."""
    type_ = re.sub(r"\b(?:\w+\.)+", "", type_)
    type_ = type_.replace("StreamEvent", " | ".join(member.__name__ for member in get_args(StreamEvent)))
    return re.sub(r"[^][,]+", lambda union: " | ".join(sorted(union[0].split(" | "))), type_)


@pytest.mark.parametrize(("arguments", "line"), CHECKERS.values(), ids=CHECKERS)
def test_revealed_types(arguments: list[str], line: str) -> None:
    process = subprocess.run(
        [sys.executable, "-m", *arguments, str(SOURCE)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    revealed = {int(number): plain(type_) for number, type_ in re.findall(line, process.stdout)}
    lines = enumerate(SOURCE.read_text().splitlines(), start=1)
    expected = {number: plain(text.split("# revealed: ")[1]) for number, text in lines if "# revealed: " in text}
    assert process.returncode == 0, process.stdout + process.stderr
    assert revealed == expected

"""docs/adapters.md: its examples run, its sketches pass mypy, and the defaults of the clients are right."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import niquests.sessions

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "adapters.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_examples() -> None:
    """In order, each with the names of those before it."""
    text = "\n".join(blocks("pycon"))
    example = doctest.DocTestParser().get_doctest(text, {}, "adapters", "docs/adapters.md", 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(example)
    assert runner.summarize(verbose=False) == (0, len(example.examples))


def test_sketches(tmp_path: Path) -> None:
    sketches = blocks("python")
    for number, sketch in enumerate(sketches):
        (tmp_path / f"sketch_{number}.py").write_text(sketch)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(tmp_path)]
    process = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=300)
    assert sketches
    assert process.returncode == 0, process.stdout


def test_defaults_of_the_clients() -> None:
    with httpx.Client() as client:
        assert f"| {client.timeout.read:.0f} s of silence |" in PAGE
    assert f"| {aiohttp.client.DEFAULT_TIMEOUT.total} s for the whole answer |" in PAGE
    sessions: Any = niquests.sessions
    reads, writes = sessions.READ_DEFAULT_TIMEOUT, sessions.WRITE_DEFAULT_TIMEOUT
    assert f"| {reads} s of silence, {writes} s for a POST |" in PAGE

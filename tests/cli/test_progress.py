"""The progress bar: when there is one, and what it draws."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sse_events.cli import progress
from sse_events.cli.output import note
from tests.cli.streams import Run


@pytest.fixture
def terminals(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says which descriptors are terminals."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return lambda *descriptors: monkeypatch.setattr(os, "isatty", lambda descriptor: descriptor in descriptors)


def test_bar(
    terminals: Callable[..., None], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(progress, "monotonic", lambda: now)
    terminals(2)
    bar = progress.progress(10_000_000)
    assert bar is not None
    bar.update(100)
    assert capfd.readouterr().err == ""
    now = 1.0
    bar.update(5_000_000)
    assert capfd.readouterr().err == "\r" + "━" * 15 + " " * 15 + "  50 %"
    note("what happened")
    note("and more")
    assert capfd.readouterr().err == "\r\x1b[Kwhat happened\nand more\n"
    now = 2.0
    bar.update(10_000_000)
    capfd.readouterr()
    bar.close()
    assert capfd.readouterr().err == "\r\x1b[K"
    note("after it")
    assert capfd.readouterr().err == "after it\n"


def test_a_bar_that_was_never_drawn(terminals: Callable[..., None], capfd: pytest.CaptureFixture[str]) -> None:
    terminals(2)
    bar = progress.progress(10_000_000)
    assert bar is not None
    bar.close()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("descriptors", "size"), [([1, 2], 10_000_000), ([], 10_000_000), ([2], 1000)])
def test_no_bar(terminals: Callable[..., None], descriptors: list[int], size: int) -> None:
    """Not next to the output, not into a file, and not for a short file."""
    terminals(*descriptors)
    assert progress.progress(size) is None


def test_command(run: Run, terminals: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_REFRESH_SECONDS", 0.0)
    terminals(2)
    (tmp_path / "long").write_bytes(b"data: x\n\n" * 500_000)
    status, _, err = run("events", str(tmp_path / "long"), "--type", "none")
    assert status == 0
    assert " 100 %" in err
    assert err.endswith("\r\x1b[K")

"""An answer on a terminal with rich."""

from __future__ import annotations

import io
import os
from collections.abc import Callable

import pytest
from rich.console import Console

from sse_events.chat import Done, Error, Reasoning, Start, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from sse_events.chat.events import StreamEvent
from sse_events.cli import panels
from sse_events.cli.panels import Panels
from tests.cli.streams import FIXTURE, Run

Drawn = Callable[..., str]
CALL = [ToolCallStart(0, "a", "ls\x1b[2J"), ToolCallArgs(0, '{"p": '), ToolCallArgs(0, '"\u202e"}')]


@pytest.fixture
def drawn(capfd: pytest.CaptureFixture[str]) -> Drawn:
    """What is on the screen at the end of panels of 40 columns, and on standard error."""

    def drawn(*batches: list[StreamEvent]) -> str:
        screen = io.StringIO()
        view = Panels(Console(file=screen, width=40, force_terminal=True, color_system=None, legacy_windows=False))
        for batch in batches:
            view.show(batch)
        view.end()
        out, err = capfd.readouterr()
        return out + screen.getvalue() + err

    return drawn


def test_a_call_grows(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_REFRESH_SECONDS", 0.0)
    text = drawn(CALL[:1], CALL[1:2], [*CALL[2:], ToolCallEnd(0, "a", "ls", '{"p": "\u202e"}', True)])
    assert "─ tool call 0: ls␛[2J ─" in text
    assert '{"p": ' in text
    assert '│ {"p": "<U+202E>"}' in text
    assert "incomplete" not in text


def test_it_is_not_drawn_too_often(drawn: Drawn) -> None:
    pieces: list[list[StreamEvent]] = [[ToolCallArgs(0, "x" * 50)] for _ in range(500)]
    assert drawn([CALL[0]], *pieces).count("tool call 0") <= 4


def test_a_long_call_is_whole_at_the_end(drawn: Drawn) -> None:
    assert drawn([CALL[0], ToolCallArgs(0, "x" * 5000)]).count("x") >= 5000


def test_calls_that_alternate(drawn: Drawn) -> None:
    text = drawn(
        [*CALL[:1], ToolCallStart(1, "b", "rm"), ToolCallArgs(0, "{"), ToolCallArgs(1, "["), ToolCallArgs(0, "}")]
    )
    assert "│ {}" in text
    assert "│ [" in text


def test_incomplete(drawn: Drawn) -> None:
    assert "incomplete" in drawn([*CALL, ToolCallEnd(0, "a", "ls", "{", False)])


def test_incomplete_after_an_error(drawn: Drawn) -> None:
    """The end of a call may come when its panel is closed."""
    text = drawn([*CALL, Error("provider", "down")], [ToolCallEnd(0, "a", "ls", "{", False), Done("error")])
    assert "provider error: down" in text
    assert "tool call 0: ls is incomplete" in text


def test_text_and_reasoning(drawn: Drawn) -> None:
    text = drawn([Start("a", "m"), Reasoning("Hm")], [Token("Hi")], [*CALL], [Token("there")])
    assert "\x1b[2mHm\x1b[22m\n" in text
    assert "Hi\n" in text
    assert text.index("Hm") < text.index("Hi") < text.index("there")


def test_command(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the view of a terminal that may get escape codes, if rich is there."""
    monkeypatch.setattr(os, "isatty", lambda descriptor: descriptor == 1)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert run("chat", str(FIXTURE))[0] == 0
    monkeypatch.setattr("sse_events.cli.chat.find_spec", lambda _: None)
    assert "--- tool call 0: get_weather ---" in run("chat", str(FIXTURE))[1]
    monkeypatch.setenv("NO_COLOR", "1")
    out = run("chat", str(FIXTURE))[1]
    assert "--- tool call 0: get_weather ---" in out
    assert "\x1b" not in out

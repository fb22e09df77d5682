"""The plain view of an answer: what goes where, and which escape codes."""

from __future__ import annotations

import pytest

from sse_events.chat import Done, Reasoning, Token
from sse_events.chat.events import StreamEvent
from sse_events.cli.transcript import Transcript

EVENTS: list[StreamEvent] = [Reasoning("a"), Reasoning("b"), Reasoning("c"), Token("d"), Token("e"), Done("complete")]


@pytest.mark.parametrize("size", [1, 2, 6])
def test_no_escape_code_between_tokens(capfd: pytest.CaptureFixture[str], size: int) -> None:
    """Text can be copied and searched, however it arrives."""
    view = Transcript(terminal=True, styled=True)
    for at in range(0, len(EVENTS), size):
        view.show(EVENTS[at : at + size])
    assert capfd.readouterr().out == (
        "\x1b[2m--- reasoning ---\x1b[22m\n\x1b[2mabc\x1b[22m\n\n\x1b[2m--- text ---\x1b[22m\nde\n"
    )


def test_plain_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    Transcript(terminal=True).show(EVENTS)
    assert capfd.readouterr().out == "--- reasoning ---\nabc\n\n--- text ---\nde\n"


def test_pipe(capfd: pytest.CaptureFixture[str]) -> None:
    """Headings go to standard error."""
    Transcript(terminal=False).show(EVENTS)
    out, err = capfd.readouterr()
    assert (out, err) == ("abc\n\nde\n", "--- reasoning ---\n--- text ---\n")


def test_left_in_the_middle(capfd: pytest.CaptureFixture[str]) -> None:
    """The line and its style are ended."""
    view = Transcript(terminal=True, styled=True)
    view.show(EVENTS[:2])
    view.end()
    assert capfd.readouterr().out.endswith("ab\x1b[22m\n")

"""An answer on a terminal with rich: each tool call is a panel whose arguments grow."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.text import Text

from sse_events.chat import Done, Error, Reasoning, Refusal, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from sse_events.chat.events import StreamEvent
from sse_events.cli.output import complain, one_line, shown
from sse_events.cli.transcript import Transcript

_REFRESH_SECONDS = 0.1
# While a call grows, its panel shows the end of the arguments: drawing all of them each time would be quadratic.
_TAIL_CHARS = 1000


class _Call:
    def __init__(self, name: str) -> None:
        self._name = name
        self._pieces: list[str] = []
        self._tail = ""
        self._end: ToolCallEnd | None = None

    def add(self, text: str) -> None:
        self._pieces.append(text)
        self._tail = (self._tail + text)[-_TAIL_CHARS:]

    def end(self, event: ToolCallEnd) -> None:
        self._end = event

    def panel(self, width: int, *, whole: bool) -> Panel:
        text = "".join(self._pieces) if whole else self._tail
        style, note = "cyan", None
        if self._end is not None and not self._end.complete:
            style, note = "red", "incomplete"
        return Panel(
            Text(shown(text)),
            title=Text(self._name),
            title_align="left",
            border_style=style,
            subtitle=note,
            width=width,
        )


class Panels:
    """Text and reasoning as in `Transcript`, tool calls in panels.

    Args:
        console: Where panels are drawn; standard output by default.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._text = Transcript(terminal=True, styled=True)
        self._console = Console(highlight=False) if console is None else console
        self._calls: dict[int, _Call] = {}
        self._live: Live | None = None
        self._drawn = 0.0

    def show(self, events: Sequence[StreamEvent]) -> None:
        """Draw what `events` add."""
        changed = False
        for event in events:
            if isinstance(event, ToolCallStart):
                self._open()
                self._calls[event.index] = _Call(one_line(f"tool call {event.index}: {event.name}"))
                changed = True
            elif isinstance(event, ToolCallArgs) and event.index in self._calls:
                self._calls[event.index].add(event.args_chunk)
                changed = True
            elif isinstance(event, ToolCallEnd) and event.index in self._calls:
                self._calls[event.index].end(event)
                changed = True
            elif isinstance(event, ToolCallEnd) and not event.complete:
                complain(f"tool call {event.index}: {event.name} is incomplete", "red")
            elif isinstance(event, Token | Reasoning | Refusal | Error | Done):
                self._close()
                self._text.show([event])
        if changed and self._live is not None and monotonic() - self._drawn >= _REFRESH_SECONDS:
            self._draw(self._live, whole=False)

    def end(self) -> None:
        """End the panels and the line that is being written."""
        self._close()
        self._text.end()

    def _open(self) -> None:
        if self._live is None:
            self._text.end()
            self._live = Live(console=self._console, auto_refresh=False)
            self._live.start()

    def _draw(self, live: Live, *, whole: bool) -> None:
        # The terminal shows Ctrl-C as ^C behind the panel. Without room for it, it wraps, and the panel is drawn twice.
        width = self._console.width - len("^C") - 1
        live.update(Group(*(call.panel(width, whole=whole) for call in self._calls.values())), refresh=True)
        self._drawn = monotonic()

    def _close(self) -> None:
        """Draw the calls one last time. Later events of these calls, such as an end, open no new panel."""
        if self._live is not None:
            self._draw(self._live, whole=True)
            self._live.stop()
            self._live = None
            self._calls.clear()

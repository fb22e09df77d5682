"""``sse-events plot``: an answer over time, as a picture."""

from __future__ import annotations

import argparse
import warnings
from contextlib import closing
from typing import Any

from sse_events.chat import Done, Reasoning, Refusal, Token, ToolCallArgs, ToolCallStart
from sse_events.chat.events import StreamEvent
from sse_events.cli.answers import Answers
from sse_events.cli.errors import FAILED, MISUSE, CommandError
from sse_events.cli.inputs import add_arguments, add_dialect, open_source
from sse_events.cli.output import complain, counted, json_lines, write
from sse_events.cli.recognise import describe

ARGUMENTS = "-o PICTURE [FILE]"
DESCRIPTION = "Draw the output of an answer over time, with its tool calls and the places where it stalled."
EPILOG = "The input needs times: a recording, a pipe or a URL. The extra `plot` brings matplotlib."

_MAX_POINTS = 4096  # above this, every second one is dropped, so that memory does not grow
_STALL_SECONDS = 1.0  # a gap that a reader notices, ...
_STALL_FACTOR = 8.0  # ... and that is this many times the mean one


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subcommand."""
    add_arguments(parser, several=False)
    add_dialect(parser)
    parser.add_argument("--json", action="store_true", help="write what the picture shows as one JSON line")
    parser.add_argument("-o", "--output", required=True, metavar="PICTURE", help="where: .svg, .png or .pdf")


def run(arguments: argparse.Namespace) -> int:
    """Draw the first answer of the input; return the exit status."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise CommandError("plot needs matplotlib: pip install 'sse_events[plot]'", MISUSE) from None
    curve = Curve()
    machine = Answers(arguments.dialect, max_event_bytes=arguments.max_event_bytes)
    with closing(open_source(arguments.file, arguments)) as source:
        for chunk in source:
            curve.add(machine.feed(chunk), source.at)
            if machine.finished:
                break
        else:
            curve.add(machine.close(), source.at)
        if described := describe(source.head):
            raise CommandError(described)
        if not source.timed:
            raise CommandError("the input has no times: `sse-events record` keeps those of a live stream")
    figure = draw(Figure, curve)
    try:
        with warnings.catch_warnings():
            # It warns about each character that its font does not have.
            warnings.simplefilter("ignore")
            figure.savefig(arguments.output)
    except (OSError, ValueError) as error:
        # matplotlib raises ValueError for a format that it does not write.
        reason = error.strerror if isinstance(error, OSError) else f"not a format of pictures: {error}"
        raise CommandError(f"{arguments.output}: {reason}", MISUSE) from None
    if arguments.json:
        write(json_lines([{"picture": arguments.output, **curve.plain()}]))
    else:
        complain(f"{arguments.output}: {curve.count} pieces of output, {counted(len(curve.stalls()), 'stall')}")
    return 0 if curve.done is not None and curve.done.ok else FAILED


class Curve:
    """How much output there was at each time.

    Attributes:
        count: How many pieces of output there were.
        points: Times and counts, thinned out.
        calls: The time, count and name of each tool call.
        gaps: The longest gaps: their beginning, their end, and the count.
        done: The end of the answer.
    """

    def __init__(self) -> None:
        self.count: int = 0
        self.points: list[tuple[float, int]] = [(0.0, 0)]
        self.calls: list[tuple[float, int, str]] = []
        self.gaps: list[tuple[float, float, int]] = []
        self.done: Done | None = None
        self._last = 0.0
        self._arrivals = 0

    def add(self, events: list[StreamEvent], at: float) -> None:
        """Count the events of a chunk that arrived at `at`, up to the end of the first answer."""
        if not events or self.done is not None:
            return
        self._arrivals += 1
        if self.count and at - self._last >= _STALL_SECONDS:  # the wait for the first token is not a stall
            self.gaps.append((self._last, at, self.count))
            self.gaps = sorted(self.gaps, key=lambda gap: gap[0] - gap[1])[:32]
        self._last = at
        for event in events:
            if isinstance(event, Token | Reasoning | Refusal | ToolCallArgs):
                self.count += 1
            elif isinstance(event, ToolCallStart):
                self.calls.append((at, self.count, event.name))
            elif isinstance(event, Done):
                self.done = event
                break
        self.points.append((at, self.count))
        if len(self.points) > _MAX_POINTS:
            self.points = [self.points[0], *self.points[1:-1:2], self.points[-1]]

    def stalls(self) -> list[tuple[float, float, int]]:
        """The gaps that are at least a second long and many times the mean."""
        mean = self._last / max(self._arrivals, 1)
        return sorted(gap for gap in self.gaps if gap[1] - gap[0] >= _STALL_FACTOR * mean or self._arrivals < 8)

    def plain(self) -> dict[str, Any]:
        """What the picture shows, as data for JSON."""
        return {
            "status": None if self.done is None else self.done.status,
            "finish_reason": None if self.done is None else self.done.finish_reason,
            "pieces": self.count,
            "calls": [{"at": at, "after": count, "name": name} for at, count, name in self.calls],
            "stalls": [
                {"at": start, "seconds": round(end - start, 6), "after": count} for start, end, count in self.stalls()
            ],
        }


def draw(figure_class: Any, curve: Curve) -> Any:
    """The picture."""
    figure = figure_class(figsize=(9, 4.5), layout="constrained")
    axes = figure.subplots()
    times, counts = zip(*curve.points, strict=True)
    axes.step(times, counts, where="post", color="#1f6feb", linewidth=1.5)
    for start, end, _ in curve.stalls():
        axes.axvspan(start, end, color="#d1242f", alpha=0.12, linewidth=0)
        axes.annotate(
            f"{end - start:.1f} s",
            ((start + end) / 2, 0.97),
            xycoords=("data", "axes fraction"),
            ha="center",
            va="top",
            fontsize=8,
            color="#a40e26",
        )
    for at, count, name in curve.calls:
        axes.plot([at], [count], marker="o", color="#8250df")
        axes.annotate(
            _plain(name), (at, count), textcoords="offset points", xytext=(6, -10), fontsize=8, color="#8250df"
        )
    axes.set_xlabel("seconds after the start")
    axes.set_ylabel("pieces of output")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.spines[["top", "right"]].set_visible(False)
    if curve.done is not None:
        axes.set_title(
            f"{curve.done.status}, {curve.done.finish_reason or 'no finish reason'}", loc="left", fontsize=10
        )
    return figure


def _plain(name: str) -> str:
    """A tool's name as matplotlib shows it: a dollar sign would begin a formula."""
    return name[:40].replace("$", r"\$")

"""``sse-events chat``: the answer in a provider's stream."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from importlib.util import find_spec

from sse_events.chat import Done, Error
from sse_events.chat.events import StreamEvent
from sse_events.chat.message import Message
from sse_events.cli.answers import Answers
from sse_events.cli.errors import CommandError
from sse_events.cli.inputs import add_arguments, add_dialect, each_source
from sse_events.cli.measure import Figures, Measure
from sse_events.cli.output import STDERR, STDOUT, complain, is_styled, json_lines, note, write
from sse_events.cli.recognise import describe
from sse_events.cli.source import Source
from sse_events.cli.stats import report
from sse_events.cli.transcript import Text, Transcript, View, summary

DESCRIPTION = (
    "Show the answer in a provider's chat stream as it arrives, with reasoning and tool calls apart from the text. "
    "The last line, on standard error, says how the stream ended."
)
EPILOG = "The exit status is 0 if every answer is whole, and 1 if one is truncated, damaged or has an error."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subcommand."""
    add_arguments(parser)
    add_dialect(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--text", action="store_true", help="write the visible text only")
    form.add_argument("--message", action="store_true", help="write each answer as one JSON object, when it is over")
    form.add_argument("--json", action="store_true", help="write each StreamEvent as one JSON line")
    parser.add_argument("--raw", action="store_true", help="with --json: also write the JSON of each payload")
    parser.add_argument("--all-choices", action="store_true", help="with --json: of every choice, not only one")
    parser.add_argument(
        "--thinking-tags",
        nargs=2,
        metavar=("OPEN", "CLOSE"),
        help="read text between these tags at the start as reasoning, such as '<think>' '</think>'",
    )
    parser.add_argument("--stats", action="store_true", help="add how fast the answer came, on standard error")
    parser.add_argument("--choice", type=int, default=0, metavar="N", help="show this choice, 0 by default")


def validate(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Refuse options that contradict each other."""
    if not arguments.json and (arguments.raw or arguments.all_choices):
        parser.error("--raw and --all-choices need --json")


def run(arguments: argparse.Namespace) -> int:
    """Show the answers of each input; return the exit status."""
    return each_source(arguments, lambda source: _Chat(arguments, source).run())


class _Json:
    """Each event as a JSON line."""

    def show(self, events: Sequence[StreamEvent]) -> None:
        write(json_lines(events))

    def end(self) -> None:
        pass


class _Messages:
    """Each answer as one JSON object."""

    def __init__(self, choice: int) -> None:
        self._message = Message(choice)

    def show(self, events: Sequence[StreamEvent]) -> None:
        for event in events:
            self._message.apply(event)
            if isinstance(event, Done):
                write(json_lines([self._message.to_dict()]))
                self._message = Message(self._message.choice)

    def end(self) -> None:
        pass


class _Chat:
    """The answers of one input, shown one after another."""

    def __init__(self, arguments: argparse.Namespace, source: Source) -> None:
        self._arguments = arguments
        self._source = source
        self._machine = Answers(
            arguments.dialect,
            choices="all",
            raw=arguments.raw,
            thinking_tags=arguments.thinking_tags,
            max_event_bytes=arguments.max_event_bytes,
        )
        self._ok = True
        self._other_choices: set[int] = set()
        self._measure = Measure()
        self._hints: list[str] = []
        self._explained = False  # an error has said what is wrong with the input
        self._view = self._new_view()

    def run(self) -> int:
        """Show the answers; return the exit status."""
        try:
            for chunk in self._source:
                self._measure.arrived(len(chunk))
                self._take(self._machine.feed(chunk))
                self._source.stop_when_silent(self._machine.finished)
        except (KeyboardInterrupt, CommandError):  # the answer so far is shown, with its last line
            self._take(self._machine.close())
            self._view.end()
            raise
        self._take(self._machine.close())
        self._view.end()
        for hint in self._hints:
            complain(hint)
        return 0 if self._ok else 1

    def _new_view(self) -> View:
        arguments = self._arguments
        if arguments.json:
            return _Json()
        if arguments.message:
            return _Messages(arguments.choice)
        if arguments.text:
            return Text(terminal=os.isatty(STDOUT))
        if is_styled(STDOUT) and find_spec("rich") is not None:
            from sse_events.cli.panels import Panels

            return Panels()
        return Transcript(terminal=os.isatty(STDOUT), styled=is_styled(STDOUT))

    def _take(self, events: list[StreamEvent]) -> None:
        """Show `events`, which may be the end of one answer and the beginning of the next."""
        answer: list[StreamEvent] = []
        for event in events:
            choice = getattr(event, "choice", None)
            if choice is not None and choice != self._arguments.choice and not self._arguments.all_choices:
                self._other_choices.add(choice)
                continue
            answer.append(event)
            if isinstance(event, Done):
                self._show(answer)
                answer = []
                self._conclude(event)
            elif isinstance(event, Error):
                self._explain(event)
        if answer:
            self._show(answer)

    def _show(self, events: list[StreamEvent]) -> None:
        self._measure.count(events, self._source.at)
        self._view.show(events)

    def _explain(self, error: Error) -> None:
        if error.kind == "not_sse":
            self._hints.append(describe(self._source.head) or error.message)
        self._explained = self._explained or error.kind in ("not_sse", "provider", "protocol")

    def _conclude(self, done: Done) -> None:
        figures = self._measure.end(done, self._machine.comments)
        self._ok = self._ok and done.ok
        arguments = self._arguments
        if not self._source.head.strip():
            self._hints.append(describe(b""))
        elif self._machine.dialect is None and not done.ok and not self._explained:
            self._hints.append(f"no known provider sends such a stream: try `sse-events events {self._source.name}`")
        elif not (arguments.json or arguments.message or (arguments.text and done.ok) or self._hints):
            complain(summary(done, self._times(figures)), "green" if done.ok else "red")
        if arguments.stats and self._machine.dialect is not None:
            note(report(figures, self._machine.dialect, STDERR, timed=self._source.timed).rstrip("\n"))
        if self._other_choices and not arguments.json:
            others = " or ".join(map(str, sorted(self._other_choices)))
            self._hints.append(f"the answer has other choices: show one with --choice {others}")
            self._other_choices.clear()
        self._view = self._new_view()

    def _times(self, figures: Figures) -> list[str]:
        if not self._source.timed:
            return []
        first = (
            [] if figures.time_to_first_token is None else [f"first token after {figures.time_to_first_token:.2f} s"]
        )
        return [*first, f"{figures.duration:.2f} s in all"]

"""``sse-events convert``: an answer in another dialect."""

from __future__ import annotations

import argparse
import os

from sse_events.chat import ChatEncoder, Done, Error, Start
from sse_events.chat.encoder import WRITERS
from sse_events.chat.events import StreamEvent
from sse_events.cli.answers import Answers
from sse_events.cli.errors import CommandError
from sse_events.cli.inputs import add_arguments, add_dialect, each_source
from sse_events.cli.output import STDOUT, complain, json_lines, shown, write
from sse_events.cli.recognise import describe
from sse_events.cli.source import Source
from sse_events.cli.transcript import describe_error
from sse_events.parser import Parser

ARGUMENTS = "--to DIALECT [FILE ...]"
DESCRIPTION = (
    "Write the answers of a chat stream as a provider of another dialect would have sent them, as they arrive. An "
    "answer that is truncated ends with an error, because most clients take a silent end for success."
)
EPILOG = "The exit status is 0 if every answer is whole, and 1 if not."

_ID = "converted"  # for an answer without an ID


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subcommand."""
    add_arguments(parser)
    add_dialect(parser)
    parser.add_argument(
        "--to", required=True, choices=WRITERS, metavar="DIALECT", help=f"the dialect to write: {', '.join(WRITERS)}"
    )
    parser.add_argument(
        "--json", action="store_true", help="write the events of that stream as JSON lines, as `sse-events events` does"
    )
    parser.add_argument("--id", metavar="ID", help="the ID of the answer; by default that of the input")
    parser.add_argument("--model", metavar="NAME", help="the name of the model; by default that of the input")


def run(arguments: argparse.Namespace) -> int:
    """Convert each input; return the exit status."""
    return each_source(arguments, lambda source: _Conversion(arguments, source).run())


class _Conversion:
    """The answers of one input, written one after another."""

    def __init__(self, arguments: argparse.Namespace, source: Source) -> None:
        self._arguments = arguments
        self._source = source
        self._machine = Answers(arguments.dialect, choices="all", max_event_bytes=arguments.max_event_bytes)
        self._encoder: ChatEncoder | None = None
        self._parser = Parser(max_event_bytes=None)  # of what is written, for --json
        self._terminal = os.isatty(STDOUT)
        self._ok = True

    def run(self) -> int:
        """Convert the answers; return the exit status."""
        try:
            for chunk in self._source:
                self._take(self._machine.feed(chunk))
                self._source.stop_when_silent(self._machine.finished)
        except (KeyboardInterrupt, CommandError):  # the client is told that the answer was cut
            self._take(self._machine.close())
            raise
        if described := describe(self._source.head):
            complain(described)
            return 1
        self._take(self._machine.close())
        return 0 if self._ok else 1

    def _take(self, events: list[StreamEvent]) -> None:
        written = []
        for event in events:
            encoder = self._encoder or self._begin(event)
            written.append(encoder.encode(event))
            if isinstance(event, Error):
                complain(describe_error(event), "red")
            elif isinstance(event, Done):
                self._ok = self._ok and event.ok
                self._encoder = None
                if encoder.dropped:
                    dropped = ", ".join(sorted(encoder.dropped))
                    complain(f"the dialect {self._arguments.to} cannot express: {dropped}")
        data = b"".join(written)
        if self._arguments.json:
            write(json_lines(self._parser.feed(data)))
            return
        # On a terminal, control characters are made visible. A pipe or a file gets the bytes as they are.
        write(shown(data.decode()).encode() if self._terminal else data)

    def _begin(self, event: StreamEvent) -> ChatEncoder:
        """The encoder of the answer that begins with `event`."""
        start = event if isinstance(event, Start) else Start()
        arguments = self._arguments
        self._encoder = ChatEncoder(
            arguments.to, id=arguments.id or start.id or _ID, model=arguments.model or start.model or "unknown"
        )
        return self._encoder

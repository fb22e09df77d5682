"""``sse-events chat``: the answer in a provider's stream."""

from __future__ import annotations

import argparse
import os
import stat
from io import FileIO

from sse_events.chat import ChatStream, Done
from sse_events.chat.events import StreamEvent
from sse_events.chat.stream import DIALECTS
from sse_events.cli.output import json_line, write
from sse_events.cli.source import chunks
from sse_events.cli.transcript import Transcript
from sse_events.iterate import iter_events

DESCRIPTION = (
    "Print the answer in a provider's chat stream as it arrives; reasoning and tool calls stand apart. "
    "The last line, on standard error, says how the stream ended. The exit status is 0 if it came to its end, "
    "1 after an error or when it was truncated."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subcommand."""
    parser.add_argument(
        "--dialect",
        choices=("auto", *DIALECTS),
        default="auto",
        help="read this dialect; auto, the default, detects it from the payloads",
    )
    parser.add_argument("--json", action="store_true", help="write each StreamEvent as one JSON line")
    parser.add_argument("--raw", action="store_true", help="with --json: also write the JSON of each payload")
    parser.add_argument("--all-choices", action="store_true", help="with --json: of every choice, not only the first")


def check(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Refuse options that contradict each other."""
    if not arguments.json and (arguments.raw or arguments.all_choices):
        parser.error("--raw and --all-choices need --json")


def run(arguments: argparse.Namespace, file: FileIO) -> int:
    """Show the answer in `file`; return the exit status."""
    machine = ChatStream(arguments.dialect, choices="all" if arguments.all_choices else "first", raw=arguments.raw)
    transcript = Transcript(live=not stat.S_ISREG(os.fstat(file.fileno()).st_mode))
    show = _write_json if arguments.json else transcript.show
    ok = False
    try:
        for event in iter_events(chunks(file), into=machine):
            show(event)
            if isinstance(event, Done):
                ok = event.ok
                if event.status in ("complete", "error"):
                    # The answer is over, though the connection may stay open. Otherwise the input has ended: if a
                    # failed read ended it, the next step raises its error.
                    break
    finally:
        transcript.end_line()
    return 0 if ok else 1


def _write_json(event: StreamEvent) -> None:
    write(json_line(event))

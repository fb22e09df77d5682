"""``sse-events replay``: play a recording, at its own speed or another one."""

from __future__ import annotations

import argparse
from time import monotonic, sleep

from sse_events.cli import recording
from sse_events.cli.inputs import add_arguments, each_source, speed
from sse_events.cli.output import write
from sse_events.cli.source import Source

DESCRIPTION = "Write the bytes of a recording to standard output, at the times at which they arrived."
EPILOG = "An input that has no times is written at once."

_LONGEST_SLEEP = 1e6  # seconds: time.sleep raises OverflowError past about 1e10


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subcommand."""
    add_arguments(parser)
    parser.add_argument(
        "--json", action="store_true", help="write each chunk as one JSON line with its time, as in a recording"
    )
    parser.add_argument(
        "--speed", type=speed, default=1.0, metavar="N", help="play N times as fast; inf does not wait at all"
    )


def run(arguments: argparse.Namespace) -> int:
    """Play each input; return the exit status."""
    return each_source(arguments, lambda source: _run(arguments, source))


def _run(arguments: argparse.Namespace, source: Source) -> int:
    started = monotonic()
    for chunk in source:
        if source.is_recording:
            wait(started + source.at / arguments.speed)
        write(recording.line(source.at, chunk) if arguments.json else chunk)
    return 0


def wait(until: float) -> None:
    """Return at the time `until` of the monotonic clock."""
    while (delay := until - monotonic()) > 0:
        sleep(min(delay, _LONGEST_SLEEP))

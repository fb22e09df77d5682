"""``sse-events record``: keep a stream with its times while it passes through."""

from __future__ import annotations

import argparse
import os
from datetime import datetime, timezone
from typing import Any

from sse_events.cli import recording
from sse_events.cli.errors import CommandError
from sse_events.cli.inputs import add_arguments, open_source
from sse_events.cli.output import STDOUT, complain, counted, json_lines, note, write
from sse_events.cli.source import Source

ARGUMENTS = "RECORDING [FILE]"
DESCRIPTION = (
    "Write a stream into a recording, with the times at which it arrives, and pass it on unchanged: "
    "`curl -N … | sse-events record run.jsonl | sse-events chat`. Every command reads recordings."
)
EPILOG = "A recording is a file of JSON lines. One that was cut short stays readable."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subcommand."""
    parser.add_argument("recording", metavar="RECORDING", help="the file to write")
    add_arguments(parser, several=False)
    parser.add_argument("--force", action="store_true", help="replace the file if it is there")
    parser.add_argument(
        "--json",
        action="store_true",
        help="write the summary as one JSON line, to standard error as well: standard output has the stream",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="do not pass the stream on")


def run(arguments: argparse.Namespace) -> int:
    """Record the input; return the exit status."""
    source = open_source(arguments.file, arguments)
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if arguments.force else os.O_EXCL)
    try:
        descriptor = os.open(arguments.recording, flags, 0o666)
    except FileExistsError:
        source.close()
        raise CommandError(f"{arguments.recording}: the file exists (--force replaces it)", 2) from None
    except OSError as error:
        source.close()
        raise CommandError(f"{arguments.recording}: {error.strerror}", 2) from None
    try:
        return _record(source, descriptor, arguments)
    except CommandError:
        if not (source.head or arguments.force):
            os.unlink(arguments.recording)  # nothing came, and the next attempt would refuse to replace the file
        raise
    finally:
        source.close()
        os.close(descriptor)


def _record(source: Source, descriptor: int, arguments: argparse.Namespace) -> int:
    started = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    chunks = size = 0
    how = "interrupted"

    def keep(line: bytes) -> None:
        try:
            write(line, descriptor)
        except OSError as error:
            raise CommandError(f"{arguments.recording}: {error.strerror}") from None

    keep(recording.header(started))
    try:
        for chunk in source:
            keep(recording.line(source.at, chunk))
            chunks += 1
            size += len(chunk)
            if not arguments.quiet:
                write(chunk, STDOUT)
        how = "closed"
    finally:
        keep(recording.end(source.at, how))
        received = {"recording": arguments.recording, "chunks": chunks, "bytes": size}
        _sum_up({**received, "seconds": round(source.at, 6), "end": how}, as_json=arguments.json)
    return 0


def _sum_up(summary: dict[str, Any], *, as_json: bool) -> None:
    if not summary["chunks"] and summary["end"] == "interrupted":
        return  # the error that interrupted it is the only message
    if as_json:
        note(json_lines([summary]).decode().rstrip("\n"))
        return
    received = f"{counted(summary['chunks'], 'chunk')}, {counted(summary['bytes'], 'byte')}"
    complain(f"{summary['recording']}: {received}, {summary['seconds']:.2f} s, {summary['end']}")

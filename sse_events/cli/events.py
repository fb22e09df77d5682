"""``sse-events events``: the events of any stream as JSON lines."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from io import FileIO
from typing import Any

from sse_events.cli.output import json_line, write
from sse_events.cli.source import chunks
from sse_events.events import Comment, Event, UnknownField
from sse_events.iterate import iter_events
from sse_events.parser import WireParser

DESCRIPTION = "Write each event of a stream as one JSON line with data, event, id and retry."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subcommand."""
    parser.add_argument(
        "--comments",
        action="store_true",
        help='also write comments, as {"comment": text}, and unknown fields, as {"field": name, "value": text}',
    )


def run(arguments: argparse.Namespace, file: FileIO) -> int:
    """Write the events of `file`; return the exit status."""
    values: Iterator[Event | Comment | UnknownField] = (
        iter_events(chunks(file), into=WireParser()) if arguments.comments else iter_events(chunks(file))
    )
    for value in values:
        write(json_line(shape(value)))
    return 0


def shape(value: Event | Comment | UnknownField) -> Any:
    """What is written of `value`."""
    if isinstance(value, Comment):
        return {"comment": value.text}
    if isinstance(value, UnknownField):
        return {"field": value.name, "value": value.value}
    return value

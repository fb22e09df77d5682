"""``sse-events events``: the events of any stream as JSON lines."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from time import monotonic
from typing import Any

import msgspec
from msgspec.structs import asdict

from sse_events.cli.inputs import add_arguments, each_source, is_url
from sse_events.cli.output import STDOUT, complain, json_lines, shown, write
from sse_events.cli.recognise import describe
from sse_events.cli.source import Source
from sse_events.events import Comment, Event, UnknownField
from sse_events.parser import Parser, WireParser

DESCRIPTION = "Write each event of a stream as one JSON line with data, event, id and retry."
EPILOG = "The exit status is 0 if the input is an event stream, and 1 if it is not."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subcommand."""
    add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="JSON lines, which is the default")
    parser.add_argument("--type", action="append", metavar="NAME", help="only events of this type; may be repeated")
    parser.add_argument(
        "--field", metavar="PATH", help="only this field of the JSON in data, such as choices.0.delta.content"
    )
    parser.add_argument("--last-id", default="", metavar="ID", help="only the events after the one with this ID")
    parser.add_argument(
        "--reconnect",
        action="store_true",
        help="of a URL: connect again when the connection is lost, after the last ID",
    )
    parser.add_argument("--time", action="store_true", help="add when each event arrived, and the gap before it")
    parser.add_argument(
        "--comments",
        action="store_true",
        help='also write comments, as {"comment": text}, and unknown fields, as {"field": name, "value": text}',
    )


def validate(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Refuse options that contradict each other."""
    if arguments.field is not None and (arguments.comments or arguments.time):
        parser.error("--field writes values only, without --comments and --time")
    if arguments.reconnect and not (len(arguments.files) == 1 and is_url(arguments.files[0])):
        parser.error("--reconnect needs one URL")


def run(arguments: argparse.Namespace) -> int:
    """Write the events of each input; return the exit status."""
    if arguments.reconnect:
        return _follow(arguments)
    return each_source(arguments, lambda source: _run(arguments, source))


def _run(arguments: argparse.Namespace, source: Source) -> int:
    machine: Any = (WireParser if arguments.comments else Parser)(max_event_bytes=arguments.max_event_bytes)
    # For a URL the server itself leaves out what comes before the ID.
    selection = Selection(arguments.type, "" if is_url(source.name) else arguments.last_id)
    writer = _Writer(arguments)
    count = 0
    for chunk in source:
        values = machine.feed(chunk)
        count += len(values)
        writer.write(selection.of(values), source.at)
    # If a blank line completes an event now, it was missing.
    if any(isinstance(value, Event) for value in machine.feed(b"\n\n")):
        complain("the last event has no blank line after it: it is discarded, as the standard says")
    machine.close()
    if not count and (described := describe(source.head)):
        complain(described)
        return 1
    if arguments.time and not source.timed:
        complain("the times are those of reading: `sse-events record` keeps the times of a live stream")
    if selection.is_waiting:
        complain(f"no event has the ID {arguments.last_id!r}")
        return 1
    return 0


def _follow(arguments: argparse.Namespace) -> int:
    from sse_events.cli import reconnecting

    selection, writer, started = Selection(arguments.type, ""), _Writer(arguments), monotonic()
    for event in reconnecting.events(arguments.files[0], arguments):
        writer.write(selection.of([event]), monotonic() - started)
    return 0


class _Writer:
    """Writes events in the form that the arguments ask for."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        self._before = 0.0

    def write(self, values: list[Any], at: float) -> None:
        """Write what arrived at `at`, in seconds after the start."""
        if not values:
            return
        if self._arguments.field is not None:
            write("".join(_field_lines(values, self._arguments.field)).encode("utf-8", "replace"))
        elif self._arguments.time:
            write(json_lines(self._timed(values, at)))
        else:
            write(json_lines([_shape(value) for value in values] if self._arguments.comments else values))

    def _timed(self, values: list[Any], at: float) -> list[dict[str, Any]]:
        """The values with the seconds since the start and since the previous event."""
        second = round(at, 6)
        shapes = [_shape(value) for value in values]
        lines = [{"at": second, "gap": 0.0, **(asdict(shape) if type(shape) is Event else shape)} for shape in shapes]
        lines[0]["gap"] = round(at - self._before, 6)  # the others arrived together with the first
        self._before = at
        return lines


class Selection:
    """The events that are asked for.

    Args:
        types: The event types, or None for all.
        last_id: The ID of the event before the first one that is wanted; ``""`` for all.
    """

    def __init__(self, types: list[str] | None, last_id: str) -> None:
        self._types = types
        self._last_id = last_id
        self.is_waiting: bool = bool(last_id)  # the event with this ID has not come yet

    def of(self, values: list[Any]) -> list[Any]:
        """Those of `values` that are asked for."""
        if self.is_waiting:
            values = self._after_last_id(values)
        if self._types is not None:
            values = [value for value in values if isinstance(value, Event) and value.event in self._types]
        return values

    def _after_last_id(self, values: list[Any]) -> list[Any]:
        for number, value in enumerate(values):
            # The ID persists, so the events after it may have it too: the block that set it is the first of them.
            if isinstance(value, Event) and value.id == self._last_id:
                self.is_waiting = False
                return values[number + 1 :]
        return []


def _shape(value: Event | Comment | UnknownField) -> Any:
    if isinstance(value, Comment):
        return {"comment": value.text}
    if isinstance(value, UnknownField):
        return {"field": value.name, "value": value.value}
    return value


def _field_lines(events: Iterable[Event], path: str) -> Iterable[str]:
    """The values at `path`, one per line: text as it is, anything else as JSON. Events without `path` are left out."""
    terminal = os.isatty(STDOUT)
    # A name of digits is a position in a list, and a name in an object.
    steps = [(name, int(name) if name.isdecimal() else None) for name in path.split(".")]
    for event in events:
        try:
            value = event.json()
            for name, position in steps:
                value = value[position] if position is not None and isinstance(value, list) else value[name]
        except (msgspec.DecodeError, LookupError, TypeError):
            continue
        if isinstance(value, str):
            yield f"{shown(value)}\n" if terminal else f"{value}\n"
        else:
            yield json_lines([value]).decode()

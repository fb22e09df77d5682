"""The arguments that say what is read, shared by the subcommands."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing

from sse_events.chat.dialects import DIALECTS
from sse_events.cli.errors import FAILED, CommandError
from sse_events.cli.output import complain, note
from sse_events.cli.source import FileSource, Source
from sse_events.cli.web import UrlSource, add_request_options
from sse_events.errors import EventTooLarge

_MAX_SECONDS = 1e6  # of a wait: time.sleep raises OverflowError past about 1e10


def add_arguments(parser: argparse.ArgumentParser, *, several: bool = True) -> None:
    """Add the arguments that say what is read.

    Args:
        parser: The subcommand's parser.
        several: Whether the subcommand reads several inputs.
    """
    where = "a file, a URL, or - for standard input (the default)"
    if several:
        parser.add_argument("files", nargs="*", default=["-"], metavar="FILE", help=where)
    else:
        parser.add_argument("file", nargs="?", default="-", metavar="FILE", help=where)
    add_input_options(parser)


def add_input_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how inputs are read."""
    parser.add_argument(
        "--entry", type=positive, metavar="N", help="of a HAR file or a cassette, read the Nth response"
    )
    parser.add_argument(
        "--max-event-bytes",
        type=byte_count,
        default=16 * 1024 * 1024,
        metavar="N",
        help="the largest event that is read: 16M by default; 0 for no limit",
    )
    add_request_options(parser)


def add_dialect(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the dialect of a chat stream."""
    parser.add_argument(
        "--dialect",
        choices=("auto", *DIALECTS),
        default="auto",
        metavar="NAME",
        help=f"read this dialect: {', '.join(DIALECTS)}. The default, auto, detects it",
    )


def positive(text: str) -> int:
    """The argument as a number from 1."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def port(text: str) -> int:
    """The argument as a TCP port; 0 for a free one."""
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError(text)
    return number


def speed(text: str) -> float:
    """The argument as a factor above 0. It may be ``inf``."""
    number = float(text)
    if not number > 0:
        raise ValueError(text)
    return number


def seconds(text: str) -> float:
    """The argument as a time of 0 or more seconds."""
    number = float(text)
    if not 0 <= number <= _MAX_SECONDS:
        raise ValueError(text)
    return number


def error_status(text: str) -> int:
    """The argument as an HTTP status that refuses a request."""
    number = int(text)
    if not 400 <= number <= 599:
        raise ValueError(text)
    return number


def byte_count(text: str) -> int | None:
    """The argument (``65536``, ``64K``, ``16M``) as a number of bytes; None for ``0``."""
    scale = {"K": 1024, "M": 1024**2, "G": 1024**3}.get(text[-1:].upper(), 1)
    number = int(text[:-1] if scale > 1 else text) * scale
    if number < 0:
        raise ValueError(text)
    return number or None


def each_source(arguments: argparse.Namespace, run: Callable[[Source], int]) -> int:
    """Run a subcommand on each input that the arguments name; return the highest exit status."""
    status = 0
    for path in arguments.files:
        if len(arguments.files) > 1 and not getattr(arguments, "json", False):
            note(f"==> {path} <==")
        try:
            with closing(open_source(path, arguments)) as source:
                status = max(status, run(source))
        except CommandError as error:
            complain(str(error), "red")
            status = max(status, error.status)
        except EventTooLarge as error:
            complain(f"{error}: --max-event-bytes raises the limit", "red")
            status = max(status, FAILED)
    return status


def open_source(path: str, arguments: argparse.Namespace) -> Source:
    """One input.

    Raises:
        CommandError: It cannot be opened.
    """
    if is_url(path):
        return UrlSource(path, arguments)
    return FileSource(path, entry=arguments.entry)


def is_url(path: str) -> bool:
    """True if an input is read over HTTP."""
    return path.startswith(("http://", "https://"))

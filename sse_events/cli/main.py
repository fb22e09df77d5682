"""The command line: which subcommand runs, and the exit status.

Bytes are read as they arrive, and every value is written as soon as its last byte arrives, so the command can stand at
the end of ``curl -N``. Output is UTF-8, whatever the locale.

The exit status is 0 if all went well, 1 after an error in the stream or a truncated stream, 2 for misuse (a file
that cannot be opened included), 130 after Ctrl-C, and 141 when the reader of the output has gone, as in a shell.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from io import FileIO

from sse_events.cli.output import complain
from sse_events.cli.source import open_input
from sse_events.errors import SSEError

FAILED = 1
MISUSE = 2
INTERRUPTED = 130  # 128 + SIGINT
READER_GONE = 141  # 128 + SIGPIPE

COMMANDS = {
    "chat": "a stream of an LLM provider as text, or as JSON lines",
    "events": "the events of any stream as JSON lines",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Args:
        argv: The arguments after the command's name; those of the process by default.

    Raises:
        SystemExit: After ``--help`` and ``--version``, and when the arguments are wrong.
    """
    try:
        arguments = parse(sys.argv[1:] if argv is None else argv)
        try:
            file = open_input(arguments.file)
        except OSError as error:
            complain(f"{arguments.file}: {error.strerror}")
            return MISUSE
        with file:
            run: Callable[[argparse.Namespace, FileIO], int] = arguments.run
            return run(arguments, file)
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        return READER_GONE
    except (SSEError, OSError) as error:
        complain(getattr(error, "strerror", None) or str(error))
        return FAILED


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments; `run` is the subcommand's function. Only the modules of subcommands named in `argv` are imported.

    Raises:
        SystemExit: After ``--help`` and ``--version``, and when the arguments are wrong.
    """
    parser = argparse.ArgumentParser(
        prog="sse-events",
        description="Read Server-Sent Events from a file or standard input, as they arrive.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    checks: list[Callable[[argparse.Namespace], None]] = []
    for name, summary in COMMANDS.items():
        subparser = commands.add_parser(name, help=summary)
        if name in argv:
            module = import_module(f"sse_events.cli.{name}")
            subparser.description = module.DESCRIPTION
            subparser.set_defaults(run=module.run)
            module.configure(subparser)
            subparser.add_argument(
                "file", nargs="?", default="-", metavar="FILE", help="standard input by default, or for -"
            )
            if hasattr(module, "check"):
                checks.append(partial(module.check, subparser))
    try:
        arguments = parser.parse_args(argv)
        for check in checks:
            check(arguments)
    except SystemExit:
        _flush_help()
        raise
    return arguments


class _Version(argparse.Action):
    """Shows the version. argparse's own action would read it at every start."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"sse-events {version('sse_events')}")
        parser.exit()


def _flush_help() -> None:
    """Flush what argparse printed. If its reader has gone, Python would print an error about that at exit."""
    if sys.stdout is not None:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise

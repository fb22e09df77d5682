"""The command line: which subcommand runs, and the exit status.

Bytes are read as they arrive, and every value is written as soon as its last byte arrives, so the command works at the
end of ``curl -N``. Output is UTF-8, whatever the locale.

The exit status is 0 if all went well, and 1 after an error in the stream or a truncated stream. It is 2 for wrong
arguments and files that cannot be opened, 130 after Ctrl-C, and 141 when the reader of the output has gone, as in a
shell.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

from sse_events import __version__
from sse_events.cli.errors import FAILED, CommandError
from sse_events.cli.output import complain
from sse_events.errors import SSEError

INTERRUPTED = 130  # 128 + SIGINT
READER_GONE = 141  # 128 + SIGPIPE

SHELLS = ("bash", "zsh", "fish")

COMMANDS = {
    "chat": "show the answer in a provider's chat stream",
    "events": "write the events of any stream as JSON lines",
    "check": "find what departs from the standard or the dialect",
    "stats": "measure time to first token, tokens per second, gaps",
    "record": "keep a stream with its times while it passes",
    "replay": "play a recording at its own speed",
    "serve": "answer HTTP requests with recorded streams",
    "diff": "compare two answers by meaning",
    "convert": "write an answer in another dialect",
    "plot": "draw an answer over time",
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
        run: Callable[[argparse.Namespace], int] = arguments.run
        return run(arguments)
    except CommandError as error:
        complain(str(error))
        return error.status
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        return READER_GONE
    except SSEError as error:
        complain(str(error))
        return FAILED
    except OSError as error:
        # Input that cannot be read is a CommandError, so this is the output.
        complain(f"cannot write: {error.strerror}")
        return FAILED


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments; `run` is the subcommand's function. Only the module of the subcommand is imported.

    Raises:
        SystemExit: After ``--help`` and ``--version``, and when the arguments are wrong.
    """
    try:
        if not argv or argv[0] not in COMMANDS:
            return _overview().parse_args(argv)
        parser, module = command(argv[0])
        arguments = parser.parse_intermixed_args(argv[1:])
        if hasattr(module, "validate"):
            module.validate(parser, arguments)
    except SystemExit:
        _flush_help()
        raise
    arguments.run = module.run
    return arguments


def command(name: str) -> tuple[argparse.ArgumentParser, ModuleType]:
    """The parser of one subcommand, and its module."""
    module = import_module(f"sse_events.cli.{name}")
    parser = argparse.ArgumentParser(
        prog=f"sse-events {name}",
        # argparse's own usage line lists every option, and does not fit into a narrow terminal.
        usage=f"%(prog)s [OPTIONS]\n       {getattr(module, 'ARGUMENTS', '[FILE ...]')}",
        description=module.DESCRIPTION,
        epilog=module.EPILOG,
        allow_abbrev=False,
    )
    module.configure(parser)
    return parser, module


def _overview() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sse-events",
        usage="%(prog)s COMMAND [OPTIONS] ...",
        description="Read Server-Sent Events and LLM chat streams, from files and as they arrive.",
        epilog="`sse-events COMMAND -h` shows the options of a command.",
    )
    parser.add_argument("--version", action="version", version=f"sse-events {__version__}", help="show the version")
    parser.add_argument(
        "--completion",
        action=_Completion,
        choices=SHELLS,
        metavar="SHELL",
        help=f"print a completion script and exit: {', '.join(SHELLS)}",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        commands.add_parser(name, help=summary)
    return parser


class _Completion(argparse.Action):
    """Prints the completion script of a shell."""

    def __call__(self, parser: argparse.ArgumentParser, _: object, shell: Any, *__: object) -> None:
        from sse_events.cli.completion import script

        print(script(shell, parser, {name: command(name)[0] for name in COMMANDS}), end="")
        parser.exit()


def _flush_help() -> None:
    """Flush what argparse printed. If its reader has gone, Python would print an error about that at exit."""
    if sys.stdout is not None:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise

"""Where the bytes come from: files, standard input and URLs, as they arrive."""

from __future__ import annotations

import argparse
import os
import select
import stat
import time
from collections.abc import Callable, Iterator
from io import FileIO

from sse_events.cli.containers import unwrap
from sse_events.cli.errors import MISUSE, CommandError
from sse_events.cli.output import STDIN, complain, note
from sse_events.cli.recording import Arrival

READ_BYTES = 64 * 1024  # the capacity of a Linux pipe: more never arrives at once
HEAD_BYTES = 64 * 1024  # what is kept to say what an input is: as much as the chat layer keeps


class Source:
    """The bytes of one input, an iterable of chunks.

    gzip is decompressed, and a recording, a HAR file or a cassette gives the stream that it holds.

    Args:
        name: What the user calls it.
        arrivals: Its chunks, with the seconds after the start at which each arrived.
        live: The chunks arrive while they are read: a pipe or a URL.
        entry: Which response of a HAR file or a cassette is wanted, from 1.

    Attributes:
        at: When the last chunk arrived, in seconds after the start.
        timed: True if `at` says when the server sent it: the input is live, or a recording.
        head: The first 64 KiB of the stream.
    """

    def __init__(self, name: str, arrivals: Iterator[Arrival], *, live: bool, entry: int | None = None) -> None:
        self.name = name
        self.at = 0.0
        self.timed = live
        self.head = b""
        self._arrivals = arrivals
        self._entry = entry

    def __iter__(self) -> Iterator[bytes]:
        recorded, arrivals = unwrap(self._arrivals, self._entry)
        self.timed = self.timed or recorded
        for self.at, chunk in arrivals:
            if len(self.head) < HEAD_BYTES:
                self.head += chunk[: HEAD_BYTES - len(self.head)]
            yield chunk

    def stop_when_silent(self) -> None:
        """Nothing more is needed: the iterator ends as soon as the input is silent for a moment."""


class FileSource(Source):
    """A file or standard input.

    Args:
        path: A file, or ``-`` for standard input.
        entry: As in `Source`.

    Raises:
        CommandError: The file cannot be opened.
    """

    def __init__(self, path: str, *, entry: int | None = None) -> None:
        try:
            self._file = FileIO(STDIN, closefd=False) if path == "-" else FileIO(path)
            mode = os.fstat(self._file.fileno()).st_mode
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", MISUSE) from None
        if self._file.isatty():
            complain("reading from the terminal: end with Ctrl-D, or name a FILE")
        self._patience: float | None = None  # seconds to wait for the next chunk; None waits for ever
        self._is_file = stat.S_ISREG(mode)
        super().__init__(path, self._read(), live=not self._is_file, entry=entry)

    def stop_when_silent(self) -> None:
        """End soon: `cat a.sse b.sse` has more at once, and a connection that stays open after its answer has not."""
        self._patience = 0.25

    def _read(self) -> Iterator[Arrival]:
        started = time.monotonic()
        with self._file as file:
            while True:
                if (
                    self._patience is not None
                    and not self._is_file
                    and not select.select([file], [], [], self._patience)[0]
                ):
                    return
                try:
                    chunk = file.read(READ_BYTES)
                except OSError as error:
                    raise CommandError(f"{self.name}: {error.strerror}") from None
                if chunk is None:
                    # Another program that shares this pipe or terminal made it non-blocking, and nothing has arrived.
                    select.select([file], [], [])
                elif chunk:
                    yield time.monotonic() - started, chunk
                else:
                    return


def add_arguments(parser: argparse.ArgumentParser, *, several: bool = True) -> None:
    """Add the arguments that say what is read.

    Args:
        parser: The subcommand's parser.
        several: Whether the subcommand reads several inputs.
    """
    where = "a file, or - for standard input (the default)"
    if several:
        parser.add_argument("files", nargs="*", default=["-"], metavar="FILE", help=where)
    else:
        parser.add_argument("file", nargs="?", default="-", metavar="FILE", help=where)
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


def positive(text: str) -> int:
    """A number from 1, of an argument."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def byte_count(text: str) -> int | None:
    """A number of bytes, of an argument such as ``65536``, ``64K`` or ``16M``; None for ``0``."""
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
            status = max(status, run(open_source(path, arguments)))
        except CommandError as error:
            complain(str(error))
            status = max(status, error.status)
    return status


def open_source(path: str, arguments: argparse.Namespace) -> Source:
    """One input.

    Raises:
        CommandError: It cannot be opened.
    """
    return FileSource(path, entry=arguments.entry)

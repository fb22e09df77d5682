"""Where the bytes come from: files, standard input and URLs, as they arrive."""

from __future__ import annotations

import os
import select
import stat
import time
from collections.abc import Iterator
from io import FileIO

from sse_events.cli.containers import unwrap
from sse_events.cli.errors import MISUSE, CommandError
from sse_events.cli.output import STDIN, complain
from sse_events.cli.progress import progress
from sse_events.cli.recording import Arrival

READ_BYTES = 64 * 1024  # the capacity of a Linux pipe: more never arrives at once
HEAD_BYTES = 64 * 1024  # kept to say what an input is; the chat layer keeps as much


class Source:
    """The bytes of one input, an iterable of chunks.

    gzip is decompressed, and a recording, a HAR file or a cassette gives the stream that it holds.

    Args:
        name: What the user calls it.
        arrivals: Its chunks, each with its arrival time in seconds after the start.
        live: The chunks arrive while they are read: a pipe or a URL.
        entry: Which response of a HAR file or a cassette is wanted, from 1.

    Attributes:
        at: When the last chunk arrived, in seconds after the start.
        timed: True if `at` says when the server sent it: the input is live, or a recording.
        is_recording: True if `at` comes from a recording. It is known with the first chunk.
        head: The first 64 KiB of the stream.
        content_type: The Content-Type that the server sent; None if the input is not a response.
    """

    def __init__(self, name: str, arrivals: Iterator[Arrival], *, live: bool, entry: int | None = None) -> None:
        self.name = name
        self.at: float = 0.0
        self.timed: bool = live
        self.is_recording: bool = False
        self.head: bytes = b""
        self.content_type: str | None = None
        self._arrivals = arrivals
        self._entry = entry

    def __iter__(self) -> Iterator[bytes]:
        self.is_recording, arrivals = unwrap(self._arrivals, self._entry)
        self.timed = self.timed or self.is_recording
        for self.at, chunk in arrivals:
            if len(self.head) < HEAD_BYTES:
                self.head += chunk[: HEAD_BYTES - len(self.head)]
            yield chunk

    def close(self) -> None:
        """Close the input."""

    def stop_when_silent(self, finished: bool) -> None:
        """Set whether an answer is finished. If so, the iterator ends as soon as the input is silent for a moment."""


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
            status = os.fstat(self._file.fileno())
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", MISUSE) from None
        if self._file.isatty():
            complain("reading from the terminal: end with Ctrl-D, or name a FILE")
        self._patience: float | None = None  # seconds to wait for the next chunk; None waits for ever
        self._is_file = stat.S_ISREG(status.st_mode)
        self._progress = progress(status.st_size) if self._is_file else None
        super().__init__(path, self._read(), live=not self._is_file, entry=entry)

    def stop_when_silent(self, finished: bool) -> None:
        """After an answer, end soon. `cat a.sse b.sse` sends more at once; a connection that stays open does not."""
        self._patience = 0.25 if finished else None

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        if self._progress is not None:
            self._progress.close()

    def _read(self) -> Iterator[Arrival]:
        started = time.monotonic()
        while not self._is_over():
            try:
                chunk = self._file.read(READ_BYTES)
            except OSError as error:
                raise CommandError(f"{self.name}: {error.strerror}") from None
            if chunk is None:
                # Another program that shares this pipe or terminal made it non-blocking, and nothing has arrived.
                select.select([self._file], [], [])
            elif chunk:
                if self._progress is not None:
                    self._progress.update(self._file.tell())
                yield time.monotonic() - started, chunk
            else:
                return

    def _is_over(self) -> bool:
        if self._patience is None or self._is_file:
            return False
        return not select.select([self._file], [], [], self._patience)[0]

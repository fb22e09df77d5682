"""Where the bytes come from: a file or standard input, as they arrive."""

from __future__ import annotations

import select
from collections.abc import Iterator
from io import FileIO

from sse_events.cli.output import STDIN

READ_BYTES = 64 * 1024  # the capacity of a Linux pipe: more never arrives at once


def open_input(path: str) -> FileIO:
    """The input, unbuffered: a read returns what has arrived and does not wait for a full block.

    Args:
        path: A file, or ``-`` for standard input.

    Raises:
        OSError: The file cannot be opened.
    """
    if path == "-":
        return FileIO(STDIN, closefd=False)
    return FileIO(path)


def chunks(file: FileIO) -> Iterator[bytes]:
    """The bytes of `file`, as they arrive."""
    while (chunk := file.read(READ_BYTES)) != b"":
        if chunk is None:
            # Another program that shares this pipe or terminal made it non-blocking, and nothing has arrived.
            select.select([file], [], [])
        else:
            yield chunk

"""A progress bar on standard error, for long files whose output goes elsewhere."""

from __future__ import annotations

import os
from time import monotonic

from sse_events.cli.output import STDERR, STDOUT, before_note, is_styled, write

MIN_BYTES = 4 * 1024 * 1024
_REFRESH_SECONDS = 0.1
_WIDTH = 30


class Progress:
    """Shows how much of a file was read.

    Args:
        total: The size of the file, in bytes.
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._drawn = monotonic()
        self._visible = False
        before_note.append(self._remove)

    def update(self, done: int) -> None:
        """`done` bytes were read."""
        now = monotonic()
        if now - self._drawn >= _REFRESH_SECONDS:
            self._drawn = now
            self._visible = True
            full = min(done * _WIDTH // self._total, _WIDTH)
            bar = "━" * full + " " * (_WIDTH - full)
            write(f"\r{bar} {done * 100 // self._total:3} %".encode(), STDERR)

    def close(self) -> None:
        """Remove the bar for good."""
        before_note.remove(self._remove)
        self._remove()

    def _remove(self) -> None:
        if self._visible:
            self._visible = False
            write(b"\r\x1b[K", STDERR)


def progress(size: int) -> Progress | None:
    """A bar for a file of `size` bytes. None if the file is short, or if the terminal is needed for the output."""
    if size < MIN_BYTES or not is_styled(STDERR) or os.isatty(STDOUT):
        return None
    return Progress(size)

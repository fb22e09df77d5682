r"""Recordings: a line-based file of the chunks of a stream and when they arrived.

The first line is the header ``{"sse_events_recording": 1, "started": "2026-11-26T14:27:19Z"}``. Every other line is
one chunk: ``{"at": 0.251, "data": "data: {}\n\n"}``. `at` is in seconds after the start. A chunk that is not UTF-8 (a
character may be cut between two chunks) has ``base64`` instead of ``data``. The last line is ``{"at": 3.2, "end":
"closed"}``; without it the recording was cut. A line that is cut short is ignored, so a cut file stays readable.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import msgspec

from sse_events.cli.errors import CommandError

Arrival: TypeAlias = tuple[float, bytes]  # seconds after the start, and the chunk

MARK = b'{"sse_events_recording":'
_VERSION = 1


class _Line(msgspec.Struct):
    at: float = 0.0
    data: str | None = None
    base64: str | None = None
    end: str | None = None


_decode = msgspec.json.Decoder(_Line).decode


def header(started: str) -> bytes:
    """The first line of a recording.

    Args:
        started: The date and time of its start, in ISO 8601.
    """
    return msgspec.json.encode({"sse_events_recording": _VERSION, "started": started}) + b"\n"


def line(at: float, chunk: bytes) -> bytes:
    """The line of one chunk."""
    try:
        content: dict[str, Any] = {"at": round(at, 6), "data": chunk.decode()}
    except UnicodeDecodeError:
        content = {"at": round(at, 6), "base64": base64.b64encode(chunk).decode()}
    return msgspec.json.encode(content) + b"\n"


def end(at: float, how: str) -> bytes:
    """The last line: the stream was `how`, ``closed`` or ``interrupted``."""
    return msgspec.json.encode({"at": round(at, 6), "end": how}) + b"\n"


def arrivals(chunks: Iterable[bytes]) -> Iterator[Arrival]:
    """The chunks that a recording holds, with their times.

    Raises:
        CommandError: The recording is of an unknown version, or one of its lines is damaged.
    """
    number = 0
    at = 0.0
    for text in _lines(chunks):
        number += 1
        if number == 1:
            _check_header(text)
            continue
        try:
            read = _decode(text)
            at = max(at, read.at)  # time does not go back, whatever an edited file says
            if read.data is not None:
                yield at, read.data.encode()
            elif read.base64 is not None:
                yield at, base64.b64decode(read.base64, validate=True)
        except ValueError:
            raise CommandError(f"line {number} of the recording is damaged") from None


def _check_header(text: bytes) -> None:
    try:
        version = msgspec.json.decode(text)["sse_events_recording"]
    except (ValueError, RecursionError):
        version = None
    if version != _VERSION:
        raise CommandError(f"the recording is of version {version}, and this release reads version {_VERSION}")


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines that are complete. The rest at the end was cut, and is ignored."""
    rest = bytearray()
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        rest += first
        for other in others:
            yield bytes(rest)
            rest[:] = other

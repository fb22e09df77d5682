"""The file format of recordings."""

from __future__ import annotations

import json

import pytest

from sse_events.cli.errors import CommandError
from sse_events.cli.recording import arrivals, end, header, line

CHUNKS = [(0.0, b"data: 1\r\n\r\n"), (0.25, "ü".encode()[:1]), (0.5, "ü".encode()[1:]), (0.75, bytes(range(256)))]
RECORDING = header("2026-11-26T14:27:19Z") + b"".join(line(at, chunk) for at, chunk in CHUNKS) + end(1.0, "closed")


def test_round_trip() -> None:
    """Byte for byte, however the file is cut."""
    assert list(arrivals([RECORDING])) == CHUNKS
    assert list(arrivals([bytes([byte]) for byte in RECORDING])) == CHUNKS


def test_lines_are_json() -> None:
    first, second, *_, last = map(json.loads, RECORDING.splitlines())
    assert first == {"sse_events_recording": 1, "started": "2026-11-26T14:27:19Z"}
    assert second == {"at": 0.0, "data": "data: 1\r\n\r\n"}
    assert last == {"at": 1.0, "end": "closed"}


@pytest.mark.parametrize("length", range(len(RECORDING)))
def test_a_cut_file_stays_readable(length: int) -> None:
    whole = list(arrivals([RECORDING[:length]]))
    assert whole == CHUNKS[: len(whole)]
    assert len(whole) >= RECORDING[:length].count(b"\n") - 2


DAMAGED = {
    "a version to come": (b'{"sse_events_recording": 2}\n', "version 2, and this release reads version 1"),
    "a broken header": (b'{"sse_events_recording": \n', "version None"),
    "a line that is not JSON": (header("") + b"oops\n", "line 2"),
    "a line that is not UTF-8": (header("") + b'{"data": "\xff"}\n', "line 2"),
    "half a surrogate pair": (header("") + b'{"data": "\\ud83d"}\n', "line 2"),
    "text for a time": (header("") + line(0, b"") + b'{"at": "x"}\n', "line 3"),
    "base64 that is not": (header("") + b'{"at": 0, "base64": "!"}\n', "line 2"),
}


@pytest.mark.parametrize(("data", "reason"), DAMAGED.values(), ids=DAMAGED)
def test_damaged(data: bytes, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        list(arrivals([data]))


def test_time_does_not_go_back() -> None:
    data = header("") + line(2.0, b"a") + line(1.0, b"b") + line(3.0, b"c")
    assert [at for at, _ in arrivals([data])] == [2.0, 2.0, 3.0]

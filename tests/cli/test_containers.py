"""What holds a stream is recognised by content, and no stream is mistaken for a container."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

import pytest

from sse_events.cli import recording
from sse_events.cli.containers import unwrap
from sse_events.cli.errors import CommandError

STREAM = b"id: 1\ndata: a\n\n"
RECORDING = recording.header("") + recording.line(0.5, STREAM)
HAR = json.dumps({"log": {"entries": [{"response": {"content": {"text": STREAM.decode()}}}]}}, indent=2).encode()
CONTAINERS = {
    "a stream": (STREAM, False, 0.0),
    "a stream that begins with a blank line": (b"\n" + STREAM, False, 0.0),
    "gzip": (gzip.compress(STREAM), False, 0.0),
    "a recording": (RECORDING, True, 0.5),
    "a recording in gzip": (gzip.compress(RECORDING), True, 0.5),
    "a HAR file": (HAR, False, 0.0),
    "JSON": (b'{"log": 1}', False, 0.0),
    "a long line": (b"data: " + b"x" * 10_000, False, 0.0),
    "nothing": (b"", False, 0.0),
}


def pieces(data: bytes, size: int) -> Iterator[tuple[float, bytes]]:
    return ((0.0, data[at : at + size]) for at in range(0, len(data), size))


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
@pytest.mark.parametrize(("data", "recorded", "at"), CONTAINERS.values(), ids=CONTAINERS)
def test_unwrap(data: bytes, recorded: bool, at: float, size: int) -> None:
    timed, arrivals = unwrap(pieces(data, size))
    chunks = list(arrivals)
    assert timed is recorded
    assert b"".join(chunk for _, chunk in chunks) in (STREAM, data)
    assert {moment for moment, _ in chunks} <= {at}


def test_only_the_first_line_is_waited_for() -> None:
    def live() -> Iterator[tuple[float, bytes]]:
        yield 0.0, b"data: a\n"
        raise AssertionError("the first line had ended")

    _, arrivals = unwrap(live())
    assert next(arrivals) == (0.0, b"data: a\n")


FAULTS = {
    "UTF-16": (STREAM.decode().encode("utf-16"), None, "UTF-16"),
    "gzip that is cut": (gzip.compress(STREAM)[:-3], None, "cut short"),
    "gzip that is damaged": (gzip.compress(STREAM)[:10] + b"\xff" * 20, None, "damaged"),
    "an entry of a stream": (STREAM, 1, "--entry needs a HAR file or a cassette"),
}


@pytest.mark.parametrize(("data", "entry", "reason"), FAULTS.values(), ids=FAULTS)
def test_faults(data: bytes, entry: int | None, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        list(unwrap(pieces(data, 100), entry)[1])

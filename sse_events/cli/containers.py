"""What holds a stream: gzip, a recording, a HAR file or a cassette, recognised by content."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import chain

from sse_events.cli import cassettes, recording
from sse_events.cli.errors import MISUSE, CommandError
from sse_events.cli.recognise import encoding_fault
from sse_events.cli.recording import Arrival

_GZIP = b"\x1f\x8b"
# How many bytes are read to tell a container from a stream. Waiting for the end of the first line delays nothing,
# because no event is complete before it. JSON is never a stream, so more of it can be read first.
_LINE_BYTES = 4096
_JSON_BYTES = 512
_UNPACKED_BYTES = 1024 * 1024  # at a time: a small chunk may unpack to a thousand times its size


def unwrap(arrivals: Iterator[Arrival], entry: int | None = None) -> tuple[bool, Iterator[Arrival]]:
    """The chunks of the stream that `arrivals` holds, and True if a recording gives their times.

    Args:
        arrivals: The chunks of the input. They are passed on as they are if the input is not a container.
        entry: Which response of a HAR file or a cassette is wanted, from 1.

    Raises:
        CommandError: The input cannot be read; the message says what it is.
    """
    first: list[Arrival] = []
    head = b""
    while not _is_enough(head) and (arrival := next(arrivals, None)) is not None:
        first.append(arrival)
        head += arrival[1]
    arrivals = chain(first, arrivals)
    if head.startswith(_GZIP):
        return unwrap(_gunzip(arrivals), entry)
    if fault := encoding_fault(head):
        raise CommandError(fault)
    if head.startswith(recording.MARK):
        return True, recording.arrivals(chunk for _, chunk in arrivals)
    if cassettes.is_cassette(head):
        body = cassettes.body(b"".join(chunk for _, chunk in arrivals), entry)
        return unwrap(iter([(0.0, body)]))
    if entry is not None:
        raise CommandError("--entry needs a HAR file or a cassette, and the input is neither", MISUSE)
    return False, arrivals


def _is_enough(head: bytes) -> bool:
    text = head.lstrip()
    if head.startswith(recording.MARK):
        return b"\n" in head
    if text.startswith((b"{", b"[")):
        return len(head) >= _JSON_BYTES
    return len(head) >= _LINE_BYTES or b"\n" in text or b"\r" in text


def _gunzip(arrivals: Iterator[Arrival]) -> Iterator[Arrival]:
    machine = zlib.decompressobj(wbits=31)
    at = 0.0
    try:
        for at, chunk in arrivals:
            data = chunk
            while data:
                if machine.eof:  # a file may have several members, one after another
                    machine = zlib.decompressobj(wbits=31)
                text = machine.decompress(data, _UNPACKED_BYTES)
                data = machine.unconsumed_tail or machine.unused_data
                if text:
                    yield at, text
    except zlib.error:
        raise CommandError("the gzip data is damaged") from None
    if not machine.eof:
        raise CommandError("the gzip data is cut short")

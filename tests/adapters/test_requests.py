"""What is special in the adapter for requests."""

from __future__ import annotations

import pytest
import requests

from sse_events.adapters.requests import _read_promptly


class Raw:
    """A urllib3 response whose reads are scripted."""

    def __init__(self, *reads: bytes | Exception) -> None:
        self._reads = list(reads)

    @property
    def closed(self) -> bool:
        return not self._reads

    def read1(self, _size: int, **_options: bool) -> bytes:
        read = self._reads.pop(0)
        if isinstance(read, Exception):
            raise read
        return read


def test_a_read_of_nothing_is_not_the_end() -> None:
    """Of a gzip header alone, say, urllib3-future makes an empty read; the end is where the response is closed."""
    response = requests.Response()
    response.raw = Raw(b"", b"", b"data: x", b"", b"\n\n", b"")
    assert b"".join(_read_promptly(response)) == b"data: x\n\n"


def test_urllib3_errors_become_those_of_requests() -> None:
    """As in its own iter_content()."""
    from urllib3 import exceptions

    pairs: list[tuple[Exception, type[Exception]]] = [
        (exceptions.ProtocolError("x"), requests.exceptions.ChunkedEncodingError),
        (exceptions.DecodeError("x"), requests.exceptions.ContentDecodingError),
        (exceptions.ReadTimeoutError(None, "/", "x"), requests.exceptions.ConnectionError),  # type: ignore[arg-type]
        (exceptions.SSLError("x"), requests.exceptions.SSLError),
    ]
    for raised, expected in pairs:
        response = requests.Response()
        response.raw = Raw(raised)
        with pytest.raises(expected) as caught:
            next(_read_promptly(response))
        assert caught.value.__cause__ is raised

"""A body that the client does not decode is refused. A body that it decodes is read."""

from __future__ import annotations

import asyncio
import zlib
from typing import Any

import aiohttp
import pytest

from sse_events.adapters.aiohttp import AsyncEventSource, aiter_events
from sse_events.errors import ResponseError
from sse_events.events import Event
from tests.adapters.clients import Client
from tests.adapters.server import DEADLOCK_SECONDS, OK, Connection, Server, sends

BODY = b"data: x\n\n"
ZSTD = bytes.fromhex("28b52ffd0458490000646174613a20780a0a")  # the magic number, and what a client may fail to decode


def coded(coding: str, body: bytes) -> bytes:
    return (
        OK + f"Content-Encoding: {coding}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
    )


# "exi" is in the registry of HTTP, and no client decodes it.
UNDECODED = [
    ("unknown", "exi"),
    ("upper case", "EXI"),
    ("the outer of two", "gzip, exi"),
    ("the inner of two", "exi, gzip"),
]


@pytest.mark.parametrize("coding", [row[1] for row in UNDECODED], ids=[row[0] for row in UNDECODED])
class TestUndecoded:
    def test_iter_events(self, client: Client, coding: str) -> None:
        with Server(sends(coded(coding, BODY))) as server, pytest.raises(ResponseError) as caught:
            list(client.events(client.get(server.url)))
        assert "which the client does not decode" in str(caught.value)
        assert caught.value.status == 200

    def test_event_source(self, client: Client, coding: str) -> None:
        waits: list[float] = []
        with Server(sends(coded(coding, BODY))) as server, pytest.raises(ResponseError):
            list(client.source(server.url, waits))
        assert waits == []

    def test_unchecked(self, client: Client, coding: str) -> None:
        """The caller may know better than the header."""
        if "gzip" in coding:
            return  # some clients decode the part that they know
        with Server(sends(coded(coding, BODY))) as server:
            assert list(client.events(client.get(server.url), check=False)) == [Event("x")]


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "identity", "", "gzip, identity"])
def test_decoded(client: Client, coding: str) -> None:
    packed = zlib.compressobj(wbits=31)
    body = packed.compress(BODY) + packed.flush() if "gzip" in coding.lower() else BODY
    with Server(sends(coded(coding, body))) as server:
        response = client.get(server.url)
        try:
            assert list(client.events(response)) == [Event("x")]
        except ResponseError as refused:
            # A client need not know "identity" next to another coding.
            assert coding == "gzip, identity"
            assert "does not decode" in str(refused)


def test_zstd_is_decoded_or_refused(client: Client) -> None:
    """It depends on what is installed; the parser never gets the compressed bytes."""
    with Server(sends(coded("zstd", ZSTD))) as server:
        seen: list[Any] = []
        with pytest.raises((ResponseError, *client.lost)):
            seen.extend(client.events(client.get(server.url)))
    assert seen == []


class TestAiohttpWithoutDecompression:
    """`auto_decompress=False` leaves every coding to the caller."""

    def run(self, *, source: bool) -> None:
        packed = zlib.compressobj(wbits=31)
        body = packed.compress(BODY) + packed.flush(zlib.Z_SYNC_FLUSH)

        def script(connection: Connection) -> None:
            connection.send(OK, b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n", body)
            connection.wait_closed()

        async def read(url: str) -> None:
            async with aiohttp.ClientSession(auto_decompress=False) as session:
                events: Any = AsyncEventSource(session, url) if source else aiter_events(await session.get(url))
                await asyncio.wait_for(anext(events), DEADLOCK_SECONDS)

        with Server(script) as server, pytest.raises(ResponseError, match="content encoding 'gzip'"):
            asyncio.run(read(server.url))

    def test_aiter_events(self) -> None:
        """The error comes at once: it does not wait for a body that nobody could read."""
        self.run(source=False)

    def test_event_source(self) -> None:
        self.run(source=True)

"""What the adapters check of a response, and how they read one. Shared by all clients.

Each adapter gives a `Head`, made of its client's response, and the body's chunks as a generator that closes the
response when it is closed.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing
from typing import Any

from msgspec import Struct

from sse_events.errors import ResponseError
from sse_events.iterate import Machine, aiter_events, iter_events

__all__ = ["FirstBytes", "Head", "aread", "read"]

_MAX_BODY_BYTES = 64 * 1024  # what ResponseError keeps: a provider's JSON error fits many times over


class Head(Struct, frozen=True):
    """A response without its body.

    Attributes:
        status: The HTTP status.
        headers: The headers, their names in lower case; values of a repeated one are joined by ``", "``.
        url: The address that answered, after redirects.
        moved_to: Where the next request goes instead, None for the same address.
    """

    status: int
    headers: dict[str, str]
    url: str
    moved_to: str | None = None

    def refusal(self) -> str:
        """Why the response is not an event stream, ``""`` if it is one."""
        # RFC 9110, section 8.3.1: type and subtype are case-insensitive. The standard adds: "Event streams in this
        # format must always be encoded as UTF-8", so a charset changes nothing.
        content_type = self.headers.get("content-type", "")
        if self.status != 200:
            return f"status {self.status}, not 200"
        if content_type.partition(";")[0].strip().lower() != "text/event-stream":
            return f"content type {content_type!r}, not 'text/event-stream'"
        return ""

    def error(self, refusal: str, body: bytes) -> ResponseError:
        """The error that shows this response."""
        return ResponseError(
            f"{self.url} answered with {refusal}",
            status=self.status,
            content_type=self.headers.get("content-type", ""),
            headers=self.headers,
            body=body,
            url=self.url,
        )


class FirstBytes:
    """The first 64 KiB of a body, chunk by chunk."""

    __slots__ = ("_body",)

    def __init__(self) -> None:
        self._body = bytearray()

    def add(self, chunk: bytes) -> bool:
        """Add the next chunk, and return whether that was enough."""
        self._body += chunk
        return len(self._body) >= _MAX_BODY_BYTES

    def __bytes__(self) -> bytes:
        return bytes(self._body[:_MAX_BODY_BYTES])


def read(
    head: Head, chunks: Generator[bytes, None, None], into: Machine[Any] | None, *, check: bool
) -> Generator[Any, None, None]:
    """The values of a checked response. `chunks` is closed at the end, whatever ends it."""
    try:
        refusal = head.refusal() if check else ""
        if refusal:
            raise head.error(refusal, _first_bytes(chunks))
        yield from iter_events(chunks, into)
    finally:
        chunks.close()


async def aread(
    head: Head, chunks: AsyncGenerator[bytes, None], into: Machine[Any] | None, *, check: bool
) -> AsyncGenerator[Any, None]:
    """`read` of an asynchronous response."""
    async with aclosing(chunks):
        refusal = head.refusal() if check else ""
        if refusal:
            raise head.error(refusal, await _afirst_bytes(chunks))
        async with aclosing(aiter_events(chunks, into)) as values:
            async for value in values:
                yield value


def _first_bytes(chunks: Generator[bytes, None, None]) -> bytes:
    body = FirstBytes()
    try:
        for chunk in chunks:
            if body.add(chunk):
                break
    except Exception:  # noqa: BLE001, S110 - the refusal is what matters, not what cut its text short
        pass
    return bytes(body)


async def _afirst_bytes(chunks: AsyncGenerator[bytes, None]) -> bytes:
    body = FirstBytes()
    try:
        async for chunk in chunks:
            if body.add(chunk):
                break
    except Exception:  # noqa: BLE001, S110 - as above
        pass
    return bytes(body)

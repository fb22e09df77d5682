"""What the adapters check of a response, and how they read one: shared by all clients, and free of I/O.

Each adapter gives a `Head`, made of its client's response, and the body's chunks as an iterator that closes the
response when it is closed.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable, Mapping
from contextlib import aclosing
from email.utils import mktime_tz, parsedate_tz
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Protocol

from msgspec import Struct

from sse_events.errors import ResponseError
from sse_events.iterate import Machine, aiter_events, iter_events

MAX_BODY_BYTES = 64 * 1024  # what ResponseError keeps: a provider's JSON error fits many times over


class SentRequest(Protocol):
    """What every client's record of a request that it sent has."""

    @property
    def method(self) -> str | None:
        """The method."""

    @property
    def headers(self) -> Mapping[str, Any]:
        """The headers, whatever their case."""


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
        """Why this is no event stream, ``""`` when it is one."""
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

    def retry_after(self, now: float) -> float | None:
        """The seconds that the Retry-After header asks to wait, None without one that can be read.

        Args:
            now: The time as a Unix timestamp, for a date from a server that does not send its own.
        """
        value = self.headers.get("retry-after", "").strip()
        if value.isascii() and value.isdigit():
            return float(value)
        date = _timestamp(value)
        if date is None:
            return None
        # The server's own clock decides: ours may differ from it by more than the wait.
        sent = _timestamp(self.headers.get("date", ""))
        return max(0.0, date - (now if sent is None else sent))


def _timestamp(date: str) -> float | None:
    parsed = parsedate_tz(date)
    try:
        return None if parsed is None else mktime_tz(parsed)
    except (ValueError, OverflowError):
        return None


def lowered(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """`headers` as one plain dictionary, whichever mapping the client has."""
    merged: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        merged[key] = f"{merged[key]}, {value}" if key in merged else value
    return merged


def moved_to(first: SentRequest, last: SentRequest, url: str) -> str | None:
    """`url`, where the client was redirected to, if the next request may go there directly.

    It may not if the client sent something else there than was asked for: another method, or no Authorization, which
    clients take off on the way to another host. The next request would take the credentials there.
    """
    same = first.method == last.method and first.headers.get("Authorization") == last.headers.get("Authorization")
    return url if same else None


def request_headers(given: Mapping[str, str] | None, own: Mapping[str, str]) -> dict[str, str]:
    """The caller's headers, completed by the source's own; only Last-Event-ID is always the source's."""
    headers = dict(given or {})
    names = {name.lower(): name for name in headers}
    for name, value in own.items():
        if name.lower() not in names:
            headers[name] = value
        elif name == "Last-Event-ID":
            headers[names[name.lower()]] = value
    return headers


def encoded(headers: Mapping[str, str]) -> dict[str, bytes]:
    """`headers` for clients that would encode text as ASCII or Latin-1."""
    return {name: value.encode() for name, value in headers.items()}


def first_bytes(chunks: Iterable[bytes]) -> bytes:
    """The first 64 KiB of a body; what there is of it, when it cannot be read to the end."""
    body = bytearray()
    try:
        for chunk in chunks:
            body += chunk
            if len(body) >= MAX_BODY_BYTES:
                break
    except Exception:  # noqa: BLE001, S110 - whatever cut the text short, the refusal is what matters
        pass
    return bytes(body[:MAX_BODY_BYTES])


async def afirst_bytes(chunks: AsyncIterable[bytes]) -> bytes:
    """`first_bytes` of an asynchronous body."""
    body = bytearray()
    try:
        async for chunk in chunks:
            body += chunk
            if len(body) >= MAX_BODY_BYTES:
                break
    except Exception:  # noqa: BLE001, S110 - as above
        pass
    return bytes(body[:MAX_BODY_BYTES])


def read(
    head: Head, chunks: Generator[bytes, None, None], into: Machine[Any] | None, *, check: bool
) -> Generator[Any, None, None]:
    """The values of a checked response; `chunks` is closed however it ends."""
    try:
        refusal = head.refusal() if check else ""
        if refusal:
            raise head.error(refusal, first_bytes(chunks))
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
            raise head.error(refusal, await afirst_bytes(chunks))
        async with aclosing(aiter_events(chunks, into)) as values:
            async for value in values:
                yield value


def require(extra: str, *packages: str) -> None:
    """Check that one of `packages` is installed, without importing it.

    Raises:
        ImportError: None is; it says which extra brings it.
    """
    if not any(find_spec(package) for package in packages):
        raise ImportError(
            f'sse_events.adapters.{extra} needs {" or ".join(packages)}: pip install "sse_events[{extra}]"',
            name=packages[0],
        )


def package_of(client: object, *packages: str) -> ModuleType:
    """The one of `packages` that `client`'s class, or one of its bases, comes from.

    Raises:
        TypeError: It comes from none of them.
    """
    for base in type(client).__mro__:
        package = base.__module__.partition(".")[0]
        if package in packages:
            return sys.modules[package]
    raise TypeError(f"expected an object of {' or '.join(packages)}, not {client!r}")

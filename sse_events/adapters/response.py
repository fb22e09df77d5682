"""What the adapters check of a response, and how they read one. Shared by all clients.

Each adapter passes three things: a `Head` made from its client's response, the body's chunks, and a function that
closes the response.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import aclosing
from typing import Any

from msgspec import Struct

from sse_events.adapters.headers import lowered
from sse_events.errors import ResponseError
from sse_events.iterate import Machine, aiter_events, iter_events
from sse_events.mistakes import check_type

__all__ = ["ALREADY_READ", "FirstBytes", "Head", "aread", "read", "without_secrets"]

_MAX_BODY_BYTES = 64 * 1024  # what ResponseError keeps: much more than a provider's JSON error needs
_SHOWN_CHARACTERS = 200  # of the body in a message: enough for the usual "message" of a provider's error

_SECRETS = re.compile(r"\?[^\s'\"<>()]*|(?<=//)[^\s'\"<>()/@]*@")  # a query, and the credentials before a host

ALREADY_READ = "the response was read or closed before: a response can be read only once"


class Head(Struct, frozen=True):
    """A response without its body. What only an error needs is read only for an error.

    Attributes:
        status: The HTTP status.
        fields: The client's own headers.
        url: Returns the address that answered, after redirects; ``""`` if the response does not know.
        decodes: Whether the client decodes a content coding.
        moved_to: Where the next request goes instead, None for the same address.
    """

    status: int
    fields: Mapping[str, str]
    url: Callable[[], str]
    decodes: Callable[[str], bool]
    moved_to: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers, their names in lower case. The values of a repeated one are joined by ``", "``."""
        return lowered(self.fields.items())

    def refusal(self, *, check: bool = True) -> str:
        """Why the response is not an event stream, ``""`` if it is one.

        Args:
            check: Whether to look at more than the status.
        """
        if self.status != 200:
            return f"status {self.status}, not 200"
        if not check:
            return ""
        # RFC 9110, section 8.3.1: type and subtype are case-insensitive. The standard adds: "Event streams in this
        # format must always be encoded as UTF-8", so a charset changes nothing.
        content_type = self.headers.get("content-type", "")
        if not any(_is_event_stream(media_type) for media_type in content_type.split(",")):
            return f"content type {content_type!r}, not 'text/event-stream'"
        if self.undecoded:
            return f"content encoding {self.undecoded!r}, which the client does not decode"
        return ""

    @property
    def undecoded(self) -> str:
        """The content encoding, if the client does not decode it; ``""`` otherwise. Such a body is not read."""
        encoding = self.headers.get("content-encoding", "").strip().lower()
        if encoding in ("", "identity") or all(self.decodes(coding.strip()) for coding in encoding.split(",")):
            return ""
        return encoding

    def error(self, refusal: str, body: bytes) -> ResponseError:
        """The error for this response.

        Args:
            refusal: What is wrong with it.
            body: The first bytes of its body.
        """
        headers, url = self.headers, self.url()
        text = " ".join(body[: 4 * _SHOWN_CHARACTERS].decode("utf-8", "replace").split())[:_SHOWN_CHARACTERS]
        said = "".join(character if character.isprintable() else "\ufffd" for character in text)
        return ResponseError(
            f"{without_secrets(url) or 'the server'} answered with {refusal}{': ' if said else ''}{said}",
            status=self.status,
            content_type=headers.get("content-type", ""),
            headers=headers,
            body=body,
            url=url,
        )


def _is_event_stream(media_type: str) -> bool:
    return media_type.partition(";")[0].strip().lower() == "text/event-stream"


def without_secrets(text: str) -> str:
    """`text` without the queries and the credentials of the URLs in it: both may hold keys."""
    return _SECRETS.sub("", text)


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
    head: Head,
    chunks: Generator[bytes, None, None],
    close: Callable[[], None],
    into: Machine[Any] | None,
    *,
    check: bool,
) -> Generator[Any, None, None]:
    """The values of a response. The response is closed at the end, whatever ends the loop.

    Args:
        head: The response.
        chunks: Its body.
        close: Closes it.
        into: The machine to drive.
        check: Whether to raise unless the response is an event stream.

    Raises:
        TypeError: At once, if `check` is not a bool.
    """
    check_type("check", check, bool, "True or False")
    return _read(head, chunks, close, iter_events(chunks, into), check=check)


def _read(
    head: Head,
    chunks: Generator[bytes, None, None],
    close: Callable[[], None],
    values: Generator[Any, None, None],
    *,
    check: bool,
) -> Generator[Any, None, None]:
    try:
        refusal = head.refusal() if check else ""
        if refusal:
            raise head.error(refusal, b"" if head.undecoded else _first_bytes(chunks))
        yield from values
    finally:
        chunks.close()
        close()


def aread(
    head: Head,
    chunks: AsyncGenerator[bytes, None],
    close: Callable[[], Awaitable[None]],
    into: Machine[Any] | None,
    *,
    check: bool,
) -> AsyncGenerator[Any, None]:
    """`read` for an asynchronous response."""
    check_type("check", check, bool, "True or False")
    return _aread(head, chunks, close, aiter_events(chunks, into), check=check)


async def _aread(
    head: Head,
    chunks: AsyncGenerator[bytes, None],
    close: Callable[[], Awaitable[None]],
    values: AsyncGenerator[Any, None],
    *,
    check: bool,
) -> AsyncGenerator[Any, None]:
    try:
        refusal = head.refusal() if check else ""
        if refusal:
            raise head.error(refusal, b"" if head.undecoded else await _afirst_bytes(chunks))
        async with aclosing(values):
            async for value in values:
                yield value
    finally:
        await chunks.aclose()
        await close()


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

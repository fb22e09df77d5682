"""The response bodies in HAR files (from browsers) and cassettes (from VCR libraries)."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec

from sse_events.cli.errors import MISUSE, CommandError
from sse_events.cli.recognise import is_event_stream

# JSON: HAR has "log", VCR has "interactions". YAML: vcrpy, Ruby's VCR ("http_interactions"), httpmock ("when").
_JSON = re.compile(rb'\{\s*("version"\s*:\s*\d+\s*,\s*)?("log"\s*:\s*\{|"(http_)?interactions"\s*:\s*\[)')
_YAML = re.compile(rb"(---[^\n]*\n)?(version:[^\n]*\n)?((http_)?interactions|when):\s*\n")
_MAX_LISTED = 8


class Entry(msgspec.Struct, frozen=True):
    """One response.

    Attributes:
        label: Its request and status, such as ``POST https://… (200)``.
        body: The bytes of its body.
    """

    label: str
    body: bytes

    @property
    def is_stream(self) -> bool:
        """True if the body is an event stream."""
        head = self.body[: 64 * 1024]
        if head.startswith(b"\x1f\x8b"):
            with suppress(zlib.error):
                head = zlib.decompressobj(wbits=31).decompress(head, 64 * 1024)
        return is_event_stream(head)


def is_cassette(head: bytes) -> bool:
    """True if the input is a HAR file or a cassette, by its first bytes."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return _JSON.match(text) is not None or _YAML.match(text) is not None


def body(data: bytes, wanted: int | None) -> bytes:
    """The body of one response.

    Args:
        data: The whole HAR file or cassette.
        wanted: Which response, from 1; None for the only one that is an event stream.

    Raises:
        CommandError: The file cannot be read, or does not say which response is meant.
    """
    entries = list(_entries(_decode(data)))
    if wanted is not None:
        if wanted > len(entries):
            raise CommandError(f"--entry {wanted}: there are {len(entries)} responses", MISUSE)
        return entries[wanted - 1].body
    numbered = list(enumerate(entries, 1))
    streams = [(number, entry) for number, entry in numbered if entry.is_stream]
    candidates = streams or numbered
    if len(candidates) == 1:
        return candidates[0][1].body
    if not candidates:
        raise CommandError("the HAR file or cassette holds no response")
    listed = "; ".join(f"{number}: {entry.label}" for number, entry in candidates[:_MAX_LISTED])
    more = "; …" if len(candidates) > _MAX_LISTED else ""
    what = f"{len(streams)} responses are event streams" if streams else "no response is an event stream"
    raise CommandError(f"{what}, choose one with --entry: {listed}{more}", MISUSE)


def _decode(data: bytes) -> Any:
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        try:
            return [msgspec.json.decode(text)]
        except (ValueError, RecursionError):
            raise CommandError("the HAR file or cassette is not JSON: it may be cut short") from None
    try:
        import yaml
    except ImportError:
        raise CommandError("a YAML cassette needs PyYAML: pip install 'sse_events[cli]'", MISUSE) from None
    try:
        return list(yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except (yaml.YAMLError, RecursionError):
        raise CommandError("the cassette is not YAML: it may be cut short") from None


def _entries(documents: list[Any]) -> Iterator[Entry]:
    for document in map(_members, documents):
        if "log" in document:
            for item in _items(_members(document["log"]).get("entries")):
                yield _har_entry(item)
        elif "then" in document:
            then = _members(document["then"])
            encoded = then.get("body_base64") or then.get("body")
            yield Entry(_label(_members(document.get("when")), then), _body(encoded, then))
        else:
            for item in _items(document.get("interactions") or document.get("http_interactions")):
                response = _members(item.get("response"))
                yield Entry(_label(_members(item.get("request")), response), _body(response.get("body"), response))


def _har_entry(item: dict[str, Any]) -> Entry:
    response = _members(item.get("response"))
    content = _members(response.get("content"))
    text = content.get("text")
    encoded = _base64(text) if content.get("encoding") == "base64" else _bytes(text)
    return Entry(_label(_members(item.get("request")), response), encoded)


def _label(request: dict[str, Any], response: dict[str, Any]) -> str:
    status = response.get("status")
    code = _members(status).get("code", status)
    where = request.get("url") or request.get("uri") or request.get("path") or "?"
    return f"{str(request.get('method') or '?').upper()} {where} ({code})"


def _members(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[dict[str, Any]]:
    return list(map(_members, value)) if isinstance(value, list) else []


def _body(value: Any, response: dict[str, Any]) -> bytes:
    """The body that a cassette keeps as text, bytes, or a mapping with one of them or with base64."""
    if isinstance(value, dict):
        if value.get("base64_string"):
            return _base64(value["base64_string"])
        value = value.get("string") or value.get("text") or ""
    elif "body_base64" in response:
        return _base64(value)
    return _bytes(value)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    text = str(value or "")
    if "\n" not in text.strip() and "\\n" in text and is_event_stream(text.encode("utf-8", "replace")):
        # The recorder escaped the body once too often: its line ends are a backslash and a letter.
        try:
            text = msgspec.json.decode('"' + re.sub(r'(?<!\\)"', r"\"", text) + '"', type=str)
        except msgspec.DecodeError:
            text = text.replace("\\r", "\r").replace("\\n", "\n")
    return text.encode("utf-8", "replace")


def _base64(text: Any) -> bytes:
    try:
        return base64.b64decode(text)
    except (binascii.Error, TypeError, ValueError):
        raise CommandError("a body in the HAR file or cassette is not base64") from None

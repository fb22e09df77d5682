"""HTTP headers: those that a source sends, and those that it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from email.utils import mktime_tz, parsedate_tz

from sse_events.adapters.clients import SentRequest

__all__ = ["encoded", "lowered", "moved_to", "request_headers", "retry_after"]


def lowered(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """`headers` as one plain dictionary: names in lower case, the values of a repeated one joined by ``", "``."""
    merged: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        merged[key] = f"{merged[key]}, {value}" if key in merged else value
    return merged


def request_headers(given: Mapping[str, str] | None, own: Mapping[str, str]) -> dict[str, str]:
    """The caller's headers, completed by the source's own. Only Last-Event-ID is always the source's."""
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


def moved_to(first: SentRequest, last: SentRequest, url: str) -> str | None:
    """Where the next request goes directly after a redirect to `url`; None: to the first address again.

    It goes there only if the client sent the same request there: clients change the method, and leave out
    Authorization on the way to another host. The next request would take the credentials there.
    """
    same = first.method == last.method and first.headers.get("Authorization") == last.headers.get("Authorization")
    return url if same else None


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds that a Retry-After header asks to wait, None if there is none that can be read.

    Args:
        headers: The response's headers, their names in lower case.
        now: The time as a Unix timestamp, for a date from a server that does not send its own.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    date = _timestamp(value)
    if date is None:
        return None
    # The server's own clock decides: ours may differ from it by more than the wait.
    sent = _timestamp(headers.get("date", ""))
    return max(0.0, date - (now if sent is None else sent))


def _timestamp(date: str) -> float | None:
    parsed = parsedate_tz(date)
    try:
        return None if parsed is None else mktime_tz(parsed)
    except (ValueError, OverflowError):
        return None

"""HTTP headers: those that a source sends, and those that it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from email.utils import mktime_tz, parsedate_tz
from urllib.parse import urlsplit

from sse_events.adapters.clients import SentRequest

__all__ = ["encoded", "lowered", "moved_to", "request_headers", "retry_after"]

_DEFAULT_PORTS = (("http", 80), ("https", 443))
_YEAR_10000 = 253_402_300_800  # as a Unix timestamp: HTTP dates have four digits for the year


def lowered(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """`headers` as one plain dictionary: names in lower case, the values of a repeated one joined by ``", "``."""
    merged: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        merged[key] = f"{merged[key]}, {value}" if key in merged else value
    return merged


def request_headers(given: Mapping[str, str] | None, own: Mapping[str, str]) -> dict[str, str]:
    """The caller's headers, completed by the source's own. Last-Event-ID always comes from the source."""
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


def moved_to(sent: Sequence[SentRequest], *, across_origins: bool) -> str | None:
    """The address that the next request goes to after a redirect; None for the same address as this time.

    Within one origin it goes to the last address. It goes to another origin only if every header and cookie arrived
    there: clients leave out credentials when they follow such a redirect, but a direct request would send them. In both
    cases the method has to be the same, because a redirect may change it.

    Args:
        sent: The requests that the client sent. Each but the last was redirected to the next.
        across_origins: False if the next request may carry more headers or cookies than these did. It then never goes
            to another origin.
    """
    *earlier, last = sent
    url = str(last.url)
    for request in earlier:
        if request.method != last.method:
            return None
        if _origin(str(request.url)) != _origin(url) and not (across_origins and _carried(request) <= _carried(last)):
            return None
    return url if earlier else None


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or dict(_DEFAULT_PORTS).get(parts.scheme)


def _carried(request: SentRequest) -> set[tuple[str, str]]:
    """Every header and every cookie of a request, except for the host's name."""
    carried: set[tuple[str, str]] = set()
    for name, value in request.headers.items():
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        parts = text.split(";") if name.lower() == "cookie" else [text]
        carried.update((name.lower(), part.strip()) for part in parts)
    return {header for header in carried if header[0] != "host"}


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


def _timestamp(date: str) -> int | None:
    """An HTTP date as a Unix timestamp, None if it is not one."""
    try:
        parsed = parsedate_tz(date)
        timestamp = None if parsed is None else mktime_tz(parsed)
    except (ValueError, OverflowError):  # more digits than int() or the calendar takes
        return None
    return timestamp if timestamp is not None and 0 <= timestamp < _YEAR_10000 else None

"""Events to bytes: what a server sends, safe against injection.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html, "Parsing an event stream". Each function returns
a whole block, which can be sent between any others.
"""

from __future__ import annotations

import re
from typing import Any

from sse_events.events import MAX_RETRY_MS, Event, wrong_data
from sse_events.mistakes import check_type, wrong_type

__all__ = ["encode", "encode_comment", "encode_retry"]

# "Lines must be separated by either a U+000D CARRIAGE RETURN U+000A LINE FEED (CRLF) character pair, a single U+000A
# LINE FEED (LF) character, or a single U+000D CARRIAGE RETURN (CR) character." str.splitlines() breaks at eight other
# characters too.
_LINE_END = re.compile(r"\r\n|\r|\n")


def encode(event: Event) -> bytes:
    r"""The block that a client reads as `event`.

    A fresh parser returns an equal Event, except that CRLF and CR in the data become LF. An empty id is not written, so
    in a sequence of events the last ID stays in force.

    Args:
        event: Fields that have their default are left out. Data may hold any text: it is split at CRLF, CR and LF, so
            no line of it can be read as another field.

    Raises:
        TypeError: `event` is not an Event, or a field of it is not of its type. An Event does not check its fields.
        ValueError: `event` or `id` holds CR, LF or NUL, which would end its line or be ignored; the event type is
            empty, which a stream cannot express; `retry` is negative or past 2**63-1; the text is not Unicode (a lone
            surrogate: UnicodeEncodeError).

    >>> encode(Event("two\nlines", event="note", id="7"))
    b'event: note\nid: 7\ndata: two\ndata: lines\n\n'
    """
    if not isinstance(event, Event):
        raise wrong_type("event", event, "an Event", "use encode(Event(data))")
    if not isinstance(event.data, str):
        raise wrong_data(event.data)
    lines = []
    if event.event != "message":
        _require_str("event", event.event)
        if not event.event:
            raise ValueError("an event type cannot be empty; leave it out for 'message'")
        lines.append(f"event: {_one_line('event', event.event)}")
    _require_str("id", event.id)
    if event.id:
        lines.append(f"id: {_one_line('id', event.id)}")
    if event.retry is not None:
        lines.append(_retry_line(event.retry))
    lines += [f"data: {line}" for line in _LINE_END.split(event.data)]
    return _block(lines)


def encode_comment(text: str) -> bytes:
    r"""A comment, which every client ignores: a heartbeat that keeps proxies from closing a silent connection.

    Args:
        text: Any text; each of its lines becomes one comment.

    Raises:
        TypeError: `text` is not a str.
        ValueError: The text is not Unicode (UnicodeEncodeError).

    >>> encode_comment("ping")
    b': ping\n\n'
    """
    _require_str("text", text)
    return _block([f": {line}" for line in _LINE_END.split(text)])


def encode_retry(ms: int) -> bytes:
    r"""A block that sets the client's reconnection time and dispatches no event.

    Args:
        ms: Milliseconds until the client connects again.

    Raises:
        TypeError: `ms` is not an int.
        ValueError: `ms` is negative or past 2**63-1, which clients ignore.

    >>> encode_retry(5000)
    b'retry: 5000\n\n'
    """
    return _block([_retry_line(ms)])


def _block(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n\n").encode()


def _require_str(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise wrong_type(name, value, "a str", "decode it" if isinstance(value, bytes) else f"use str({name})")


def _one_line(field: str, value: str) -> str:
    # "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value. Otherwise,
    # ignore the field." After a CR or LF the rest of the value would be read as another field.
    if "\r" in value or "\n" in value or "\0" in value:
        raise ValueError(f"{field} must not contain CR, LF or NUL: {value!r}")
    return value


def _retry_line(ms: Any) -> str:
    check_type("retry", ms, int, "an int of milliseconds (ms)", "use int(ms)")
    if not 0 <= ms <= MAX_RETRY_MS:
        raise ValueError(f"retry must be from 0 to {MAX_RETRY_MS} ms, not {ms!r}")
    return f"retry: {ms:d}"

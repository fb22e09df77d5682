"""The lines and blocks of an event stream, and where they do not follow the standard.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html, "Parsing an event stream".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from sse_events.cli.check.report import Line, Report
from sse_events.errors import EventTooLarge

_BOM = b"\xef\xbb\xbf"
_LONG_BYTES = 64 * 1024  # the default limit of asyncio's StreamReader.readline()
_STANDARD = frozenset({b"data", b"event", b"id", b"retry"})
_BYTES_LITERAL = re.compile(rb"b['\"](?:data|event|id|:)")
_SEPARATOR = re.compile("[\v\f\x1c\x1d\x1e\x85\u2028\u2029]")


class Block(Struct):
    """The fields of one event.

    Attributes:
        first: Its first line.
        data: The data lines.
        values: The values of the data lines.
        event: The event type, ``""`` if it has none.
        last_id: The value of its id field, or None.
    """

    first: Line
    data: list[Line] = []
    values: list[bytes] = []
    event: str = ""
    last_id: str | None = None
    seen: set[bytes] = set()

    @property
    def line(self) -> Line:
        """The line that a finding about the payload names."""
        return self.data[0] if self.data else self.first


class Framing:
    """Splits bytes into blocks, and reports what does not follow the standard.

    Args:
        report: Where findings go.
        max_event_bytes: The longest line that is kept; None for no limit.
    """

    def __init__(self, report: Report, max_event_bytes: int | None) -> None:
        self._report = report
        self._limit = max_event_bytes
        self._rest = b""  # the unended line
        self._pieces: list[bytes] = []
        self._pending = 0  # bytes in them
        self._number = 0
        self._offset = 0
        self._end = b""  # the line end of the first line
        self._is_unusual = False  # the chunk may have characters that are looked at
        self._block: Block | None = None
        self._last = Line(1, 0, b"")

    @property
    def last(self) -> Line:
        """The last line that was read."""
        return self._last

    def feed(self, data: bytes) -> Iterator[Block]:
        """The blocks that `data` completed, each before the lines after it are looked at.

        Raises:
            EventTooLarge: A line passed the limit.
        """
        if b"\n" not in data and b"\r" not in data:
            self._pieces.append(data)
            self._pending += len(data)
            if self._limit is not None and self._pending > self._limit:
                raise EventTooLarge(self._limit)
            return
        if self._pieces:
            data = b"".join([*self._pieces, data])
            self._pieces.clear()
            self._pending = 0
        lines = data.splitlines(keepends=True)
        if not lines[-1].endswith(b"\n"):
            # Unended, or ended by a CR that an LF may follow.
            self._pieces.append(lines.pop())
            self._pending = len(self._pieces[0])
        # Most chunks have nothing unusual, and then their lines need no single checks.
        self._is_unusual = _is_unusual(data)
        yield from self._read(lines)

    def close(self) -> Iterator[Block]:
        """The block that the end of the stream cut. A finding reports this."""
        rest = b"".join(self._pieces)
        self._pieces.clear()
        self._is_unusual = True
        yield from self._read(rest.splitlines(keepends=True))
        if self._block is not None:
            block, self._block = self._block, None
            unended = bool(rest) and not rest.endswith(b"\r")
            what = "the last line has no line end" if unended else "the last event has no blank line after it"
            self._report.add("cut-end", self._last, what)
            yield block

    def _read(self, lines: list[bytes]) -> Iterator[Block]:
        for raw in lines:
            self._number += 1
            text = raw.rstrip(b"\r\n")
            line = self._last = Line(self._number, self._offset, text)
            self._offset += len(raw)
            if raw[len(text) :] != self._end:
                self._look_at_end(line, raw[len(text) :])
            if text:
                self._field(line)
            elif self._block is not None:
                block, self._block = self._block, None
                self._finish(block)
                yield block

    def _look_at_end(self, line: Line, end: bytes) -> None:
        if end == b"\r":
            self._report.once("cr-line-ends", line, "the line ends with a lone CR")
        if not self._end:
            self._end = end
        elif end:
            names = {b"\r": "CR", b"\n": "LF", b"\r\n": "CRLF"}
            self._report.once(
                "mixed-line-ends", line, f"the line ends with {names[end]}, and the first one with {names[self._end]}"
            )

    def _field(self, line: Line) -> None:
        text = line.text
        if self._is_unusual:
            text = self._look_at_characters(line)
        if len(text) > _LONG_BYTES:
            self._report.add("long-line", line, f"the line has {len(text)} bytes")
        name, _, value = text.partition(b":")
        if not name:
            return  # a comment
        value = value.removeprefix(b" ")
        if name not in _STANDARD:
            self._look_at_name(line, name, text)
            return
        block = self._block
        if block is None:
            block = self._block = Block(line)
        if name == b"data":
            block.data.append(line)
            block.values.append(value)
            if value.startswith(b"data:"):
                self._report.add("double-framing", line, "the data begins with `data:` itself")
            return
        if name in block.seen:
            self._report.add("field-repeated", line, f"a second {name.decode()} field in one event")
        block.seen.add(name)
        self._look_at_value(line, name, value)
        if name == b"event":
            block.event = value.decode("utf-8", "replace")
        elif name == b"id" and b"\0" not in value:
            block.last_id = value.decode("utf-8", "replace")

    def _look_at_characters(self, line: Line) -> bytes:
        """Report what is unusual; return the line as the standard reads it."""
        text = line.text
        if not _is_unusual(text):
            return text
        if text.startswith(_BOM):
            if line.offset:
                self._report.add("late-bom", line, "a byte order mark in the middle of the stream")
                return text
            text = text[len(_BOM) :]
        try:
            characters = text.decode()
        except UnicodeDecodeError as error:
            self._report.add("invalid-utf8", line, f"byte {error.start + 1} of the line is not UTF-8 ({error.reason})")
            return text
        if "\ufffd" in characters:
            self._report.add("lost-characters", line, "the line has the replacement character U+FFFD in it")
        if found := _SEPARATOR.search(characters):
            self._report.add("line-separator", line, f"the line has U+{ord(found[0]):04X} in it")
        return text

    def _look_at_name(self, line: Line, name: bytes, text: bytes) -> None:
        report = self._report
        bare = name.removeprefix(_BOM).strip()
        if not text.strip():
            report.add("spaces-in-blank-line", line, "a line of spaces where a blank line was meant")
        elif name.startswith(_BOM):
            return  # reported as late-bom
        elif name == b"error":
            report.add("error-field", line, "an error in a field of its own")
        elif bare in _STANDARD:
            report.add("space-in-field-name", line, f"a space next to the field name {bare.decode()}")
        elif bare.lower() in _STANDARD:
            report.add("field-case", line, f"the field name {bare.decode()} is not in lower case")
        elif text.lstrip().startswith((b"{", b"[")):
            report.add("unframed-json", line, "JSON without a field name before it")
        elif _BYTES_LITERAL.match(text):
            report.add("bytes-literal", line, "a bytes object as Python prints it")
        else:
            shown = name[:40].decode("utf-8", "replace")
            report.add("unknown-field", line, f"the field {shown!r} is not one of the standard")

    def _look_at_value(self, line: Line, name: bytes, value: bytes) -> None:
        if name == b"retry" and not (value.isdigit() and value.isascii()):
            self._report.add("bad-retry", line, "the value of retry is not a number")
        elif name == b"id" and b"\0" in value:
            self._report.add("nul-in-id", line, "the ID has NUL in it")
        elif name == b"event" and value.strip() != value:
            self._report.add("space-in-event-name", line, "the event type has a space at its start or end")

    def _finish(self, block: Block) -> None:
        if b"event" in block.seen and not block.data:
            self._report.add("event-without-data", block.first, f"the event {block.event!r} has no data field")


def _is_unusual(data: bytes) -> bool:
    """True if `data` has a character that is not ASCII, or one that some clients wrongly split lines at."""
    # Five searches for one byte each are faster than one for any of them.
    return not data.isascii() or 11 in data or 12 in data or 28 in data or 29 in data or 30 in data

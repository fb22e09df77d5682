"""Bytes to events: the WHATWG algorithm in one loop.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html, "Parsing an event stream" and "Interpreting an
event stream". The quoted sentences below are from there.

Values are decoded when their event is dispatched. The result is the same as decoding the stream first, because CR, LF,
colon and space are ASCII, and no other character contains an ASCII byte in UTF-8.

There are five special cases. Each serves a shape that servers send. The figure says how much longer that shape takes
without it, on CPython 3.11:

- A chunk that is one data line and a blank line skips the loop: 35 % on chat events, one per chunk.
- A line with the prefix ``data: `` is not split at its colon: 25 % on chat events in 4 KiB reads.
- The last ``event`` line is remembered with its value: 30 % on events with a type in 4 KiB reads.
- A chunk without a line end is appended to the unended line: 90 % in 16-byte reads.
- A long chunk that begins with a long line is cut with ``BytesIO``, because ``bytes.split`` reads byte by byte: 30 % on
  events of 1 KiB in 64 KiB reads, 150 % on events of 64 KiB in 64 KiB reads.
"""

from __future__ import annotations

import copy
from io import BytesIO
from typing import Any, ClassVar, Final, Generic, Literal, SupportsIndex, TypeVar

from sse_events._compiled import mypyc_attr
from sse_events.errors import EventTooLarge, MisuseError, ProtocolError, SSEError
from sse_events.events import MAX_RETRY_MS, Comment, Event, UnknownField
from sse_events.mistakes import check_type

__all__ = ["DEFAULT_MAX_EVENT_BYTES", "Parser", "WireParser"]

T = TypeVar("T")

# 16 MiB, so that an image in base64 passes. One endless line fills the memory of readers without a limit (.NET, undici,
# okhttp). A small limit (64 KiB in aiohttp's readline) fails on real events.
DEFAULT_MAX_EVENT_BYTES = 16 * 1024 * 1024

_UNLIMITED_BYTES: Final = 2**62 - 1  # the largest integer that mypyc does not allocate
_MAX_RETRY_DIGITS: Final = 19  # of MAX_RETRY_MS
_MAX_TYPE_LINE_BYTES: Final = 256  # a longer `event` line is not remembered
_LONG_LINE_BYTES: Final = 512  # from about here BytesIO cuts lines faster than bytes.split
_LONG_CHUNK_BYTES: Final = 2048  # in a shorter chunk, looking for the first line costs more than it gains
_BOM: Final = b"\xef\xbb\xbf"
_CR: Final = 13
_LF: Final = 10

# What may come first in the next chunk.
_NOTHING_SPECIAL: Final = 0
_BYTE_ORDER_MARK: Final = 1  # or the rest of one: its first bytes are in `_unended`
_LF_OF_CRLF: Final = 2
_OVER: Final = 3  # no chunk is accepted: the stream was closed, or it failed

# A block without a blank line yet: the standard's data buffer without its last LF (None without a data line) and event
# type buffer, the ID that the block sets, and its reconnection time.
_Block = tuple[bytes | bytearray | None, bytes, bytes | None, int | None]
_NO_BLOCK: Final[_Block] = (None, b"", None, None)


@mypyc_attr(allow_interpreted_subclasses=True)
class _Framing(Generic[T]):
    """The loop, and the state between two chunks."""

    # fmt: off
    __slots__ = ("_block", "_error", "_errors", "_limit", "_phase", "_type", "_type_line", "_unended",
                 "last_event_id", "retry")
    # fmt: on

    _WIRE: ClassVar[bool] = False  # whether comments and unknown fields are returned

    def __init__(
        self,
        *,
        last_event_id: str = "",
        max_event_bytes: int | None = DEFAULT_MAX_EVENT_BYTES,
        errors: Literal["replace", "strict"] = "replace",
    ) -> None:
        if errors not in ("replace", "strict"):
            hint = "'replace' (invalid UTF-8 becomes U+FFFD) or 'strict' (it raises ProtocolError)"
            raise ValueError(f"errors must be {hint}, not {errors!r}")
        check_type("last_event_id", last_event_id, str, "a str")
        # Before None is excluded: compiled code takes True for 1 after that.
        check_type("max_event_bytes", max_event_bytes, int | None, "an int or None")
        if max_event_bytes is not None and max_event_bytes < 0:
            raise ValueError(f"max_event_bytes must not be negative, but is {max_event_bytes!r}")
        self.last_event_id: str = last_event_id
        self.retry: int | None = None

        self._limit: int = _UNLIMITED_BYTES if max_event_bytes is None else max_event_bytes
        self._errors: str = errors
        self._phase: int = _BYTE_ORDER_MARK
        self._error: SSEError | None = None  # why the stream is over; None if it was closed
        self._unended: bytes | bytearray = b""  # the line without an end yet
        self._block: _Block | None = None  # None after a blank line
        self._type_line: bytes = b""  # the last `event` line
        self._type: bytes = b""  # its value

    def feed(self, data: bytes | bytearray | memoryview) -> list[T]:
        """Return the values that `data` completes, in order.

        Args:
            data: The next bytes of the stream, cut anywhere. The parser does not keep the object.

        Raises:
            EventTooLarge: An event passed ``max_event_bytes``. If this call completed values before it, they are
                returned, and the next call raises. Every later call raises the same error, ``feed(b"")`` too.
            ProtocolError: With ``errors="strict"``, a value is not UTF-8. It is raised in the same way.
            MisuseError: The stream was closed.
            TypeError: `data` is not bytes-like.
        """
        if type(data) is not bytes:
            data = _as_bytes(data)
        if self._phase:
            data = self._begin(data)
        if not data:
            return []
        unended = self._unended
        block = self._block
        has_cr = _CR in data
        if not has_cr and _LF not in data:
            if type(unended) is bytes:
                unended = self._unended = bytearray(unended)  # appending to bytes would be quadratic
            unended += data
            if len(unended) > self._limit or (block is not None and self._passes_limit(block[0], len(unended))):
                return self._fail(EventTooLarge(self._limit), [])
            return []

        out: list[Any] = []
        buffer, event_type, new_id, retry = block or _NO_BLOCK
        # If this is False, no line can pass the limit.
        crowded = (0 if buffer is None else len(buffer)) + len(unended) + len(data) > self._limit
        last = data[-1]
        errors = self._errors
        try:
            # One data line and a blank line. 100 is the letter "d".
            if last == _LF and data[0] == 100 and block is None and not has_cr and not unended and not crowded:
                line, _, blank = data.partition(b"\n")
                value = line.removeprefix(b"data: ")
                if value is line:
                    value = line.removeprefix(b"data:")
                if value is not line and blank == b"\n":
                    out.append(Event(value.decode("utf-8", errors), "message", self.last_event_id))
                    return out
            # "Lines must be separated by either a U+000D CARRIAGE RETURN U+000A LINE FEED (CRLF) character pair, a
            # single U+000A LINE FEED (LF) character, or a single U+000D CARRIAGE RETURN (CR) character."
            if has_cr:
                lines = data.splitlines()  # it breaks at CR and LF only
            elif len(data) >= _LONG_CHUNK_BYTES and len(unended) + data.find(b"\n") > _LONG_LINE_BYTES:
                lines = _split_long(data)
            else:
                lines = data.split(b"\n")
            # split() ends with what follows the last LF; splitlines() does so only if anything follows.
            rest = b"" if has_cr and last in (_CR, _LF) else lines.pop()
            if last == _CR:
                self._phase = _LF_OF_CRLF
            if unended:
                lines[0] = b"".join((unended, lines[0]))
            self._unended = unended = rest  # both, so that the old one's memory is free before the event is decoded

            type_line = self._type_line
            for line in lines:
                if crowded and self._passes_limit(buffer, len(line)):
                    return self._fail(EventTooLarge(self._limit), out)
                # "If the line is empty (a blank line): Dispatch the event".
                if not line:
                    # "Set the last event ID string of the event source to the value of the last event ID buffer. The
                    # buffer does not get reset". A block without data does this too.
                    event_id = self.last_event_id if new_id is None else new_id.decode("utf-8", errors)
                    # "If the data buffer is an empty string, set the data buffer and the event type buffer to the
                    # empty string and return."
                    if buffer is not None:
                        text = buffer.decode("utf-8", errors)
                        # "If the event type buffer has a value other than the empty string, change the type".
                        name = event_type.decode("utf-8", errors) if event_type else "message"
                        out.append(Event(text, name, event_id, retry))
                        buffer = None
                    self.last_event_id = event_id
                    event_type = b""
                    new_id = retry = None
                    continue
                value = line.removeprefix(b"data: ")
                if value is line:  # CPython returns the same object if it has no such prefix
                    if line == type_line:
                        event_type = self._type
                        continue
                    # "Collect the characters on the line before the first U+003A COLON character (:), and let field be
                    # that string. Collect the characters on the line after the first U+003A COLON character (:), and
                    # let value be that string. If value starts with a U+0020 SPACE character, remove it from value."
                    # "Otherwise, [...] the whole line as the field name, and the empty string as the field value."
                    field, _, value = line.partition(b":")
                    value = value.removeprefix(b" ")
                    # "Field names must be compared literally, with no case folding performed."
                    if field != b"data":
                        # "If the field name is "event": Set the event type buffer to the field value."
                        if field == b"event":
                            event_type = value
                            if len(line) <= _MAX_TYPE_LINE_BYTES:
                                self._type_line = type_line = line
                                self._type = value
                        # "If the field name is "id": If the field value does not contain U+0000 NULL, then set the
                        # last event ID buffer to the field value. Otherwise, ignore the field."
                        elif field == b"id":
                            if 0 not in value:
                                new_id = value
                        # "If the field name is "retry": If the field value consists of only ASCII digits, then
                        # interpret the field value as an integer in base ten, and set the event stream's reconnection
                        # time to that integer. Otherwise, ignore the field."
                        elif field == b"retry":
                            if (ms := _milliseconds(value)) is not None:
                                self.retry = retry = ms
                        # "Otherwise: The field is ignored." And "If the line starts with a U+003A COLON character (:):
                        # Ignore the line." Its field name is empty here.
                        elif self._WIRE:
                            text = value.decode("utf-8", errors)
                            out.append(UnknownField(field.decode("utf-8", errors), text) if field else Comment(text))
                        continue
                # "If the field name is "data": Append the field value to the data buffer, then append a single U+000A
                # LINE FEED (LF) character to the data buffer." The dispatch removes the last LF, so an LF is needed
                # only between two values.
                if buffer is None:
                    buffer = value
                else:
                    if type(buffer) is bytes:
                        buffer = bytearray(buffer)
                    buffer += b"\n"
                    buffer += value
        except UnicodeDecodeError as error:
            return self._fail(ProtocolError(f"a value is not UTF-8: {error.reason} at byte {error.start}"), out)

        if crowded and self._passes_limit(buffer, len(rest)):
            return self._fail(EventTooLarge(self._limit), out)
        unfinished = buffer is not None or event_type or new_id is not None or retry is not None
        self._block = (buffer, event_type, new_id, retry) if unfinished else None
        return out

    def close(self) -> list[T]:
        """End the stream and discard what is unfinished. A second call does nothing.

        Returns:
            Always an empty list. Other machines may return values here.

        Raises:
            EventTooLarge, ProtocolError: The stream failed, whether or not `feed` has raised the error already.
        """
        if self._error is not None:
            raise copy.copy(self._error)
        # "Once the end of the file is reached, any pending data must be discarded."
        self._end(None)
        return []

    def __copy__(self) -> _Framing[T]:
        # A shallow copy would share the bytearrays.
        return copy.deepcopy(self)

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        # Protocols 0 and 1 refuse __slots__. They can write what protocol 2 makes.
        return super().__reduce_ex__(max(int(protocol), 2))

    def _begin(self, data: bytes) -> bytes:
        """Return `data` without a byte order mark, and without an LF that belongs to the CR before it."""
        if self._phase == _OVER:
            # A copy each time: one error raised again and again would keep the frames of every caller.
            raise MisuseError("the parser was closed: use a new one") if self._error is None else copy.copy(self._error)
        if not data:
            return data
        if self._phase == _LF_OF_CRLF:
            self._phase = _NOTHING_SPECIAL
            return data.removeprefix(b"\n")
        # "One leading U+FEFF BYTE ORDER MARK character must be ignored if any are present."
        data = b"".join((self._unended, data))
        self._unended = b""
        if len(data) < len(_BOM) and _BOM.startswith(data):
            self._unended = data
            return b""
        self._phase = _NOTHING_SPECIAL
        return data.removeprefix(_BOM)

    def _passes_limit(self, buffer: bytes | bytearray | None, line_bytes: int) -> bool:
        """Return whether the data so far and the current line are too large."""
        return (0 if buffer is None else len(buffer)) + line_bytes > self._limit

    def _fail(self, error: SSEError, values: list[T]) -> list[T]:
        """End the stream with `error`. Return `values`; raise the error if there are none."""
        self._end(error)
        if not values:
            raise copy.copy(error)
        return values

    def _end(self, error: SSEError | None) -> None:
        self._phase = _OVER
        self._error = error
        self._unended = b""
        self._block = None


def _split_long(data: bytes) -> list[bytes]:
    r"""Do what ``data.split(b"\n")`` does: faster if the lines are long, slower if they are short."""
    lines = [line.removesuffix(b"\n") for line in BytesIO(data)]
    if data[-1] == _LF:
        lines.append(b"")
    return lines


def _milliseconds(value: bytes) -> int | None:
    digits = value.lstrip(b"0") or b"0"
    # int() is quadratic in the digits, and refuses thousands of them.
    if value.isdigit() and len(digits) <= _MAX_RETRY_DIGITS and int(digits) <= MAX_RETRY_MS:
        return int(digits)
    return None


def _as_bytes(data: Any) -> bytes:
    try:
        return memoryview(data).tobytes()
    except TypeError:
        remedy = "pass the response's bytes as they arrive, or text.encode()"
        raise TypeError(f"feed() takes bytes, not {type(data).__name__}: {remedy}") from None


@mypyc_attr(allow_interpreted_subclasses=True)
class Parser(_Framing[Event]):
    r"""The events of a byte stream, by the WHATWG algorithm: a ``Machine[Event]``.

    It keeps the unfinished event and nothing else. Instances pickle and copy in the middle of a stream, and a copy
    shares nothing with the original.

    Args:
        last_event_id: The last event ID to begin with, after a reconnect.
        max_event_bytes: The limit on one event, in bytes: the block's data so far and the current line. None for no
            limit.
        errors: ``"replace"`` turns invalid UTF-8 into U+FFFD, as the standard says. ``"strict"`` raises ProtocolError
            for it, if it is in a value that would be returned.

    Attributes:
        last_event_id: What a reconnect sends. A blank line sets it, after a block without data too.
        retry: The reconnection time in force, in ms. None until the stream sets one.

    Raises:
        ValueError: `max_event_bytes` is negative, or `errors` is another word.
        TypeError: An argument has the wrong type.

    >>> parser = Parser()
    >>> parser.feed(b"event: greeting\ndata: hel")
    []
    >>> parser.feed(b"lo\n\n")
    [Event(data='hello', event='greeting', id='', retry=None)]
    """

    __slots__ = ()


@mypyc_attr(allow_interpreted_subclasses=True)
class WireParser(_Framing[Event | Comment | UnknownField]):
    r"""`Parser`, but it returns comments and unknown fields too, in wire order.

    Use it for keep-alive watchdogs, proxies, and servers that report errors in a field named ``error``.

    >>> WireParser().feed(b": ping\ndata: x\n\n")
    [Comment(text='ping'), Event(data='x', event='message', id='', retry=None)]
    """

    __slots__ = ()

    _WIRE: ClassVar[bool] = True

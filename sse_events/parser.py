"""Bytes to events: the WHATWG algorithm in one loop.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html, "Parsing an event stream" and "Interpreting an
event stream"; the sentences quoted below are theirs.

One loop serves three machines: `Parser` returns events, `WireParser` also what the standard ignores, and
`PayloadParser` (for the chat layer) the data of each event as undecoded bytes. Values are decoded late, when an event
is dispatched. That gives exactly what decoding the whole stream first would give, because CR, LF, colon and space are
ASCII, which no other UTF-8 sequence contains.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final, Generic, Literal, SupportsIndex, TypeVar

from sse_events._compiled import mypyc_attr
from sse_events.errors import EventTooLarge, MisuseError, ProtocolError, SSEError
from sse_events.events import Comment, Event, UnknownField

T = TypeVar("T")

# 16 MiB, so that an image in base64 passes. A reader without a limit (.NET, undici, okhttp) can be made to fill the
# memory by one endless line, and a tight one (aiohttp's readline: 64 KiB) fails on real events.
DEFAULT_MAX_EVENT_BYTES = 16 * 1024 * 1024

_UNLIMITED_BYTES: Final = 2**62 - 1  # the largest integer that mypyc does not allocate
_MAX_RETRY_MS: Final = 2**63 - 1  # the largest value of the signed 64-bit integer that clients keep it in
_MAX_RETRY_DIGITS: Final = 19  # the digits of _MAX_RETRY_MS; int() is quadratic, or refuses, on thousands of them
_BOM: Final = b"\xef\xbb\xbf"

# Small bytes objects are not held apart for long, for each costs some 40 bytes beside its content: not more than so
# many data lines of a block, and not more of an unended line than so many bytes, or that part of what is pending.
_MAX_LINES: Final = 1024
_APART_BYTES: Final = 1024
_APART_PART: Final = 64
_SMALL_BYTES: Final = 1024  # joining larger ones would be a copy for nothing
_LARGE_APART_BYTES: Final = 16 * 1024  # until that is looked at again

# This file is also compiled by mypyc, which makes some ways to the same result faster than others.
_COMPILED: Final = not __file__.endswith(".py")
# Imported names are looked up in a dict there at every use, unless they have a Final name of the module's own.
_EVENT: Final = Event
_BYTES_IO: Final = BytesIO

# From these sizes on a BytesIO, which searches for LF alone, is faster than splitlines(), which looks at every byte,
# although its lines keep their ends: the chunk's, and that of its lines on the average (an event of one line comes with
# a blank one).
_LONG_BYTES: Final = 200 if _COMPILED else 1000
_LONG_LINE_BYTES: Final = 0 if _COMPILED else 80

# What has to be looked at before the next chunk is read. Nearly always nothing, which costs a single test.
_NOTHING: Final = 0
_BYTE_ORDER_MARK: Final = 1
_LINE_FEED: Final = 2
_ERROR: Final = 3


@mypyc_attr(allow_interpreted_subclasses=True)
class _Framing(Generic[T]):
    """The loop, and the state that outlives a chunk."""

    __slots__ = (
        "_before",
        "_block",
        "_data",
        "_event",
        "_id",
        "_joined_room",
        "_limit",
        "_line_type",
        "_long_lines",
        "_more",
        "_more_blocks",
        "_more_counted",
        "_more_size",
        "_next_join",
        "_open",
        "_payloads",
        "_pieces",
        "_retry",
        "_room",
        "_strict",
        "_tail",
        "_type_line",
        "_wire",
        "last_event_id",
        "parked",
        "retry",
        "seen",
    )

    def __init__(
        self,
        *,
        last_event_id: str = "",
        max_event_bytes: int | None = DEFAULT_MAX_EVENT_BYTES,
        errors: Literal["replace", "strict"] = "replace",
    ) -> None:
        if errors not in ("replace", "strict"):
            raise ValueError(f"errors must be 'replace' or 'strict', not {errors!r}")
        if not isinstance(last_event_id, str):
            raise TypeError(f"last_event_id must be a str, not {last_event_id!r}")
        if max_event_bytes is not None and not isinstance(max_event_bytes, int):
            raise TypeError(f"max_event_bytes must be an int or None, not {max_event_bytes!r}")
        if max_event_bytes is not None and max_event_bytes < 0:
            raise ValueError(f"max_event_bytes must not be negative, but is {max_event_bytes!r}")
        self.last_event_id: str = last_event_id
        self.retry: int | None = None
        self.seen: bool = False  # whether a comment, a field of the standard but data, or one named error has come

        self._limit: int = _UNLIMITED_BYTES if max_event_bytes is None else max_event_bytes
        self._strict: bool = errors == "strict"
        self._wire: bool = False  # set by WireParser
        self._payloads: bool = False  # set by PayloadParser
        self._before: int = _BYTE_ORDER_MARK
        self._long_lines: bool = _COMPILED  # the last chunk's lines were; a guess, for speed only
        self.parked: SSEError | None = None

        # The line that nothing has ended yet. Joining it at every piece would be quadratic, and keeping tiny pieces
        # apart costs several times their size, so pieces are joined into blocks, and the blocks once, at the end. Until
        # the first byte after a byte order mark has come, `_tail` holds what there is of the mark.
        self._pieces: list[bytes] = []
        self._tail: list[bytes] = []

        # The block that no blank line has ended yet. Nearly every event has one data line, so the first stands alone.
        self._data: bytes | None = None
        self._more: list[bytes] = []
        self._more_blocks: list[bytes] = []
        self._more_counted: int = 0  # how many of `_more` are in `_more_size`
        self._more_size: int = 0
        self._event: bytes = b""
        self._id: bytes | None = None
        self._retry: int | None = None
        # The last short line that named a type, and the type: nearly every such line is the same one again.
        self._type_line: bytes = b""
        self._line_type: bytes = b""
        self._block: bool = self._strict  # whether the blank line takes the long road, `_dispatch`

        self._open: bool = False  # whether `_data`, `_event` or `_id` is set

        self._room: int = self._limit  # what the limit leaves after the block's data and the unended line, in bytes
        self._next_join: int = max(self._limit - _APART_BYTES, 0)  # the room below which the pieces are joined
        self._joined_room: int = self._limit  # the room when they last were

    def feed(self, data: bytes | bytearray | memoryview) -> list[T]:
        """The values that `data` completed, in order.

        Args:
            data: The next bytes of the stream, cut anywhere. It is not kept.

        Raises:
            EventTooLarge: An event passed ``max_event_bytes``. The call that found it returned the values complete
                before it; every later call raises.
            ProtocolError: With ``errors="strict"``, a value was not UTF-8; raised in the same way.
            MisuseError: The stream was closed.
            TypeError: `data` is not bytes-like.
        """
        if type(data) is not bytes:
            data = memoryview(data).tobytes()
        size = len(data)
        pieces = self._pieces
        if pieces and size and 10 not in data and 13 not in data:
            # A piece of a long line costs an append.
            pieces.append(data)
            self._room = room = self._room - size
            if room < self._next_join:
                self._join_pieces()
            return []
        if self._before:
            data = self._begin(data)
            size = len(data)
        if not size:
            return []

        fits = size <= self._room
        last = data[-1]
        if (
            not pieces
            and last == 10
            and ((first := data[0]) == 100 or first == 58)
            and fits
            and not (self._open or self._block)
            and 13 not in data
        ):
            # One data line or comment and a blank line, as most chunks of a live stream are, need not take all the
            # steps below.
            line, _, blank = data.partition(b"\n")
            if blank == b"\n":
                if first == 58 and not self._wire:
                    self.seen = True
                    return []
                field = line.removeprefix(b"data: ")
                if field is line:
                    field = line.removeprefix(b"data:")
                if field is not line:
                    value_or_event: Any = field
                    try:
                        if not self._payloads:
                            value_or_event = _EVENT(field.decode(), "message", self.last_event_id)
                        return [value_or_event]
                    except UnicodeDecodeError:
                        pass  # they replace what is wrong

        out: list[Any] = []
        ended = False  # whether each line has its LF still
        if size < _LONG_BYTES:
            lines = data.splitlines()  # it breaks at CR, LF and CRLF and, for bytes, at nothing else
        else:
            ended = self._long_lines and 13 not in data
            lines = _BYTES_IO(data).readlines() if ended else data.splitlines()
            self._long_lines = size > _LONG_LINE_BYTES * len(lines)
        rest = b""
        if last == 13:
            # The CR ends its line at once; an LF may follow in the next chunk.
            self._before = _LINE_FEED
        elif last != 10:
            rest = lines.pop()
        if pieces:
            pieces.append(lines[0])
            if self._tail:
                pieces[:0] = self._tail
                self._tail.clear()
                self._next_join = max(self._limit - _APART_BYTES, 0)
                self._joined_room = self._limit
            lines[0] = b"".join(pieces)
            pieces.clear()
        if not fits:
            if ended:
                lines = [line[:-1] for line in lines]
                ended = False
            fits = self._cut_at_limit(lines, rest)

        value: bytes | None = None
        event_type = b""
        last_id: bytes | None = None
        if self._open:
            value = self._data
            event_type = self._event
            last_id = self._id
        more = self._more
        block = self._block
        wire = self._wire
        type_line = self._type_line
        stop = -1 if ended else _UNLIMITED_BYTES  # of a line's content
        for line in lines:
            if line == b"\n" if ended else not line:
                # "If the line is empty (a blank line): Dispatch the event".
                if value is not None:
                    if more:
                        value = self._joined(value)
                    if block:
                        self._dispatch(value, event_type, last_id, out)
                        if self._before == _ERROR:
                            return out
                        block = self._block
                    else:
                        try:
                            if last_id is not None:
                                self.last_event_id = last_id.decode()
                            if self._payloads and event_type != b"error":
                                out.append(value)
                            else:
                                name = event_type.decode() if event_type else "message"
                                out.append(_EVENT(value.decode(), name, self.last_event_id))
                        except UnicodeDecodeError:
                            self._dispatch(value, event_type, last_id, out)
                    last_id = value = None
                elif last_id is not None or block:
                    self._dispatch(None, event_type, last_id, out)
                    if self._before == _ERROR:
                        return out
                    block = self._block
                    last_id = None
                # "Set the data buffer and the event type buffer to the empty string."
                event_type = b""
                continue
            # "If value starts with a U+0020 SPACE character, remove it from value." Taking the prefix off tests for it
            # and cuts the value out in one step: a line that does not begin so comes back as it is.
            # (CPython does not copy then; its bytes are immutable.)
            if _COMPILED:
                field = line[6:stop] if line.startswith(b"data: ") else line
            else:
                field = line.removeprefix(b"data: ")
            if field is line:
                first = line[0]  # the letter tells the fields apart at half the cost of a comparison
                if first == 58 and not wire:
                    # "If the line starts with a U+003A COLON character (:): Ignore the line."
                    self.seen = True
                    continue
                if line == type_line:
                    event_type = self._line_type
                    continue
                if first == 101 and line.startswith(b"event: "):
                    self.seen = True
                    event_type = line[7:stop]
                    if len(line) <= _SMALL_BYTES:
                        self._type_line = type_line = line
                        self._line_type = event_type
                    continue
                if ended:
                    line = line[:-1]
                if first == 105:
                    field = line.removeprefix(b"id: ")
                    if field is not line and 0 not in field:
                        self.seen = True
                        last_id = field
                        continue
                elif first == 100:
                    field = line.removeprefix(b"data:")
                    if line == b"data":
                        field = b""
                if field is line or first != 100:
                    self._event = event_type
                    self._id = last_id
                    self._field(line, out)
                    if self._before == _ERROR:
                        return out
                    event_type = self._event
                    last_id = self._id
                    block = self._block
                    continue
            elif ended and not _COMPILED:
                field = field.removesuffix(b"\n")
            # "If the field name is "data": Append the field value to the data buffer, then append a single U+000A
            # LINE FEED (LF) character to the data buffer."
            if value is None:
                value = field
            else:
                more.append(field)

        if not fits:
            self._park(EventTooLarge(self._limit))
            return out
        room = self._limit
        if value is not None or event_type or last_id is not None:
            self._open = True
            self._data = value
            self._event = event_type
            self._id = last_id
            if value is not None:
                if more:
                    self._join_more()
                room -= len(value) + self._more_size
        elif self._open:
            self._open = False
            self._data = None
            self._event = b""
            self._id = None
        if rest:
            pieces.append(rest)
            room -= len(rest)
        self._room = room
        return out

    def close(self) -> list[T]:
        """End the stream: what is unfinished is discarded, as the standard has it. Twice is harmless.

        Returns:
            An empty list: a `Machine` may have last words, a parser has none.

        Raises:
            EventTooLarge, ProtocolError: A parked error, as by every call after it.
        """
        # "Once the end of the file is reached, any pending data must be discarded."
        if self.parked is None:
            self._park(MisuseError("the stream was closed"))
        elif not isinstance(self.parked, MisuseError):
            raise self.parked.with_traceback(None)
        return []

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        # Compiled, the oldest protocols would not do; what the second makes of it can be written by all.
        return super().__reduce_ex__(max(int(protocol), 2))

    def _begin(self, data: bytes) -> bytes:
        """What is left of `data` after the marks that only the place between two chunks makes special."""
        if self.parked is not None:
            raise self.parked.with_traceback(None)  # one error raised again and again would keep every caller's frames
        if not data:
            return data
        if self._before == _LINE_FEED:
            self._before = _NOTHING
            return data[1:] if data[0] == 10 else data
        # "One leading U+FEFF BYTE ORDER MARK character must be ignored if any are present."
        data = b"".join([*self._tail, data])
        self._tail.clear()
        if len(data) < len(_BOM) and _BOM.startswith(data):
            self._tail.append(data)
            return b""
        self._before = _NOTHING
        return data.removeprefix(_BOM)

    def _join_pieces(self) -> None:
        if self._room < 0:
            self._park(EventTooLarge(self._limit))
            return
        apart = (self._limit - self._room) // _APART_PART
        if self._joined_room - self._room < len(self._pieces) * _SMALL_BYTES:
            self._tail.append(b"".join(self._pieces))
            apart = max(apart, _APART_BYTES)
        else:
            self._tail += self._pieces
            apart = max(apart, _LARGE_APART_BYTES)
        self._pieces = [b""]  # not empty, which would say that no line is unended
        self._joined_room = self._room
        self._next_join = max(self._room - apart, 0)

    def _joined(self, first: bytes) -> bytes:
        """The data of a block of several data lines; its lines are forgotten."""
        # "If the data buffer's last character is a U+000A LINE FEED (LF) character, then remove the last character".
        more = self._more
        if self._more_counted:  # the block began in an earlier chunk
            more[:0] = self._more_blocks
            self._more_blocks.clear()
            self._more_counted = 0
            self._more_size = 0
        more.insert(0, first)
        data = b"\n".join(more)
        more.clear()
        return data

    def _join_more(self) -> None:
        """Count the data lines that the block still waits with, and join them if they are many."""
        for line in self._more[self._more_counted :]:
            self._more_size += len(line) + 1
        self._more_counted = len(self._more)
        if len(self._more) >= _MAX_LINES:
            self._more_blocks.append(b"\n".join(self._more[:-1]))
            del self._more[:-1]  # not the last, which says that there are more
            self._more_counted = 1

    def _cut_at_limit(self, lines: list[bytes], rest: bytes) -> bool:
        """Whether all lines fit; the first that does not is removed, with those after it.

        The cheap test of the whole chunk has failed, so the lines are measured one by one: the outcome must not
        depend on how the stream was cut into chunks.
        """
        block = self._data is not None
        size = len(self._data) + self._more_size if self._data is not None else 0
        for index, line in enumerate([*lines, rest]):
            if size + len(line) > self._limit:
                del lines[index:]
                return False
            if not line:
                block = False
                size = 0
            elif line[:5] == b"data:" or line == b"data":
                size += len(_value(line, 4)) + block
                block = True
        return True

    def _field(self, line: bytes, out: list[Any]) -> None:
        """Take any line but a blank one and data."""
        # "Collect the characters on the line before the first U+003A COLON character (:), and let field be that
        # string." - "Otherwise, the string is not empty but does not contain a U+003A COLON character (:): Process
        # the field [...] using the whole line as the field name, and the empty string as the field value."
        colon = line.find(b":")
        name = line if colon < 0 else line[:colon]
        value = b"" if colon < 0 else _value(line, colon)
        # "The steps to process the field given a field name and a field value depend on the field name [...]. Field
        # names must be compared literally, with no case folding performed."
        if name == b"event":
            # "If the field name is "event": Set the event type buffer to the field value."
            self._event = value
        elif name == b"id":
            # "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value.
            # Otherwise, ignore the field."
            if 0 not in value:
                self._id = value
        elif name == b"retry":
            # "If the field value consists of only ASCII digits, then interpret the field value as an integer in base
            # ten, and set the event stream's reconnection time to that integer. Otherwise, ignore the field."
            digits = value.lstrip(b"0") or b"0"
            if value.isdigit() and len(digits) <= _MAX_RETRY_DIGITS and int(digits) <= _MAX_RETRY_MS:
                self.retry = self._retry = int(digits)
                self._block = True
        elif not name:
            self._decoded(Comment, out, value)  # the loop ignores it, if it is not wanted
        else:
            # "Otherwise: The field is ignored."
            if self._wire or (self._payloads and name == b"error" and value):
                self._decoded(UnknownField, out, name, value)
            if name != b"error":
                return
        self.seen = True

    def _dispatch(self, data: bytes | None, event_type: bytes, last_id: bytes | None, out: list[Any]) -> None:
        """The blank line's steps in full, for what the loop does not do inline."""
        # "Set the last event ID string of the event source to the value of the last event ID buffer." It comes before
        # "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string
        # and return", so a block without data sets it too.
        retry = self._retry
        self._retry = None
        self._block = self._strict
        id_text = self.last_event_id if last_id is None else self._text(last_id)
        event: Any = None
        if data is not None and self._payloads and event_type != b"error":
            event = data
        elif data is not None:
            text = self._text(data)
            name = self._text(event_type)
            if text is None or name is None or id_text is None:
                return  # and the last event ID stays that of the last event that was delivered
            # "If the event type buffer has a value other than the empty string, change the type of the newly created
            # event to equal the value of the event type buffer."
            event = Event(text, name or "message", id_text, retry)
        if id_text is not None:
            self.last_event_id = id_text
        if event is not None:
            out.append(event)

    def _decoded(self, kind: type[Comment | UnknownField], out: list[Any], *values: bytes) -> None:
        texts = [self._text(value) for value in values]
        if None not in texts:
            out.append(kind(*texts))  # type: ignore[arg-type]

    def _text(self, value: bytes) -> str | None:
        """`value` decoded; None when it is not UTF-8 and that is an error, which is parked then."""
        if self._strict:
            try:
                return value.decode()
            except UnicodeDecodeError as error:
                self._park(ProtocolError(f"a value is not UTF-8: {error.reason} at byte {error.start}"))
                return None
        return value.decode("utf-8", "replace")

    def _park(self, error: SSEError) -> None:
        """Let every later call raise `error`, and free what is unfinished."""
        if self._before == _ERROR:
            return
        self._before = _ERROR
        self.parked = error
        self._pieces.clear()
        self._tail.clear()
        self._more.clear()
        self._more_blocks.clear()
        self._data = None


def _value(line: bytes, colon: int) -> bytes:
    # "Collect the characters on the line after the first U+003A COLON character (:), and let value be that string. If
    # value starts with a U+0020 SPACE character, remove it from value."
    return line[colon + 2 :] if line[colon + 1 : colon + 2] == b" " else line[colon + 1 :]


@mypyc_attr(allow_interpreted_subclasses=True)
class Parser(_Framing[Event]):
    r"""The events of a byte stream, to the letter of the WHATWG algorithm: a ``Machine[Event]``.

    Nothing is kept but the unfinished event. Instances pickle and deep-copy in the middle of a stream.

    Args:
        last_event_id: The last event ID to begin with, after a reconnect.
        max_event_bytes: What one event may hold, in bytes of its data so far and of the current line; None for no
            limit.
        errors: ``"replace"`` turns invalid UTF-8 into U+FFFD, as the standard says; ``"strict"`` raises ProtocolError
            for it, in values that are delivered.

    Attributes:
        last_event_id: What a reconnect sends: set at the blank line, also of a block without data.
        retry: The reconnection time in force, in ms; None until the stream set one.
        parked: The error that every later call raises, None as long as there is none.

    >>> parser = Parser()
    >>> parser.feed(b"event: greeting\ndata: hel")
    []
    >>> parser.feed(b"lo\n\n")
    [Event(data='hello', event='greeting', id='', retry=None)]
    """

    __slots__ = ()


@mypyc_attr(allow_interpreted_subclasses=True)
class WireParser(_Framing[Event | Comment | UnknownField]):
    r"""`Parser`, but with comments and unknown fields returned too, in wire order.

    For keep-alive watchdogs, proxies, and servers that report errors in a field of that name.

    >>> WireParser().feed(b": ping\ndata: x\n\n")
    [Comment(text='ping'), Event(data='x', event='message', id='', retry=None)]
    """

    __slots__ = ()

    def __init__(
        self,
        *,
        last_event_id: str = "",
        max_event_bytes: int | None = DEFAULT_MAX_EVENT_BYTES,
        errors: Literal["replace", "strict"] = "replace",
    ) -> None:
        super().__init__(last_event_id=last_event_id, max_event_bytes=max_event_bytes, errors=errors)
        self._wire = True


@mypyc_attr(allow_interpreted_subclasses=True)
class PayloadParser(_Framing[bytes | Event | UnknownField]):
    """The data of each event as undecoded bytes, on its way to a JSON decoder: for the chat layer.

    An event of type ``error`` comes as an Event, so that its type is not lost, and a field named ``error`` as an
    UnknownField.
    """

    __slots__ = ()

    def __init__(self, *, max_event_bytes: int | None = DEFAULT_MAX_EVENT_BYTES) -> None:
        super().__init__(max_event_bytes=max_event_bytes)
        self._payloads = True

"""The standard's algorithm over a whole body: the oracle for parsers."""

from __future__ import annotations

import re

import msgspec

from sse_events.events import Comment, Event, UnknownField
from sse_events.mistakes import check_type

__all__ = ["Interpretation", "interpret"]

# The standard sets no limit. This one, the largest signed 64-bit integer, is that of the parsers.
_MAX_RETRY_MS = 2**63 - 1


class Interpretation(msgspec.Struct, frozen=True):
    """The result of the standard's algorithm for one body.

    Attributes:
        wire: Everything in the order of the wire: what a `WireParser` returns.
        last_event_id: The last event ID string at the end, as a reconnect would send it.
        retry: The reconnection time in force at the end, in ms; None when the body set none.
    """

    wire: list[Event | Comment | UnknownField]
    last_event_id: str
    retry: int | None

    @property
    def events(self) -> list[Event]:
        """What a `Parser` returns."""
        return [value for value in self.wire if isinstance(value, Event)]


def interpret(body: bytes, *, last_event_id: str = "") -> Interpretation:
    r"""Read the whole `body`, as "Interpreting an event stream" says.

    https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

    It is the oracle for a parser with ``errors="replace"`` and no limit. Like the parsers, it goes beyond the standard
    in two points. What the standard ignores is returned in `wire`, and a reconnection time past 2**63 - 1 ms is
    ignored.

    Args:
        body: All the bytes of the stream, from the first to the last.
        last_event_id: The last event ID of an earlier connection.

    Raises:
        TypeError: `body` is not bytes.

    >>> interpret(b"id: 7\ndata: YHOO\ndata: +2\n\n: alive\n").events
    [Event(data='YHOO\n+2', event='message', id='7', retry=None)]
    """
    check_type("body", body, bytes, "bytes, the whole body in one piece", 'write b"".join(chunks) or text.encode()')
    # "Streams must be decoded using the UTF-8 decode algorithm." - "The UTF-8 decode algorithm strips one leading UTF-8
    # Byte Order Mark (BOM), if any."
    stream = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")

    # "The stream must then be parsed by reading everything line by line, with a U+000D CARRIAGE RETURN U+000A LINE
    # FEED (CRLF) character pair, a single U+000A LINE FEED (LF) character not preceded by a U+000D CARRIAGE RETURN
    # (CR) character, and a single U+000D CARRIAGE RETURN (CR) character not followed by a U+000A LINE FEED (LF)
    # character being the ways in which a line can end."
    # A last line that none of these ends is pending at the end of the file, and "any pending data must be discarded".
    lines = re.findall(r"([^\r\n]*)(?:\r\n|\n|\r)", stream)

    # "When a stream is parsed, a data buffer, an event type buffer, and a last event ID buffer must be associated
    # with it. They must be initialized to the empty string."
    data_buffer = ""
    event_type_buffer = ""
    # The argument is the last event ID of the connection before, which browsers keep.
    last_event_id_buffer = last_event_id

    reconnection_time: int | None = None
    retry_of_block: int | None = None
    wire: list[Event | Comment | UnknownField] = []

    # And then: "Lines must be processed, in the order they are received, as follows:"
    for line in lines:
        # A blank line: "If the line is empty (a blank line): Dispatch the event, as defined below."
        if line == "":
            # "1. Set the last event ID string of the event source to the value of the last event ID buffer. The
            # buffer does not get reset, so the last event ID string of the event source remains set to this value
            # until the next time it is set by the server."
            last_event_id = last_event_id_buffer
            # "2. If the data buffer is an empty string, set the data buffer and the event type buffer to the empty
            # string and return."
            if data_buffer != "":
                # "3. If the data buffer's last character is a U+000A LINE FEED (LF) character, then remove the last
                # character from the data buffer."
                data_buffer = data_buffer.removesuffix("\n")
                # "5. Initialize event's type attribute to "message", its data attribute to data, [...] and its
                # lastEventId attribute to the last event ID string of the event source."
                # "6. If the event type buffer has a value other than the empty string, change the type of the newly
                # created event to equal the value of the event type buffer."
                event_type = event_type_buffer if event_type_buffer != "" else "message"
                wire.append(Event(data_buffer, event_type, last_event_id, retry_of_block))
            # "7. Set the data buffer and the event type buffer to the empty string."
            data_buffer = ""
            event_type_buffer = ""
            retry_of_block = None
            continue

        # A comment: "If the line starts with a U+003A COLON character (:): Ignore the line."
        if line.startswith(":"):
            wire.append(Comment(line[1:].removeprefix(" ")))
            continue

        # "If the line contains a U+003A COLON character (:)":
        if ":" in line:
            # "Collect the characters on the line before the first U+003A COLON character (:), and let field be that
            # string. Collect the characters on the line after the first U+003A COLON character (:), and let value
            # be that string. If value starts with a U+0020 SPACE character, remove it from value."
            field = line[: line.index(":")]
            value = line[line.index(":") + 1 :].removeprefix(" ")
        # "Otherwise, the string is not empty but does not contain a U+003A COLON character (:): Process the field
        # [...] using the whole line as the field name, and the empty string as the field value."
        else:
            field = line
            value = ""

        # "Field names must be compared literally, with no case folding performed."
        # "If the field name is "event": Set the event type buffer to the field value."
        if field == "event":
            event_type_buffer = value
        # "If the field name is "data": Append the field value to the data buffer, then append a single U+000A LINE
        # FEED (LF) character to the data buffer."
        elif field == "data":
            data_buffer += value + "\n"
        # "If the field name is "id": If the field value does not contain U+0000 NULL, then set the last event ID
        # buffer to the field value. Otherwise, ignore the field."
        elif field == "id":
            if "\0" not in value:
                last_event_id_buffer = value
        # "If the field name is "retry": If the field value consists of only ASCII digits, then interpret the field
        # value as an integer in base ten, and set the event stream's reconnection time to that integer. Otherwise,
        # ignore the field."
        elif field == "retry":
            number = _base_ten(value)
            if number is not None:
                reconnection_time = retry_of_block = number
        # And "Otherwise: The field is ignored."
        else:
            wire.append(UnknownField(field, value))

    # "Once the end of the file is reached, any pending data must be discarded. (If the file ends in the middle of an
    # event, before the final empty line, the incomplete event is not dispatched.)"
    return Interpretation(wire, last_event_id, reconnection_time)


def _base_ten(digits: str) -> int | None:
    """The number that `digits` spell, or None where a retry field is ignored.

    It reads digit by digit, because ``int`` accepts other digits than ASCII and refuses thousands of digits.
    """
    if digits == "":
        return None
    number = 0
    for digit in digits:
        if digit not in "0123456789":
            return None
        number = number * 10 + "0123456789".index(digit)
    return number if number <= _MAX_RETRY_MS else None

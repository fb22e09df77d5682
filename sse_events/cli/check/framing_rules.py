"""The rules of event streams, whatever they carry: the standard's, and what many clients need."""

from __future__ import annotations

from sse_events.cli.check.rule import Rule

FRAMING = {
    "content-type": Rule(
        "error",
        "An event stream has the content type text/event-stream.",
        "browsers, and clients that check it: they refuse the stream",
        "send `Content-Type: text/event-stream`",
    ),
    "late-bom": Rule(
        "error",
        "Only a byte order mark at the very start of the stream is removed.",
        "every client: the mark becomes a part of the field name, and the line is ignored",
        "write UTF-8 without a byte order mark, and remove it from files before they are joined",
    ),
    "invalid-utf8": Rule(
        "error",
        "Event streams are always encoded as UTF-8; invalid bytes become U+FFFD.",
        "every reader: characters are lost for good",
        "encode text as UTF-8, and never encode or cut it byte by byte",
    ),
    "lost-characters": Rule(
        "warning",
        "U+FFFD stands for bytes that a decoder could not read.",
        "every reader: the characters were lost before the server wrote this line",
        "decode what comes from upstream with one incremental decoder, not chunk by chunk",
    ),
    "no-blank-line": Rule(
        "error",
        "A blank line dispatches the event; data lines without one between them are joined with a line feed.",
        "every client that follows the standard: several payloads become one, which is not JSON",
        "end each event with an empty line: two line feeds after the data",
    ),
    "spaces-in-blank-line": Rule(
        "error",
        "A blank line is an empty line; a line of spaces is a field with an unknown name.",
        "every client: the event is not dispatched here, and is joined with the next one",
        "write the line feed alone",
    ),
    "cut-end": Rule(
        "error",
        "An event that is not complete at the end of the stream, before its blank line, is discarded.",
        "every client that follows the standard: the last event is lost",
        "end the last event with an empty line too, and flush before the connection is closed",
    ),
    "unknown-field": Rule(
        "warning",
        "The fields are data, event, id and retry; any other field is ignored.",
        "every client: what the line says is lost",
        "move the content into a data field",
    ),
    "error-field": Rule(
        "error",
        "The fields are data, event, id and retry; any other field is ignored.",
        "every client that follows the standard: the error is invisible, and the answer looks cut",
        "send the error as an event: a data line with a JSON object that has an error member",
    ),
    "field-case": Rule(
        "error",
        "Field names are compared literally: data, event, id and retry, in lower case.",
        "every client: the line is ignored",
        "write the field name in lower case",
    ),
    "space-in-field-name": Rule(
        "error",
        "The field name is everything before the first colon, spaces included.",
        "every client: the line is ignored",
        "begin the line with the field name, and put the colon right after it",
    ),
    "unframed-json": Rule(
        "error",
        "Each line of an event's data begins with the field name data.",
        "every client: the line is ignored",
        "write `data: ` before the JSON and an empty line after it",
    ),
    "bytes-literal": Rule(
        "error",
        "A line is a field or a comment.",
        "every client: the line is ignored",
        "write the bytes themselves: this is Python's str() of a bytes object",
    ),
    "double-framing": Rule(
        "error",
        "The value of a data field is the payload.",
        "every client: the payload begins with `data:`, and is not JSON",
        "pass payloads to the library that frames them, not lines that are framed already",
    ),
    "escaped-line-end": Rule(
        "error",
        "A line ends with CR, LF or CRLF: the control characters, not a backslash and a letter.",
        "every client: no event is ever dispatched, or its data has a backslash at its end",
        "write real line feeds: the string was escaped once too often",
    ),
    "bad-retry": Rule(
        "error",
        "If the value of retry has anything but ASCII digits, the field is ignored.",
        "every client: it reconnects after its own default time",
        "write the time in milliseconds, digits only",
    ),
    "nul-in-id": Rule(
        "error",
        "An id with U+0000 NULL is ignored.",
        "every client: it resumes from an older event, and events come twice",
        "keep NUL out of IDs",
    ),
    "event-without-data": Rule(
        "warning",
        "A block without a data field dispatches nothing.",
        "every client: the event is never seen",
        "add a data line (`data:` alone is enough), or send a comment if it only keeps the connection alive",
    ),
    "field-repeated": Rule(
        "warning",
        "Of several event, id or retry fields in one block the last one counts.",
        "every client: the earlier value is lost, or a blank line is missing before it",
        "send each of these fields once in an event, and end each event with an empty line",
    ),
    "space-in-event-name": Rule(
        "warning",
        "One space after the colon is removed; any other space is a part of the event type.",
        "clients that listen for the name without the space",
        "write the name without spaces around it",
    ),
    "mixed-line-ends": Rule(
        "warning",
        "Lines end with CR, LF or CRLF.",
        "clients that search for one kind of blank line, such as `\\n\\n`",
        "write the same line end everywhere",
    ),
    "cr-line-ends": Rule(
        "warning",
        "Lines end with CR, LF or CRLF.",
        "clients that split at LF only, which is most of what is written by hand",
        "end lines with LF",
    ),
    "long-line": Rule(
        "warning",
        "The standard sets no limit.",
        "clients that read by line: asyncio and aiohttp stop at 64 KiB",
        "split large payloads into several events",
    ),
    "line-separator": Rule(
        "warning",
        "Only CR, LF and CRLF end a line.",
        "clients that also split at U+2028, U+2029, NEL, VT and FF, as Python's str.splitlines() does",
        "escape these characters in JSON",
    ),
}

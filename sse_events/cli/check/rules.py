"""The rules that `sse-events check` knows: what each says, who suffers when it is broken, and how to mend it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

Severity: TypeAlias = Literal["error", "warning"]


class Rule(Struct, frozen=True):
    """One rule.

    Attributes:
        severity: ``error``: something of the stream is lost or misread. ``warning``: some clients have trouble.
        says: The rule, as the standard or the provider's documentation has it.
        suffers: Who suffers when it is broken.
        mend: What the server has to do.
    """

    severity: Severity
    says: str
    suffers: str
    mend: str


_EVERY_CLIENT = "every client"
_SDKS = "the provider's own SDK, and clients that are written for it"

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

PAYLOADS = {
    "malformed-json": Rule(
        "error",
        "The data of each event is one JSON object.",
        "every client: SDKs raise, others lose this part of the answer without a word",
        "serialise each payload with a JSON library, on one line",
    ),
    "lone-surrogate": Rule(
        "warning",
        "A JSON string is Unicode text: \\ud800 to \\udfff come in pairs.",
        "strict JSON decoders refuse the whole payload",
        "do not cut text between the two halves of a character",
    ),
    "unreadable-number": Rule(
        "warning",
        "Numbers are in the range of a double.",
        "strict JSON decoders refuse the whole payload",
        "send numbers in range",
    ),
    "sentinel-not-exact": Rule(
        "warning",
        "The stream ends with data that is exactly [DONE].",
        "clients that compare the data with [DONE]: they try to read it as JSON",
        "write `data: [DONE]` without other spaces",
    ),
    "foreign-sentinel": Rule(
        "warning",
        "This dialect has no [DONE]: its last event says that the stream is over.",
        f"{_SDKS}: they try to read it as JSON",
        "leave it out",
    ),
    "after-end": Rule(
        "error",
        "Nothing is sent after the event that ends the stream.",
        "every client: what comes later is not read",
        "send the terminal signal last",
    ),
    "truncated": Rule(
        "error",
        "A stream ends with the dialect's terminal signal, after a finish reason.",
        "every client: the answer is cut, and many show it as whole",
        "send the finish reason and the terminal signal, also when the model stops early; send an error if it failed",
    ),
    "no-terminal-signal": Rule(
        "warning",
        "A stream ends with the dialect's terminal signal.",
        "clients that wait for it: they cannot tell the end from a lost connection",
        "send it: [DONE], message_stop, response.completed, interaction.completed or message-end",
    ),
    "no-finish-reason": Rule(
        "warning",
        "Before the end comes the reason why the model stopped.",
        "clients that need it to tell a whole answer, a cut one and a tool call apart",
        "send the finish reason in the last payload of the choice",
    ),
    "no-usage": Rule(
        "warning",
        "The tokens are counted at the end; Chat Completions does so if stream_options.include_usage asks for it.",
        "who pays: the cost of the answer is unknown",
        "send the usage in or after the last payload",
    ),
    "provider-error": Rule(
        "warning",
        "The provider reported an error inside the stream.",
        "the user of this answer",
        "see what the error says; the stream itself may be as it should be",
    ),
    "unknown-finish-reason": Rule(
        "warning",
        "The finish reason is one of the words of the dialect.",
        "clients with typed models: they raise, or do not know what to do next",
        "map your own words to those of the dialect",
    ),
    "arguments-not-json": Rule(
        "error",
        "The arguments of a tool call, joined, are one JSON object.",
        "every client that runs tools: the call cannot be run",
        "send each fragment once, in order, and all of them",
    ),
    "call-without-name": Rule(
        "error",
        "A tool call has a name.",
        "every client that runs tools: the call cannot be run",
        "send the name with the first fragment",
    ),
    "call-sent-twice": Rule(
        "error",
        "The fragments of a call's arguments add up; each is sent once.",
        "clients that join fragments: the arguments stand there twice, and are not JSON",
        "send fragments, or the whole call once, but not both",
    ),
    "wrong-dialect": Rule(
        "error",
        "The payloads are of the dialect that was asked for.",
        "every client that reads this dialect: there is no answer for it",
        "check which dialect the server is to speak, and which one --dialect names",
    ),
    "missing-event-name": Rule(
        "warning",
        "Each event names its type in the event field too.",
        "SDKs that look at the event field, such as Anthropic's: they skip the payload",
        "write `event: ` with the type of the payload",
    ),
    "wrong-event-name": Rule(
        "error",
        "The event field and the type of the payload are the same word.",
        "clients that look at one of them: they misread the payload",
        "write the type of the payload into the event field",
    ),
    "no-start": Rule(
        "error",
        "The stream begins with the event that opens the answer.",
        f"{_SDKS}: they raise, because there is no message to add to",
        "send message_start, response.created, interaction.created or message-start first",
    ),
    "start-again": Rule(
        "error",
        "The answer is opened once.",
        f"{_SDKS}: they raise, or throw away what came before",
        "do not splice two answers into one stream",
    ),
    "block-order": Rule(
        "error",
        "A part of the answer is started, gets its deltas, and is stopped, under one index.",
        f"{_SDKS}: they raise, or add the delta to another part",
        "send start, deltas and stop in this order, and count the index from 0",
    ),
    "block-not-stopped": Rule(
        "error",
        "Each part that was started is stopped before the answer ends.",
        "clients that act on the stop, such as running a tool call",
        "send the stop of each part",
    ),
    "wrong-delta": Rule(
        "error",
        "The type of a delta fits the type of its part.",
        f"{_SDKS}: they raise, or lose the delta",
        "start a part of the right type",
    ),
    "sequence-gap": Rule(
        "error",
        "sequence_number grows by one with each event.",
        "clients that resume: they ask for the wrong events",
        "number the events without gaps, and send all of them",
    ),
    "no-sequence-number": Rule(
        "warning",
        "Each event has a sequence_number.",
        "clients that resume an interrupted answer, and SDKs with typed models",
        "number the events from 0",
    ),
    "text-mismatch": Rule(
        "error",
        "The text in a done event is the deltas, joined.",
        "clients that take one of them: users see different answers",
        "send each delta once, and build the done event from them",
    ),
    "item-id-changes": Rule(
        "warning",
        "All events of an item carry its ID.",
        "clients that find the item by its ID",
        "keep the ID of the item",
    ),
    "missing-object": Rule(
        "error",
        'Each chunk says "object": "chat.completion.chunk".',
        "the openai package's stream helper, which drops the chunk",
        "add the member",
    ),
    "id-changes": Rule(
        "warning",
        "All chunks of an answer have the same ID.",
        "clients that tell answers apart by the ID",
        "make the ID once for each answer",
    ),
    "call-without-index": Rule(
        "error",
        "Each tool call in a delta has an index.",
        "the openai package's stream helper, which raises TypeError; parallel calls get mixed up",
        "number the calls from 0, and repeat the number with each fragment",
    ),
    "call-without-id": Rule(
        "warning",
        "The first fragment of a tool call has its ID.",
        "every client that sends the result back: it has to name the call",
        "send an ID with the first fragment",
    ),
    "index-reused": Rule(
        "error",
        "Another tool call has another index.",
        "every client that joins fragments by index: two calls become one",
        "count the index up with each call",
    ),
    "arguments-not-text": Rule(
        "error",
        "The arguments are a string of JSON, not an object.",
        "the openai package's stream helper, which raises",
        "serialise the arguments",
    ),
    "arguments-not-object": Rule(
        "error",
        "The arguments of a function call are an object.",
        f"{_SDKS}: they raise, or lose the arguments",
        "send the arguments as a JSON object, not as a string",
    ),
    "content-not-text": Rule(
        "warning",
        "delta.content is a string or null.",
        "clients that join strings: they raise on a list",
        "send text as a string, and reasoning in a member of its own",
    ),
    "message-in-chunk": Rule(
        "warning",
        "A chunk has a delta, not a message.",
        "clients that read both: the text appears twice",
        "leave message out of chunks",
    ),
    "after-finish": Rule(
        "warning",
        "The finish reason comes last: no content follows it.",
        "clients that stop at the finish reason: they lose the rest",
        "send the finish reason with or after the last content",
    ),
    "finish-repeated": Rule(
        "warning",
        "The finish reason of a choice is sent once.",
        "clients that act on it: they act twice",
        "send it once, and the usage in a chunk with empty choices",
    ),
    "stop-with-calls": Rule(
        "warning",
        'After tool calls the finish reason is "tool_calls", unless the request forced the call.',
        "clients that look at the finish reason to decide whether to run tools",
        'send "tool_calls"',
    ),
}

RULES = FRAMING | PAYLOADS

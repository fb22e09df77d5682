"""The rules of chat streams, as the providers document their dialects."""

from __future__ import annotations

from sse_events.cli.check.rule import Rule

_SDKS = "the provider's own SDK, and clients that are written for it"

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
        "every client that reads this dialect: it finds no answer",
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
        f"{_SDKS}: they raise, because no message has begun",
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

"""Turns to write: each is one thing that a dialect can get wrong."""

from __future__ import annotations

from sse_events.chat import (
    ChatEncoder,
    Citation,
    Done,
    Error,
    Finish,
    Logprobs,
    Raw,
    Reasoning,
    ReasoningSignature,
    Refusal,
    Start,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    Usage,
)

DIALECTS = ("openai", "anthropic", "responses", "gemini", "interactions", "cohere", "ui")
READABLE = ("openai", "anthropic", "responses", "gemini", "interactions", "cohere")  # those that ChatStream reads

START = Start("upstream-id", "upstream-model")
USAGE = Usage(
    prompt_tokens=90,
    completion_tokens=40,
    cached_tokens=30,
    cache_write_tokens=20,
    reasoning_tokens=10,
    total_tokens=130,
)
DONE = Done("complete", "stop", USAGE)
CALLS_DONE = Done("complete", "tool_calls", USAGE)
CUT_DONE = Done("complete", "length", USAGE)
STOP = Finish("stop", "stop")
CALLS = Finish("tool_calls", "tool_calls")
LENGTH = Finish("length", "length")
OSLO = '{"city":"Oslo"}'
LOGPROB = {"token": "Hi", "logprob": -0.5, "bytes": [72, 105], "top_logprobs": []}


def call(
    index: int, *fragments: str, id: str | None = None, name: str = "weather", choice: int = 0, custom: bool = False
) -> list[StreamEvent]:
    """The start of a call and its fragments."""
    start = ToolCallStart(index, f"call_{index}" if id is None else id, name, choice, custom)
    return [start, *(ToolCallArgs(index, fragment, choice) for fragment in fragments)]


def end(index: int, arguments: str, complete: bool = True, id: str | None = None, custom: bool = False) -> ToolCallEnd:
    id = f"call_{index}" if id is None else id
    return ToolCallEnd(index, id, "weather", arguments, complete, 0, custom)


def encoder(dialect: str, **options: object) -> ChatEncoder:
    return ChatEncoder(dialect, **{"id": "gw-0a1B", "model": "gw-model", "created": 1000, **options})  # type: ignore[arg-type]


def write(dialect: str, events: list[StreamEvent], **options: object) -> bytes:
    """All bytes of a turn, which ends with `close` if the events have no Done."""
    writer = encoder(dialect, **options)
    return b"".join([*(writer.encode(event) for event in events), writer.close()])


SCENARIOS: dict[str, list[StreamEvent]] = {
    "a whole turn": [
        START,
        Reasoning("The user "),
        Reasoning("wants weather."),
        ReasoningSignature("c2lnbmF0dXJl"),
        Token("Looking "),
        Token("it up."),
        Citation("https://weather.example", "Weather", "Looking it up"),
        *call(0, '{"city": ', '"Oslo"', "}"),
        *call(1, '{"city": "Bergen"}'),
        CALLS,
        end(0, '{"city": "Oslo"}'),
        end(1, '{"city": "Bergen"}'),
        CALLS_DONE,
    ],
    "text": [START, Token("Good "), Token("mörning\r\n\u2028\x85"), STOP, DONE],
    "reasoning and its signature": [
        START,
        Reasoning("hm "),
        Reasoning("so"),
        ReasoningSignature("c2ln", id="rs_up"),
        Token("7"),
        STOP,
        DONE,
    ],
    "withheld reasoning": [START, ReasoningSignature("ZW5j", redacted=True), Token("7"), STOP, DONE],
    "a signature without reasoning": [START, ReasoningSignature("c2ln", id="rs_up"), Token("7"), STOP, DONE],
    "a signature that is not base64": [
        START,
        Reasoning("hm"),
        ReasoningSignature("no base64!", id="rs_1"),
        Token("7"),
        STOP,
        DONE,
    ],
    "two signed reasonings": [
        START,
        Reasoning("a"),
        ReasoningSignature("MQ=="),
        Reasoning("b"),
        ReasoningSignature("Mg=="),
        Token("7"),
        STOP,
        DONE,
    ],
    "signatures behind an open call": [
        START,
        *call(0, '{"city":'),
        ReasoningSignature("MQ==", redacted=True),
        ReasoningSignature("Mg==", redacted=True),
        Reasoning("a"),
        ReasoningSignature("Mw=="),
        Reasoning("b"),
        ToolCallArgs(0, '"Oslo"}'),
        CALLS,
        end(0, OSLO),
        CALLS_DONE,
    ],
    "the signature of a call": [
        START,
        Reasoning("hm"),
        *call(0, id=""),
        ReasoningSignature("c2ln", call_index=0),
        ToolCallArgs(0, OSLO),
        end(0, OSLO, id=""),
        Finish("tool_calls", "STOP"),
        CALLS_DONE,
    ],
    "two calls, ended at the end": [
        START,
        Token("ok"),
        *call(0, '{"ci', 'ty":', '"Oslo"', "}"),
        *call(1, '{"n"', ":[1,2]}", name="sum"),
        CALLS,
        end(0, OSLO),
        ToolCallEnd(1, "call_1", "sum", '{"n":[1,2]}', True),
        CALLS_DONE,
    ],
    "interleaved calls and text": [
        START,
        *call(0, '{"city":'),
        *call(1, '{"n":', name="sum"),
        Token("wait"),
        ToolCallArgs(0, '"Oslo"}'),
        Reasoning("hm"),
        ToolCallArgs(1, "1}"),
        CALLS,
        end(0, OSLO),
        ToolCallEnd(1, "call_1", "sum", '{"n":1}', True),
        CALLS_DONE,
    ],
    "a call without arguments or id": [START, *call(0, id=""), CALLS, end(0, "", id=""), CALLS_DONE],
    "a call whose arguments are null": [START, *call(0, "null"), CALLS, end(0, "null"), CALLS_DONE],
    "a custom call": [
        START,
        *call(0, 'print("a")\n', "{", custom=True),
        end(0, 'print("a")\n{', custom=True),
        CALLS,
        CALLS_DONE,
    ],
    "refusal": [START, Token("Well. "), Refusal("I can"), Refusal("not."), STOP, DONE],
    "length": [START, Token("Goo"), LENGTH, CUT_DONE],
    "length in a call": [START, *call(0, '{"city":'), LENGTH, end(0, '{"city":', False), CUT_DONE],
    "length in the second call": [
        START,
        *call(0, OSLO),
        *call(1, '{"n":'),
        LENGTH,
        end(0, OSLO, False),
        end(1, '{"n":', False),
        CUT_DONE,
    ],
    "length after arguments that parse": [START, *call(0, OSLO), LENGTH, end(0, OSLO, False), CUT_DONE],
    "content filter": [
        START,
        Token("Goo"),
        Finish("content_filter", "content_filter"),
        Done("complete", "content_filter", USAGE),
    ],
    "an error in mid stream": [START, Token("Goo"), Error("provider", "Overloaded", 529, "{}"), Done("error")],
    "an error first": [Error("provider", "no such model", "model_not_found"), Done("error")],
    "an error that the turn recovered from": [START, Error("provider", "hiccup"), Token("Good"), STOP, DONE],
    "a finish reason that is an error": [
        START,
        Token("Goo"),
        Finish("error", "network_error"),
        Done("error", "error", USAGE),
    ],
    "a malformed payload": [
        START,
        Token("Goo"),
        Error("malformed_json", "a payload is not JSON"),
        STOP,
        Done("complete", "stop", USAGE, 1),
    ],
    "truncated": [START, Token("Goo"), Done("truncated")],
    "truncated in a call": [START, *call(0, OSLO), end(0, OSLO, False), Done("truncated")],
    "text after a call that was cut": [
        START,
        *call(0, '{"city":'),
        Token("late"),
        end(0, '{"city":', False),
        Done("truncated"),
    ],
    "closed with text behind an open call": [START, *call(0, '{"city":'), Token("late")],
    "closed": [START, Token("Goo")],
    "nothing": [],
    "a call that lost a line": [START, *call(0, OSLO), CALLS, end(0, OSLO, False), CALLS_DONE],
    "arguments that are not JSON": [START, *call(0, '{"a": tru'), CALLS, end(0, '{"a": tru', False), CALLS_DONE],
    "three choices": [
        START,
        Token("b", 1),
        Token("a", 0),
        Token("c", 2),
        *call(0, "{}", choice=1),
        Token("A", 0),
        STOP,
        Finish("tool_calls", "tool_calls", 1),
        Finish("length", "length", 2),
        ToolCallEnd(0, "call_0", "weather", "{}", True, 1),
        DONE,
    ],
    "citations": [
        START,
        Citation("https://early", "Early", "e"),
        Token("Oslo is "),
        Citation("https://a.b", "A", "cited", {"other": 1}),
        Token("nice"),
        Citation("", "A document", "passage"),
        STOP,
        DONE,
    ],
    "a citation of Anthropic's": [
        START,
        Token("x"),
        Citation("", "T", "c", {"type": "page_location", "document_title": "T", "cited_text": "c"}),
        STOP,
        DONE,
    ],
    "a citation and no text": [START, Citation("https://a.b", "A"), STOP, DONE],
    "logprobs": [START, Token("Hi"), Logprobs([LOGPROB]), STOP, DONE],
    "logprobs of Gemini's": [START, Token("Hi"), Logprobs([{"token": "Hi", "logProbability": -0.5}]), STOP, DONE],
    "raw": [START, Raw({"any": "thing"}), Token("x"), STOP, DONE],
    "no usage": [START, Token("x"), STOP, Done("complete", "stop")],
    "no finish": [START, Token("x"), Done("complete")],
    "finished": [START, Token("x"), STOP, Done("finished", "stop", USAGE)],
    "own finish words": [START, Token("x"), Finish("stop", "stop_sequence"), DONE],
}

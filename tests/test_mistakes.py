"""Mistakes that users make with the core and the chat layer, and what the error tells them.

Each row is a wrong call, the type of its error, the argument that the message names, and what it says to do instead.
The adapters have a table of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import find
from hypothesis import strategies as st

from sse_events import (
    Comment,
    Event,
    MisuseError,
    Parser,
    Reconnect,
    Reconnection,
    WireParser,
    aiter_events,
    encode,
    encode_comment,
    encode_retry,
    iter_events,
    parser,
)
from sse_events.chat import (
    ChatEncoder,
    ChatStream,
    Done,
    Message,
    Timing,
    Token,
    ToolCall,
    Transcoder,
    acollect,
    anthropic,
    atranscode,
    cohere,
    collect,
    gemini,
    interactions,
    keep_alive,
    openai,
    responses,
    transcode,
)
from sse_events.testing import (
    FakeProvider,
    assert_chunk_invariant,
    chunkings,
    custom_tool_call,
    cut,
    encode_turn,
    event_streams,
    events,
    interpret,
    outcome,
    pause,
    reasoning,
    text,
    tool_call,
    turn,
)

COMPILED = not parser.__file__.endswith(".py")
CHUNKS: Any = [b"data: {}\n\n"]
EVENTS: Any = [Token("a"), Done("complete")]


class Response:
    """A response of an HTTP client."""

    headers: dict[str, str] = {}  # noqa: RUF012 - never written
    status_code = 200

    def iter_bytes(self) -> Iterator[bytes]:
        yield b""

    def __iter__(self) -> Iterator[bytes]:
        yield b""


class AsyncResponse:
    """A response of aiohttp."""

    headers: dict[str, str] = {}  # noqa: RUF012 - never written
    status = 200
    content: Any = None


async def achunks() -> Any:
    yield b""


def opened() -> Reconnection:
    reconnection = Reconnection()
    reconnection.accepted(0.0)
    return reconnection


def encoder(**options: Any) -> ChatEncoder:
    return ChatEncoder("openai", **{"id": "x", "model": "m", **options})


def transcoder(to: Any = "openai", **options: Any) -> Transcoder:
    return Transcoder(to, id="x", model="m", **options)


def closed(machine: Any) -> Any:
    machine.close()
    return machine


def run(awaitable: Any) -> Any:
    return asyncio.run(awaitable)


def to(function: Callable[..., Any], *arguments: Any, **named: Any) -> Callable[[], Any]:
    """A call that is made in the test. The arguments are Any: they are wrong on purpose."""
    return lambda: function(*arguments, **named)


class Mistake(NamedTuple):
    call: Callable[[], Any]
    error: type[Exception]
    argument: str
    remedy: str


MISTAKES = {
    # iter_events and aiter_events
    "one chunk": Mistake(to(iter_events, b"data: x"), TypeError, "chunks", "wrap it in a list"),
    "one chunk, async": Mistake(to(aiter_events, b"data: x"), TypeError, "chunks", "wrap it in a list"),
    "a text": Mistake(to(iter_events, "data: x"), TypeError, "chunks", "encode it and wrap it in a list"),
    "lines of text": Mistake(lambda: list(iter_events(["data: x\n"])), TypeError, "chunks", "mode 'rb'"),  # type: ignore[list-item]
    "a response": Mistake(to(iter_events, Response()), TypeError, "chunks", "sse_events.adapters.httpx"),
    "a response of aiohttp": Mistake(to(aiter_events, AsyncResponse()), TypeError, "chunks", ".aiohttp"),
    "a response with a chat stream": Mistake(
        to(iter_events, Response(), into=ChatStream()), TypeError, "chunks", "import iter_events from the adapter"
    ),
    "no chunks": Mistake(to(iter_events, None), TypeError, "chunks", "an iterable of bytes"),
    "a number": Mistake(to(iter_events, 5), TypeError, "chunks", "an iterable of bytes"),
    "an async source": Mistake(to(iter_events, achunks()), TypeError, "chunks", "use aiter_events"),
    "a sync source, async": Mistake(to(aiter_events, CHUNKS), TypeError, "chunks", "use iter_events"),
    "a class for a machine": Mistake(to(iter_events, CHUNKS, into=ChatStream), TypeError, "into", "into=ChatStream()"),
    "a class for a machine, async": Mistake(
        to(aiter_events, achunks(), into=Parser), TypeError, "into", "into=Parser()"
    ),
    "a dialect for a machine": Mistake(
        to(iter_events, CHUNKS, "openai"), TypeError, "into", "such as Parser() or ChatStream()"
    ),
    "a message for a machine": Mistake(to(iter_events, CHUNKS, Message()), TypeError, "into", "ChatStream()"),
    "a chat stream for two answers": Mistake(
        to(iter_events, CHUNKS, closed(ChatStream())), MisuseError, "into", "use a new ChatStream() for each answer"
    ),
    "a chat stream for two answers, async": Mistake(
        to(aiter_events, achunks(), closed(ChatStream())), MisuseError, "into", "use a new ChatStream() for each answer"
    ),
    "a parser that is closed": Mistake(
        lambda: list(iter_events(CHUNKS, closed(Parser()))), MisuseError, "", "a new one"
    ),
    "a machine for chunks": Mistake(
        to(iter_events, ChatStream(), CHUNKS), TypeError, "chunks", "write iter_events(chunks, into=...)"
    ),
    "chunks of None": Mistake(lambda: list(iter_events([None])), TypeError, "chunks", "must yield bytes"),  # type: ignore[list-item]
    # Machines
    "feed a text": Mistake(to(Parser().feed, "data: x"), TypeError, "", "bytes"),
    "feed a text, wire": Mistake(to(WireParser().feed, "data: x"), TypeError, "", "bytes"),
    "feed a text, chat": Mistake(to(ChatStream().feed, "data: x"), TypeError, "", "bytes"),
    "feed nothing": Mistake(to(Parser().feed, None), TypeError, "feed()", "takes bytes, not NoneType"),
    "feed an event": Mistake(to(ChatStream().feed, Event("x")), TypeError, "feed()", "takes bytes, not Event"),
    "feed a text for an event": Mistake(to(ChatStream().feed_event, "x"), TypeError, "event", "use feed() for bytes"),
    "feed bytes for an event": Mistake(to(ChatStream().feed_event, b"x"), TypeError, "event", "use feed() for bytes"),
    "feed a dict for an event": Mistake(to(ChatStream().feed_event, {"data": "x"}), TypeError, "event", "an Event"),
    "feed a token for an event": Mistake(to(ChatStream().feed_event, Token("x")), TypeError, "event", "an Event"),
    "feed an event of a dict": Mistake(
        to(ChatStream().feed_event, Event({"a": 1})),  # type: ignore[arg-type]
        TypeError,
        "data",
        "json.dumps(data)",
    ),
    "feed an event of bytes": Mistake(
        to(ChatStream("openai").feed_event, Event(b"{}")),  # type: ignore[arg-type]
        TypeError,
        "data",
        "a str",
    ),
    "feed after close": Mistake(to(closed(Parser()).feed, b""), MisuseError, "", "use a new one"),
    "an unknown mode": Mistake(to(Parser, errors="ignore"), ValueError, "errors", "'strict'"),
    "a limit of text": Mistake(to(Parser, max_event_bytes="5"), TypeError, "max_event_bytes", "int or None"),
    "a limit of True": Mistake(to(Parser, max_event_bytes=True), TypeError, "max_event_bytes", "int or None"),
    "a negative limit": Mistake(to(Parser, max_event_bytes=-1), ValueError, "max_event_bytes", "negative"),
    "an id of a number": Mistake(to(Parser, last_event_id=5), TypeError, "last_event_id", "str"),
    "an unknown dialect": Mistake(to(ChatStream, "opnai"), ValueError, "dialect", "did you mean 'openai'?"),
    "a dialect in capitals": Mistake(to(ChatStream, "OpenAI"), ValueError, "dialect", "did you mean 'openai'?"),
    "a dialect of None": Mistake(to(ChatStream, None), TypeError, "dialect", "one of 'auto', 'openai'"),
    "a list of dialects": Mistake(to(ChatStream, ["openai"]), TypeError, "dialect", "one of 'auto', 'openai'"),
    "raw payloads of what": Mistake(to(ChatStream, raw="openai"), TypeError, "raw", "True or False"),
    "one thinking tag": Mistake(to(ChatStream, thinking_tags="<think>"), TypeError, "thinking_tags", "two strings"),
    "unknown choices": Mistake(to(ChatStream, choices="every"), ValueError, "choices", "'all'"),
    # Events and the encoder
    "encode a text": Mistake(to(encode, "x"), TypeError, "event", "encode(Event(data))"),
    "encode a dict": Mistake(to(encode, {"data": "x"}), TypeError, "event", "encode(Event(data))"),
    "encode an event of a dict": Mistake(to(encode, Event({"a": 1})), TypeError, "data", "json.dumps(data)"),  # type: ignore[arg-type]
    "encode an event of a number": Mistake(to(encode, Event(5)), TypeError, "data", "json.dumps(data)"),  # type: ignore[arg-type]
    "encode a type of a number": Mistake(to(encode, Event("x", 5)), TypeError, "event", "str(event)"),  # type: ignore[arg-type]
    "encode an id of a number": Mistake(to(encode, Event("x", id=5)), TypeError, "id", "str(id)"),  # type: ignore[arg-type]
    "encode an id of None": Mistake(to(encode, Event("x", id=None)), TypeError, "id", "str"),  # type: ignore[arg-type]
    "encode a retry of text": Mistake(to(encode, Event("x", retry="5")), TypeError, "retry", "int"),  # type: ignore[arg-type]
    "encode an empty type": Mistake(to(encode, Event("x", "")), ValueError, "event type", "leave it out"),
    "encode two lines of type": Mistake(
        to(encode, Event("x", "a\nb")), ValueError, "event", "not contain CR, LF or NUL"
    ),
    "comment of bytes": Mistake(to(encode_comment, b"x"), TypeError, "text", "decode it"),
    "comment of a number": Mistake(to(encode_comment, 5), TypeError, "text", "str(text)"),
    "retry of text": Mistake(to(encode_retry, "5"), TypeError, "ms", "int(ms)"),
    "retry in seconds": Mistake(to(encode_retry, 0.5), TypeError, "ms", "int of milliseconds"),
    "retry below zero": Mistake(to(encode_retry, -1), ValueError, "retry", "from 0 to"),
    "JSON of a dict": Mistake(to(Event({"a": 1}).json), TypeError, "data", "json.dumps(data)"),  # type: ignore[arg-type]
    "JSON of bytes": Mistake(to(Event(b"{}").json), TypeError, "data", "str"),  # type: ignore[arg-type]
    "encode a comment": Mistake(to(encode, Comment("x")), TypeError, "event", "encode(Event(data))"),
    # Reconnection
    "an id for a policy": Mistake(to(Reconnection, "41"), TypeError, "policy", "Reconnection(last_event_id='41')"),
    "a class for a policy": Mistake(to(Reconnection, Reconnect), TypeError, "policy", "such as Reconnect()"),
    "an id of a number to resume": Mistake(to(Reconnection, last_event_id=5), TypeError, "last_event_id", "a str"),
    "no id to resume": Mistake(to(Reconnection, None, None), TypeError, "last_event_id", "a str"),
    "a retry of text": Mistake(to(Reconnection, retry="5"), TypeError, "retry", "an int (milliseconds)"),
    "a retry below zero": Mistake(to(Reconnection, retry=-1), ValueError, "retry", "from 0 to"),
    "accepted at no time": Mistake(to(Reconnection().accepted, None), TypeError, "now", "time.monotonic()"),
    "accepted at a text": Mistake(to(Reconnection().accepted, "now"), TypeError, "now", "time.monotonic()"),
    "a status of text": Mistake(to(Reconnection().refused, "503", random=0.0), TypeError, "status", "an int"),
    "a Retry-After of text": Mistake(
        to(Reconnection().refused, 503, retry_after="7", random=0.0), TypeError, "retry_after", "a number of seconds"
    ),
    "refused without a random number": Mistake(
        to(Reconnection().refused, 503, random=None), TypeError, "random", "random.random()"
    ),
    "a random number of 5": Mistake(
        to(Reconnection().refused, 503, random=5.0), ValueError, "random", "random.random()"
    ),
    "lost at no time": Mistake(to(Reconnection().lost, now=None, random=0.0), TypeError, "now", "time.monotonic()"),
    "lost without a random number": Mistake(
        to(Reconnection().lost, now=0.0, random="x"), TypeError, "random", "random.random()"
    ),
    "received an id of a number": Mistake(
        to(opened().received, last_event_id=5, delivered=True), TypeError, "last_event_id", "a str"
    ),
    "received a retry of text": Mistake(
        to(opened().received, last_event_id="", retry="5", delivered=True), TypeError, "retry", "an int"
    ),
    "received before it is open": Mistake(
        to(Reconnection().received, last_event_id="", delivered=True), MisuseError, "received()", "when CONNECTING"
    ),
    "attempts of text": Mistake(to(Reconnect, max_attempts="3"), TypeError, "max_attempts", "an int or None"),
    "no attempts": Mistake(to(Reconnect, max_attempts=0), ValueError, "max_attempts", "at least 1"),
    "a delay of text": Mistake(to(Reconnect, initial_delay="3"), TypeError, "initial_delay", "a number"),
    "a list of statuses": Mistake(to(Reconnect, retry_statuses=[503]), TypeError, "retry_statuses", "frozenset({503})"),
    # Messages
    "collect without a chat stream": Mistake(
        lambda: collect(iter_events(CHUNKS)),  # type: ignore[arg-type]
        TypeError,
        "event",
        "iter_events(chunks, into=ChatStream())",
    ),
    "collect chunks": Mistake(to(collect, CHUNKS), TypeError, "event", "into=ChatStream()"),
    "collect a text": Mistake(to(collect, "hello"), TypeError, "event", "into=ChatStream()"),
    "collect an async source": Mistake(to(collect, achunks()), TypeError, "events", "use acollect"),
    "acollect a sync source": Mistake(lambda: run(acollect(EVENTS)), TypeError, "events", "use collect"),
    "collect into a chat stream": Mistake(to(collect, EVENTS, into=ChatStream()), TypeError, "into", "Message"),
    "collect into a class": Mistake(to(collect, EVENTS, into=Message), TypeError, "into", "Message"),
    "collect a chat stream": Mistake(to(collect, ChatStream()), TypeError, "events", "into=ChatStream()"),
    "collect nothing": Mistake(to(collect, None), TypeError, "events", "not None: read the bytes"),
    "acollect nothing": Mistake(lambda: run(acollect(None)), TypeError, "events", "into=ChatStream()"),  # type: ignore[arg-type]
    "collect a single event": Mistake(to(collect, Token("a")), TypeError, "events", "an iterable"),
    "collect another choice": Mistake(
        to(collect, EVENTS, choice=1, into=Message()), ValueError, "choice", "use into=Message(1)"
    ),
    "collect no choice into a message": Mistake(
        to(collect, EVENTS, choice=None, into=Message()), TypeError, "choice", "an int"
    ),
    "collect a choice of text": Mistake(to(collect, EVENTS, "0"), TypeError, "choice", "int"),
    "apply an event of the core": Mistake(to(Message().apply, Event("x")), TypeError, "event", "into=ChatStream()"),
    "apply a dict": Mistake(to(Message().apply, {"type": "token"}), TypeError, "event", "StreamEvent"),
    "parse a cut call": Mistake(to(ToolCall("a", "f", '{"a').parse), ValueError, "arguments", "not JSON"),
    "parse a call of a dict": Mistake(
        to(ToolCall("a", "f", {"a": 1}).parse),  # type: ignore[arg-type]
        TypeError,
        "arguments",
        "json.dumps(arguments)",
    ),
    "events for a turn, openai": Mistake(to(openai.assistant_turn, EVENTS), TypeError, "message", "collect(events)"),
    "events for a turn, anthropic": Mistake(to(anthropic.assistant_turn, []), TypeError, "message", "collect(events)"),
    "a class for a turn, responses": Mistake(
        to(responses.assistant_turn, Message), TypeError, "message", "not the class Message: fold the events first"
    ),
    "a text for a turn, gemini": Mistake(to(gemini.assistant_turn, "x"), TypeError, "message", "collect(events)"),
    "a dict for a turn, cohere": Mistake(to(cohere.assistant_turn, {}), TypeError, "message", "collect(events)"),
    "None for a turn, interactions": Mistake(
        to(interactions.assistant_turn, None), TypeError, "message", "collect(events)"
    ),
    "an empty turn, openai": Mistake(to(openai.assistant_turn, Message()), ValueError, "message", "check message.ok"),
    "an empty turn, anthropic": Mistake(to(anthropic.assistant_turn, Message()), ValueError, "message", "message.ok"),
    "an empty turn, responses": Mistake(to(responses.assistant_turn, Message()), ValueError, "message", "message.ok"),
    "an empty turn, gemini": Mistake(to(gemini.assistant_turn, Message()), ValueError, "message", "message.ok"),
    "an empty turn, cohere": Mistake(to(cohere.assistant_turn, Message()), ValueError, "message", "message.ok"),
    "an empty turn, interactions": Mistake(
        to(interactions.assistant_turn, Message()), ValueError, "message", "message.ok"
    ),
    # Timing
    "time a single event": Mistake(to(Timing().add, Token("a"), 1.0), TypeError, "events", "use [event]"),
    "time without a time": Mistake(to(Timing().add, EVENTS, None), TypeError, "at", "time.perf_counter()"),
    "time that goes back": Mistake(to(Timing(5.0).add, EVENTS, 1.0), ValueError, "at", "not be earlier"),
    "a start of text": Mistake(to(Timing, "now"), TypeError, "start", "time.perf_counter()"),
    "a start of True": Mistake(to(Timing, True), TypeError, "start", "time.perf_counter()"),
    "time nothing": Mistake(to(Timing().add, None, 1.0), TypeError, "events", "an iterable of StreamEvents"),
    "time events of the core": Mistake(to(Timing().add, [Event("x")], 1.0), TypeError, "events", "ChatStream"),
    # Writing
    "write an unknown dialect": Mistake(
        to(ChatEncoder, "opnai", id="x", model="m"), ValueError, "dialect", "did you mean 'openai'?"
    ),
    "write a list of dialects": Mistake(
        to(ChatEncoder, ["openai"], id="x", model="m"), TypeError, "dialect", "one of 'openai'"
    ),
    "write an id of a number": Mistake(to(encoder, id=1), TypeError, "id", "a str"),
    "write no model": Mistake(to(encoder, model=None), TypeError, "model", "a str"),
    "write a time with a fraction": Mistake(to(encoder, created=1.5), TypeError, "created", "int(time.time())"),
    "write counts": Mistake(to(encoder, usage=Done("complete").usage), TypeError, "usage", "come with Done"),
    "write prompt tokens of text": Mistake(to(encoder, prompt_tokens="5"), TypeError, "prompt_tokens", "an int"),
    "write a text": Mistake(to(encoder().encode, "x"), TypeError, "event", "such as Token(text)"),
    "write an event of the core": Mistake(to(encoder().encode, Event("x")), TypeError, "event", "sse_events.encode"),
    "write after the end": Mistake(
        lambda: (end := encoder(), end.close(), end.encode(Token("x"))),
        MisuseError,
        "encode(Token)",
        "a new ChatEncoder",
    ),
    "the id of a call by its index": Mistake(to(encoder().call_id, 0), TypeError, "start", "a ToolCallStart"),
    "transcode to an unknown dialect": Mistake(to(transcoder, "opnai"), ValueError, "to must", "did you mean 'openai'"),
    "transcode from an unknown dialect": Mistake(
        to(transcoder, dialect="opnai"), ValueError, "dialect must", "did you mean 'openai'?"
    ),
    "transcode with a text to call": Mistake(to(transcoder, on_event="x"), TypeError, "on_event", "a function"),
    "transcode with a block to repeat": Mistake(
        to(transcoder, keep_alives=b": ping"), TypeError, "keep_alives", "True or False"
    ),
    "transcode a text": Mistake(to(transcoder().feed, "x"), TypeError, "feed()", "text.encode()"),
    "transcode one chunk": Mistake(
        to(transcode, b"x", "openai", id="x", model="m"), TypeError, "chunks", "wrap it in a list"
    ),
    "transcode an async source": Mistake(
        to(transcode, achunks(), "openai", id="x", model="m"), TypeError, "chunks", "use atranscode"
    ),
    "atranscode a sync source": Mistake(
        to(atranscode, CHUNKS, "openai", id="x", model="m"), TypeError, "chunks", "use transcode"
    ),
    "a keep-alive of an unknown dialect": Mistake(to(keep_alive, "gemnii"), ValueError, "dialect", "'gemini'?"),
    # The testing kit
    "a machine for a class": Mistake(
        to(assert_chunk_invariant, Parser(), b"x"), TypeError, "make_machine", "leave out the ()"
    ),
    "a class that is no machine": Mistake(
        to(assert_chunk_invariant, Message, b"x"), TypeError, "make_machine", "such as Parser()"
    ),
    "a body of text": Mistake(to(assert_chunk_invariant, Parser, "x"), TypeError, "body", "text.encode()"),
    "the outcome of a class": Mistake(to(outcome, Parser, [b"x"]), TypeError, "machine", "such as Parser()"),
    "the outcome of one chunk": Mistake(to(outcome, Parser(), b"x"), TypeError, "chunks", "[data]"),
    "interpret a text": Mistake(to(interpret, "data: x"), TypeError, "body", "text.encode()"),
    "interpret chunks": Mistake(to(interpret, CHUNKS), TypeError, "body", 'b"".join(chunks)'),
    "chunkings of a text": Mistake(to(chunkings, "x"), TypeError, "body", "text.encode()"),
    "one event for a turn": Mistake(to(encode_turn, "openai", Token("x")), TypeError, "events", "use [event]"),
    "one text for all turns": Mistake(to(FakeProvider, "Hello"), TypeError, "turns", "use [turn]"),
    "one turn for all turns": Mistake(to(FakeProvider, turn("Hello")), TypeError, "turns", "use [turn]"),
    "a number for the turns": Mistake(to(FakeProvider, 5), TypeError, "turns", "use [turn]"),
    "a turn of a number": Mistake(
        to(FakeProvider([5]).respond, "POST", "/v1/messages", [], b"{}"),  # type: ignore[list-item]
        TypeError,
        "steps",
        "StreamEvents",
    ),
    "a step of a number": Mistake(to(turn, 5), TypeError, "steps", "what text(), tool_call() and the like return"),
    "a step of a dict": Mistake(to(turn, {"text": "x"}), TypeError, "steps", "StreamEvents"),
    "an unknown finish reason": Mistake(to(turn, "x", finish="lenght"), ValueError, "finish", "'length'?"),
    "a usage of a dict": Mistake(to(turn, usage={}), TypeError, "usage", "Usage("),
    "a turn with a delay of text": Mistake(to(turn, delay="1"), TypeError, "delay", "a number of seconds"),
    "a delay below zero": Mistake(to(turn, delay=-1), ValueError, "delay", "not be negative"),
    "a refusal of text": Mistake(to(turn, status="429"), TypeError, "status", "an int"),
    "an error of a number": Mistake(to(turn, error=5), TypeError, "error", "a str or an Error"),
    "a Retry-After of text in a turn": Mistake(to(turn, retry_after="x"), TypeError, "retry_after", "a number"),
    "a cut of text": Mistake(to(turn, cut_after="5"), TypeError, "cut_after", "a number of bytes"),
    "a text of a number": Mistake(to(text, 5), TypeError, "content", "a str"),
    "a thought of a number": Mistake(to(reasoning, 5), TypeError, "content", "a str"),
    "a signature of bytes": Mistake(to(reasoning, "x", b"s"), TypeError, "signature", "a str"),
    "a tool and its arguments swapped": Mistake(
        to(tool_call, {"city": "Oslo"}, "weather"), TypeError, "name", "the arguments come second"
    ),
    "arguments of a number": Mistake(to(tool_call, "f", 5), TypeError, "arguments", "a mapping, or its JSON text"),
    "a custom tool of a number": Mistake(to(custom_tool_call, 5, "x"), TypeError, "name", "a str"),
    "a custom input of a dict": Mistake(to(custom_tool_call, "f", {}), TypeError, "input", "use tool_call"),
    "a pause of text": Mistake(to(pause, "1"), TypeError, "seconds", "a number of seconds"),
    "a cut below zero": Mistake(to(cut, after=-1), ValueError, "after", "not be negative"),
    "a type for a strategy": Mistake(to(events, event="price"), TypeError, "event", "st.just(...)"),
    "an event for a strategy": Mistake(to(event_streams, Event("x")), TypeError, "events", "events(event=...)"),
    "events and a type": Mistake(
        to(event_streams, events(), event=st.just("price")), TypeError, "events", "events(data=..., event=..., id=...)"
    ),
    "data with CR": Mistake(
        lambda: find(events(data=st.just("a\r")), lambda _: True), ValueError, "data", "must not contain CR"
    ),
    "chunks of another body": Mistake(
        to(assert_chunk_invariant, Parser, b"ab", [[b"a"]]), ValueError, "chunks", "do not join to the body"
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told(mistake: Mistake) -> None:
    with pytest.raises(mistake.error) as caught:
        mistake.call()
    message = str(caught.value)
    # A compiled parser checks types before its code runs, and mypyc's words do not name the argument (CONTRIBUTING.md).
    if COMPILED and "object expected; got" in message:
        return
    assert mistake.argument in message
    assert mistake.remedy in message


def test_there_are_enough_of_them() -> None:
    assert len(MISTAKES) >= 40

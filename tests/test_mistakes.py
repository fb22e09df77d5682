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
    Event,
    MisuseError,
    Parser,
    WireParser,
    aiter_events,
    encode,
    encode_comment,
    encode_retry,
    iter_events,
    parser,
)
from sse_events.chat import (
    ChatStream,
    Done,
    Message,
    Timing,
    Token,
    ToolCall,
    acollect,
    anthropic,
    cohere,
    collect,
    gemini,
    interactions,
    openai,
    responses,
)
from sse_events.testing import assert_chunk_invariant, event_streams, events

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
    "a parser that is closed": Mistake(lambda: list(iter_events(CHUNKS, closed(Parser()))), MisuseError, "", "closed"),
    # Machines
    "feed a text": Mistake(to(Parser().feed, "data: x"), TypeError, "", "bytes"),
    "feed a text, wire": Mistake(to(WireParser().feed, "data: x"), TypeError, "", "bytes"),
    "feed a text, chat": Mistake(to(ChatStream().feed, "data: x"), TypeError, "", "bytes"),
    "feed nothing": Mistake(to(Parser().feed, None), TypeError, "", "bytes"),
    "feed after close": Mistake(to(closed(Parser()).feed, b""), MisuseError, "", "closed"),
    "an unknown mode": Mistake(to(Parser, errors="ignore"), ValueError, "errors", "'strict'"),
    "a limit of text": Mistake(to(Parser, max_event_bytes="5"), TypeError, "max_event_bytes", "int or None"),
    "a negative limit": Mistake(to(Parser, max_event_bytes=-1), ValueError, "max_event_bytes", "negative"),
    "an id of a number": Mistake(to(Parser, last_event_id=5), TypeError, "last_event_id", "str"),
    "an unknown dialect": Mistake(to(ChatStream, "opnai"), ValueError, "dialect", "did you mean 'openai'?"),
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
    "collect a choice of text": Mistake(to(collect, EVENTS, "0"), TypeError, "choice", "int"),
    "apply an event of the core": Mistake(to(Message().apply, Event("x")), TypeError, "event", "into=ChatStream()"),
    "apply a dict": Mistake(to(Message().apply, {"type": "token"}), TypeError, "event", "StreamEvent"),
    "parse a cut call": Mistake(to(ToolCall("a", "f", '{"a').parse), ValueError, "arguments", "not JSON"),
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
    # The testing kit
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

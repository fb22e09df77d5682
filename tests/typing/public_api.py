"""What a user's type checker says about the public API. Checked, never run: see test_types.py.

Each comment is what the checkers must reveal on its line, without the names of modules.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import NoReturn, TypeVar

import msgspec
from hypothesis import strategies
from typing_extensions import reveal_type

from sse_events import (
    Comment,
    Event,
    Machine,
    Parser,
    UnknownField,
    WireParser,
    aiter_events,
    encode,
    iter_events,
    testing,
)
from sse_events.chat import (
    ChatStream,
    Citation,
    DialectName,
    Done,
    Error,
    ErrorKind,
    Finish,
    FinishReason,
    Logprobs,
    Message,
    Raw,
    Reasoning,
    ReasoningSignature,
    Refusal,
    Start,
    Status,
    StreamEvent,
    Timing,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    acollect,
    collect,
)

T = TypeVar("T")


class Price(msgspec.Struct):
    amount: int


class Lines:
    """A machine of the user's own, without a base class: two methods are enough."""

    def feed(self, data: bytes) -> list[int]:
        return [len(data)]

    def close(self) -> list[int]:
        return []


def machines(data: bytes) -> None:
    reveal_type(Parser().feed(data))  # revealed: list[Event]
    reveal_type(Parser().feed(bytearray(data)))  # revealed: list[Event]
    reveal_type(Parser().feed(memoryview(data)))  # revealed: list[Event]
    reveal_type(Parser().close())  # revealed: list[Event]
    reveal_type(WireParser().feed(data))  # revealed: list[Event | Comment | UnknownField]
    reveal_type(WireParser().close())  # revealed: list[Event | Comment | UnknownField]
    reveal_type(ChatStream().feed(data))  # revealed: list[StreamEvent]
    reveal_type(ChatStream().feed_event(Event("{}")))  # revealed: list[StreamEvent]
    dialect: DialectName | None = ChatStream("cohere").dialect
    del dialect
    reveal_type(ChatStream().done)  # revealed: bool
    reveal_type(Parser().last_event_id)  # revealed: str
    reveal_type(Parser().retry)  # revealed: int | None


def iterate(chunks: list[bytes], source: Iterator[bytes]) -> None:
    for event in iter_events(chunks):
        reveal_type(event)  # revealed: Event
    for event in iter_events(source, into=Parser()):
        reveal_type(event)  # revealed: Event
    for value in iter_events(chunks, into=WireParser()):
        reveal_type(value)  # revealed: Event | Comment | UnknownField
    for delta in iter_events(chunks, into=ChatStream()):
        reveal_type(delta)  # revealed: StreamEvent
    for length in iter_events(chunks, into=Lines()):
        reveal_type(length)  # revealed: int


async def aiterate(source: AsyncIterator[bytes]) -> None:
    async for event in aiter_events(source):
        reveal_type(event)  # revealed: Event
    async for value in aiter_events(source, into=WireParser()):
        reveal_type(value)  # revealed: Event | Comment | UnknownField
    async for delta in aiter_events(source, into=ChatStream()):
        reveal_type(delta)  # revealed: StreamEvent
    async for length in aiter_events(source, into=Lines()):
        reveal_type(length)  # revealed: int


def json(event: Event) -> None:
    reveal_type(event.json())  # revealed: Any
    reveal_type(event.json(Price))  # revealed: Price
    reveal_type(event.json(type=list[int]))  # revealed: list[int]
    event.json(int | str)  # a union is no type[T], but msgspec takes it


def values(event: Event, comment: Comment, field: UnknownField) -> None:
    reveal_type(event.data)  # revealed: str
    reveal_type(event.retry)  # revealed: int | None
    reveal_type(comment.text)  # revealed: str
    reveal_type(field.value)  # revealed: str


def drive(machine: Machine[T], data: bytes) -> list[T]:
    return machine.feed(data) + machine.close()


def machines_of_every_kind(data: bytes) -> None:
    reveal_type(drive(Parser(), data))  # revealed: list[Event]
    reveal_type(drive(WireParser(), data))  # revealed: list[Event | Comment | UnknownField]
    reveal_type(drive(ChatStream(), data))  # revealed: list[StreamEvent]
    reveal_type(drive(Lines(), data))  # revealed: list[int]


def match(event: StreamEvent) -> str | int | None:
    match event:
        case Start(id, model):
            reveal_type(model)  # revealed: str
            return id
        case Token(text) | Reasoning(text) | Refusal(text):
            reveal_type(text)  # revealed: str
            return text
        case ReasoningSignature(signature=signature):
            return signature
        case ToolCallStart(index, id, name):
            reveal_type(index)  # revealed: int
            return id + name
        case ToolCallArgs(_, args_chunk):
            reveal_type(args_chunk)  # revealed: str
            return args_chunk
        case ToolCallEnd(arguments=arguments, complete=True):
            return arguments
        case ToolCallEnd(complete=complete):
            reveal_type(complete)  # revealed: bool
            return None
        case Citation() | Logprobs() | Raw():
            return None
        case Finish(reason):
            return reason
        case Error() as error:
            reveal_type(error.code)  # revealed: str | int | None
            return error.message
        case Done() as done:
            reveal_type(done.ok)  # revealed: bool
            reveal_type(done.prompt_tokens)  # revealed: int | None
            return done.status
    unreachable(event)


def unreachable(event: NoReturn) -> NoReturn:
    """A checker that reaches this says that the match above misses a member of the union."""
    raise AssertionError(event)


def message(events: list[StreamEvent]) -> None:
    reveal_type(collect(events).text)  # revealed: str
    reveal_type(collect(iter(events), choice=1, into=Message()))  # revealed: Message
    message = Message()
    reveal_type(message.id)  # revealed: str
    reveal_type(message.errors)  # revealed: list[Error]
    reveal_type(message.ok)  # revealed: bool
    reveal_type(message.malformed)  # revealed: int
    reveal_type(message.tool_calls)  # revealed: list[ToolCall]
    reveal_type(message.tool_calls[0].custom)  # revealed: bool
    reveal_type(message.tool_calls[0].parse(Price))  # revealed: Price
    reveal_type(message.to_dict())  # revealed: dict[str, Any]


async def message_of_an_async_source(events: AsyncIterator[StreamEvent]) -> None:
    reveal_type(await acollect(events))  # revealed: Message


def literals(dialect: DialectName, status: Status, reason: FinishReason, kind: ErrorKind) -> tuple[str, str, str, str]:
    if dialect == "cohere" or status == "truncated" or reason == "content_filter" or kind == "not_sse":
        return "", "", "", ""
    return dialect, status, reason, kind


def timing(events: list[StreamEvent]) -> None:
    timing = Timing(start=1.5)
    timing.add(events, at=2)
    reveal_type(timing.time_to_first_token)  # revealed: float | None
    reveal_type(timing.tokens_per_second)  # revealed: float | None
    reveal_type(timing.gaps.longest)  # revealed: float | None


def kit() -> None:
    reveal_type(testing.events(event=strategies.just("price")))  # revealed: SearchStrategy[Event]
    reveal_type(testing.event_streams(testing.events()).example().chunks)  # revealed: list[bytes]
    reveal_type(testing.assert_chunk_invariant(Lines, b"").values)  # revealed: list[int]
    for make_machine in testing.FAULTY_PARSERS.values():
        reveal_type(make_machine().feed(b""))  # revealed: list[Event]


def mistakes(chunks: list[bytes], events: list[StreamEvent], event: Event) -> None:
    """Each line is an error: mypy also reports an ignore that is not needed."""
    iter_events(b"data: x\n\n")  # type: ignore[arg-type]
    iter_events("data: x\n\n")  # type: ignore[arg-type]
    iter_events(["data: x\n\n"])  # type: ignore[list-item]
    iter_events(chunks, into=ChatStream)  # type: ignore[call-overload]
    iter_events(chunks, into="openai")  # type: ignore[call-overload]
    aiter_events(chunks)  # type: ignore[call-overload]
    collect(iter_events(chunks))  # type: ignore[arg-type]
    collect(chunks)  # type: ignore[arg-type]
    collect(events, into=ChatStream())  # type: ignore[arg-type]
    Message().apply(event)  # type: ignore[arg-type]
    Timing().add(Token("a"), at=1.0)  # type: ignore[arg-type]
    encode("x")  # type: ignore[arg-type]
    Event({"a": 1})  # type: ignore[arg-type]
    Parser(errors="ignore")  # type: ignore[arg-type]
    Parser().feed("data: x\n\n")  # type: ignore[arg-type]
    testing.events(event="price")  # type: ignore[arg-type]
    ChatStream("opnai")  # type: ignore[arg-type]
    name: DialectName = "opnai"  # type: ignore[assignment]
    del name

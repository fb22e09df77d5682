"""Message: the events of one choice, put together."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from typing import Any, get_args

import msgspec

from sse_events.chat.events import (
    Citation,
    Done,
    Error,
    Finish,
    FinishReason,
    Reasoning,
    ReasoningSignature,
    Refusal,
    Start,
    Status,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    Usage,
)
from sse_events.chat.message_parts import OpenPart, Part, ReasoningPart, RefusalPart, TextPart, ToolCall
from sse_events.chat.state import State
from sse_events.mistakes import check_type, wrong_type

__all__ = [
    "Message",
    "Part",
    "ReasoningPart",
    "RefusalPart",
    "TextPart",
    "ToolCall",
    "acollect",
    "check_message",
    "collect",
    "nothing_to_send",
]

_EVENT_TYPES = frozenset(get_args(StreamEvent))
_READ = "read the bytes with a chat stream, as in iter_events(chunks, into=ChatStream())"


class Message(State):
    """What one choice of a chat stream said, in the order that the provider wants it back.

    Check `ok` before you rely on the answer: a truncated or failed answer is a Message too.

    Args:
        choice: The choice whose events are used. Events of other choices are ignored.

    Attributes:
        choice: As given.
        id: The provider's id of the response, ``""`` if it gave none.
        model: The model that answered, ``""`` if the provider did not say.
        citations: The sources, in order.
        errors: The errors, in order.
        finish_reason: Why the choice ended, None until the provider says it.
        usage: The token counts. The fields are None until Done arrives.
        status: How the stream ended, None until Done arrives.
        malformed: How many payloads could not be read, 0 until Done arrives.
        ok: True if the answer is whole, as `Done.ok` says. False until Done arrives.

    >>> message = Message()
    >>> for event in [Token("Hel"), Token("lo"), Done("complete")]:
    ...     message.apply(event)
    >>> message.text, message.ok
    ('Hello', True)
    """

    choice: int
    id: str
    model: str
    citations: list[Citation]
    errors: list[Error]
    finish_reason: FinishReason | None
    usage: Usage
    status: Status | None
    malformed: int
    ok: bool

    __slots__ = (
        "_calls",
        "_open",
        "choice",
        "citations",
        "errors",
        "finish_reason",
        "id",
        "malformed",
        "model",
        "ok",
        "status",
        "usage",
    )

    def __init__(self, choice: int = 0) -> None:
        check_type("choice", choice, int, "an int, the index of a choice")
        self.choice = choice
        self.id = ""
        self.model = ""
        self.citations = []
        self.errors = []
        self.finish_reason = None
        self.usage = Usage()
        self.status = None
        self.malformed = 0
        self.ok = False
        self._open: list[OpenPart] = []
        self._calls: dict[int, OpenPart] = {}

    def apply(self, event: StreamEvent) -> None:
        """Add one event. Events of other choices are ignored, and so are Logprobs and Raw.

        Raises:
            TypeError: `event` is not a StreamEvent.
        """
        if type(event) not in _EVENT_TYPES:
            raise wrong_type("event", event, "a StreamEvent", _READ)
        if isinstance(event, Start):
            self.id = event.id
            self.model = event.model
        elif isinstance(event, Error):
            self.errors.append(event)
        elif isinstance(event, Done):
            self.status = event.status
            self.usage = event.usage
            self.malformed = event.malformed
            self.ok = event.ok
        elif getattr(event, "choice", None) != self.choice:
            return
        elif isinstance(event, Token):
            self._last(TextPart).texts.append(event.text)
        elif isinstance(event, Reasoning):
            self._last(ReasoningPart).texts.append(event.text)
        elif isinstance(event, Refusal):
            self._last(RefusalPart).texts.append(event.text)
        elif isinstance(event, ReasoningSignature):
            self._sign(event)
        elif isinstance(event, ToolCallStart):
            call = OpenPart(ToolCall, id=event.id, name=event.name, custom=event.custom)
            self._calls[event.index] = self._add(call)
        elif isinstance(event, ToolCallArgs):
            if event.index in self._calls:
                self._calls[event.index].texts.append(event.args_chunk)
        elif isinstance(event, ToolCallEnd):
            if event.index in self._calls:
                call = self._calls[event.index]
                call.id = event.id
                call.complete = event.complete
        elif isinstance(event, Citation):
            self.citations.append(event)
        elif isinstance(event, Finish):
            self.finish_reason = event.reason

    def _add(self, part: OpenPart) -> OpenPart:
        self._open.append(part)
        return part

    def _last(self, kind: type[Part]) -> OpenPart:
        """The last part if text of this kind continues it, else a new one."""
        # A signature ends its reasoning part. More reasoning is a new part with another signature.
        if self._open and self._open[-1].kind is kind and not self._open[-1].signature:
            return self._open[-1]
        return self._add(OpenPart(kind))

    def _sign(self, event: ReasoningSignature) -> None:
        if event.call_index is not None:
            if event.call_index in self._calls:
                self._calls[event.call_index].signature = event.signature
            return
        # Redacted reasoning is a separate part, and so is a signature without reasoning before it.
        part = self._add(OpenPart(ReasoningPart)) if event.redacted else self._last(ReasoningPart)
        part.signature = event.signature
        part.redacted = event.redacted
        part.id = event.id

    @property
    def parts(self) -> list[Part]:
        """The turn in order: text, reasoning with its signatures, refusals and tool calls."""
        return [part.part() for part in self._open]

    @property
    def text(self) -> str:
        """All visible text."""
        return "".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def reasoning(self) -> str:
        """All thinking text."""
        return "".join(part.text for part in self.parts if isinstance(part, ReasoningPart))

    @property
    def refusal(self) -> str:
        """The text of all refusals."""
        return "".join(part.text for part in self.parts if isinstance(part, RefusalPart))

    @property
    def tool_calls(self) -> list[ToolCall]:
        """The tool calls, by index. Run only those that are `complete`."""
        calls = (self._calls[index].part() for index in sorted(self._calls))
        return [call for call in calls if isinstance(call, ToolCall)]

    def sendable_parts(self) -> list[Part]:
        """The parts that can be sent back: all but incomplete tool calls, which have no result."""
        return [part for part in self.parts if not isinstance(part, ToolCall) or part.complete]

    def to_dict(self) -> dict[str, Any]:
        """Every attribute by its name, as plain data that JSON can hold, for a log or a cache.

        >>> message = collect([Token("Hi"), Done("complete")])
        >>> message.to_dict()["parts"]
        [{'type': 'text', 'text': 'Hi'}]
        """
        names = ("id", "model", "choice", "status", "ok", "malformed", "finish_reason", "text", "reasoning", "refusal")
        structs = ("parts", "tool_calls", "citations", "errors", "usage")
        plain = {name: getattr(self, name) for name in names}
        return plain | {name: msgspec.to_builtins(getattr(self, name)) for name in structs}

    def _facts(self) -> tuple[Any, ...]:
        facts = (self.choice, self.id, self.model, self.parts, self.citations, self.errors)
        return (*facts, self.finish_reason, self.usage, self.status, self.malformed)

    def __eq__(self, other: object) -> bool:
        return self._facts() == other._facts() if isinstance(other, Message) else NotImplemented

    def __repr__(self) -> str:
        return (
            f"Message(parts={self.parts!r}, finish_reason={self.finish_reason!r}, status={self.status!r},"
            f" errors={self.errors!r})"
        )


def collect(events: Iterable[StreamEvent], choice: int = 0, into: Message | None = None) -> Message:
    """Put the events of one choice together.

    Args:
        events: The events of one stream: ``iter_events(chunks, into=ChatStream())``.
        choice: The choice whose events are used, in a new message.
        into: The message to add to, with the choice that it was made for: ``Message(1)``. If the source raises, it
            keeps the events that arrived before.

    Returns:
        `into`, or a new message.

    Raises:
        TypeError: An argument is of the wrong type, or an event is not a StreamEvent.
        ValueError: `into` was made for another choice than `choice`.

    >>> collect([Token("Hi"), Done("complete")]).text
    'Hi'
    """
    message = _target(choice, into)
    if not hasattr(events, "__iter__"):
        remedy = "use acollect" if hasattr(events, "__aiter__") else _READ
        raise wrong_type("events", events, "an iterable of StreamEvents", remedy)
    for event in events:
        message.apply(event)
    return message


async def acollect(events: AsyncIterable[StreamEvent], choice: int = 0, into: Message | None = None) -> Message:
    """`collect` for an asynchronous source, such as ``aiter_events(chunks, into=ChatStream())``."""
    message = _target(choice, into)
    if not hasattr(events, "__aiter__"):
        remedy = "use collect" if hasattr(events, "__iter__") else _READ
        raise wrong_type("events", events, "an asynchronous iterable of StreamEvents", remedy)
    async for event in events:
        message.apply(event)
    return message


def check_message(message: object) -> None:
    """Check the argument of an `assistant_turn`."""
    check_type("message", message, Message, "a Message", "fold the events first, with collect(events)")


def nothing_to_send(message: Message) -> ValueError:
    """The error that `assistant_turn` raises if no part of the message can be sent back."""
    return ValueError(
        f"the message has nothing to send back (status {message.status!r}, finish reason {message.finish_reason!r},"
        f" {len(message.errors)} errors): check message.ok and message.finish_reason before you call assistant_turn"
    )


def _target(choice: int, into: Message | None) -> Message:
    if into is None:
        return Message(choice)
    check_type("into", into, Message, "a Message", "a chat stream belongs in iter_events(chunks, into=...)")
    check_type("choice", choice, int, "an int, the index of a choice")
    if choice not in (0, into.choice):
        raise ValueError(f"choice is {choice}, but into was made for choice {into.choice}: use into=Message({choice})")
    return into

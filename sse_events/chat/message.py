"""Fold StreamEvents into the Message that they make up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias, TypeVar, overload

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
from sse_events.chat.json import decode_json

T = TypeVar("T")


class TextPart(msgspec.Struct, frozen=True, tag="text"):
    """Visible text."""

    text: str


class ReasoningPart(msgspec.Struct, frozen=True, tag="reasoning"):
    """Thinking text, with what the provider wants back with it.

    Attributes:
        text: The thinking, ``""`` where it is withheld or only the signature came.
        signature: The opaque data, ``""`` if there is none.
        redacted: The signature stands in place of the text.
        id: The provider's id of the item, ``""`` if it has none.
    """

    text: str = ""
    signature: str = ""
    redacted: bool = False
    id: str = ""


class RefusalPart(msgspec.Struct, frozen=True, tag="refusal"):
    """Text in which the model declines."""

    text: str


class ToolCall(msgspec.Struct, frozen=True, tag="tool_call"):
    """A tool call, as far as it has come.

    Attributes:
        id: The provider's id, ``""`` if it gave none.
        name: The tool's name.
        arguments: The JSON text of the arguments; ``""`` counts as ``{}``.
        complete: It is safe to run; see `ToolCallEnd`.
        signature: Opaque data that the provider wants back with the call (Gemini), ``""`` if there is none.
    """

    id: str
    name: str
    arguments: str
    complete: bool = False
    signature: str = ""

    @overload
    def parse(self) -> Any: ...

    @overload
    def parse(self, type: type[T]) -> T: ...

    @overload
    def parse(self, type: Any) -> Any: ...

    def parse(self, type: Any = Any) -> Any:
        """The arguments decoded, validated against `type` when one is given.

        Args:
            type: Anything that ``msgspec.json.decode`` takes: a Struct, a dataclass, a TypedDict, ``dict[str, int]``.

        Raises:
            msgspec.DecodeError: The arguments are not JSON, or not of this type. It is a ValueError.
        """
        decoder = msgspec.json.Decoder(type)
        try:
            return decode_json(self.arguments or "{}", decoder.decode, type)
        except msgspec.DecodeError:
            raise
        except (ValueError, RecursionError) as error:
            raise msgspec.DecodeError(f"the arguments are not JSON: {error}") from error

    def partial(self) -> Any:
        """The best value of the arguments so far, for showing a call while it streams; never for running it.

        The cost is linear in what has come, at each call. Strings that are cut are included.

        Raises:
            ImportError: The extra ``sse_events[partial]`` is not installed.
            ValueError: What has come is not the beginning of a JSON value.
        """
        try:
            import jiter
        except ImportError as error:
            raise ImportError("ToolCall.partial() needs jiter: pip install 'sse_events[partial]'") from error
        return jiter.from_json((self.arguments.strip() or "{}").encode(), partial_mode="trailing-strings")


Part: TypeAlias = TextPart | ReasoningPart | RefusalPart | ToolCall


class _Open:
    """A part that is being formed: texts are joined only when they are asked for, or folding would be quadratic."""

    __slots__ = ("complete", "id", "kind", "name", "redacted", "signature", "texts")

    def __init__(self, kind: type[Part], *, id: str = "", name: str = "") -> None:
        self.kind = kind
        self.texts: list[str] = []
        self.id = id
        self.name = name
        self.signature = ""
        self.redacted = False
        self.complete = False

    def part(self) -> Part:
        text = "".join(self.texts)
        self.texts = [text]
        if self.kind is ToolCall:
            return ToolCall(self.id, self.name, text, self.complete, self.signature)
        if self.kind is ReasoningPart:
            return ReasoningPart(text, self.signature, self.redacted, self.id)
        return TextPart(text) if self.kind is TextPart else RefusalPart(text)


class Message:
    """What one choice of a chat stream said, in the order in which it has to be sent back.

    Args:
        choice: The choice whose events are folded; those of others are ignored.

    Attributes:
        id: The provider's id of the response, ``""`` if it gave none.
        model: The model that answered, ``""`` if it was not said.
        citations: The sources, in order.
        errors: What went wrong, in order.
        finish_reason: Why the choice ended, None until that is known.
        usage: The tokens, once Done has come.
        status: How the stream ended, None until Done has come.

    >>> message = Message()
    >>> for event in [Token("Hel"), Token("lo"), Done("complete")]:
    ...     message.apply(event)
    >>> message.text, message.status
    ('Hello', 'complete')
    """

    __slots__ = (
        "_calls",
        "_open",
        "choice",
        "citations",
        "errors",
        "finish_reason",
        "id",
        "model",
        "status",
        "usage",
    )

    def __init__(self, choice: int = 0) -> None:
        self.choice = choice
        self.id = ""
        self.model = ""
        self.citations: list[Citation] = []
        self.errors: list[Error] = []
        self.finish_reason: FinishReason | None = None
        self.usage = Usage()
        self.status: Status | None = None
        self._open: list[_Open] = []
        self._calls: dict[int, _Open] = {}

    def apply(self, event: StreamEvent) -> None:
        """Add what `event` says. Events of other choices, and those that no message shows, are ignored."""
        if isinstance(event, Start):
            self.id = event.id
            self.model = event.model
        elif isinstance(event, Error):
            self.errors.append(event)
        elif isinstance(event, Done):
            self.status = event.status
            self.usage = event.usage
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
            self._calls[event.index] = self._add(_Open(ToolCall, id=event.id, name=event.name))
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

    def _add(self, part: _Open) -> _Open:
        self._open.append(part)
        return part

    def _last(self, kind: type[Part]) -> _Open:
        """The last part, if text of this kind goes on there, else a new one."""
        # Reasoning that was signed is closed: another piece of it is another part, with a signature of its own.
        if self._open and self._open[-1].kind is kind and not self._open[-1].signature:
            return self._open[-1]
        return self._add(_Open(kind))

    def _sign(self, event: ReasoningSignature) -> None:
        if event.call_index is not None:
            if event.call_index in self._calls:
                self._calls[event.call_index].signature = event.signature
            return
        # What is withheld is a part of its own; so is a signature that no reasoning came with.
        part = self._add(_Open(ReasoningPart)) if event.redacted else self._last(ReasoningPart)
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
        """All text in which the model declined."""
        return "".join(part.text for part in self.parts if isinstance(part, RefusalPart))

    @property
    def tool_calls(self) -> list[ToolCall]:
        """The tool calls, by index. Run only those that are `complete`."""
        calls = (self._calls[index].part() for index in sorted(self._calls))
        return [call for call in calls if isinstance(call, ToolCall)]

    def sendable_parts(self) -> list[Part]:
        """The parts that a provider takes back: all but tool calls that are not complete, which nobody may run."""
        return [part for part in self.parts if not isinstance(part, ToolCall) or part.complete]

    def _facts(self) -> tuple[Any, ...]:
        return (
            self.choice,
            self.id,
            self.model,
            self.parts,
            self.citations,
            self.errors,
            self.finish_reason,
            self.usage,
            self.status,
        )

    def __eq__(self, other: object) -> bool:
        return self._facts() == other._facts() if isinstance(other, Message) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __repr__(self) -> str:
        return (
            f"Message(parts={self.parts!r}, finish_reason={self.finish_reason!r}, status={self.status!r},"
            f" errors={self.errors!r})"
        )


def collect(events: Iterable[StreamEvent], choice: int = 0) -> Message:
    """The Message that `events` make up, for one choice.

    >>> collect([Token("Hi"), Done("complete")]).text
    'Hi'
    """
    message = Message(choice)
    for event in events:
        message.apply(event)
    return message

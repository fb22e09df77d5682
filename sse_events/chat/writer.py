"""What a dialect's writer has to do, and what all writers share: framing, finish words, derived ids.

A writer is a subclass of `Writer` in its dialect's folder. `sse_events.chat.parts.Parts` calls it: for one open part at
a time in each choice, and once for the end. So a writer never has to put events in order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias

import msgspec

from sse_events.chat.arguments import HeldArguments
from sse_events.chat.events import (
    Citation,
    Finish,
    FinishReason,
    Logprobs,
    ReasoningSignature,
    StreamEvent,
    ToolCallStart,
    Usage,
)
from sse_events.chat.json import scrub

PartKind: TypeAlias = Literal["text", "reasoning", "redacted", "refusal", "call"]

MAX_CHOICES = 128  # the largest `n` that OpenAI takes

# JSON text may hold these characters unescaped, but many clients split lines at them.
_LINE_SEPARATORS = ((b"\xc2\x85", b"\\u0085"), (b"\xe2\x80\xa8", b"\\u2028"), (b"\xe2\x80\xa9", b"\\u2029"))

_encode_json = msgspec.json.Encoder().encode


class Options(NamedTuple):
    """The arguments of `ChatEncoder`."""

    id: str
    model: str
    created: int
    usage: bool
    prompt_tokens: int | None


class Part:
    """A part of the turn: a run of text, reasoning or refusal, withheld reasoning, or a tool call.

    Attributes:
        kind: What it is.
        first: The event that began it.
        items: Its events that came while another part was open.
        opened: A piece of it was written.
        sealed: No more text belongs to it (reasoning that was signed).
    """

    __slots__ = ("first", "items", "kind", "opened", "sealed")

    def __init__(self, kind: PartKind, first: Any) -> None:
        self.kind: PartKind = kind
        self.first: Any = first
        self.items: list[StreamEvent] = []
        self.opened: bool = False
        self.sealed: bool = False

    @property
    def choice(self) -> int:
        """The choice that it belongs to."""
        choice: int = self.first.choice
        return choice


class CallPart(Part):
    """A tool call.

    Attributes:
        id: What the client will send back: the event's id, or one derived from the response's.
        position: Its place among the calls of its choice that were written, from 0.
        whole: Whether it is safe to run; None until its ToolCallEnd comes.
        closed: It is over on the wire.
        fragments: The fragments of its arguments that came.
        signature: What the provider wants back with the call.
        arguments: The fragments that may not be written yet.
        written: The fragments that were written.
    """

    __slots__ = ("arguments", "closed", "fragments", "id", "position", "signature", "whole", "written")

    first: ToolCallStart

    def __init__(self, start: ToolCallStart, id: str, arguments: HeldArguments) -> None:
        super().__init__("call", start)
        self.id: str = id
        self.position: int = 0
        self.whole: bool | None = None
        self.closed: bool = False
        self.fragments: list[str] = []
        self.signature: ReasoningSignature | None = None
        self.arguments: HeldArguments = arguments
        self.written: list[str] = []


class Writer:
    """Base of the writers. It writes nothing. Events that only few dialects can express are dropped.

    Attributes:
        choices: How many choices the dialect can write.
        notes_in_text: Citations and log probabilities are allowed only inside a text part.
        whole_calls: The dialect writes a call in one piece, when it is closed.
        wraps_custom: The dialect has no custom calls: their input is written as ``{"input": "..."}``.
        fails_with_finish: `fail` writes a finish reason, so a reader gets a Finish.
        empty_arguments: What is written for a whole call without arguments.
        call_prefix: How a derived id of a call begins.
        words: The dialect's finish words for each reason, the usual one first.
        dropped: The tags of the events that could not be expressed.
    """

    choices: ClassVar[int] = 1
    notes_in_text: ClassVar[bool] = False
    whole_calls: ClassVar[bool] = False
    wraps_custom: ClassVar[bool] = True
    fails_with_finish: ClassVar[bool] = False
    empty_arguments: ClassVar[str] = "{}"
    call_prefix: ClassVar[str] = "call_"
    words: ClassVar[Mapping[FinishReason, tuple[str, ...]]] = {}

    def __init__(self, options: Options) -> None:
        self.options = options
        self.dropped: set[str] = set()
        self._begun = False
        self._blocks: list[bytes] = []

    def taken(self) -> bytes:
        """The bytes written since the last call."""
        data = b"".join(self._blocks)
        self._blocks.clear()
        return data

    def begin(self) -> None:
        """Write the preamble, if it is not written yet."""
        if not self._begun:
            self._begun = True
            self.preamble()

    def send(self, payload: dict[str, Any], event: str = "") -> None:
        """Write one event of the stream."""
        self.begin()
        self._blocks.append(block(payload, event))

    def send_done(self, prefix: bytes = b"") -> None:
        """Write the sentinel ``[DONE]``."""
        self._blocks.append(prefix + b"data: [DONE]\n\n")

    def drop(self, event: StreamEvent) -> None:
        """Remember that an event could not be expressed."""
        self.dropped.add(str(type(event).__struct_config__.tag))

    def drop_call(self, call: CallPart) -> None:
        """Remember that a call could not be expressed."""
        self.dropped.update(("tool_call_start", "tool_call_end"))
        if call.fragments:
            self.dropped.add("tool_call_args")
        if call.signature is not None:
            self.drop(call.signature)

    def word(self, finish: Finish) -> str:
        """The provider's own finish word if it means the same in this dialect, else the dialect's usual one."""
        words = self.words[finish.reason]
        return finish.raw_reason if finish.raw_reason in words else words[0]

    def derived_id(self, prefix: str, suffix: str) -> str:
        """An id made from the response's, for what has none."""
        letters = re.sub("[^A-Za-z0-9]", "", re.split("[-_]", self.options.id, maxsplit=1)[-1])
        return f"{prefix}{letters[-20:]}_{suffix}"

    def call_id(self, start: ToolCallStart) -> str:
        """The id of a call on the wire."""
        return start.id or self.derived_id(self.call_prefix, f"{start.choice}_{start.index}")

    def preamble(self) -> None:
        """What comes before everything else."""

    def open(self, part: Part) -> None:
        """A part that is not a call begins."""

    def write(self, part: Part, text: str) -> None:
        """A piece of the open part's text."""

    def sign(self, part: Part, signature: ReasoningSignature) -> None:
        """The signature of the open reasoning, or the withheld reasoning itself."""
        self.drop(signature)

    def close(self, part: Part) -> None:
        """The open part is over."""

    def open_call(self, call: CallPart) -> None:
        """A call begins."""

    def write_call(self, call: CallPart, fragment: str) -> None:
        """A fragment of the open call's arguments."""

    def sign_call(self, call: CallPart, signature: ReasoningSignature) -> None:
        """The signature of a call that was opened. The call may be closed already."""
        self.drop(signature)

    def close_call(self, call: CallPart, reason: FinishReason | None, *, whole: bool) -> None:
        """The open call is over.

        Args:
            call: Its arguments are `CallPart.written`.
            reason: Why the choice ended; None if the turn goes on after the call.
            whole: The call has all of its arguments and is safe to run.
        """

    def cite(self, citation: Citation) -> None:
        """A source."""
        self.drop(citation)

    def logprobs(self, logprobs: Logprobs) -> None:
        """Log probabilities."""
        self.drop(logprobs)

    def end(self, finishes: Mapping[int, Finish], usage: Usage) -> None:
        """The proper end of the stream.

        Args:
            finishes: Why each choice ended, in order; that of choice 0 is always there.
            usage: As in `Done`.
        """
        raise NotImplementedError

    def fail(self, message: str, code: str | int | None, usage: Usage) -> None:
        """The end of a stream that failed. What is open stays open.

        Args:
            message: What went wrong.
            code: The provider's code, or the encoder's.
            usage: As in `Done`.
        """
        raise NotImplementedError


def block(payload: dict[str, Any], event: str = "") -> bytes:
    r"""A payload as one event of an event stream, which no text in it can end.

    >>> block({"text": "two\nlines"}, "note")
    b'event: note\ndata: {"text":"two\\nlines"}\n\n'
    """
    try:
        data = _encode_json(payload)
    except UnicodeEncodeError:
        data = _encode_json(scrub(payload))
    if not data.isascii():
        for character, escape in _LINE_SEPARATORS:
            data = data.replace(character, escape)
    return b"event: %b\ndata: %b\n\n" % (event.encode(), data) if event else b"data: %b\n\n" % data


def status_code(code: str | int | None) -> int | None:
    """An error's code as an HTTP status. The code may be a number or its text; None if it is a word."""
    if isinstance(code, str):
        return int(code) if re.fullmatch("[0-9]{3}", code) else None
    return code

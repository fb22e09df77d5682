"""What a dialect offers to `ChatStream`; each dialect's folder has one `Dialect`."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

import msgspec

from sse_events.chat.events import DialectName, Usage
from sse_events.chat.faults import Payload
from sse_events.chat.json import Decode
from sse_events.chat.turn import Turn
from sse_events.chat.usage import Tally


class Verdict(enum.Enum):
    """Whether a payload belongs to a dialect."""

    YES = "it belongs to this dialect and to no other"
    MAYBE = "it does, unless a later payload belongs to another dialect"
    NO = "it does not"


class Probe(Payload, gc=False):
    """The fields that are read while the dialect is not known: those that decide it, and those of errors."""

    choices: Any = msgspec.UNSET
    candidates: Any = msgspec.UNSET
    usageMetadata: Any = msgspec.UNSET  # noqa: N815 - the wire's own names
    promptFeedback: Any = msgspec.UNSET  # noqa: N815
    event_type: Any = None


class Dialect:
    """How one dialect is recognised and read.

    Args:
        name: What ``ChatStream.dialect`` says.
        payload: The Struct that a payload is decoded into, with only the fields that are read.
        recognises: Whether a payload belongs to this dialect.
        read: Tells a turn what a payload says. Returns True if something other than the fields of `Payload` may report
            an error.
        usage: The usage, from the counts of all payloads.
        sentinel: ``[DONE]`` ends the stream.

    Attributes:
        decode: Decodes a payload into its Struct.
    """

    __slots__ = ("decode", "name", "payload", "read", "recognises", "sentinel", "usage")

    def __init__(
        self,
        name: DialectName,
        payload: type[Payload],
        *,
        recognises: Callable[[Probe], Verdict],
        read: Callable[[Any, Turn], bool],
        usage: Callable[[Tally], Usage],
        sentinel: bool = False,
    ) -> None:
        self.name = name
        self.payload: type[Payload] = payload
        self.recognises: Callable[[Probe], Verdict] = recognises
        self.read: Callable[[Any, Turn], bool] = read
        self.usage: Callable[[Tally], Usage] = usage
        self.sentinel: bool = sentinel
        self.decode: Decode = msgspec.json.Decoder(payload).decode

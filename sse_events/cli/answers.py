"""The chat events of a stream that may hold several answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from msgspec.structs import replace

from sse_events.chat import ChatStream, Done, Error
from sse_events.chat.events import StreamEvent
from sse_events.cli.recognise import is_event_stream
from sse_events.cli.source import HEAD_BYTES
from sse_events.errors import ProtocolError
from sse_events.events import Comment, Event, UnknownField
from sse_events.parser import WireParser

# Payloads before the first event. A chat stream shows itself in the first few, so past it the input is something else.
_SILENT_BYTES = 1024 * 1024


class Answers:
    """A ``Machine[StreamEvent]`` like `ChatStream`, for several answers one after another: each ends with its Done.

    After 1 MiB that is not a chat stream, an Error and Done end it, and the rest is ignored.

    Args:
        dialect: As in `ChatStream`.
        choices: As in `ChatStream`.
        raw: As in `ChatStream`.
        thinking_tags: As in `ChatStream`.
        max_event_bytes: As in `ChatStream`.

    Attributes:
        dialect: The dialect of the last answer, None until it is known.
        comments: How many comments there were.
        finished: True between two answers: after a Done, until the next answer begins.
    """

    def __init__(
        self,
        dialect: str = "auto",
        *,
        choices: Literal["first", "all"] = "first",
        raw: bool = False,
        thinking_tags: Sequence[str] | None = None,
        max_event_bytes: int | None = None,
    ) -> None:
        self._options: dict[str, Any] = {
            "dialect": dialect,
            "choices": choices,
            "raw": raw,
            "thinking_tags": None if thinking_tags is None else tuple(thinking_tags),
            "max_event_bytes": max_event_bytes,
        }
        self._parser = WireParser(max_event_bytes=max_event_bytes)
        self._stream = ChatStream(**self._options)
        self._head: bytes | None = b""  # the beginning of the body, until a line of SSE is seen
        self._silent: int | None = 0  # bytes of payloads before the first event of the answer; None after it
        self._is_given_up = False
        self.comments: int = 0
        self.finished: bool = False

    @property
    def dialect(self) -> str | None:
        """The dialect of the last answer, None until it is known."""
        return self._stream.dialect

    def feed(self, data: bytes) -> list[StreamEvent]:
        """The events that `data` completed, in order."""
        if self._head is not None:
            self._head += data[: HEAD_BYTES - len(self._head)]
        try:
            values = self._parser.feed(data)
        except ProtocolError as error:
            return self._fail(error)
        if self._head is not None and any(map(_is_of_a_stream, values)):
            self._head = None
        events: list[StreamEvent] = []
        for value in values:
            if type(value) is Comment:
                self.comments += 1
                continue
            if type(value) is not Event and not _is_of_a_stream(value):
                continue
            if self.finished:
                if self._is_given_up or not _begins_an_answer(value):
                    continue
                self._stream = ChatStream(**self._options)
                self._silent = 0
                self.finished = False
            new = self._stream.feed_event(value)
            if new:
                events += new
                self.finished = type(new[-1]) is Done
                self._silent = None
            elif self._silent is not None and isinstance(value, Event):
                self._silent += len(value.data)
                if self._silent > _SILENT_BYTES:
                    events += self._stream.close()
                    self.finished = self._is_given_up = True
        return events

    def close(self) -> list[StreamEvent]:
        """The events that the end of the stream completed; an empty list the second time."""
        # Two line ends: the last event may have no blank line after it.
        events = self.feed(b"\n\n")
        if not self.finished:
            if self._head is not None and not is_event_stream(self._head):
                events += self._stream.feed(self._head)
            events += self._stream.close()
            self.finished = True
        return events

    def _fail(self, error: ProtocolError) -> list[StreamEvent]:
        if self.finished:
            return []
        self.finished = True
        *last, done = self._stream.close()
        return [*last, Error("protocol", str(error)), replace(done, status="error")]


def _is_of_a_stream(value: Event | Comment | UnknownField) -> bool:
    return not isinstance(value, UnknownField) or value.name == "error"


def _begins_an_answer(value: Event | Comment | UnknownField) -> bool:
    """Whether `value` belongs to the next answer. Comments and a second ``[DONE]`` belong to the one before it."""
    if isinstance(value, Event):
        return value.data.strip() not in ("", "[DONE]")
    return isinstance(value, UnknownField) and bool(value.value)

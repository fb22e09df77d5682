"""ChatStream: bytes to StreamEvents, whichever provider sent them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Literal

import msgspec

from sse_events.chat.detection import Detection, decode_probe
from sse_events.chat.dialect import Dialect, Probe
from sse_events.chat.dialects import DIALECTS
from sse_events.chat.events import DialectName, Raw, StreamEvent, Usage
from sse_events.chat.faults import Payload, find_error, may_report
from sse_events.chat.framing import separate_payloads, unframed
from sse_events.chat.json import decode_json, decode_leniently, decode_or_text, decode_shallow
from sse_events.chat.mistakes import check_choice_of_names, check_parsed
from sse_events.chat.preface import Preface
from sse_events.chat.shapes import integer
from sse_events.chat.state import State
from sse_events.chat.thinking import Thinking
from sse_events.chat.turn import READING, Ending, Turn
from sse_events.errors import EventTooLarge, SSEError
from sse_events.events import Comment, Event, UnknownField
from sse_events.mistakes import check_type
from sse_events.parser import DEFAULT_MAX_EVENT_BYTES, WireParser


class ChatStream(State):
    r"""The chat events of a byte stream: a ``Machine[StreamEvent]``.

    `feed()` does not raise, whatever the bytes. Truncation, provider errors and bodies that are not SSE are returned as
    events. `Done` is always the last one, from the dialect's terminal signal or from `close()`. Several providers leave
    out the last blank line, so `close()` returns the last event too. Instances pickle and copy in mid-stream.

    Args:
        dialect: ``"openai"`` (Chat Completions and compatible servers), ``"anthropic"``, ``"responses"``,
            ``"gemini"``, ``"interactions"``, ``"cohere"``, or ``"auto"``, which decides by the payloads.
        choices: ``"first"`` returns the events of choice 0 only, ``"all"`` those of every choice. The status and the
            finish reason of Done are those of choice 0 in both cases, and the usage is that of the whole answer.
        raw: Also return a `Raw` with the JSON of every payload, before the events that it makes.
        thinking_tags: The tags around reasoning that a server without a reasoning parser leaves in the text, such as
            ``("<think>", "</think>")``. If the text of a choice begins with the first tag, it is Reasoning up to the
            second one. The tags and the white space next to them are dropped. None leaves the text as it is.
        max_event_bytes: As in `Parser`. A larger event gives an Error of kind ``protocol``, then Done.

    Attributes:
        dialect: The dialect's name; None until it is known.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `dialect` or `choices` is not one of these.

    >>> stream = ChatStream()
    >>> stream.feed(b'data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"Hi"}}]}\n\n')
    [Token(text='Hi', choice=0)]
    >>> stream.feed(b"data: [DONE]\n\n")[-1].status
    'complete'
    """

    __slots__ = ("_detection", "_known", "_preface", "_raw", "_thinking", "_turn", "_wire", "dialect")

    def __init__(
        self,
        dialect: DialectName | Literal["auto"] = "auto",
        *,
        choices: Literal["first", "all"] = "first",
        raw: bool = False,
        thinking_tags: tuple[str, str] | None = None,
        max_event_bytes: int | None = DEFAULT_MAX_EVENT_BYTES,
    ) -> None:
        check_choice_of_names("dialect", dialect, ("auto", *DIALECTS))
        check_choice_of_names("choices", choices, ("first", "all"))
        check_type("raw", raw, bool, "True or False")
        self.dialect: DialectName | None = None if dialect == "auto" else dialect
        self._wire = WireParser(max_event_bytes=max_event_bytes)
        self._raw = raw
        self._thinking = None if thinking_tags is None else Thinking(thinking_tags)
        self._turn = Turn(all_choices=choices == "all")
        self._preface: Preface | None = Preface()  # None: the body is an event stream
        self._known: DialectName | None = None  # the dialect, once a payload has decided
        self._detection = Detection(list(DIALECTS) if dialect == "auto" else [dialect], max_event_bytes)

    @property
    def done(self) -> bool:
        """True if Done was returned. The next answer needs a new ChatStream."""
        return self._turn.ending is Ending.DONE

    @property
    def sequence_number(self) -> int | None:
        """The last sequence number that the provider sent (Responses). A request can resume the answer after it."""
        return integer(self._turn.sequence_number)

    def feed(self, data: bytes | bytearray | memoryview) -> list[StreamEvent]:
        """The events that `data` completed, in order; an empty list after Done.

        Raises:
            TypeError: `data` is not bytes-like.
        """
        if self._turn.over:
            return []
        values = self._parse(data)
        if self._preface is not None and not self._preface.keep(data, values):
            self._preface = None
        self._read(values)
        return self._take()

    def feed_event(self, event: Event | Comment | UnknownField) -> list[StreamEvent]:
        """The events that `event` completed, for SSE that was parsed elsewhere; an empty list after Done.

        Raises:
            TypeError: `event` is not one of these, or the data of an Event made by hand is not a str.
        """
        check_parsed(event)
        if self._turn.over:
            return []
        self._preface = None
        self._read([event])
        return self._take()

    def close(self) -> list[StreamEvent]:
        """The events that the end of the stream completed, Done the last; an empty list the second time."""
        turn = self._turn
        if turn.over:
            return []
        # Two line ends: one for the unended line (or it belongs to a CR), one that is the blank line.
        values = self._parse(b"\n\n")
        if self._preface is not None and not self._preface.keep(b"", values):
            self._preface = None
        self._read(values)
        if not turn.over:
            error = None if self._preface is None else self._preface.report()
            if error is not None:
                turn.fail(error.kind, error.message, error.raw, error.code)
            self._settle()
            self._end()
        return self._take()

    def _take(self) -> list[StreamEvent]:
        events = self._turn.take()
        return events if self._thinking is None else self._thinking.divide(events)

    def _parse(self, data: bytes | bytearray | memoryview) -> list[Event | Comment | UnknownField]:
        try:
            return self._wire.feed(data)
        except SSEError as error:
            self._turn.fail("protocol", str(error))
            self._end()
            return []

    def _read(self, values: Iterable[Event | Comment | UnknownField], *, again: bool = False) -> None:
        """Read what the parser made of the bytes.

        Args:
            values: In order. The data of each event is a payload.
            again: They were held. Their Raw and Error events were returned when they came.
        """
        turn = self._turn
        for value in values:
            try:
                if isinstance(value, Event):
                    self._payload(value, again)
                elif isinstance(value, UnknownField) and value.name == "error" and value.value:
                    self._error_field(value)
            except RecursionError as fault:
                # The decoder accepts this depth, but a later step does not.
                turn.damaged(fault)
            if turn.ending is not READING and turn.over:
                self._end()
                return

    def _payload(self, value: Event, again: bool) -> None:
        """Read one payload. This is the only road to a dialect's reader."""
        turn = self._turn
        text = turn.payload = value.data
        if self._raw and not again:
            with suppress(ValueError):
                turn.events.append(Raw(decode_shallow(text)))
        if self._known is None:
            self._probe(value)
            return
        dialect = DIALECTS[self._known]
        try:
            payload = dialect.decode(text)
        except (ValueError, RecursionError):
            payload = self._odd(value, dialect.payload)
            if payload is None:
                return
        if dialect.read(payload, turn) or may_report(payload) or value.event == "error":
            self._report(decode_json(text.strip()), value)

    def _odd(self, value: Event, kind: type[Payload]) -> Any:
        """Data that msgspec does not read as a `kind`: blank, ``[DONE]``, JSON that it refuses, or not JSON at all.

        Returns:
            The payload, if the standard library reads an object there; otherwise None.
        """
        data = value.data.strip()
        fault: Exception | None = None
        for again, text in enumerate((data, unframed(data))):
            if not text:
                return None
            if text == "[DONE]":
                self._sentinel()
                return None
            try:
                payload = decode_leniently(text)
            except (ValueError, RecursionError) as error:
                fault = error
                continue
            if type(payload) is not dict:
                self._hold(value, is_error=self._report(payload, value))
                return None
            if not again:
                return msgspec.convert(payload, kind)
            self._read([Event(text, value.event)])
            return None
        if lines := separate_payloads(text):
            self._read([Event(line, value.event) for line in lines])
        elif value.event == "error":
            self._turn.reported(value.data if text == data else text)
            self._hold(value, is_error=True)
        else:
            self._turn.damaged(str(fault))
        return None

    def _report(self, payload: Any, value: Event) -> bool:
        """Return the errors of a decoded payload; False if there are none.

        Gemini reports an error as a list of objects.
        """
        items = payload if type(payload) is list else [payload]
        errors = [find_error(item, named_error=value.event == "error") for item in items if type(item) is dict]
        found = [error for error in errors if error is not None]
        for error in found:
            self._turn.reported(error)
        return bool(found)

    def _error_field(self, field: UnknownField) -> None:
        """A line ``error: ...``, as llama.cpp wrote it."""
        self._turn.payload = field.value
        self._turn.reported(decode_or_text(field.value))
        self._hold(field, is_error=True)

    def _probe(self, value: Event) -> None:
        """A payload that comes before the dialect is known: it decides the dialect, or it is held."""
        try:
            probe = decode_probe(value.data)
        except (ValueError, RecursionError):
            probe = self._odd(value, Probe)
        if probe is None:
            return
        dialect = self._detection.consider(probe)
        if dialect is None:
            self._hold(value, is_error=self._report(decode_json(value.data.strip()), value))
        else:
            self._adopt(dialect, value)

    def _hold(self, value: Event | UnknownField, *, is_error: bool) -> None:
        """Keep what decides no dialect until the dialect is known."""
        if self._known is not None:
            return
        try:
            self._detection.hold(value, is_error=is_error)
        except EventTooLarge as error:
            self._turn.fail("protocol", f"no payload within max_event_bytes ({error.limit} bytes) decides the dialect")

    def _adopt(self, dialect: Dialect, *decisive: Event) -> None:
        """The dialect is known: read what was held until now, and the payload that decided.

        The Errors of what was held were returned when it came. Reading it again tells whether the stream recovered.
        """
        self.dialect = self._known = dialect.name
        self._read([*self._detection.release(), *decisive], again=True)

    def _settle(self) -> None:
        """No more payloads will come that could decide."""
        if self._known is not None:
            return
        dialect = self._detection.settle()
        if dialect is not None:
            self._adopt(dialect)
        elif (stranger := self._detection.stranger()) is not None:
            self._turn.fail("unknown_dialect", self._detection.describe(stranger), stranger)

    def _sentinel(self) -> None:
        """``[DONE]`` came."""
        if self._known is None and self._detection.has_sentinel:
            self._settle()
            self._turn.terminal()
        elif self._known is not None and DIALECTS[self._known].sentinel:
            self._turn.terminal()

    def _end(self) -> None:
        if self.done:
            return
        self._turn.done(Usage() if self.dialect is None else DIALECTS[self.dialect].usage(self._turn.tally))
        self._preface = None
        self._detection.release()

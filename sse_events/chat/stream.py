"""ChatStream: bytes to StreamEvents, whichever provider sent them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec

from sse_events.chat import anthropic, cohere, gemini, openai, responses
from sse_events.chat._turn import Dialect, Turn, error_code, error_message, find_error
from sse_events.chat.events import Raw, StreamEvent
from sse_events.chat.json import decode_any, decode_json
from sse_events.chat.openai.reader import is_legacy
from sse_events.errors import ProtocolError
from sse_events.events import Comment, Event, UnknownField
from sse_events.parser import DEFAULT_MAX_EVENT_BYTES, WireParser

# A new dialect is one file and one line here.
DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect
    for dialect in (openai.DIALECT, anthropic.DIALECT, responses.DIALECT, gemini.DIALECT, cohere.DIALECT)
}

_MAX_BODY_BYTES = 64 * 1024  # what is kept of a body that may turn out to be no event stream
_SSE_LINE = re.compile(r"(?:^|[\r\n])(?::|(?:event|id|retry|error)(?:[:\r\n]|$))")
_MAX_MESSAGE_CHARS = 200  # of such a body, in the Error's message; the Error's raw has all that was kept

# What a payload goes through: its dialect's decoder and `read`, and whether the dialect is typed.
_READERS: dict[str, tuple[Callable[[Any], Any], Callable[[Any, Turn], None], bool]] = {
    name: (msgspec.json.Decoder(dialect.payload).decode, dialect.read, dialect.typed)
    for name, dialect in DIALECTS.items()
}


class ChatStream:
    r"""The chat events of a byte stream: a ``Machine[StreamEvent]``.

    It raises nothing on any bytes. Truncation, a provider's error and a body that is no event stream are values, and
    Done comes exactly once, last: at once with the dialect's terminal signal, otherwise with `close`. Unlike
    `Parser`, it reads a last event that no blank line ended: several providers end that way. Instances pickle and
    deep-copy in the middle of a stream.

    Args:
        dialect: ``"openai"`` (Chat Completions and all that is compatible), ``"anthropic"``, ``"responses"``,
            ``"gemini"``, ``"cohere"``, or ``"auto"``, which decides by the payloads.
        choices: ``"first"`` returns the events of choice 0 only, ``"all"`` those of every choice. The status, the
            finish reason of Done and the usage are of choice 0 or of the whole stream in both cases.
        raw: Return a `Raw` with the JSON of every payload too, before the events that it makes.
        max_event_bytes: As for `Parser`; past it come an Error of kind ``protocol`` and Done.

    Attributes:
        dialect: The dialect's name; None until it is known.

    >>> stream = ChatStream()
    >>> stream.feed(b'data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"Hi"}}]}\n\n')
    [Token(text='Hi', choice=0)]
    >>> stream.feed(b"data: [DONE]\n\n")[-1].status
    'complete'
    """

    __slots__ = (
        "_body",
        "_body_size",
        "_candidates",
        "_foreign",
        "_framing",
        "_held",
        "_held_size",
        "_known",
        "_legacy",
        "_limit",
        "_maybe",
        "_raw",
        "_turn",
        "dialect",
    )

    def __init__(
        self,
        dialect: str = "auto",
        *,
        choices: Literal["first", "all"] = "first",
        raw: bool = False,
        max_event_bytes: int | None = DEFAULT_MAX_EVENT_BYTES,
    ) -> None:
        if dialect != "auto" and dialect not in DIALECTS:
            raise ValueError(f"dialect must be 'auto' or one of {sorted(DIALECTS)}, not {dialect!r}")
        if choices not in ("first", "all"):
            raise ValueError(f"choices must be 'first' or 'all', not {choices!r}")
        self.dialect: str | None = None if dialect == "auto" else dialect
        self._framing = WireParser(max_event_bytes=max_event_bytes)
        self._limit = max_event_bytes
        self._raw = raw
        self._turn = Turn(all_choices=choices == "all")

        self._candidates = list(DIALECTS) if dialect == "auto" else [dialect]
        self._known = False  # a payload has decided that the stream is of `dialect`
        self._maybe: str | None = None  # the dialect, if no payload decides another
        self._legacy = False  # a legacy completion has decided that it is of none
        self._foreign = False  # a payload came that was of none, blank or an error
        self._held: list[tuple[Any, bool]] = []  # the payloads until then, and whether each was an error
        self._held_size = 0

        self._body: list[bytes] | None = []  # how the body begins, until it shows a line of SSE
        self._body_size = 0

    def feed(self, data: bytes | bytearray | memoryview) -> list[StreamEvent]:
        """The events that `data` completed, in order; an empty list after Done.

        Raises:
            TypeError: `data` is not bytes-like.
        """
        turn = self._turn
        events: list[StreamEvent] = []
        turn.events = events
        if turn.over:
            return events
        try:
            values = self._framing.feed(data)
        except ProtocolError as error:
            turn.fail("protocol", str(error))
            self._end()
            return events
        if self._body is not None:
            self._keep_body(data, _is_stream(values))
        payloads = _payloads(values)
        if payloads:
            self._read(payloads)
        return events

    def feed_event(self, event: Event | Comment | UnknownField) -> list[StreamEvent]:
        """The events that `event` completed, for SSE that was parsed elsewhere; an empty list after Done."""
        turn = self._turn
        events: list[StreamEvent] = []
        turn.events = events
        if not turn.over:
            self._body = None
            if isinstance(event, Event):
                self._read([event if event.event == "error" else event.data])
            elif isinstance(event, UnknownField):
                self._read([event])
        return events

    def close(self) -> list[StreamEvent]:
        """The events that the end of the stream completed, Done the last; an empty list the second time."""
        turn = self._turn
        events: list[StreamEvent] = []
        turn.events = events
        if turn.over:
            return events
        # Two line ends: one for the unended line (or it belongs to a CR), one that is the blank line.
        try:
            values = self._framing.feed(b"\n\n")
        except ProtocolError as error:
            turn.fail("protocol", str(error))
            self._end()
            return events
        self._read(_payloads(values))
        if turn.over:
            return events
        if self._body is not None and not _is_stream(values):
            self._report_body(b"".join(self._body).decode("utf-8", "replace").removeprefix("\ufeff").lstrip())
        if not self._known:
            self._settle()
        self._end()
        return events

    def _read(self, payloads: Sequence[bytes | str | Event | UnknownField]) -> None:
        turn = self._turn
        if self._raw or not self._known:
            payloads = self._read_slowly(payloads)
            if not payloads:
                return
        decode, read, typed = _READERS[self._candidates[0]]
        for payload in payloads:
            try:
                chunk = decode(payload)  # what it does not take raises TypeError
            except (ValueError, TypeError, RecursionError):
                self._read_any(payload)  # the sentinel, for one
            else:
                try:
                    read(chunk, turn)
                    if chunk.error or turn.suspect:
                        self._read_error(payload)
                    elif typed:
                        continue
                    elif (
                        chunk.object == "error"
                        or chunk.type
                        or chunk.error_type
                        or chunk.error_message
                        or chunk.base_resp
                        or chunk.x_groq
                        or chunk.detail
                        or chunk.success is False
                    ):
                        self._read_error(payload)
                except RecursionError as fault:
                    # Just shallow enough for the decoder, and too deep for what came after it.
                    turn.malformed(f"a payload is not JSON: {fault}", _text(payload))
            if turn.over:
                self._end()
                return

    def _read_slowly(
        self, payloads: Sequence[bytes | str | Event | UnknownField]
    ) -> Sequence[bytes | str | Event | UnknownField]:
        """Read payloads as long as the dialect is not known, or all of them if they are to be returned too.

        Returns:
            Those that are left.
        """
        for number, payload in enumerate(payloads, 1):
            self._read_any(payload)
            if self._turn.over:
                self._end()
                break
            if self._known and not self._raw:
                return payloads[number:]
        return []

    def _read_error(self, payload: bytes | str | Event | UnknownField) -> None:
        """The error of a payload in which there may be one, which the dialect has read."""
        text = _text(payload)
        for error in (find_error(decode_json(text, decode_any, Any)), self._nested_error()):
            if error is not None:
                self._turn.provider_error(error, text)

    def _nested_error(self) -> Any:
        """The error that the dialect found in the payload just read, if any."""
        error, self._turn.nested = self._turn.nested, None
        self._turn.suspect = False
        return error

    def _read_any(self, payload: bytes | str | Event | UnknownField) -> None:
        """Anything that comes, in a stream whose dialect may not be known yet."""
        try:
            if isinstance(payload, UnknownField):
                self._read_error_field(payload)
            else:
                self._read_text(_text(payload), named_error=isinstance(payload, Event))
        except RecursionError as fault:
            self._turn.malformed(f"a payload is not JSON: {fault}", _text(payload))

    def _read_error_field(self, field: UnknownField) -> None:
        """A line ``error: ...``, as llama.cpp wrote it."""
        if field.name != "error" or not field.value:
            return
        try:
            error = decode_json(field.value, decode_any, Any)
        except (ValueError, RecursionError):
            error = field.value
        self._turn.provider_error(error, field.value)
        self._hold(None, len(field.value), is_error=True)

    def _read_text(self, text: str, *, named_error: bool) -> None:
        """A payload; `named_error` says that it came in an event of that name."""
        turn = self._turn
        stripped = text.strip()
        if not stripped:
            return
        if stripped == "[DONE]":
            self._read_sentinel()
            return
        try:
            value = decode_json(text, decode_any, Any)
        except (ValueError, RecursionError) as fault:
            if named_error:
                turn.provider_error(text, text)
                self._hold(None, len(text), is_error=True)
            else:
                turn.malformed(f"a payload is not JSON: {fault}", text)
            return
        if self._raw:
            turn.events.append(Raw(value))
        if type(value) is not dict:
            # Gemini reports an error as a list of objects; nothing else that is no object means anything.
            items = value if type(value) is list else []
            errors = [find_error(item, named_error=named_error) for item in items if type(item) is dict]
            if any(error is not None for error in errors):
                self._hold(None, len(text), is_error=True)
        else:
            if not self._known:
                self._decide(value)
            errors = [find_error(value, named_error=named_error)]
            if self._known:
                dialect = DIALECTS[self._candidates[0]]
                dialect.read(msgspec.convert(value, dialect.payload), turn)
                errors.append(self._nested_error())
            else:
                self._hold(value, len(text), is_error=errors[0] is not None)
        errors = [error for error in errors if error is not None]
        for error in errors:
            turn.provider_error(error, text)
        self._foreign = self._foreign or not errors

    def _read_sentinel(self) -> None:
        if not self._known and any(DIALECTS[name].sentinel for name in self._candidates):
            self._settle()
            self._turn.terminal()
        elif self._known and DIALECTS[self._candidates[0]].sentinel:
            self._turn.terminal()

    def _decide(self, value: dict[str, Any]) -> None:
        """Let a payload say which dialect the stream is of, if it can."""
        if self._legacy or is_legacy(value):
            self._legacy = True
            return
        for name in self._candidates:
            verdict = DIALECTS[name].decides(value)
            if verdict:
                self._adopt(name)
                return
            if verdict is None and self._maybe is None:
                self._maybe = name

    def _adopt(self, name: str) -> None:
        """The dialect is known: read what was held until now."""
        self.dialect = name
        self._candidates = [name]
        self._known = True
        dialect = DIALECTS[name]
        held, self._held = self._held, []
        for value, is_error in held:
            if value is not None:
                dialect.read(msgspec.convert(value, dialect.payload), self._turn)
            # Its Error was sent when it came, but only now is it known whether a proper end came after it.
            self._turn.unresolved = self._turn.unresolved or is_error

    def _settle(self) -> None:
        """No payload has decided, and none will."""
        if self._maybe is not None and not self._legacy:
            self._adopt(self._maybe)
        elif self._foreign:
            wanted = "any known dialect" if len(self._candidates) > 1 else f"the dialect {self._candidates[0]!r}"
            self._turn.fail("unknown_dialect", f"no payload is of {wanted}")

    def _hold(self, value: dict[str, Any] | None, size: int, *, is_error: bool) -> None:
        """Keep a payload until the dialect is known, if it ever can be."""
        if self._known or self._legacy:
            return
        self._held.append((value, is_error))
        self._held_size += size
        if self._limit is not None and self._held_size > self._limit:
            self._turn.fail("protocol", f"no payload within max_event_bytes ({self._limit} bytes) decides the dialect")
            self._turn.over = True

    def _keep_body(self, data: bytes | bytearray | memoryview, is_stream: bool) -> None:
        """Keep the first 64 KiB of what may turn out to be no event stream."""
        if is_stream:
            self._body = None
        elif self._body is not None and self._body_size < _MAX_BODY_BYTES:
            piece = bytes(data)
            if not self._body_size and piece[:1].isspace():
                self._body = [b"\n"]  # for all of it; a byte order mark after it is none
                piece = piece.lstrip()
            piece = piece[: _MAX_BODY_BYTES - self._body_size]
            if piece:
                self._body.append(piece)
                self._body_size += len(piece)

    def _report_body(self, body: str) -> None:
        """The body had no line of SSE in it: report what it says instead."""
        if not body.strip() or _SSE_LINE.search(body):
            return
        said: list[tuple[str | None, str | int | None]] = []
        try:
            value = decode_json(body, decode_any, Any)
            for item in value if type(value) is list else [value]:
                error = (find_error(item) if type(item) is dict else None) or item
                said.append((error_message(error), error_code(error)))
        except (ValueError, RecursionError):
            pass  # a page of HTML, for one: it speaks for itself
        message, code = next(((message, code) for message, code in said if message), (None, None))
        self._turn.fail("not_sse", message or " ".join(body[:_MAX_MESSAGE_CHARS].split()), body, code)

    def _end(self) -> None:
        dialect = DIALECTS[self.dialect] if self.dialect is not None else None
        self._turn.end(None if dialect is None else dialect.usage)
        self._held.clear()
        self._body = None


def _is_stream(values: list[Event | Comment | UnknownField]) -> bool:
    """Whether the body has shown a line of SSE: an event, a comment, or a field named ``error``."""
    return any(not isinstance(value, UnknownField) or value.name == "error" for value in values)


def _payloads(values: list[Event | Comment | UnknownField]) -> list[bytes | str | Event | UnknownField]:
    return [
        value.data if isinstance(value, Event) and value.event != "error" else value
        for value in values
        if isinstance(value, Event) or (isinstance(value, UnknownField) and value.name == "error" and value.value)
    ]


def _text(payload: bytes | str | Event | UnknownField) -> str:
    if isinstance(payload, bytes):
        return payload.decode("utf-8", "replace")
    if isinstance(payload, Event):
        return payload.data
    return payload.value if isinstance(payload, UnknownField) else payload

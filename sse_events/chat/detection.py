"""Which dialect a stream has, and the payloads that came before it was known."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sse_events.chat.dialect import Dialect, Probe, Verdict
from sse_events.chat.dialects import DIALECTS
from sse_events.chat.json import Decode, decode_json
from sse_events.chat.state import State
from sse_events.encoder import encode
from sse_events.errors import EventTooLarge
from sse_events.events import Comment, Event, UnknownField
from sse_events.parser import WireParser

_SHOWN_FIELDS = 8  # of a payload, in an error message

decode_probe: Decode = msgspec.json.Decoder(Probe).decode


class Detection(State):
    """Finds the stream's dialect from its payloads, and holds them until it is known.

    Args:
        candidates: The names of the possible dialects.
        limit: How many bytes to hold at most; None for no limit.

    """

    __slots__ = ("_candidates", "_held", "_held_bytes", "_held_count", "_limit", "_maybe", "_stranger")

    def __init__(self, candidates: Sequence[str], limit: int | None) -> None:
        self._candidates = tuple(candidates)
        self._maybe: str | None = None  # the dialect, if no payload decides another
        # The payloads as one event stream: as separate objects, small ones would take many times their size.
        self._held = bytearray()
        self._held_bytes = 0  # of the payloads alone, without field names and line ends
        self._held_count = 0
        self._stranger: int | None = None  # the number of the first one that belongs to no candidate
        self._limit = limit

    def consider(self, probe: Probe) -> Dialect | None:
        """The dialect that a payload belongs to, if it decides one."""
        for name in self._candidates:
            verdict = DIALECTS[name].recognises(probe)
            if verdict is Verdict.YES:
                return DIALECTS[name]
            if verdict is Verdict.MAYBE and self._maybe is None:
                self._maybe = name
        return None

    def settle(self) -> Dialect | None:
        """The dialect, when no more payloads can decide it; None if there is none."""
        return None if self._maybe is None else DIALECTS[self._maybe]

    @property
    def has_sentinel(self) -> bool:
        """True if ``[DONE]`` may end this stream."""
        return any(DIALECTS[name].sentinel for name in self._candidates)

    def hold(self, value: Event | UnknownField, *, is_error: bool) -> None:
        """Keep an event or a field until the dialect is known.

        Raises:
            EventTooLarge: The payloads that are held have more bytes than the limit.
        """
        text = value.data if isinstance(value, Event) else value.value
        data = text.encode("utf-8", "replace")  # events that were parsed elsewhere may hold lone surrogates
        if isinstance(value, Event):
            # No other type means anything here, and some cannot be written.
            self._held += encode(Event(data.decode(), "error" if value.event == "error" else "message"))
        else:
            self._held += b"%s: %s\n\n" % (value.name.encode(), data)
        if not is_error and self._stranger is None:
            self._stranger = self._held_count
        self._held_count += 1
        self._held_bytes += len(data)
        if self._limit is not None and self._held_bytes > self._limit:
            raise EventTooLarge(self._limit)

    def release(self) -> list[Event | UnknownField]:
        """Return what was held, in order, and forget it."""
        held, self._held = self._held, bytearray()
        values = WireParser(max_event_bytes=None).feed(held)
        return [value for value in values if not isinstance(value, Comment)]

    def stranger(self) -> str | None:
        """The first payload that belongs to no candidate and is not an error; None if none came."""
        if self._stranger is None:
            return None
        value = WireParser(max_event_bytes=None).feed(self._held)[self._stranger]
        return value.data if isinstance(value, Event) else None

    def describe(self, stranger: str) -> str:
        """What is wrong with the payloads, in words; `stranger` is the first of them."""
        wanted = "any known dialect" if len(self._candidates) > 1 else f"the dialect {self._candidates[0]!r}"
        try:
            value = decode_json(stranger.strip())
        except (ValueError, RecursionError):
            value = None  # it was framed twice, or the stack is deeper now
        if type(value) is not dict:
            return f"no payload is of {wanted}: the first one is not an object"
        fields = ", ".join(map(repr, list(value)[:_SHOWN_FIELDS])) or "no fields"
        return f"no payload is of {wanted}: the first one has {fields}"

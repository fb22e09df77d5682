"""Parsers with one planted fault each: a good test fails with every one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec

from sse_events.events import Event
from sse_events.iterate import Machine
from sse_events.parser import Parser

__all__ = ["FAULTY_PARSERS"]


class _Faulty:
    """A parser. Subclasses damage its chunks or its events."""

    __slots__ = ("_parser",)

    def __init__(self) -> None:
        self._parser = Parser()

    def feed(self, data: bytes) -> list[Event]:
        return [self._event(event) for event in self._parser.feed(self._chunk(data))]

    def close(self) -> list[Event]:
        return self._parser.close()

    def _chunk(self, data: bytes) -> bytes:
        return data

    def _event(self, event: Event) -> Event:
        return event


class _LosesDataLines(_Faulty):
    """Each data line replaces the one before it."""

    __slots__ = ()

    def _event(self, event: Event) -> Event:
        return msgspec.structs.replace(event, data=event.data.rpartition("\n")[2])


class _CutsCharacters(_Faulty):
    """Each chunk is decoded by itself."""

    __slots__ = ()

    def _chunk(self, data: bytes) -> bytes:
        return data.decode("utf-8", "replace").encode()


class _CutsCrlf(_Faulty):
    """A CRLF that is cut between two chunks ends two lines."""

    __slots__ = ("_after_cr",)

    def __init__(self) -> None:
        super().__init__()
        self._after_cr = False

    def _chunk(self, data: bytes) -> bytes:
        # The parser ignores one LF after a CR, so the second one ends a line.
        extra = b"\n" if self._after_cr and data.startswith(b"\n") else b""
        self._after_cr = data.endswith(b"\r")
        return extra + data


class _ForgetsId(_Faulty):
    """Events after the one that set the ID do not get it."""

    __slots__ = ("_id",)

    def __init__(self) -> None:
        super().__init__()
        self._id = ""

    def _event(self, event: Event) -> Event:
        if event.id == self._id:
            return msgspec.structs.replace(event, id="")
        self._id = event.id
        return event


class _KeepsBom(_Faulty):
    """A byte order mark at the start stays part of the first line."""

    __slots__ = ("_begun",)

    def __init__(self) -> None:
        super().__init__()
        self._begun = False

    def _chunk(self, data: bytes) -> bytes:
        # The parser removes the first mark only.
        mark = b"" if self._begun else b"\xef\xbb\xbf"
        self._begun = True
        return mark + data


FAULTY_PARSERS: Mapping[str, Callable[[], Machine[Event]]] = MappingProxyType(
    {
        "data lines lost": _LosesDataLines,
        "characters cut": _CutsCharacters,
        "CRLF cut": _CutsCrlf,
        "id forgotten": _ForgetsId,
        "BOM kept": _KeepsBom,
    }
)
"""The faults that hand-written parsers usually have, by name. Call a value to get a machine with this fault.

Pass each one to your code in place of `Parser`, and check that your test fails.
"""

"""Keep the beginning of a body until its first line of SSE. A JSON or HTML body becomes an Error."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sse_events.chat.events import Error
from sse_events.chat.faults import error_code, error_message, find_error
from sse_events.chat.json import decode_json
from sse_events.chat.shapes import elements
from sse_events.chat.state import State
from sse_events.events import Comment, Event, UnknownField

_MAX_BYTES = 64 * 1024  # much more than a provider's JSON error needs
_MAX_MESSAGE_CHARS = 200  # of a body that is not JSON; the Error's `raw` is not cut here
_SSE_LINE = re.compile(r"(?:\A|[\r\n])(?::|(?:data|event|id|retry|error)(?:[:\r\n]|\Z))")


class Preface(State):
    """The first 64 KiB of a body, until the parser returns an event, a comment or an ``error`` field."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept = bytearray()

    def keep(self, data: bytes | bytearray | memoryview, values: Sequence[Event | Comment | UnknownField]) -> bool:
        """Keep the next bytes.

        Args:
            data: The chunk.
            values: What the parser returned for it.

        Returns:
            True if this is still a preface; False once the body has shown that it is an event stream.
        """
        if any(not isinstance(value, UnknownField) or value.name == "error" for value in values):
            return False
        piece = bytes(data)
        if len(self._kept) < 2 and not self._kept.strip():
            # All white space before the text is kept as one character, so that 64 KiB of the text are kept.
            text = piece.lstrip()
            self._kept[:] = (self._kept + piece[: len(piece) - len(text)])[-1:]
            piece = text
        self._kept += piece[: _MAX_BYTES - len(self._kept)]
        return True

    def report(self) -> Error | None:
        """The Error that shows the body, or None if it is empty or an event stream."""
        body = self._kept.decode("utf-8", "replace").removeprefix("\ufeff")
        if not body.strip() or _SSE_LINE.search(body):
            return None
        body = body.lstrip()
        try:
            value = decode_json(body)
        except (ValueError, RecursionError):
            value = None  # such as an HTML page
        for item in elements(value) or [value]:
            error = (find_error(item) if type(item) is dict else None) or item
            message = error_message(error)
            if message:
                return Error("not_sse", message, error_code(error), body)
        return Error("not_sse", " ".join(body[:_MAX_MESSAGE_CHARS].split()), None, body)

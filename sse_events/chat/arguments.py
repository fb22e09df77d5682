"""Which fragments of a tool call's arguments may be written before the call is over.

Many clients run a call as soon as its arguments parse. So the fragment that completes them is held until the call is
known to be whole. All fragments before it can be written at once.
"""

from __future__ import annotations

import re
from typing import Literal

_WHITE_SPACE = " \t\r\n"  # of JSON
_OUTSIDE_STRING = re.compile(r'["{}\[\]]')
_INSIDE_STRING = re.compile(r'["\\]')


class HeldArguments:
    """The fragments that may not be written yet.

    Each fragment is scanned once, for brackets and strings: a parse for each fragment would be quadratic.

    Args:
        json: The arguments are JSON. The input of a custom call is free text, which no fragment completes.
        stream: Whether anything may be written before the call is over.

    Attributes:
        held: The fragments that `feed` has not returned.
    """

    __slots__ = ("_depth", "_escaped", "_in_string", "_state", "_stream", "held")

    def __init__(self, *, json: bool, stream: bool) -> None:
        self.held: list[str] = []
        self._stream = stream
        # "other" is a value whose end cannot be seen (12 may go on as 123), or is not JSON.
        self._state: Literal["free text", "before", "inside", "after", "other"] = "before" if json else "free text"
        self._depth = 0
        self._in_string = False
        self._escaped = False  # the last character was a backslash, so the next one is part of an escape

    @property
    def finished(self) -> bool:
        """Whether the arguments are a finished JSON object or array."""
        return self._state == "after"

    def feed(self, fragment: str) -> str:
        """What may be written now, as one fragment. Anthropic's SDK raises if a fragment is only white space."""
        self._scan(fragment)
        self.held.append(fragment)
        if not self._stream or self._state not in ("free text", "inside"):
            return ""
        free, self.held = self.held, []
        return "".join(free)

    def _scan(self, fragment: str) -> None:
        rest = fragment
        if self._state == "before":
            rest = rest.lstrip(_WHITE_SPACE)
            if rest:
                self._state = "inside" if rest[0] in "{[" else "other"
        if self._state == "inside":
            rest = self._scan_value(rest)
        if self._state == "after" and rest.strip(_WHITE_SPACE):
            self._state = "other"

    def _scan_value(self, text: str) -> str:
        """Follow the brackets and strings. Returns the text after the last bracket."""
        at = 1 if self._escaped else 0
        self._escaped = False
        while True:
            found = (_INSIDE_STRING if self._in_string else _OUTSIDE_STRING).search(text, at)
            if found is None:
                return ""
            at = found.end()
            mark = found[0]
            if mark == '"':
                self._in_string = not self._in_string
            elif mark == "\\":
                self._escaped = at == len(text)
                at += 1
            else:
                self._depth += 1 if mark in "{[" else -1
                if not self._depth:
                    self._state = "after"
                    return text[at:]

"""The arguments of a function call, whole or as Vertex AI streams them: one value at a time, each with its path.

Source: Google's PartialArg (``jsonPath``, ``stringValue``, ``willContinue``).
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, cast

from sse_events.chat.json import compact_json, decode_json
from sse_events.chat.state import State

_MAX_STEPS = 100  # protobuf, which Google uses for these values, has this limit too
_MAX_SKIPPED = 1000  # array elements that a call may leave out; a large index must not fill the memory

# A name after a dot, an index, a quoted name.
_STEP = re.compile(r"""\.([^.\[\]]+)|\[([0-9]{1,9})\]|\['(.*?)'\]|\["(.*?)"\]""", re.DOTALL)


class _Text(State):
    """A string that comes in pieces."""

    __slots__ = ("goes_on", "pieces")

    def __init__(self) -> None:
        self.pieces: list[str] = []  # joined once, so the time is linear
        self.goes_on = True  # the next piece belongs to it


def _join(text: _Text) -> str:
    return "".join(text.pieces)


class Arguments(State):
    """The arguments of a call, whole or as Vertex streams them: one value at a time, each with its path."""

    __slots__ = ("root", "skipped")

    def __init__(self, args: Any, *, streamed: bool) -> None:
        self.root: Any = args
        self.skipped: int = 0  # elements of arrays that were left out
        if args is None or (streamed and type(args) is not dict):
            self.root = {}
        elif streamed:
            # A copy, because values are added to it, and a Raw event may hold the provider's object.
            self.root = decode_json(compact_json(args))

    def text(self) -> str:
        """The arguments as JSON."""
        return compact_json(self.root, _join)

    def set(self, partial: dict[str, Any]) -> bool:
        """Put a value at its path. False if the path leads nowhere, so the value is lost."""
        names = [name for name in ("stringValue", "numberValue", "boolValue", "nullValue") if name in partial]
        if not names:
            return True
        value = None if names[0] == "nullValue" else partial[names[0]]
        steps = _steps(partial.get("jsonPath"))
        holder = self._holder(steps) if steps else None
        if holder is None:
            return False
        last = steps[-1]
        if type(value) is str:
            text = holder.get(last) if type(holder) is dict else holder[last]
            if type(text) is not _Text or not text.goes_on:
                text = holder[last] = _Text()
            text.pieces.append(value)
            text.goes_on = partial.get("willContinue") is True
        else:
            holder[last] = value
        return True

    def _holder(self, steps: list[str | int]) -> Any:
        """The object or array that the last step leads into, created if missing. None if it cannot be created."""
        node = self.root
        for step, following in pairwise(steps):
            if not self._can_hold(node, step):
                return None
            child = node.get(step) if type(node) is dict else node[step]
            if type(child) is not dict and type(child) is not list:
                child = node[step] = [] if type(following) is int else {}
            node = child
        return node if self._can_hold(node, steps[-1]) else None

    def _can_hold(self, node: Any, step: str | int) -> bool:
        """Whether the step leads into this object or array. An array grows up to the step's index."""
        if type(node) is dict or type(step) is str:
            return type(node) is dict and type(step) is str
        missing = cast(int, step) + 1 - len(node)
        if missing > 0:
            if self.skipped + missing - 1 > _MAX_SKIPPED:
                return False
            self.skipped += missing - 1
            node.extend([None] * missing)
        return True


def _steps(path: Any) -> list[str | int]:
    """The names and indexes in a path (``$.a.b[0]['c']``); none if it cannot be followed."""
    steps: list[str | int] = []
    if type(path) is not str or not path.startswith("$"):
        return steps
    at = 1
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None or len(steps) == _MAX_STEPS:
            return []
        word = step[cast(int, step.lastindex)]
        steps.append(int(word) if step.lastindex == 2 else word)
        at = step.end()
    return steps

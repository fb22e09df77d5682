"""What arrived of each output item: Responses sends the same content up to four times, but not every server does."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal, TypeAlias

from sse_events.chat.state import State

Kind: TypeAlias = Literal["text", "refusal", "reasoning", "signature", "call"]
Key: TypeAlias = int | str


class Items(State):
    """For each kind of content: the output items that it arrived for, by position and id.

    Attributes:
        latest: The kind and the key of the last content.
    """

    __slots__ = ("_done_parts", "_ids", "_keys", "latest")

    def __init__(self) -> None:
        self._keys: defaultdict[Kind, set[Key]] = defaultdict(set)
        self._ids: defaultdict[Kind, set[str]] = defaultdict(set)  # some servers change the id of an item
        self._done_parts: dict[tuple[Kind, Key], set[int | None]] = {}
        self.latest: tuple[Kind, Key] | None = None

    def came(self, kind: Kind, key: Key, id: str) -> None:
        """Record that content of this kind arrived for the item."""
        self.latest = (kind, key)
        self._keys[kind].add(key)
        self._ids[kind].add(id)

    def has(self, kind: Kind, key: Key) -> bool:
        """True if content of this kind arrived for the item."""
        return key in self._keys[kind]

    def is_new_part(self, kind: Kind, key: Key, part: int | None) -> bool:
        """True if nothing of the item arrived, or only other parts of it, each in one piece."""
        if self.has(kind, key) and (kind, key) not in self._done_parts:
            return False
        parts = self._done_parts.setdefault((kind, key), set())
        if part in parts:
            return False
        parts.add(part)
        return True

    def count(self, kind: Kind) -> int:
        """The number of items that content of this kind arrived for."""
        return len(self._keys[kind])

    def known(self, kind: Kind) -> set[Key]:
        """The positions and the ids of the items that content of this kind arrived for."""
        return {*self._keys[kind], *self._ids[kind]} - {""}

"""Usage: the counts of tokens, gathered from all usage objects of one answer."""

from __future__ import annotations

from typing import Any

from sse_events.chat.events import Usage
from sse_events.chat.json import is_shallow
from sse_events.chat.shapes import integer
from sse_events.chat.state import State

# An object of zeros stays one if it also has a total.
_TOTALS = frozenset(("total_tokens", "totalTokenCount"))

# Where OpenAI, Anthropic and similar APIs put their counts: a field, or a field of an object.
COMMON_PATHS = frozenset(
    (
        "prompt_tokens",
        "input_tokens",
        "completion_tokens",
        "output_tokens",
        "total_tokens",
        "prompt_tokens_details.cached_tokens",
        "cached_tokens",
        "prompt_cache_hit_tokens",
        "cache_read_input_tokens",
        "input_tokens_details.cached_tokens",
        "prompt_tokens_details.cache_write_tokens",
        "input_tokens_details.cache_write_tokens",
        "cache_creation_input_tokens",
        "completion_tokens_details.reasoning_tokens",
        "reasoning_tokens",
        "output_tokens_details.reasoning_tokens",
        "output_tokens_details.thinking_tokens",
    )
)


class Tally(State):
    """The counts of one answer: the last integer at each path. Counts of several payloads are never added up.

    Attributes:
        numbers: The counts by path, such as ``"prompt_tokens_details.cached_tokens"``.
        raw: The provider's usage objects, merged; later fields replace earlier ones.
    """

    __slots__ = ("numbers", "raw")

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.raw: dict[str, Any] = {}

    def add(self, usage: Any, paths: frozenset[str] = COMMON_PATHS) -> None:
        """Merge a usage object; what is not an object is ignored."""
        if type(usage) is dict:
            self.merge(integers(usage, paths), usage)

    def merge(self, found: dict[str, int], usage: dict[str, Any]) -> None:
        """Merge the counts that were found in a usage object.

        An object of zeros is ignored once anything is known: several providers send one before the end.
        """
        if not _says_something(found) and _says_something(self.numbers):
            return
        self.numbers.update(found)
        if is_shallow(usage):
            self.raw.update(usage)

    def first(self, *paths: str) -> int | None:
        """The count of the first of `paths` that was sent, zero included; None if none was."""
        return next((self.numbers[path] for path in paths if path in self.numbers), None)

    def total(self, *paths: str) -> int | None:
        """The sum of the counts of `paths` that were sent; None if none was, or if it has more than 64 bits."""
        known = [self.numbers[path] for path in paths if path in self.numbers]
        return integer(sum(known)) if known else None

    def common(self) -> Usage:
        """The usage by OpenAI's convention: the prompt includes cached tokens, the completion reasoning."""
        return Usage(
            prompt_tokens=self.first("prompt_tokens", "input_tokens"),
            completion_tokens=self.first("completion_tokens", "output_tokens"),
            cached_tokens=self.first(
                "prompt_tokens_details.cached_tokens",
                "cached_tokens",
                "prompt_cache_hit_tokens",
                "cache_read_input_tokens",
                "input_tokens_details.cached_tokens",
            ),
            cache_write_tokens=self.first(
                "prompt_tokens_details.cache_write_tokens",
                "input_tokens_details.cache_write_tokens",
                "cache_creation_input_tokens",
            ),
            reasoning_tokens=self.first(
                "completion_tokens_details.reasoning_tokens",
                "reasoning_tokens",
                "output_tokens_details.reasoning_tokens",
                "output_tokens_details.thinking_tokens",
            ),
            total_tokens=self.first("total_tokens"),
            raw=self.raw,
        )


def _says_something(numbers: dict[str, int]) -> bool:
    return any(number and path not in _TOTALS for path, number in numbers.items())


def integers(value: Any, paths: frozenset[str]) -> dict[str, int]:
    """The whole numbers of an object at `paths` (``"field"`` or ``"object.field"``). Other paths are left out."""
    found: dict[str, int] = {}
    for name, leaf in value.items() if type(value) is dict else ():
        if type(leaf) is dict:
            found.update(integers({f"{name}.{inner}": number for inner, number in leaf.items()}, paths))
        elif name in paths:
            count = integer(leaf)
            if count is not None:
                found[name] = count
    return found

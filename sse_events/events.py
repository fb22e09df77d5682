"""What the parsers return: plain values, frozen and hashable."""

from __future__ import annotations

from typing import Any, TypeVar, overload

import msgspec

from sse_events.mistakes import wrong_type

__all__ = ["Comment", "Event", "UnknownField"]

T = TypeVar("T")

MAX_RETRY_MS = 2**63 - 1  # clients keep the time in a signed 64-bit integer


class Event(msgspec.Struct, frozen=True, gc=False):
    r"""One dispatched event, as the WHATWG algorithm dispatches it.

    Attributes:
        data: The block's data lines, joined by ``"\n"``.
        event: The event type, ``"message"`` when the block named none.
        id: The last event ID at dispatch; it persists from earlier events until a later block sets another.
        retry: The reconnection time in ms, when this event's own block carried a valid ``retry`` field.
    """

    data: str
    event: str = "message"
    id: str = ""
    retry: int | None = None

    @overload
    def json(self) -> Any: ...

    @overload
    def json(self, type: type[T]) -> T: ...

    @overload
    def json(self, type: Any) -> Any: ...

    def json(self, type: Any = Any) -> Any:
        """The data decoded as JSON, validated against `type` when one is given.

        Args:
            type: Anything that ``msgspec.json.decode`` takes: a Struct, a dataclass, a TypedDict, ``list[int]``.

        Raises:
            msgspec.DecodeError: The data is not JSON, or not of this type. It is a ValueError.
            TypeError: The event was made by hand with data that is not a str.

        >>> Event('{"n": 1}').json()
        {'n': 1}
        """
        if not isinstance(self.data, str):
            raise wrong_data(self.data)
        return msgspec.json.decode(self.data, type=type)


def wrong_data(data: object) -> TypeError:
    """The error of an event that was made by hand, whose data is not a str."""
    return wrong_type("data", data, "a str", "use Event(json.dumps(data)) for JSON")


class Comment(msgspec.Struct, frozen=True, gc=False):
    """A line that began with a colon; servers send them to keep a connection alive.

    Attributes:
        text: What follows the colon, less one leading space.
    """

    text: str


class UnknownField(msgspec.Struct, frozen=True, gc=False):
    """A field that the standard tells a client to ignore, such as llama.cpp's ``error: {...}``.

    Attributes:
        name: The field name as sent; the whole line when it holds no colon.
        value: What follows the colon, less one leading space.
    """

    name: str
    value: str

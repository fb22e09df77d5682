"""The mistakes of callers: each message names the argument, and says what it has to be."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import Any

from sse_events.events import Comment, Event, UnknownField

__all__ = ["check_choice_of_names", "check_parsed", "check_type", "wrong_type"]

_PARSED = (Event, Comment, UnknownField)


def check_choice_of_names(argument: str, value: object, names: Collection[str]) -> None:
    """Check that `value` is one of `names`.

    Raises:
        TypeError: It is not a str.
        ValueError: It is another name. The message says which one was probably meant.
    """
    if isinstance(value, str) and value in names:
        return
    near = difflib.get_close_matches(value.lower(), names, n=1) if isinstance(value, str) else []
    hint = f"; did you mean {near[0]!r}?" if near else ""
    message = f"{argument} must be one of {', '.join(map(repr, names))}, not {value!r}{hint}"
    raise ValueError(message) if isinstance(value, str) else TypeError(message)


def check_parsed(event: object) -> None:
    """Check that `event` is a value of a `WireParser`, and the data of an Event made by hand.

    Raises:
        TypeError: It is something else, or its data is.
    """
    check_type("event", event, _PARSED, "an Event, a Comment or an UnknownField", "use feed() for bytes")
    if isinstance(event, Event):
        check_type("data", event.data, str, "a str", "use Event(json.dumps(data)) for JSON")


def check_type(argument: str, value: object, kind: Any, expected: str, remedy: str = "") -> None:
    """Check that `value` is of a type, or of one in a tuple or union. A bool does not count as a number.

    Raises:
        TypeError: It is not.
    """
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise wrong_type(argument, value, expected, remedy)


def wrong_type(argument: str, value: object, expected: str, remedy: str = "") -> TypeError:
    """The error of an argument of the wrong type. It shows the type, not the value, which may be private."""
    name = "None" if value is None else type(value).__name__
    found = f"the class {value.__name__}" if isinstance(value, type) else name
    return TypeError(f"{argument} must be {expected}, not {found}{': ' if remedy else ''}{remedy}")

"""The mistakes of callers that only the chat layer knows."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from sse_events.events import Comment, Event, UnknownField, wrong_data
from sse_events.mistakes import wrong_type

__all__ = ["check_choice_of_names", "check_parsed"]

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
    # Not check_type: this runs for every event, and the calls took a quarter of the time of `sse-events chat`.
    if not isinstance(event, _PARSED):
        raise wrong_type("event", event, "an Event, a Comment or an UnknownField", "use feed() for bytes")
    if isinstance(event, Event) and not isinstance(event.data, str):
        raise wrong_data(event.data)

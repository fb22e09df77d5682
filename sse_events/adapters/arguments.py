"""Check the arguments of a source when it is made."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sse_events.mistakes import is_a, wrong_type
from sse_events.policy import Reconnect

__all__ = ["check_arguments"]

# These arguments would be refused by the client or the standard library later, or never. Each has its check and the
# words for its error message. `Reconnection` checks its own arguments.
_EXPECTED: Mapping[str, tuple[Callable[[Any], bool], str]] = MappingProxyType(
    {
        "url": (lambda url: isinstance(url, str) or hasattr(url, "scheme"), "a str"),
        "method": (lambda method: isinstance(method, str), "a str"),
        "headers": (
            lambda headers: headers is None or isinstance(headers, Mapping) or callable(headers),
            "a mapping, or a function that returns one",
        ),
        "reconnect": (
            lambda policy: policy is None or isinstance(policy, Reconnect),
            "a Reconnect, such as Reconnect()",
        ),
        "replay": (lambda replay: isinstance(replay, bool), "True or False"),
        "check": (lambda check: isinstance(check, bool), "True or False"),
        "idle_timeout": (
            lambda time: time is None or (is_a(time, int | float) and time > 0),
            "seconds above 0, or None",
        ),
        "parser": (callable, "a class such as WireParser, without parentheses"),
        "on_change": (lambda call: call is None or callable(call), "a function of one Change"),
        "max_event_bytes": (lambda limit: is_a(limit, int | None), "an int or None"),
        "sleep": (lambda call: call is None or callable(call), "a function of seconds"),
        "clock": (callable, "a function that returns seconds"),
        "random": (callable, "a function that returns a number from 0 to 1"),
    }
)


def check_arguments(arguments: Mapping[str, Any], *, asynchronous: bool) -> None:
    """Check the arguments of a source.

    Args:
        arguments: The arguments by name.
        asynchronous: Whether the source is asynchronous.

    Raises:
        TypeError: One has the wrong type. The message names it and says what it has to be.
    """
    for name, value in arguments.items():
        fits, expected = _EXPECTED[name]
        if not fits(value):
            raise wrong_type(name, value, expected)
        if inspect.iscoroutinefunction(value) and not (asynchronous and name in ("headers", "sleep")):
            raise TypeError(f"{name} must be a plain function here, not an async one: nothing would await it")

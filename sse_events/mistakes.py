"""The mistakes of callers: each message names the argument, and says what it has to be."""

from __future__ import annotations

from typing import Any

__all__ = ["check_type", "described", "is_a", "wrong_type"]


def check_type(argument: str, value: object, kind: Any, expected: str, remedy: str = "") -> None:
    """Check that `value` is of a type: see `is_a`.

    Raises:
        TypeError: It is not.
    """
    if not is_a(value, kind):
        raise wrong_type(argument, value, expected, remedy)


def is_a(value: object, kind: Any) -> bool:
    """True if `value` is of a type, or of one in a tuple or union. A bool does not count as a number."""
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def wrong_type(argument: str, value: object, expected: str, remedy: str = "") -> TypeError:
    """The error of an argument of the wrong type."""
    return TypeError(f"{argument} must be {expected}, not {described(value)}{': ' if remedy else ''}{remedy}")


def described(value: object) -> str:
    """What `value` is, for a message. Only numbers are shown: other content may be a secret."""
    kind = value if isinstance(value, type) else type(value)
    familiar = kind.__module__.partition(".")[0] in ("builtins", "sse_events")
    name = kind.__qualname__ if familiar else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(value, type):
        return f"the class {name}"
    return repr(value) if value is None or isinstance(value, int | float) else name

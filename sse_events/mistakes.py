"""The mistakes of callers: each message names the argument, and says what it has to be."""

from __future__ import annotations

from typing import Any

__all__ = ["check_type", "wrong_type"]


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

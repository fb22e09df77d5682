"""Read values of uncertain shape: a provider may send a null, a list or a number where it documents a string."""

from __future__ import annotations

from typing import Any, TypeAlias

# What a field may hold instead of the expected Struct. A wrong shape then loses this field only.
Other: TypeAlias = list[Any] | str | int | float | bool | None
OtherThanList: TypeAlias = dict[str, Any] | str | int | float | bool | None

_MAX_INTEGER = 2**63 - 1  # other readers keep counts and indexes in 64 bits


def string(value: Any) -> str:
    """`value` if it is a string, else ``""``."""
    return value if type(value) is str else ""


def integer(value: Any) -> int | None:
    """`value` if it is a whole number of at most 64 bits, else None. True is not a number."""
    if type(value) is float and value.is_integer():
        value = int(value)
    return value if type(value) is int and -_MAX_INTEGER <= value <= _MAX_INTEGER else None


def member(value: Any, name: str) -> Any:
    """The member `name` of an object; None if it has none, or is not an object."""
    return value.get(name) if type(value) is dict else None


def elements(value: Any) -> list[Any]:
    """`value` if it is a list, else an empty list."""
    return value if type(value) is list else []


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; an empty list if `value` is not a list."""
    return [element for element in elements(value) if type(element) is dict]

"""JSON as providers send it, which is a little more than msgspec takes."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import msgspec

decode_any: Callable[[bytes | str], Any] = msgspec.json.Decoder().decode


def compact_json(value: Any, default: Callable[[Any], Any] | None = None) -> str:
    """`value` as JSON text without spaces; `default` says what stands for an object that JSON does not know."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=default)


def arguments_text(value: Any) -> str:
    """A call's arguments as the text that they are, ``""`` for none, and what is no text as compact JSON."""
    if value is None:
        return ""
    return value if type(value) is str else compact_json(value)


def decode_json(data: bytes | str, decode: Callable[[bytes | str], Any], into: Any) -> Any:
    """`data` decoded by msgspec, or, where msgspec is stricter than providers are, by the standard library.

    Invalid UTF-8 and lone surrogates become U+FFFD, and numbers out of range are read. NaN and Infinity are no JSON.

    Args:
        data: A payload.
        decode: A msgspec decoder for `into`.
        into: The type that the standard library's value is converted to.

    Raises:
        ValueError: It is not JSON, or not of this type.
        RecursionError: It is nested too deeply.
    """
    try:
        return decode(data)
    except (ValueError, RecursionError):
        text = data if type(data) is str else bytes(data).decode("utf-8", "replace")  # type: ignore[arg-type]
        value = json.loads(text, parse_constant=_refuse, parse_int=_any_integer)
        return msgspec.convert(scrub(value), into)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _any_integer(digits: str) -> int | float:
    # Python refuses to read integers of thousands of digits.
    return int(digits) if len(digits) <= 4300 else math.copysign(math.inf, -1 if digits[0] == "-" else 1)


def scrub(value: Any) -> Any:
    """`value` with every lone surrogate replaced: it can be in no str that is to be encoded again."""
    if type(value) is str:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if type(value) is list:
        return [scrub(item) for item in value]
    if type(value) is dict:
        return {scrub(key): scrub(item) for key, item in value.items()}
    return value


def is_arguments(arguments: str) -> bool:
    """Whether `arguments` are JSON, or empty."""
    if not arguments:
        return True  # a call without arguments
    try:
        decode_json(arguments, decode_any, Any)
    except (ValueError, RecursionError):
        return False
    return True

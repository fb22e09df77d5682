"""JSON as providers send it, which is a little more than msgspec accepts."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

Decode: TypeAlias = Callable[[bytes | str], Any]

decode_any: Decode = msgspec.json.Decoder().decode

_MAX_DIGITS = 4300  # CPython refuses to convert longer integers from and to text
_MAX_LEVELS = 100  # protobuf's limit for JSON; copying and pickling deeper values exhausts the stack
_OUT_OF_RANGE = {math.inf: msgspec.Raw(b"1e999"), -math.inf: msgspec.Raw(b"-1e999")}  # JSON has no infinity


def compact_json(value: Any, default: Callable[[Any], Any] | None = None) -> str:
    """JSON text of `value`, without spaces.

    Args:
        value: A decoded JSON value. Infinities, which are numbers out of range, are written as ``1e999``.
        default: Called with each object that JSON does not know; returns a replacement.

    Raises:
        RecursionError: `value` is nested too deeply.
    """
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=default, allow_nan=False)
    except ValueError:
        return msgspec.json.encode(_replace_infinities(value), enc_hook=default).decode()


def _replace_infinities(value: Any) -> Any:
    if type(value) is float and math.isinf(value):
        return _OUT_OF_RANGE[value]
    return _mapped(value, _replace_infinities)


def arguments_text(value: Any) -> str:
    """A call's arguments as text: a string as it is, ``""`` for None, anything else as compact JSON."""
    if value is None:
        return ""
    return value if type(value) is str else compact_json(value)


def decode_leniently(data: str, into: Any = Any) -> Any:
    """`data` decoded by the standard library, for what msgspec refuses and providers send.

    Lone surrogates become U+FFFD, and numbers out of range are read. NaN and Infinity are not JSON.

    Args:
        data: A payload.
        into: The type that the value is converted to.

    Raises:
        ValueError: `data` is not JSON, or not of this type.
        RecursionError: It is nested too deeply.
    """
    value = json.loads(data, parse_constant=_refuse, parse_int=_any_integer)
    return msgspec.convert(scrub(value), into)


def decode_json(data: str, decode: Decode = decode_any, into: Any = Any) -> Any:
    """`data` decoded by msgspec, or by `decode_leniently` if msgspec refuses it.

    Args:
        data: A payload, or a call's arguments.
        decode: A msgspec decoder for `into`.
        into: The type of the result.

    Raises:
        ValueError: `data` is not JSON, or not of this type.
        RecursionError: It is nested too deeply.
    """
    try:
        return decode(data)
    except (ValueError, RecursionError):
        return decode_leniently(data, into)


def decode_or_text(data: str) -> Any:
    """`data` decoded as `decode_json` does; if that is not possible, `data` itself."""
    try:
        return decode_json(data)
    except (ValueError, RecursionError):
        return data


def decode_shallow(data: str) -> Any:
    """`data` decoded by `decode_json`, if the value can be copied, pickled and written.

    Raises:
        ValueError: `data` is not JSON, or is nested more than 100 levels.
    """
    try:
        value = decode_json(data)
    except RecursionError as error:
        raise ValueError(str(error)) from error
    if not is_shallow(value):
        raise ValueError(f"JSON is nested more than {_MAX_LEVELS} levels")
    return value


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _any_integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MAX_DIGITS else math.copysign(math.inf, -1 if digits[0] == "-" else 1)


def scrub(value: Any) -> Any:
    """`value` with every lone surrogate replaced: a str that holds one cannot be encoded."""
    if type(value) is str:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _mapped(value, scrub)


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    if type(value) is list:
        return [change(item) for item in value]
    if type(value) is dict:
        return {change(key): change(item) for key, item in value.items()}
    return value


def is_json(text: str) -> bool:
    """True if `text` is JSON, as `decode_json` reads it."""
    try:
        decode_json(text)
    except (ValueError, RecursionError):
        return False
    return True


def is_object(text: str) -> bool:
    """True if `text` is a JSON object."""
    return text.lstrip()[:1] == "{" and is_json(text)


def is_shallow(value: Any, levels: int = _MAX_LEVELS) -> bool:
    """True if `value` is nested at most 100 levels deep, so that it can be copied and pickled.

    Used for every provider's value that the user gets unchanged.
    """
    if type(value) is not dict and type(value) is not list:
        return True
    if not levels:
        return False
    for child in value.values() if type(value) is dict else value:
        if (type(child) is dict or type(child) is list) and not is_shallow(child, levels - 1):
            return False
    return True

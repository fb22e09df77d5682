"""JSON, and its leaves read leniently: a value of the wrong type is as good as missing."""

from __future__ import annotations

import json
import re
from typing import Any

Json = Any

NOT_JSON = object()


def parse(text: str) -> Json:
    """F6, F7: the JSON of a payload, lone surrogates replaced; NOT_JSON if it is not JSON."""
    try:
        return scrub(json.loads(text, parse_constant=refuse, parse_int=read_integer))
    except (ValueError, RecursionError):
        return NOT_JSON


def read_integer(digits: str) -> int | float:
    """F7: Python refuses integers of thousands of digits, which are numbers out of range like 1e400."""
    return int(digits) if len(digits) <= 4300 else float(digits)


def refuse(constant: str) -> None:
    raise ValueError(constant)


def scrub(value: Json) -> Json:
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, list):
        return [scrub(element) for element in value]
    if isinstance(value, dict):
        return {scrub(key): scrub(element) for key, element in value.items()}
    return value


def string(value: Json) -> str:
    return value if isinstance(value, str) else ""


def members(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def objects(value: Json) -> list[dict[str, Json]]:
    return [element for element in value if isinstance(element, dict)] if isinstance(value, list) else []


def integer(value: Json) -> int | None:
    """U1: integral floats become int, and a bool is not a number.

    Choices: what has more than 64 bits is not one either, and the same holds for every index.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else None


def compact(value: Json) -> str:
    # F7: a number out of range stays one.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub(r'("(?:[^"\\]|\\.)*")|Infinity', lambda found: found[1] or "1e999", text)


def arguments_text(value: Json) -> str:
    """C1: a string as it is, nothing for null, anything else as compact JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else compact(value)


def is_whole_object(arguments: str) -> bool:
    """C9: the arguments so far are a JSON object, to which nothing can be added."""
    return isinstance(parse(arguments), dict)

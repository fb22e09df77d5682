"""Errors inside a stream of status 200: which payloads report one, and what it says.

Source: the shapes found in recorded streams and bug reports of many providers and gateways. They are looked for in
every dialect, because gateways put one provider's error into another's stream.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from sse_events.chat.shapes import objects

_OTHER_MEANING = ("choices", "candidates", "type", "object", "event_type")  # next to these, `detail` is not an error

_MAX_LEVELS = 16  # errors inside errors; recorded gateways nest three


class Payload(msgspec.Struct, gc=False):
    """Base of every dialect's payload: the fields that may report an error."""

    error: Any = None
    type: Any = None
    object: Any = None
    error_type: Any = None
    error_message: Any = None
    success: Any = None
    base_resp: Any = None
    x_groq: Any = None
    detail: Any = None


def may_report(payload: Payload) -> Any:
    """A true value if one of the fields of `Payload` may report an error; `find_error` decides.

    It is a quick test, so that only payloads with an error are decoded a second time.
    """
    return (
        payload.error
        or payload.error_type
        or payload.error_message
        or payload.base_resp
        or payload.x_groq
        or payload.detail
        or payload.success is False
        or payload.type == "error"
        or payload.object == "error"
    )


def find_error(payload: Mapping[str, Any], *, named_error: bool = False) -> Any:
    """What a decoded payload reports as an error, or None.

    Args:
        payload: The decoded JSON object.
        named_error: It came in an SSE event of type ``error``.
    """
    get = payload.get
    error = get("error")
    if error and type(error) in (str, dict):
        return error
    for choice in objects(get("choices")):
        if choice.get("error"):
            return choice["error"]
    if named_error or get("type") == "error" or get("object") == "error":
        return payload
    if get("error_type") or get("error_message"):
        return {"message": get("error_message"), "code": get("error_type")}
    if get("success") is False:
        return payload
    base_resp = get("base_resp")  # MiniMax
    if type(base_resp) is dict and base_resp.get("status_code"):
        return {"message": base_resp.get("status_msg"), "code": base_resp["status_code"]}
    x_groq = get("x_groq")
    if type(x_groq) is dict and x_groq.get("error"):
        return x_groq["error"]
    if get("detail") and not any(name in payload for name in _OTHER_MEANING):
        return payload
    return None


def error_message(error: Any, levels: int = _MAX_LEVELS) -> str | None:
    """The message of an error: the string itself, or an object's first field with a message; otherwise None."""
    if type(error) is str:
        return error
    if isinstance(error, Mapping) and levels:
        for name in ("message", "error", "detail", "details", "error_message"):
            message = error_message(error.get(name), levels - 1)
            if message is not None:
                return message
    return None


def error_code(error: Any) -> str | int | None:
    """The code of an error as the provider sent it. Without a code it is the error's type, or None."""
    for _ in range(_MAX_LEVELS):
        if not isinstance(error, Mapping):
            break
        for name in ("code", "status_code", "type", "status"):
            code = error.get(name)
            if type(code) in (str, int) and code not in ("", "error"):
                return code
        error = error.get("error")
    return None

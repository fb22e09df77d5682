"""E1 to E12: the errors that a payload reports."""

from __future__ import annotations

from collections.abc import Iterator

from tests.chat.reference.framing import Payload, read_lines
from tests.chat.reference.leaves import NOT_JSON, Json, members, objects, parse


def message_of(value: Json) -> str | None:
    """M(x) of E1."""
    if isinstance(value, str):
        return value
    for key in ("message", "error", "detail", "details", "error_message"):
        inner = members(value).get(key)
        found = message_of(inner) if isinstance(inner, (str, dict)) else None
        if found is not None:
            return found
    return None


def object_error(payload: dict[str, Json], event: str | None) -> tuple[str | None] | None:
    """E1: the message of an error payload in a tuple, or None if it is not an error."""
    error = payload.get("error")
    if error and isinstance(error, (str, dict)):  # 1
        return (message_of(error),)
    for choice in objects(payload.get("choices")):  # 2. Choice: any choice, not only the first.
        if choice.get("error"):
            return (message_of(choice["error"]),)
    if event == "error" or payload.get("type") == "error" or payload.get("object") == "error":  # 3, 4
        return (message_of(payload),)
    if payload.get("error_type") or payload.get("error_message"):  # 5
        text = payload.get("error_message")
        return (text if isinstance(text, str) else None,)
    if payload.get("success") is False:  # 6
        return (message_of(payload),)
    base = members(payload.get("base_resp"))
    if base.get("status_code"):  # 7
        text = base.get("status_msg")
        return (text if isinstance(text, str) else None,)
    groq = members(payload.get("x_groq")).get("error")
    if groq:  # 8
        return (message_of(groq),)
    shapes = ("choices", "candidates", "type", "object", "event_type")
    if payload.get("detail") and not any(key in payload for key in shapes):  # 9
        return (message_of(payload),)
    return None


def payload_errors(payload: Payload) -> Iterator[str | None]:
    """The messages of the errors that one payload reports (E1, E12, F3, and the exception of F6)."""
    if payload.event is None:
        # F3. Choice: the message of a value that is not JSON is the value itself.
        yield payload.text if payload.json is NOT_JSON else message_of(payload.json)
        return
    if payload.json is NOT_JSON:
        if payload.event == "error" and not payload.sentinel:
            yield payload.text
        return
    # Choice: JSON which is neither object nor list is ignored in an event named error, too (F6).
    for element in objects(payload.json if isinstance(payload.json, list) else [payload.json]):  # E12
        found = object_error(element, payload.event)
        if found is not None:
            yield found[0]


def unframed_error(body: bytes) -> str | None:
    """F4: the message of a body that is not SSE, if it is JSON that has one."""
    payload = parse("\n".join(read_lines(body)))
    for element in payload if isinstance(payload, list) else [payload]:
        # Choices: M(body) also where no rule of E1 calls it an error: {"message": ...} in a 4xx body; and an empty M
        # counts as none.
        found = object_error(element, None) if isinstance(element, dict) else None
        message = (found[0] if found else None) or message_of(element)
        if message:
            return message
    return None

"""F1 to F10: the lines, events and payloads of a body."""

from __future__ import annotations

import re
from typing import NamedTuple

from tests.chat.reference.leaves import NOT_JSON, Json, parse


class Item(NamedTuple):
    """A dispatched event, or the value of an `error:` field (event None)."""

    event: str | None
    value: str


class Payload(NamedTuple):
    """What one event carries, or one of its lines by F9; `json` is NOT_JSON for what is not JSON.

    Attributes:
        event: The event's type, or None for the value of an `error:` field.
        text: The data, without what F10 takes away.
        json: The data decoded.
        sentinel: The data is [DONE].
    """

    event: str | None
    text: str
    json: Json
    sentinel: bool


def read_lines(body: bytes) -> list[str]:
    """F1: UTF-8 with replacement, one BOM dropped, lines end at CRLF, LF or CR."""
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = re.split("\r\n|\n|\r", text)
    # The text after the last line end is a line only if there is some.
    return lines[:-1] if lines[-1] == "" else lines


def split_field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name, value.removeprefix(" ")


def frame(body: bytes) -> list[Item]:
    """F1, F3: the events in the order of their blank lines, the `error:` fields where they stand."""
    items: list[Item] = []
    data: list[str] = []
    name = ""
    for line in [*read_lines(body), ""]:  # the blank line at the end dispatches an event that is still open
        if line == "":
            if data:
                items.append(Item(name or "message", "\n".join(data)))
            data, name = [], ""
            continue
        field, value = split_field(line)
        if field == "data":
            data.append(value)
        elif field == "event":
            name = value
        elif field == "error" and value != "":
            items.append(Item(None, value))
    return items


def is_sse(body: bytes) -> bool:
    """F4: a body without text, or with one line of SSE."""
    lines = read_lines(body)
    known = {"data", "event", "id", "retry", "error"}
    return not "".join(lines).strip() or any(
        line.startswith(":") or split_field(line)[0] in known for line in lines if line != ""
    )


def payloads_of(items: list[Item]) -> list[Payload]:
    """F5, F9, F10: the payloads that are not blank, in order."""
    found: list[Payload] = []
    for event, value in items:
        if event is None:
            found.append(Payload(None, value, parse(value), sentinel=False))
            continue
        lines = [framed_twice(line) for line in value.split("\n")]
        texts = ["\n".join(lines)]
        if not isinstance(parse(texts[0]), dict):
            # Choice: a line is blank here if nothing but white space is left of it, as in F5.
            filled = [line for line in lines if line.strip()]
            if all(line.strip() == "[DONE]" or isinstance(parse(line), dict) for line in filled):
                texts = filled
        for text in texts:
            if text.strip():
                sentinel = text.strip() == "[DONE]"
                found.append(Payload(event, text, NOT_JSON if sentinel else parse(text), sentinel))
    return found


def framed_twice(line: str) -> str:
    """F10. Choice: it is taken away once, with the spaces before it and one after it."""
    inner = line.lstrip()
    return inner.removeprefix("data:").removeprefix(" ") if inner.startswith("data:") else line

"""The table data/parser_vectors.json, read once for the tests of the parsers, the oracle and the fuzzing target."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sse_events.events import Comment, Event, UnknownField


class Row(NamedTuple):
    """One stream, and what the standard makes of it."""

    body: bytes
    wire: list[Event | Comment | UnknownField]
    last_event_id: str
    retry: int | None

    @property
    def events(self) -> list[Event]:
        return [value for value in self.wire if isinstance(value, Event)]


def _value(item: dict[str, Any]) -> Event | Comment | UnknownField:
    if "comment" in item:
        return Comment(item["comment"])
    return UnknownField(**item) if "name" in item else Event(**item)


def _row(item: dict[str, Any]) -> Row:
    wire = [_value(value) for value in item["wire"]]
    return Row(item["chunk"].encode("latin-1"), wire, item.get("last_event_id", ""), item.get("retry"))


_GROUPS = json.loads((Path(__file__).parent / "data" / "parser_vectors.json").read_text())["groups"]
ROWS = {item["name"]: _row(item) for group in _GROUPS for item in group["rows"]}

every_row = pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)

"""What the checks of all dialects share, and the table of these checks."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol

from sse_events.cli.check.framing import Block
from sse_events.cli.check.report import Report


class DialectCheck(Protocol):
    """The rules of one dialect, over the payloads of one answer."""

    def payload(self, value: dict[str, Any], block: Block) -> None:
        """Look at the next payload."""


def dialect_check(name: str, report: Report) -> DialectCheck:
    """The check of the dialect `name`, which is in a module with the dialect's name."""
    make: Callable[[Report], DialectCheck] = import_module(f"sse_events.cli.check.{name}").Check
    return make(report)


def members(value: Any) -> dict[str, Any]:
    """`value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def index_of(value: Any) -> int | str | None:
    """`value` as an index; None if it cannot be one."""
    return value if isinstance(value, (int, str)) else None


def items(value: Any) -> list[dict[str, Any]]:
    """The JSON objects in `value`, if it is a list."""
    if not isinstance(value, list):
        return []
    return [item for item in value if isinstance(item, dict)]


def check_event_name(report: Report, block: Block, kind: Any) -> None:
    """Report an event field that is not the type of its payload."""
    if not block.event:
        report.once("missing-event-name", block.line, f"the payload of type {kind} has no event field")
    elif block.event != kind:
        report.add("wrong-event-name", block.line, f"the event field says {block.event}, and the payload {kind}")


class IdCheck:
    """Reports an ID that changes inside one answer."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._id: str | None = None

    def saw(self, value: Any, block: Block) -> None:
        """The payload of `block` has the ID `value`."""
        if value == self._id or not isinstance(value, str) or not value:
            return
        if self._id is not None:
            self._report.once("id-changes", block.line, f"the ID is {value}, and was {self._id}")
        self._id = self._id or value

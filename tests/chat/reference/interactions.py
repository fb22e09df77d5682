"""Gemini's Interactions."""

from __future__ import annotations

from tests.chat.reference.leaves import Json, arguments_text, compact, integer, members, string
from tests.chat.reference.reading import Reading
from tests.chat.reference.usage import INTERACTIONS_FIELDS, pick

STATUSES = {  # X5; None is for X0 to say
    "completed": None,
    "requires_action": "tool_calls",
    "incomplete": "length",
    "budget_exceeded": "length",
    "failed": "error",
    "cancelled": "error",
}


class InteractionsReading(Reading):
    ends_at_sentinel = False

    def __init__(self, dialect: str | None) -> None:
        super().__init__(dialect)
        self.given: dict[Json, Json] = {}  # C10: the arguments in step.start of the open calls

    def read_json(self, payload: dict[str, Json]) -> None:
        kind = string(payload.get("event_type"))
        index = integer(payload.get("index"))
        interaction = members(payload.get("interaction"))
        self.used(pick(members(payload.get("metadata")).get("usage"), INTERACTIONS_FIELDS))  # U5
        self.used(pick(interaction.get("usage"), INTERACTIONS_FIELDS))
        if kind == "step.start":
            self.open_step(index, members(payload.get("step")))
        elif kind == "step.delta":
            self.read_delta(index, members(payload.get("delta")))
        elif kind == "step.stop":
            self.close_step(index)
        elif kind.removeprefix("interaction.") in STATUSES and kind.startswith("interaction."):
            # X5. Choices: an event is terminal by its name, and its name stands in for a missing status.
            status = string(interaction.get("status")) or kind.removeprefix("interaction.")
            self.finished(status, STATUSES.get(status.lower()))
            self.terminal = self.over = True  # S2, F8

    def open_step(self, index: int | None, step: dict[str, Json]) -> None:
        self.slots.pop(index, None)
        if step.get("type") == "function_call":
            self.slots[index] = self.new_call(string(step.get("id")), string(step.get("name")))
            self.given[index] = step.get("arguments")

    def read_delta(self, index: int | None, delta: dict[str, Json]) -> None:
        """T9, C10."""
        if delta.get("type") == "text":
            self.text += string(delta.get("text"))
        elif delta.get("type") == "thought_summary":
            self.reasoning += string(members(delta.get("content")).get("text"))
        elif delta.get("type") == "arguments_delta" and index in self.slots:
            self.slots[index].arguments += arguments_text(delta.get("arguments"))

    def close_step(self, index: int | None) -> None:
        """C10. Choice: missing or null arguments are "{}", as in C4."""
        call = self.slots.pop(index, None)
        if call is not None:
            self.end_call(call)
            if call.arguments == "":
                given = self.given[index]
                call.arguments = "{}" if given is None else given if isinstance(given, str) else compact(given)

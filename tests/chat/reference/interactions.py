"""Gemini's Interactions."""

from __future__ import annotations

from tests.chat.reference.leaves import Json, arguments_text, integer, members, string
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
        if kind.startswith("interaction."):
            self.used(pick(interaction.get("usage"), INTERACTIONS_FIELDS))
        if kind == "step.start":
            self.open_step(index, members(payload.get("step")))
        elif kind == "step.delta":
            self.read_delta(index, members(payload.get("delta")))
        elif kind == "step.stop":
            self.close_step(index)
        elif kind.startswith("interaction."):
            status = string(interaction.get("status")) or string(payload.get("status"))
            self.read_status(kind.removeprefix("interaction."), status)

    def read_status(self, name: str, status: str) -> None:
        """X5.

        Choices: the name of the event stands in for a status that is missing, a status that is not listed ends nothing,
        and an update of the status does not end the stream.
        """
        word = status or name
        if word.lower() in STATUSES:
            self.finished(word, STATUSES[word.lower()])
            self.terminal = True  # S2
            self.over = name != "status_update"  # F8

    def open_step(self, index: int | None, step: dict[str, Json]) -> None:
        if index in self.slots:
            self.slots.pop(index).doubtful = True
        if step.get("type") == "function_call":
            self.slots[index] = self.new_call(string(step.get("id")), string(step.get("name")))
            self.given[index] = step.get("arguments")
            # The rules do not say whether the start's arguments count if no stop comes.
            self.slots[index].unstated = step.get("arguments") is not None

    def read_delta(self, index: int | None, delta: dict[str, Json]) -> None:
        """T9, C10."""
        if delta.get("type") == "text":
            self.text += string(delta.get("text"))
        elif delta.get("type") == "thought_summary":
            self.reasoning += string(members(delta.get("content")).get("text"))
        elif delta.get("type") == "arguments_delta" and index in self.slots:
            self.slots[index].arguments += arguments_text(delta.get("arguments"))

    def close_step(self, index: int | None) -> None:
        """C10."""
        call = self.slots.pop(index, None)
        if call is not None:
            self.end_call(call)
            if call.arguments == "":
                call.arguments = arguments_text(self.given[index])

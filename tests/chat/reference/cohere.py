"""Cohere v2 chat."""

from __future__ import annotations

from tests.chat.reference.errors import message_of
from tests.chat.reference.leaves import Json, arguments_text, integer, members, objects, string
from tests.chat.reference.reading import Reading
from tests.chat.reference.usage import pick_cohere


class CohereReading(Reading):
    def first_errors(self, payload: Json) -> list[str | None]:
        """E3."""
        delta = members(members(payload).get("delta"))
        ends = members(payload).get("type") == "message-end" and delta.get("error")
        return [message_of(delta["error"])] if ends else []

    def read_json(self, payload: dict[str, Json]) -> None:
        kind = payload.get("type")
        delta = members(payload.get("delta"))
        message = members(delta.get("message"))
        index = integer(payload.get("index"))
        calls = message.get("tool_calls")
        call = (objects(calls) or [{}])[0] if isinstance(calls, list) else members(calls)  # C7
        function = members(call.get("function"))
        self.used(pick_cohere(delta.get("usage")))
        if kind == "content-start" or (kind == "message-end" and delta.get("error")):
            self.settle()
        if kind in ("content-start", "content-delta"):  # T8
            content = members(message.get("content"))
            self.text += string(content.get("text"))
            self.reasoning += string(content.get("thinking"))
        elif kind == "tool-plan-delta":
            self.reasoning += string(message.get("tool_plan"))
        elif kind == "tool-call-start":
            self.settle()
            if index in self.slots:
                self.slots[index].doubtful = self.slots[index].ended is None
            self.slots[index] = self.new_call(string(call.get("id")), string(function.get("name")))
            self.slots[index].arguments = arguments_text(function.get("arguments"))
        elif kind == "tool-call-delta" and index in self.slots and not self.slots[index].over:
            self.slots[index].arguments += arguments_text(function.get("arguments"))
        elif kind == "tool-call-end" and index in self.slots:
            self.end_call(self.slots[index])
        elif kind == "message-end":
            self.finished(delta.get("finish_reason"))  # X4

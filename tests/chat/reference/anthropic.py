"""Anthropic Messages."""

from __future__ import annotations

from tests.chat.reference.leaves import Json, compact, integer, members, string
from tests.chat.reference.reading import Reading
from tests.chat.reference.usage import COMMON_FIELDS, pick


class AnthropicReading(Reading):
    ends_at_sentinel = False

    def __init__(self, dialect: str | None) -> None:
        super().__init__(dialect)
        self.inputs: dict[Json, Json] = {}  # C4: the inputs of the open tool blocks

    def read_json(self, payload: dict[str, Json]) -> None:
        kind = payload.get("type")
        index = integer(payload.get("index"))
        self.used(pick(members(payload.get("message")).get("usage"), COMMON_FIELDS))  # U2
        self.used(pick(payload.get("usage"), COMMON_FIELDS))
        if kind == "content_block_start":
            self.open_block(index, members(payload.get("content_block")))
        elif kind == "content_block_delta":
            delta = members(payload.get("delta"))
            if delta.get("type") == "text_delta":  # T5
                self.text += string(delta.get("text"))
            elif delta.get("type") == "thinking_delta":
                self.reasoning += string(delta.get("thinking"))
            elif delta.get("type") == "input_json_delta" and index in self.slots:  # C4
                self.slots[index].arguments += string(delta.get("partial_json"))
        elif kind == "content_block_stop":
            self.close_block(index)
        elif kind == "message_delta":
            self.finished(members(payload.get("delta")).get("stop_reason"))  # X4
        elif kind == "message_stop":
            self.end()
            self.terminal = self.over = True  # S2, F8

    def open_block(self, index: int | None, block: dict[str, Json]) -> None:
        """Choice: a block that starts at the index of an open one leaves that one as it is, without a stop."""
        if index in self.slots:
            self.slots.pop(index).doubtful = True
        if block.get("type") == "text":
            self.text += string(block.get("text"))
        elif block.get("type") == "thinking":
            self.reasoning += string(block.get("thinking"))
        elif block.get("type") == "tool_use":
            self.slots[index] = self.new_call(string(block.get("id")), string(block.get("name")))
            self.inputs[index] = block.get("input")
            # C4 says that an input in the start does not count if no stop comes; C8 does not say whether the call does.
            self.slots[index].unstated = block.get("input") not in (None, {})

    def close_block(self, index: int | None) -> None:
        """C4. Choice: a missing or null input is "{}"; fragments after the stop are for no block."""
        call = self.slots.pop(index, None)
        if call is not None:
            self.end_call(call)
            if call.arguments == "":
                given = self.inputs[index]
                call.arguments = "{}" if given is None else compact(given)

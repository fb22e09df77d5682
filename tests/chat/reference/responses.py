"""OpenAI Responses."""

from __future__ import annotations

from typing import NamedTuple

from tests.chat.reference.errors import message_of
from tests.chat.reference.leaves import Json, arguments_text, integer, members, objects, string
from tests.chat.reference.reading import Call, Reading
from tests.chat.reference.usage import COMMON_FIELDS, pick

TEXT_DELTAS = {
    "response.output_text.delta": "text",
    "response.refusal.delta": "refusal",
    "response.reasoning_summary_text.delta": "reasoning",
    "response.reasoning_text.delta": "reasoning",
}
TEXT_DONES = {"response.output_text.done": "text", "response.refusal.done": "refusal"}
ARGUMENT_DELTAS = ("response.function_call_arguments.delta", "response.custom_tool_call_input.delta")
ARGUMENT_DONES = ("response.function_call_arguments.done", "response.custom_tool_call_input.done")
TERMINAL = ("response.completed", "response.incomplete", "response.failed")


class Names(NamedTuple):
    """What an item is known by: its key (C5), its id and, for a call, its call_id."""

    key: Json
    id: str
    call_id: str = ""


class ResponsesReading(Reading):
    ends_at_sentinel = False

    def __init__(self, dialect: str | None) -> None:
        super().__init__(dialect)
        # T6: of each kind, the items of which something came, and by which names.
        self.came: dict[str, list[Names]] = {"text": [], "refusal": [], "reasoning": [], "calls": []}

    def read_json(self, payload: dict[str, Json]) -> None:
        kind = string(payload.get("type"))
        response = members(payload.get("response"))
        self.used(pick(response.get("usage"), COMMON_FIELDS))  # U2
        item = members(payload.get("item"))
        item_id = string(payload.get("item_id")) or string(item.get("id"))
        key = item_key(payload, item_id)
        if kind in TEXT_DELTAS:  # T6
            self.say(TEXT_DELTAS[kind], Names(key, item_id), string(payload.get("delta")))
        elif kind in TEXT_DONES:
            which = TEXT_DONES[kind]
            self.fill(which, Names(key, item_id), string(payload.get(which)))
        elif kind == "response.output_item.added":
            self.read_call(key, item, done=False)
        elif kind == "response.output_item.done":
            self.fill_item(key, item)
        elif kind in ARGUMENT_DELTAS and key in self.slots and not self.slots[key].over:
            self.slots[key].arguments += string(payload.get("delta"))
        elif kind in ARGUMENT_DONES and key in self.slots and not self.slots[key].over:
            self.slots[key].arguments = self.slots[key].arguments or item_arguments(payload)
        elif kind in TERMINAL:
            self.read_output(objects(response.get("output")))
            self.close(kind, response)

    # T6

    def say(self, kind: str, names: Names, text: str) -> None:
        """Choice: a delta without text did not come."""
        if text:
            setattr(self, kind, getattr(self, kind) + text)
            self.came[kind].append(names)

    def fill(self, kind: str, names: Names, text: str) -> None:
        """Choice: an item of which text came may still be filled with its refusal, and the other way round."""
        if all(names.key != known.key for known in self.came[kind]):
            self.say(kind, names, text)

    def fill_item(self, key: Json, item: dict[str, Json]) -> None:
        names = Names(key, string(item.get("id")))
        for kind, text in texts_of(item).items():
            self.fill(kind, names, text)
        self.read_call(key, item, done=True)

    def read_output(self, output: list[dict[str, Json]]) -> None:
        for kind in ("text", "refusal", "reasoning", "calls"):
            holders = [
                (position, item)
                for position, item in enumerate(output)
                if (is_call(item) if kind == "calls" else texts_of(item)[kind])
            ]
            missing = len(holders) - len({names.key for names in self.came[kind]})
            for position, item in holders:
                if missing <= 0:
                    break
                names = Names(position, string(item.get("id")), string(item.get("call_id")))
                if self.is_known(kind, names):
                    continue
                missing -= 1
                if kind == "calls":
                    self.read_call(("output", position), item, done=True)
                else:
                    self.say(kind, names, texts_of(item)[kind])

    def is_known(self, kind: str, names: Names) -> bool:
        return any(
            names.key == known.key
            or (names.id != "" and names.id == known.id)
            or (names.call_id != "" and names.call_id == known.call_id)
            for known in self.came[kind]
        )

    # C5

    def read_call(self, key: Json, item: dict[str, Json], *, done: bool) -> None:
        """Choices: an item announced twice is one call, of the first kind; call_id and name fill in if empty."""
        if not is_call(item):
            return
        call = self.slots.get(key)
        if call is None:
            call = self.slots[key] = self.new_call("", "")
            call.custom = item.get("type") == "custom_tool_call"
        if call.over:
            return
        call.id = call.id or string(item.get("call_id"))
        call.name = call.name or string(item.get("name"))
        call.arguments = call.arguments or item_arguments(item)
        self.came["calls"].append(Names(key, string(item.get("id")), string(item.get("call_id"))))
        if done:
            self.end_item(call, item)

    def end_item(self, call: Call, item: dict[str, Json]) -> None:
        """C5. Choice: an item that is done as "incomplete" takes nothing more either."""
        call.incomplete = item.get("status") == "incomplete"
        call.over = True
        self.end_call(call)

    def close(self, kind: str, response: dict[str, Json]) -> None:
        self.over = True  # F8
        if kind == "response.completed":
            self.finished("completed")  # X2
        elif kind == "response.incomplete":
            self.finished(string(members(response.get("incomplete_details")).get("reason")) or "incomplete")
        else:
            self.finished("failed")
            self.failed = True
            error = response.get("error")
            if error and isinstance(error, (str, dict)):  # E3. Choice: a bare string counts as an error object.
                self.report("provider", message_of(error))
            elif not any(listed == "provider" for listed, _ in self.errors):
                self.report("provider", None)
            return
        self.end()
        self.terminal = True


def is_call(item: dict[str, Json]) -> bool:
    return item.get("type") in ("function_call", "custom_tool_call")


def texts_of(item: dict[str, Json]) -> dict[str, str]:
    """The texts of a whole item, by kind. Choice: of a reasoning item the summary, then the content."""
    texts = {"text": "", "refusal": "", "reasoning": ""}
    if item.get("type") == "reasoning":
        parts = objects(item.get("summary")) + objects(item.get("content"))
        texts["reasoning"] = "".join(string(part.get("text")) for part in parts)
        return texts
    for part in objects(item.get("content")):
        if part.get("type") == "output_text":
            texts["text"] += string(part.get("text"))
        elif part.get("type") == "refusal":
            texts["refusal"] += string(part.get("refusal"))
    return texts


def item_key(payload: dict[str, Json], item_id: str) -> Json:
    """C5: the output index, else the item's id."""
    index = integer(payload.get("output_index"))
    return item_id if index is None else index


def item_arguments(item: dict[str, Json]) -> str:
    return arguments_text(item.get("arguments")) or arguments_text(item.get("input"))

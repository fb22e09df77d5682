"""Chat Completions, and what is compatible with it."""

from __future__ import annotations

from tests.chat.reference.leaves import Json, arguments_text, integer, is_whole_object, members, objects, string
from tests.chat.reference.reading import Call, Reading, is_first
from tests.chat.reference.usage import COMMON_FIELDS, pick


class OpenAIReading(Reading):
    def read_json(self, payload: dict[str, Json]) -> None:
        choices = [choice for choice in objects(payload.get("choices")) if is_first(choice)]
        for choice in choices:
            # D0. Choice: Together's mirror of the text beside a delta is not read.
            if choice.get("delta") is None and choice.get("message") is None:
                self.text += string(choice.get("text"))
            self.read_part(members(choice.get("delta")))
            self.read_snapshot(members(choice.get("message")))
            self.finished(choice.get("finish_reason"))
        places = [payload.get("usage"), members(payload.get("x_groq")).get("usage")]
        for choice in reversed(choices):  # Choice: of two choices 0 in one payload the later beats the earlier.
            places += [choice.get("usage"), members(choice.get("delta")).get("usage")]
            places += [members(choice.get("message")).get("usage")]
        for usage in reversed(places):  # U2: in one payload the earlier beats the later
            self.used(pick(usage, COMMON_FIELDS))

    def read_part(self, delta: dict[str, Json]) -> None:
        text, reasoning = texts_of(delta)
        self.text += text
        self.reasoning += reasoning
        self.refusal += string(delta.get("refusal"))
        self.read_calls(delta)

    def read_snapshot(self, message: dict[str, Json]) -> None:
        """T4: a field that is still empty is filled from it."""
        text, reasoning = texts_of(message)
        self.text = self.text or text
        self.reasoning = self.reasoning or reasoning
        self.refusal = self.refusal or string(message.get("refusal"))
        if not self.calls:
            self.read_calls(message)

    def read_calls(self, delta: dict[str, Json]) -> None:
        for fragment in objects(delta.get("tool_calls")):
            function, custom = fragment.get("function"), fragment.get("custom")
            call = self.find_call(
                integer(fragment.get("index")),
                string(fragment.get("id")),
                string(members(function or custom).get("name")),
            )
            self.add(call, members(function or custom), custom=not function and isinstance(custom, dict))
        function = delta.get("function_call")
        if isinstance(function, dict):  # C2
            self.add(self.find_call("legacy", "", string(function.get("name"))), function, custom=False)

    def find_call(self, index: int | str | None, id: str, name: str) -> Call:
        """C1: the call that a fragment belongs to, which is a new one if need be."""
        # a. Choices: a call is known by the id it has, not by ids that were ignored later. Of two with one id (e) it is
        # the one at this index, else the later.
        known = [call for call in self.calls if id and call.id == id]
        here = self.slots.get(index) if index is not None else None
        if known and index is not None and here is None and name and is_whole_object(known[-1].arguments):  # e
            call = self.new_call(id, name)
        elif known:  # a
            call = here if here in known else known[-1]
        elif here is not None:  # b
            call = self.new_call(id, name) if id and name else here
        elif index is not None or name or not self.calls:  # c, d
            call = self.new_call(id, name)
        else:  # d. Choice: the latest call is the one that began last.
            call = self.calls[-1]
        if index is not None:
            self.slots[index] = call
        call.id = call.id or id
        call.name = call.name or name
        return call

    def add(self, call: Call, function: dict[str, Json], *, custom: bool) -> None:
        if string(function.get("name")) == call.name and call.arguments == "":
            call.custom = call.custom or custom
        value = function.get("arguments")
        fragment = arguments_text(function.get("input") if value is None else value)  # C1, C2
        if not (fragment == call.arguments and is_whole_object(fragment)):  # C9
            call.arguments += fragment


def texts_of(delta: dict[str, Json]) -> tuple[str, str]:
    """T2, T3: the text and the reasoning of one delta or message."""
    content = delta.get("content")
    text = string(content)
    thinking = ""
    for part in content if isinstance(content, list) else []:
        if isinstance(part, str):
            text += part
        elif members(part).get("type") == "text":
            text += string(part.get("text"))
        elif members(part).get("type") == "thinking":
            thought = part.get("thinking")
            thinking += string(thought) + "".join(string(piece.get("text")) for piece in objects(thought))
    details = "".join(
        string(detail.get("text")) or string(detail.get("summary"))
        for detail in objects(delta.get("reasoning_details"))
    )
    sources = string(delta.get("reasoning_content")), string(delta.get("reasoning")), details, thinking
    return text, next(filter(None, sources), "")

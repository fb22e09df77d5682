"""Gemini's streamGenerateContent."""

from __future__ import annotations

import re

from tests.chat.reference.leaves import Json, compact, members, objects, string
from tests.chat.reference.reading import Call, Reading, is_first
from tests.chat.reference.usage import GEMINI_FIELDS, pick

STEP = r"""\.([^.\[\]]+)|\[(\d+)\]|\[['"](.*?)['"]\]"""


class Building(Call):
    """A streamed call (Vertex): the object that partialArgs build, and the paths that go on."""

    def __init__(self, id: str, name: str, begun: int, root: dict[str, Json]) -> None:
        super().__init__(id, name, begun)
        self.root = root
        self.continued: set[tuple[str | int, ...]] = set()  # the paths whose last value said willContinue


class GeminiReading(Reading):
    ends_at_sentinel = False

    def __init__(self, dialect: str | None) -> None:
        super().__init__(dialect)
        self.building: Building | None = None

    def read_json(self, payload: dict[str, Json]) -> None:
        self.used(pick(payload.get("usageMetadata"), GEMINI_FIELDS))
        for candidate in objects(payload.get("candidates")):
            if is_first(candidate):
                for part in objects(members(candidate.get("content")).get("parts")):
                    self.read_part(part)
                if string(candidate.get("finishReason")):
                    self.finished(candidate["finishReason"])
                    self.terminal = True  # S2
        blocked = string(members(payload.get("promptFeedback")).get("blockReason"))
        if blocked:  # X3. Choice: in one payload it comes after the candidates.
            self.finished(blocked, "content_filter")
            self.terminal = True

    def read_part(self, part: dict[str, Json]) -> None:
        if part.get("thought") is True:  # T7
            self.reasoning += string(part.get("text"))
        else:
            self.text += string(part.get("text"))
        if isinstance(part.get("functionCall"), dict):
            self.read_call(part["functionCall"])

    def read_call(self, function: dict[str, Json]) -> None:
        """C6. Choices: a nameless functionCall without an open call is nothing; partialArgs in a named one count."""
        name = string(function.get("name"))
        if name and self.building is not None:
            self.building.doubtful = True  # Choice: C8 does not say whether it is still open then
        goes_on = function.get("willContinue") is True
        if name and not goes_on and not objects(function.get("partialArgs")):
            self.building = None
            whole = self.new_call(string(function.get("id")), name)
            given = function.get("args")
            whole.arguments = "{}" if given is None else compact(given)
            self.end_call(whole)
            return
        if name:
            root = dict(members(function.get("args")))
            self.building = Building(string(function.get("id")), name, self.position, root)
            self.calls.append(self.building)
        call = self.building
        if call is None:
            return
        for partial in objects(function.get("partialArgs")):
            # A reader may be careful with a call of which a part cannot be placed.
            call.doubtful = not set_partial(call, partial) or call.doubtful
        call.arguments = compact(call.root)
        if not goes_on:
            self.end_call(call)
            self.building = None


def set_partial(call: Building, partial: dict[str, Json]) -> bool:
    """C6: place one of Vertex's partialArgs. Choice: a path that cannot be followed is ignored."""
    path = string(partial.get("jsonPath"))
    if not re.fullmatch(rf"\$(?:{STEP})+", path):
        return False
    steps: list[str | int] = [
        int(number) if number else quoted or name for name, number, quoted in re.findall(STEP, path)
    ]
    values = [partial[key] for key in ("stringValue", "numberValue", "boolValue") if key in partial]
    if not steps or not (values or "nullValue" in partial):
        return False
    value = values[0] if values else None
    node: Json = call.root
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if isinstance(step, int) and isinstance(node, list):
            node.extend([None] * (step + 1 - len(node)))
        elif isinstance(step, int) or not isinstance(node, dict):
            return False
        old = node[step] if isinstance(step, int) else node.get(step)
        if following is not None:
            new: Json = old if isinstance(old, (dict, list)) else [] if isinstance(following, int) else {}
        elif isinstance(value, str) and isinstance(old, str) and tuple(steps) in call.continued:
            new = old + value
        else:
            new = value
        node[step] = new
        node = new
    call.continued.discard(tuple(steps))
    if partial.get("willContinue") is True:
        call.continued.add(tuple(steps))
    return True

"""Cohere's payloads, the events of a call, and what every table of cases is read with."""

from __future__ import annotations

from typing import Any

from sse_events.chat import Finish, Start
from tests.chat import cases

DONE = "[DONE]"
MISSING = object()


def event(kind: str, index: Any = MISSING, **message: Any) -> dict[str, Any]:
    """An event with the members of its message, if any."""
    payload: dict[str, Any] = {"type": kind}
    if index is not MISSING:
        payload["index"] = index
    return payload | ({"delta": {"message": message}} if message else {})


def starts(id: Any = "m1") -> dict[str, Any]:
    return {"id": id} | event("message-start", role="assistant", content=[], tool_plan="", tool_calls=[], citations=[])


def opens(kind: str, words: Any = "", index: Any = 0) -> dict[str, Any]:
    return event("content-start", index, content={"type": kind, kind: words})


def says(kind: str, words: Any, index: Any = 0) -> dict[str, Any]:
    return event("content-delta", index, content={kind: words})


def text(words: Any, index: Any = 0) -> dict[str, Any]:
    return says("text", words, index)


def closes(index: Any = 0) -> dict[str, Any]:
    return event("content-end", index)


def plans(words: Any) -> dict[str, Any]:
    return event("tool-plan-delta", tool_plan=words)


def tool(index: Any = 0, id: Any = "a", name: Any = "f", arguments: Any = "") -> dict[str, Any]:
    call = {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}
    return event("tool-call-start", index, tool_calls=call)


def more(arguments: Any, index: Any = 0) -> dict[str, Any]:
    return event("tool-call-delta", index, tool_calls={"function": {"arguments": arguments}})


def tool_ends(index: Any = 0) -> dict[str, Any]:
    return event("tool-call-end", index)


def whole_call(arguments: str = "{}", index: int = 0, id: str = "a", name: str = "f") -> list[Any]:
    """The payloads of one call, from its start to its end."""
    return [tool(index, id, name), more(arguments, index), tool_ends(index)]


def ends(word: Any = None, error: Any = None, **usage: Any) -> dict[str, Any]:
    members = {"finish_reason": word, "error": error, "usage": usage}
    return {"type": "message-end", "delta": {name: value for name, value in members.items() if value}}


def cited(*sources: Any, words: Any = "c") -> dict[str, Any]:
    return {"start": 0, "end": 1, "text": words, "sources": list(sources), "type": "TEXT_CONTENT"}


def cites(citations: Any) -> dict[str, Any]:
    return event("citation-start", 0, citations=citations)


PAGE = {"type": "document", "id": "d", "document": {"id": "d", "title": "t", "url": "u", "text": "..."}}
BILLED = {"billed_units": {"input_tokens": 1, "output_tokens": 2}}
FAILED = ends("ERROR", error="upstream failed")
START = Start("m1", "")
COMPLETE = Finish("stop", "COMPLETE")
TOOL_CALL = Finish("tool_calls", "TOOL_CALL")


class Checks(cases.Checks):
    dialect = "cohere"

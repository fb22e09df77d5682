"""Payloads of Chat Completions, as short as a test can write them."""

from __future__ import annotations

from typing import Any

from sse_events.chat import Finish, ToolCallArgs, ToolCallEnd, ToolCallStart
from tests.chat import cases

DONE = "[DONE]"


def chunk(*choices: Any, **members: Any) -> dict[str, Any]:
    return {"object": "chat.completion.chunk", "choices": list(choices), **members}


def choice(delta: Any = None, finish: Any = None, index: int = 0, **members: Any) -> dict[str, Any]:
    return {"index": index, "delta": {} if delta is None else delta, "finish_reason": finish, **members}


def says(**delta: Any) -> dict[str, Any]:
    return chunk(choice(delta))


def ends(word: str, **members: Any) -> dict[str, Any]:
    return chunk(choice(finish=word), **members)


def call(arguments: Any = None, *, index: Any = 0, id: Any = None, name: Any = None) -> dict[str, Any]:
    """One element of tool_calls; what is None is left out."""
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    known = {key: value for key, value in (("index", index), ("id", id)) if value is not None}
    return known | {"type": "function", "function": function}


def calls(*elements: Any) -> dict[str, Any]:
    return says(tool_calls=list(elements))


def one_call(arguments: str = "{}", *, id: str = "a", name: str = "f", index: int = 0) -> list[Any]:
    """The events of a call whose arguments came in one fragment, without its end."""
    return [ToolCallStart(index, id, name), ToolCallArgs(index, arguments)]


def end(arguments: str = "{}", *, id: str = "a", name: str = "f", index: int = 0, complete: bool = True) -> ToolCallEnd:
    return ToolCallEnd(index, id, name, arguments, complete)


STOP = Finish("stop", "stop")
TOOLS = Finish("tool_calls", "tool_calls")
PROMOTED = Finish("tool_calls", "stop")


def counted(**usage: Any) -> dict[str, Any]:
    """The fields of Usage that a usage object with the plain three makes."""
    return usage | {"raw": usage}


class Checks(cases.Checks):
    dialect = "openai"

"""Anthropic's payloads, the events of a call, and what every table of cases is read with."""

from __future__ import annotations

from typing import Any

from sse_events.chat import Error, Finish, Start
from tests.chat import cases
from tests.chat.cases import sse, text_of

STOP = {"type": "message_stop"}
PING = {"type": "ping"}
MALFORMED = "{not json"
OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


def starts(**usage: Any) -> dict[str, Any]:
    message: dict[str, Any] = {"id": "m1", "model": "c1", "role": "assistant", "content": [], "stop_reason": None}
    return {"type": "message_start", "message": message | ({"usage": usage} if usage else {})}


def opens(kind: str, index: Any = 0, **members: Any) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": {"type": kind, **members}}


def says(kind: str, index: Any = 0, **members: Any) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, **members}}


def text(words: Any, index: Any = 0) -> dict[str, Any]:
    return says("text_delta", index, text=words)


def json_of(fragment: Any, index: Any = 0) -> dict[str, Any]:
    return says("input_json_delta", index, partial_json=fragment)


def closes(index: Any = 0) -> dict[str, Any]:
    return {"type": "content_block_stop", "index": index}


def ends(word: Any, **usage: Any) -> dict[str, Any]:
    return {
        "type": "message_delta",
        "delta": {"stop_reason": word, "stop_sequence": None},
        **({"usage": usage} if usage else {}),
    }


def tool(index: Any = 0, id: Any = "a", name: Any = "f", **members: Any) -> dict[str, Any]:
    return opens("tool_use", index, id=id, name=name, **members)


def whole_call(arguments: str = "{}", index: int = 0, id: str = "a", name: str = "f") -> list[Any]:
    """The payloads of one call, from its start to its stop."""
    return [tool(index, id, name, input={}), json_of(arguments, index), closes(index)]


def named(*payloads: Any) -> bytes:
    """As `sse`, but with the type on an `event:` line too, as Anthropic sends it."""
    return b"".join(sse(payload, event=payload["type"]) for payload in payloads)


START = Start("m1", "c1")
END_TURN = Finish("stop", "end_turn")
TOOL_USE = Finish("tool_calls", "tool_use")


def cites(citation: Any) -> dict[str, Any]:
    return says("citations_delta", citation=citation)


WEB = {"type": "web_search_result_location", "url": "u", "title": "t", "cited_text": "c", "encrypted_index": "E"}
CHARS = {"type": "char_location", "document_title": "d", "cited_text": "c", "start_char_index": 0, "document_index": 0}
CACHE = {"cache_read_input_tokens": 5, "cache_creation_input_tokens": 2}


def error(message: str, payload: Any, code: Any = None) -> Error:
    return Error("provider", message, code, text_of(payload))


class Checks(cases.Checks):
    dialect = "anthropic"
    terminal = rb'data: {"type":"message_stop".*}'

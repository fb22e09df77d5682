"""Small payloads of each dialect, for cases that are about one member of one of them."""

from __future__ import annotations

from typing import Any

Payload = dict[str, Any]
DONE = "[DONE]"


def chunk(content: str | None = None, finish: str | None = None, index: int = 0, **delta: Any) -> Payload:
    """A chat completion chunk with one choice."""
    text = {} if content is None else {"content": content}
    return {"choices": [{"index": index, "delta": {**text, **delta}, "finish_reason": finish}]}


def fragment(
    arguments: Any = None,
    *,
    index: int | None = 0,
    id: str | None = None,
    name: str | None = None,
    key: str = "function",
) -> Payload:
    """One entry of a chunk's tool_calls; `key` is ``custom`` for custom tools."""
    inner = {"name": name, ("arguments" if key == "function" else "input"): arguments}
    outer = {"index": index, "id": id, key: {name: value for name, value in inner.items() if value is not None}}
    return {name: value for name, value in outer.items() if value is not None}


def calls(*fragments: Payload) -> Payload:
    return chunk(tool_calls=list(fragments))


def response(kind: str, **members: Any) -> Payload:
    return {"type": f"response.{kind}", **members}


def completed(*output: Any, **members: Any) -> Payload:
    return response("completed", response={"status": "completed", "output": list(output)}, **members)


def item(kind: str, position: int | None, members: Payload) -> Payload:
    """response.output_item.added or .done."""
    where = {} if position is None else {"output_index": position}
    return response(f"output_item.{kind}", **where, item=members)


def message(*parts: Payload, id: str = "m") -> Payload:
    return {"type": "message", "id": id, "role": "assistant", "content": list(parts)}


def text(words: str) -> Payload:
    return {"type": "output_text", "text": words}


def refusal(words: str) -> Payload:
    return {"type": "refusal", "refusal": words}


def reasoning(words: str, id: str = "rs") -> Payload:
    return {"type": "reasoning", "id": id, "summary": [{"type": "summary_text", "text": words}]}


def function(name: str = "f", arguments: Any = "{}", *, id: str = "i", call_id: str = "a", **members: Any) -> Payload:
    return {"type": "function_call", "id": id, "call_id": call_id, "name": name, "arguments": arguments, **members}


def custom(name: str = "sql", input: str = "SELECT 1", *, id: str = "i", call_id: str = "a") -> Payload:
    return {"type": "custom_tool_call", "id": id, "call_id": call_id, "name": name, "input": input}


def block(kind: str, index: int = 0, **members: Any) -> Payload:
    """Anthropic's content_block_start, _delta or _stop."""
    return {"type": f"content_block_{kind}", "index": index, **members}


def tool_use(name: str = "f", index: int = 0, input: Any = None) -> Payload:
    return block("start", index, content_block={"type": "tool_use", "id": "a", "name": name, "input": input or {}})


def partial_json(words: str, index: int = 0) -> Payload:
    return block("delta", index, delta={"type": "input_json_delta", "partial_json": words})


def stop_reason(word: str) -> Payload:
    return {"type": "message_delta", "delta": {"stop_reason": word}}


MESSAGE_STOP: Payload = {"type": "message_stop"}


def candidate(*parts: Payload, finish: str | None = None) -> Payload:
    reason = {} if finish is None else {"finishReason": finish}
    return {"candidates": [{"content": {"parts": list(parts)}, **reason}]}


def cohere(kind: str, message: Payload | None = None, index: int = 0, **delta: Any) -> Payload:
    inner = {} if message is None else {"message": message}
    return {"type": kind, "index": index, "delta": {**inner, **delta}}


def cohere_call(kind: str, index: int = 0, id: str | None = None, **function: Any) -> Payload:
    names = {} if id is None else {"id": id}
    return cohere(kind, {"tool_calls": {**names, "function": function}}, index)


def step(kind: str, index: int = 0, **members: Any) -> Payload:
    """step.start, step.delta or step.stop of an interaction."""
    return {"event_type": f"step.{kind}", "index": index, **members}


def interaction(status: str, kind: str = "completed", **members: Any) -> Payload:
    return {"event_type": f"interaction.{kind}", "interaction": {"status": status, **members}}

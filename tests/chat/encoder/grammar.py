"""The grammar of each dialect, checked on finished streams: `check` raises AssertionError where one is broken.

What all have in common: one part is open at a time, indexes are dense, ids are stable, nothing comes after the end.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

_BLOCK = re.compile(rb"(?:event: ([a-z._-]+)\n)?data: ([^\n\r]+)\n\n")


class Sent(NamedTuple):
    event: str
    data: Any  # decoded JSON, or the text "[DONE]"


def blocks(body: bytes) -> list[Sent]:
    """The blocks of a stream that consists of nothing else."""
    found = []
    at = 0
    while at < len(body):
        block = _BLOCK.match(body, at)
        assert block is not None, f"no block at {body[at : at + 80]!r}"
        text = block[2].decode()
        assert len(text.splitlines()) == 1  # by all line ends that any client knows
        found.append(Sent((block[1] or b"").decode(), text if text == "[DONE]" else json.loads(text)))
        at = block.end()
    return found


def check(dialect: str, body: bytes) -> bool:
    """Whether the stream says that the answer is a success; it has to be in the dialect's grammar."""
    return _GRAMMARS[dialect](blocks(body))


def _named(sent: list[Sent], field: str) -> list[dict[str, Any]]:
    for block in sent:
        assert block.event == block.data[field]
    return [block.data for block in sent]


def _ends(sent: list[Sent], event: str = "") -> tuple[list[Sent], bool]:
    """The blocks without the sentinel, and whether it is there."""
    assert all(block.data != "[DONE]" for block in sent[:-1])
    if sent[-1].data != "[DONE]":
        return sent, False
    assert sent[-1].event == event
    return sent[:-1], True


def _openai(sent: list[Sent]) -> bool:
    sent, done = _ends(sent)
    assert all(not block.event for block in sent)
    chunks = [block.data for block in sent]
    if not done:
        assert list(chunks.pop()) == ["error"]
    assert len({(chunk["id"], chunk["model"], chunk["created"], chunk["object"]) for chunk in chunks}) == 1
    calls: dict[int, list[str]] = {}
    finished: set[int] = set()
    indexes: dict[tuple[int, str], int] = {}
    arguments: dict[tuple[int, int], str] = {}
    for number, chunk in enumerate(chunks):
        if not chunk["choices"]:
            assert number == len(chunks) - 1 and done and chunk["usage"]
            continue
        (choice,) = chunk["choices"]
        index, delta = choice["index"], choice["delta"]
        assert "usage" not in chunk or chunk["usage"] is None
        assert index not in finished
        if "role" in delta:
            assert index == len(calls)  # once, and after all choices below
            calls[index] = []
        assert index in calls
        for tool_call in delta.get("tool_calls", []):
            if "id" in tool_call:
                assert tool_call["index"] == len(calls[index])
                assert tool_call["id"]
                assert tool_call[tool_call["type"]]["name"] is not None
                calls[index].append(tool_call["type"])
            else:
                assert tool_call["index"] < len(calls[index])
                assert "function" in tool_call or calls[index][tool_call["index"]] == "custom"
                fragment = tool_call.get("function", {}).get("arguments")
                if fragment:
                    key = (index, tool_call["index"])
                    assert not _parses(arguments.get(key, ""))  # clients run a call as soon as its arguments parse
                    arguments[key] = arguments.get(key, "") + fragment
        for name in ("reasoning_details", "annotations"):
            for element in delta.get(name, []):
                assert element["index"] == indexes.setdefault((index, name), 0)
                indexes[index, name] += 1
        if choice["finish_reason"] is not None:
            assert done and not delta
            finished.add(index)
    assert calls and (not done or 0 in finished)
    return done


def _parses(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


_ANTHROPIC_DELTAS = {"text_delta": "text", "citations_delta": "text", "input_json_delta": "tool_use"}


def _anthropic(sent: list[Sent]) -> bool:
    events = _named(sent, "type")
    assert events[0]["type"] == "message_start"
    assert isinstance(events[0]["message"]["usage"]["input_tokens"], int)
    index, open_type, last = -1, None, events[-1]["type"]
    for event in events[1:-1]:
        kind = event["type"]
        if kind == "content_block_start":
            index += 1
            assert open_type is None and event["index"] == index
            open_type = event["content_block"]["type"]
        elif kind == "content_block_delta":
            assert event["index"] == index
            assert open_type == _ANTHROPIC_DELTAS.get(event["delta"]["type"], "thinking")
        elif kind == "content_block_stop":
            assert open_type is not None and event["index"] == index
            open_type = None
        else:
            assert kind == "message_delta" and event is events[-2] and last == "message_stop"
            assert event["delta"]["stop_reason"] and isinstance(event["usage"]["output_tokens"], int)
    if last == "message_stop":
        assert open_type is None and events[-2]["type"] == "message_delta"
    else:
        assert last == "error" and events[-1]["error"]["message"] is not None
    return bool(last == "message_stop")


_ITEM_LIVES = {
    "message": r"part\.added ((text\.delta |annotation\.added )*text|(refusal\.delta )*refusal)\.done part\.done ",
    "reasoning": r"(spart\.added (stext\.delta )+stext\.done spart\.done )?",
    "function_call": r"(args\.delta )*(args\.done )?",
    "custom_tool_call": r"(input\.delta )*(input\.done )?",
}
_SHORT = {
    "response.content_part": "part",
    "response.output_text": "text",
    "response.output_text.annotation": "annotation",
    "response.refusal": "refusal",
    "response.reasoning_summary_part": "spart",
    "response.reasoning_summary_text": "stext",
    "response.function_call_arguments": "args",
    "response.custom_tool_call_input": "input",
}


def _responses(sent: list[Sent]) -> bool:
    events = _named(sent, "type")
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert [event["type"] for event in events[:2]] == ["response.created", "response.in_progress"]
    assert len({event["response"]["id"] for event in events if "response" in event}) == 1
    last = events[-1]
    failed = last["type"] == "response.failed"
    if failed:
        assert events[-2]["type"] == "error"
    item: dict[str, Any] | None = None
    life = ""
    done: list[dict[str, Any]] = []
    for event in events[2 : -2 if failed else -1]:
        kind, step = event["type"].rsplit(".", 1)
        assert event["output_index"] == len(done)
        if kind == "response.output_item" and step == "added":
            assert item is None
            item, life = event["item"], ""
        elif kind == "response.output_item":
            assert item is not None and event["item"]["id"] == item["id"] and event["item"]["type"] == item["type"]
            assert re.fullmatch(_ITEM_LIVES[item["type"]], life), life
            done.append(event["item"])
            item = None
        else:
            assert item is not None and event["item_id"] == item["id"]
            assert event.get("content_index", 0) == event.get("summary_index", 0) == 0
            life += f"{_SHORT[kind]}.{step} "
    assert last["type"] in ("response.completed", "response.incomplete", "response.failed")
    assert last["response"]["output"] == done
    assert len({entry["id"] for entry in done}) == len(done)
    assert failed or item is None
    return not failed


def _gemini(sent: list[Sent]) -> bool:
    assert all(not block.event and block.data != "[DONE]" for block in sent)
    *chunks, last = [block.data for block in sent]
    for chunk in [*chunks, last]:
        if chunk is last and "error" in chunk:
            assert list(chunk) == ["error"] and 400 <= chunk["error"]["code"] <= 599
            return False
        assert chunk["responseId"] and chunk["modelVersion"]
        for candidate in chunk["candidates"]:
            assert candidate["content"]["parts"]
            assert ("finishReason" in candidate) == (chunk is last)
            for part in candidate["content"]["parts"]:
                assert isinstance(part.get("functionCall", {}).get("args", {}), dict)
    return bool(last["candidates"][0]["finishReason"] != "MALFORMED_FUNCTION_CALL")


def _interactions(sent: list[Sent]) -> bool:
    sent, done = _ends(sent, "done")
    events = _named(sent, "event_type")
    assert [event["event_type"] for event in events[:2]] == ["interaction.created", "interaction.status_update"]
    index, open_type = -1, None
    end = -1 if done else -2
    for event in events[2:end]:
        kind = event["event_type"]
        if kind == "step.start":
            index += 1
            assert open_type is None and event["index"] == index
            open_type = event["step"]["type"]
        else:
            assert open_type is not None and event["index"] == index
            if kind == "step.stop":
                open_type = None
            else:
                assert kind == "step.delta"
                thought = event["delta"]["type"].startswith("thought")
                arguments = event["delta"]["type"] == "arguments_delta"
                assert open_type == ("thought" if thought else "function_call" if arguments else "model_output")
    if done:
        assert open_type is None and events[-1]["event_type"] == "interaction.completed"
    else:
        assert events[-2]["event_type"] == "error" and events[-1]["status"] == "failed"
    return done


def _cohere(sent: list[Sent]) -> bool:
    sent, done = _ends(sent)
    events = _named(sent, "type")
    assert events[0]["type"] == "message-start" and events[-1]["type"] == "message-end"
    counts = {"content": 0, "tool-call": 0, "citation": 0}
    opened: str | None = None
    reason = events[-1]["delta"]["finish_reason"]
    for event in events[1:-1]:
        kind, step = event["type"].rsplit("-", 1)
        assert event["index"] == counts[kind]
        if kind == "citation":
            counts[kind] += step == "end"
            continue
        assert opened == (None if step == "start" else kind)
        opened = None if step == "end" else kind
        counts[kind] += step == "end"
    assert done == (reason != "ERROR")
    assert opened is None or not done or (opened, reason) == ("tool-call", "MAX_TOKENS")
    assert all(
        isinstance(events[-1]["delta"]["usage"]["tokens"][f"{name}_tokens"], int) for name in ("input", "output")
    )
    return done


def _ui(sent: list[Sent]) -> bool:
    sent, done = _ends(sent)
    assert all(not block.event for block in sent)
    chunks = [block.data for block in sent]
    assert [chunk["type"] for chunk in chunks[:2]] == ["start", "start-step"]
    opened: str | None = None
    seen: set[str] = set()
    for chunk in chunks[2 : -2 if done else -1]:
        kind, step = chunk["type"].rsplit("-", 1)
        key = chunk.get("id") or chunk.get("toolCallId")
        if kind in ("text", "reasoning", "tool-input"):
            if step == "start":
                assert opened is None and (kind == "tool-input" or key not in seen)
                seen.add(key)
                opened = f"{kind} {key}"
            else:
                assert opened == f"{kind} {key}"
                opened = opened if step == "delta" else None
        else:
            assert kind == "source" and chunk["sourceId"] not in seen
            seen.add(chunk["sourceId"])
    if done:
        assert opened is None and [chunk["type"] for chunk in chunks[-2:]] == ["finish-step", "finish"]
    else:
        assert chunks[-1]["type"] == "error"
    return done


_GRAMMARS: dict[str, Callable[[list[Sent]], bool]] = {
    "openai": _openai,
    "anthropic": _anthropic,
    "responses": _responses,
    "gemini": _gemini,
    "interactions": _interactions,
    "cohere": _cohere,
    "ui": _ui,
}

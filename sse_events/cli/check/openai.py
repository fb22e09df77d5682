"""Chat Completions, as OpenAI documents them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from sse_events.chat.json import decode_any
from sse_events.cli.check.dialects import IdCheck, index_of, items, members
from sse_events.cli.check.framing import Block
from sse_events.cli.check.report import Report

_FINISH_REASONS = frozenset({"stop", "length", "tool_calls", "content_filter", "function_call"})
_OBJECTS = frozenset({"chat.completion.chunk", "text_completion"})


class _Call(Struct):
    id: str = ""
    name: str = ""
    arguments: list[str] = []


class _Choice(Struct):
    finish: str = ""
    calls: dict[int, _Call] = {}


class Check:
    """The rules of Chat Completions."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._ids = IdCheck(report)
        self._choices: dict[Any, _Choice] = {}

    def payload(self, value: dict[str, Any], block: Block) -> None:
        """Look at the next payload."""
        choices = items(value.get("choices"))
        if not choices:
            return
        self._ids.saw(value.get("id"), block)
        kind = value.get("object")
        if not isinstance(kind, str) or kind not in _OBJECTS:
            self._report.once("missing-object", block.line, f"the chunk's object is {kind!r}")
        for wire in choices:
            index = index_of(wire.get("index")) or 0
            choice = self._choices.get(index)
            if choice is None:
                choice = self._choices[index] = _Choice("", {})
            self._choice(choice, wire, block)

    def _choice(self, choice: _Choice, wire: dict[str, Any], block: Block) -> None:
        report = self._report
        if wire.get("message"):
            report.once("message-in-chunk", block.line, "the chunk has a whole message in it")
        delta = members(wire.get("delta"))
        content = delta.get("content")
        if content is not None and not isinstance(content, str):
            report.once("content-not-text", block.line, f"the content is a {type(content).__name__}")
        calls = items(delta.get("tool_calls"))
        if choice.finish and (content or calls or wire.get("text")):
            report.add("after-finish", block.line, f"content after the finish reason {choice.finish}")
        for call in calls:
            self._call(choice, call, block)
        finish = wire.get("finish_reason")
        if isinstance(finish, str) and finish:
            self._finish(choice, finish, block)

    def _finish(self, choice: _Choice, finish: str, block: Block) -> None:
        report, line = self._report, block.line
        if choice.finish:
            report.once("finish-repeated", line, f"the finish reason {finish} after {choice.finish}")
        if finish not in _FINISH_REASONS:
            report.once("unknown-finish-reason", line, f"the finish reason is {finish!r}")
        if finish == "stop" and choice.calls:
            report.once("stop-with-calls", line, 'the finish reason is "stop" after tool calls')
        choice.finish = finish

    def _call(self, choice: _Choice, wire: dict[str, Any], block: Block) -> None:
        report, line = self._report, block.line
        function = members(wire.get("function") or wire.get("custom"))
        call_id, name = wire.get("id") or "", function.get("name") or ""
        index = wire.get("index")
        if not isinstance(index, int):
            report.once("call-without-index", line, f"the tool call {name or call_id or '?'} has no index")
            index = len(choice.calls) if name else max(len(choice.calls) - 1, 0)
        call = choice.calls.get(index)
        if call is not None and call_id and name and call.id and call_id != call.id:
            report.add("index-reused", line, f"index {index} is of the call {call.id}, and now of {call_id}")
            call = None
        if call is None:
            call = choice.calls[index] = _Call(call_id, name, [])
            if not call_id:
                report.add("call-without-id", line, f"tool call {index} begins without an ID")
        self._arguments(call, index, function.get("arguments", function.get("input")), block)

    def _arguments(self, call: _Call, index: int, arguments: Any, block: Block) -> None:
        if arguments is None or arguments == "":
            return
        if not isinstance(arguments, str):
            kind = type(arguments).__name__
            self._report.once("arguments-not-text", block.line, f"the arguments of call {index} are a {kind}")
            return
        # Only a fragment that is as long as all before it can be the call sent again, so this stays linear.
        if (
            call.arguments
            and arguments.startswith("{")
            and arguments == "".join(call.arguments)
            and _is_json(arguments)
        ):
            self._report.add("call-sent-twice", block.line, f"the whole arguments of call {index} come again")
            return
        call.arguments.append(arguments)


def _is_json(text: str) -> bool:
    try:
        decode_any(text)
    except (ValueError, RecursionError):
        return False
    return True

"""The payloads of a chat stream, and where they do not follow their dialect."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from sse_events.chat import ChatStream, Done, Error, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from sse_events.chat.events import StreamEvent
from sse_events.cli.check.dialects import DialectCheck, dialect_check
from sse_events.cli.check.framing import Block
from sse_events.cli.check.report import Line, Report
from sse_events.events import Event

_decode = msgspec.json.Decoder().decode
_MAX_HELD = 64  # payloads before the dialect is known: the first few of a chat stream show it
_SENTINEL = "[DONE]"
_WITHOUT_SENTINEL = frozenset({"anthropic", "responses", "gemini"})


class Payloads:
    """Follows the payloads of one answer.

    A stream that is not a chat stream has no rules here: only its framing is checked.

    Args:
        report: Where findings go.
        dialect: The dialect, or ``auto``.
    """

    def __init__(self, report: Report, dialect: Any) -> None:
        self._report = report
        self._stream = ChatStream(dialect)
        self._is_named = dialect != "auto"
        self._done: Done | None = None
        self._done_line = Line(1, 0, b"")
        self._is_chat = True  # until more than _MAX_HELD payloads have no dialect
        self._check: DialectCheck | None = None
        self._held: list[tuple[dict[str, Any], Block]] = []
        self._faults: list[tuple[str, Line, str]] = []  # reported once it is known that this is a chat stream
        self._incomplete: list[ToolCallEnd] = []
        self._call_lines: dict[int, Line] = {}  # the line of the last fragment of each tool call

    @property
    def dialect(self) -> str | None:
        """The dialect, None until it is known."""
        return self._stream.dialect if self._check is not None else None

    def take(self, block: Block) -> None:
        """Look at the event of `block`."""
        if not block.data or not self._is_chat:
            return
        data = (block.values[0] if len(block.values) == 1 else b"\n".join(block.values)).decode("utf-8", "replace")
        text = data.strip()
        if text == _SENTINEL:
            self._look_at_sentinel(data, block)
        elif text and self._done is not None:
            self._fault("after-end", block.line, "a payload after the end of the stream")
        elif text:
            self._look_at_payload(text, block)
        if self._done is None:
            events = self._stream.feed_event(Event(data, block.event or "message"))
            if others := [event for event in events if not isinstance(event, Token)]:  # nearly all of them are
                self._follow(others, block.line)
        if self._check is None and self._is_chat:
            self._recognise()

    def close(self, last: Line) -> None:
        """The stream is over; `last` is its last line."""
        if not self._is_chat:
            return
        if self._done is None:
            self._follow(self._stream.close(), last)
        if self._check is None:
            self._recognise()
        if self._check is not None and self._done is not None:
            self._conclude(self._done)

    def _fault(self, rule: str, line: Line, detail: str) -> None:
        if self._check is None:
            self._faults.append((rule, line, detail))
        else:
            self._report.add(rule, line, detail)

    def _recognise(self) -> None:
        name = self._stream.dialect
        if name is None or not self._held:
            self._is_chat = len(self._held) + len(self._faults) <= _MAX_HELD
            return
        self._check = dialect_check(name, self._report)
        held, self._held = self._held, []
        for rule, line, detail in self._faults:
            self._report.add(rule, line, detail)
        for value, block in held:
            self._check.payload(value, block)

    def _look_at_sentinel(self, data: str, block: Block) -> None:
        if data != _SENTINEL:
            self._fault("sentinel-not-exact", block.line, f"the data is {data!r}")
        if self._stream.dialect in _WITHOUT_SENTINEL:
            self._fault("foreign-sentinel", block.line, f"[DONE] in a stream of the dialect {self._stream.dialect}")

    def _look_at_payload(self, text: str, block: Block) -> None:
        try:
            value = _decode(text)
        except (ValueError, RecursionError) as error:
            value = self._look_at_text(text, block, error)
        if not isinstance(value, dict):
            return
        if self._check is not None:
            self._check.payload(value, block)
        else:
            self._held.append((value, block))

    def _look_at_text(self, text: str, block: Block, error: Exception) -> Any:
        """Report why a payload is not JSON; return its value if a lenient decoder reads it."""
        if len(block.values) > 1 and all(_is_payload(value) for value in block.values if value.strip()):
            self._fault("no-blank-line", block.data[1], f"{len(block.values)} payloads in one event")
            return None
        if text.startswith("data:"):
            return None  # reported as double-framing
        try:
            value = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            self._look_at_broken_text(text, block, error)
            return None
        if "\\ud" in text.lower():
            self._fault("lone-surrogate", block.line, "half of a surrogate pair is escaped")
        else:
            self._fault("unreadable-number", block.line, "a number is out of range")
        return value

    def _look_at_broken_text(self, text: str, block: Block, error: Exception) -> None:
        if text.endswith("\\n") and _is_payload(text.replace("\\n", "").encode("utf-8", "replace")):
            self._fault("escaped-line-end", block.line, "the data ends with a backslash and the letter n")
        elif text.startswith(("{'", "[{'")):
            self._fault("malformed-json", block.line, "a dict as Python prints it, not JSON")
        elif "NaN" in text or "Infinity" in text:
            self._fault("malformed-json", block.line, "NaN and Infinity are not JSON")
        elif block.event != "error":
            self._fault("malformed-json", block.line, str(error))

    def _follow(self, events: Sequence[StreamEvent], line: Line) -> None:
        for event in events:
            if isinstance(event, Error) and event.kind == "provider":
                self._fault("provider-error", line, event.message)
            elif isinstance(event, Error) and event.kind == "unknown_dialect" and self._is_named:
                self._fault("wrong-dialect", line, event.message)
            elif isinstance(event, ToolCallStart | ToolCallArgs):
                self._call_lines[event.index] = line
            elif isinstance(event, ToolCallEnd) and not (event.complete and event.name):
                self._incomplete.append(event)
            elif isinstance(event, Done):
                self._done = event
                self._done_line = line

    def _conclude(self, done: Done) -> None:
        report, line = self._report, self._done_line
        failed = done.status == "error" or "error-field" in report.counts
        if done.status == "truncated" and not failed:
            report.add("truncated", line, "the stream ends without a finish reason and without a terminal signal")
        elif done.status == "finished":
            report.add("no-terminal-signal", line, "the stream ends after the finish reason, without a terminal signal")
        if done.status == "complete" and done.finish_reason is None:
            report.add("no-finish-reason", line, "the stream ends without a finish reason")
        if not failed and done.usage.prompt_tokens is None and done.usage.completion_tokens is None:
            report.add("no-usage", line, "no payload has the number of tokens")
        cut = done.status in ("truncated", "error") or done.finish_reason in ("length", "content_filter", "error")
        explained = not report.counts.keys().isdisjoint(("call-sent-twice", "block-not-stopped"))
        if not cut and not explained:
            for call in self._incomplete:
                self._look_at_call(call, self._call_lines[call.index])

    def _look_at_call(self, call: ToolCallEnd, line: Line) -> None:
        name = f"tool call {call.index} ({call.name or '?'})"
        if not call.name:
            self._report.add("call-without-name", line, f"{name} has no name")
        elif not call.custom and not _is_payload((call.arguments or "{}").encode("utf-8", "replace")):
            self._report.add("arguments-not-json", line, f"the arguments of {name} are not JSON")


def _is_payload(text: bytes) -> bool:
    if text.strip() == _SENTINEL.encode():
        return True
    try:
        _decode(text.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(constant: str) -> Any:
    raise ValueError(constant)

"""A chat stream for people: plain text as it arrives."""

from __future__ import annotations

import os
import time

from sse_events.chat import Done, Error, Reasoning, Refusal, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from sse_events.chat.events import StreamEvent
from sse_events.cli.output import CONTROL_PICTURES, STDOUT, complain, one_line, write

_DIM = "\x1b[2m{}\x1b[22m"


class Transcript:
    """A chat stream for people: text as it is, everything else under a heading, dim on a terminal."""

    __slots__ = ("_calls", "_first", "_heading", "_live", "_midline", "_started", "_terminal")

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._terminal = os.isatty(STDOUT)
        self._started = time.monotonic()
        self._first: float | None = None  # seconds until the provider's first output of any kind
        self._heading = ""  # what is being written; "" until anything is
        self._midline = False
        self._calls: dict[int, str] = {}  # the headings of the tool calls, by index

    def show(self, event: StreamEvent) -> None:
        """Write what `event` adds; events that are not for reading add nothing."""
        match event:
            case Token():
                self._put("text", event.text)
            case Reasoning():
                self._put("reasoning", event.text)
            case Refusal():
                self._put("refusal", event.text)
            case ToolCallStart():
                self._calls[event.index] = f"tool call {event.index}: {event.name}"
                self._put(self._calls[event.index])
            case ToolCallArgs():
                self._put(self._calls[event.index], event.args_chunk)
            case ToolCallEnd(complete=False):
                self._put(f"{self._calls[event.index]} is incomplete")
            case Error():
                code = "" if event.code is None else f" ({event.code})"
                self._note(f"{event.kind.replace('_', ' ')} error: {event.message}{code}")
            case Done():
                self.end_line()
                self._note(self._summary(event))

    def _put(self, heading: str, text: str = "") -> None:
        if self._first is None:
            self._first = time.monotonic() - self._started
        plain = heading == "text"
        if heading != self._heading:
            self.end_line()
            if self._heading:
                self._write("\n")
            if self._heading or not plain:
                self._write(f"--- {one_line(heading)} ---\n", dim=True)
            self._heading = heading
        if text:
            self._midline = not text.endswith("\n")  # before the write, which Ctrl-C may end
            self._write(text.translate(CONTROL_PICTURES) if self._terminal else text, dim=not plain)

    def end_line(self) -> None:
        """End the line that is being written, if there is one."""
        if self._midline:
            self._write("\n")
            self._midline = False

    def _write(self, text: str, *, dim: bool = False) -> None:
        write((_DIM.format(text) if dim and self._terminal else text).encode("utf-8", "replace"))

    def _note(self, text: str) -> None:
        if self._terminal:
            self.end_line()
        complain(text)

    def _summary(self, done: Done) -> str:
        usage = done.usage
        reason = "no finish reason" if done.finish_reason is None else f"finish reason {done.finish_reason}"
        prompt = tokens(usage.prompt_tokens, "prompt", usage.cached_tokens, "cached")
        completion = tokens(usage.completion_tokens, "completion", usage.reasoning_tokens, "reasoning")
        parts = [done.status, reason, prompt, completion]
        if self._live:
            if self._first is not None:
                parts.append(f"first token after {self._first:.2f} s")
            parts.append(f"{time.monotonic() - self._started:.2f} s in all")
        return ", ".join(parts)


def tokens(count: int | None, kind: str, part: int | None, of_these: str) -> str:
    """A count in words, such as ``12 prompt tokens (8 cached)``; what the provider never said is a question mark."""
    total = f"{'?' if count is None else count} {kind} tokens"
    return total if part is None else f"{total} ({part} {of_these})"

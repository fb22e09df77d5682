"""An answer as plain text, while it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sse_events.chat import Done, Error, Reasoning, Refusal, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from sse_events.chat.events import StreamEvent
from sse_events.cli.output import complain, note, one_line, shown, write

_INCOMPLETE = " is incomplete"
_DIM, _NOT_DIM = "\x1b[2m", "\x1b[22m"


class View(Protocol):
    """The interface of everything that shows an answer."""

    def show(self, events: Sequence[StreamEvent]) -> None:
        """Write what `events` add."""

    def end(self) -> None:
        """End the line that is being written, if there is one."""


class Transcript:
    """Shows text as it is, and everything else under a heading. Nothing is added between two tokens of one section.

    Args:
        terminal: Standard output is a terminal: control characters are made visible, and headings go there. Otherwise
            headings go to standard error.
        styled: Everything except the text is dim.
    """

    def __init__(self, *, terminal: bool, styled: bool = False) -> None:
        self._terminal = terminal
        self._styled = styled
        self._heading = ""  # what is being written; "" until anything is
        self._midline = False
        self._dim = False
        self._separated = True
        self._calls: dict[int, str] = {}  # the headings of the tool calls, by index
        self._pending: list[str] = []  # the text for the next write

    def show(self, events: Sequence[StreamEvent]) -> None:
        """Write what `events` add. Events that are not for people add nothing."""
        for event in events:
            self._add(event)
        self._flush()

    def end(self) -> None:
        """End the line that is being written, if there is one."""
        self._end_section()
        self._flush()

    def _add(self, event: StreamEvent) -> None:
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
                self._put(f"{self._calls[event.index]}{_INCOMPLETE}")
            case Error() if event.kind != "not_sse":  # the command says what the input is
                if self._terminal:
                    self.end()
                self._flush()
                complain(describe_error(event), "red")
            case Done():
                self.end()

    def _put(self, heading: str, text: str = "") -> None:
        if heading != self._heading:
            self._end_section()
            self._begin_section(heading)
        if text:
            self._separate()
            self._midline = not text.endswith("\n")
            self._pending.append(shown(text) if self._terminal else text)

    def _begin_section(self, heading: str) -> None:
        title = f"--- {one_line(heading)} ---" if self._heading or heading != "text" else ""
        self._separated = not self._heading
        self._heading = heading
        if title and not self._terminal:
            if not heading.endswith(_INCOMPLETE):  # no text comes under that heading
                self._separate()
            self._flush()
            note(title)
        elif title:
            self._separate()
            self._pending.append(f"{_DIM}{title}{_NOT_DIM}\n" if self._styled else f"{title}\n")
        if self._styled and heading != "text":
            self._dim = True
            self._pending.append(_DIM)

    def _separate(self) -> None:
        """Leave a blank line between two sections."""
        if not self._separated:
            self._pending.append("\n")
            self._separated = True

    def _end_section(self) -> None:
        if self._dim:
            self._pending.append(_NOT_DIM)
            self._dim = False
        if self._midline:
            self._pending.append("\n")
            self._midline = False

    def _flush(self) -> None:
        text, self._pending = "".join(self._pending), []
        write(text.encode("utf-8", "replace"))


class Text:
    """The visible text only.

    Args:
        terminal: Standard output is a terminal: control characters are made visible.
    """

    def __init__(self, *, terminal: bool) -> None:
        self._terminal = terminal
        self._midline = False

    def show(self, events: Sequence[StreamEvent]) -> None:
        """Write the text in `events`. A refusal is text too. Errors go to standard error."""
        text = "".join([event.text for event in events if isinstance(event, Token | Refusal)])
        if text:
            self._midline = not text.endswith("\n")
            text = shown(text) if self._terminal else text
            write(text.encode("utf-8", "replace"))
        for event in events:
            if isinstance(event, Error) and event.kind != "not_sse":
                complain(describe_error(event), "red")
            elif isinstance(event, Done):
                self.end()

    def end(self) -> None:
        """End the line that is being written, if there is one."""
        if self._midline:
            write(b"\n")
            self._midline = False


def describe_error(error: Error) -> str:
    """An error in one line."""
    code = "" if error.code is None else f" ({error.code})"
    return f"{error.kind.replace('_', ' ')} error: {error.message}{code}"


def summary(done: Done, times: Sequence[str] = ()) -> str:
    """How an answer ended, in one line; `times` is added at the end."""
    usage = done.usage
    reason = "no finish reason" if done.finish_reason is None else f"finish reason {done.finish_reason}"
    counts = [
        tokens(usage.prompt_tokens, "prompt", usage.cached_tokens, "cached"),
        tokens(usage.completion_tokens, "completion", usage.reasoning_tokens, "reasoning"),
    ]
    if usage.prompt_tokens is None and usage.completion_tokens is None:
        counts = ["no usage"]
    noun = "payload" if done.malformed == 1 else "payloads"
    damaged = [f"{done.malformed} {noun} could not be read"] if done.malformed else []
    return ", ".join([done.status, *damaged, reason, *counts, *times])


def tokens(count: int | None, kind: str, part: int | None, of_these: str) -> str:
    """A count in words, such as ``12 prompt tokens (8 cached)``. A count that the provider never sent is ``?``."""
    total = f"{'?' if count is None else count} {kind} tokens"
    return total if part is None else f"{total} ({part} {of_these})"

"""The parts of one choice, in an order that every dialect can write, and calls that no client runs too early.

Providers mix the fragments of several calls with text. Most dialects can only write one part after another. So the
oldest part, the head, is written as its events come. A part that begins while the head is open waits, and so do its
events.

Many clients run a call as soon as its arguments parse. So the fragment that completes them is held until the call is
known to be whole. If it is not whole, the fragment is never written.
"""

from __future__ import annotations

from collections import deque
from typing import TypeAlias, cast

from sse_events.chat.arguments import HeldArguments
from sse_events.chat.events import (
    Citation,
    FinishReason,
    Logprobs,
    Reasoning,
    ReasoningSignature,
    Refusal,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
)
from sse_events.chat.json import compact_json, is_json
from sse_events.chat.writer import CallPart, Part, PartKind, Writer

PartEvent: TypeAlias = (
    Token | Reasoning | ReasoningSignature | Refusal | ToolCallStart | ToolCallArgs | ToolCallEnd | Citation | Logprobs
)

_TEXT_KINDS: dict[type, PartKind] = {Token: "text", Reasoning: "reasoning", Refusal: "refusal"}


class Parts:
    """Hands the events of one choice to the writer, one open part at a time.

    Args:
        writer: A dialect's writer. Events that it cannot express are added to its `dropped`.

    Attributes:
        calls: The tool calls by their index.
        incomplete: The first call that is not complete although its arguments parse or may parse: a client would run
            it.
    """

    __slots__ = ("_early", "_head", "_notes", "_waiting", "_writer", "_written_calls", "calls", "incomplete")

    def __init__(self, writer: Writer) -> None:
        self.calls: dict[int, CallPart] = {}
        self.incomplete: CallPart | None = None
        self._writer = writer
        self._head: Part | None = None
        self._waiting: deque[Part] = deque()
        self._written_calls = 0
        self._early: dict[int, ReasoningSignature] = {}  # the signatures of calls that have not started
        self._notes: list[StreamEvent] = []  # citations and log probabilities that wait for a text part

    def add(self, event: PartEvent) -> None:
        """Write what `event` makes ready to be written. The caller has checked the order of the calls' events."""
        if isinstance(event, (Token, Reasoning, Refusal)):
            if event.text:
                self._put(self._part(_TEXT_KINDS[type(event)], event), event)
        elif isinstance(event, ToolCallArgs):
            if event.args_chunk:
                call = self.calls[event.index]
                call.fragments.append(event.args_chunk)
                self._put(call, event)
        elif isinstance(event, ToolCallStart):
            self._start_call(event)
        elif isinstance(event, ToolCallEnd):
            self._end_call(event)
        elif isinstance(event, ReasoningSignature):
            self._sign(event)
        else:
            self._note(event)

    def finish(self, reason: FinishReason) -> None:
        """Close what is open: the choice ended for `reason`."""
        while self._head is not None:
            self._close(self._head, None if self._waiting else reason)
            self._advance()
        self._drop_notes()

    def abandon(self) -> None:
        """Leave open what is open: the turn failed."""
        if isinstance(self._head, CallPart) and not self._head.opened:
            self._writer.drop_call(self._head)
        for part in self._waiting:
            if isinstance(part, CallPart):
                self._writer.drop_call(part)
            for item in part.items:
                if not isinstance(item, (ToolCallStart, ToolCallArgs)):
                    self._writer.drop(item)
        self._drop_notes()

    def _drop_notes(self) -> None:
        for note in (*self._notes, *self._early.values()):
            self._writer.drop(note)

    def _part(self, kind: PartKind, event: PartEvent) -> Part:
        """The part that the event belongs to: the last one, or a new one."""
        last = self._last
        if last is not None and last.kind == kind and not last.sealed:
            return last
        part = Part(kind, event)
        if kind == "text":
            part.items, self._notes = self._notes, part.items
        self._begin(part)
        return part

    @property
    def _last(self) -> Part | None:
        """The part that began last, if it is not over."""
        return self._waiting[-1] if self._waiting else self._head

    def _begin(self, part: Part) -> None:
        self._waiting.append(part)
        self._advance()

    def _start_call(self, start: ToolCallStart) -> None:
        held = HeldArguments(json=not start.custom, stream=not self._writer.whole_calls)
        call = self.calls[start.index] = CallPart(start, self._writer.call_id(start), held)
        call.signature = self._early.pop(start.index, None)
        call.items.append(start)
        self._begin(call)

    def _end_call(self, end: ToolCallEnd) -> None:
        call = self.calls[end.index]
        parses = call.first.custom or _parses(end.arguments)
        # A client runs the call with the fragments that it got. If the end has other arguments, the call is not whole.
        call.whole = end.complete and parses and "".join(call.fragments) in (end.arguments, "")
        if not call.whole and (parses or call.closed):
            self.incomplete = self.incomplete or call
        if end.arguments and not call.fragments:
            self._put(call, ToolCallArgs(end.index, end.arguments, end.choice))
        self._advance()

    def _sign(self, event: ReasoningSignature) -> None:
        if event.call_index is None:
            part = self._part("redacted" if event.redacted else "reasoning", event)
            part.sealed = True
            self._put(part, event)
        elif event.call_index in self.calls:
            call = self.calls[event.call_index]
            call.signature = event
            if call.opened:
                self._writer.sign_call(call, event)
        else:
            self._early[event.call_index] = event

    def _note(self, event: Citation | Logprobs) -> None:
        last = self._last
        if self._writer.notes_in_text and (last is None or last.kind != "text"):
            self._notes.append(event)
        elif last is not None:
            self._put(last, event)
        else:
            self._write_note(event)

    def _put(self, part: Part, event: PartEvent) -> None:
        if part is self._head:
            self._write(part, event)
            self._advance()
        else:
            part.items.append(event)  # never written if the part is a call that was closed before its end came

    def _advance(self) -> None:
        """Close the head if it is over, and let the next part be the head, as long as there is one."""
        while True:
            head = self._head
            if head is not None:
                if not _is_over(head, followed=bool(self._waiting)):
                    return
                self._close(head, None)
            if not self._waiting:
                return
            self._head = head = self._waiting.popleft()
            items, head.items = head.items, []
            for item in items:
                self._write(head, item)

    def _write(self, part: Part, event: StreamEvent) -> None:
        if isinstance(event, (Token, Reasoning, Refusal)):
            self._open(part)
            self._writer.write(part, event.text)
        elif isinstance(event, (Citation, Logprobs)):
            if self._writer.notes_in_text:
                self._open(part)
            self._write_note(event)
        elif not isinstance(part, CallPart):
            self._open(part)
            self._writer.sign(part, cast(ReasoningSignature, event))
        elif isinstance(event, ToolCallArgs):
            fragment = part.arguments.feed(event.args_chunk)
            if fragment:
                self._write_arguments(part, fragment)
        elif part.first.custom and not self._writer.whole_calls:
            self._open(part)

    def _write_note(self, event: Citation | Logprobs) -> None:
        try:
            if isinstance(event, Citation):
                self._writer.cite(event)
            else:
                self._writer.logprobs(event)
        except RecursionError:
            self._writer.drop(event)  # the provider's own object is nested too deeply to be written again

    def _open(self, part: Part) -> None:
        if part.opened:
            return
        part.opened = True
        if not isinstance(part, CallPart):
            self._writer.open(part)
            return
        part.position = self._written_calls
        self._written_calls += 1
        self._writer.open_call(part)
        if part.signature is not None:
            self._writer.sign_call(part, part.signature)
        if self._wraps(part):
            self._write_raw(part, '{"input":"')

    def _wraps(self, call: CallPart) -> bool:
        return call.first.custom and self._writer.wraps_custom

    def _write_arguments(self, call: CallPart, fragment: str) -> None:
        self._open(call)
        self._write_raw(call, compact_json(fragment)[1:-1] if self._wraps(call) else fragment)

    def _write_raw(self, call: CallPart, fragment: str) -> None:
        call.written.append(fragment)
        self._writer.write_call(call, fragment)

    def _close(self, part: Part, reason: FinishReason | None) -> None:
        """The head is over. `reason` says why the choice ended; None if it goes on."""
        self._head = None
        if isinstance(part, CallPart):
            self._close_call(part, reason)
        else:
            self._writer.close(part)

    def _close_call(self, call: CallPart, reason: FinishReason | None) -> None:
        # A call whose end has not come is closed as whole if its arguments are finished and another part waits.
        whole = (reason is None and call.arguments.finished) if call.whole is None else call.whole
        held = call.arguments.held
        if whole:
            self._open(call)
            if not call.first.custom and not call.written and "".join(held).strip() in ("", "null"):
                # Groq sends null for a call without arguments.
                held = [self._writer.empty_arguments] if self._writer.empty_arguments else []
        # If the call must not be run, the fragment that makes its arguments parse is not written.
        if held and (whole or not (call.first.custom or _parses("".join(call.written + held)))):
            # In one fragment: a client would run the call with the first of several that parse (1 of 12, {} of {}x).
            self._write_arguments(call, "".join(held))
        if call.opened:
            if whole and self._wraps(call):
                self._write_raw(call, '"}')
            self._writer.close_call(call, reason, whole=whole)
        else:
            self._writer.drop_call(call)
        call.closed = True
        call.arguments.held = []
        call.written = []


def _is_over(part: Part, *, followed: bool) -> bool:
    """Whether the head is over. `followed`: another part waits."""
    if not isinstance(part, CallPart):
        return followed or part.sealed
    if part.whole is not None:
        return part.whole or followed
    return followed and part.arguments.finished


def _parses(arguments: str) -> bool:
    """Whether a client would run a call with these arguments."""
    return not arguments or is_json(arguments)

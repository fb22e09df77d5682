"""The whole answer as it is written: its choices, and how it ends.

A client believes that an answer succeeded, unless the stream says otherwise. So everything that says how the answer
ended waits for Done, and an answer that is not whole ends with an explicit error.
"""

from __future__ import annotations

from typing import TypeAlias

from sse_events.chat.events import Done, Error, Finish, Raw, Start, StreamEvent
from sse_events.chat.finish import CUT
from sse_events.chat.parts import Parts
from sse_events.chat.writer import Writer

_Failure: TypeAlias = tuple[str, str | int | None]  # message, code


class Answer:
    """Hands the events of an answer to a writer.

    Args:
        writer: A dialect's writer. Events that it cannot express are added to its `dropped`.
    """

    __slots__ = ("_choices", "_error", "_finishes", "_writer")

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._choices = [Parts(writer)]  # dense: clients find a choice by its index in a list
        self._finishes: dict[int, Finish] = {}  # the last one of each choice
        self._error: Error | None = None  # the last one

    def add(self, event: StreamEvent) -> None:
        """Write what `event` makes ready to be written. The caller has checked the order of the calls' events."""
        if isinstance(event, (Start, Error, Raw, Done)):
            self._add_of_all_choices(event)
        elif not 0 <= event.choice < self._writer.choices:
            self._writer.drop(event)
        else:
            while len(self._choices) <= event.choice:
                self._choices.append(Parts(self._writer))
            if isinstance(event, Finish):
                self._finishes[event.choice] = event
            else:
                self._choices[event.choice].add(event)

    def _add_of_all_choices(self, event: Start | Error | Raw | Done) -> None:
        if isinstance(event, Start):
            self._writer.begin()
        elif isinstance(event, Error):
            self._error = event  # Done says whether the answer recovered from it
        elif isinstance(event, Raw):
            self._writer.drop(event)
        else:
            self._end(event)

    def _end(self, done: Done) -> None:
        finishes = [self._finish(choice, done) for choice in range(len(self._choices))]
        failure = self._failure(done, finishes)
        self._writer.begin()
        if failure is not None:
            self._fail(failure, done)
            return
        written: dict[int, Finish] = {}
        for choice, (parts, finish) in enumerate(zip(self._choices, finishes, strict=True)):
            parts.finish("other" if finish is None else finish.reason)
            if finish is None:
                continue
            if finish.reason == "error":
                self._writer.drop(finish)  # no dialect can express the error of one choice among several
            else:
                written[choice] = finish
        if self._error is not None:
            self._writer.drop(self._error)
        self._writer.end(written, done.usage)

    def _fail(self, failure: _Failure, done: Done) -> None:
        for parts in self._choices:
            parts.abandon()
        if not self._writer.fails_with_finish:
            for finish in self._finishes.values():
                self._writer.drop(finish)
        self._writer.fail(*failure, done.usage)

    def _finish(self, choice: int, done: Done) -> Finish | None:
        """Why a choice ended: what the events say, or what follows from them."""
        finish = self._finishes.get(choice)
        if finish is None and choice == 0 and done.finish_reason is not None:
            finish = Finish(done.finish_reason, "")
        if finish is None and (choice == 0 or done.status == "complete"):
            finish = Finish("stop", "", choice)
        if finish is not None and finish.reason == "stop" and self._choices[choice].calls:
            finish = Finish("tool_calls", finish.raw_reason, choice)
        return finish

    def _failure(self, done: Done, finishes: list[Finish | None]) -> _Failure | None:
        """The error that the answer failed with, or None."""
        finish = finishes[0]
        if done.status == "truncated":
            return "the stream ended before the answer was complete", "stream_truncated"
        if done.status not in ("complete", "finished") or (finish is not None and finish.reason == "error"):
            if self._error is not None:
                return self._error.message, self._error.code
            word = finish.raw_reason if finish is not None and finish.reason == "error" else ""
            return f'the answer ended with "{word or "error"}"', None
        if done.malformed:
            return "part of the answer could not be read", "malformed_payload"
        for parts, reason in zip(self._choices, finishes, strict=True):
            if reason is not None and reason.reason in CUT:
                continue
            # The end of a call may be missing in a turn that was written by hand.
            call = parts.incomplete or next((call for call in parts.calls.values() if call.whole is None), None)
            if call is not None:
                # Part of the call may be lost, and clients would run it.
                name = f"tool call {call.first.index} ({call.first.name})"
                return f"{name} is not complete", "incomplete_tool_call"
        if finish is not None and finish.reason not in self._writer.words:
            return "the answer was stopped by a content filter", "content_filter"
        return None

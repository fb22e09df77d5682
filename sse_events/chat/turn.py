"""One answer as it comes in: what the payloads said so far, and the events that they make.

A dialect's reader tells a `Turn` and its `Choice` what a payload says. The rules that several dialects share are here
and in the modules of its parts: `calls`, `usage`, `finish`, `faults`.
"""

from __future__ import annotations

import enum
from typing import Any

from sse_events.chat.calls import Call, Calls
from sse_events.chat.events import (
    Citation,
    Done,
    Error,
    ErrorKind,
    Finish,
    FinishReason,
    Logprobs,
    Reasoning,
    ReasoningSignature,
    Refusal,
    Start,
    Status,
    StreamEvent,
    Token,
    Usage,
)
from sse_events.chat.faults import error_code, error_message
from sse_events.chat.finish import CUT, finish_reason
from sse_events.chat.json import is_shallow
from sse_events.chat.shapes import integer, string
from sse_events.chat.state import State
from sse_events.chat.usage import Tally


class Ending(enum.Enum):
    """How far the answer is from its end."""

    READING = "no sign of the end yet"
    PROPER = "the provider finished, and more payloads may follow"
    TERMINAL = "the dialect's terminal signal came"
    FAILED = "the stream cannot be read any further"
    DONE = "Done was returned"


# Looked up once: on CPython 3.11 an enum's members are slow to look up, and every payload asks.
READING = Ending.READING
_GOES_ON = (Ending.READING, Ending.PROPER)


class Choice(State):
    """What is known of one choice, and the events that it makes.

    Args:
        turn: The answer that it belongs to.
        index: Its index.

    Attributes:
        said: The types of the events returned so far: a snapshot of the whole message adds only events of other types.
    """

    __slots__ = ("calls", "finish", "index", "said", "turn")

    def __init__(self, turn: Turn, index: int) -> None:
        self.turn: Turn = turn
        self.index: int = index
        self.calls: Calls = Calls(turn, index)
        self.finish: Finish | None = None
        self.said: set[type[StreamEvent]] = set()

    def text(self, text: Any) -> None:
        """Visible text. Here and below, a value that is empty or not a string is ignored."""
        if type(text) is str and text:
            self.said.add(Token)
            self.turn.events.append(Token(text, self.index))

    def reasoning(self, text: Any) -> None:
        """Thinking text."""
        if type(text) is str and text:
            self.said.add(Reasoning)
            self.turn.events.append(Reasoning(text, self.index))

    def refusal(self, text: Any) -> None:
        """The text of a refusal."""
        if type(text) is str and text:
            self.said.add(Refusal)
            self.turn.events.append(Refusal(text, self.index))

    def signature(self, signature: Any, *, redacted: bool = False, id: str = "", call: Call | None = None) -> None:
        """Opaque data to be sent back."""
        if type(signature) is str and signature:
            self.said.add(ReasoningSignature)
            call_index = None if call is None else call.index
            self.turn.events.append(ReasoningSignature(signature, redacted, id, call_index, self.index))

    def citation(self, raw: Any, *, url: Any = "", title: Any = "", text: Any = "") -> None:
        """A source. The same passage of the same address is returned once."""
        citation = Citation(string(url), string(title), string(text), raw if is_shallow(raw) else None, self.index)
        if citation.url:
            place = (self.index, citation.url, citation.text)
            if place in self.turn.cited:
                return
            self.turn.cited.add(place)
        self.said.add(Citation)
        self.turn.events.append(citation)

    def logprobs(self, content: Any) -> None:
        """Log probabilities, a list."""
        if type(content) is list and content and is_shallow(content):
            self.turn.events.append(Logprobs(content, self.index))

    def finished(self, word: Any, reason: FinishReason | None = None) -> None:
        """The provider's finish word. A value that is empty or not a string is ignored.

        Args:
            word: As the provider wrote it.
            reason: What the word means here, if that differs from `finish_reason`.
        """
        if type(word) is not str or not word:
            return
        reason = reason or finish_reason(word)
        self.calls.finish_word(whole=reason not in CUT)
        if self.index == 0 and reason != "error":
            self.turn.recovered()
        if reason == "stop" and self.calls.all:
            reason = "tool_calls"
        self._finish(Finish(reason, word, self.index))

    def _finish(self, finish: Finish) -> None:
        if finish != self.finish:
            self.finish = finish
            self.turn.events.append(finish)

    def ended(self, *, terminal: bool, failed: bool) -> None:
        """The stream is over: end the calls that nothing has ended."""
        finish = self.finish
        if finish is not None and finish.reason == "stop" and self.calls.all:
            # The finish word came before the calls: "stop" means "tool_calls" then.
            self._finish(Finish("tool_calls", finish.raw_reason, self.index))
        whole = not failed and (finish.reason not in CUT if finish is not None else terminal)
        self.calls.end_all(whole=whole, terminal=terminal)


class Turn(State):
    """One answer.

    Args:
        all_choices: Return the events of every choice, not only of the first.

    Attributes:
        events: The events that have not been returned yet.
        payload: The text of the payload that is being read, which an Error quotes.
        started: Start was returned.
        first: The choice with index 0. Done reports its status and finish reason.
        ending: How far the answer is from its end.
        malformed: How many payloads could not be read.
        tally: The usage so far.
        memory: What the dialect's reader keeps from payload to payload.
        sequence_number: The last one that the provider sent (Responses), of any size, or None.
        cited: The index, address and text of each citation returned.
    """

    __slots__ = (
        "_all_choices",
        "_choices",
        "_errors",
        "_unresolved",
        "cited",
        "ending",
        "events",
        "first",
        "malformed",
        "memory",
        "payload",
        "sequence_number",
        "started",
        "tally",
    )

    def __init__(self, *, all_choices: bool) -> None:
        self.events: list[StreamEvent] = []
        self.payload: str = ""
        self.malformed: int = 0
        self.memory: Any = None
        self.ending: Ending = Ending.READING
        self.tally: Tally = Tally()
        self.cited: set[tuple[int, str, str]] = set()
        self.first: Choice = Choice(self, 0)
        self._all_choices = all_choices
        self._choices = {0: self.first}
        self.started: bool = False
        self.sequence_number: int | None = None
        self._unresolved = False  # a provider error came, and no proper end after it
        self._errors: set[str] = set()  # the provider's messages

    def take(self) -> list[StreamEvent]:
        """The events that have not been returned yet."""
        self.payload = ""  # so that the text does not stay in memory
        events, self.events = self.events, []
        return events

    @property
    def over(self) -> bool:
        """True if no more payloads are read."""
        return self.ending not in _GOES_ON

    def choice(self, index: Any) -> Choice | None:
        """The choice with this index (missing, null or not a number: the first); None if only the first is wanted."""
        number = integer(index) or 0
        if number == 0:
            return self.first
        if not self._all_choices:
            return None
        choice = self._choices.get(number)
        if choice is None:
            choice = self._choices[number] = Choice(self, number)
        return choice

    def start(self, id: Any, model: Any) -> None:
        """The response's id and model, as far as they are known."""
        if not self.started and (string(id) or string(model)):
            self.started = True
            self.events.append(Start(string(id), string(model)))

    def proper_end(self) -> None:
        """The provider finished, but its dialect has no terminal signal: payloads may follow."""
        self.ending = Ending.PROPER

    def terminal(self) -> None:
        """The dialect's terminal signal came. Nothing after it is read."""
        if self.ending is not Ending.FAILED:
            self.ending = Ending.TERMINAL

    def recovered(self) -> None:
        """A proper end came: an error before it did not end the stream."""
        self._unresolved = False

    @property
    def has_error(self) -> bool:
        """True if the provider has reported an error."""
        return bool(self._errors)

    def reported(self, error: Any) -> None:
        """The provider reported an error. If the same message comes twice, there is one Error."""
        self._unresolved = True
        message = error_message(error)
        if message is None:
            message = "the provider reported an error without a message"
        if message not in self._errors:
            self._errors.add(message)
            self.events.append(Error("provider", message, error_code(error), self.payload))

    def damaged(self, fault: Exception | str) -> None:
        """The payload could not be read. Any call that is being formed may have lost a fragment."""
        self.malformed += 1
        self.events.append(Error("malformed_json", f"a payload is not JSON: {fault}", None, self.payload))

    def fail(self, kind: ErrorKind, message: str, raw: str = "", code: str | int | None = None) -> None:
        """The stream cannot be read any further."""
        self.ending = Ending.FAILED
        self.events.append(Error(kind, message, code, raw))

    def done(self, usage: Usage) -> None:
        """The stream is over: end what is still open, and add Done."""
        failed = self._unresolved or self.ending is Ending.FAILED
        terminal = self.ending in (Ending.PROPER, Ending.TERMINAL)
        for choice in self._choices.values():
            choice.ended(terminal=terminal, failed=failed)
        finish = self.first.finish
        status: Status
        if failed or (finish is not None and finish.reason == "error"):
            status = "error"
        elif terminal:
            status = "complete"
        else:
            status = "truncated" if finish is None else "finished"
        self.events.append(Done(status, None if finish is None else finish.reason, usage, self.malformed))
        self.ending = Ending.DONE

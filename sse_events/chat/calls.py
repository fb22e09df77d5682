"""The tool calls of one choice: which slot is which call, and when each of them is whole."""

from __future__ import annotations

import enum
from collections.abc import Hashable
from typing import TYPE_CHECKING, Protocol

from sse_events.chat.events import ToolCallArgs, ToolCallEnd, ToolCallStart
from sse_events.chat.json import is_json, is_object
from sse_events.chat.state import State

if TYPE_CHECKING:
    from sse_events.chat.turn import Turn


_MAX_CHECKS = 100  # of one call


class CallState(enum.Enum):
    """How far a call has come."""

    UNNAMED = "its name is not known, so nothing of it was returned"
    OPEN = "its ToolCallStart was returned"
    CLOSED = "the provider ended it; the next event tells whether it was cut"
    ENDED = "its ToolCallEnd was returned"


class Values(Protocol):
    """Arguments that come as values and not as text, kept by their dialect."""

    def text(self) -> str:
        """The arguments as JSON.

        Raises:
            RecursionError: They are nested too deeply.
        """


class Call(State):
    """A tool call that is being formed; only `Calls` changes it.

    Attributes:
        index: Its position in the message.
        until_end: Only the end of the stream ends it, because the dialect has no signal for the end of a call.
        custom: Its input is free text.
        given: Its arguments, if no fragment of them comes before the provider ends it.
        values: Its arguments, if they come as values: written when it ends.
        damaged: A piece of it was lost.
        malformed_before: How many payloads could not be read before it began. A later one may have been a piece of it.
        checks: How often its arguments were tested for being complete.
        words_before: How many finish words had come before its last fragment.
    """

    __slots__ = (
        "checks",
        "custom",
        "damaged",
        "fragments",
        "given",
        "id",
        "index",
        "length",
        "malformed_before",
        "name",
        "state",
        "until_end",
        "values",
        "words_before",
    )

    def __init__(self, index: int, *, custom: bool, until_end: bool, malformed_before: int) -> None:
        self.index: int = index
        self.id: str = ""
        self.name: str = ""
        self.custom: bool = custom
        self.until_end: bool = until_end
        self.state: CallState = CallState.UNNAMED
        self.fragments: list[str] = []  # joined once, at the end: linear however many come
        self.length: int = 0  # of all fragments, in characters
        self.given: str = ""
        self.values: Values | None = None
        self.damaged: bool = False
        self.malformed_before: int = malformed_before
        self.checks: int = 0
        self.words_before: int = 0

    @property
    def arguments(self) -> str:
        """The arguments so far. Each use costs a join."""
        return "".join(self.fragments)


class Calls(State):
    """The tool calls of one choice, and the events that they make.

    Args:
        turn: The answer that they belong to; it takes the events.
        choice: The index of their choice.
    """

    __slots__ = ("_by_id", "_by_key", "_closed", "_words", "all", "choice", "turn")

    def __init__(self, turn: Turn, choice: int) -> None:
        self.turn: Turn = turn
        self.choice: int = choice
        self.all: list[Call] = []
        self._by_id: dict[str, Call] = {}
        self._by_key: dict[Hashable, Call] = {}  # by what the wire calls the slot
        self._closed: list[Call] = []
        self._words = 0  # finish words so far

    def open(
        self, key: Hashable = None, *, id: str = "", name: str = "", custom: bool = False, until_end: bool = False
    ) -> Call:
        """A new call, in the slot that the wire calls `key` if it names one."""
        call = Call(len(self.all), custom=custom, until_end=until_end, malformed_before=self.turn.malformed)
        self.all.append(call)
        if key is not None:
            self._by_key[key] = call
        self.add(call, id=id, name=name)
        return call

    def at(self, key: Hashable) -> Call | None:
        """The call in the slot `key`, if there is one that has not ended."""
        call = self._by_key.get(key)
        return None if call is None or call.state is CallState.ENDED else call

    def open_at(self, key: Hashable) -> Call | None:
        """The call in the slot `key`, if there is one that the provider has not closed."""
        call = self.at(key)
        return None if call is None or call.state is CallState.CLOSED else call

    def put(self, key: Hashable, call: Call) -> None:
        """Put `call` into the slot `key`."""
        self._by_key[key] = call

    def free(self, key: Hashable) -> Call | None:
        """Empty the slot `key`, and return the call that was in it."""
        return self._by_key.pop(key, None)

    def knows(self, key: Hashable) -> bool:
        """True if there is a call in the slot `key`, ended or not."""
        return key in self._by_key

    def with_id(self, id: str) -> Call | None:
        """The latest call with this id."""
        return self._by_id.get(id)

    def add(self, call: Call, arguments: str = "", *, id: str = "", name: str = "", custom: bool = False) -> None:
        """Add to a call. Its id and its name are set once. Until the name is known, everything is held back."""
        if custom and call.state is CallState.UNNAMED and not call.fragments:
            call.custom = True
        if id and not call.id:
            call.id = id
            self._by_id[id] = call
        if name and not call.name:
            call.name = name
        if arguments:
            call.fragments.append(arguments)
            call.length += len(arguments)
            call.words_before = self._words
        if call.state is CallState.UNNAMED:
            if call.name:
                self._start(call)
        elif arguments:
            self.turn.events.append(ToolCallArgs(call.index, arguments, self.choice))

    def _start(self, call: Call) -> None:
        call.state = CallState.OPEN
        self.turn.events.append(ToolCallStart(call.index, call.id, call.name, self.choice, call.custom))
        if call.fragments:
            self.turn.events.append(ToolCallArgs(call.index, call.arguments, self.choice))

    def close(self, call: Call) -> None:
        """The provider ended the call, maybe because a limit cut it. The next event decides that, with `settle`."""
        if call.state is CallState.UNNAMED:
            self._start(call)
        if call.state is CallState.OPEN:
            if not call.fragments:
                self.add(call, call.given)
            call.state = CallState.CLOSED
            self._closed.append(call)

    def settle(self, *, whole: bool) -> None:
        """End the calls that were closed; `whole` says whether what came next shows that they were not cut."""
        if self._closed:
            closed, self._closed = self._closed, []
            for call in sorted(closed, key=lambda call: call.index):
                self.end(call, whole=whole)

    def end(self, call: Call, *, whole: bool) -> None:
        """End a call; `whole` says whether the provider finished it."""
        if call.state is CallState.ENDED:
            return
        if call.state is CallState.UNNAMED:
            self._start(call)
        if call.values is not None:
            self._write_values(call, call.values)
        call.state = CallState.ENDED
        arguments = call.arguments
        complete = (
            whole
            and bool(call.name)
            and not call.damaged
            and call.malformed_before == self.turn.malformed
            and (call.custom or not arguments or is_json(arguments))
        )
        self.turn.events.append(
            ToolCallEnd(call.index, call.id, call.name, arguments, complete, self.choice, call.custom)
        )

    def _write_values(self, call: Call, values: Values) -> None:
        call.values = None
        try:
            self.add(call, values.text())
        except RecursionError:
            call.damaged = True

    def finish_word(self, *, whole: bool) -> None:
        """A finish word came. It says whether the closed calls are whole."""
        self.settle(whole=whole)
        self._words += 1

    def end_all(self, *, whole: bool, terminal: bool) -> None:
        """End the calls that nothing has ended, because the stream is over.

        Args:
            whole: The provider ended the answer properly, and nothing cut it.
            terminal: The dialect's terminal signal came.
        """
        for call in self.all:
            if call.until_end:
                # If fragments came after the last finish word, and then no other word, more of them may be missing.
                is_over = terminal or not 0 < call.words_before == self._words
            else:
                # The provider left out the end of the call, but it ended the whole answer. The arguments that it began
                # with may be all of them.
                is_over = terminal and self._words > 0 and (bool(call.fragments) or call.given in ("", "{}"))
            self.end(call, whole=whole and is_over)

    def is_repeated(self, call: Call, arguments: str) -> bool:
        """True if `arguments` are all of the call's arguments again, as some gateways send them."""
        return len(arguments) == call.length and arguments == call.arguments and is_object(arguments)

    def is_whole(self, call: Call) -> bool:
        """True if the arguments so far are a JSON object. Each check costs a join, so there is a limit to them."""
        call.checks += 1
        return call.checks <= _MAX_CHECKS and is_object(call.arguments)

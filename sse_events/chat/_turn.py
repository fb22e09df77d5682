"""What all dialects share, once: call slots, usage, finish words, errors inside the stream, and how it ended.

A dialect's ``read(payload, turn)`` says what happened; `Turn` and `ChoiceState` make the events of it. The rules behind
them are those that recorded streams force, so every one of them stands here and not in a dialect's file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol, TypeAlias

import msgspec

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
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    Usage,
)
from sse_events.chat.json import is_arguments

# What a leaf may hold instead of the Struct that is hoped for, so that a wrong shape costs that field and no sibling.
Other: TypeAlias = list[Any] | str | int | float | bool | None

FINISH_WORDS: dict[str, FinishReason] = {
    **dict.fromkeys(("stop", "end_turn", "stop_sequence", "complete", "completed", "eos"), "stop"),
    **dict.fromkeys(
        ("length", "max_tokens", "model_length", "model_context_window_exceeded", "max_output_tokens"), "length"
    ),
    **dict.fromkeys(("tool_calls", "tool_use", "tool_call", "function_call"), "tool_calls"),
    **dict.fromkeys(
        (
            "content_filter",
            "safety",
            "recitation",
            "blocklist",
            "prohibited_content",
            "spii",
            "language",
            "image_safety",
            "refusal",
            "sensitive",
        ),
        "content_filter",
    ),
    **dict.fromkeys(
        (
            "error",
            "network_error",
            "insufficient_system_resource",
            "malformed_function_call",
            "unexpected_tool_call",
            "failed",
        ),
        "error",
    ),
}
_TOTALS = ("total_tokens", "totalTokenCount")
_CUT: frozenset[FinishReason] = frozenset(("length", "content_filter", "error"))


# Where the integers of a usage object are, by all the names that it goes by in the shapes of OpenAI and Anthropic.
USAGE_PATHS = frozenset(
    (
        "prompt_tokens",
        "input_tokens",
        "completion_tokens",
        "output_tokens",
        "total_tokens",
        "prompt_tokens_details.cached_tokens",
        "cached_tokens",
        "prompt_cache_hit_tokens",
        "cache_read_input_tokens",
        "input_tokens_details.cached_tokens",
        "prompt_tokens_details.cache_write_tokens",
        "input_tokens_details.cache_write_tokens",
        "cache_creation_input_tokens",
        "completion_tokens_details.reasoning_tokens",
        "reasoning_tokens",
        "output_tokens_details.reasoning_tokens",
        "output_tokens_details.thinking_tokens",
    )
)


class Payload(msgspec.Struct, gc=False):
    """Base of the payloads whose ``type`` says what they are; an error may stand beside what they say."""

    error: Any = None
    type: Any = None


class UntypedPayload(Payload, gc=False):
    """Base of the payloads that are known by their fields: with all that may report an error, see `find_error`."""

    object: Any = None
    error_type: Any = None
    error_message: Any = None
    success: Any = None
    base_resp: Any = None
    x_groq: Any = None
    detail: Any = None


class Dialect(NamedTuple):
    """One provider's shape of a stream; each dialect's file offers one, and stream.py lists them.

    Attributes:
        name: What ``ChatStream.dialect`` says.
        payload: The Struct that a payload is decoded into, with only the fields that are read.
        decides: Whether a decoded JSON object can only be of this dialect; None: it may be, if no other payload says
            what the stream is.
        read: Tells a turn what a payload says.
        usage: The usage, from the integers that `Turn.add_usage` gathered.
        sentinel: Whether ``[DONE]`` ends the stream.
        typed: Whether a payload's ``type`` says what it is. Then only those that `read` marks as `Turn.suspect`, or
            that have a field ``error``, are looked at for an error, and can end the stream. Otherwise all that have a
            field of `UntypedPayload` are looked at, and any can end it.
    """

    name: str
    payload: type[Payload]
    decides: Callable[[dict[str, Any]], bool | None]
    read: Callable[[Any, Turn], None]
    usage: Callable[[Mapping[str, int], dict[str, Any]], Usage]
    sentinel: bool
    typed: bool


class Values(Protocol):
    """Arguments that come as values and not as text, kept by their dialect."""

    def text(self) -> str:
        """The arguments as JSON."""


class Call:
    """A tool call that is being formed."""

    __slots__ = (
        "ended",
        "finish_words",
        "fragments",
        "given",
        "id",
        "index",
        "malformed",
        "malformed_before",
        "name",
        "open_ended",
        "started",
        "values",
    )

    def __init__(self, index: int, *, open_ended: bool, malformed_before: int) -> None:
        self.index = index
        self.id = ""
        self.name = ""
        self.open_ended = open_ended  # nothing but the end of the stream closes it
        self.fragments: list[str] = []  # joined once: linear however many come
        self.given = ""  # the arguments, if no fragment of them comes before the provider closes it
        self.values: Values | None = None  # the arguments, if they come as values: written when it ends
        self.started = False  # its ToolCallStart was sent
        self.ended = False  # its ToolCallEnd was sent
        self.finish_words = 0  # that had come before its last fragment
        self.malformed = False  # a piece of it was lost
        self.malformed_before = malformed_before  # payloads: one malformed since then may have been a fragment


class ChoiceState:
    """What is known of one choice, and the events that it makes."""

    __slots__ = (
        "calls",
        "calls_by_id",
        "calls_by_key",
        "closed_calls",
        "finish",
        "finish_words",
        "has_citation",
        "has_reasoning",
        "has_refusal",
        "has_signature",
        "has_text",
        "index",
        "turn",
    )

    def __init__(self, turn: Turn, index: int) -> None:
        self.turn = turn
        self.index = index
        # Whether any was sent: a snapshot of the whole message fills only what was not.
        self.has_text = False
        self.has_reasoning = False
        self.has_refusal = False
        self.has_signature = False
        self.has_citation = False
        self.calls: list[Call] = []
        self.closed_calls: list[Call] = []
        self.calls_by_id: dict[str, Call] = {}
        self.calls_by_key: dict[Any, Call] = {}  # by what the wire calls the slot
        self.finish: Finish | None = None
        self.finish_words = 0  # how often the provider said one

    def text(self, text: Any) -> None:
        """Visible text; what is no string, or empty, is ignored, here and below."""
        if type(text) is str and text:
            self.has_text = True
            self.turn.events.append(Token(text, self.index))

    def reasoning(self, text: Any) -> None:
        """Thinking text."""
        if type(text) is str and text:
            self.has_reasoning = True
            self.turn.events.append(Reasoning(text, self.index))

    def refusal(self, text: Any) -> None:
        """Text in which the model declines."""
        if type(text) is str and text:
            self.has_refusal = True
            self.turn.events.append(Refusal(text, self.index))

    def signature(self, signature: Any, *, redacted: bool = False, id: str = "", call: Call | None = None) -> None:
        """Opaque data to be sent back."""
        if type(signature) is str and signature:
            self.has_signature = True
            call_index = None if call is None else call.index
            self.turn.events.append(ReasoningSignature(signature, redacted, id, call_index, self.index))

    def citation(self, raw: Any, *, url: Any = "", title: Any = "", text: Any = "") -> None:
        """A source; the same address twice is one."""
        url = string(url)
        if url:
            if (self.index, url, string(text)) in self.turn.cited:
                return
            self.turn.cited.add((self.index, url, string(text)))
        self.has_citation = True
        self.turn.events.append(Citation(url, string(title), string(text), raw, self.index))

    def logprobs(self, content: Any) -> None:
        """Log probabilities, a list."""
        if type(content) is list and content:
            self.turn.events.append(Logprobs(content, self.index))

    def open_call(self, key: Any = None, *, id: str = "", name: str = "", open_ended: bool = False) -> Call:
        """A new call in the slot that the wire calls `key`, if it names one."""
        call = Call(len(self.calls), open_ended=open_ended, malformed_before=self.turn.malformed_payloads)
        self.calls.append(call)
        if key is not None:
            self.calls_by_key[key] = call
        self.feed_call(call, id=id, name=name)
        return call

    def feed_call(self, call: Call, arguments: str = "", *, id: str = "", name: str = "") -> None:
        """More of a call. An id and a name are set once; until the name is known everything is held back."""
        if id and not call.id:
            call.id = id
            self.calls_by_id[id] = call
        if name and not call.name:
            call.name = name
        if arguments:
            call.fragments.append(arguments)
            call.finish_words = self.finish_words
        if call.started:
            if arguments:
                self.turn.events.append(ToolCallArgs(call.index, arguments, self.index))
        elif call.name:
            self._start_call(call)

    def _start_call(self, call: Call) -> None:
        call.started = True
        self.turn.events.append(ToolCallStart(call.index, call.id, call.name, self.index))
        if call.fragments:
            self.turn.events.append(ToolCallArgs(call.index, "".join(call.fragments), self.index))

    def end_call(self, call: Call, *, whole: bool) -> None:
        """The call is over; `whole` says whether the provider finished it."""
        if call.ended:
            return
        if not call.started:
            self._start_call(call)
        if call.values is not None:
            values, call.values = call.values, None
            self.feed_call(call, values.text())
        call.ended = True
        arguments = "".join(call.fragments)
        untouched = not call.malformed and call.malformed_before == self.turn.malformed_payloads
        complete = whole and untouched and is_arguments(arguments)
        self.turn.events.append(ToolCallEnd(call.index, call.id, call.name, arguments, complete, self.index))

    def close_call(self, call: Call) -> None:
        """The provider closed a call, maybe because a limit cut it: the next event decides, by `settle_calls`."""
        self.closed_calls.append(call)

    def settle_calls(self, *, whole: bool) -> None:
        """What came next tells whether the calls that were closed are whole."""
        if self.closed_calls:
            closed, self.closed_calls = self.closed_calls, []
            for call in sorted(closed, key=lambda call: call.index):
                self.end_call(call, whole=whole)

    def finished(self, word: Any, reason: FinishReason | None = None) -> None:
        """The provider's finish word; what is no string, or empty, is ignored.

        Args:
            word: As the provider wrote it.
            reason: What it means where it was said, if not what it means elsewhere.
        """
        if type(word) is not str or not word:
            return
        reason = reason or FINISH_WORDS.get(word.lower(), "other")
        self.settle_calls(whole=reason not in _CUT)
        if reason == "stop" and self.calls:
            reason = "tool_calls"
        if self.index == 0 and reason != "error":
            self.turn.recovered()
        self.finish_words += 1
        finish = Finish(reason, word, self.index)
        if finish != self.finish:
            self.finish = finish
            self.turn.events.append(finish)

    def ended(self, *, terminal: bool, failed: bool) -> None:
        """The stream is over: end the calls that nothing has ended."""
        finish = self.finish
        if finish is not None and finish.reason == "stop" and self.calls:
            # The calls came after the word, which is to be read differently then.
            self.finish = Finish("tool_calls", finish.raw_reason, self.index)
            self.turn.events.append(self.finish)
        said = not failed and (terminal or finish is not None) and (finish is None or finish.reason not in _CUT)
        for call in self.calls:
            # After fragments that no finish word followed, more may have been to come.
            late = 0 < call.finish_words == self.finish_words and not terminal
            self.end_call(call, whole=said and call.open_ended and not late)


class Turn:
    """One assistant turn, as it comes in: what the payloads said so far, and the events still to be returned."""

    __slots__ = (
        "all_choices",
        "choices",
        "cited",
        "complete",
        "errors",
        "events",
        "failed",
        "first",
        "malformed_payloads",
        "nested",
        "over",
        "started",
        "suspect",
        "unresolved",
        "usage",
        "usage_raw",
    )

    def __init__(self, *, all_choices: bool) -> None:
        self.events: list[StreamEvent] = []
        self.all_choices = all_choices
        self.first = ChoiceState(self, 0)
        self.choices: dict[int, ChoiceState] = {0: self.first}
        self.started = False  # Start was sent
        self.complete = False  # the dialect's terminal signal came
        self.over = False  # and nothing after it is read
        self.failed = False  # the stream cannot be read, or the provider gave up
        self.suspect = False  # there may be an error in the payload just read
        self.nested: Any = None  # the error that the dialect found there
        self.malformed_payloads = 0
        self.unresolved = False  # a provider error came, and no proper end after it
        self.errors: set[tuple[ErrorKind, str]] = set()
        self.cited: set[tuple[int, str, str]] = set()
        self.usage: dict[str, int] = {}
        self.usage_raw: dict[str, Any] = {}

    def choice(self, index: Any) -> ChoiceState | None:
        """The choice of this index on the wire (missing, null or no integer: the first); None if it is not wanted."""
        if type(index) is float and index.is_integer():
            index = int(index)
        if type(index) is not int or index == 0:
            return self.first
        if not self.all_choices:
            return None
        choice = self.choices.get(index)
        if choice is None:
            choice = self.choices[index] = ChoiceState(self, index)
        return choice

    def start(self, id: Any, model: Any) -> None:
        """The names of the response, as far as they are known."""
        if not self.started and (string(id) or string(model)):
            self.started = True
            self.events.append(Start(string(id), string(model)))

    def add_usage(self, usage: Any, paths: frozenset[str]) -> None:
        """Merge a usage object: of every path (``"usage.field"``) the last integer wins, nothing is ever summed.

        An object of zeros only is ignored once anything is known: several providers send one before the end.
        """
        if type(usage) is dict:
            self.merge_usage(integers(usage, paths), usage)

    def merge_usage(self, found: dict[str, int], usage: dict[str, Any]) -> None:
        """Merge what was found in a usage object, as `add_usage` does."""
        # A total says nothing of its own, so it does not save an object of zeros.
        for path, number in found.items():
            if number and path not in _TOTALS:
                break
        else:
            if any(number and path not in _TOTALS for path, number in self.usage.items()):
                return
        self.usage.update(found)
        self.usage_raw.update(usage)

    def terminal(self) -> None:
        """The dialect's terminal signal, after which nothing follows."""
        self.complete = True
        self.over = True

    def recovered(self) -> None:
        """A proper end came: an error before it did not end the stream."""
        self.unresolved = False

    def malformed(self, message: str, raw: str) -> None:
        """A payload was no JSON; any call being formed may have lost a fragment."""
        self.malformed_payloads += 1
        self.events.append(Error("malformed_json", message, None, raw))

    def provider_error(self, error: Any, raw: str) -> None:
        """What the provider reported, in whatever shape; the same words twice are one Error."""
        self.unresolved = True
        message = error_message(error)
        if message is None:
            message = "the provider reported an error without a message"
        if ("provider", message) not in self.errors:
            self.errors.add(("provider", message))
            self.events.append(Error("provider", message, error_code(error), raw))

    def fail(self, kind: ErrorKind, message: str, raw: str = "", code: str | int | None = None) -> None:
        """The stream cannot be read (any further)."""
        self.failed = True
        self.events.append(Error(kind, message, code, raw))

    def end(self, count_usage: Callable[[Mapping[str, int], dict[str, Any]], Usage] | None) -> None:
        """The stream is over: what is still open ends, then Done."""
        failed = self.failed or self.unresolved
        for choice in self.choices.values():
            choice.ended(terminal=self.complete, failed=failed)
        finish = self.first.finish
        status: Status = "truncated"
        if failed:
            status = "error"
        elif self.complete:
            status = "complete"
        elif finish is not None:
            status = "finished"
        usage = count_usage(self.usage, self.usage_raw) if count_usage is not None else Usage()
        self.events.append(Done(status, finish.reason if finish is not None else None, usage))
        self.over = True


def find_error(payload: Mapping[str, Any], *, named_error: bool = False) -> Any:
    """What a payload of any dialect reports as an error, or None: the shapes seen in streams of status 200.

    Args:
        payload: The decoded JSON object.
        named_error: It came in an SSE event of type ``error``.
    """
    get = payload.get
    error = get("error")
    if error and type(error) in (str, dict):
        return error
    choices = get("choices")
    for choice in choices if type(choices) is list else ():
        if type(choice) is dict and choice.get("error"):
            return choice["error"]
    if named_error or get("type") == "error" or get("object") == "error":
        return payload
    if get("error_type") or get("error_message"):
        return {"message": get("error_message"), "code": get("error_type")}
    if get("success") is False:
        return payload
    base_resp = get("base_resp")  # MiniMax
    if type(base_resp) is dict and base_resp.get("status_code"):
        return {"message": base_resp.get("status_msg"), "code": base_resp["status_code"]}
    x_groq = get("x_groq")
    if type(x_groq) is dict and x_groq.get("error"):
        return x_groq["error"]
    if get("detail") and not any(key in payload for key in ("choices", "candidates", "type", "object", "event_type")):
        return payload
    return None


def error_message(error: Any) -> str | None:
    """What an error object says: itself if it is a string, else the first field that holds a message."""
    if type(error) is str:
        return error
    if isinstance(error, Mapping):
        for name in ("message", "error", "detail", "details", "error_message"):
            message = error.get(name)
            if type(message) is str:
                return message
            if isinstance(message, Mapping):
                inner = error_message(message)
                if inner is not None:
                    return inner
    return None


def error_code(error: Any) -> str | int | None:
    """The code of an error object as the provider sent it: its code, else the word for what kind of error it is."""
    if isinstance(error, Mapping):
        for name in ("code", "status_code", "type", "status"):
            code = error.get(name)
            if type(code) in (str, int) and code not in ("", "error"):
                return code
        return error_code(error.get("error"))
    return None


def string(value: Any) -> str:
    """`value` if it is a string, else ``""``."""
    return value if type(value) is str else ""


def integer(value: Any) -> int | None:
    """`value` if it is a whole number, else None; True is none."""
    if type(value) is float and value.is_integer():
        return int(value)
    return value if type(value) is int else None


def integers(value: Any, paths: frozenset[str]) -> dict[str, int]:
    """The whole numbers of an object at those of `paths` (``"field"``, ``"object.field"``) that lead to one."""
    found: dict[str, int] = {}
    for name, leaf in value.items() if type(value) is dict else ():
        kind = type(leaf)
        if kind is int:
            if name in paths:
                found[name] = leaf
        elif kind is dict:
            for inner, number in leaf.items():
                path = f"{name}.{inner}"
                if path in paths and integer(number) is not None:
                    found[path] = int(number)
        elif kind is float and name in paths and integer(leaf) is not None:
            found[name] = int(leaf)
    return found


def first(numbers: Mapping[str, int], *paths: str) -> int | None:
    """The first of `paths` that was sent, zero included."""
    return next((numbers[path] for path in paths if path in numbers), None)


def total(*parts: int | None) -> int | None:
    """The sum of what is known, if the first part is."""
    return None if parts[0] is None else sum(part or 0 for part in parts)


def count_usage(numbers: Mapping[str, int], raw: dict[str, Any]) -> Usage:
    """The usage by OpenAI's convention, which includes cached tokens in the prompt, by all names that it goes by."""
    return Usage(
        prompt_tokens=first(numbers, "prompt_tokens", "input_tokens"),
        completion_tokens=first(numbers, "completion_tokens", "output_tokens"),
        cached_tokens=first(
            numbers,
            "prompt_tokens_details.cached_tokens",
            "cached_tokens",
            "prompt_cache_hit_tokens",
            "cache_read_input_tokens",
            "input_tokens_details.cached_tokens",
        ),
        cache_write_tokens=first(
            numbers,
            "prompt_tokens_details.cache_write_tokens",
            "input_tokens_details.cache_write_tokens",
            "cache_creation_input_tokens",
        ),
        reasoning_tokens=first(
            numbers,
            "completion_tokens_details.reasoning_tokens",
            "reasoning_tokens",
            "output_tokens_details.reasoning_tokens",
            "output_tokens_details.thinking_tokens",
        ),
        total_tokens=first(numbers, "total_tokens"),
        raw=raw,
    )

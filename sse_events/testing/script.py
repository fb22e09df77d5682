"""The parts of a scripted turn, which tell a fake provider what to answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, get_args

import msgspec

from sse_events.chat.events import (
    Done,
    Error,
    Finish,
    FinishReason,
    Reasoning,
    ReasoningSignature,
    Start,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    Usage,
)
from sse_events.chat.json import is_json
from sse_events.chat.mistakes import check_choice_of_names
from sse_events.mistakes import check_type, wrong_type

# A fragment of arguments: short enough that any call has several of them.
_FRAGMENT_CHARS = 8


class Pause(msgspec.Struct, frozen=True):
    """The provider says nothing for some seconds."""

    seconds: float


class Cut(msgspec.Struct, frozen=True):
    """The answer stops here, or after some bytes of the body.

    Attributes:
        after: How many bytes of the body are sent; None to cut at the step's place in the turn.
        silent: The body ends as if it were whole. Otherwise the connection breaks.
    """

    after: int | None = None
    silent: bool = False


class Call(msgspec.Struct, frozen=True):
    """A tool call as `tool_call` describes it: its events are made when the turn is played."""

    name: str
    arguments: str
    id: str | None = None
    custom: bool = False


Step: TypeAlias = StreamEvent | Pause | Cut | Call
_STEPS: Any = get_args(Step)


class Turn(msgspec.Struct, frozen=True):
    """One scripted answer; `turn` makes it.

    Attributes:
        steps: What is sent, in order.
        finish: The finish reason; None: ``tool_calls`` if there is a call, else ``stop``.
        usage: The tokens that the answer reports.
        delay: Seconds before the answer begins.
        status: The HTTP status.
        headers: Headers of the answer, on top of the content type.
        error: The error that ends the stream, or that the body of a refusal reports.
    """

    steps: tuple[Step, ...] = ()
    finish: FinishReason | None = None
    usage: Usage = Usage(10, 20, total_tokens=30)
    delay: float = 0.0
    status: int = 200
    headers: dict[str, str] = {}
    error: Error | None = None


def text(content: str) -> list[Step]:
    """Visible text, streamed word by word.

    Raises:
        TypeError: `content` is not a str, and so for all words of a script.

    >>> text("It rains")
    [Token(text='It', choice=0), Token(text=' rains', choice=0)]
    """
    check_type("content", content, str, "a str")
    return [Token(word) for word in _words(content)]


def reasoning(content: str, signature: str = "") -> list[Step]:
    """Thinking text, streamed word by word, then its signature if there is one."""
    check_type("content", content, str, "a str")
    check_type("signature", signature, str, "a str")
    signed = [ReasoningSignature(signature)] if signature else []
    return [*(Reasoning(word) for word in _words(content)), *signed]


def tool_call(name: str, arguments: Mapping[str, Any] | str = "", *, id: str | None = None) -> list[Step]:
    """A tool call, its arguments streamed in fragments.

    Args:
        name: The tool's name.
        arguments: The arguments as a mapping, or as text, which is sent as it is, also if it is not JSON. An empty
            string is a call without arguments.
        id: The call's id, or None to make one. With ``""`` the call has no id, if the dialect allows that.
    """
    check_type("name", name, str, "a str", "the arguments come second")
    check_type("arguments", arguments, (str, Mapping), "a mapping, or its JSON text")
    written = arguments if isinstance(arguments, str) else msgspec.json.encode(arguments).decode()
    return [Call(name, written, id)]


def custom_tool_call(name: str, input: str, *, id: str | None = None) -> list[Step]:
    """A call of a custom tool, whose input is free text. Dialects without custom tools send it as JSON."""
    check_type("name", name, str, "a str")
    check_type("input", input, str, "a str", "use tool_call for arguments")
    return [Call(name, input, id, custom=True)]


def pause(seconds: float) -> list[Step]:
    """A silence in the stream."""
    _check_from_zero("seconds", seconds, (int, float), "a number of seconds")
    return [Pause(seconds)]


def cut(after: int | None = None, *, silent: bool = False) -> list[Step]:
    """The end of the answer before it is complete.

    Args:
        after: How many bytes of the body are sent; None to cut at the step's place in the turn.
        silent: The body ends without an error, as if a proxy closed the response properly. Otherwise the connection
            breaks, and the client raises.
    """
    if after is not None:
        _check_from_zero("after", after, int, "a number of bytes, or None")
    return [Cut(after, silent)]


def turn(
    *steps: str | Step | Iterable[Step],
    finish: FinishReason | None = None,
    usage: Usage | None = None,
    delay: float = 0.0,
    status: int = 200,
    error: str | Error = "",
    retry_after: float | None = None,
    headers: Mapping[str, str] | None = None,
    cut_after: int | None = None,
) -> Turn:
    """One scripted answer.

    Args:
        steps: What the answer says: strings (the same as `text`), what `text`, `reasoning`, `tool_call`, `pause` and
            `cut` return, and StreamEvents. Start, Finish and Done are added if they are missing.
        finish: The finish reason. With ``length`` and ``content_filter`` the last tool call counts as cut.
        usage: The tokens that the answer reports.
        delay: Seconds before the answer begins.
        status: An HTTP status other than 200 refuses the request, with an error body of the dialect.
        error: With status 200 the stream fails with this error after the steps; otherwise it is the refusal's message.
            A string, or an Error with a code.
        retry_after: Seconds, sent as the Retry-After header.
        headers: More headers.
        cut_after: The connection breaks after so many bytes of the body; the same as a step ``cut(after=...)``.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `finish` is not a finish reason, or a number is negative.

    >>> turn(text("Hel"), error=Error("provider", "Overloaded", 529)).error.code
    529
    """
    if finish is not None:
        check_choice_of_names("finish", finish, get_args(FinishReason))
    if usage is not None:
        check_type("usage", usage, Usage, "a Usage", "write Usage(prompt_tokens, completion_tokens)")
    if retry_after is not None:
        _check_from_zero("retry_after", retry_after, (int, float), "a number of seconds, or None")
    _check_from_zero("delay", delay, (int, float), "a number of seconds")
    check_type("status", status, int, "an int")
    check_type("error", error, (str, Error), "a str or an Error")
    flat: list[Step] = []
    for step in steps:
        flat += _steps(step)
    if cut_after is not None:
        _check_from_zero("cut_after", cut_after, int, "a number of bytes, or None")
        flat += cut(after=cut_after)
    sent = dict(headers or {})
    if retry_after is not None:
        sent["retry-after"] = f"{retry_after:g}"
    failure = (Error("provider", error) if error else None) if isinstance(error, str) else error
    return Turn(tuple(flat), finish, usage or Turn().usage, delay, status, sent, failure)


def _steps(step: Any) -> list[Step]:
    """One argument of `turn`: a string, a step, or several."""
    if isinstance(step, str):
        return text(step)
    if isinstance(step, _STEPS):
        return [step]
    expected = "strings, StreamEvents, or what text(), tool_call() and the like return"
    if isinstance(step, Mapping) or not isinstance(step, Iterable):
        raise wrong_type("steps", step, expected)
    return [one for several in step for one in _steps(several)]


def _check_from_zero(argument: str, value: Any, kind: Any, expected: str) -> None:
    check_type(argument, value, kind, expected)
    if not value >= 0:
        raise ValueError(f"{argument} must not be negative, but is {value!r}")


def play(turn: Turn, *, id: str, model: str) -> list[StreamEvent | Pause | Cut]:
    """The events of a turn, with what the script left out: Start, ids, the ends of the calls, Finish, Done.

    Args:
        turn: The script.
        id: The id of the response; the ids of the calls are made from it.
        model: The model that the request asked for.
    """
    played: list[StreamEvent | Pause | Cut] = []
    reason = turn.finish or _usual_reason(turn.steps)
    last_call = max((place for place, step in enumerate(turn.steps) if isinstance(step, Call)), default=None)
    if not any(isinstance(step, Start) for step in turn.steps):
        played.append(Start(id, model))
    index = 0
    for place, step in enumerate(turn.steps):
        if isinstance(step, Call):
            whole = place != last_call or reason not in ("length", "content_filter", "error")
            played += _call_events(step, index, f"call_{id}_{index}" if step.id is None else step.id, whole)
            index += 1
        else:
            played.append(step)
            index += isinstance(step, ToolCallStart)
    if not any(isinstance(step, Done) for step in turn.steps):
        played += _end(turn, reason)
    return played


def _usual_reason(steps: tuple[Step, ...]) -> FinishReason:
    return "tool_calls" if any(isinstance(step, Call | ToolCallStart) for step in steps) else "stop"


def _call_events(call: Call, index: int, id: str, whole: bool) -> list[StreamEvent]:
    complete = whole and (call.custom or is_json(call.arguments or "{}"))
    fragments = [
        ToolCallArgs(index, call.arguments[start : start + _FRAGMENT_CHARS])
        for start in range(0, len(call.arguments), _FRAGMENT_CHARS)
    ]
    return [
        ToolCallStart(index, id, call.name, custom=call.custom),
        *fragments,
        ToolCallEnd(index, id, call.name, call.arguments, complete, custom=call.custom),
    ]


def _end(turn: Turn, reason: FinishReason) -> list[StreamEvent]:
    if turn.error is not None:
        return [turn.error, Done("error")]
    # A Finish in the script is used as it is. The encoder always writes the dialect's own word for it.
    given = [step for step in turn.steps if isinstance(step, Finish)]
    ends: list[StreamEvent] = [] if given else [Finish(reason, reason)]
    last = given[-1].reason if given else reason
    return [*ends, Done("error" if last == "error" else "complete", last, turn.usage)]


def _words(content: str) -> list[str]:
    return re.findall(r"\s*\S+|\s+$", content)

"""Chat events for tests: Hypothesis strategies for whole and broken answers, and their bytes in any dialect."""

from __future__ import annotations

import json
from collections.abc import Iterable

import msgspec
from hypothesis import strategies as st

from sse_events.chat.encoder import ChatEncoder
from sse_events.chat.events import (
    Citation,
    Done,
    Error,
    Finish,
    FinishReason,
    Logprobs,
    Reasoning,
    ReasoningSignature,
    Refusal,
    Start,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    Usage,
)
from sse_events.mistakes import check_type
from sse_events.testing.answers import stream
from sse_events.testing.script import Turn, play

__all__ = ["broken_turns", "encode_turn", "turns"]

# Line ends of every standard, what JSON escapes, and characters of two to four bytes. The alphabet is short because
# Hypothesis needs two seconds to prepare that of all characters, and then reports that the test is slow.
_CHARACTERS = 'aZ0 "\\{}[]:,\r\n\t\0\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\ufeff\ufffdé€😀'
_TEXTS = st.text(_CHARACTERS, min_size=1, max_size=12) | st.sampled_from(
    ["\r\ndata: [DONE]\r\n\r\n", "\n\nevent: error\n", "\ud800", '"}\\']
)
_NAMES = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=8)
_VALUES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(_CHARACTERS, max_size=6)
_ARGUMENTS = st.dictionaries(st.text(_CHARACTERS, max_size=4), _VALUES | st.lists(_VALUES, max_size=2), max_size=2).map(
    lambda value: json.dumps(value, ensure_ascii=False)
) | st.sampled_from(["", "{}", ' {"a": "}\\""} ', '{"deep": [[{"}": "]"}]]}'])
_LOGPROB = st.builds(
    lambda token, logprob: {"token": token, "logprob": logprob, "bytes": None, "top_logprobs": []},
    st.text("abc ", min_size=1, max_size=4),
    st.floats(-10, 0),
)


def encode_turn(
    dialect: str, events: Turn | Iterable[StreamEvent], *, id: str = "turn-1", model: str = "model", usage: bool = True
) -> bytes:
    r"""The body of the stream that a provider of `dialect` sends for `events`.

    Args:
        dialect: The dialect to write, as for `ChatEncoder`.
        events: A scripted turn, without its delays, or the events of an answer. If the events have no Done, the body
            says that the answer was cut.
        id: The id of the response.
        model: The model.
        usage: As for `ChatEncoder`.

    >>> from sse_events.chat import ChatStream
    >>> ChatStream("anthropic").feed(encode_turn("anthropic", [Token("Hi"), Done("complete")]))[1]
    Token(text='Hi', choice=0)
    """
    encoder = ChatEncoder(dialect, id=id, model=model, usage=usage)
    if isinstance(events, Turn):
        return stream(play(events, id=id, model=model), encoder).body
    check_type("events", events, Iterable, "a Turn or an iterable of StreamEvents", "use [event]")
    written = [encoder.encode(event) for event in events]
    return b"".join([*written, encoder.close()])


def turns(*, choices: int = 1) -> st.SearchStrategy[list[StreamEvent]]:
    """The events of answers that ended properly: `Done.ok` is True.

    Their order is one that some provider sends. Calls come one after another, or their fragments are mixed with text
    and other calls. Each call ends at once or at the end of the answer. Several choices are mixed.

    Args:
        choices: How many choices there are.

    >>> from hypothesis import given
    >>> from sse_events.chat import collect
    >>> @given(turns())
    ... def test_fold(events):
    ...     assert events[-1].ok and collect(events).status == events[-1].status
    >>> test_fold()
    """
    return _turn(choices)


def broken_turns() -> st.SearchStrategy[list[StreamEvent]]:
    """The events of answers that did not end properly: cut off, failed, or with a payload that could not be read.

    If there is a Done, its `ok` is False. Calls that were open when the answer broke are not complete.
    """
    return _broken_turn()


@st.composite
def _turn(draw: st.DrawFn, choices: int) -> list[StreamEvent]:
    lanes = [draw(_choice(number)) for number in range(choices)]
    events = _merge(draw, lanes)
    last = next(event.reason for event in reversed(lanes[0]) if isinstance(event, Finish))
    start = draw(st.sampled_from([[], [Start("up", "model")], [Start("", "model")]]))
    return [*start, *events, Done("complete" if draw(st.booleans()) else "finished", last, draw(_usage()))]


@st.composite
def _choice(draw: st.DrawFn, choice: int) -> list[StreamEvent]:
    """The content of one choice, its Finish, and the ends of its calls."""
    kinds = draw(st.lists(st.sampled_from(["text", "reasoning", "refusal", "call", "call", "other"]), max_size=4))
    reason: FinishReason = draw(st.sampled_from(["stop", "length", "content_filter", "other"]))
    if "call" in kinds and reason == "stop":
        reason = "tool_calls"
    cut = reason in ("length", "content_filter")
    last_call = max((place for place, kind in enumerate(kinds) if kind == "call"), default=None)
    parts: list[list[StreamEvent]] = []
    ends: list[StreamEvent] = []
    for place, kind in enumerate(kinds):
        if kind != "call":
            parts.append(draw(_part(kind, choice)))
            continue
        part, end = draw(_call(kinds[:place].count("call"), choice, cut and place == last_call))
        parts.append(part)
        if draw(st.booleans()) and end.complete:
            part.append(end)
        else:
            ends.append(end)
    said = _merge(draw, parts) if draw(st.booleans()) else [event for part in parts for event in part]
    finish = Finish(reason, reason, choice)
    return _numbered([*said, *ends, finish] if draw(st.booleans()) else [*said, finish, *ends])


def _numbered(events: list[StreamEvent]) -> list[StreamEvent]:
    """The events, with the calls numbered by when they begin."""
    begun = [event.index for event in events if isinstance(event, ToolCallStart)]
    numbers = {index: number for number, index in enumerate(begun)}
    return [
        msgspec.structs.replace(event, index=numbers[event.index])
        if isinstance(event, ToolCallStart | ToolCallArgs | ToolCallEnd)
        else event
        for event in events
    ]


@st.composite
def _part(draw: st.DrawFn, kind: str, choice: int) -> list[StreamEvent]:
    texts = draw(st.lists(_TEXTS, min_size=1, max_size=2))
    if kind == "text":
        return [Token(text, choice) for text in texts]
    if kind == "refusal":
        return [Refusal(text, choice) for text in texts]
    if kind == "reasoning":
        redacted = draw(st.booleans())
        said = [] if redacted else [Reasoning(text, choice) for text in texts]
        signed = (
            [ReasoningSignature("c2lnbmF0dXJl", redacted, choice=choice)] if redacted or draw(st.booleans()) else []
        )
        return [*said, *signed]
    if draw(st.booleans()):
        return [Token(texts[0], choice), Logprobs(draw(st.lists(_LOGPROB, max_size=2)), choice)]
    return [Token(texts[0], choice), Citation("https://a.test/", draw(_TEXTS), draw(_TEXTS), None, choice)]


@st.composite
def _call(draw: st.DrawFn, index: int, choice: int, cut: bool) -> tuple[list[StreamEvent], ToolCallEnd]:
    custom = draw(st.booleans())
    text = draw(_TEXTS if custom else _ARGUMENTS)
    if cut:
        text = text[: draw(st.integers(0, len(text)))]
    name, id = draw(_NAMES), draw(st.sampled_from([f"call_{choice}_{index}", ""]))
    cuts = sorted(draw(st.lists(st.integers(1, max(1, len(text) - 1)), max_size=3)))
    pieces = [text[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    fragments = [ToolCallArgs(index, piece, choice) for piece in pieces if piece]
    begun = ToolCallStart(index, id, name, choice, custom)
    return [begun, *fragments], ToolCallEnd(index, id, name, text, not cut, choice, custom)


def _usage() -> st.SearchStrategy[Usage]:
    return st.just(Usage()) | st.builds(
        lambda prompt, completion, cached, reasoning: Usage(prompt, completion, cached, None, reasoning),
        st.integers(100, 2**31),
        st.integers(100, 2**31),
        st.none() | st.integers(0, 100),
        st.none() | st.integers(0, 100),
    )


def _merge(draw: st.DrawFn, lanes: list[list[StreamEvent]]) -> list[StreamEvent]:
    """All the events, in any order that keeps the order of each lane."""
    rest = [list(reversed(lane)) for lane in lanes if lane]
    merged: list[StreamEvent] = []
    while rest:
        lane = rest[draw(st.integers(0, len(rest) - 1))]
        merged.append(lane.pop())
        rest = [lane for lane in rest if lane]
    return merged


@st.composite
def _broken_turn(draw: st.DrawFn) -> list[StreamEvent]:
    whole = draw(_turn(1))
    kind = draw(st.sampled_from(["truncated", "error", "no Done", "malformed", "finish"]))
    *events, done = whole
    if kind == "malformed":
        return [*events, msgspec.structs.replace(done, malformed=1)]
    if kind == "finish":
        kept = [event for event in events if not isinstance(event, Finish)]
        return [*kept, Finish("error", "network_error"), Done("error", "error")]
    said: list[StreamEvent] = [event for event in events if not isinstance(event, Finish)]
    said = said[: draw(st.integers(0, len(said)))]
    if kind == "no Done":
        return said
    codes: list[str | int | None] = [429, 529, "overloaded_error", None]
    reported = [Error("provider", draw(_TEXTS), draw(st.sampled_from(codes)))] if kind == "error" else []
    return [*said, *reported, *_open_calls(said), Done("error" if kind == "error" else "truncated")]


def _open_calls(events: list[StreamEvent]) -> list[StreamEvent]:
    """A ToolCallEnd that is not complete for each call that `events` began and did not end."""
    begun = {event.index: event for event in events if isinstance(event, ToolCallStart)}
    for event in events:
        if isinstance(event, ToolCallEnd):
            del begun[event.index]
    arguments = {
        index: "".join(event.args_chunk for event in events if isinstance(event, ToolCallArgs) and event.index == index)
        for index in begun
    }
    return [
        ToolCallEnd(call.index, call.id, call.name, arguments[index], False, custom=call.custom)
        for index, call in begun.items()
    ]

"""Hypothesis strategies for the events of a turn: those that a provider's reader could return, and broken ones."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from sse_events.chat import (
    Citation,
    Done,
    Error,
    Finish,
    Logprobs,
    Raw,
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

NASTY = '\r\n\0\x85\u2028\u2029\ud800\ufeff"\\{}[]:<é🦊 '
texts = st.text(st.sampled_from(NASTY + "abcdefgh"), min_size=1, max_size=8)
names = st.text(st.sampled_from("abc_"), min_size=1, max_size=8)
_words = {
    "stop": ("stop", "end_turn", "STOP", "COMPLETE"),
    "tool_calls": ("tool_calls", "tool_use", "stop", "STOP"),
    "length": ("length", "max_tokens", "MAX_TOKENS"),
    "content_filter": ("content_filter", "refusal", "SAFETY"),
    "error": ("error", "network_error"),
    "other": ("pause_turn", "odd"),
}
_plain = st.text(st.sampled_from('ab"\\{}[]\n\u2028é🦊'), max_size=4)
_leaves = st.none() | st.booleans() | st.integers(-9, 9) | _plain | st.sampled_from(['"', "\\", '{"', "}]"])
_values = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_plain, inner, max_size=2), max_leaves=4
)


@st.composite
def fragments(draw: st.DrawFn, text: str) -> list[str]:
    """`text` in pieces that are not empty."""
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(text) - 1)), max_size=4)))
    pieces = [text[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    return [piece for piece in pieces if piece]


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    """Counts that add up, or none."""
    if draw(st.booleans()):
        return Usage()
    cached, written, prompt, reasoning, completion = draw(st.lists(st.integers(1, 50), min_size=5, max_size=5))
    return Usage(
        prompt_tokens=prompt + cached + written,
        completion_tokens=completion + reasoning,
        cached_tokens=cached,
        cache_write_tokens=written,
        reasoning_tokens=reasoning,
        total_tokens=prompt + cached + written + completion + reasoning,
    )


@st.composite
def _call(draw: st.DrawFn, index: int, choice: int, cut: bool) -> tuple[list[StreamEvent], ToolCallEnd]:
    """A call's events without its end, and its end."""
    custom = draw(st.integers(0, 5)) == 0
    # Two calls of the same id are one to a reader.
    id = draw(st.sampled_from(["", f"call_{choice}_{index}", f"x{choice}{index} é\n"]))
    name = draw(names)
    if custom:
        arguments = draw(texts)
    else:
        value: Any = draw(st.dictionaries(_plain, _values, max_size=3))
        arguments = draw(st.sampled_from([json.dumps(value), json.dumps(value, indent=1, ensure_ascii=False), ""]))
    if cut:
        arguments = arguments[: draw(st.integers(0, len(arguments)))]
    events: list[StreamEvent] = [ToolCallStart(index, id, name, choice, custom)]
    if draw(st.integers(0, 4)) == 0:
        events.append(ReasoningSignature("c2ln", call_index=index, choice=choice))
    events += [ToolCallArgs(index, piece, choice) for piece in draw(fragments(arguments))]
    return events, ToolCallEnd(index, id, name, arguments, not cut, choice, custom)


@st.composite
def _parts(draw: st.DrawFn, choice: int, cut: bool) -> tuple[list[StreamEvent], list[StreamEvent]]:
    """The events of a choice's parts, and the ends of the calls that the end of the stream ends."""
    lanes: list[list[StreamEvent]] = []
    ends: list[StreamEvent] = []
    count = draw(st.integers(0, 5))
    index = 0
    for place in range(count):
        kind = draw(st.sampled_from(["text", "reasoning", "redacted", "refusal", "call", "call", "note"]))
        if kind == "call":
            events, end = draw(_call(index, choice, cut and place == count - 1))
            index += 1
            if end.complete and draw(st.booleans()):
                events.append(end)
            else:
                ends.append(end)
            lanes.append(events)
        elif kind == "redacted":
            lanes.append([ReasoningSignature(draw(st.sampled_from(["ZW5j", "?"])), redacted=True, choice=choice)])
        elif kind == "note":
            note: StreamEvent = Citation(f"https://{choice}.{place}", draw(_plain), draw(_plain), {"x": 1}, choice)
            lanes.append([draw(st.sampled_from([note, Logprobs([{"token": "a", "logprob": -1}], choice)]))])
        else:
            make: Any = {"text": Token, "reasoning": Reasoning, "refusal": Refusal}[kind]
            lane: list[StreamEvent] = [make(text, choice) for text in draw(st.lists(texts, min_size=1, max_size=3))]
            if kind == "reasoning" and draw(st.booleans()):
                lane.append(ReasoningSignature("c2lnbmF0dXJl", id=draw(st.sampled_from(["", "rs_1"])), choice=choice))
            lanes.append(lane)
    # Calls go on while other parts come, as several providers send them; the other parts come in one piece.
    events, opened = [], []
    for lane in lanes:
        if isinstance(lane[0], ToolCallStart):
            opened.append(lane)
            events.append(lane.pop(0))
        while lane or (opened and draw(st.booleans())):
            source = draw(st.sampled_from(opened)) if opened and (not lane or draw(st.booleans())) else lane
            if source:
                events.append(source.pop(0))
            opened = [rest for rest in opened if rest]
            if lane and isinstance(lane[0], (ToolCallArgs, ToolCallEnd)) and draw(st.booleans()):
                break
    for lane in opened:
        events += lane
    return events, ends


@st.composite
def turns(draw: st.DrawFn, *, outcome: str | None = None, choices: int | None = None) -> list[StreamEvent]:
    """The events of a turn, Done the last.

    Args:
        draw: Hypothesis's.
        outcome: ``"ok"``, ``"cut"``, ``"error"``, ``"truncated"`` or ``"malformed"``; any of them by default.
        choices: How many; one to three by default.
    """
    outcome = outcome or draw(st.sampled_from(["ok", "ok", "cut", "error", "truncated", "malformed"]))
    count = choices or draw(st.sampled_from([1, 1, 1, 2, 3]))
    last_cut = outcome in ("cut", "truncated") or (outcome == "error" and draw(st.booleans()))
    lanes = []
    ends: list[StreamEvent] = []
    reasons: list[str] = []
    for choice in range(count):
        events, late = draw(_parts(choice, last_cut))
        lanes.append(events)
        if outcome in ("truncated", "error"):
            late = [_incomplete(end) for end in late]
        ends += late
        calls = any(isinstance(event, ToolCallStart) for event in events)
        reason = "tool_calls" if calls else draw(st.sampled_from(["stop", "stop", "other"]))
        if outcome == "cut":
            reason = draw(st.sampled_from(["length", "content_filter"]))
        reasons.append("error" if outcome == "error" and draw(st.booleans()) else reason)
    turn: list[StreamEvent] = [Start("up", "upstream")] if draw(st.booleans()) else []
    while any(lanes):
        turn.append(draw(st.sampled_from([lane for lane in lanes if lane])).pop(0))
    if outcome in ("error", "malformed") or draw(st.integers(0, 9)) == 0:
        kind: Any = "malformed_json" if outcome == "malformed" else "provider"
        code = draw(st.none() | st.integers(0, 600) | texts)
        turn.insert(draw(st.integers(0, len(turn))), Error(kind, draw(texts), code, "{}"))
    if draw(st.integers(0, 9)) == 0:
        turn.insert(draw(st.integers(0, len(turn))), Raw({"x": 1}))
    finishes: list[StreamEvent] = []
    if outcome != "truncated":
        finishes = [
            Finish(reason, draw(st.sampled_from(_words[reason])), choice)  # type: ignore[arg-type]
            for choice, reason in enumerate(reasons)
        ]
    tail = finishes + ends if draw(st.booleans()) else ends + finishes
    usage = draw(usages())
    last: Any = reasons[0] if finishes else None
    if outcome == "truncated":
        done = Done("truncated", None, usage)
    elif outcome == "error":
        done = Done("error", last, usage)
    else:
        done = Done(draw(st.sampled_from(["complete", "finished"])), last, usage, int(outcome == "malformed"))
    return [*turn, *tail, done]


def _incomplete(end: StreamEvent) -> StreamEvent:
    assert isinstance(end, ToolCallEnd)
    return ToolCallEnd(end.index, end.id, end.name, end.arguments, False, end.choice, end.custom)


@st.composite
def broken_turns(draw: st.DrawFn) -> list[StreamEvent]:
    """A turn whose events are lost, sent twice, or out of place."""
    turn = draw(turns())
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(turn) - 1))
        change = draw(st.sampled_from(["lose", "twice", "move"]))
        event = turn[place]
        if change != "twice":
            del turn[place]
        if change != "lose":
            turn.insert(draw(st.integers(0, len(turn))), event)
        if not turn:
            break
    return turn

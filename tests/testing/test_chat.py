"""The strategies for turns, and encode_turn."""

from __future__ import annotations

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from sse_events.chat import ChatStream, Done, Finish, Token, ToolCallArgs, ToolCallEnd, ToolCallStart, collect
from sse_events.testing import broken_turns, encode_turn, turns


def read(body, dialect="openai"):
    stream = ChatStream(dialect)
    return collect([*stream.feed(body), *stream.close()])


def check_order(events):
    """What every sequence keeps: calls begin, get arguments and end once; Done is last."""
    begun: dict[tuple[int, int], str] = {}
    ended: dict[tuple[int, int], ToolCallEnd] = {}
    for event in events:
        if isinstance(event, ToolCallStart):
            assert (event.choice, event.index) not in begun
            assert event.index == sum(choice == event.choice for choice, _ in begun)
            begun[event.choice, event.index] = ""
        elif isinstance(event, ToolCallArgs):
            assert (event.choice, event.index) not in ended
            begun[event.choice, event.index] += event.args_chunk
        elif isinstance(event, ToolCallEnd):
            assert begun[event.choice, event.index] == event.arguments
            ended[event.choice, event.index] = event
    assert not any(isinstance(event, Done) for event in events[:-1])
    return begun, ended


@settings(max_examples=400)  # calls that begin in another order than they were drawn in are rare
@given(st.integers(1, 3).flatmap(lambda choices: turns(choices=choices)))
def test_turns_end_properly(events):
    begun, ended = check_order(events)
    assert begun.keys() == ended.keys()
    done = events[-1]
    assert done.ok
    finishes = {event.choice: event.reason for event in events if isinstance(event, Finish)}
    assert done.finish_reason == finishes[0]
    for (choice, _), end in ended.items():
        assert end.complete or finishes[choice] in ("length", "content_filter")


@given(broken_turns())
def test_broken_turns_are_not_ok(events):
    begun, ended = check_order(events)
    if events and isinstance(events[-1], Done):
        assert not events[-1].ok
        assert begun.keys() == ended.keys()


@pytest.mark.parametrize("dialect", ["openai", "anthropic", "responses", "gemini", "interactions", "cohere"])
@given(data=st.data())
def test_every_dialect_writes_them(dialect, data):
    """A whole turn is read back as whole, unless its dialect treats it as failed. A broken turn never is."""
    events = data.draw(turns())
    status = read(encode_turn(dialect, events), dialect).status
    if not (dialect in ("cohere", "interactions") and events[-1].finish_reason == "content_filter"):
        assert status == "complete"
    assert read(encode_turn(dialect, data.draw(broken_turns())), dialect).status == "error"


UNSHRUNK = settings(phases=[Phase.generate], max_examples=2000, database=None)

WANTED = {
    "interleaved calls": lambda events: _calls_overlap(events),
    "a cut call": lambda events: any(isinstance(e, ToolCallEnd) and not e.complete for e in events),
    "a custom call": lambda events: any(isinstance(e, ToolCallStart) and e.custom for e in events),
    "a call without an id": lambda events: any(isinstance(e, ToolCallStart) and not e.id for e in events),
    "ends after the finish": lambda events: _ends_late(events),
    "text that looks like SSE": lambda events: any(isinstance(e, Token) and "data:" in e.text for e in events),
}


def _calls_overlap(events):
    last = -1
    for event in events:
        if isinstance(event, ToolCallArgs):
            if event.index < last:
                return True
            last = event.index
    return False


def _ends_late(events):
    finish = next(at for at, event in enumerate(events) if isinstance(event, Finish))
    return any(isinstance(event, ToolCallEnd) for event in events[finish:])


@pytest.mark.parametrize("wanted", WANTED.values(), ids=WANTED)
def test_turns_have_what_providers_do(wanted):
    find(turns(), wanted, settings=UNSHRUNK)


BROKEN = {
    "no Done": lambda events: not events or not isinstance(events[-1], Done),
    "truncated": lambda events: bool(events) and isinstance(events[-1], Done) and events[-1].status == "truncated",
    "error": lambda events: any(getattr(event, "code", None) == 529 for event in events),
    "malformed": lambda events: bool(events) and isinstance(events[-1], Done) and events[-1].malformed == 1,
    "finish word": lambda events: bool(events) and getattr(events[-1], "finish_reason", None) == "error",
    "an open call": lambda events: any(isinstance(e, ToolCallEnd) and not e.complete for e in events),
}


@pytest.mark.parametrize("wanted", BROKEN.values(), ids=BROKEN)
def test_broken_turns_have_what_goes_wrong(wanted):
    find(broken_turns(), wanted, settings=UNSHRUNK)


def test_encode_turn_takes_its_names():
    body = encode_turn("openai", [Token("Hi"), Done("complete")], id="x-1", model="mine", usage=False)
    message = read(body)
    assert (message.id, message.model, message.text, message.status) == ("x-1", "mine", "Hi", "complete")
    assert b'"usage"' not in body


def test_encode_turn_closes_what_has_no_end():
    assert read(encode_turn("openai", [Token("Hi")])).status == "error"

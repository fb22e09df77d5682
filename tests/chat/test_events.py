"""The vocabulary: frozen, tagged values."""

from __future__ import annotations

import gc
from typing import get_args

import msgspec
import pytest

import sse_events.chat
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

NOTHING = (
    '{"prompt_tokens":null,"completion_tokens":null,"cached_tokens":null,"cache_write_tokens":null,'
    '"reasoning_tokens":null,"total_tokens":null,"raw":{}}'
)

# Each event with nothing but what it must be told, and its JSON.
TABLE = [
    (Start(), '{"type":"start","id":"","model":""}'),
    (Token("a"), '{"type":"token","text":"a","choice":0}'),
    (Reasoning("a"), '{"type":"reasoning","text":"a","choice":0}'),
    (
        ReasoningSignature("S"),
        '{"type":"reasoning_signature","signature":"S","redacted":false,"id":"","call_index":null,"choice":0}',
    ),
    (Refusal("a"), '{"type":"refusal","text":"a","choice":0}'),
    (ToolCallStart(1, "i", "f"), '{"type":"tool_call_start","index":1,"id":"i","name":"f","choice":0,"custom":false}'),
    (ToolCallArgs(1, "{"), '{"type":"tool_call_args","index":1,"args_chunk":"{","choice":0}'),
    (
        ToolCallEnd(1, "i", "f", "{}", True),
        '{"type":"tool_call_end","index":1,"id":"i","name":"f","arguments":"{}","complete":true,"choice":0,"custom":false}',
    ),
    (Citation(), '{"type":"citation","url":"","title":"","text":"","raw":null,"choice":0}'),
    (Logprobs([1]), '{"type":"logprobs","content":[1],"choice":0}'),
    (Finish("stop", "STOP"), '{"type":"finish","reason":"stop","raw_reason":"STOP","choice":0}'),
    (Error("provider", "m"), '{"type":"error","kind":"provider","message":"m","code":null,"raw":""}'),
    (Raw({"a": 1}), '{"type":"raw","data":{"a":1}}'),
    (
        Done("complete"),
        '{"type":"done","status":"complete","finish_reason":null,"usage":' + NOTHING + ',"malformed":0}',
    ),
]
EVENTS = [event for event, _ in TABLE]


def named(event):
    return type(event).__name__


@pytest.mark.parametrize(("event", "text"), TABLE, ids=[named(event) for event in EVENTS])
def test_json_and_back(event, text):
    """`type` is the tag of the union."""
    assert msgspec.json.encode(event).decode() == text
    assert msgspec.json.decode(text, type=StreamEvent) == event


@pytest.mark.parametrize("event", EVENTS, ids=named)
def test_frozen(event):
    for field in event.__struct_fields__:
        with pytest.raises(AttributeError):
            setattr(event, field, None)


@pytest.mark.parametrize("event", EVENTS, ids=named)
def test_exported(event):
    assert named(event) in sse_events.chat.__all__


def test_the_union_has_them_all():
    assert set(get_args(StreamEvent)) == {type(event) for event in EVENTS}
    assert len(EVENTS) == 14


def test_leaves_are_not_tracked_by_the_garbage_collector():
    """It is what makes them cheap; those that hold the provider's own objects have to be."""
    assert {named(event) for event in EVENTS if gc.is_tracked(event)} <= {"Citation", "Logprobs", "Raw", "Done"}
    assert {
        named(event) for event in [Citation(raw={"a": []}), Logprobs([[]]), Raw({"a": []})] if gc.is_tracked(event)
    } == {
        "Citation",
        "Logprobs",
        "Raw",
    }


@pytest.mark.parametrize(
    ("status", "ok"), [("complete", True), ("finished", True), ("truncated", False), ("error", False)]
)
def test_ok(status, ok):
    assert Done(status).ok is ok


def test_done_gives_the_tokens():
    done = Done("complete", "stop", Usage(prompt_tokens=1, completion_tokens=2, cached_tokens=3))
    assert (done.prompt_tokens, done.completion_tokens, done.cached_tokens) == (1, 2, 3)
    assert (Done("complete").prompt_tokens, Done("complete").usage) == (None, Usage())


def test_usage_objects_do_not_share_their_raw():
    one, other = Usage(), Usage()
    one.raw["a"] = 1
    assert other.raw == {}

"""Responses' output items: each part of an item is returned once."""

from __future__ import annotations

from sse_events.chat import ChatStream, Done, Token
from tests.chat.cases import read, sse


def text_done(text, part):
    return {"type": "response.output_text.done", "output_index": 0, "item_id": "m", "content_index": part, "text": text}


def test_a_part_that_is_done_twice_is_returned_once():
    events = read(sse(text_done("a", 0), text_done("a", 0), text_done("b", 1), {"type": "response.completed"}))
    assert [event for event in events if isinstance(event, Token)] == [Token("a"), Token("b")]
    assert isinstance(events[-1], Done)


def test_a_part_is_not_returned_after_deltas():
    delta = {"type": "response.output_text.delta", "output_index": 0, "item_id": "m", "delta": "a"}
    assert [event for event in read(sse(delta, text_done("a", 0))) if isinstance(event, Token)] == [Token("a")]


def test_the_last_sequence_number_is_kept():
    stream = ChatStream()
    assert stream.sequence_number is None
    stream.feed(sse({**text_done("a", 0), "sequence_number": 7}))
    assert stream.sequence_number == 7

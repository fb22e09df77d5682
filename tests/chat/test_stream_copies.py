"""ChatStream: its state pickles and copies at every payload."""

from __future__ import annotations

import copy
import pickle

import pytest

from sse_events.chat import ChatStream, ToolCallArgs, ToolCallStart
from tests.chat.cases import read, sse
from tests.chat.payloads import AZURE, DONE, STOP, TEXT, call

CLONES = (
    copy.copy,
    copy.deepcopy,
    *(
        lambda stream, protocol=protocol: pickle.loads(pickle.dumps(stream, protocol))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ),
)


def test_state_pickles_and_copies_at_every_payload():
    body = sse(
        AZURE,
        TEXT,
        {
            "choices": [{"delta": {"reasoning_content": "r", "annotations": [{"url": "u"}]}}],
            "usage": {"prompt_tokens": 1},
        },
        call("{", name="f"),
        {"error": "x"},
        call('"a":1}'),
        "{",
        {"choices": [{"delta": {"content": "b", "tool_calls": [{"id": "z", "function": {"name": "g"}}]}, "index": 1}]},
        STOP,
        DONE,
    )
    for options in ({}, {"choices": "all", "raw": True}, {"dialect": "openai"}):
        whole = read(body, **options)
        assert sum(isinstance(event, (ToolCallStart, ToolCallArgs)) for event in whole) >= 2
        for clone in CLONES:
            for at in range(0, len(body), 11):
                stream = ChatStream(**options)
                before = stream.feed(body[:at])
                twin = clone(stream)
                assert twin.dialect == stream.dialect
                assert before + twin.feed(body[at:]) + twin.close() == whole
                assert before + stream.feed(body[at:]) + stream.close() == whole


def test_the_held_body_pickles():
    stream = ChatStream()
    stream.feed(b"<ht")
    twin = pickle.loads(pickle.dumps(stream))
    assert twin.feed(b"ml>") + twin.close() == read(b"<html>")
    assert stream.close() == read(b"<ht")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol_pickles(protocol):
    stream = ChatStream()
    before = stream.feed(sse(TEXT))
    twin = pickle.loads(pickle.dumps(stream, protocol))
    assert before + twin.feed(sse(STOP)) + twin.close() == read(sse(TEXT, STOP))

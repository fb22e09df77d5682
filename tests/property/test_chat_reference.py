"""ChatStream against the slow reference, over damaged streams; and what a cut may change, and what it may not."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_events.chat import ChatStream
from sse_events.chat.dialects import DIALECTS
from sse_events.chat.events import Done, Error, Finish, StreamEvent, ToolCallArgs, ToolCallEnd, ToolCallStart
from tests.chat.chunkings import scattered
from tests.chat.mutations import mutate
from tests.chat.reference import summarize
from tests.chat.summary import check_order
from tests.examples import examples
from tests.fuzz.fuzz_reference import differences
from tests.fuzz.seeds import BY_DIALECT, FIXTURES

CLOSING = (ToolCallStart, ToolCallArgs, ToolCallEnd, Finish, Error, Done)


def start_of_complete(body: bytes) -> int:
    """How many bytes make the status complete, or all of them if it never is."""
    end = 0
    for line in body.splitlines(keepends=True):
        start, end = end, end + len(line)
        if summarize(body[:end])["status"] == "complete":
            return next(at for at in range(start, end + 1) if summarize(body[:at])["status"] == "complete")
    return end


def read(body: bytes, dialect: Any = "auto") -> tuple[list[StreamEvent], ChatStream]:
    stream = ChatStream(dialect)
    return [event for chunk in scattered(body) for event in stream.feed(chunk)] + stream.close(), stream


@pytest.mark.parametrize("shape", [*DIALECTS, None])
@settings(max_examples=examples(500), deadline=None, derandomize=True)
@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
def test_damaged_streams_read_as_the_reference_reads_them(shape, data, seed):
    damaged = mutate(data.draw(st.sampled_from(BY_DIALECT[shape])), list(FIXTURES.values()), Random(seed))
    assert differences(damaged) == []


@pytest.mark.parametrize("name", FIXTURES)
def test_a_cut_is_never_complete_and_takes_back_nothing(name):
    """At any byte before the end of the payload that makes the status complete, or before the end if none does.

    The events are a prefix of the whole stream's but for the closing ones, and a call that was being formed when no
    finish word had come is not complete.
    """
    body = FIXTURES[name]
    whole, _ = read(body)
    end = start_of_complete(body)
    for at in range(end):
        events, _ = read(body[:at])
        check_order(events)
        shared = next(
            (number for number, (one, other) in enumerate(zip(events, whole, strict=False)) if one != other),
            min(len(events), len(whole)),
        )
        assert all(isinstance(event, CLOSING) for event in events[shared:])
        done = events[-1]
        assert isinstance(done, Done)
        assert done.status != "complete"
        if done.status == "truncated":
            assert not any(event.complete for event in events[shared:] if isinstance(event, ToolCallEnd))

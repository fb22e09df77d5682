r"""Test your own code: against the standard, and against a provider that answers what the test says.

- `interpret` is the algorithm of the standard in its own words, over a whole body: slow, and right by inspection.
  It shares no code with the parsers, so that each can convict the other.
- `events` draws events, `event_streams` well-formed streams, `byte_streams` broken ones; `chunkings` cuts a body.
- `outcome` runs any `Machine` over chunks; `assert_chunk_invariant` runs it over one body cut in every way.
- `FakeProvider` answers the requests of any SDK with scripted turns, made of `turn`, `text`, `reasoning`, `tool_call`,
  `custom_tool_call`, `pause` and `cut`.
- `turns` draws the events of whole answers, `broken_turns` those of answers that failed; `encode_turn` writes them.

A machine of your own is tested in two lines:

>>> from sse_events import Parser
>>> assert_chunk_invariant(Parser, b"data: one\r\n\r\ndata: two\r\n\r\n").error is None
True

This module needs Hypothesis: the extra ``testing``.
"""

from __future__ import annotations

try:
    import hypothesis  # noqa: F401 - every module of this package may import it
except ImportError as error:
    raise ImportError("sse_events.testing needs Hypothesis: pip install 'sse_events[testing]'") from error

from sse_events.testing.chat import broken_turns, encode_turn, turns
from sse_events.testing.invariance import Outcome, assert_chunk_invariant, outcome
from sse_events.testing.oracle import Interpretation, interpret
from sse_events.testing.provider import FakeProvider, Request, TurnLike
from sse_events.testing.script import Turn, custom_tool_call, cut, pause, reasoning, text, tool_call, turn
from sse_events.testing.strategies import EventStream, byte_streams, chunkings, event_streams, events

__all__ = [
    "EventStream",
    "FakeProvider",
    "Interpretation",
    "Outcome",
    "Request",
    "Turn",
    "TurnLike",
    "assert_chunk_invariant",
    "broken_turns",
    "byte_streams",
    "chunkings",
    "custom_tool_call",
    "cut",
    "encode_turn",
    "event_streams",
    "events",
    "interpret",
    "outcome",
    "pause",
    "reasoning",
    "text",
    "tool_call",
    "turn",
    "turns",
]

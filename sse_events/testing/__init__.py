r"""Test your own code: against the standard, and against a fake provider that sends the answers of your test.

- `event_streams` draws well-formed streams with their events, cut into chunks. `events` draws events, and
  `byte_streams` draws broken streams. `chunkings` cuts your own body into chunks.
- `interpret` is the oracle: the standard's algorithm over a whole body. It is slow, close to the standard's text, and
  shares no code with the parsers.
- `outcome` runs any `Machine` over chunks. `assert_chunk_invariant` compares its outcomes when one body is cut in every
  way.
- `FAULTY_PARSERS` are parsers with a planted fault, to check that your test fails when it should.
- `FakeProvider` answers the requests of any SDK with scripted turns, made of `turn`, `text`, `reasoning`, `tool_call`,
  `custom_tool_call`, `pause` and `cut`.
- `turns` draws the events of whole answers, `broken_turns` those of answers that failed; `encode_turn` writes them.

A handler that filters by event type is only tested if such events are drawn, so say which ones it looks for:

>>> from hypothesis import given, strategies as st
>>> from sse_events import iter_events
>>> from sse_events.testing import event_streams
>>> def prices(chunks, machine=None):
...     return [event.data for event in iter_events(chunks, into=machine) if event.event == "price"]
>>> @given(event_streams(event=st.sampled_from(["price", "message"])))
... def test_prices(stream):
...     assert prices(stream.chunks) == [event.data for event in stream.events if event.event == "price"]
>>> test_prices()

One line checks your own machine:

>>> from sse_events import Parser
>>> assert_chunk_invariant(Parser, b"data: one\r\n\r\ndata: two\r\n\r\n").error is None
True

The parts that draw examples need Hypothesis: ``pip install 'sse_events[testing]'``. The rest, such as `FakeProvider`,
does not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sse_events.testing.faults import FAULTY_PARSERS
from sse_events.testing.invariance import Outcome, assert_chunk_invariant, outcome
from sse_events.testing.oracle import Interpretation, interpret
from sse_events.testing.provider import FakeProvider, Request, TurnLike
from sse_events.testing.script import Turn, custom_tool_call, cut, pause, reasoning, text, tool_call, turn

if TYPE_CHECKING:
    from sse_events.testing.chat import broken_turns, encode_turn, turns
    from sse_events.testing.strategies import EventStream, byte_streams, chunkings, event_streams, events

__all__ = [
    "FAULTY_PARSERS",
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

_NEED_HYPOTHESIS = {
    **dict.fromkeys(("broken_turns", "encode_turn", "turns"), "sse_events.testing.chat"),
    **dict.fromkeys(
        ("EventStream", "byte_streams", "chunkings", "event_streams", "events"), "sse_events.testing.strategies"
    ),
}


def __getattr__(name: str) -> Any:
    if name not in _NEED_HYPOTHESIS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        module = import_module(_NEED_HYPOTHESIS[name])
    except ImportError as error:
        raise ImportError(f"{__name__}.{name} needs Hypothesis: pip install 'sse_events[testing]'") from error
    return getattr(module, name)

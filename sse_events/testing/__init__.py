r"""Test your own code against the standard: an oracle, Hypothesis strategies and chunk invariance.

- `event_streams` draws well-formed streams with the events that they carry, cut into chunks; `events` draws events,
  `byte_streams` broken streams, and `chunkings` cuts a body of your own.
- `interpret` is the oracle: the standard's algorithm over a whole body. It is slow, close to the standard's text, and
  shares no code with the parsers.
- `outcome` runs any `Machine` over chunks. `assert_chunk_invariant` compares its outcomes when one body is cut in every
  way.
- `FAULTY_PARSERS` are parsers with a planted fault, to check that your test fails when it should.

A handler that filters by event type is only tested if such events are drawn, so say which ones it looks for:

>>> from hypothesis import given, strategies as st
>>> from sse_events import iter_events
>>> def prices(chunks, machine=None):
...     return [event.data for event in iter_events(chunks, into=machine) if event.event == "price"]
>>> @given(event_streams(event=st.sampled_from(["price", "message"])))
... def test_prices(stream):
...     assert prices(stream.chunks) == [event.data for event in stream.events if event.event == "price"]
>>> test_prices()

A machine of your own is checked in one line:

>>> from sse_events import Parser
>>> assert_chunk_invariant(Parser, b"data: one\r\n\r\ndata: two\r\n\r\n").error is None
True

This module needs Hypothesis: ``pip install 'sse_events[testing]'``.
"""

from __future__ import annotations

try:
    import hypothesis  # noqa: F401 - every module of this package may import it
except ImportError as _error:
    raise ImportError("sse_events.testing needs Hypothesis: pip install 'sse_events[testing]'") from _error

from sse_events.testing.faults import FAULTY_PARSERS
from sse_events.testing.invariance import Outcome, assert_chunk_invariant, outcome
from sse_events.testing.oracle import Interpretation, interpret
from sse_events.testing.strategies import EventStream, byte_streams, chunkings, event_streams, events

__all__ = [
    "FAULTY_PARSERS",
    "EventStream",
    "Interpretation",
    "Outcome",
    "assert_chunk_invariant",
    "byte_streams",
    "chunkings",
    "event_streams",
    "events",
    "interpret",
    "outcome",
]

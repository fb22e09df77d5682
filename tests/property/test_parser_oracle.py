"""The parsers against the oracle: random streams, well-formed and broken, in random chunkings.

Far more examples than the suite runs are asked for by the environment; CONTRIBUTING.md has the command.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sse_events.parser import Parser, WireParser
from sse_events.testing import byte_streams, chunkings, event_streams, interpret
from tests.examples import examples

EXAMPLES = settings(
    max_examples=examples(500),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def cut_streams(draw: st.DrawFn) -> tuple[bytes, list[bytes]]:
    body = draw(byte_streams() | event_streams().map(lambda stream: stream.body))
    return body, draw(chunkings(body))


def end_of(parser: Parser | WireParser, chunks: list[bytes]) -> tuple[list[Any], str, int | None]:
    values = [value for chunk in chunks for value in parser.feed(chunk)]
    return [*values, *parser.close()], parser.last_event_id, parser.retry


@EXAMPLES
@given(cut=cut_streams(), last_event_id=st.sampled_from(["", "7"]))
def test_the_parsers_agree_with_the_oracle(cut, last_event_id):
    body, chunks = cut
    oracle = interpret(body, last_event_id=last_event_id)
    end = (oracle.last_event_id, oracle.retry)
    assert end_of(Parser(last_event_id=last_event_id), chunks) == (oracle.events, *end)
    assert end_of(WireParser(last_event_id=last_event_id), chunks) == (oracle.wire, *end)

"""The streams that benchmarks/transcoding.py measures are transcoded completely."""

import pytest

from benchmarks import transcoding
from sse_events.chat import ChatStream, collect, transcode

STREAMS = {"text": transcoding.text_stream, "agent": transcoding.agent_stream}


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
@pytest.mark.parametrize("dialect", ["openai", "anthropic", "responses", "gemini", "interactions", "cohere"])
def test_nothing_is_lost(stream, dialect):
    chunks = stream()
    source, written = ChatStream(), ChatStream(dialect)
    sent = collect([event for chunk in chunks for event in source.feed(chunk)])
    pieces = [*transcode(chunks, dialect, id="r1", model="m")]
    events = [event for piece in pieces for event in written.feed(piece)]
    read = collect([*events, *written.close()])
    assert (read.text, read.reasoning, read.status) == (sent.text, sent.reasoning, "complete")
    assert [call.parse() for call in read.tool_calls] == [call.parse() for call in sent.tool_calls]
    assert len(pieces) >= 250


def test_the_table_has_a_row_for_each_entrant():
    rows = list(transcoding.table(transcoding.text_stream()[:20], rounds=1))
    assert [name for name, _, _ in rows][:2] == ["ChatStream", "to openai"]
    assert rows[0][2] == 1

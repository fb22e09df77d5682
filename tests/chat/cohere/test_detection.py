"""Cohere: the events that show the dialect."""

from __future__ import annotations

import pytest

from sse_events.chat import ChatStream
from tests.chat.cases import sse
from tests.chat.cohere.payloads import cites, closes, ends, event, more, opens, plans, starts, text, tool, tool_ends


class TestDialect:
    PAYLOADS = (
        starts(),
        opens("text"),
        text(""),
        closes(),
        plans(""),
        tool(),
        more(""),
        tool_ends(),
        cites({}),
        event("citation-end"),
        ends(),
    )

    @pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload["type"])
    def test_each_of_its_events_decides(self, payload):
        stream = ChatStream()
        stream.feed(sse({"type": "ping"}, payload))
        assert stream.dialect == "cohere"

    @pytest.mark.parametrize("payload", [{"type": "message"}, {"type": "error"}, {"type": ["message-end"]}, {}])
    def test_nothing_else_does(self, payload):
        stream = ChatStream()
        stream.feed(sse(payload))
        assert stream.dialect is None

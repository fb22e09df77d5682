"""Anthropic: which events show the dialect."""

from __future__ import annotations

import pytest

from sse_events.chat import ChatStream
from tests.chat.anthropic.payloads import OVERLOADED, PING, STOP, closes, ends, error, named, opens, starts, text
from tests.chat.cases import check, done, sse


class TestDialect:
    @pytest.mark.parametrize(
        "payload", [starts(), opens("text"), text(""), closes(), ends(None), STOP], ids=lambda p: p["type"]
    )
    def test_each_of_its_events_decides(self, payload):
        stream = ChatStream()
        stream.feed(sse(PING, payload))
        assert stream.dialect == "anthropic"

    @pytest.mark.parametrize("payload", [PING, OVERLOADED, {"type": "message"}, {"type": ["message_stop"]}, {}])
    def test_what_others_send_too_does_not(self, payload):
        stream = ChatStream()
        stream.feed(sse(payload))
        assert stream.dialect is None

    def test_an_error_alone(self):
        """The status of a stream of no dialect, which the error's shape does not show."""
        lost = error("Overloaded", OVERLOADED, "overloaded_error")
        check(named(OVERLOADED), [lost, done("error")], "auto", "anthropic")

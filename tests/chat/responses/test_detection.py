"""Responses: which events show the dialect."""

from __future__ import annotations

import pytest

from sse_events.chat import ChatStream
from sse_events.chat.dialect import Probe, Verdict
from sse_events.chat.responses.reader import recognises
from tests.chat.cases import sse
from tests.chat.responses.payloads import created


def test_the_stream_says_so():
    stream = ChatStream()
    stream.feed(sse(created()))
    assert stream.dialect == "responses"


@pytest.mark.parametrize("kind", ["response.created", "response.output_text.delta", "response.whatever"])
def test_a_type_of_responses_decides(kind):
    assert recognises(Probe(type=kind)) is Verdict.YES


@pytest.mark.parametrize("kind", ["error", "ping", "responses", "message_start", None, 7, ["response.created"], {}])
def test_no_other_type_does(kind):
    assert recognises(Probe(type=kind)) is Verdict.NO

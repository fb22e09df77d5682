"""Gemini's citations stand in the last chunk of their choice."""

from __future__ import annotations

from sse_events.chat import ChatEncoder, Citation, Done, Finish, Token


def dropped(*events):
    encoder = ChatEncoder("gemini", id="r", model="m")
    for event in events:
        encoder.encode(event)
    return encoder.dropped


def test_a_choice_without_a_last_chunk_loses_them():
    events = [Token("a"), Token("b", 1), Citation("https://a", choice=1), Finish("stop", "stop")]
    assert "citation" in dropped(*events, Done("finished", "stop"))


def test_the_first_choice_keeps_them():
    events = [Token("a"), Citation("https://a"), Finish("stop", "stop")]
    assert "citation" not in dropped(*events, Done("finished", "stop"))

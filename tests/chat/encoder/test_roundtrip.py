"""What is written is read back: equal except for what a dialect cannot express, and never better than it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import event as note
from hypothesis import strategies as st

from sse_events.chat import ChatStream, Citation, Done, Error, Finish, StreamEvent, Token
from sse_events.errors import MisuseError
from tests.chat.encoder.facts import merged, parts, projected, same, unexpected_calls
from tests.chat.encoder.grammar import check
from tests.chat.encoder.scenarios import DIALECTS, READABLE, SCENARIOS, encoder, write
from tests.chat.encoder.strategies import broken_turns, turns
from tests.examples import examples

EXAMPLES = settings(
    max_examples=examples(100),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

# All events are of choice 0 there.
ONE_CHOICE = ("anthropic", "responses", "interactions", "cohere")

# Words that the dialect does not have, so that it ends with an error.
FAILS = {"cohere": ("content_filter",), "interactions": ("content_filter",)}


def read(dialect: Any, body: bytes, step: int | None = None) -> list[StreamEvent]:
    stream = ChatStream(dialect, choices="all")
    chunks = [body] if step is None else [body[at : at + step] for at in range(0, len(body), step)]
    return [event for chunk in chunks for event in stream.feed(chunk)] + stream.close()


def done_of(events: list[StreamEvent]) -> Done:
    assert isinstance(events[-1], Done)
    return events[-1]


def kinds(events: list[StreamEvent]) -> set[str]:
    return {str(type(event).__struct_config__.tag) for event in events}


@pytest.mark.parametrize("dialect", READABLE)
@EXAMPLES
@given(data=st.data())
def test_a_whole_turn_comes_back(dialect: str, data: Any):
    turn = data.draw(turns(outcome="ok"))
    body = write(dialect, turn)
    assert check(dialect, body)
    back = read(dialect, body)
    assert done_of(back).status == "complete"
    assert done_of(back).ok
    choices = {getattr(event, "choice", 0) for event in turn}
    for choice in {0} if dialect in ONE_CHOICE else choices:
        wanted = projected(dialect, turn, choice)
        assert same(wanted, merged(parts(back, choice))), (wanted, parts(back, choice))
    compare_usage(dialect, done_of(turn), done_of(back))


def compare_usage(dialect: str, wrote: Done, got: Done) -> None:
    for name in ("prompt_tokens", "completion_tokens", "cached_tokens", "reasoning_tokens"):
        count = getattr(wrote.usage, name)
        if count is not None:
            assert getattr(got.usage, name) == count
        elif dialect in ("openai", "gemini"):
            assert getattr(got.usage, name) is None
    if dialect in ("openai", "anthropic", "responses"):
        assert (got.usage.cache_write_tokens or 0) == (wrote.usage.cache_write_tokens or 0)
    if dialect in ("openai", "responses", "gemini", "interactions"):
        assert (got.usage.total_tokens or 0) == (wrote.usage.total_tokens or 0)


@pytest.mark.parametrize("dialect", READABLE)
@EXAMPLES
@given(data=st.data())
def test_a_cut_turn_comes_back_cut(dialect: str, data: Any):
    turn = data.draw(turns(outcome="cut", choices=1))
    body = write(dialect, turn)
    reason = done_of(turn).finish_reason
    assert check(dialect, body) == (reason not in FAILS.get(dialect, ()))
    back = read(dialect, body)
    if reason not in FAILS.get(dialect, ()):
        assert done_of(back).finish_reason == reason
        wanted = [part for part in projected(dialect, turn) if part[0] != "call"]
        # Text around a call that was not written goes on in the same part.
        assert merged(wanted) == merged([part for part in merged(parts(back)) if part[0] != "call"])
    assert unexpected_calls(turn, back) == []


@pytest.mark.parametrize("dialect", DIALECTS)
@EXAMPLES
@given(turn=turns() | broken_turns())
def test_a_turn_that_was_not_ok_never_comes_back_ok(dialect: str, turn: list[StreamEvent]):
    writer = encoder(dialect)
    accepted: list[StreamEvent] = []
    body = b""
    for event in turn:
        try:
            body += writer.encode(event)
        except MisuseError:
            note("out of order")
            continue
        accepted.append(event)
    body += writer.close()
    said = check(dialect, body)
    was_ok = bool(accepted) and isinstance(accepted[-1], Done) and accepted[-1].ok
    assert was_ok or not said
    # What was refused has changed nothing.
    assert body == write(dialect, accepted)
    if dialect in READABLE:
        back = read(dialect, body)
        assert read(dialect, body, 7) == back
        assert done_of(back).ok == said
        assert was_ok or any(isinstance(event, Error) for event in back)
        assert unexpected_calls(accepted, back) == []
        # A type that was sent and did not come back is reported. (Responses and Cohere add a Finish of their own.)
        missing = kinds(accepted) - kinds(back) - {"start"}
        assert missing <= writer.dropped
        assert writer.dropped <= kinds(accepted) | {"tool_call_end"}


@pytest.mark.parametrize("dialect", READABLE)
@EXAMPLES
@given(turn=turns(choices=1))
def test_no_prefix_of_a_turn_comes_back_ok(dialect: str, turn: list[StreamEvent]):
    for length in range(0, len(turn), max(1, len(turn) // 8)):
        body = write(dialect, turn[:length])
        assert not check(dialect, body)
        back = read(dialect, body)
        assert not done_of(back).ok
        assert unexpected_calls(turn[:length], back) == []


@pytest.mark.parametrize("dialect", READABLE)
@EXAMPLES
@given(data=st.data())
def test_a_stream_that_is_cut_anywhere_is_not_ok(dialect: str, data: Any):
    """The bytes themselves, and not the events, are cut, as by a lost connection."""
    body = write(dialect, data.draw(turns(outcome="ok", choices=1)))
    # The last block of some dialects says nothing that is needed.
    last = body[:-2].rfind(b"\n\n") + 2
    cut = data.draw(st.integers(0, max(0, last - 2)))
    back = done_of(read(dialect, body[:cut]))
    assert not back.ok or back.status == "finished" or b"[DONE]" in body[last:]


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("dialect", READABLE)
def test_the_dialect_is_recognised(dialect: str, name: str):
    body = write(dialect, SCENARIOS[name])
    stream = ChatStream(choices="all")
    assert stream.feed(body) + stream.close() == read(dialect, body)


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        ("openai", [("https://early", "Early", "e"), ("https://a.b", "A", "cited"), ("", "A document", "passage")]),
        ("anthropic", [("https://early", "Early", "e"), ("https://a.b", "A", "cited"), ("", "A document", "passage")]),
        ("responses", [("https://early", "Early", ""), ("https://a.b", "A", ""), ("", "A document", "")]),
        ("gemini", [("https://early", "Early", ""), ("https://a.b", "A", ""), ("", "A document", "passage")]),
        ("interactions", [("https://early", "Early", ""), ("https://a.b", "A", ""), ("", "A document", "")]),
        ("cohere", [("https://early", "Early", "e"), ("https://a.b", "A", "cited"), ("", "A document", "passage")]),
    ],
)
def test_citations(dialect: str, expected: list[tuple[str, str, str]]):
    back = read(dialect, write(dialect, SCENARIOS["citations"]))
    assert [(event.url, event.title, event.text) for event in back if isinstance(event, Citation)] == expected


@pytest.mark.parametrize("dialect", READABLE)
def test_the_finish_reason_comes_back(dialect: str):
    for reason in ("stop", "length", "tool_calls", "content_filter", "other"):
        turn: list[StreamEvent] = [Token("x"), Finish(reason, "?"), Done("complete", reason)]
        back = read(dialect, write(dialect, turn))
        if reason in FAILS.get(dialect, ()):
            assert done_of(back).status == "error"
        elif reason == "other":
            assert done_of(back).finish_reason == ("other" if dialect == "gemini" else "stop")
        elif reason == "tool_calls":
            assert done_of(back).finish_reason in ("tool_calls", "stop")
        else:
            assert done_of(back).finish_reason == reason

"""A parser reads back exactly the events that the encoder was given."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sse_events.encoder import encode, encode_comment, encode_retry
from sse_events.events import Comment, Event
from sse_events.parser import Parser, WireParser
from sse_events.testing import events, interpret

# A text takes one alphabet or the other. In a union of both, line ends would be rare.
TEXT = st.text("\r\n\0 :\u2028\ufeffé😀dataid") | st.text(st.characters(exclude_categories=["Cs"]))

ENCODED = [
    (Event("x"), b"data: x\n\n"),
    (Event(""), b"data: \n\n"),
    (Event("\n"), b"data: \ndata: \n\n"),
    (Event(" x "), b"data:  x \n\n"),
    (Event("a\nb\rc\r\nd\n\re"), b"data: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\n\n"),
    (Event("a\u2028b\x85c\x0bd\x0ce\0"), "data: a\u2028b\x85c\x0bd\x0ce\0\n\n".encode()),
    (Event("data: x\nevent: y"), b"data: data: x\ndata: event: y\n\n"),
    (Event("\ufeffx"), "data: \ufeffx\n\n".encode()),
    (Event("x", event="tick"), b"event: tick\ndata: x\n\n"),
    (Event("x", event=" :"), b"event:  :\ndata: x\n\n"),
    (Event("x", id="7"), b"id: 7\ndata: x\n\n"),
    (Event("x", retry=0), b"retry: 0\ndata: x\n\n"),
    (Event("é", "ü", "日本", 1500), "event: ü\nid: 日本\nretry: 1500\ndata: é\n\n".encode()),
]


@pytest.mark.parametrize(("event", "block"), ENCODED, ids=[repr(row[0]) for row in ENCODED])
def test_common_form(event: Event, block: bytes) -> None:
    assert encode(event) == block


@pytest.mark.parametrize("field", ["event", "id"])
@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\r\nb", "a\0b", "\n", "\0", "x\n\ndata: injected"], ids=ascii)
def test_line_ends_and_nul_are_refused(field: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"{field} must not contain CR, LF or NUL"):
        encode(replace(Event("x"), **{field: value}))


REFUSED = [
    ("an empty type", Event("x", event="")),
    ("a negative retry", Event("x", retry=-1)),
    ("a retry that clients ignore", Event("x", retry=2**63)),
    ("a lone surrogate", Event("\ud800")),
]


@pytest.mark.parametrize("event", [row[1] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_no_stream_can_say_is_refused(event: Event) -> None:
    with pytest.raises(ValueError):
        encode(event)


@given(events())
def test_round_trip(event: Event) -> None:
    """For the parser, and for the standard's own words."""
    block = encode(event)
    assert Parser().feed(block) == [event]
    assert interpret(block).events == [event]


@given(TEXT)
def test_line_ends_in_data_come_back_as_lf(data: str) -> None:
    assert Parser().feed(encode(Event(data))) == [Event(re.sub(r"\r\n?", "\n", data))]


@given(st.lists(events(), max_size=5))
def test_a_sequence_comes_back(sent: list[Event]) -> None:
    """An empty id keeps the last one. Every other field belongs to one event."""
    read = Parser().feed(b"".join(map(encode, sent)))
    assert [(event.data, event.event, event.retry) for event in read] == [
        (event.data, event.event, event.retry) for event in sent
    ]
    last = ""
    for event, back in zip(sent, read, strict=True):
        last = event.id or last
        assert back.id == last


@given(event_type=TEXT, last_event_id=TEXT, data=TEXT)
def test_nothing_can_be_injected(event_type: str, last_event_id: str, data: str) -> None:
    """Whatever the text, it is refused, or gives exactly one event, and never another field."""
    try:
        block = encode(Event(data, event_type, last_event_id))
    except ValueError:
        assert not event_type or re.search("[\r\n\0]", event_type + last_event_id)
        return
    (event,) = WireParser().feed(block)
    assert isinstance(event, Event)
    assert (event.event, event.id, event.retry) == (event_type, last_event_id, None)


@given(TEXT)
def test_comment(text: str) -> None:
    """Clients ignore a comment. A parser that shows comments returns its lines."""
    block = encode_comment(text)
    assert Parser().feed(block) == []
    assert WireParser().feed(block) == [Comment(line) for line in re.split("\r\n|\r|\n", text)]


@given(st.integers(0, 2**63 - 1))
def test_retry(ms: int) -> None:
    """It holds for the connection, not for one event."""
    parser = Parser()
    assert parser.feed(encode_retry(ms)) == []
    assert parser.retry == ms
    assert parser.feed(encode(Event("x"))) == [Event("x")]


@pytest.mark.parametrize("ms", [-1, 2**63])
def test_retry_that_clients_ignore_is_refused(ms: int) -> None:
    with pytest.raises(ValueError, match="retry must be from 0"):
        encode_retry(ms)


@pytest.mark.parametrize("event", ["x", {"data": "x"}, b"x", None, [Event("x")]])
def test_what_is_not_an_event_is_refused(event: Any) -> None:
    with pytest.raises(TypeError, match=r"event must be an Event, not \w+: use encode\(Event\(data\)\)"):
        encode(event)


@pytest.mark.parametrize("value", [5, {"a": 1}, b"x", None, 1.5, True])
@pytest.mark.parametrize("field", ["data", "event", "id"])
def test_a_field_that_is_not_text_is_named(field: str, value: Any) -> None:
    """An Event made by hand does not check its fields, so the encoder does."""
    with pytest.raises(TypeError, match=f"^{field} must be a str, not "):
        encode(Event(**{"data": "x", field: value}))


@pytest.mark.parametrize("ms", ["5", 5.0, b"5", True, [5]])
def test_a_retry_that_is_not_an_int_is_named(ms: Any) -> None:
    for call in (lambda: encode_retry(ms), lambda: encode(Event("x", retry=ms))):
        with pytest.raises(TypeError, match=r"^retry must be an int of milliseconds \(ms\), not "):
            call()


@pytest.mark.parametrize(
    ("text", "said"), [(b"x", "bytes: decode it"), (5, "5: use str(text)"), (None, "None: use str(text)")]
)
def test_a_comment_that_is_not_text_is_told(text: Any, said: str) -> None:
    with pytest.raises(TypeError, match=re.escape(f"text must be a str, not {said}")):
        encode_comment(text)

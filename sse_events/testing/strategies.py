"""Hypothesis strategies for events, streams and chunkings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

from hypothesis import strategies as st

from sse_events.encoder import encode
from sse_events.events import MAX_RETRY_MS, Event
from sse_events.mistakes import check_type
from sse_events.testing.invariance import cut_at

__all__ = ["EventStream", "byte_streams", "chunkings", "event_streams", "events"]

T = TypeVar("T")

# Characters that a parser may mistake for others: line ends of other standards, the BOM, separators.
_TRICKY = " :\t\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\ufeff\ufffdé€😀0dieru"
_ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0")
# A text takes one alphabet or the other. In a union of both, the tricky characters would be rare.
_VALUE = st.text(_TRICKY, max_size=8) | st.text(_ANY, max_size=8)
_NAME = st.text(_TRICKY, min_size=1, max_size=8) | st.text(_ANY, min_size=1, max_size=8)
_DATA = st.lists(st.text(_TRICKY + "\0", max_size=8) | st.text(_ANY, max_size=8), min_size=1, max_size=4).map("\n".join)


def _mostly(usual: st.SearchStrategy[T], other: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    """Draw from `usual` three times out of four. Hypothesis removes duplicates from ``usual | usual | other``."""
    return st.sampled_from([usual, usual, usual, other]).flatmap(lambda drawn: drawn)


# Handlers look for event types by name, so random text alone is not enough. IDs repeat, as those of a stream may.
_TYPES = _mostly(st.sampled_from(["message", "price", "error"]), _NAME)
_IDS = _mostly(st.sampled_from(["", "1", "2"]), _VALUE)
# Each of these is similar to a field name of the standard, but is not one.
_UNKNOWN_NAMES = st.sampled_from(
    ["error", "Data", "DATA", "data ", " data", "dat", "datas", "ids", "retry2", "é", "\0"]
)


def events(
    *,
    data: st.SearchStrategy[str] | None = None,
    event: st.SearchStrategy[str] | None = None,
    id: st.SearchStrategy[str] | None = None,
    retry: st.SearchStrategy[int | None] | None = None,
) -> st.SearchStrategy[Event]:
    r"""Events that a stream can carry: a fresh parser reads what an encoder writes back as the same Event.

    If your code looks at the fields, give strategies that draw what it looks for. By default an event type is
    ``"message"``, one of two usual names, or random text, so code that only handles other types would never be run.

    Args:
        data: Text without CR. By default any text, often of several lines.
        event: Event types, not empty, without CR, LF and NUL.
        id: Event IDs, without CR, LF and NUL. By default half of them are empty.
        retry: Reconnection times from 0 to 2**63 - 1 ms, or None. By default half of them are None.

    Raises:
        TypeError: An argument is not a strategy.
        ValueError: While drawing: a strategy drew a value that no stream can carry.

    >>> from hypothesis import given
    >>> from sse_events import Parser, encode
    >>> @given(events(event=st.sampled_from(["price", "message"])))
    ... def test_round_trip(event):
    ...     assert Parser().feed(encode(event)) == [event]
    >>> test_round_trip()
    """
    for name, strategy in (("data", data), ("event", event), ("id", id), ("retry", retry)):
        _require_strategy(name, strategy, "st.just(...)")
    return st.builds(
        Event,
        data=_DATA if data is None else data,
        event=_TYPES if event is None else event,
        id=_IDS if id is None else id,
        retry=st.none() | st.integers(0, MAX_RETRY_MS) if retry is None else retry,
    ).map(_sendable)


def _require_strategy(name: str, value: Any, remedy: str) -> None:
    if value is not None and not isinstance(value, st.SearchStrategy):
        raise TypeError(f"{name} must be a Hypothesis strategy, such as {remedy}, not {type(value).__name__}")


def _sendable(event: Event) -> Event:
    """`event`, if a stream can carry it."""
    encode(event)  # raises for every field except data, because CR may be a line end in data
    if "\r" in event.data:
        raise ValueError(
            f"data must not contain CR, which comes back as LF: {event.data!r}; replace it in the strategy"
        )
    return event


class EventStream(NamedTuple):
    """A well-formed stream, and the events that it carries.

    Attributes:
        body: The bytes.
        events: What every parser has to return for them.
        chunks: The body cut into chunks, as a network may cut it. Feed these, or faults at the cuts stay hidden.
    """

    body: bytes
    events: list[Event]
    chunks: list[bytes]


def event_streams(
    events: st.SearchStrategy[Event] | None = None,
    *,
    data: st.SearchStrategy[str] | None = None,
    event: st.SearchStrategy[str] | None = None,
    id: st.SearchStrategy[str] | None = None,
) -> st.SearchStrategy[EventStream]:
    """Well-formed streams in every style that the standard allows, each with the events that it carries.

    The lines end with LF, CR, CRLF or a mixture. There may be a BOM, a space after the colon, comments, unknown
    fields, blocks without data, and an unfinished event at the end. A stream carries up to eight events.

    Args:
        events: The events to send, for example ``events(event=st.sampled_from(["price", "message"]))``.
        data: As in `events()`, for a call without `events`.
        event: The same.
        id: The same.

    Raises:
        TypeError: An argument is not a strategy, or `events` is given together with one of the others.
        ValueError: While drawing: a strategy drew a value that no stream can carry.

    >>> from hypothesis import given
    >>> from sse_events import Parser, iter_events
    >>> @given(event_streams())
    ... def test_parser(stream):
    ...     assert list(iter_events(stream.chunks, into=Parser())) == stream.events
    >>> test_parser()
    """
    if events is None:
        return _event_streams(_events(data=data, event=event, id=id))
    if data is not None or event is not None or id is not None:
        raise TypeError("give either events, or data, event and id; events(data=..., event=..., id=...) takes them too")
    _require_strategy("events", events, "events(event=...)")
    return _event_streams(events.map(_sendable))


_events = events  # the argument of `event_streams` has the same name


@st.composite
def _event_streams(draw: st.DrawFn, events: st.SearchStrategy[Event]) -> EventStream:
    sent = draw(st.lists(events, max_size=8))
    ignored = st.builds(_line, st.just("") | _UNKNOWN_NAMES, _VALUE, st.booleans())
    lines: list[str] = []
    last_event_id = ""
    for event in sent:
        if draw(st.integers(0, 3)) == 3:
            lines += [*draw(st.lists(ignored, max_size=2)), "event: of a block without data", ""]
        block = [_line("data", value, draw(st.booleans())) for value in event.data.split("\n")]
        others = draw(st.lists(ignored, max_size=2))
        if event.event != "message" or draw(st.booleans()):
            others.append(_line("event", event.event, draw(st.booleans())))
        if event.id != last_event_id or draw(st.booleans()):
            others.append(_line("id", event.id, draw(st.booleans())))
        if event.retry is not None:
            others.append(_line("retry", str(event.retry), draw(st.booleans())))
        for other in others:
            block.insert(draw(st.integers(0, len(block))), other)
        lines += [*block, ""]
        last_event_id = event.id
    lines += draw(st.sampled_from([[], [""], ["id: unfinished"], ["id: unfinished", "data: unfinished"]]))
    ends = draw(st.sampled_from(["\n", "\r", "\r\n"]).map(lambda end: [end]) | st.just(["\n", "\r", "\r\n"]))
    text = draw(st.sampled_from(["", "\ufeff", "\ufeff"]))
    for line in lines:
        end = draw(st.sampled_from(ends))
        # After a CR, the LF of a blank line would be read as the second half of a CRLF.
        text += line + ("\r\n" if line == "" and end == "\n" and text.endswith("\r") else end)
    body = text.encode()
    return EventStream(body, sent, draw(chunkings(body)))


def _line(name: str, value: str, space: bool) -> str:
    """One line of a block; a comment if `name` is empty."""
    if value == "" and name and not space:
        return name
    return f"{name}: {value}" if space or value.startswith(" ") else f"{name}:{value}"


# Lines that are valid or almost valid, without their line ends.
_LINES = (
    b"data|data:|data: |data: x|data:y|data:  z|data: \xc3\xa9\xf0\x9f\x98\x80|data: \xff\xe2\x82|data: a\0:b"
    b"|Data: x|data : x|\xef\xbb\xbfdata: x"
    b"|event|event:|event: e|event:\xe2\x82\xac|event: \xff|id|id:|id: |id: 1|id:2|id: \xff|id: a\0b|ids: 3"
    b"|retry|retry:|retry: 10|retry:007|retry: +1|retry: 1_0|retry: 1 |retry: \xc2\xb2"
    b"|retry: 9223372036854775807|retry: 9223372036854775808|: comment|:|: |::|error: e|unknown|\xff: \xff"
).split(b"|")
# Parts of lines, and byte sequences that decoders often get wrong.
_PIECES = (
    b"\r|\n|\r\n|:| |: |\0|\t|\x0b|\x0c|\x1c|\xe2\x80\xa8|\xc2\x85|\x85|dat|a:|data|data: |even|t"
    b"|event: |i|d|id: |retry|: 1|0|9"
    b"|\xef\xbb\xbf|\xef|\xef\xbb|\xbb\xbf|\xbf|\xc3\xa9|\xc3|\xa9|\xf0\x9f\x98\x80|\xf0\x9f|\x98\x80|\xe2\x80"
    b"|\xff|\xc0\x80|\xed\xa0\x80|\xf4\x90\x80\x80|\xf8\x88"
).split(b"|")


def byte_streams() -> st.SearchStrategy[bytes]:
    """Broken streams: any bytes, most of them parts of the standard's grammar.

    Compare the result of your code with `interpret`.

    >>> from hypothesis import given
    >>> from sse_events import Parser
    >>> from sse_events.testing import interpret
    >>> @given(byte_streams())
    ... def test_parser(body):
    ...     assert Parser().feed(body) == interpret(body).events
    >>> test_parser()
    """
    end = st.sampled_from([b"\n", b"\r", b"\r\n"])
    line = st.tuples(st.sampled_from(_LINES), end).map(b"".join)
    block = st.lists(_mostly(line, st.sampled_from(_PIECES) | st.binary(max_size=4))).map(b"".join)
    beginning = st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\xef\xbb"])
    return st.tuples(beginning, st.lists(st.tuples(block, end | st.just(b"")).map(b"".join)).map(b"".join)).map(
        b"".join
    )


def chunkings(body: bytes) -> st.SearchStrategy[list[bytes]]:
    r"""Ways to cut `body` into chunks, which may be empty. The chunks always join to `body`.

    Many cuts are where parsers make mistakes: inside a CRLF, inside a character and inside the BOM.

    >>> from hypothesis import given
    >>> from sse_events import Parser
    >>> @given(chunkings(b"data: \xe2\x82\xac\r\n\r\n"))
    ... def test_parser(chunks):
    ...     parser = Parser()
    ...     assert [event for chunk in chunks for event in parser.feed(chunk)] == [Event("€")]
    >>> test_parser()
    """
    check_type("body", body, bytes, "bytes", "write text.encode()")
    places: list[Sequence[int]] = [range(len(body) + 1)]
    places.append([cut for cut in places[0][1:-1] if body[cut - 1] == 13])  # inside a CRLF, mostly
    places.append([cut for cut in places[0][1:-1] if body[cut] & 0xC0 == 0x80])  # inside a character
    cut = st.one_of([st.sampled_from(cuts) for cuts in places if cuts])
    fixed: st.SearchStrategy[list[int]] = st.sampled_from([[], list(range(1, len(body)))])  # whole, or single bytes
    return (st.lists(cut, min_size=1, max_size=8).map(sorted) | fixed).map(lambda cuts: cut_at(body, cuts))

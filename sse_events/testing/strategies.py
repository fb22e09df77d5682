"""Hypothesis strategies for events, streams and chunkings."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from sse_events.events import Event
from sse_events.testing.invariance import cut_at

__all__ = ["EventStream", "byte_streams", "chunkings", "event_streams", "events"]

_MAX_RETRY_MS = 2**63 - 1  # the largest reconnection time that the parsers accept

# Characters that a parser may take for something else: line ends of other standards, the BOM, separators.
_TRICKY = st.sampled_from(" :\t\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\ufeff\ufffdé€😀0dieru")
_VALUE = _TRICKY | st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0")
_DATA = _TRICKY | st.sampled_from("\n\0") | st.characters(exclude_categories=["Cs"], exclude_characters="\r")
# None of these is a field name of the standard, however close it comes.
_UNKNOWN_NAMES = st.sampled_from(
    ["error", "Data", "DATA", "data ", " data", "dat", "datas", "ids", "retry2", "é", "\0"]
)


def events() -> st.SearchStrategy[Event]:
    """Events that a stream can carry: what an encoder can write, a fresh parser reads back as the same Event.

    That is, no CR in the data, no CR, LF or NUL in the event type and the ID, a type that is not empty, no lone
    surrogates, and a reconnection time from 0 to 2**63 - 1.

    >>> from hypothesis import given
    >>> from sse_events import Parser, encode
    >>> @given(events())
    ... def test_round_trip(event):
    ...     assert Parser().feed(encode(event)) == [event]
    >>> test_round_trip()
    """
    return st.builds(
        Event,
        data=st.text(_DATA),
        event=st.just("message") | st.text(_VALUE, min_size=1),
        id=st.just("") | st.text(_VALUE),
        retry=st.none() | st.integers(0, _MAX_RETRY_MS),
    )


class EventStream(NamedTuple):
    """A well-formed stream, and the events that it carries.

    Attributes:
        body: The bytes.
        events: What every parser has to make of them.
    """

    body: bytes
    events: list[Event]


@st.composite
def event_streams(draw: st.DrawFn) -> EventStream:
    """Well-formed streams in every style that the standard allows, each with the events that it carries.

    LF, CR, CRLF or a mixture of them end the lines; there may be a BOM, a space after the colon, comments, unknown
    fields, blocks without data, and an unfinished event at the end.

    >>> from hypothesis import given
    >>> from sse_events import Parser
    >>> @given(event_streams())
    ... def test_parser(stream):
    ...     assert Parser().feed(stream.body) == stream.events
    >>> test_parser()
    """
    sent = draw(st.lists(events(), max_size=4))
    ignored = st.builds(_line, st.just("") | _UNKNOWN_NAMES, st.text(_VALUE), st.booleans())
    lines: list[str] = []
    last_event_id = ""
    for event in sent:
        if draw(st.booleans()):
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
    text = draw(st.sampled_from(["", "\ufeff"]))
    for line in lines:
        end = draw(st.sampled_from(ends))
        # Behind a CR, the LF of a blank line would be read as the second half of a CRLF.
        text += line + ("\r\n" if line == "" and end == "\n" and text.endswith("\r") else end)
    return EventStream(text.encode(), sent)


def _line(name: str, value: str, space: bool) -> str:
    """One line of a block; without a name it is a comment."""
    if value == "" and name and not space:
        return name
    return f"{name}: {value}" if space or value.startswith(" ") else f"{name}:{value}"


# Lines that say something, right or nearly so; the ends come apart from them.
_LINES = (
    b"data|data:|data: |data: x|data:y|data:  z|data: \xc3\xa9\xf0\x9f\x98\x80|data: \xff\xe2\x82|data: a\0:b"
    b"|Data: x|data : x|\xef\xbb\xbfdata: x"
    b"|event|event:|event: e|event:\xe2\x82\xac|event: \xff|id|id:|id: |id: 1|id:2|id: \xff|id: a\0b|ids: 3"
    b"|retry|retry:|retry: 10|retry:007|retry: +1|retry: 1_0|retry: 1 |retry: \xc2\xb2"
    b"|retry: 9223372036854775807|retry: 9223372036854775808|: comment|:|: |::|error: e|unknown|\xff: \xff"
).split(b"|")
# The grammar's alphabet in halves and thirds, and what decoders trip over.
_PIECES = (
    b"\r|\n|\r\n|:| |: |\0|\t|\x0b|\x0c|\x1c|\xe2\x80\xa8|\xc2\x85|\x85|dat|a:|data|data: |even|t"
    b"|event: |i|d|id: |retry|: 1|0|9"
    b"|\xef\xbb\xbf|\xef|\xef\xbb|\xbb\xbf|\xbf|\xc3\xa9|\xc3|\xa9|\xf0\x9f\x98\x80|\xf0\x9f|\x98\x80|\xe2\x80"
    b"|\xff|\xc0\x80|\xed\xa0\x80|\xf4\x90\x80\x80|\xf8\x88"
).split(b"|")


def byte_streams() -> st.SearchStrategy[bytes]:
    """Broken streams: any bytes at all, most of them from the grammar's alphabet.

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
    block = st.lists(line | line | line | st.sampled_from(_PIECES) | st.binary(max_size=4)).map(b"".join)
    beginning = st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\xef\xbb"])
    return st.tuples(beginning, st.lists(st.tuples(block, end | st.just(b"")).map(b"".join)).map(b"".join)).map(
        b"".join
    )


def chunkings(body: bytes) -> st.SearchStrategy[list[bytes]]:
    r"""Ways to cut `body` into chunks, empty ones among them; joined, they are always `body`.

    Cuts fall by preference where machines break: inside a CRLF, a code point and the BOM.

    >>> from hypothesis import given
    >>> from sse_events import Parser
    >>> @given(chunkings(b"data: \xe2\x82\xac\r\n\r\n"))
    ... def test_parser(chunks):
    ...     parser = Parser()
    ...     assert [event for chunk in chunks for event in parser.feed(chunk)] == [Event("€")]
    >>> test_parser()
    """
    anywhere = st.integers(0, len(body))
    awkward = [cut for cut in range(1, len(body)) if body[cut - 1] == 13 or body[cut] & 0xC0 == 0x80]
    cut = anywhere | st.sampled_from(awkward) if awkward else anywhere
    single_bytes = st.just(list(range(1, len(body))))
    return (st.lists(cut).map(sorted) | single_bytes).map(lambda cuts: cut_at(body, cuts))

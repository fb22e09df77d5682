r"""Test your own code against the standard: an oracle, Hypothesis strategies and chunk invariance.

- `interpret` is the algorithm of the standard in its own words, over a whole body: slow, and right by inspection.
  It shares no code with the parsers, so that each can convict the other.
- `events` draws events, `event_streams` well-formed streams, `byte_streams` broken ones; `chunkings` cuts a body.
- `outcome` runs any `Machine` over chunks; `assert_chunk_invariant` runs it over one body cut in every way.

A machine of your own is tested in two lines:

>>> from sse_events import Parser
>>> assert_chunk_invariant(Parser, b"data: one\r\n\r\ndata: two\r\n\r\n").error is None
True

This module needs Hypothesis: the extra ``testing``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from sse_events.events import Comment, Event, UnknownField
from sse_events.iterate import Machine

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise ImportError("sse_events.testing needs Hypothesis: pip install 'sse_events[testing]'") from error

T = TypeVar("T")

# The standard sets no bound; this one, the largest signed 64-bit integer, is the parsers' own.
_MAX_RETRY_MS = 2**63 - 1

# Up to this many bytes `assert_chunk_invariant` tries every split point; the cost is quadratic.
_EXHAUSTIVE_BYTES = 2048
_SAMPLED_SPLITS = 512


class Interpretation(msgspec.Struct, frozen=True):
    """What the standard makes of one body.

    Attributes:
        wire: Everything in the order of the wire: what a `WireParser` returns.
        last_event_id: The last event ID string at the end, as a reconnect would send it.
        retry: The reconnection time in force at the end, in ms; None when the body set none.
    """

    wire: list[Event | Comment | UnknownField]
    last_event_id: str
    retry: int | None

    @property
    def events(self) -> list[Event]:
        """What a `Parser` returns."""
        return [value for value in self.wire if isinstance(value, Event)]


def interpret(body: bytes, *, last_event_id: str = "") -> Interpretation:
    r"""The whole of `body`, as "Interpreting an event stream" has it.

    https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

    It is the oracle for a parser with ``errors="replace"`` and no limit. Two things are beyond the standard, as
    they are in the parsers: what the standard ignores is returned in `wire`, and a reconnection time past
    2**63 - 1 ms is ignored.

    Args:
        body: All the bytes of the stream, from the first to the last.
        last_event_id: What an earlier connection left standing.

    >>> interpret(b"id: 7\ndata: YHOO\ndata: +2\n\n: alive\n").events
    [Event(data='YHOO\n+2', event='message', id='7', retry=None)]
    """
    # "Streams must be decoded using the UTF-8 decode algorithm." - "The UTF-8 decode algorithm strips one leading UTF-8
    # Byte Order Mark (BOM), if any."
    stream = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")

    # "The stream must then be parsed by reading everything line by line, with a U+000D CARRIAGE RETURN U+000A LINE
    # FEED (CRLF) character pair, a single U+000A LINE FEED (LF) character not preceded by a U+000D CARRIAGE RETURN
    # (CR) character, and a single U+000D CARRIAGE RETURN (CR) character not followed by a U+000A LINE FEED (LF)
    # character being the ways in which a line can end."
    # A last line that none of these ends is pending at the end of the file, and "any pending data must be discarded".
    lines = re.findall(r"([^\r\n]*)(?:\r\n|\n|\r)", stream)

    # "When a stream is parsed, a data buffer, an event type buffer, and a last event ID buffer must be associated
    # with it. They must be initialized to the empty string."
    data_buffer = ""
    event_type_buffer = ""
    # Browsers carry the last event ID over to the next connection, which is what the argument is for.
    last_event_id_buffer = last_event_id

    reconnection_time: int | None = None
    retry_of_block: int | None = None
    wire: list[Event | Comment | UnknownField] = []

    # And then: "Lines must be processed, in the order they are received, as follows:"
    for line in lines:
        # A blank line: "If the line is empty (a blank line): Dispatch the event, as defined below."
        if line == "":
            # "1. Set the last event ID string of the event source to the value of the last event ID buffer. The
            # buffer does not get reset, so the last event ID string of the event source remains set to this value
            # until the next time it is set by the server."
            last_event_id = last_event_id_buffer
            # "2. If the data buffer is an empty string, set the data buffer and the event type buffer to the empty
            # string and return."
            if data_buffer != "":
                # "3. If the data buffer's last character is a U+000A LINE FEED (LF) character, then remove the last
                # character from the data buffer."
                data_buffer = data_buffer.removesuffix("\n")
                # "5. Initialize event's type attribute to "message", its data attribute to data, [...] and its
                # lastEventId attribute to the last event ID string of the event source."
                # "6. If the event type buffer has a value other than the empty string, change the type of the newly
                # created event to equal the value of the event type buffer."
                event_type = event_type_buffer if event_type_buffer != "" else "message"
                wire.append(Event(data_buffer, event_type, last_event_id, retry_of_block))
            # "7. Set the data buffer and the event type buffer to the empty string."
            data_buffer = ""
            event_type_buffer = ""
            retry_of_block = None
            continue

        # A comment: "If the line starts with a U+003A COLON character (:): Ignore the line."
        if line.startswith(":"):
            wire.append(Comment(line[1:].removeprefix(" ")))
            continue

        # "If the line contains a U+003A COLON character (:)":
        if ":" in line:
            # "Collect the characters on the line before the first U+003A COLON character (:), and let field be that
            # string. Collect the characters on the line after the first U+003A COLON character (:), and let value
            # be that string. If value starts with a U+0020 SPACE character, remove it from value."
            field = line[: line.index(":")]
            value = line[line.index(":") + 1 :].removeprefix(" ")
        # "Otherwise, the string is not empty but does not contain a U+003A COLON character (:): Process the field
        # [...] using the whole line as the field name, and the empty string as the field value."
        else:
            field = line
            value = ""

        # "Field names must be compared literally, with no case folding performed."
        # "If the field name is "event": Set the event type buffer to the field value."
        if field == "event":
            event_type_buffer = value
        # "If the field name is "data": Append the field value to the data buffer, then append a single U+000A LINE
        # FEED (LF) character to the data buffer."
        elif field == "data":
            data_buffer += value + "\n"
        # "If the field name is "id": If the field value does not contain U+0000 NULL, then set the last event ID
        # buffer to the field value. Otherwise, ignore the field."
        elif field == "id":
            if "\0" not in value:
                last_event_id_buffer = value
        # "If the field name is "retry": If the field value consists of only ASCII digits, then interpret the field
        # value as an integer in base ten, and set the event stream's reconnection time to that integer. Otherwise,
        # ignore the field."
        elif field == "retry":
            number = _base_ten(value)
            if number is not None:
                reconnection_time = retry_of_block = number
        # And "Otherwise: The field is ignored."
        else:
            wire.append(UnknownField(field, value))

    # "Once the end of the file is reached, any pending data must be discarded. (If the file ends in the middle of an
    # event, before the final empty line, the incomplete event is not dispatched.)"
    return Interpretation(wire, last_event_id, reconnection_time)


def _base_ten(digits: str) -> int | None:
    """The number that `digits` spell, or None where a retry field is ignored.

    Digit by digit: ``int`` takes more than ASCII digits, and refuses to read some thousands of them.
    """
    if digits == "":
        return None
    number = 0
    for digit in digits:
        if digit not in "0123456789":
            return None
        number = number * 10 + "0123456789".index(digit)
    return number if number <= _MAX_RETRY_MS else None


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
    return (st.lists(cut).map(sorted) | single_bytes).map(lambda cuts: _cut(body, cuts))


class Outcome(msgspec.Struct, Generic[T], frozen=True):
    """All that a machine made of a stream, up to the first error.

    Attributes:
        values: What ``feed()`` and ``close()`` returned, in order.
        error: The type and the arguments of the exception that ended it, or None.
    """

    values: list[T]
    error: tuple[type[Exception], tuple[Any, ...]] | None


def outcome(machine: Machine[T], chunks: Iterable[bytes]) -> Outcome[T]:
    r"""What `machine` makes of `chunks` and the end of the stream; it is spent afterwards.

    >>> from sse_events import Parser
    >>> outcome(Parser(), [b"data: o", b"ne\n", b"\n"])
    Outcome(values=[Event(data='one', event='message', id='', retry=None)], error=None)
    """
    values: list[T] = []
    try:
        for chunk in chunks:
            values += machine.feed(chunk)
        values += machine.close()
    except Exception as error:  # noqa: BLE001 - a machine of the user's own may raise anything
        return Outcome(values, (type(error), error.args))
    return Outcome(values, None)


def assert_chunk_invariant(
    make_machine: Callable[[], Machine[T]], body: bytes, chunkings: Iterable[Iterable[bytes]] | None = None
) -> Outcome[T]:
    r"""The outcome of `body` in one chunk, once every other chunking has been seen to have the same.

    Two outcomes are the same when their values are equal, and an error is of the same type with the same arguments
    after the same values. How the values are spread over the calls makes no difference.

    Args:
        make_machine: Makes a fresh machine for each chunking: a class, or a lambda around its options.
        body: The bytes of the whole stream.
        chunkings: The chunkings to try. By default: cut in two at every point, byte by byte, and byte by byte with
            empty chunks between. Of a body over 2 KiB only 512 of the points are tried, one in each of as many equal
            slices, the same ones every time.

    Raises:
        AssertionError: An outcome differs. The message shows a chunking with no cut that could be left out, and the
            first difference.
        ValueError: A chunking does not join to `body`.

    >>> from sse_events import Parser
    >>> assert_chunk_invariant(lambda: Parser(max_event_bytes=8), b"data: 1\n\ndata: 1234567890").values
    [Event(data='1', event='message', id='', retry=None)]
    """
    whole = outcome(make_machine(), [body])

    def differs(cuts: Sequence[int]) -> bool:
        return outcome(make_machine(), _cut(body, cuts)) != whole

    for cuts in _usual_cuts(len(body)) if chunkings is None else (_cuts_of(body, chunks) for chunks in chunkings):
        if differs(cuts):
            chunks = _cut(body, _fewest(cuts, differs))
            raise AssertionError(_difference(chunks, whole, outcome(make_machine(), chunks)))
    return whole


def _usual_cuts(size: int) -> Iterator[Sequence[int]]:
    # The splits come first: what fails in two chunks is shown in two chunks.
    splits: Iterable[int] = range(size + 1)
    if size > _EXHAUSTIVE_BYTES:
        # One in every slice, but anywhere in it: a fixed stride would keep step with lines of equal length.
        draw = random.Random(size)  # noqa: S311 - a reproducible sample, no secret
        splits = (
            draw.randrange(size * n // _SAMPLED_SPLITS, size * (n + 1) // _SAMPLED_SPLITS)
            for n in range(_SAMPLED_SPLITS)
        )
    for cut in splits:
        yield [cut]
    yield range(1, size)
    yield [cut for cut in range(size + 1) for _ in range(2)]


def _cut(body: bytes, cuts: Sequence[int]) -> list[bytes]:
    return [body[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(body)], strict=True)]


def _cuts_of(body: bytes, chunks: Iterable[bytes]) -> list[int]:
    chunks = list(chunks)
    if b"".join(chunks) != body:
        raise ValueError("the chunks of a chunking do not join to the body")
    cuts = [0]
    for chunk in chunks:
        cuts.append(cuts[-1] + len(chunk))
    return cuts[1:-1]


def _fewest(cuts: Sequence[int], differs: Callable[[Sequence[int]], bool]) -> list[int]:
    """Those of `cuts` without any one of which the difference would be gone."""
    kept = list(cuts)
    size = len(kept)
    while size:
        before = len(kept)
        for start in reversed(range(0, before, size)):
            fewer = kept[:start] + kept[start + size :]
            if differs(fewer):
                kept = fewer
        # Single cuts are tried again until none goes: one may become needless when another has gone.
        if size > 1 or len(kept) == before:
            size //= 2
    return kept


def _difference(chunks: list[bytes], whole: Outcome[Any], chunked: Outcome[Any]) -> str:
    expected, got = ([*end.values, f"the end, error {end.error}"] for end in (whole, chunked))
    first = next(n for n in range(len(expected)) if expected[n] != got[n])
    return "\n".join(
        [
            "the outcome depends on where the body is cut",
            f"chunks: {_clipped(repr(chunks))}",
            f"the first difference is value {first}",
            f"in one chunk: {_clipped(str(expected[first]))}",
            f"in these:     {_clipped(str(got[first]))}",
        ]
    )


def _clipped(text: str) -> str:
    return text if len(text) <= 2000 else f"{text[:1000]} ... {text[-1000:]}"

"""The parsers: the standard's table in every chunking, limits, strictness and copies."""

from __future__ import annotations

import array
import copy
import pickle
import random
from collections.abc import Callable
from typing import Any

import pytest

from sse_events.errors import EventTooLarge, MisuseError, ProtocolError, SSEError
from sse_events.events import Comment, Event
from sse_events.parser import Parser, WireParser
from sse_events.testing import Outcome, assert_chunk_invariant, interpret, outcome
from tests.parser_vectors import ROWS, every_row

AnyParser = Parser | WireParser

UTF_8_BODIES = {
    name: row.body for name, row in ROWS.items() if row.body.decode("utf-8", "replace").encode() == row.body
}

# A stream that goes through every state in which a parser can be left between two chunks.
EVERYTHING = (
    b"\xef\xbb\xbf: c\xc3\xa9\r\nevent: add\r\nid: 1\r\nretry: 20\r\ndata: a\xe2\x82\xac\r\ndata\r\ndata:b\r\n\r\n"
    b"nonsense\rid: 2\r\rid: 3\0\ndata: no\xffne\n\nretry: 30\nevent: x\ndata: unfinished"
)


class Told:
    """A parser that does not raise: ``close()`` returns its error, its last event ID and its reconnection time.

    So the comparison of two chunkings includes the parser's attributes, after an error too. An error may come at once
    or with the next call, depending on the chunking; that values come before it is the same in all of them.
    """

    def __init__(self, parser: AnyParser) -> None:
        self.parser = parser
        self.error: tuple[Any, ...] | None = None

    def feed(self, data: bytes | bytearray | memoryview) -> list[Any]:
        try:
            return [*self.parser.feed(data)]
        except SSEError as error:
            self.error = (type(error), error.args)
            return []

    def close(self) -> list[Any]:
        try:
            self.parser.close()
        except SSEError as error:
            self.error = (type(error), error.args)
        return [self.error, self.parser.last_event_id, self.parser.retry]


def told(make_parser: Callable[[], AnyParser], body: bytes) -> list[Any]:
    """What a parser makes of `body`, whole, at every split, byte by byte and with empty chunks: always the same."""
    return assert_chunk_invariant(lambda: Told(make_parser()), body).values


class TestTheStandard:
    """Every row of data/parser_vectors.json, each under the sentence that it proves."""

    def test_the_table_has_its_size(self):
        assert len(ROWS) >= 200

    @every_row
    def test_everything_on_the_wire(self, row):
        assert told(WireParser, row.body) == [*row.wire, None, row.last_event_id, row.retry]

    @every_row
    def test_events_alone(self, row):
        assert told(Parser, row.body) == [*row.events, None, row.last_event_id, row.retry]

    @pytest.mark.parametrize("body", UTF_8_BODIES.values(), ids=UTF_8_BODIES)
    def test_strictness_changes_nothing_where_all_is_utf_8(self, body):
        assert told(lambda: WireParser(errors="strict"), body) == told(WireParser, body)

    @pytest.mark.parametrize("ends", ["\n", "\r", "\r\n"])
    def test_an_event_comes_with_the_byte_that_completes_it(self, ends):
        body = f"data: a{ends}{ends}id: 1{ends}{ends}data: b{ends}{ends}".encode()
        parser = Parser()
        counts = [len(parser.feed(body[n : n + 1])) for n in range(len(body))]
        # The CR of a CRLF is enough to end a blank line.
        spare = len(ends) - 1
        first = body.index(ends.encode() * 2) + 2 * len(ends) - spare
        assert [n + 1 for n, count in enumerate(counts) if count] == [first, len(body) - spare]

    @pytest.mark.parametrize("kind", [Parser, WireParser])
    @pytest.mark.parametrize("ends", ["\n", "\r", "\r\n"])
    def test_a_type_that_repeats(self, ends, kind):
        lines = [
            "event: a",
            "data: 1",
            "",
            "event: a",
            "data: 2",
            "",
            "data: 3",
            "",
            "event: a",
            "event: b",
            "data: 4",
            "",
        ]
        lines += ["event: a", "", "data: 5", "", "event: b", "event: a", "data: 6", "", "event:a", "data: 7", "", ""]
        types = ["a", "a", "message", "b", "message", "a", "a"]
        events = [Event(str(number), event) for number, event in enumerate(types, 1)]
        assert told(kind, ends.join(lines).encode()) == [*events, None, "", None]

    def test_a_type_that_repeats_in_chunks_of_any_size(self):
        parser = Parser()
        for size in (1, 5000, 1, 5000, 5000, 1):
            block = b"event: a\ndata: " + b"x" * size + b"\n\n"
            assert parser.feed(block) == [Event("x" * size, "a")]

    def test_the_last_event_id_of_an_earlier_connection_stands_until_the_stream_sets_another(self):
        parser = Parser(last_event_id="7")
        assert parser.last_event_id == "7"
        assert parser.feed(b"data: a\n\nid: 8\ndata: b\n\n") == [Event("a", id="7"), Event("b", id="8")]
        assert parser.last_event_id == "8"

    def test_an_empty_id_resets_that_of_an_earlier_connection(self):
        parser = Parser(last_event_id="7")
        assert parser.feed(b"id\n\ndata: a\n\n") == [Event("a")]


def long_stream(ends: list[bytes]) -> bytes:
    """Some 200 KiB of lines from empty to many KiB long, in runs of the same kind, the same ones every time."""
    draw = random.Random(b"".join(ends))
    lines = [b": start"]
    while sum(map(len, lines)) < 200_000:
        longest = draw.choice([0, 20, 300, 3000, 30_000])
        for _ in range(draw.randint(1, 12)):
            name = draw.choice([b"data: ", b"data: ", b"data: ", b"data:", b"event: ", b"id: ", b": ", b"foo: ", b""])
            value = draw.randbytes(draw.randint(0, longest)).translate(None, b"\r\n\0")
            lines += [name + value, b""] if draw.random() < 0.5 else [name + value]
    stream = b""
    for line in lines:
        end = draw.choice(ends)
        stream += line + (b"\r\n" if not line and end == b"\n" and stream.endswith(b"\r") else end)
    return stream


class TestLongStreams:
    """How the lines of a chunk are found depends on what is in it."""

    @pytest.mark.parametrize("ends", [[b"\n"], [b"\r"], [b"\r\n"], [b"\n", b"\r", b"\r\n"]], ids=repr)
    @pytest.mark.parametrize("size", [7, 100, 999, 1000, 1001, 1400, 4096, 65_536, 2**20])
    def test_the_size_of_chunks_makes_no_difference(self, ends, size):
        stream = long_stream(ends)
        parser = WireParser()
        values = [value for n in range(0, len(stream), size) for value in parser.feed(stream[n : n + size])]
        assert values == interpret(stream).wire

    def test_changing_sizes_make_no_difference(self):
        stream = long_stream([b"\n", b"\n", b"\n", b"\r\n"])
        draw = random.Random(1)
        for _ in range(20):
            parser, values, start = WireParser(), [], 0
            while start < len(stream):
                size = draw.choice([1, 30, 990, 1010, 5000, 50_000])
                values += parser.feed(stream[start : start + size])
                start += size
            assert values == interpret(stream).wire

    @pytest.mark.parametrize("rest", [b"", b"data: b"], ids=["ended", "unended"])
    def test_a_long_chunk_may_end_with_its_last_line(self, rest):
        parser = Parser()
        assert parser.feed(b"id: 1\ndata: " + b"x" * 3000) == []
        assert parser.feed(b"y" * 3000 + b"\n\ndata: a\n\n" + rest) == [
            Event("x" * 3000 + "y" * 3000, id="1"),
            Event("a", id="1"),
        ]
        assert parser.feed(b"\n\ndata: c\n\n") == [*([Event("b", id="1")] if rest else []), Event("c", id="1")]


class TestWhatIsFed:
    @pytest.mark.parametrize(
        "wrap", [bytes, bytearray, memoryview, type("Bytes", (bytes,), {}), lambda data: array.array("B", data)]
    )
    def test_anything_bytes_like(self, wrap):
        parser = WireParser()
        values = [value for n in range(len(EVERYTHING)) for value in parser.feed(wrap(EVERYTHING[n : n + 1]))]
        assert values == WireParser().feed(EVERYTHING) == WireParser().feed(wrap(EVERYTHING))

    @pytest.mark.parametrize(
        "view",
        [memoryview(b"d.a.t.a.:.a.\n.\n.")[::2], memoryview(b"\n\na:atad")[::-1], memoryview(b"data:a\n\n").cast("H")],
        ids=["every second byte", "backwards", "two-byte items"],
    )
    def test_the_bytes_of_any_view(self, view):
        assert Parser().feed(view) == [Event("a")]

    def test_a_buffer_may_be_used_again(self):
        parser, buffer = Parser(), bytearray(4)
        values = []
        for piece in (b"data", b": ab", b"cdef", b"\n\nda"):
            buffer[:] = piece
            values += parser.feed(buffer)
            values += parser.feed(memoryview(buffer)[:0])
        assert values == [Event("abcdef")]

    @pytest.mark.parametrize("data", [5, True, 0, "data: x\n\n", "", ["data"], [100, 97], None, object()], ids=repr)
    @pytest.mark.parametrize("before", [b"", b"data: a", b"data: a\r"])
    def test_anything_else_is_a_type_error_and_does_no_harm(self, before, data):
        parser = Parser()
        parser.feed(before)
        with pytest.raises(TypeError):
            parser.feed(data)
        assert parser.feed(b"\n\ndata: b\n\n")[-1] == Event("b")

    @pytest.mark.parametrize("data", ["data: x\n\n", ""])
    def test_for_text_the_error_says_what_to_do(self, data):
        with pytest.raises(TypeError, match=r"bytes, not str: .*\.encode\(\)"):
            Parser().feed(data)


class TestClose:
    def test_twice_is_harmless(self):
        parser = Parser()
        parser.feed(b"data: x\n")
        assert parser.close() == []
        assert parser.close() == []

    @pytest.mark.parametrize("data", [b"", b"\n", b"data: x\n\n"])
    @pytest.mark.parametrize("before", [b"", b"\xef\xbb", b"data: x\n", b"data: x\r", b"data: x"])
    def test_feeding_after_it_is_misuse(self, before, data):
        parser = Parser()
        parser.feed(before)
        parser.close()
        for _ in range(2):
            with pytest.raises(MisuseError):
                parser.feed(data)
        assert parser.close() == []

    def test_what_was_learnt_remains(self):
        parser = Parser()
        parser.feed(b"id: 1\nretry: 5\n\nid: 2\n")
        parser.close()
        assert (parser.last_event_id, parser.retry) == ("1", 5)


# The body, and the smallest limit that it keeps: the data of the block so far plus the current line.
LIMITED = {
    "nothing": (b"", 0),
    "blank lines": (b"\n\r\n\r\n", 0),
    "one data line": (b"data: 12345\n\n", 11),
    "without a space": (b"data:12345\r\n\r\n", 10),
    "an unended line": (b"data: 12345", 11),
    "a comment": (b":12345\r\r", 6),
    "an unknown field": (b"12345678\n", 8),
    "an id": (b"id: 123\n\n", 7),
    "two data lines": (b"data:1\ndata:2\n\n", 1 + 6),
    "three data lines": (b"data:1\ndata: 2\ndata:3\r\n\r\n", 3 + 6),
    "two events of two data lines": (b"data:1\ndata:2\n\ndata:3\ndata:4\n\n", 1 + 6),
    "two data lines, then one": (b"data:1\ndata:2\n\ndata:34\n\n", 1 + 6),
    "empty data lines": (b"data\ndata\ndata\ndata\n\n", 2 + 4),
    "data and another field": (b"data: 12345\nevent: e\n\n", 5 + 8),
    "data and an unended line": (b"data: 12345\ndata: 67", 5 + 8),
    "data and a comment, by CR": (b"data: 12345\r: 67\r", 11),
    "two events": (b"data:12\n\ndata:345\n\n", 8),
    "the larger event first": (b"data:345\n\ndata:12\n\ndata", 8),
    "a byte order mark": (b"\xef\xbb\xbfdata:1\n\n", 6),
    "half a byte order mark": (b"\xef\xbb\n", 2),
    "a retry": (b"retry: 10\ndata: 1\n\n", 9),
    "an id that is committed, then data": (b"id:1\n\nid:2\ndata:345678\n\nid:3\ndata:45678\n\n", 11),
}


class TestLimit:
    @pytest.mark.parametrize(("body", "smallest"), LIMITED.values(), ids=LIMITED)
    @pytest.mark.parametrize("kind", [Parser, WireParser])
    def test_the_outcome_is_the_same_in_every_chunking_for_every_limit(self, kind, body, smallest):
        for limit in range(len(body) + 2):
            *values, error, _, _ = told(lambda: kind(max_event_bytes=limit), body)  # noqa: B023 - used at once
            everything = kind().feed(body)
            if limit < smallest:
                assert error == (EventTooLarge, EventTooLarge(limit).args)
                assert values == everything[: len(values)]
            else:
                assert error is None
                assert values == everything

    @pytest.mark.parametrize("size", [1, 7, 16, 1400, 2**20])
    def test_an_event_of_thousands_of_data_lines(self, size):
        body = (b"data:x\n" * 3000 + b"\n") * 2
        chunks = [body[n : n + size] for n in range(0, len(body), size)]
        smallest = len("\n".join("x" * 2999)) + len("data:x")
        event = Event("\n".join("x" * 3000))
        assert outcome(Parser(max_event_bytes=smallest), chunks) == Outcome([event, event], None)
        assert outcome(Parser(max_event_bytes=smallest - 1), chunks).error == (
            EventTooLarge,
            EventTooLarge(smallest - 1).args,
        )

    @pytest.mark.parametrize("limit", range(len(EVERYTHING) + 1))
    def test_the_limit_and_strictness_together(self, limit):
        told(lambda: WireParser(max_event_bytes=limit, errors="strict"), EVERYTHING)
        told(lambda: WireParser(max_event_bytes=limit), EVERYTHING)

    def test_what_was_complete_is_returned_and_the_next_call_raises(self):
        parser = Parser(max_event_bytes=10)
        assert parser.feed(b"id: 1\ndata: ok\n\nid: 2\ndata: far too large\n\ndata: lost\n\n") == [Event("ok", id="1")]
        for call in (lambda: parser.feed(b""), parser.close, lambda: parser.feed(b"data: x\n\n"), parser.close):
            with pytest.raises(EventTooLarge, match="10 bytes") as caught:
                call()
            assert caught.value.limit == 10
        assert parser.last_event_id == "1"

    @pytest.mark.parametrize(
        "chunk",
        [b"data: far too large", b"data: far too large\n\n", b"id: 1\n\ndata: far too large\n\ndata: x\n\n"],
        ids=["an unended line", "a whole event", "after a block without data"],
    )
    def test_it_raises_at_once_when_nothing_was_complete(self, chunk):
        parser = Parser(max_event_bytes=10)
        for data in (chunk, b"", b"data: x\n\n"):
            with pytest.raises(EventTooLarge):
                parser.feed(data)
        with pytest.raises(EventTooLarge):
            parser.close()

    def test_a_comment_counts_as_complete_only_where_it_is_returned(self):
        chunk = b": ping\ndata: far too large"
        with pytest.raises(EventTooLarge):
            Parser(max_event_bytes=10).feed(chunk)
        parser = WireParser(max_event_bytes=10)
        assert parser.feed(chunk) == [Comment("ping")]
        with pytest.raises(EventTooLarge):
            parser.feed(b"")

    def test_data_counts_across_chunks_and_fields(self):
        parser = Parser(max_event_bytes=12)
        assert parser.feed(b"data: 12345\n") == []
        assert parser.feed(b"id: 1\n") == []
        assert parser.feed(b"id: 12") == []
        assert parser.feed(b"3") == []
        with pytest.raises(EventTooLarge):
            parser.feed(b"4")

    def test_a_second_error_never_replaces_the_first(self):
        parser = Parser(max_event_bytes=12, errors="strict")
        assert parser.feed(b"data: a\n\ndata: \xff\n\ndata: far too large\n\n") == [Event("a")]
        for data in (b"", b"data: far too large\n\n", b"data: \xff\n\n"):
            with pytest.raises(ProtocolError, match="UTF-8") as caught:
                parser.feed(data)
            assert type(caught.value) is ProtocolError
        parser = Parser(max_event_bytes=12, errors="strict")
        for data in (b"data: far too large\n\n", b"data: \xff\n\n"):
            with pytest.raises(EventTooLarge):
                parser.feed(data)

    def test_raising_the_error_again_and_again_keeps_no_frames(self):
        parser = Parser(max_event_bytes=1)
        depths = []
        for data in (b"too much", b"", b"", b""):
            with pytest.raises(EventTooLarge) as caught:
                parser.feed(data)
            depths.append(len(caught.traceback))
        assert len(set(depths[1:])) == 1

    def test_each_call_raises_an_error_of_its_own(self):
        parser = Parser(max_event_bytes=1)
        caught = []
        for call in (lambda: parser.feed(b"too much"), lambda: parser.feed(b""), parser.close):
            with pytest.raises(EventTooLarge) as info:
                call()
            caught.append(info.value)
        assert len(set(map(id, caught))) == 3

    def test_the_default_is_16_mib(self):
        parser = Parser()
        assert parser.feed(b"data:" + bytes(16 * 2**20 - 5)) == []
        assert parser.feed(b"\n") == []
        assert parser.feed(b"\n") == [Event("\0" * (16 * 2**20 - 5))]
        with pytest.raises(EventTooLarge) as caught:
            parser.feed(b":" + bytes(16 * 2**20))
        assert caught.value.limit == 16 * 2**20

    def test_none_is_no_limit(self):
        parser = Parser(max_event_bytes=None)
        size = 17 * 2**20
        parser.feed(b"data:" + bytes(size))
        assert parser.feed(b"\n\n") == [Event("\0" * size)]

    def test_a_negative_one_is_refused(self):
        with pytest.raises(ValueError, match="max_event_bytes"):
            Parser(max_event_bytes=-1)


@pytest.mark.parametrize("arguments", [{"max_event_bytes": 1.5}, {"max_event_bytes": "16"}, {"last_event_id": b"7"}])
@pytest.mark.parametrize("kind", [Parser, WireParser])
def test_an_argument_of_another_type_is_refused(kind, arguments):
    with pytest.raises(TypeError):
        kind(**arguments)


NOT_UTF_8 = {
    "data": b"data: \xff\n\n",
    "the second data line": b"data: a\ndata: \xff\n\n",
    "a code point cut by a line end": b"data: \xc3\ndata: \xa9\n\n",
    "a code point unfinished": b"data: \xe2\x82\n\n",
    "a surrogate": b"data: \xed\xa0\x80\n\n",
    "the event type": b"event: \xff\ndata: x\n\n",
    "the id": b"id: \xff\ndata: x\n\n",
    "the event type and the data": b"event: \xff\ndata: \xff\n\n",
    "the id of a block without data": b"id: \xff\n\n",
}
NOT_UTF_8_ON_THE_WIRE = {
    "a comment": b": \xff\n",
    "the name of an unknown field": b"\xff: x\n",
    "the value of an unknown field": b"foo: \xff\n",
    "the name and the value of an unknown field": b"\xff: \xff\n",
}
NOT_DELIVERED = {
    "the event type of a block without data": b"event: \xff\n\ndata: x\n\n",
    "an event type that another replaces": b"event: \xff\nevent: e\ndata: x\n\n",
    "an id that another replaces": b"id: \xff\nid: 1\ndata: x\n\n",
    "an id with NUL": b"id: \xff\0\ndata: x\n\n",
    "a retry": b"retry: \xff\ndata: x\n\n",
    "unfinished data": b"data: \xff\n",
    "an unended line": b"data: \xff",
}


class TestStrict:
    @pytest.mark.parametrize("kind", [Parser, WireParser])
    @pytest.mark.parametrize("body", NOT_UTF_8.values(), ids=NOT_UTF_8)
    def test_a_delivered_value_that_is_not_utf_8_is_an_error(self, kind, body):
        before = b"id: 1\nevent: e\ndata: before\n\n"
        event, error, _, _ = told(lambda: kind(errors="strict"), before + body + b"data: after\n\n")
        assert event == Event("before", "e", "1")
        assert error[0] is ProtocolError
        assert "UTF-8" in error[1][0]

    @pytest.mark.parametrize("body", NOT_UTF_8_ON_THE_WIRE.values(), ids=NOT_UTF_8_ON_THE_WIRE)
    def test_only_what_is_delivered_counts(self, body):
        *values, error, _, _ = told(lambda: WireParser(errors="strict"), body + b"data: x\n\n")
        assert values == []
        assert error[0] is ProtocolError
        assert told(lambda: Parser(errors="strict"), body + b"data: x\n\n") == [Event("x"), None, "", None]

    @pytest.mark.parametrize("body", NOT_DELIVERED.values(), ids=NOT_DELIVERED)
    @pytest.mark.parametrize("kind", [Parser, WireParser])
    def test_what_is_never_delivered_is_no_error(self, kind, body):
        assert told(lambda: kind(errors="strict"), body) == told(kind, body)

    def test_what_was_complete_is_returned_and_the_next_call_raises(self):
        parser = Parser(errors="strict")
        assert parser.feed(b"data: a\n\ndata: \xff\n\ndata: b\n\n") == [Event("a")]
        for call in (lambda: parser.feed(b""), parser.close, lambda: parser.feed(b"data: c\n\n")):
            with pytest.raises(ProtocolError):
                call()

    def test_it_raises_at_once_when_nothing_was_complete(self):
        parser = Parser(errors="strict")
        for data in (b"data: \xff\n\n", b""):
            with pytest.raises(ProtocolError):
                parser.feed(data)

    def test_the_last_event_id_stays_that_of_the_last_event_returned(self):
        """A reconnect resumes there, and does not skip the event that could not be decoded."""
        parser = Parser(errors="strict")
        assert parser.feed(b"id: 1\ndata: ok\n\nid: 2\ndata: \xff\n\n") == [Event("ok", id="1")]
        assert parser.last_event_id == "1"
        with pytest.raises(ProtocolError):
            parser.feed(b"")

    @pytest.mark.parametrize("kind", [Parser, WireParser])
    def test_another_word_is_refused_with_the_choice(self, kind):
        with pytest.raises(ValueError, match=r"'replace' .* or 'strict' .*, not 'ignore'"):
            kind(errors="ignore")


class TestCopies:
    @pytest.mark.parametrize(
        "duplicate",
        [copy.copy, copy.deepcopy, lambda parser: pickle.loads(pickle.dumps(parser))],
        ids=["copy", "deepcopy", "pickle"],
    )
    @pytest.mark.parametrize(
        "make",
        [
            Parser,
            WireParser,
            lambda: WireParser(last_event_id="0", errors="strict"),
            lambda: WireParser(max_event_bytes=20),
        ],
        ids=["Parser", "WireParser", "strict", "limited"],
    )
    def test_a_copy_goes_on_where_the_stream_was_at_every_position(self, make, duplicate):
        whole = Told(make())
        expected = [*whole.feed(EVERYTHING), *whole.close()]
        for position in range(len(EVERYTHING) + 1):
            original = make()
            values = Told(original).feed(EVERYTHING[:position])
            moved = Told(duplicate(original))
            # What the original gets later does not reach the copy.
            Told(original).feed(b"\ndata: elsewhere\nid: elsewhere\n\nunfinished")
            assert [*values, *moved.feed(EVERYTHING[position:]), *moved.close()] == expected

    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
    def test_a_copy_does_not_reach_its_original(self, duplicate):
        for before in (b"data: a", b"data: a\ndata: b\nda"):
            parser = Parser()
            parser.feed(before)
            twin = duplicate(parser)
            twin.feed(b"changed\ndata: more\n\nid: 5\n\n")
            expected = Parser()
            expected.feed(before)
            assert parser.feed(b"ta: z\n\n") == expected.feed(b"ta: z\n\n")
            assert parser.last_event_id == ""

    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda parser: pickle.loads(pickle.dumps(parser))])
    def test_a_copy_of_a_parser_that_failed_raises_the_same(self, duplicate):
        parser = Parser(max_event_bytes=8)
        assert parser.feed(b"data: 1\n\ndata: too large") == [Event("1")]
        for one in (duplicate(parser), parser):
            with pytest.raises(EventTooLarge) as caught:
                one.feed(b"")
            assert caught.value.limit == 8

    def test_a_subclass_copies_with_its_own_attributes(self):
        class Counting(Parser):
            count = 0

        parser = Counting()
        parser.count = 3
        parser.feed(b"data: a")
        twin = copy.copy(parser)
        assert (type(twin), twin.count, twin.feed(b"\n\n")) == (Counting, 3, [Event("a")])

    def test_a_long_line_in_many_pieces(self):
        parser = Parser()
        for piece in [b"data: ", *[b"xy"] * 5000, b"\n", *[b"data:z\n"] * 5000]:
            parser.feed(piece)
        moved = pickle.loads(pickle.dumps(parser))
        assert moved.feed(b"\n") == parser.feed(b"\n") == [Event("xy" * 5000 + "\nz" * 5000)]

    @pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
    def test_every_protocol_of_pickle(self, protocol):
        parser = WireParser(last_event_id="7")
        parser.feed(b"data: a\nda")
        moved = pickle.loads(pickle.dumps(parser, protocol))
        assert moved.feed(b"ta: b\n\n") == [Event("a\nb", id="7")]

    def test_a_closed_one_stays_closed(self):
        parser = Parser()
        parser.close()
        moved = pickle.loads(pickle.dumps(parser))
        with pytest.raises(MisuseError):
            moved.feed(b"")

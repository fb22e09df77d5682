"""ChatStream: arguments, limits, the end, raw payloads and single events."""

from __future__ import annotations

import json
import pickle
from array import array

import pytest

from sse_events import Comment, Event, UnknownField, WireParser
from sse_events.chat import ChatStream, Done, Error, Finish, Raw, Token, ToolCallEnd
from sse_events.chat.dialects import DIALECTS
from tests.chat.cases import check, done, read, sse
from tests.chat.chunkings import CHUNKINGS, per_byte
from tests.chat.payloads import AZURE, DECIDING, DONE, STOP, TEXT, call, kinds
from tests.chat.summary import check_order


class TestArguments:
    def test_dialects(self):
        assert set(DECIDING) == set(DIALECTS)
        for name in DIALECTS:
            assert ChatStream(name).dialect == name  # type: ignore[arg-type]
        assert ChatStream().dialect is None
        assert ChatStream("auto").dialect is None

    @pytest.mark.parametrize("dialect", ["OpenAI", "", "azure"])
    def test_unknown_dialect(self, dialect):
        with pytest.raises(ValueError, match="dialect must be one of 'auto', 'openai'"):
            ChatStream(dialect)

    @pytest.mark.parametrize("choices", ["", "one", 0, None])
    def test_unknown_choices(self, choices):
        with pytest.raises((TypeError, ValueError), match="choices must be one of 'first', 'all'"):
            ChatStream(choices=choices)

    def test_negative_limit(self):
        with pytest.raises(ValueError, match="max_event_bytes"):
            ChatStream(max_event_bytes=-1)

    @pytest.mark.parametrize("data", ["data", 5, None, [1], ["data"]])
    def test_data_that_is_not_bytes_like(self, data):
        with pytest.raises(TypeError):
            ChatStream().feed(data)

    def test_bytes_like(self):
        body = sse(TEXT)
        for data in (body, bytearray(body), memoryview(body), memoryview(array("B", body))):
            assert ChatStream().feed(data) == [Token("a")]


class TestLimits:
    TOO_LARGE = "an event is larger than max_event_bytes (200 bytes)"

    @pytest.mark.parametrize("cut", CHUNKINGS, ids=lambda cut: cut.__name__)
    def test_an_event_past_the_limit(self, cut):
        """What was complete before it is returned, nothing after it is."""
        body = sse(TEXT) + b"data: " + b"x" * 300 + b"\n\n" + sse(TEXT)
        assert read(cut(body), max_event_bytes=200) == [Token("a"), Error("protocol", self.TOO_LARGE), done("error")]

    def test_at_once(self):
        stream = ChatStream(max_event_bytes=200)
        assert stream.feed(sse(TEXT) + b"data: " + b"x" * 150) == [Token("a")]
        assert stream.feed(b"x" * 100) == [Error("protocol", self.TOO_LARGE), done("error")]
        assert stream.feed(b"x") == stream.feed(sse(TEXT)) == stream.close() == []

    def test_calls_are_not_complete_then(self):
        body = sse(call("{}", name="f"), STOP) + b"x" * 300
        ends = [event for event in read(body, max_event_bytes=200) if isinstance(event, ToolCallEnd)]
        assert [end.complete for end in ends] == [False]

    def test_none_is_no_limit(self):
        body = sse({"choices": [{"delta": {"content": "x" * (17 << 20)}}]})
        assert [type(event) for event in read(body)] == [Error, Done]
        assert [type(event) for event in read(body, max_event_bytes=None)] == [Token, Done]

    def test_a_long_body_that_is_no_stream(self):
        assert kinds(read(b"x" * 300, max_event_bytes=200)) == ["protocol"]

    def test_held_payloads_past_the_limit(self):
        stream = ChatStream(max_event_bytes=200)
        held = sse(AZURE)
        for _ in range(3):
            assert stream.feed(held) == []
        events = stream.feed(held)
        assert events[-1] == done("error")
        assert kinds(events) == ["protocol"]
        assert "200" in events[0].message  # type: ignore[union-attr]
        assert stream.feed(sse(TEXT)) == stream.close() == []

    def test_held_payloads_up_to_the_limit(self):
        size = len(json.dumps(AZURE, separators=(",", ":")))
        assert read(sse(AZURE, AZURE, TEXT), max_event_bytes=max(2 * size, 100)) == [Token("a"), done("truncated")]
        assert kinds(read(sse(AZURE, AZURE, TEXT), max_event_bytes=2 * size - 1)) == ["protocol"]
        assert read(sse(*[AZURE] * 50, TEXT), max_event_bytes=None) == [Token("a"), done("truncated")]

    def test_once_the_dialect_is_known_nothing_is_held(self):
        assert kinds(read(sse(TEXT, *[AZURE] * 50), max_event_bytes=200)) == []
        assert kinds(read(sse(TEXT) + b"error: lost\n\n" * 60, max_event_bytes=200)) == ["provider"]

    def test_what_follows_done_is_not_too_large(self):
        assert read(sse(TEXT, DONE) + b"x" * 300, max_event_bytes=200) == [Token("a"), done("complete")]

    def test_a_payload_is_held_once(self):
        body = sse({"unknown": "\U0001f600" + "x" * 100_000})
        stream = ChatStream()
        assert stream.feed(body) == []
        assert len(pickle.dumps(stream)) < 1.5 * len(body)

    def test_a_named_dialect_holds_too(self):
        assert kinds(read(sse(*[{"type": "ping"}] * 50), "anthropic", max_event_bytes=200)) == ["protocol"]

    @pytest.mark.parametrize("limit", range(0, 120, 3))
    def test_any_limit_in_any_chunking(self, limit):
        for body in (
            sse(TEXT),
            sse(AZURE, TEXT),
            b"data: a\ndata: b",
            b": c\n\n" * 9,
            sse(DONE),
            b"<html>" * 9,
            sse({"error": "x"}),
        ):
            events = read(body, max_event_bytes=limit)
            check_order(events)
            assert read(per_byte(body), max_event_bytes=limit) == events


class TestPrompt:
    """Each event is returned by the feed() that completed it."""

    def test_tokens(self):
        stream = ChatStream()
        for number in range(5):
            body = sse({"choices": [{"delta": {"content": f"t{number}"}}]})
            assert stream.feed(body[:-1]) == []
            assert stream.feed(body[-1:]) == [Token(f"t{number}")]

    def test_a_blank_line_ended_by_cr_dispatches(self):
        stream = ChatStream()
        assert stream.feed(sse(TEXT, end="\r")) == [Token("a")]
        assert stream.feed(b"\n" + sse(TEXT, end="\r\n")[:-1]) == [Token("a")]

    def test_done(self):
        stream = ChatStream()
        assert stream.feed(sse(TEXT, STOP)) == [Token("a"), Finish("stop", "stop")]
        assert stream.feed(b"data: [DONE]\n") == []
        assert stream.feed(b"\n") == [done("complete", "stop")]

    def test_several_in_one(self):
        assert ChatStream().feed(sse(TEXT, TEXT, DONE)) == [Token("a"), Token("a"), done("complete")]


class TestEnd:
    def test_nothing_follows_done(self):
        stream = ChatStream()
        assert stream.feed(sse(TEXT, DONE, TEXT, {"error": "x"}, "{")) == [Token("a"), done("complete")]
        assert stream.feed(sse(TEXT)) == []
        assert stream.feed_event(Event("{}")) == []
        assert stream.close() == []
        assert stream.close() == []

    def test_close_twice(self):
        stream = ChatStream()
        stream.feed(sse(TEXT))
        assert stream.close() == [done("truncated")]
        assert stream.close() == []
        assert stream.feed(sse(TEXT)) == []

    def test_close_reads_what_is_open(self):
        for open_end in (b"", b"\n", b"\r", b"\r\n"):
            stream = ChatStream()
            assert stream.feed(sse(TEXT)[:-2] + open_end) == []
            assert stream.close() == [Token("a"), done("truncated")]

    def test_close_finds_the_sentinel(self):
        stream = ChatStream()
        stream.feed(sse(TEXT) + b"data: [DONE]")
        assert stream.close() == [done("complete")]
        assert stream.close() == []

    def test_the_list_is_the_caller_s(self):
        stream = ChatStream()
        stream.feed(sse(TEXT)).clear()
        events = stream.feed(sse(TEXT))
        stream.close()
        assert events == [Token("a")]


class TestRaw:
    def test_every_payload_before_its_events(self):
        body = sse(AZURE, "null", TEXT, {"error": "x"}, DONE)
        check(
            body,
            [
                Raw(AZURE),
                Raw(None),
                Raw(TEXT),
                Token("a"),
                Raw({"error": "x"}),
                Error("provider", "x", None, '{"error":"x"}'),
                done("error"),
            ],
            "auto",
            "openai",
            raw=True,
        )

    def test_of_an_error_event(self):
        assert read(sse({"code": 1}, event="error"), raw=True)[0] == Raw({"code": 1})

    def test_not_by_default(self):
        assert not any(isinstance(event, Raw) for event in read(sse(AZURE, TEXT, {"error": "x"})))

    def test_not_of_what_is_no_json(self):
        assert [type(event) for event in read(sse("{"), raw=True)] == [Error, Done]

    def test_surrogates_are_replaced_in_it(self):
        assert read(sse('{"a":"\\ud83d"}'), raw=True)[0] == Raw({"a": "\ufffd"})


class TestFeedEvent:
    """SSE that was parsed elsewhere."""

    def feed(self, *events, **options):
        stream = ChatStream(**options)
        return [made for event in events for made in stream.feed_event(event)] + stream.close()

    def test_reads_as_feed_does(self):
        body = sse(AZURE, TEXT, call("{", name="f"), call("}"), "{", "  ", "5", STOP, {"error": "x"}, STOP)
        body += b": c\n\n" + sse({"code": 1}, event="error") + b"error: lost\n\nfoo: 1\n\n" + sse(TEXT, DONE, TEXT)
        parser = WireParser()
        assert self.feed(*parser.feed(body)) == read(body)
        assert self.feed(*WireParser().feed(body), raw=True) == read(body, raw=True)

    def test_returns_at_once(self):
        stream = ChatStream()
        assert stream.feed_event(Event(json.dumps(TEXT))) == [Token("a")]
        assert stream.feed_event(Event("[DONE]")) == [done("complete")]
        assert stream.close() == []

    def test_an_error_event(self):
        assert self.feed(Event("boom", event="error"))[0] == Error("provider", "boom", None, "boom")
        assert kinds(self.feed(Event("boom"))) == ["malformed_json"]

    def test_an_error_field(self):
        assert self.feed(UnknownField("error", "boom"))[0] == Error("provider", "boom", None, "boom")
        assert self.feed(UnknownField("errors", "boom"), UnknownField("error", "")) == [done("truncated")]

    def test_a_comment_is_sse(self):
        """So the body is an event stream, though one with nothing in it."""
        assert self.feed(Comment("keep-alive")) == [done("truncated")]

    def test_lone_surrogates_of_another_parser(self):
        assert self.feed(Event('{"choices":[{"delta":{"content":"a\ud83d"}}]}'))[-1] == done("truncated")

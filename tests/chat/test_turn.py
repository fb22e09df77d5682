"""What all dialects share: calls, usage, finish words, and the leaves that a provider may have written wrongly."""

from __future__ import annotations

import json
import math
from typing import Any

import msgspec
import pytest

from sse_events.chat import Citation, Done, Error, Finish, Logprobs, ToolCallArgs, ToolCallEnd, ToolCallStart, Usage
from sse_events.chat._turn import (
    FINISH_WORDS,
    Turn,
    count_usage,
    error_code,
    error_message,
    first,
    integer,
    integers,
    string,
    total,
)
from sse_events.chat.json import arguments_text, compact_json, decode_json
from tests.chat.cases import done

decode_any = msgspec.json.Decoder().decode


@pytest.fixture
def turn():
    return Turn(all_choices=False)


def ended(turn):
    """Whether each call that has ended is complete, by index."""
    return {event.index: event.complete for event in turn.events if isinstance(event, ToolCallEnd)}


class TestClosedCalls:
    """A call that the provider closed waits for the next event, which says whether a limit had cut it."""

    def open(self, turn, arguments="{}"):
        call = turn.first.open_call(id="a", name="f")
        turn.first.feed_call(call, arguments)
        return call

    def test_waits(self, turn):
        turn.first.close_call(self.open(turn))
        assert ended(turn) == {}

    @pytest.mark.parametrize(
        ("word", "complete"),
        [
            ("tool_use", True),
            ("end_turn", True),
            ("weird", True),
            ("max_tokens", False),
            ("refusal", False),
            ("error", False),
        ],
    )
    def test_the_finish_word_settles_it(self, turn, word, complete):
        turn.first.close_call(self.open(turn))
        turn.first.finished(word)
        assert ended(turn) == {0: complete}
        assert [type(event) for event in turn.events[-2:]] == [ToolCallEnd, Finish]

    def test_once(self, turn):
        turn.first.close_call(self.open(turn))
        turn.first.settle_calls(whole=True)
        turn.first.settle_calls(whole=False)
        turn.first.finished("length")
        turn.end(None)
        assert sum(isinstance(event, ToolCallEnd) for event in turn.events) == 1
        assert ended(turn) == {0: True}

    def test_only_those_that_are_closed(self, turn):
        closed, still_open = self.open(turn), self.open(turn)
        turn.first.close_call(closed)
        turn.first.settle_calls(whole=True)
        assert ended(turn) == {0: True}
        turn.first.feed_call(still_open, " ")
        turn.end(None)
        assert ended(turn) == {0: True, 1: False}

    def test_in_their_order(self, turn):
        calls = [self.open(turn) for _ in range(3)]
        for at in (2, 0, 1):
            turn.first.close_call(calls[at])
        turn.first.settle_calls(whole=True)
        assert list(ended(turn)) == [0, 1, 2]

    def test_nothing_settles_it_at_the_end_of_the_stream(self, turn):
        turn.first.close_call(self.open(turn))
        turn.terminal()
        turn.end(None)
        assert ended(turn) == {0: False}

    def test_bad_arguments_are_not_complete_although_it_is_whole(self, turn):
        turn.first.close_call(self.open(turn, '{"a"'))
        turn.first.settle_calls(whole=True)
        assert ended(turn) == {0: False}

    def test_malformed_before_it_was_settled(self, turn):
        """The line may have been a fragment of it, or what said that it was cut."""
        turn.first.close_call(self.open(turn))
        turn.malformed("x", "{")
        turn.first.settle_calls(whole=True)
        assert ended(turn) == {0: False}

    def test_malformed_before_it_began(self, turn):
        turn.malformed("x", "{")
        turn.first.close_call(self.open(turn))
        turn.first.settle_calls(whole=True)
        assert ended(turn) == {0: True}

    def test_malformed_before_it_began_and_again(self, turn):
        turn.malformed("x", "{")
        turn.first.close_call(self.open(turn))
        turn.malformed("x", "{")
        turn.first.settle_calls(whole=True)
        assert ended(turn) == {0: False}


class TestHeldBack:
    def test_until_the_name_is_known(self, turn):
        call = turn.first.open_call(id="a")
        turn.first.feed_call(call, "{")
        assert turn.events == []
        turn.first.feed_call(call, "}", id="b", name="f")
        turn.first.feed_call(call, " ", id="c", name="g")
        assert turn.events == [ToolCallStart(0, "a", "f"), ToolCallArgs(0, "{}"), ToolCallArgs(0, " ")]

    def test_an_id_may_come_after_the_start(self, turn):
        call = turn.first.open_call(name="f")
        turn.first.feed_call(call, id="a")
        turn.first.end_call(call, whole=True)
        turn.first.end_call(call, whole=True)
        assert turn.events == [ToolCallStart(0, "", "f"), ToolCallEnd(0, "a", "f", "", True)]

    def test_calls_are_known_by_key_and_by_id(self, turn):
        call = turn.first.open_call("key", id="a", name="f")
        assert turn.first.calls_by_key == {"key": call}
        assert turn.first.calls_by_id == {"a": call}
        turn.first.open_call(name="g")
        assert set(turn.first.calls_by_key) == {"key"}
        assert set(turn.first.calls_by_id) == {"a"}


class TestChoices:
    @pytest.mark.parametrize("index", [None, 0, 0.0, "1", True, [], {}, 0.5, math.inf])
    def test_the_first(self, turn, index):
        assert turn.choice(index) is turn.first
        assert Turn(all_choices=True).choice(index).index == 0  # type: ignore[union-attr]

    @pytest.mark.parametrize("index", [1, 1.0, -1, 10**30])
    def test_another(self, turn, index):
        assert turn.choice(index) is None
        every = Turn(all_choices=True)
        assert every.choice(index) is every.choice(index)
        assert every.choice(index).index == index  # type: ignore[union-attr]
        assert every.choice(index) is not every.first


class TestFinish:
    def test_the_words(self):
        """X0, and no other."""
        assert len(FINISH_WORDS) == 6 + 5 + 4 + 10 + 6
        assert all(word == word.lower() for word in FINISH_WORDS)

    @pytest.mark.parametrize("word", [None, "", 5, [], True, {"a": 1}])
    def test_what_is_no_word(self, turn, word):
        turn.first.finished(word)
        assert turn.events == []
        assert turn.first.finish is None

    def test_a_word_may_mean_something_else_where_it_was_said(self, turn):
        turn.first.finished("OTHER", "content_filter")
        assert turn.events == [Finish("content_filter", "OTHER")]

    def test_the_case_is_kept_and_counts_as_a_change(self, turn):
        turn.first.finished("stop")
        turn.first.finished("STOP")
        turn.first.finished("STOP")
        assert turn.events == [Finish("stop", "stop"), Finish("stop", "STOP")]


class TestEnd:
    @pytest.mark.parametrize(
        ("happened", "status"),
        [
            ((), "truncated"),
            (("finished",), "finished"),
            (("terminal",), "complete"),
            (("finished", "terminal"), "complete"),
            (("finished", "error"), "error"),
            (("error", "terminal"), "error"),
            (("error", "finished"), "finished"),
            (("error", "finished", "terminal"), "complete"),
            (("fail", "finished", "terminal"), "error"),
        ],
    )
    def test_status(self, turn, happened, status):
        for what in happened:
            if what == "finished":
                turn.first.finished("length")
            elif what == "terminal":
                turn.terminal()
            elif what == "error":
                turn.provider_error("x", "")
            else:
                turn.fail("protocol", "x")
        turn.end(None)
        assert turn.events[-1] == done(status, "length" if "finished" in happened else None)
        assert turn.over

    def test_usage_is_counted_by_the_dialect(self, turn):
        turn.add_usage({"a": 1, "b": "x"}, ("a", "b"))
        turn.end(lambda numbers, raw: Usage(prompt_tokens=numbers["a"], raw=raw))
        assert turn.events == [Done("truncated", None, Usage(prompt_tokens=1, raw={"a": 1, "b": "x"}))]


class TestCitations:
    def test_each_source_once(self, turn):
        for url, text in (("u", ""), ("u", ""), ("u", "t"), ("v", ""), ("", "t"), ("", "t"), (None, 5)):
            turn.first.citation({"x": 1}, url=url, text=text, title=None)
        assert [(event.url, event.text) for event in turn.events] == [
            ("u", ""),
            ("u", "t"),
            ("v", ""),
            ("", "t"),
            ("", "t"),
            ("", ""),
        ]

    def test_per_choice(self):
        turn = Turn(all_choices=True)
        for index in (0, 1, 0, 1):
            turn.choice(index).citation(None, url="u")  # type: ignore[union-attr]
        assert turn.events == [Citation("u"), Citation("u", choice=1)]


@pytest.mark.parametrize("content", [None, [], "x", {"content": []}, 5])
def test_logprobs_that_are_no_list(turn, content):
    turn.first.logprobs(content)
    assert turn.events == []


def test_logprobs(turn):
    turn.first.logprobs([1])
    assert turn.events == [Logprobs([1])]


@pytest.mark.parametrize("method", ["text", "reasoning", "refusal", "signature"])
@pytest.mark.parametrize("wrong", [None, "", 5, [], {}, True, b"x"])
def test_what_is_no_text_is_ignored(turn, method, wrong):
    getattr(turn.first, method)(wrong)
    assert turn.events == []
    assert not (turn.first.has_text or turn.first.has_reasoning or turn.first.has_refusal)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, 0),
        (5, 5),
        (-5, -5),
        (5.0, 5),
        (5.5, None),
        (True, None),
        (False, None),
        (None, None),
        ("5", None),
        ([], None),
        (math.inf, None),
        (math.nan, None),
    ],
)
def test_integer(value, number):
    assert integer(value) == number
    assert type(integer(value)) is type(number)


def test_integers():
    usage = {
        "a": 1,
        "b": {"c": 2.0, "d": {"e": 3}, "f": True},
        "f": None,
        "g": True,
        "h": [1],
        "i": 4.0,
        "j": 5,
        "k": 6.0,
    }
    paths = frozenset(("a", "b.c", "b.d", "b.f", "b", "f", "g", "h.0", "a.b", "i", "x.y"))
    assert integers(usage, paths) == {"a": 1, "b.c": 2, "i": 4}
    assert integers(None, frozenset(("a",))) == {}


@pytest.mark.parametrize(("value", "text"), [("a", "a"), ("", ""), (None, ""), (5, ""), ([], ""), (b"a", "")])
def test_string(value, text):
    assert string(value) == text


def test_first():
    assert first({"b": 0, "c": 2}, "a", "b", "c") == 0
    assert first({"x": 1}, "a") is None


@pytest.mark.parametrize(("parts", "sum_"), [((1, 2, 3), 6), ((1, None, 3), 4), ((0, None), 0), ((None, 2), None)])
def test_total(parts, sum_):
    assert total(*parts) == sum_


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (" x", " x"),
        (0, "0"),
        (False, "false"),
        ([], "[]"),
        ({"a": [1, "é", 1.0]}, '{"a":[1,"é",1.0]}'),
    ],
)
def test_arguments_text(value, text):
    assert arguments_text(value) == text


def test_compact_json_of_what_json_does_not_know():
    with pytest.raises(TypeError):
        compact_json({1, 2})
    assert compact_json([{1}], lambda value: sorted(value)) == "[[1]]"


def test_count_usage_of_nothing():
    assert count_usage({}, {}) == Usage()


class TestDecode:
    """F6, F7: what msgspec refuses is tried once more with the standard library's json."""

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ('{"a":1}', {"a": 1}),
            (' [1, "é"] ', [1, "é"]),
            ('"\\ud83d"', "\ufffd"),
            ('"\\ud83d\\ude00"', "😀"),
            ('"\\ude00\\ud83d"', "\ufffd\ufffd"),
            ('"a\\ud83db"', "a\ufffdb"),
            ('{"\\ud83d":["\\udc00",{"x":"\\udc00"}]}', {"\ufffd": ["\ufffd", {"x": "\ufffd"}]}),
            ('["\\ufeffa","\\ud800"]', ["\ufeffa", "\ufffd"]),
            ("1e400", math.inf),
            ("-1e400", -math.inf),
            ("9" * 4300, int("9" * 4300)),
            ("9" * 4301, math.inf),
            ("-" + "9" * 5000, -math.inf),
            (str(2**64), 2**64),
            ('["\\ud800",12,-3,' + "9" * 4300 + "]", ["\ufffd", 12, -3, int("9" * 4300)]),
            ("true", True),
        ],
        ids=lambda value: ascii(value)[:30].replace("\\", "/"),  # pytest selects no test by a backslash
    )
    def test_reads(self, text, value):
        for data in (text, text.encode()):
            assert decode_json(data, decode_any, Any) == value

    def test_bytes_that_are_not_utf_8(self):
        assert decode_json(b'"a\xff\xe6\x97"', decode_any, Any) == "a\ufffd\ufffd"

    @pytest.mark.parametrize(
        "text", ["", " ", "{", "NaN", "[Infinity]", "-Infinity", "'a'", '{"a":1}}', "nul", "\ufeff1", "01", '"\n"']
    )
    def test_refuses(self, text):
        for data in (text, text.encode()):
            with pytest.raises(ValueError):
                decode_json(data, decode_any, Any)

    def test_too_deep(self):
        with pytest.raises((ValueError, RecursionError)):
            decode_json("[" * 100_000 + "]" * 100_000, decode_any, Any)

    def test_into_a_type(self):
        class Numbers(msgspec.Struct):
            a: float

        decoder = msgspec.json.Decoder(Numbers)
        assert decode_json('{"a":1e400}', decoder.decode, Numbers) == Numbers(math.inf)
        with pytest.raises(msgspec.ValidationError):
            decode_json('{"a":"x"}', decoder.decode, Numbers)


class TestErrorWords:
    def test_message_of_what_is_none(self):
        for nothing in (None, 5, [], {}, {"message": 5}, {"error": {"x": 1}}, ["x"]):
            assert error_message(nothing) is None

    def test_messages_in_their_order(self):
        said: dict[str, Any] = {
            "error_message": "5",
            "details": "4",
            "detail": {"error": "3"},
            "error": "2",
            "message": "1",
        }
        for name, text in (("message", "1"), ("error", "2"), ("detail", "3"), ("details", "4"), ("error_message", "5")):
            assert error_message(said) == text
            del said[name]
        assert error_message("itself") == "itself"

    def test_codes_in_their_order(self):
        said: dict[str, Any] = {"error": {"code": "4"}, "status": "3", "type": "2", "status_code": 1, "code": 0}
        for name, code in (("code", 0), ("status_code", 1), ("type", "2"), ("status", "3"), ("error", "4")):
            assert error_code(said) == code
            del said[name]
        assert error_code(said) is error_code("x") is error_code(None) is None

    def test_the_type_error_says_nothing(self):
        assert error_code({"type": "error"}) is None
        assert error_code({"type": "error", "error": {"type": "overloaded_error"}}) == "overloaded_error"

    def test_a_provider_s_error_is_listed_once(self, turn):
        for error in ("a", {"message": "a", "code": 1}, "b", {"x": 1}, None):
            turn.provider_error(error, "raw")
        assert turn.events == [
            Error("provider", "a", None, "raw"),
            Error("provider", "b", None, "raw"),
            Error("provider", "the provider reported an error without a message", None, "raw"),
        ]


def test_malformed_names_the_payload(turn):
    turn.malformed("why", "raw")
    assert turn.events == [Error("malformed_json", "why", None, "raw")]


def test_start_is_sent_once(turn):
    for id, model in (("", ""), (None, 5), ("c", None), ("d", "m")):
        turn.start(id, model)
    assert [json.loads(msgspec.json.encode(event)) for event in turn.events] == [
        {"type": "start", "id": "c", "model": ""}
    ]

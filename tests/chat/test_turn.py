"""One answer: its choices, its end, its citations and errors."""

from __future__ import annotations

import json
import math

import msgspec
import pytest

from sse_events.chat import Citation, Done, Error, Finish, Logprobs, Usage
from sse_events.chat.turn import Turn
from tests.chat.cases import done


@pytest.fixture
def turn():
    return Turn(all_choices=False)


class TestChoices:
    @pytest.mark.parametrize("index", [None, 0, 0.0, "1", True, [], {}, 0.5, math.inf, 10**30])
    def test_the_first(self, turn, index):
        assert turn.choice(index) is turn.first
        assert Turn(all_choices=True).choice(index).index == 0  # type: ignore[union-attr]

    @pytest.mark.parametrize("index", [1, 1.0, -1, 2**62])
    def test_another(self, turn, index):
        assert turn.choice(index) is None
        every = Turn(all_choices=True)
        assert every.choice(index) is every.choice(index)
        assert every.choice(index).index == index  # type: ignore[union-attr]
        assert every.choice(index) is not every.first


class TestFinish:
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
                turn.reported("x")
            else:
                turn.fail("protocol", "x")
        turn.done(Usage())
        assert turn.events[-1] == done(status, "length" if "finished" in happened else None)
        assert turn.over

    def test_usage_is_that_of_the_dialect(self, turn):
        turn.done(Usage(prompt_tokens=1))
        assert turn.events == [Done("truncated", None, Usage(prompt_tokens=1))]


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
    assert turn.first.said == set()


def test_a_provider_s_error_is_listed_once(turn):
    turn.payload = "raw"
    for error in ("a", {"message": "a", "code": 1}, "b", {"x": 1}, None):
        turn.reported(error)
    assert turn.events == [
        Error("provider", "a", None, "raw"),
        Error("provider", "b", None, "raw"),
        Error("provider", "the provider reported an error without a message", None, "raw"),
    ]


def test_malformed_names_the_payload(turn):
    turn.payload = "raw"
    turn.damaged("why")
    assert turn.events == [Error("malformed_json", "a payload is not JSON: why", None, "raw")]


def test_start_is_sent_once(turn):
    for id, model in (("", ""), (None, 5), ("c", None), ("d", "m")):
        turn.start(id, model)
    assert [json.loads(msgspec.json.encode(event)) for event in turn.events] == [
        {"type": "start", "id": "c", "model": ""}
    ]

"""Tool calls: held back until they have a name, and ended once it is known whether they are whole."""

from __future__ import annotations

import pytest

from sse_events.chat import Finish, ToolCallArgs, ToolCallEnd, ToolCallStart, Usage
from sse_events.chat.turn import Turn


@pytest.fixture
def turn():
    return Turn(all_choices=False)


def ended(turn):
    """Whether each call that has ended is complete, by index."""
    return {event.index: event.complete for event in turn.events if isinstance(event, ToolCallEnd)}


class TestClosedCalls:
    """A call that the provider closed waits for the next event, which says whether a limit had cut it."""

    def open(self, turn, arguments="{}"):
        call = turn.first.calls.open(id="a", name="f")
        turn.first.calls.add(call, arguments)
        return call

    def test_waits(self, turn):
        turn.first.calls.close(self.open(turn))
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
        turn.first.calls.close(self.open(turn))
        turn.first.finished(word)
        assert ended(turn) == {0: complete}
        assert [type(event) for event in turn.events[-2:]] == [ToolCallEnd, Finish]

    def test_once(self, turn):
        turn.first.calls.close(self.open(turn))
        turn.first.calls.settle(whole=True)
        turn.first.calls.settle(whole=False)
        turn.first.finished("length")
        turn.done(Usage())
        assert sum(isinstance(event, ToolCallEnd) for event in turn.events) == 1
        assert ended(turn) == {0: True}

    def test_only_those_that_are_closed(self, turn):
        closed, still_open = self.open(turn), self.open(turn)
        turn.first.calls.close(closed)
        turn.first.calls.settle(whole=True)
        assert ended(turn) == {0: True}
        turn.first.calls.add(still_open, " ")
        turn.done(Usage())
        assert ended(turn) == {0: True, 1: False}

    def test_in_their_order(self, turn):
        calls = [self.open(turn) for _ in range(3)]
        for at in (2, 0, 1):
            turn.first.calls.close(calls[at])
        turn.first.calls.settle(whole=True)
        assert list(ended(turn)) == [0, 1, 2]

    def test_nothing_settles_it_at_the_end_of_the_stream(self, turn):
        turn.first.calls.close(self.open(turn))
        turn.terminal()
        turn.done(Usage())
        assert ended(turn) == {0: False}

    def test_bad_arguments_are_not_complete_although_it_is_whole(self, turn):
        turn.first.calls.close(self.open(turn, '{"a"'))
        turn.first.calls.settle(whole=True)
        assert ended(turn) == {0: False}

    def test_malformed_before_it_was_settled(self, turn):
        """The line may have been a fragment of it, or what said that it was cut."""
        turn.first.calls.close(self.open(turn))
        turn.damaged("x")
        turn.first.calls.settle(whole=True)
        assert ended(turn) == {0: False}

    def test_malformed_before_it_began(self, turn):
        turn.damaged("x")
        turn.first.calls.close(self.open(turn))
        turn.first.calls.settle(whole=True)
        assert ended(turn) == {0: True}

    def test_malformed_before_it_began_and_again(self, turn):
        turn.damaged("x")
        turn.first.calls.close(self.open(turn))
        turn.damaged("x")
        turn.first.calls.settle(whole=True)
        assert ended(turn) == {0: False}


class TooDeep:
    """Values that are nested too deeply to be written as JSON."""

    def text(self):
        raise RecursionError


def test_values_that_cannot_be_written_make_no_complete_call(turn):
    """Without them its arguments would be empty, which counts as no arguments."""
    call = turn.first.calls.open(id="a", name="f")
    call.values = TooDeep()
    turn.first.calls.end(call, whole=True)
    assert ended(turn) == {0: False}


class TestHeldBack:
    def test_until_the_name_is_known(self, turn):
        call = turn.first.calls.open(id="a")
        turn.first.calls.add(call, "{")
        assert turn.events == []
        turn.first.calls.add(call, "}", id="b", name="f")
        turn.first.calls.add(call, " ", id="c", name="g")
        assert turn.events == [ToolCallStart(0, "a", "f"), ToolCallArgs(0, "{}"), ToolCallArgs(0, " ")]

    def test_an_id_may_come_after_the_start(self, turn):
        call = turn.first.calls.open(name="f")
        turn.first.calls.add(call, id="a")
        turn.first.calls.end(call, whole=True)
        turn.first.calls.end(call, whole=True)
        assert turn.events == [ToolCallStart(0, "", "f"), ToolCallEnd(0, "a", "f", "", True)]

    def test_calls_are_known_by_key_and_by_id(self, turn):
        call = turn.first.calls.open("key", id="a", name="f")
        turn.first.calls.open(name="g")
        assert turn.first.calls.at("key") is turn.first.calls.with_id("a") is call
        assert turn.first.calls.at("other") is turn.first.calls.with_id("") is None
        assert turn.first.calls.free("key") is call
        assert turn.first.calls.free("key") is None
        assert not turn.first.calls.knows("key")

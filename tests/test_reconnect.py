"""When to connect again: the whole transition table, and the diagram of it in docs/adapters.md."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sse_events.errors import MisuseError, StreamInterrupted
from sse_events.reconnect import TRANSITIONS, Reconnect, Reconnection, State, _Happening

PAGE = Path(__file__).parents[1] / "docs" / "adapters.md"
HAPPENINGS = get_args(_Happening)


def to_connecting(policy: Reconnect | None = None) -> Reconnection:
    return Reconnection(policy)


def to_open(policy: Reconnect | None = None) -> Reconnection:
    reconnection = to_connecting(policy)
    reconnection.accepted(now=0.0)
    return reconnection


def to_waiting(policy: Reconnect | None = None) -> Reconnection:
    reconnection = to_connecting(policy)
    reconnection.lost(now=0.0, random=0.0)
    return reconnection


def to_closed(policy: Reconnect | None = None) -> Reconnection:
    reconnection = to_connecting(policy)
    reconnection.stopped()
    return reconnection


TO: dict[State, Callable[..., Reconnection]] = {
    State.CONNECTING: to_connecting,
    State.OPEN: to_open,
    State.WAITING: to_waiting,
    State.CLOSED: to_closed,
}
REPORTS: dict[str, Callable[[Reconnection], None]] = {
    "accepted": lambda it: it.accepted(now=1.0),
    "refused": lambda it: it.refused(503, random=0.0),
    "wrong_content_type": lambda it: it.wrong_content_type(),
    "received": lambda it: it.received(last_event_id="9", retry=50, delivered=True),
    "lost": lambda it: it.lost(now=1.0, random=0.0),
    "elapsed": lambda it: it.elapsed(),
    "stopped": lambda it: it.stopped(),
}
PAIRS = [(state, happening) for state in State for happening in HAPPENINGS]


def snapshot(reconnection: Reconnection) -> dict[str, object]:
    return {name: getattr(reconnection, name) for name in Reconnection.__slots__}


class TestTransitions:
    @pytest.mark.parametrize(("state", "happening"), PAIRS, ids=[f"{s.name}-{h}" for s, h in PAIRS])
    def test_every_pair(self, state: State, happening: _Happening) -> None:
        """Each method leads to the first state of the table, or raises MisuseError and changes nothing."""
        reconnection = TO[state]()
        assert reconnection.state is state
        before = snapshot(reconnection)
        if (state, happening) in TRANSITIONS:
            REPORTS[happening](reconnection)
            assert reconnection.state is TRANSITIONS[state, happening][0]
        else:
            with pytest.raises(MisuseError, match=rf"{happening}\(\) cannot happen when {state.name}"):
                REPORTS[happening](reconnection)
            assert snapshot(reconnection) == before

    @pytest.mark.parametrize(("state", "happening"), [pair for pair in PAIRS if len(TRANSITIONS.get(pair, ())) > 1])
    def test_giving_up(self, state: State, happening: _Happening) -> None:
        """The policy chooses the second state of the table."""
        reconnection = TO[state](Reconnect(max_attempts=1))
        REPORTS[happening](reconnection)
        assert reconnection.state is TRANSITIONS[state, happening][1] is State.CLOSED
        assert reconnection.reason

    def test_the_methods_are_the_happenings(self) -> None:
        methods = {name for name in vars(Reconnection) if not name.startswith("_")}
        assert methods - set(Reconnection.__slots__) - {"headers"} == set(HAPPENINGS)

    @given(st.lists(st.sampled_from(HAPPENINGS)))
    def test_the_table_is_all_there_is(self, happenings: list[_Happening]) -> None:
        """In any order, each method leads where the table says, and CLOSED is final."""
        reconnection = Reconnection(Reconnect(max_attempts=3))
        for happening in happenings:
            targets = TRANSITIONS.get((reconnection.state, happening))
            if targets is None:
                with pytest.raises(MisuseError):
                    REPORTS[happening](reconnection)
            else:
                REPORTS[happening](reconnection)
                assert reconnection.state in targets
                assert bool(reconnection.reason) <= (reconnection.state is State.CLOSED)


class TestDiagram:
    """The page's diagram and the table say the same."""

    def test_is_the_table(self) -> None:
        (diagram,) = re.findall(
            r"^```mermaid\nstateDiagram-v2\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        )
        start, *arrows = diagram.strip().splitlines()
        assert start.strip() == "[*] --> CONNECTING"
        assert Reconnection().state is State.CONNECTING
        drawn = [re.fullmatch(r" *(\w+) --> (\w+): (\w+)", arrow) for arrow in arrows]
        assert [match and match.groups() for match in drawn] == [
            (state.name, target.name, happening)
            for (state, happening), targets in TRANSITIONS.items()
            for target in targets
        ]


REFUSALS = [
    # status, Retry-After in seconds -> the wait, or None for giving up
    (429, None, 3.0),
    (500, None, 3.0),
    (502, None, 3.0),
    (503, None, 3.0),
    (504, None, 3.0),
    (503, 0.0, 3.0),
    (503, 120.0, 120.0),
    (429, 3600.0, 3600.0),
    (503, 3600.5, None),
    (503, float("inf"), None),
    (204, None, None),
    (301, None, None),
    (400, None, None),
    (401, None, None),
    (404, 5.0, None),
    (501, None, None),
    (505, None, None),
]


class TestRefused:
    @pytest.mark.parametrize(("status", "retry_after", "wait"), REFUSALS)
    def test_status_and_retry_after(self, status: int, retry_after: float | None, wait: float | None) -> None:
        reconnection = Reconnection()
        reconnection.refused(status, retry_after=retry_after, random=0.0)
        if wait is None:
            assert reconnection.state is State.CLOSED
            assert reconnection.reason
        else:
            assert (reconnection.state, reconnection.wait) == (State.WAITING, wait)

    def test_204_ends_the_source_normally(self) -> None:
        """The standard: "Clients can be told to stop reconnecting using the HTTP 204 No Content response code"."""
        policy = Reconnect(retry_statuses=frozenset({204, 503}))
        for status, finished in ((204, True), (404, False), (503, False)):
            reconnection = Reconnection(policy)
            reconnection.refused(status, random=0.0)
            assert reconnection.finished is finished
            assert (reconnection.state is State.CLOSED) is (status != 503)

    def test_statuses_are_the_policys(self) -> None:
        reconnection = Reconnection(Reconnect(retry_statuses=frozenset({404})))
        reconnection.refused(404, random=0.0)
        assert reconnection.state is State.WAITING


class TestFailuresInARow:
    def lose(self, reconnection: Reconnection, now: float = 0.0) -> float:
        reconnection.lost(now=now, random=0.0)
        wait = reconnection.wait
        reconnection.elapsed()
        return wait

    def test_double_the_wait(self) -> None:
        reconnection = Reconnection()
        assert [self.lose(reconnection) for _ in range(5)] == [3.0, 6.0, 12.0, 24.0, 30.0]

    def test_an_open_connection_alone_is_no_success(self) -> None:
        reconnection = Reconnection()
        waits = []
        for _ in range(3):
            reconnection.accepted(now=0.0)
            reconnection.received(last_event_id="", delivered=False)
            waits.append(self.lose(reconnection, now=59.9))
        assert waits == [3.0, 6.0, 12.0]

    def test_an_event_is_a_success(self) -> None:
        reconnection = Reconnection()
        self.lose(reconnection)
        reconnection.accepted(now=0.0)
        reconnection.received(last_event_id="1", delivered=True)
        reconnection.received(last_event_id="1", delivered=False)
        assert self.lose(reconnection) == 3.0

    def test_a_minute_is_a_success(self) -> None:
        reconnection = Reconnection()
        self.lose(reconnection)
        reconnection.accepted(now=1000.0)
        assert self.lose(reconnection, now=1060.0) == 3.0

    def test_time_counts_from_each_connection(self) -> None:
        """Not while connecting, and not from the connection before."""
        reconnection = Reconnection()
        reconnection.accepted(now=0.0)
        assert self.lose(reconnection, now=1.0) == 3.0
        assert self.lose(reconnection, now=1000.0) == 6.0

    @pytest.mark.parametrize("limit", [1, 2, 5])
    def test_limit(self, limit: int) -> None:
        """Lost and refused connections count alike."""
        reconnection = Reconnection(Reconnect(max_attempts=limit))
        for attempt in range(1, limit):
            if attempt % 2:
                reconnection.refused(503, random=0.0)
            else:
                reconnection.lost(now=0.0, random=0.0)
            assert reconnection.state is State.WAITING
            reconnection.elapsed()
        reconnection.lost(now=0.0, random=0.0)
        assert reconnection.state is State.CLOSED
        assert reconnection.failures == limit

    def test_a_success_restarts_the_limit(self) -> None:
        reconnection = Reconnection(Reconnect(max_attempts=2))
        for _ in range(5):
            reconnection.accepted(now=0.0)
            reconnection.received(last_event_id="1", delivered=True)
            assert self.lose(reconnection) == 3.0


class TestCarriedOver:
    def test_retry_outlives_the_connection(self) -> None:
        reconnection = to_open()
        reconnection.received(last_event_id="", retry=700, delivered=False)
        reconnection.received(last_event_id="", delivered=False)
        reconnection.lost(now=0.0, random=0.0)
        assert reconnection.wait == 0.7
        reconnection.elapsed()
        reconnection.refused(503, random=0.0)
        assert reconnection.wait == 1.4

    def test_retry_is_taken_over_from_an_earlier_source(self) -> None:
        reconnection = Reconnection(retry=700)
        assert reconnection.retry == 700
        reconnection.lost(now=0.0, random=0.0)
        assert reconnection.wait == 0.7

    def test_id_is_set_and_reset(self) -> None:
        reconnection = Reconnection(last_event_id="1")
        assert reconnection.headers()["Last-Event-ID"] == "1"
        reconnection.accepted(now=0.0)
        reconnection.received(last_event_id="2", delivered=True)
        assert reconnection.headers()["Last-Event-ID"] == "2"
        reconnection.received(last_event_id="", delivered=True)
        assert reconnection.headers() == {"Accept": "text/event-stream", "Cache-Control": "no-store"}


SENDABLE_IDS = ["7", "a b", "a\tb", "é", "日本語", "😀", "\x80", "\x85", "\xa0", "\u2028", "\u2003x"]
UNSENDABLE_IDS = [*map(chr, [*range(9), *range(10, 32), 127, 0xD800, 0xDFFF]), " ", "\t", " a", "a ", "\ta", "a\t"]


class TestIds:
    @pytest.mark.parametrize("last_event_id", SENDABLE_IDS, ids=ascii)
    def test_any_script_is_sent(self, last_event_id: str) -> None:
        assert Reconnection(last_event_id=last_event_id).headers()["Last-Event-ID"] == last_event_id

    @pytest.mark.parametrize("last_event_id", UNSENDABLE_IDS, ids=ascii)
    def test_what_no_header_can_carry_ends_the_source(self, last_event_id: str) -> None:
        with pytest.raises(StreamInterrupted) as caught:
            Reconnection(last_event_id=last_event_id).headers()
        assert (caught.value.last_event_id, caught.value.cause) == (last_event_id, None)
        reconnection = to_open()
        reconnection.received(last_event_id=last_event_id, delivered=True)
        reconnection.lost(now=0.0, random=0.0)
        assert reconnection.state is State.CLOSED
        assert "last event ID" in reconnection.reason

    def test_it_may_pass_before_the_connection_is_lost(self) -> None:
        reconnection = to_open()
        reconnection.received(last_event_id="\x01", delivered=True)
        reconnection.received(last_event_id="2", delivered=True)
        reconnection.lost(now=0.0, random=0.0)
        assert reconnection.state is State.WAITING


MISTAKES: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"policy": Reconnect}, TypeError, "the policy must be a Reconnect, such as Reconnect()"),
    ({"policy": {}}, TypeError, "the policy must be a Reconnect"),
    ({"last_event_id": 7}, TypeError, "last_event_id must be a str, not 7"),
    ({"last_event_id": b"7"}, TypeError, "last_event_id must be a str"),
    ({"retry": "700"}, TypeError, "retry must be an int (milliseconds) or None, not str"),
    ({"retry": True}, TypeError, "retry must be an int"),
    ({"retry": -1}, ValueError, "retry must be from 0"),
    ({"retry": 2**63}, ValueError, "retry must be from 0 to 2**63-1"),
]


@pytest.mark.parametrize(("arguments", "kind", "message"), MISTAKES, ids=[repr(row[0]) for row in MISTAKES])
def test_mistakes_name_the_argument(arguments: dict[str, Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        Reconnection(**arguments)


@pytest.mark.parametrize("state", State)
def test_states_are_text(state: State) -> None:
    """The same text in an f-string on every Python."""
    assert f"{state}" == str(state) == state.value == state.name.lower()
    assert state == state.name.lower()

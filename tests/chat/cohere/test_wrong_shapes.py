"""Cohere: members of a wrong type."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sse_events.chat import Citation, Reasoning, StreamEvent, Token
from tests.chat.cases import read, sse
from tests.chat.cohere.payloads import (
    BILLED,
    DONE,
    PAGE,
    START,
    cited,
    cites,
    ends,
    event,
    more,
    opens,
    plans,
    says,
    starts,
    text,
    tool,
    tool_ends,
)
from tests.chat.mutations import places
from tests.chat.reference import summarize
from tests.chat.summary import check_order, compare, fold


class TestWrongShapes:
    """A wrong shape loses only its own field."""

    WRONG: tuple[Any, ...] = (
        None,
        0,
        7,
        -1,
        1.5,
        10**400,
        True,
        "",
        "x",
        [],
        [None],
        [[]],
        ["x"],
        [{}],
        {},
        {"a": {"b": 1}},
    )
    GOOD = (
        starts(),
        opens("thinking", "Hm"),
        says("thinking", "m"),
        opens("text", "a", 1),
        text("b", 1),
        cites(cited(PAGE)),
        plans("I will"),
        tool(0, arguments="["),
        more("]"),
        tool_ends(),
        ends(
            "TOOL_CALL",
            error={"message": "lost"},
            **BILLED,
            tokens={"input_tokens": 3, "cached_tokens": 1},
            cached_tokens=2,
        ),
        DONE,
    )

    def test_are_read_as_the_plain_reference_reads_them(self):
        for number, payload in enumerate(self.GOOD):
            for place, _ in enumerate(places(payload)):
                for wrong in self.WRONG:
                    damaged = copy.deepcopy(self.GOOD)
                    holder, key = list(places(damaged[number]))[place]
                    holder[key] = wrong
                    body = sse(*damaged)
                    events = read(body, "cohere")
                    check_order(events)
                    assert compare(summarize(body), fold(events, "cohere")) == []

    @pytest.mark.parametrize("wrong", (None, 0, 1.5, 10**400, True, [], ["x"], {}, {"a": {"b": 1}}))
    def test_cost_no_sibling(self, wrong):
        """What the reference does not show: names and citations."""
        both = {"type": "text", "text": "a", "thinking": "Hm"}
        untitled = {"document": {"url": "u", "title": wrong}}
        unplaced = {"tool_output": {"url": wrong, "title": "t"}}
        table: list[tuple[dict[str, Any], list[StreamEvent]]] = [
            (starts(wrong), []),
            (starts() | {"delta": wrong, "index": wrong}, [START]),
            (event("content-delta", wrong, content=both | {"type": wrong}), [Token("a"), Reasoning("Hm")]),
            (event("content-delta", content=both | {"text": wrong}), [Reasoning("Hm")]),
            (event("content-delta", content=both | {"thinking": wrong}), [Token("a")]),
            (event("content-delta", content=both, tool_plan=wrong, tool_calls=wrong), [Token("a"), Reasoning("Hm")]),
            (event("tool-plan-delta", content=wrong, tool_plan="I will"), [Reasoning("I will")]),
            (cites(cited(wrong, PAGE)), [Citation("u", "t", "c", cited(wrong, PAGE))]),
            (cites(cited(untitled)), [Citation("u", "", "c", cited(untitled))]),
            (cites(cited(unplaced)), [Citation("", "t", "c", cited(unplaced))]),
            (cites(cited(PAGE, words=wrong)), [Citation("u", "t", "", cited(PAGE, words=wrong))]),
            (cites({"text": "c", "sources": wrong}), [Citation("", "", "c", {"text": "c", "sources": wrong})]),
        ]
        for payload, events in table:
            assert read(sse(payload, text("after"), DONE), "cohere")[:-1] == [*events, Token("after")]

"""Anthropic: members of a wrong type."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sse_events.chat import Citation, Reasoning, ReasoningSignature, Start, StreamEvent, Token
from tests.chat.anthropic.payloads import (
    CACHE,
    CHARS,
    START,
    STOP,
    WEB,
    cites,
    closes,
    ends,
    json_of,
    opens,
    says,
    starts,
    text,
    tool,
)
from tests.chat.cases import read, sse
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
        {**starts(input_tokens=3, output_tokens=1, **CACHE)},
        opens("thinking", 0, thinking="Hm", signature="S1"),
        says("thinking_delta", 0, thinking="m"),
        says("signature_delta", 0, signature="S2"),
        closes(0),
        opens("redacted_thinking", 1, data="X"),
        closes(1),
        opens("text", 2, text="a", citations=[WEB]),
        text("b", 2),
        says("citations_delta", 2, citation=CHARS),
        closes(2),
        tool(3, input={"x": 1}),
        json_of("{}", 3),
        closes(3),
        tool(4, "b", "g", input={"x": 1}),
        closes(4),
        {**ends("tool_use"), "usage": {"output_tokens": 5, "output_tokens_details": {"thinking_tokens": 2}}},
        STOP,
    )

    def test_are_read_as_the_plain_reference_reads_them(self):
        for number, payload in enumerate(self.GOOD):
            for place, _ in enumerate(places(payload)):
                for wrong in self.WRONG:
                    damaged = copy.deepcopy(self.GOOD)
                    holder, key = list(places(damaged[number]))[place]
                    holder[key] = wrong
                    body = sse(*damaged)
                    events = read(body, "anthropic")
                    check_order(events)
                    assert compare(summarize(body), fold(events, "anthropic")) == []

    @pytest.mark.parametrize("wrong", (None, 0, 1.5, 10**400, True, [], ["x"], {}, {"a": {"b": 1}}))
    def test_cost_no_sibling(self, wrong):
        """What the reference does not show: names, signatures and citations."""
        message = {"id": "m1", "model": "c1"}
        signed = {"thinking": "Hm", "signature": "S"}
        table: list[tuple[dict[str, Any], list[StreamEvent]]] = [
            ({"type": "message_start", "message": message | {"id": wrong}}, [Start("", "c1")]),
            ({"type": "message_start", "message": message | {"model": wrong}}, [Start("m1", "")]),
            ({"type": "message_start", "message": message | {"usage": wrong}}, [START]),
            ({"type": "message_start", "message": message, "delta": wrong, "index": wrong}, [START]),
            (opens("thinking", **signed | {"thinking": wrong}), [ReasoningSignature("S")]),
            (opens("thinking", **signed | {"signature": wrong}), [Reasoning("Hm")]),
            (opens("thinking", wrong, **signed), [Reasoning("Hm"), ReasoningSignature("S")]),
            (opens("text", text=wrong, citations=[WEB]), [Citation("u", "t", "c", WEB)]),
            (opens("text", text="a", citations=wrong), [Token("a")]),
            (says("text_delta", text="a", citation=wrong, partial_json=wrong, signature=wrong), [Token("a")]),
            (says("signature_delta", signature="S", text=wrong), [ReasoningSignature("S")]),
            (cites(WEB | {"url": wrong}), [Citation("", "t", "c", WEB | {"url": wrong})]),
            (cites(WEB | {"title": wrong}), [Citation("u", "", "c", WEB | {"title": wrong})]),
            (cites(WEB | {"cited_text": wrong}), [Citation("u", "t", "", WEB | {"cited_text": wrong})]),
        ]
        for payload, events in table:
            assert read(sse(payload, text("after"), STOP), "anthropic")[:-1] == [*events, Token("after")]

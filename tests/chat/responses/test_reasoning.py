"""Responses: summaries of reasoning, raw reasoning, and encrypted reasoning."""

from __future__ import annotations

from sse_events.chat.events import Reasoning, ReasoningSignature
from tests.chat.responses.payloads import STOPPED, Case, Checks, added, completed, done, summary

CASES = {
    "reasoning summary, its parts joined as they are": Case(
        [summary("One"), summary("Two", part=1), completed()], [Reasoning("One"), Reasoning("Two"), *STOPPED]
    ),
    "raw reasoning": Case(
        [{"type": "response.reasoning_text.delta", "delta": "hm"}, completed()], [Reasoning("hm"), *STOPPED]
    ),
    "encrypted reasoning is what the done item has, each under the item's id": Case(
        [
            added(0, type="reasoning", id="rs_1", encrypted_content="provisional"),
            summary("hm"),
            done(0, type="reasoning", id="rs_1", encrypted_content="E1"),
            done(1, type="reasoning", id="rs_2", encrypted_content="E2"),
            completed(output=[{"type": "reasoning", "id": "rs_1", "encrypted_content": "E1"}]),
        ],
        [Reasoning("hm"), ReasoningSignature("E1", id="rs_1"), ReasoningSignature("E2", id="rs_2"), *STOPPED],
    ),
    "reasoning without encrypted content has no signature": Case(
        [done(0, type="reasoning", id="rs_1", encrypted_content=None), completed()], STOPPED
    ),
    "compaction is no reasoning": Case(
        [done(0, type="compaction", id="cmp_1", encrypted_content="E"), completed()], STOPPED
    ),
}


class TestCases(Checks):
    cases = CASES

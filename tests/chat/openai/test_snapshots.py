"""OpenAI: whole messages and repeated fragments, which add only what was not streamed."""

from __future__ import annotations

from sse_events.chat import Reasoning, ReasoningSignature, Refusal, Token, ToolCallStart
from tests.chat.cases import Case, done, sse
from tests.chat.openai.payloads import PROMOTED, Checks, call, choice, chunk, end, one_call, says

SNAPSHOTS = [
    Case(
        "T4: a message alone fills every field",
        sse(
            chunk(
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {
                        "content": [{"type": "text", "text": "hi"}],
                        "reasoning_content": "r",
                        "refusal": "no",
                        "tool_calls": [call("{}", id="a", name="f")],
                    },
                },
            ),
        ),
        [Reasoning("r"), Token("hi"), Refusal("no"), *one_call(), PROMOTED, end(), done("finished", "tool_calls")],
    ),
    Case(
        "T4: each field is filled only if none of it was streamed",
        sse(
            says(content="a"),
            chunk(choice(message={"content": "ab", "reasoning": "r", "refusal": "n", "function_call": {"name": "f"}})),
            chunk(
                choice(message={"content": "x", "reasoning": "x", "refusal": "x", "tool_calls": [call("{}", name="x")]})
            ),
        ),
        [
            Token("a"),
            Reasoning("r"),
            Refusal("n"),
            ToolCallStart(0, "", "f"),
            end("", id="", complete=False),
            done("truncated"),
        ],
    ),
    Case(
        "T4: the delta of the same choice is read first",
        sse(chunk(choice({"content": "a", "refusal": "b"}, message={"content": "ab", "refusal": "bb"}))),
        [Token("a"), Refusal("b"), done("truncated")],
    ),
    Case(
        "T4: a second message does not fill what the first has filled",
        sse(chunk(choice(message={"content": "a"})), chunk(choice(message={"content": "ab"}))),
        [Token("a"), done("truncated")],
    ),
    Case(
        "T4: a message fills in signatures that were not streamed",
        sse(chunk(choice(message={"reasoning_details": [{"text": "r", "signature": "S"}]}))),
        [Reasoning("r"), ReasoningSignature("S"), done("truncated")],
    ),
    Case(
        "T4: signatures are not repeated with the message",
        sse(
            says(reasoning_details=[{"type": "reasoning.encrypted", "data": "E"}]),
            *(chunk(choice(message={"reasoning_details": [{"type": "reasoning.encrypted", "data": "E"}]})),) * 2,
        ),
        [ReasoningSignature("E", redacted=True), done("truncated")],
    ),
    Case(
        "a message that is no object is none",
        sse(
            chunk(choice({"content": "a"}, message="a")),
            chunk(choice("x", message=[1])),
            chunk(choice(message={"content": "b"})),
        ),
        [Token("a"), done("truncated")],
    ),
]


class TestCases(Checks):
    cases = SNAPSHOTS

"""OpenAI: values of a wrong shape cost their own place only."""

from __future__ import annotations

from typing import Any

import pytest

from sse_events.chat import (
    ChatStream,
    Citation,
    Finish,
    Logprobs,
    Reasoning,
    Refusal,
    Start,
    Token,
    ToolCallArgs,
    ToolCallStart,
)
from tests.chat.cases import read, sse
from tests.chat.openai.payloads import DONE, says

GOOD: Any = {
    "id": "c",
    "model": "m",
    "object": "chat.completion.chunk",
    "choices": [
        {
            "index": 0,
            "delta": {
                "content": "text",
                "reasoning_content": "thought",
                "refusal": "refused",
                "tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{}"}}],
                "annotations": [{"url_citation": {"url": "u"}}],
            },
            "logprobs": {"content": [{"token": "t"}]},
            "finish_reason": "stop",
            "usage": {"completion_tokens": 2},
        }
    ],
    "usage": {"prompt_tokens": 1, "prompt_tokens_details": {"cached_tokens": 1}},
    "x_groq": {"usage": {"reasoning_tokens": 1}},
    "citations": ["v"],
    "search_results": [{"url": "w"}],
}


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
        False,
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

    @staticmethod
    def places(value, path=()):
        for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            yield (*path, key)
            yield from TestWrongShapes.places(value[key], (*path, key))

    @staticmethod
    def replaced(value, path, wrong):
        if not path:
            return wrong
        copy = dict(value) if isinstance(value, dict) else list(value)
        copy[path[0]] = TestWrongShapes.replaced(value[path[0]], path[1:], wrong)
        return copy

    def test_cost_only_themselves(self):
        """Every event of the good payload is there, except those that come from the faulty place."""
        stream = ChatStream("openai")
        good = stream.feed(sse(GOOD))
        # Which events hang on which place.
        hangs = {
            Start: [("id",), ("model",)],
            Token: [("content",)],
            Reasoning: [("reasoning_content",)],
            Refusal: [("refusal",)],
            Citation: [("annotations",), ("citations",), ("search_results",)],
            Logprobs: [("logprobs",)],
            ToolCallStart: [("tool_calls",)],
            ToolCallArgs: [("tool_calls",)],
            Finish: [("finish_reason",), ("tool_calls",)],
        }
        assert {type(event) for event in good} == set(hangs)
        for path in self.places(GOOD):
            if path in (("choices",), ("choices", 0), ("choices", 0, "index"), ("choices", 0, "delta")):
                continue  # all else hangs on them
            for wrong in self.WRONG:
                stream = ChatStream("openai")
                stream.feed(sse(says()))
                events = stream.feed(sse(self.replaced(GOOD, path, wrong)))
                for event in good:
                    hurt = any(key in path for keys in hangs[type(event)] for key in keys)
                    assert hurt or event in events, (path, wrong)

    @pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: repr(wrong)[:20])
    def test_of_what_all_hangs_on(self, wrong):
        for path in (("choices",), ("choices", 0), ("choices", 0, "delta")):
            events = read(sse(says(content="a"), self.replaced(GOOD, path, wrong), says(content="b"), DONE))
            assert [event for event in events if isinstance(event, Token)] == [Token("a"), Token("b")]
            assert Start("c", "m") in events
            assert events[-1].usage.prompt_tokens == 1  # type: ignore[union-attr]

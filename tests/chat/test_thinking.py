"""Thinking tags: what is refused, and that a copy shares nothing. The rules are in rules/."""

from __future__ import annotations

import copy

import pytest

from sse_events.chat import ChatStream, Reasoning, Refusal, Token
from sse_events.chat.thinking import Thinking

TAGS = ("<think>", "</think>")


@pytest.mark.parametrize("tags", ["<think>", ("<think>",), ("<think>", 5), ("a", "b", "c"), 5])
def test_tags_are_two_strings(tags):
    with pytest.raises(TypeError, match="thinking_tags must be two strings"):
        ChatStream(thinking_tags=tags)


@pytest.mark.parametrize("tags", [("", "</think>"), ("<think>", " "), ("<think> ", "</think>")])
def test_tags_are_not_blank(tags):
    with pytest.raises(ValueError, match="thinking_tags must not be empty"):
        ChatStream(thinking_tags=tags)


def test_white_space_after_what_was_held_is_kept():
    """The beginning of a tag that another event released is the first reasoning: only white space before it goes."""
    thinking = Thinking(TAGS)
    assert thinking.divide([Token("<think> </thi"), Refusal("no")]) == [Reasoning("</thi"), Refusal("no")]
    assert thinking.divide([Token(" a</think>")]) == [Reasoning(" a")]


def test_a_copy_shares_nothing():
    thinking = Thinking(TAGS)
    thinking.divide([Token("<think>a")])
    other = copy.copy(thinking)
    assert thinking.divide([Token("b</think>c")]) == [Reasoning("b"), Token("c")]
    assert other.divide([Token("d")]) == [Reasoning("d")]

"""Thinking tags: local servers without a reasoning parser leave `<think>...</think>` in the text (vLLM 35705)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_events.chat import Done, Finish, Reasoning, StreamEvent, Token, ToolCallEnd
from tests.chat.cases import check, read, sse
from tests.chat.rules.payloads import DONE, MESSAGE_STOP, block, calls, candidate, chunk, fragment, stop_reason
from tests.examples import examples

TAGS = ("<think>", "</think>")
# Name, text, its reasoning, its visible text.
TEXTS = [
    ("thinking, then text", "<think>Why</think>Yes", "Why", "Yes"),
    ("white space around the tags", "\n <think>\n\nWhy\n</think>\n\nYes\n", "Why", "Yes\n"),
    ("white space inside both", "<think>a b\nc</think>d  e", "a b\nc", "d  e"),
    ("empty thinking, Qwen3 without thinking", "<think>\n\n</think>\n\nYes", "", "Yes"),
    ("empty thinking without white space", "<think></think>Yes", "", "Yes"),
    ("thinking alone", "<think>Why</think>", "Why", ""),
    ("an end inside the thinking", "<think>Why", "Why", ""),
    ("white space, then an end inside the thinking", "<think>Why \n", "Why \n", ""),
    ("an end inside the second tag", "<think>Why</thi", "Why</thi", ""),
    ("an end inside the first tag", "<thin", "", "<thin"),
    ("an end after the first tag", "<think>", "", ""),
    ("no tag", "Yes", "", "Yes"),
    ("white space first, no tag", "\n Yes", "", "\n Yes"),
    ("white space alone", " \n ", "", " \n "),
    ("a lesser sign first", "<b>Yes</b>", "", "<b>Yes</b>"),
    ("two lesser signs first", "<<think>Why</think>", "", "<<think>Why</think>"),
    ("a lesser sign alone", "<", "", "<"),
    ("the beginning of the tag, then other text", "<thin ice", "", "<thin ice"),
    ("white space, the beginning of the tag, other text", " <thi s", "", " <thi s"),
    ("the second tag without the first, DeepSeek's template", "Why</think>Yes", "", "Why</think>Yes"),
    ("the second tag first", "</think>Yes", "", "</think>Yes"),
    ("the tag in the middle", "Yes <think>Why</think>", "", "Yes <think>Why</think>"),
    ("the tag a second time", "<think>a</think>b<think>c</think>d", "a", "b<think>c</think>d"),
    ("the first tag inside the thinking", "<think>a<think>b</think>c", "a<think>b", "c"),
    ("a lesser sign in the thinking", "<think>1 < 2 </ x</think>Yes", "1 < 2 </ x", "Yes"),
    ("the beginning of the second tag in the thinking", "<think>a</thin</think>b", "a</thin", "b"),
    ("two lesser signs before the second tag", "<think>a<</think>b", "a<", "b"),
    ("another case", "<THINK>Why</THINK>Yes", "", "<THINK>Why</THINK>Yes"),
    ("an attribute", "<think x>Why", "", "<think x>Why"),
    ("other letters", "<think>Grüße ☀</think>日本 😀", "Grüße ☀", "日本 😀"),
]
named = pytest.mark.parametrize(
    ("text", "reasoning", "visible"), [case[1:] for case in TEXTS], ids=[case[0] for case in TEXTS]
)


def pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def texts_of(events: list[StreamEvent], choice: int = 0) -> tuple[str, str]:
    reasoning = "".join(event.text for event in events if isinstance(event, Reasoning) and event.choice == choice)
    return reasoning, "".join(event.text for event in events if isinstance(event, Token) and event.choice == choice)


def streams(text: str) -> list[bytes]:
    """The text whole, and cut into deltas at every place, and into deltas of one, two and three characters."""
    cuts = [
        [text],
        *([text[:at], text[at:]] for at in range(1, len(text))),
        *(pieces(text, size) for size in (1, 2, 3)),
    ]
    return [sse(*(chunk(piece) for piece in cut), chunk(finish="stop"), DONE) for cut in cuts]


def divided(text: str) -> tuple[str, str]:
    """The reasoning and the visible text of a whole text, as DESIGN.md says."""
    begun = text.lstrip()
    if not begun.startswith(TAGS[0]):
        return "", text
    inside, closed, after = begun.removeprefix(TAGS[0]).partition(TAGS[1])
    return inside.strip() if closed else inside.lstrip(), after.lstrip()


@settings(max_examples=examples(300), deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(["<", ">", "/", "think", "<think>", "</think>", "<thi", "</", " ", "\n", "a", "é<"]),
        max_size=12,
    )
)
def test_any_text_in_any_deltas(deltas):
    body = sse(*(chunk(delta) for delta in deltas), DONE)
    events = read(body, thinking_tags=TAGS)
    assert texts_of(events) == divided("".join(deltas))
    assert read([body[at : at + 1] for at in range(len(body))], thinking_tags=TAGS) == events


@named
def test_wherever_the_deltas_are_cut(text, reasoning, visible):
    for body in streams(text):
        events = read(body, thinking_tags=TAGS)
        assert texts_of(events) == (reasoning, visible)
        assert events[-1] == Done("complete", "stop")


@pytest.mark.no_cover
@named
def test_every_split_of_every_byte_gives_the_same_events(text, reasoning, visible):
    body = sse(*(chunk(piece) for piece in pieces(text, 3)), chunk(finish="stop"), DONE)
    events = read(body, thinking_tags=TAGS)
    check(body, events, "auto", "openai", thinking_tags=TAGS)
    for at in range(len(body)):
        assert read([body[:at], body[at:]], thinking_tags=TAGS) == events
    assert texts_of(events) == (reasoning, visible)


@named
def test_an_end_without_a_terminal_signal_loses_nothing(text, reasoning, visible):
    for dialect in ("auto", "openai"):
        events = read(sse(*(chunk(piece) for piece in pieces(text, 2))), dialect, thinking_tags=TAGS)
        assert texts_of(events) == (reasoning, visible)
        assert events[-1] == Done("truncated")


def test_without_the_option_the_text_is_not_touched():
    for text in (case[1] for case in TEXTS):
        for body in streams(text):
            assert texts_of(read(body)) == ("", text)


def test_tags_of_ones_own():
    body = sse(chunk("[R]a[/"), chunk("R]b"), DONE)
    assert texts_of(read(body, thinking_tags=("[R]", "[/R]"))) == ("a", "b")


def test_text_is_returned_as_soon_as_it_is_known():
    events = read(sse(chunk("<think>a b"), chunk("</think>c"), DONE), thinking_tags=TAGS)
    assert events[:2] == [Reasoning("a b"), Token("c")]


def test_each_choice_has_its_own():
    body = sse(chunk("<thi"), chunk("x <think>", index=1), chunk("nk>a"), chunk("y", index=1), chunk("</think>b"), DONE)
    events = read(body, choices="all", thinking_tags=TAGS)
    assert texts_of(events) == ("a", "b")
    assert texts_of(events, 1) == ("", "x <think>y")


def test_reasoning_content_beside_it():
    """A server with a reasoning parser: its reasoning is kept, and the order too."""
    body = sse(chunk(reasoning_content="r"), chunk("<think>a</think>b"), chunk(finish="stop"), DONE)
    assert texts_of(read(body, thinking_tags=TAGS)) == ("ra", "b")


def test_a_finish_word_with_the_last_text():
    events = read(sse(chunk("<think>a</think>b", finish="stop"), DONE), thinking_tags=TAGS)
    assert events == [Reasoning("a"), Token("b"), Finish("stop", "stop"), Done("complete", "stop")]


def test_what_was_held_back_comes_before_the_finish_word():
    events = read(sse(chunk("<thin"), chunk(finish="stop"), DONE), thinking_tags=TAGS)
    assert events == [Token("<thin"), Finish("stop", "stop"), Done("complete", "stop")]


def test_what_was_held_back_comes_before_a_call():
    body = sse(chunk("<thin"), calls(fragment("{}", id="a", name="f")), chunk(finish="tool_calls"), DONE)
    events = read(body, thinking_tags=TAGS)
    assert events[0] == Token("<thin")
    assert [end.complete for end in events if isinstance(end, ToolCallEnd)] == [True]


@pytest.mark.parametrize(
    ("dialect", "payloads"),
    [
        (
            "openai",
            [{"object": "text_completion", "choices": [{"text": piece}]} for piece in ("<th", "ink>a</think>b")],
        ),
        (
            "anthropic",
            [block("delta", delta={"type": "text_delta", "text": piece}) for piece in ("<th", "ink>a</think>b")]
            + [stop_reason("end_turn"), MESSAGE_STOP],
        ),
        ("gemini", [candidate({"text": piece}) for piece in ("<th", "ink>a</think>b")] + [candidate(finish="STOP")]),
    ],
    ids=["completions", "anthropic", "gemini"],
)
def test_other_dialects(dialect, payloads: list[Any]):
    for name in ("auto", dialect):
        assert texts_of(read(sse(*payloads), name, thinking_tags=TAGS)) == ("a", "b")

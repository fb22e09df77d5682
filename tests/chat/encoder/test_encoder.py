"""The contract of ChatEncoder: the events that it takes, their order, and its attributes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sse_events.chat import (
    ChatEncoder,
    Citation,
    Done,
    Finish,
    Logprobs,
    Reasoning,
    ReasoningSignature,
    Start,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    Usage,
)
from sse_events.chat.json import is_json
from sse_events.errors import MisuseError
from tests.chat.encoder.grammar import blocks, check
from tests.chat.encoder.scenarios import CALLS, CALLS_DONE, DIALECTS, OSLO, SCENARIOS, call, encoder, end, write

BAD_ORDER: dict[str, tuple[list[StreamEvent], StreamEvent]] = {
    "arguments before the start": ([], ToolCallArgs(0, "{}")),
    "an end before the start": ([], end(0, "{}")),
    "a second start": (call(0), ToolCallStart(0, "x", "y")),
    "a start after the end": ([*call(0, "{}"), end(0, "{}")], ToolCallStart(0, "x", "y")),
    "arguments after the end": ([*call(0, "{}"), end(0, "{}")], ToolCallArgs(0, "{}")),
    "a second end": ([*call(0, "{}"), end(0, "{}")], end(0, "{}")),
    "arguments of another choice's call": (call(0), ToolCallArgs(0, "{}", 1)),
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("before", "event"), BAD_ORDER.values(), ids=BAD_ORDER)
def test_an_impossible_order_is_refused_and_changes_nothing(
    dialect: str, before: list[StreamEvent], event: StreamEvent
):
    writer, other = encoder(dialect), encoder(dialect)
    for earlier in before:
        assert writer.encode(earlier) == other.encode(earlier)
    with pytest.raises(MisuseError, match="call 0: the call has"):
        writer.encode(event)
    assert writer.encode(Token("on")) == other.encode(Token("on"))
    assert writer.close() == other.close()
    assert writer.dropped == other.dropped


@pytest.mark.parametrize("what", [None, "text", b"data: {}\n\n", Usage(), {"type": "token"}, Token])
def test_what_is_not_a_stream_event_is_refused(what: Any):
    writer = encoder("openai")
    with pytest.raises(TypeError, match="event must be a StreamEvent, such as"):
        writer.encode(what)
    assert writer.encode(Start("a", "b")) == encoder("openai").encode(Start())


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_can_be_written_after_the_end(dialect: str):
    for last in (lambda writer: writer.encode(Done("complete")), lambda writer: writer.close()):
        writer = encoder(dialect)
        assert last(writer)
        for event in (Token("x"), Done("complete"), ToolCallArgs(5, "x")):
            with pytest.raises(MisuseError, match="after Done or close"):
                writer.encode(event)
        assert writer.close() == b""


@pytest.mark.parametrize("dialect", DIALECTS)
def test_close_writes_what_a_truncated_done_does(dialect: str):
    turn: list[StreamEvent] = [Start("a", "b"), Token("x")]
    assert write(dialect, turn) == write(dialect, [*turn, Done("truncated")])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_preamble_comes_once_and_first(dialect: str):
    started = encoder(dialect)
    preamble = started.encode(Start("a", "b"))
    assert started.encode(Start("c", "d")) == b""
    assert preamble + started.encode(Token("x")) == encoder(dialect).encode(Token("x"))
    assert encoder(dialect).encode(Done("truncated")).startswith(preamble)
    assert encoder(dialect).close().startswith(preamble)
    assert bool(preamble) == (dialect != "gemini")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_same_events_make_the_same_bytes(dialect: str):
    for turn in SCENARIOS.values():
        assert write(dialect, turn) == write(dialect, turn)


@pytest.mark.parametrize(
    ("dialect", "hint"),
    [
        ("antropic", "; did you mean 'anthropic'?"),
        ("OpenAI", "; did you mean 'openai'?"),
        ("auto", ""),
        ("", ""),
    ],
)
def test_an_unknown_dialect_is_refused(dialect: str, hint: str):
    with pytest.raises(ValueError) as caught:
        ChatEncoder(dialect, id="x", model="y")
    assert str(caught.value).startswith("dialect must be one of 'openai', 'anthropic', ")
    assert str(caught.value).endswith(f"not {dialect!r}{hint}")


def test_the_upstreams_names_are_not_written():
    for dialect in DIALECTS:
        body = write(dialect, SCENARIOS["text"])
        assert b"upstream" not in body
        assert b"gw-0a1B" in body
        assert (b"gw-model" in body) == (dialect not in ("cohere", "ui"))


def test_openai_says_no_usage_unless_it_is_asked():
    chunks = [block.data for block in blocks(write("openai", SCENARIOS["text"], usage=False))[:-1]]
    assert all("usage" not in chunk and chunk["choices"] for chunk in chunks)


def test_the_prompt_tokens_stand_at_anthropics_start():
    start = blocks(write("anthropic", [], prompt_tokens=12))[0].data
    assert start["message"]["usage"]["input_tokens"] == 12


def test_created_is_the_only_time():
    assert blocks(write("openai", [], created=5))[0].data["created"] == 5
    assert blocks(write("responses", [], created=5))[0].data["response"]["created_at"] == 5
    completed = blocks(write("interactions", SCENARIOS["text"], created=86400))[-2].data["interaction"]
    assert completed["created"] == completed["updated"] == "1970-01-02T00:00:00Z"


@pytest.mark.parametrize("created", [10**12, 10**30, -(10**30)])
def test_what_is_not_a_time_is_refused_at_once(created: int):
    with pytest.raises(ValueError, match="created must be seconds since 1970"):
        encoder("interactions", created=created)


def test_an_end_without_fragments_brings_the_arguments():
    """A turn that is written by hand may have its arguments only there."""
    with_fragment: list[StreamEvent] = [*call(0, OSLO), end(0, OSLO), CALLS_DONE]
    without: list[StreamEvent] = [*call(0), end(0, OSLO), CALLS_DONE]
    for dialect in DIALECTS:
        assert write(dialect, without) == write(dialect, with_fragment)


def test_a_custom_call_without_input_has_none():
    turn: list[StreamEvent] = [*call(0, custom=True), end(0, "", custom=True), CALLS_DONE]
    assert b'"{}"' not in write("openai", turn)
    assert b'"input":""' in write("responses", turn)
    assert b'"args":{"input":""}' in write("gemini", turn)


def test_a_part_that_nothing_can_follow_is_closed_at_once():
    writer = encoder("anthropic")
    writer.encode(Reasoning("hm"))
    assert writer.encode(ReasoningSignature("c2ln")).endswith(b'{"type":"content_block_stop","index":0}\n\n')
    for event in call(0, '{"a":', "1}"):
        assert b"content_block_stop" not in writer.encode(event)
    assert writer.encode(end(0, '{"a":1}')).endswith(b'{"type":"content_block_stop","index":1}\n\n')


def test_a_call_without_an_end_is_not_complete():
    for dialect in DIALECTS:
        body = write(dialect, [*call(0, OSLO), CALLS_DONE])
        assert b"tool call 0 (weather) is not complete" in body
        assert b"Oslo" not in body
        cut = write(dialect, [*call(0, '{"a":'), Done("complete", "length")])
        assert b"is not complete" not in cut or dialect == "ui"


def test_a_call_that_was_closed_as_whole_and_was_not_is_a_failure():
    """Another part came after arguments that were finished, and then more of the arguments."""
    turn: list[StreamEvent] = [
        *call(0, OSLO),
        Token("on"),
        ToolCallArgs(0, "more"),
        end(0, OSLO + "more", False),
        CALLS_DONE,
    ]
    for dialect in DIALECTS:
        assert b"tool call 0 (weather) is not complete" in write(dialect, turn)


@pytest.mark.parametrize(
    ("fragments", "arguments"),
    [
        (["\n"], '{"a":1}'),  # what came first was lost
        (['{"a":', "1}"], '{"a":2}'),
        (['{"a":1}'], ""),
        (["{}", "{}"], "{}"),
        (['{"a"', "1}", ":"], '{"a":1}'),
    ],
)
def test_an_end_that_contradicts_the_fragments_is_not_believed(fragments: list[str], arguments: str):
    for after in ([], [Token("on")]):
        turn: list[StreamEvent] = [*call(0, *fragments), *after, end(0, arguments), CALLS_DONE]
        for dialect in DIALECTS:
            body = write(dialect, turn)
            assert b"tool call 0 (weather) is not complete" in body
            assert b'"a":1}' not in body or after


def test_arguments_that_are_not_json_are_not_complete():
    turn: list[StreamEvent] = [*call(0, "{]"), Token("on"), end(0, "{]"), CALLS_DONE]
    for dialect in DIALECTS:
        assert b"tool call 0 (weather) is not complete" in write(dialect, turn)


@pytest.mark.parametrize(
    ("fragments", "complete"),
    [(["1", "2"], True), (["[]", " ", "\n"], True), (['{"a"', ":1}", "x"], False), (["{}", "{}"], False)],
)
def test_no_beginning_of_the_arguments_is_what_a_client_would_run(fragments: list[str], complete: bool):
    """Clients run a call as soon as its arguments parse: what completes them, and all after it, is one fragment."""
    arguments = "".join(fragments)
    turn: list[StreamEvent] = [*call(0, *fragments), end(0, arguments, complete), CALLS, CALLS_DONE]
    deltas = [block.data["choices"][0]["delta"] for block in blocks(write("openai", turn))[:-2]]
    found = [delta["tool_calls"][0]["function"]["arguments"] for delta in deltas if "tool_calls" in delta]
    assert "".join(found) == arguments
    assert not any(is_json("".join(found[:count])) for count in range(1, len(found)))


def test_text_behind_a_call_that_never_ended_comes_after_it():
    turn: list[StreamEvent] = [*call(0, "x", custom=True), Token("on"), Done("complete", "length")]
    for dialect in DIALECTS:
        assert check(dialect, write(dialect, turn))


def test_the_signature_of_a_call_may_come_before_and_after_it():
    signature = ReasoningSignature("c2ln", call_index=0)
    early: list[StreamEvent] = [signature, *call(0, OSLO), end(0, OSLO), CALLS_DONE]
    usual: list[StreamEvent] = [*call(0), signature, ToolCallArgs(0, OSLO), end(0, OSLO), CALLS_DONE]
    late: list[StreamEvent] = [*call(0, OSLO), end(0, OSLO), signature, CALLS_DONE]
    open_: list[StreamEvent] = [*call(0, '{"city":'), signature, ToolCallArgs(0, '"Oslo"}'), end(0, OSLO), CALLS_DONE]
    for dialect in ("openai", "gemini"):
        assert write(dialect, early) == write(dialect, usual)
        assert b"c2ln" in write(dialect, open_)
    assert b"c2ln" in write("openai", late)
    writer = encoder("gemini")
    assert b"c2ln" not in b"".join(map(writer.encode, late))
    assert writer.dropped == {"reasoning_signature"}


def test_a_call_that_waited_until_the_turn_failed_is_dropped():
    for dialect in DIALECTS:
        writer = encoder(dialect)
        for event in [*call(0, '{"a":'), *call(1, '{"b":', name="second"), Done("truncated")]:
            assert b"second" not in writer.encode(event)
        assert writer.dropped == {"tool_call_start", "tool_call_args", "tool_call_end"}


def test_a_signature_of_no_call_is_dropped():
    writer = encoder("openai")
    assert b"c2ln" not in writer.encode(ReasoningSignature("c2ln", call_index=7)) + writer.encode(Done("complete"))
    assert writer.dropped == {"reasoning_signature"}


def test_a_call_that_is_not_written_takes_its_signature_with_it():
    writer = encoder("openai")
    for event in [*call(0, OSLO), ReasoningSignature("c2ln", call_index=0), end(0, OSLO, False), Done("truncated")]:
        writer.encode(event)
    assert writer.dropped == {"tool_call_start", "tool_call_args", "tool_call_end", "reasoning_signature"}


def test_calls_are_numbered_in_the_order_in_which_they_are_written():
    """A call whose name was not known may start after later ones."""
    turn: list[StreamEvent] = [
        *call(1, "{}"),
        end(1, "{}"),
        *call(0, "{}"),
        end(0, "{}"),
        Finish("tool_calls", "tool_calls"),
        CALLS_DONE,
    ]
    chunks = [block.data for block in blocks(write("openai", turn))[:-1]]
    calls = [c["delta"]["tool_calls"][0] for chunk in chunks for c in chunk["choices"] if "tool_calls" in c["delta"]]
    assert [(tool_call["index"], tool_call.get("id")) for tool_call in calls] == [
        (0, "call_1"),
        (0, None),
        (1, "call_0"),
        (1, None),
    ]


@pytest.mark.parametrize(
    ("id", "derived"),
    [
        ("chatcmpl-abc123", "abc123_0_3"),
        ("msg_01A-b_2", "01Ab2_0_3"),
        ("plain", "plain_0_3"),
        ("x-" + "0123456789" * 4, "0123456789" * 2 + "_0_3"),
        ("é-ü", "_0_3"),
        ("", "_0_3"),
    ],
)
def test_an_id_that_the_events_do_not_give_is_derived(id: str, derived: str):
    turn: list[StreamEvent] = [*call(3, "{}", id=""), ToolCallEnd(3, "late", "weather", "{}", True), CALLS_DONE]
    assert f'"id":"call_{derived}"'.encode() in write("openai", turn, id=id)
    assert f'"id":"toolu_{derived}"'.encode() in write("anthropic", turn, id=id)
    assert f'"call_id":"call_{derived}"'.encode() in write("responses", turn, id=id)
    assert b'"functionCall":{"name":"weather","args":{}}' in write("gemini", turn, id=id)


def test_choices_that_no_dialect_can_have_are_dropped():
    writer = encoder("openai")
    for choice in (-1, 128, 10**9):
        assert writer.encode(Token("x", choice)) == b""
    assert writer.dropped == {"token"}


def test_a_choice_that_failed_alone_gets_no_finish_reason():
    turn: list[StreamEvent] = [
        Token("a"),
        Token("b", 1),
        Finish("stop", "stop"),
        Finish("error", "error", 1),
        Done("complete", "stop"),
    ]
    writer = encoder("openai")
    body = b"".join(map(writer.encode, turn))
    reasons = [c["finish_reason"] for block in blocks(body)[:-1] for c in block.data["choices"]]
    assert [reason for reason in reasons if reason] == ["stop"]
    assert writer.dropped == {"finish"}


def test_a_finish_reason_is_the_last_one():
    turn: list[StreamEvent] = [Token("x"), Finish("stop", "stop"), Finish("length", "length"), Done("complete")]
    assert b'"finish_reason":"length"' in write("openai", turn)


@pytest.mark.parametrize("text", ["", "x"])
def test_an_empty_text_writes_nothing(text: str):
    writer = encoder("anthropic")
    assert bool(writer.encode(Token(text))) == bool(text)


def test_provider_objects_that_are_nested_too_deeply_are_dropped():
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    cases: list[tuple[str, StreamEvent]] = [
        ("anthropic", Citation(raw={"type": "page_location", "x": deep})),
        ("openai", Logprobs([{"token": "a", "logprob": 0, "x": deep}])),
        ("responses", Logprobs([{"token": "a", "logprob": 0, "x": deep}])),
    ]
    for dialect, event in cases:
        turn: list[StreamEvent] = [Token("a"), event, Token("b"), Done("complete")]
        writer = encoder(dialect)
        body = b"".join(map(writer.encode, turn))
        rest: list[StreamEvent] = [Token("a"), Token("b"), Done("complete")]
        assert body == write(dialect, rest)  # without a gap in what is numbered
        assert len(writer.dropped) == 1
    while type(deep) is list:  # freeing it at once would exhaust the stack on some versions
        deep = deep[0]


def test_arguments_that_are_nested_too_deeply_are_malformed_where_values_are_written():
    arguments = json.dumps({"a": "x"})[:5] + "[" * 2000 + "]" * 2000 + "}"
    turn: list[StreamEvent] = [*call(0, arguments), end(0, arguments), CALLS_DONE]
    assert b"MALFORMED_FUNCTION_CALL" in write("gemini", turn)
    assert b"tool-input-error" in write("ui", turn)
    shallow = json.dumps({"a": [[[]]]})
    turn = [*call(0, shallow), end(0, shallow), CALLS_DONE]
    assert b'"args":{"a":[[[]]]}' in write("gemini", turn)

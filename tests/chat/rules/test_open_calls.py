"""C8, C11: a call that is open at a proper end is complete if its arguments are whole, and never without a name."""

from __future__ import annotations

from typing import Any

import pytest

from sse_events.chat import ToolCallEnd
from tests.chat.cases import read, sse
from tests.chat.chunkings import CHUNKINGS
from tests.chat.rules.payloads import (
    DONE,
    MESSAGE_STOP,
    calls,
    candidate,
    chunk,
    cohere,
    cohere_call,
    completed,
    fragment,
    function,
    interaction,
    item,
    partial_json,
    response,
    step,
    stop_reason,
    tool_use,
)

Opening = dict[str, list[dict[str, Any]]]


def opened(name: str = "f", arguments: str = '{"x":1}') -> Opening:
    """A call in each dialect that nothing ends but the end of the stream."""
    cut = arguments[:-1]
    return {
        "openai": [calls(fragment(cut, id="a", name=name)), calls(fragment(arguments[-1:]))],
        "anthropic": [{"type": "message_start"}, tool_use(name), partial_json(cut), partial_json(arguments[-1:])],
        "responses": [
            item("added", 0, function(name, "")),
            response("function_call_arguments.delta", output_index=0, delta=arguments),
        ],
        "interactions": [
            step("start", step={"type": "function_call", "id": "a", "name": name}),
            step("delta", delta={"type": "arguments_delta", "arguments": arguments}),
        ],
        "cohere": [
            cohere_call("tool-call-start", id="a", name=name, arguments=cut),
            cohere_call("tool-call-delta", arguments=arguments[-1:]),
        ],
    }


ENDS: dict[str, dict[str, list[Any]]] = {
    "proper": {
        "openai": [chunk(finish="tool_calls"), DONE],
        "anthropic": [stop_reason("tool_use"), MESSAGE_STOP],
        "responses": [completed()],
        "interactions": [interaction("requires_action")],
        "cohere": [cohere("message-end", finish_reason="TOOL_CALL"), DONE],
    },
    "length": {
        "openai": [chunk(finish="length"), DONE],
        "anthropic": [stop_reason("max_tokens"), MESSAGE_STOP],
        "responses": [response("incomplete", response={"incomplete_details": {"reason": "max_output_tokens"}})],
        "interactions": [interaction("budget_exceeded")],
        "cohere": [cohere("message-end", finish_reason="MAX_TOKENS"), DONE],
    },
    "filter": {
        "openai": [chunk(finish="content_filter"), DONE],
        "anthropic": [stop_reason("refusal"), MESSAGE_STOP],
        "responses": [response("incomplete", response={"incomplete_details": {"reason": "content_filter"}})],
        "cohere": [cohere("message-end", finish_reason="guardrail_safety"), DONE],
    },
    "error": {
        "openai": [chunk(finish="abort"), DONE],
        "anthropic": [stop_reason("error"), MESSAGE_STOP],
        "responses": [response("failed", response={"error": {"message": "m"}})],
        "interactions": [interaction("cancelled")],
        "cohere": [cohere("message-end", finish_reason="TIMEOUT"), DONE],
    },
    "no end": {name: [] for name in ("openai", "anthropic", "responses", "interactions", "cohere")},
}
CASES = [
    pytest.param(dialect, end, end_payloads, id=f"{dialect}-{end}")
    for end, by_dialect in ENDS.items()
    for dialect, end_payloads in by_dialect.items()
]


def ends_of(payloads: list[Any], dialect: str) -> list[tuple[str, str, bool]]:
    """Name, arguments and completeness of each call: the same in all chunkings, and with the dialect named."""
    body = sse(*payloads)
    found = {
        tuple((end.name, end.arguments, end.complete) for end in read(cut(body), name) if isinstance(end, ToolCallEnd))
        for cut in CHUNKINGS
        for name in ("auto", dialect)
    }
    assert len(found) == 1
    return list(found.pop())


@pytest.mark.parametrize(("dialect", "end", "ending"), CASES)
def test_an_open_call_with_whole_arguments(dialect, end, ending):
    """Cohere without tool-call-end, Anthropic without content_block_stop, Responses without output_item.done."""
    assert ends_of(opened()[dialect] + ending, dialect) == [("f", '{"x":1}', end == "proper")]


@pytest.mark.parametrize("dialect", ENDS["proper"])
def test_an_open_call_with_broken_arguments(dialect):
    assert ends_of(opened(arguments='{"x":')[dialect] + ENDS["proper"][dialect], dialect) == [("f", '{"x":', False)]


@pytest.mark.parametrize("dialect", ENDS["proper"])
def test_a_call_without_a_name_is_never_complete(dialect):
    """A call that lost its first fragment cannot be run."""
    assert ends_of(opened(name="")[dialect] + ENDS["proper"][dialect], dialect) == [("", '{"x":1}', False)]


@pytest.mark.parametrize(
    ("dialect", "payloads"),
    [
        (
            "anthropic",
            [{"type": "message_start"}, tool_use(""), partial_json("{}"), {"type": "content_block_stop", "index": 0}],
        ),
        ("responses", [item("done", 0, function("", status="completed"))]),
        ("interactions", [step("start", step={"type": "function_call", "id": "a", "arguments": {}}), step("stop")]),
        ("cohere", [cohere_call("tool-call-start", id="a", arguments="{}"), {"type": "tool-call-end", "index": 0}]),
    ],
    ids=["anthropic", "responses", "interactions", "cohere"],
)
def test_an_ended_call_without_a_name_is_never_complete(dialect, payloads):
    assert ends_of(payloads + ENDS["proper"][dialect], dialect) == [("", "{}", False)]


def test_a_lost_first_fragment():
    """The malformed line had the name, so the later arguments belong to no call."""
    broken = b"data: {\n\n"
    body = broken + sse(calls(fragment('{"x":1}')), chunk(finish="tool_calls"), DONE)
    assert [(end.name, end.complete) for end in read(body) if isinstance(end, ToolCallEnd)] == [("", False)]


class TestWithoutATerminalSignal:
    """Recorded payloads without [DONE], Perplexity and Writer: the finish word ends the calls before it."""

    def test_a_finish_word_then_the_end(self):
        assert ends_of([*opened()["openai"], chunk(finish="tool_calls")], "openai") == [("f", '{"x":1}', True)]

    def test_a_call_after_the_finish_word(self):
        payloads = [chunk(finish="tool_calls"), calls(fragment("{}", id="a", name="f"))]
        assert ends_of(payloads, "openai") == [("f", "{}", False)]

    def test_arguments_after_the_finish_word(self):
        payloads = [calls(fragment("", id="a", name="f")), chunk(finish="tool_calls"), calls(fragment("{}"))]
        assert all(not complete or arguments == "" for _, arguments, complete in ends_of(payloads, "openai"))


def test_a_terminal_signal_without_a_finish_word():
    """C8 asks for a finish word."""
    assert ends_of([*opened()["anthropic"], MESSAGE_STOP], "anthropic") == [("f", '{"x":1}', False)]


def test_arguments_in_the_start_of_a_call_that_nothing_ended():
    """They count at its end only, and without them it would run with none."""
    payloads = [{"type": "message_start"}, tool_use(input={"x": 1}), *ENDS["proper"]["anthropic"]]
    assert ends_of(payloads, "anthropic") == [("f", "", False)]


@pytest.mark.parametrize(("end", "complete"), [("proper", True), ("cut", False)])
def test_a_second_message_start_resets_nothing(end, complete):
    """T5: spliced Anthropic streams, vercel. What comes after it says whether the call was cut."""
    call = [tool_use(), partial_json("{}"), {"type": "content_block_stop", "index": 0}]
    start = {"type": "message_start", "message": {"id": "m"}}
    ends = ENDS["proper"]["anthropic"] if end == "proper" else [stop_reason("max_tokens"), MESSAGE_STOP]
    assert ends_of([start, *call, start, *ends], "anthropic") == [("f", "{}", complete)]


class TestGemini:
    def test_a_streamed_call_open_at_stop(self):
        """Vertex may leave out the last, empty functionCall."""
        part = {"functionCall": {"name": "f", "willContinue": True}}
        more = {"functionCall": {"partialArgs": [{"jsonPath": "$.x", "numberValue": 1}], "willContinue": True}}
        payloads = [candidate(part), candidate(more), candidate(finish="STOP")]
        assert ends_of(payloads, "gemini") == [("f", '{"x":1}', True)]

    @pytest.mark.parametrize("word", ["MAX_TOKENS", "SAFETY", "MALFORMED_FUNCTION_CALL"])
    def test_a_streamed_call_open_at_another_end(self, word):
        part = {"functionCall": {"name": "f", "willContinue": True}}
        more = {"functionCall": {"partialArgs": [{"jsonPath": "$.x", "numberValue": 1}], "willContinue": True}}
        payloads = [candidate(part), candidate(more), candidate(finish=word)]
        assert ends_of(payloads, "gemini") == [("f", '{"x":1}', False)]


class TestFineGrainedStreaming:
    def test_arguments_that_are_not_json(self):
        """hermes-agent 107830: the call is there, and not complete."""
        payloads = [
            {"type": "message_start"},
            tool_use(),
            partial_json('{"names": cro'),
            partial_json("n}"),
            {"type": "content_block_stop", "index": 0},
            stop_reason("tool_use"),
            MESSAGE_STOP,
        ]
        assert ends_of(payloads, "anthropic") == [("f", '{"names": cron}', False)]

    def test_a_text_delta_in_an_open_tool_block(self):
        """Sglang 24293: the text is text, and the call goes on."""
        payloads = [
            {"type": "message_start"},
            tool_use(),
            partial_json("{"),
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "t"}},
            partial_json("}"),
            {"type": "content_block_stop", "index": 0},
            stop_reason("tool_use"),
            MESSAGE_STOP,
        ]
        assert ends_of(payloads, "anthropic") == [("f", "{}", True)]

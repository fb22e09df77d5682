"""Framing that no text can break, and the helpers that all writers share."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from sse_events import Parser
from sse_events.chat import (
    Citation,
    Done,
    Error,
    Finish,
    Logprobs,
    Reasoning,
    ReasoningSignature,
    Refusal,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
)
from sse_events.chat.json import decode_shallow
from sse_events.chat.writer import Options, Writer, block, status_code
from tests.chat.encoder.grammar import check
from tests.chat.encoder.scenarios import CALLS_DONE, DIALECTS, call, encoder, end, write

NASTY = {
    "LF": "a\nb",
    "CRLF": "a\r\nb",
    "CR": "a\rb",
    "blank lines": "\n\n\r\r\n",
    "a field": "\n\ndata: [DONE]\n\nevent: error\ndata: {}\n\n",
    "NUL": "a\0b",
    "NEL": "a\x85b",
    "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b",
    "VT, FF, FS, GS, RS": "\v\f\x1c\x1d\x1e",
    "byte order mark": "\ufeff",
    "a lone surrogate": "a\ud800b",
    "half a pair, the wrong way": "\udc00\ud83d",
    "JSON": '","x":"\\',
    "an escape": "\\u0085\\",
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
@pytest.mark.parametrize("event", ["", "name"])
def test_a_block_is_one_event_whatever_is_in_it(text: str, event: str):
    data = block({"x": text, text: [text, {"y": text}]}, event)
    assert len(data.decode().splitlines()) == (3 if event else 2)  # by every line end there is, and a blank line
    (read,) = Parser().feed(data)
    clean = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert read.event == (event or "message")
    assert read.json() == {"x": clean, clean: [clean, {"y": clean}]}


def test_text_is_not_escaped_without_need():
    assert block({"x": "é🦊\u2027"}) == 'data: {"x":"é🦊\u2027"}\n\n'.encode()


def test_what_json_cannot_say_is_null():
    assert block({"x": [math.nan, math.inf]}) == b'data: {"x":[null,null]}\n\n'
    assert block({"x": 10**30}) == b'data: {"x":1000000000000000000000000000000}\n\n'


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_field_of_an_event_can_break_the_stream(dialect: str, text: str):
    """Every str of every event, the ids and the model."""
    both: list[StreamEvent] = [
        Token(text),
        Logprobs([{"token": text, "logprob": -1}]),
        Citation(text, text, text, {"type": f"{text}_location", text: text}),
        Reasoning(text),
        ReasoningSignature(text, id=text),
        ReasoningSignature(text, redacted=True, id=text),
        Refusal(text),
        ToolCallStart(0, text, text),
        ReasoningSignature(text, call_index=0),
        ToolCallArgs(0, text),
        ToolCallEnd(0, text, text, text, False),
        ToolCallStart(1, text, text, custom=True),
        ToolCallArgs(1, text),
        ToolCallEnd(1, text, text, text, True, custom=True),
    ]
    names = {"id": text, "model": text}
    good = write(dialect, [*both, Finish("stop", text), Done("complete")], **names)
    # A call that is not JSON, but complete: only Gemini cannot write it.
    assert check(dialect, good) == (dialect != "gemini")
    bad = write(dialect, [*both, Error("provider", text, text, text), Done("error")], **names)
    assert not check(dialect, bad)
    word = write(dialect, [*both, Finish("error", text), Done("error", "error")], **names)
    assert not check(dialect, word)
    for body in (good, bad, word):
        assert b"\nid:" not in body and b"\n:" not in body and b"\r" not in body


def test_a_character_that_is_cut_in_two_fragments_becomes_two_replacements():
    body = write("openai", [Token("\ud83e"), Token("\udd8a"), Done("complete")])
    assert body.decode().count('{"content":"\ufffd"}') == 2


@pytest.mark.parametrize(
    ("code", "status"),
    [(429, 429), ("429", 429), ("4290", None), ("limit", None), ("", None), (None, None), ("٤٢٩", None)],
)
def test_status_code(code: str | int | None, status: int | None):
    assert status_code(code) == status


@pytest.mark.parametrize("text", ["{", "nope", "[" * 3000, "[" * 200 + "]" * 200])
def test_arguments_that_have_no_value(text: str):
    with pytest.raises(ValueError):
        decode_shallow(text)


def test_a_writer_has_to_say_how_it_ends():
    writer = Writer(Options("", "", 0, True, None))
    with pytest.raises(NotImplementedError):
        writer.end({}, Done("complete").usage)
    with pytest.raises(NotImplementedError):
        writer.fail("", None, Done("complete").usage)


def test_a_writer_writes_nothing_by_itself():
    """The methods of the base say that a dialect has nothing to say."""
    writer = Writer(Options("", "", 0, True, None))
    part: Any = None
    writer.begin()
    writer.open(part)
    writer.write(part, "x")
    writer.close(part)
    writer.open_call(part)
    writer.write_call(part, "x")
    writer.close_call(part, None, whole=True)
    assert writer.taken() == b""
    assert writer.dropped == set()


def test_a_writer_drops_what_few_dialects_can_say():
    writer = Writer(Options("", "", 0, True, None))
    part: Any = None
    writer.sign(part, ReasoningSignature("x"))
    assert writer.dropped == {"reasoning_signature"}
    writer.cite(Citation())
    writer.logprobs(Logprobs([]))
    assert writer.dropped == {"reasoning_signature", "citation", "logprobs"}


def test_values_of_other_types_than_a_str_are_the_callers_fault():
    with pytest.raises(TypeError):
        block({"x": object()})


def test_a_whole_custom_call_is_wrapped_with_its_escapes():
    body = write("anthropic", [*call(0, 'a"\n', "\\", custom=True), end(0, 'a"\n\\', custom=True), CALLS_DONE])
    pieces = [msgspec.json.decode(event.data) for event in Parser().feed(body)]
    deltas = [piece["delta"]["partial_json"] for piece in pieces if piece["type"] == "content_block_delta"]
    assert msgspec.json.decode("".join(deltas)) == {"input": 'a"\n\\'}
    assert deltas == ['{"input":"', 'a\\"\\n', "\\\\", '"}']


def test_a_custom_call_that_was_cut_is_never_closed():
    for dialect in ("anthropic", "cohere", "interactions"):
        writer = encoder(dialect)
        turn = [*call(0, "text", custom=True), end(0, "text", False, custom=True), Done("complete", "length")]
        assert b'"}"' not in b"".join(map(writer.encode, turn)).split(b"text")[1]

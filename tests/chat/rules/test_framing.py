"""F8, F9, F10: what broken servers frame, read in the chat layer only."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sse_events import Event, Parser
from sse_events.chat import Error, Finish, StreamEvent, Token
from tests.chat.cases import Case, check, done, read, sse, table, text_of
from tests.chat.rules.payloads import (
    DONE,
    MESSAGE_STOP,
    block,
    candidate,
    chunk,
    completed,
    interaction,
    response,
    stop_reason,
)

TEXT: list[StreamEvent] = [Token("x"), Token("y"), Finish("stop", "stop"), done("complete", "stop")]
PAYLOADS = (chunk("x"), chunk("y"), chunk(finish="stop"), DONE)


def lines(*payloads: Any, before: str = "data: ", end: str = "\n") -> bytes:
    """Each payload as one line, without blank lines between them."""
    return "".join(f"{before}{text_of(payload)}{end}" for payload in payloads).encode()


CASES = [
    Case("no blank lines, a hand-written server", lines(*PAYLOADS), TEXT),
    Case("no blank lines, CRLF", lines(*PAYLOADS, end="\r\n"), TEXT),
    Case("no blank lines, CR", lines(*PAYLOADS, end="\r"), TEXT),
    Case("no blank lines, without the space", lines(*PAYLOADS, before="data:"), TEXT),
    Case("no blank lines, one at the end", lines(*PAYLOADS) + b"\n", TEXT),
    Case("no blank lines, the last line open", lines(*PAYLOADS).removesuffix(b"\n"), TEXT),
    Case("a blank line now and then", lines(*PAYLOADS[:2]) + b"\n" + lines(*PAYLOADS[2:]), TEXT),
    Case("empty data lines between", lines(chunk("x"), "", chunk("y"), "", chunk(finish="stop"), DONE), TEXT),
    Case("comments between", b": keep-alive\n" + lines(*PAYLOADS[:2]) + b": ping\n" + lines(*PAYLOADS[2:]), TEXT),
    Case("id lines between", lines(*PAYLOADS[:2]) + b"id: 7\n" + lines(*PAYLOADS[2:]), TEXT),
    Case("framed twice, sse-starlette over ready-made lines", sse(*(f"data: {text_of(p)}" for p in PAYLOADS)), TEXT),
    Case(
        "framed twice without spaces", b"".join(b"data:data:" + text_of(p).encode() + b"\n\n" for p in PAYLOADS), TEXT
    ),
    Case("framed twice, only some", sse(chunk("x"), f"data: {text_of(chunk('y'))}", *PAYLOADS[2:]), TEXT),
    Case("framed twice with an empty line", sse("data: ", *(f"data: {text_of(p)}" for p in PAYLOADS)), TEXT),
    Case("framed twice and no blank lines", lines(*PAYLOADS, before="data: data: "), TEXT),
    Case(
        "data of framed lines that have their own line ends",
        b"data: data: " + text_of(chunk("x")).encode() + b"\ndata: \n\n" + sse(*PAYLOADS[1:]),
        TEXT,
    ),
    Case("nothing after the sentinel", lines(*PAYLOADS, chunk("late")), TEXT),
    Case(
        "one JSON object over many lines",
        b"".join(b"data: " + line.encode() + b"\n" for line in json.dumps(chunk("x"), indent=1).split("\n"))
        + b"\n"
        + sse(*PAYLOADS[1:]),
        TEXT,
    ),
]


@table(CASES)
def test_broken_framing(case):
    check(case.body, case.events, "auto", "openai")


@pytest.mark.parametrize(
    "broken",
    ["{", "not JSON", "[1]", '"text"', "5"],
)
def test_one_line_that_is_not_an_object(broken):
    """F9 asks for objects in every line: otherwise the data is one payload, and malformed."""
    events = read(lines(chunk("x"), broken) + b"\n" + sse(*PAYLOADS[1:]), "openai")
    assert [event for event in events if not isinstance(event, Error)] == [
        *TEXT[1:-1],
        done("complete", "stop", malformed=1),
    ]
    assert [event.kind for event in events if isinstance(event, Error)] == ["malformed_json"]


@pytest.mark.parametrize("words", ["overloaded", "over\nloaded"])
def test_an_error_in_words_framed_twice(words):
    """F10 comes before F6: the message of the error is what is left."""
    lines = words.replace("\n", "\ndata: data: ")
    events = read(f"event: error\ndata: data: {lines}\n\n".encode())
    assert [(event.kind, event.message) for event in events if isinstance(event, Error)] == [("provider", words)]


def test_json_that_is_not_an_object_framed_twice():
    """F6: it is ignored, as it is when it is framed once."""
    assert read(sse("data: 5", *PAYLOADS)) == read(sse("5", *PAYLOADS)) == TEXT


def test_a_list_of_errors_framed_twice():
    """E12: Gemini's compatible API sends its errors in a list."""
    error = [{"error": {"code": 400, "message": "boom"}}]
    found = read(sse(f"data: {text_of(error)}"))[0]
    assert isinstance(found, Error)
    assert (found.kind, found.message, found.code) == ("provider", "boom", 400)


@pytest.mark.parametrize("name", ["a\0b", "\0", "\ufeff", "a\u2028b"])
@pytest.mark.parametrize("payload", ["{}", "5", '{"type":"ping"}'])
def test_any_event_type_of_a_payload_that_decides_nothing(name, payload):
    """It is held until the dialect is known, and raises nothing."""
    held = f"event: {name}\ndata: {payload}\n\n".encode()
    check(held + sse(*PAYLOADS), TEXT, "auto", "openai")


def test_the_parser_obeys_the_standard():
    assert Parser().feed(b"data: {}\ndata: {}\n\ndata: data: {}\n\n") == [Event("{}\n{}"), Event("data: {}")]


def test_other_dialects_without_blank_lines():
    text = block("delta", delta={"type": "text_delta", "text": "x"})
    body = lines({"type": "message_start"}, text, stop_reason("end_turn"), MESSAGE_STOP)
    check(body, [Token("x"), Finish("stop", "end_turn"), done("complete", "stop")], "auto", "anthropic")
    body = lines(candidate({"text": "x"}), candidate(finish="STOP"))
    check(body, [Token("x"), Finish("stop", "STOP"), done("complete", "stop")], "auto", "gemini")


def test_an_error_that_is_framed_twice():
    found = read(sse(chunk("x"), 'data: {"error":"boom"}', *PAYLOADS[1:]))
    assert [(event.kind, event.message) for event in found if isinstance(event, Error)] == [("provider", "boom")]


def test_event_lines_without_blank_lines():
    """The last event line names the whole block, and the payloads say for themselves what they are."""
    body = b"".join(
        f"event: {payload['type']}\ndata: {json.dumps(payload)}\n".encode()
        for payload in ({"type": "message_start"}, stop_reason("end_turn"), MESSAGE_STOP)
    )
    check(body, [Finish("stop", "end_turn"), done("complete", "stop")], "auto", "anthropic")


@pytest.mark.parametrize(
    ("dialect", "end"),
    [
        ("openai", [chunk(finish="stop"), DONE]),
        ("anthropic", [stop_reason("end_turn"), MESSAGE_STOP]),
        ("responses", [completed()]),
        ("interactions", [interaction("completed")]),
    ],
)
def test_nothing_is_read_after_the_end(dialect, end):
    """F8: Done has come."""
    late = [chunk("late"), response("output_text.delta", delta="late"), {"error": {"message": "late"}}, "{"]
    late += [{"event_type": "step.delta", "index": 0, "delta": {"type": "text", "text": "late"}}]
    late += [block("delta", delta={"type": "text_delta", "text": "late"})]
    assert read(sse(*end, *late), dialect) == read(sse(*end), dialect)

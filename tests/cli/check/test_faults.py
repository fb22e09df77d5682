"""A table of faulty streams: each planted fault is found in its line, and nothing else is found."""

from __future__ import annotations

import pytest

from sse_events.cli.check import Check
from sse_events.cli.check.report import Finding
from sse_events.cli.check.rules import RULES
from tests.cli.check.streams import (
    ANTHROPIC,
    COHERE,
    DONE,
    GEMINI,
    OPENAI,
    OPENAI_CALLS,
    RESPONSES,
    USAGE,
    call,
    changed,
    event,
    gemini,
    openai,
    swapped,
    typed,
    without,
)

CLEAN = {
    "one event": b"data: hello\n\n",
    "every field": b": comment\n:\nevent: e\nid: 1\nretry: 10\ndata: a\ndata: b\n\nid\n\n",
    "a byte order mark at the start": b"\xef\xbb\xbfdata: a\n\n",
    "CRLF": b"data: a\r\n\r\ndata: b\r\n\r\n",
    "blank lines at the end": b"data: a\n\n\n\n",
    "text that is not JSON": b"data: {oops\n\ndata: NaN\n\n",
    "JSON that is not chat": b'data: {"a": 1}\n\ndata: [1]\n\ndata: 3\n\n',
    "JSON over two lines": b'data: {"a":\ndata: 1}\n\n',
    "many events": b'data: {"a": 1}\n\n' * 100 + b"data: {oops\n\n",
    "openai": b"".join(OPENAI),
    "openai with calls": b"".join(OPENAI_CALLS),
    "openai, cut by length": without(
        [*OPENAI[:2], openai(call(0, '{"p"', "a", "ls")), openai({}, "length"), USAGE, DONE]
    ),
    "openai, several choices": b"".join(
        [
            openai({"content": "Hi"}, "stop"),
            openai({}, choices=[{"index": 1, "delta": {"content": "Ho"}, "finish_reason": "stop"}]),
            USAGE,
            DONE,
        ]
    ),
    "openai, blank data": b"".join([event(" "), *OPENAI, event("")]),
    "openai, a custom call": b"".join(
        [
            openai(
                {"tool_calls": [{"index": 0, "id": "a", "type": "custom", "custom": {"name": "sh", "input": "{}"}}]}
            ),
            openai({}, "tool_calls"),
            USAGE,
            DONE,
        ]
    ),
    "anthropic": b"".join(ANTHROPIC),
    "anthropic, an event of a type to come": b"".join([*ANTHROPIC[:3], *typed({"type": "news"}), *ANTHROPIC[3:]]),
    "cohere, citations": b"".join([*COHERE[:4], *typed({"type": "citation-start", "index": 0}), *COHERE[4:]]),
    "cohere, an event of a type to come": b"".join([*COHERE[:4], *typed({"type": "news"}), *COHERE[4:]]),
    "responses, no deltas": without(RESPONSES, 2)
    .replace(b'": 3,', b'": 2,')
    .replace(b'": 4,', b'": 3,')
    .replace(b'": 5,', b'": 4,'),
    "responses, a keepalive": b"".join(
        [*RESPONSES[:5], *typed({"type": "keepalive", "sequence_number": 5}), RESPONSES[5].replace(b'": 5,', b'": 6,')]
    ),
    "responses": b"".join(RESPONSES),
    "responses, resumed": without(RESPONSES, 0, 1),
    "gemini": b"".join(GEMINI),
    "cohere": b"".join(COHERE),
}
FAULTS = {
    # Framing
    "a byte order mark between two events": (b"data: a\n\n\xef\xbb\xbfdata: b\n\n", {"late-bom": 3}),
    "bytes that are not UTF-8": (b"data: \xff\n\n", {"invalid-utf8": 1}),
    "a character cut in two": (b"data: \xc3\n\ndata: \xbc\n\n", {"invalid-utf8": 1}),
    "a replacement character": ("data: a\ufffd\n\n".encode(), {"lost-characters": 1}),
    "a comment that is not UTF-8": (b": \xff\ndata: a\n\n", {"invalid-utf8": 1}),
    "a missing blank line": (changed(OPENAI, b"\n\ndata", b"\ndata"), {"no-blank-line": 2}),
    "a missing blank line, and bytes that are not UTF-8": (
        changed(OPENAI, b"\n\ndata", b"\ndata").replace(b"Hi", b"\xff"),
        {"no-blank-line": 2, "invalid-utf8": 2},
    ),
    "a blank line of spaces": (b"data: a\n \ndata: b\n\n", {"spaces-in-blank-line": 2}),
    "no blank line at the end": (b"data: a\n\ndata: b\n", {"cut-end": 3}),
    "no line end at the end": (b"data: a\n\ndata: b", {"cut-end": 3}),
    "a CR at the end": (b"data: a\r", {"cut-end": 1, "cr-line-ends": 1}),
    "an unknown field": (b"message: a\ndata: b\n\n", {"unknown-field": 1}),
    "an HTTP head": (b"HTTP/1.1 200 OK\ncontent-type: text/event-stream\n\ndata: a\n\n", {"unknown-field": 1}),
    "an error in a field": (b"data: a\n\nerror: {}\n\n", {"error-field": 3}),
    "an error in a field explains the end": (b"".join([*OPENAI[:2], b"error: {}\n\n"]), {"error-field": 5}),
    "a field in upper case": (b"Data: a\n\nid: 1\n\n", {"field-case": 1}),
    "a space before the field name": (b" data: a\n\nid: 1\n\n", {"space-in-field-name": 1}),
    "a space after the field name": (b"data : a\n\nid: 1\n\n", {"space-in-field-name": 1}),
    "JSON without a field name": (b'data: a\n\n{"a": 1}\n\n', {"unframed-json": 3}),
    "a bytes object as text": (b"data: a\n\nb'data: b'\n\n", {"bytes-literal": 3}),
    "double framing": (b'data: data: {"a": 1}\n\n', {"double-framing": 1}),
    "an escaped line end": (b'data: {"choices": []}\\n\\n\n\n' + b"".join(OPENAI), {"escaped-line-end": 1}),
    "a retry that is not a number": (b"retry: 3s\ndata: a\n\n", {"bad-retry": 1}),
    "an empty retry": (b"retry:\ndata: a\n\n", {"bad-retry": 1}),
    "NUL in an ID": (b"id: a\0\ndata: a\n\n", {"nul-in-id": 1}),
    "an event without data": (b"event: ping\n\ndata: a\n\n", {"event-without-data": 1}),
    "two event fields": (b"event: a\nevent: b\ndata: a\n\n", {"field-repeated": 2}),
    "a space after the event type": (b"event: a \ndata: a\n\n", {"space-in-event-name": 1}),
    "mixed line ends": (b"data: a\n\ndata: b\r\n\r\n", {"mixed-line-ends": 3}),
    "line ends of CR": (b"data: a\r\rdata: b\r\r", {"cr-line-ends": 1}),
    "a long line": (b"data: " + b"x" * 65536 + b"\n\n", {"long-line": 1}),
    "a line separator": ("data: a\u2028b\n\n".encode(), {"line-separator": 1}),
    "a form feed": (b"data: a\x0cb\n\n", {"line-separator": 1}),
    # Payloads
    "broken JSON": (swapped(OPENAI, 1, event('{"id": ')), {"malformed-json": 3}),
    "a Python dict": (swapped(OPENAI, 1, event("{'id': None}")), {"malformed-json": 3}),
    "NaN": (swapped(OPENAI, 1, event('{"id": NaN}')), {"malformed-json": 3}),
    "an error event of text": (
        swapped(OPENAI, 2, event("upstream: down {", "error")),
        {"provider-error": 6},
    ),
    "broken JSON inside a call": (
        without([*OPENAI_CALLS[:2], event('{"id": '), *OPENAI_CALLS[2:]]),
        {"malformed-json": 5},
    ),
    "broken JSON first": (event('{"id": ') + b"".join(OPENAI), {"malformed-json": 1}),
    "half a surrogate pair": (changed(OPENAI, b"Hi", b"\\ud83d"), {"lone-surrogate": 3}),
    "a number out of range": (swapped(OPENAI, 1, event('{"a": 1e999}')), {"unreadable-number": 3}),
    "spaces around [DONE]": (swapped(OPENAI, 4, event(" [DONE] ")), {"sentinel-not-exact": 9}),
    "[DONE] from Anthropic": (b"".join([*ANTHROPIC, DONE]), {"foreign-sentinel": 31}),
    "[DONE] from Responses": (b"".join([*RESPONSES, DONE]), {"foreign-sentinel": 19}),
    "[DONE] from Gemini": (b"".join([*GEMINI, DONE]), {"foreign-sentinel": 7}),
    "a payload after the end": (b"".join([*OPENAI, OPENAI[1]]), {"after-end": 11}),
    "a cut answer": (without(OPENAI, 2, 4), {"truncated": 6}),
    "no [DONE]": (without(OPENAI, 4), {"no-terminal-signal": 8}),
    "no message_stop": (without(ANTHROPIC, 9), {"no-terminal-signal": 27}),
    "no finish reason": (without(OPENAI, 2), {"no-finish-reason": 7}),
    "no usage": (without(OPENAI, 3), {"no-usage": 7}),
    "an error in the stream": (
        swapped(OPENAI, 2, event({"error": {"message": "down"}})),
        {"provider-error": 5},
    ),
    "a finish reason of its own": (changed(OPENAI, b'"stop"', b'"eos"'), {"unknown-finish-reason": 5}),
    "a stop reason of its own": (
        changed(ANTHROPIC, b'"stop_reason": "tool_use"', b'"stop_reason": "x"'),
        {"unknown-finish-reason": 26},
    ),
    "arguments that are not JSON": (changed(OPENAI_CALLS, b"1}", b"1"), {"arguments-not-json": 5}),
    "a call without a name": (changed(OPENAI_CALLS, b', "name": "ls"', b""), {"call-without-name": 13}),
    "a call sent whole, again": (
        without([*OPENAI_CALLS[:4], openai(call(1, "{}")), *OPENAI_CALLS[4:]]),
        {"call-sent-twice": 9},
    ),
    # Chat Completions
    "a chunk without object": (b"".join(OPENAI).replace(b'"object"', b'"kind"'), {"missing-object": 1}),
    "an ID that changes": (changed(OPENAI[1:], b'"c1"', b'"c0"'), {"id-changes": 3}),
    "a call without an index": (changed(OPENAI_CALLS, b', "index": 1', b""), {"call-without-index": 7}),
    "a call without an ID": (changed(OPENAI_CALLS, b', "id": "b"', b""), {"call-without-id": 7}),
    "a second call under the same index": (changed(OPENAI_CALLS, b'"index": 1', b'"index": 0'), {"index-reused": 7}),
    "arguments as an object": (
        changed(OPENAI_CALLS, b'"arguments": "{}"', b'"arguments": {}'),
        {"arguments-not-text": 7},
    ),
    "content as a list": (changed(OPENAI, b'"Hi"', b'[{"type": "text", "text": "Hi"}]'), {"content-not-text": 3}),
    "a message in a chunk": (
        changed(OPENAI, b'"delta": {}', b'"delta": {}, "message": {"content": "Hi"}'),
        {"message-in-chunk": 5},
    ),
    "content after the finish reason": (without([*OPENAI[:3], OPENAI[1], *OPENAI[3:]]), {"after-finish": 7}),
    "the finish reason twice": (without([*OPENAI[:3], OPENAI[2], *OPENAI[3:]]), {"finish-repeated": 7}),
    "stop after calls": (
        changed(OPENAI_CALLS, b'"finish_reason": "tool_calls"', b'"finish_reason": "stop"'),
        {"stop-with-calls": 9},
    ),
    # Anthropic
    "no message_start": (without(ANTHROPIC, 0), {"no-start": 2}),
    "a second message_start": (without([*ANTHROPIC[:5], ANTHROPIC[0], *ANTHROPIC[5:]]), {"start-again": 17}),
    "a delta without a start": (without(ANTHROPIC, 5), {"block-order": 17}),
    "a block that is never stopped": (without(ANTHROPIC, 7), {"block-not-stopped": 23}),
    "a delta of the wrong type": (changed(ANTHROPIC, b"input_json_delta", b"text_delta"), {"wrong-delta": 20}),
    "no event field": (changed(ANTHROPIC, b"event: content_block_stop\n", b""), {"missing-event-name": 13}),
    "another event field": (changed(ANTHROPIC, b"event: message_stop", b"event: message"), {"wrong-event-name": 29}),
    # Responses
    "a gap in the numbers": (
        changed(RESPONSES, b'"sequence_number": 5', b'"sequence_number": 9'),
        {"sequence-gap": 17},
    ),
    "an event without a number": (
        changed(RESPONSES, b'"sequence_number": 3, ', b""),
        {"no-sequence-number": 11, "sequence-gap": 14},
    ),
    "no response.created": (without(RESPONSES, 0), {"no-start": 2}),
    "response.created twice": (
        without(typed({"type": "response.created", "sequence_number": -1, "response": {"id": "r"}}) + RESPONSES),
        {"start-again": 5},
    ),
    "an item that is never done": (
        changed(RESPONSES, b"output_item.done", b"output_item.more").replace(b"output_item.done", b"output_item.more"),
        {"block-not-stopped": 17},
    ),
    "a done text of its own": (changed(RESPONSES, b'"text": "Hi"', b'"text": "Ho"'), {"text-mismatch": 11}),
    "an item ID that rotates": (changed(RESPONSES, b'"item_id": "i"', b'"item_id": "j"'), {"item-id-changes": 8}),
    # Gemini
    "arguments as text": (changed(GEMINI, b'{"p": 1}', b'"{}"'), {"arguments-not-object": 3}),
    "content after finishReason": (without([*GEMINI, gemini({"text": "!"})]), {"after-finish": 7}),
    "a response ID that changes": (changed(GEMINI, b'"g"', b'"h"'), {"id-changes": 3}),
    # Cohere
    "no message-start": (without(COHERE, 0), {"no-start": 2}),
    "message-start twice": (without([COHERE[0], *COHERE]), {"start-again": 5}),
    "a content delta after its end": (without([*COHERE[:4], COHERE[2], *COHERE[4:]]), {"block-order": 14}),
    "a content that never ends": (without(COHERE, 3), {"block-not-stopped": 20}),
}


def findings(stream: bytes, size: int = 1 << 20) -> list[Finding]:
    check = Check()
    found = [finding for at in range(0, len(stream), size) for finding in check.feed(stream[at : at + size])]
    return [*found, *check.close()]


@pytest.mark.parametrize("stream", CLEAN.values(), ids=CLEAN)
def test_clean(stream: bytes) -> None:
    assert findings(stream) == []


@pytest.mark.parametrize(("stream", "places"), FAULTS.values(), ids=FAULTS)
def test_planted(stream: bytes, places: dict[str, int]) -> None:
    found = findings(stream)
    assert {finding.rule for finding in found} == set(places)
    for rule, number in places.items():
        first = next(finding for finding in found if finding.rule == rule)
        assert first.line == number
        assert stream[first.offset :].splitlines()[0][:100] in (
            b"",
            first.text.encode()[:100],
            stream[first.offset :].splitlines()[0][:100],
        )
        assert first.detail


def test_no_blank_line_before_done() -> None:
    stream = without(OPENAI, 4)[:-1] + DONE
    assert "no-blank-line" in {finding.rule for finding in findings(stream)}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
@pytest.mark.parametrize("stream", [stream for stream, _ in FAULTS.values()], ids=FAULTS)
def test_chunks(stream: bytes, size: int) -> None:
    """The findings do not depend on how the stream is cut."""
    if len(stream) > 10_000:
        size *= 1000
    assert findings(stream, size) == findings(stream)


def test_every_rule_is_planted() -> None:
    assert {rule for _, places in FAULTS.values() for rule in places} == set(RULES) - {"wrong-dialect", "content-type"}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_explained(name: str) -> None:
    rule = RULES[name]
    assert rule.says.endswith(".")
    assert rule.suffers
    assert rule.mend

"""Gemini's streamGenerateContent, of the Gemini API and of Vertex AI: a case for every quirk that was recorded."""

from __future__ import annotations

import copy
import json
import pickle
import random
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from sse_events.chat import (
    ChatStream,
    Citation,
    Error,
    Finish,
    Logprobs,
    Raw,
    Reasoning,
    ReasoningSignature,
    Start,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    collect,
)
from sse_events.chat.gemini import assistant_turn
from tests.chat.cases import Case, check, check_cuts, done, read, table
from tests.chat.cases import sse as frame
from tests.chat.reference import summarize
from tests.chat.summary import compare, fold


def sse(*payloads: Any) -> bytes:
    """As Google frames them: with CRLF, without an event type, without a sentinel."""
    return frame(*payloads, end="\r\n")


def chunk(*parts: Any, finish: Any = None, index: Any = None, **members: Any) -> dict[str, Any]:
    """A response with one candidate; `members` are of the response."""
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": list(parts)}} if parts else {}
    for name, value in (("finishReason", finish), ("index", index)):
        candidate |= {} if value is None else {name: value}
    return {"candidates": [candidate], **members}


def about(**members: Any) -> dict[str, Any]:
    """A response whose one candidate has these members."""
    return {"candidates": [members]}


def text(text: Any, **members: Any) -> dict[str, Any]:
    return {"text": text, **members}


def thought(text: str, **members: Any) -> dict[str, Any]:
    return {"text": text, "thought": True, **members}


def call(*partial_args: Any, signature: Any = None, more: Any = None, **function: Any) -> dict[str, Any]:
    """A part with a functionCall; `more` is its willContinue."""
    function |= {"partialArgs": list(partial_args)} if partial_args else {}
    function |= {} if more is None else {"willContinue": more}
    return {"functionCall": function, **({} if signature is None else {"thoughtSignature": signature})}


def piece(path: Any, value: Any, more: Any = None) -> dict[str, Any]:
    """One element of partialArgs."""
    kind = {str: "stringValue", bool: "boolValue", type(None): "nullValue"}.get(type(value), "numberValue")
    return {"jsonPath": path, kind: value, **({} if more is None else {"willContinue": more})}


def used(**counts: Any) -> dict[str, Any]:
    return {"usageMetadata": counts}


def whole_call(
    arguments: str = "{}", *, index: int = 0, id: str = "", name: str = "f", complete: bool = True, choice: int = 0
) -> list[StreamEvent]:
    """The events of one call, without other events between them."""
    return [
        ToolCallStart(index, id, name, choice),
        ToolCallArgs(index, arguments, choice),
        ToolCallEnd(index, id, name, arguments, complete, choice),
    ]


def malformed(payload: str) -> Error:
    with pytest.raises(ValueError) as fault:
        json.loads(payload)
    return Error("malformed_json", f"a payload is not JSON: {fault.value}", None, payload)


STOP = Finish("stop", "STOP")
CALLED = Finish("tool_calls", "STOP")
COMPLETE = done("complete", "stop")

PLAIN = [
    Case(
        "a whole answer, with the id and the model in every payload",
        sse(
            chunk(text("Hel"), index=0, modelVersion="gemini-x", responseId="r1"),
            chunk(text("lo"), index=0, modelVersion="gemini-x", responseId="r1"),
            chunk(text(""), finish="STOP", index=0, modelVersion="gemini-x", responseId="r1"),
        ),
        [Start("r1", "gemini-x"), Token("Hel"), Token("lo"), STOP, COMPLETE],
    ),
    Case(
        "the finish reason comes with the last text",
        sse(chunk(text("Hello"), finish="STOP")),
        [Token("Hello"), STOP, COMPLETE],
    ),
    Case(
        "a payload printed over several lines",
        b'data: {\r\ndata:   "candidates": [\r\ndata:     {"content": {"parts": [{"text": "Hi"}]}}\r\ndata:   ]\r\n'
        b"data: }\r\n\r\n",
        [Token("Hi"), done("truncated")],
    ),
    Case(
        "a last payload that no blank line ends",
        sse(chunk(text("Hi"), finish="STOP")).rstrip(),
        [Token("Hi"), STOP, COMPLETE],
    ),
    Case("the model alone starts it", sse(chunk(modelVersion="m")), [Start("", "m"), done("truncated")]),
    Case("the id alone starts it", sse(chunk(responseId="r")), [Start("r", ""), done("truncated")]),
    Case(
        "candidates without content and content without parts",
        sse(chunk(), about(content={}), about(content={"role": "model"}, finishReason="STOP")),
        [STOP, COMPLETE],
    ),
    Case(
        "payloads after the finish reason are read",
        sse(chunk(text("a"), finish="STOP"), chunk(text("b")), used(promptTokenCount=1)),
        [Token("a"), STOP, Token("b"), done("complete", "stop", prompt_tokens=1, raw={"promptTokenCount": 1})],
    ),
    Case(
        "what looks like the sentinel is none",
        sse(chunk(text("a")), "[DONE]", chunk(text("b"), finish="STOP")),
        [Token("a"), Token("b"), STOP, COMPLETE],
    ),
    Case("the sentinel does not complete it", sse(chunk(text("a")), "[DONE]"), [Token("a"), done("truncated")]),
    Case(
        "several parts in one payload",
        sse(chunk(thought("hm"), text("a"), text("b"))),
        [Reasoning("hm"), Token("a"), Token("b"), done("truncated")],
    ),
    Case(
        "thoughts are reasoning, and only true makes a thought",
        sse(
            chunk(thought("hm")),
            chunk(text("a", thought=False)),
            chunk(text("b", thought="true"), text("c", thought=1)),
        ),
        [Reasoning("hm"), Token("a"), Token("b"), Token("c"), done("truncated")],
    ),
    Case(
        "code, its result and inline data yield nothing",
        sse(
            chunk({"executableCode": {"language": "PYTHON", "code": "print(1)"}}),
            chunk({"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1"}}, text("one")),
            chunk({"inlineData": {"mimeType": "image/png", "data": "AA=="}}),
        ),
        [Token("one"), done("truncated")],
    ),
    Case("usage alone shows the dialect", sse({"usageMetadata": {}}), [done("truncated")]),
    Case("prompt feedback alone shows the dialect", sse({"promptFeedback": {}}), [done("truncated")]),
    Case(
        "malformed JSON is reported, and the stream goes on",
        sse(chunk(text("a")), '{"candidates":', chunk(text("b"), finish="STOP")),
        [
            Token("a"),
            malformed('{"candidates":'),
            Token("b"),
            STOP,
            done("complete", "stop", 1),
        ],
    ),
]

SIGNATURES = [
    Case(
        "of a thought",
        sse(chunk(thought("hm", thoughtSignature="S"))),
        [Reasoning("hm"), ReasoningSignature("S"), done("truncated")],
    ),
    Case(
        "of a text, after it",
        sse(chunk(text("a", thoughtSignature="S"))),
        [Token("a"), ReasoningSignature("S"), done("truncated")],
    ),
    Case(
        "of an empty text",
        sse(chunk(text("", thoughtSignature="S"))),
        [ReasoningSignature("S"), done("truncated")],
    ),
    Case(
        "of a part that is not modelled",
        sse(chunk({"executableCode": {}, "thoughtSignature": "S"})),
        [ReasoningSignature("S"), done("truncated")],
    ),
    Case(
        "of a call, before its end",
        sse(chunk(call(name="f", args={}), call(name="g", args={}, signature="S"))),
        [
            *whole_call(),
            ToolCallStart(1, "", "g"),
            ReasoningSignature("S", call_index=1),
            ToolCallArgs(1, "{}"),
            ToolCallEnd(1, "", "g", "{}", True),
            done("truncated"),
        ],
    ),
    Case(
        "of a call that is streamed, at its start or later",
        sse(
            chunk(call(name="f", more=True, signature="S")),
            chunk(call(piece("$.a", 1), more=True, signature="T")),
            chunk(call(signature="U")),
        ),
        [
            ToolCallStart(0, "", "f"),
            ReasoningSignature("S", call_index=0),
            ReasoningSignature("T", call_index=0),
            ReasoningSignature("U", call_index=0),
            ToolCallArgs(0, '{"a":1}'),
            ToolCallEnd(0, "", "f", '{"a":1}', True),
            done("truncated"),
        ],
    ),
    Case(
        "of a piece that belongs to no call",
        sse(chunk(call(signature="S"))),
        [ReasoningSignature("S"), done("truncated")],
    ),
]

WHOLE_CALLS = [
    Case(
        "complete at once, and its stop is a tool call",
        sse(chunk(call(name="f", args={"city": "Genève", "n": [1, 2.5, None]})), chunk(finish="STOP")),
        [*whole_call('{"city":"Genève","n":[1,2.5,null]}'), CALLED, done("complete", "tool_calls")],
    ),
    Case("with an id", sse(chunk(call(id="c1", name="f"))), [*whole_call(id="c1"), done("truncated")]),
    Case("missing arguments", sse(chunk(call(name="f"))), [*whole_call(), done("truncated")]),
    Case("null arguments", sse(chunk(call(name="f", args=None))), [*whole_call(), done("truncated")]),
    Case(
        "arguments that are no object",
        sse(chunk(call(name="f", args=["x"]))),
        [*whole_call('["x"]'), done("truncated")],
    ),
    Case(
        "two in one payload, which ends with them",
        sse(chunk(call(name="f", args={"a": 1}), call(name="f", args={"a": 2}), finish="STOP")),
        [*whole_call('{"a":1}'), *whole_call('{"a":2}', index=1), CALLED, done("complete", "tool_calls")],
    ),
    Case(
        "ended before what follows it",
        sse(chunk(call(name="f"), text("then"))),
        [*whole_call(), Token("then"), done("truncated")],
    ),
    Case(
        "a limit cuts the last call of its payload, not the one before",
        sse(chunk(call(name="f"), call(name="g"), finish="MAX_TOKENS")),
        [
            *whole_call(),
            *whole_call(index=1, name="g", complete=False),
            Finish("length", "MAX_TOKENS"),
            done("complete", "length"),
        ],
    ),
    Case(
        "a limit in a later payload cuts no call",
        sse(chunk(call(name="f")), chunk(finish="MAX_TOKENS")),
        [*whole_call(), Finish("length", "MAX_TOKENS"), done("complete", "length")],
    ),
    Case(
        "after the finish reason, which then means calls",
        sse(chunk(finish="STOP"), chunk(call(name="f"))),
        [STOP, *whole_call(), CALLED, done("complete", "tool_calls")],
    ),
    Case("nameless, with no call to go on with", sse(chunk(call(args={"a": 1}), call())), [done("truncated")]),
    Case(
        "nameless, after a whole call",
        sse(chunk(call(name="f")), chunk(call(piece("$.a", 1)))),
        [*whole_call(), done("truncated")],
    ),
    Case("whose willContinue is not true", sse(chunk(call(name="f", more=1))), [*whole_call(), done("truncated")]),
    Case(
        "with a number out of range, which no JSON can carry on",
        sse('{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"n":1e400}}}]}}]}'),
        [*whole_call('{"n":1e999}'), done("truncated")],
    ),
]

OPENED = chunk(call(name="f", more=True))
CLOSED = chunk(call())

STREAMED_CALLS = [
    Case(
        "a name, values by their paths, and an empty end",
        sse(
            OPENED,
            chunk(call(piece("$.location", "Bos", True), more=True)),
            chunk(call(piece("$.location", "ton"), piece("$.brightness", 50), more=True)),
            CLOSED,
            chunk(finish="STOP"),
        ),
        [*whole_call('{"location":"Boston","brightness":50}'), CALLED, done("complete", "tool_calls")],
    ),
    Case(
        "the end is missing: the last value does not go on",
        sse(OPENED, chunk(call(piece("$.a", 1), more=True)), chunk(call(piece("$.b", 2))), chunk(text("x"))),
        [*whole_call('{"a":1,"b":2}'), Token("x"), done("truncated")],
    ),
    Case(
        "opened and ended in one piece",
        sse(chunk(call(piece("$.a", 1), name="f"))),
        [*whole_call('{"a":1}'), done("truncated")],
    ),
    Case("without any argument", sse(OPENED, CLOSED), [*whole_call(), done("truncated")]),
    Case(
        "two, one after the other",
        sse(
            OPENED,
            chunk(call(piece("$.a", 1), more=True)),
            CLOSED,
            OPENED,
            chunk(call(piece("$.b", 2), more=True)),
            CLOSED,
        ),
        [*whole_call('{"a":1}'), *whole_call('{"b":2}', index=1), done("truncated")],
    ),
    Case(
        "another named call ends the open one, which was not whole",
        sse(OPENED, chunk(call(piece("$.a", "x", True), more=True)), chunk(call(name="g", args={"b": 2}))),
        [
            ToolCallStart(0, "", "f"),
            ToolCallArgs(0, '{"a":"x"}'),
            ToolCallEnd(0, "", "f", '{"a":"x"}', False),
            *whole_call('{"b":2}', index=1, name="g"),
            done("truncated"),
        ],
    ),
    Case(
        "the stream ends first",
        sse(OPENED, chunk(call(piece("$.a", "x", True), piece("$.b", True), more=True))),
        [*whole_call('{"a":"x","b":true}', complete=False), done("truncated")],
    ),
    Case(
        "C8: the stream ends first, with a finish reason",
        sse(OPENED, chunk(call(piece("$.a", "x"), more=True)), chunk(finish="STOP")),
        [
            ToolCallStart(0, "", "f"),
            CALLED,
            ToolCallArgs(0, '{"a":"x"}'),
            ToolCallEnd(0, "", "f", '{"a":"x"}', True),
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "a limit in the payload of its end",
        sse(OPENED, chunk(call(piece("$.a", 1)), finish="MAX_TOKENS")),
        [*whole_call('{"a":1}', complete=False), Finish("length", "MAX_TOKENS"), done("complete", "length")],
    ),
    Case(
        "a piece may be lost in malformed JSON",
        sse(OPENED, "{", chunk(call(piece("$.a", 1)))),
        [
            ToolCallStart(0, "", "f"),
            malformed("{"),
            ToolCallArgs(0, '{"a":1}'),
            ToolCallEnd(0, "", "f", '{"a":1}', False),
            done("truncated", None, 1),
        ],
    ),
    Case(
        "text between its pieces",
        sse(OPENED, chunk(text("x")), chunk(call(piece("$.a", 1)))),
        [
            ToolCallStart(0, "", "f"),
            Token("x"),
            ToolCallArgs(0, '{"a":1}'),
            ToolCallEnd(0, "", "f", '{"a":1}', True),
            done("truncated"),
        ],
    ),
    Case(
        "values are put into the arguments that its name came with",
        sse(chunk(call(name="f", args={"a": {"b": 1}}, more=True)), chunk(call(piece("$.a.c", 2)))),
        [*whole_call('{"a":{"b":1,"c":2}}'), done("truncated")],
    ),
    Case(
        "arguments that are no object do not count",
        sse(chunk(call(name="f", args="x", more=True)), CLOSED, chunk(call(piece("$.a", 1), name="f", args=[1]))),
        [*whole_call(), *whole_call('{"a":1}', index=1), done("truncated")],
    ),
    Case(
        "elements of partialArgs that are no objects",
        sse(OPENED, chunk(call(None, 5, "x", piece("$.a", 1)))),
        [*whole_call('{"a":1}'), done("truncated")],
    ),
    Case(
        "a name whose partialArgs hold no object is a whole call",
        sse(chunk(call(None, name="f", args={"a": 1})), chunk(call(piece("$.b", 2)))),
        [*whole_call('{"a":1}'), done("truncated")],
    ),
]

# Values in the order in which they come, and the arguments that they make.
VALUES: list[tuple[str, list[Any], str]] = [
    ("numbers", [piece("$.a", 1), piece("$.b", 0.5), piece("$.c", -2.0)], '{"a":1,"b":0.5,"c":-2.0}'),
    ("booleans", [piece("$.a", True), piece("$.b", False)], '{"a":true,"b":false}'),
    ("null", [{"jsonPath": "$.a", "nullValue": "NULL_VALUE"}], '{"a":null}'),
    ("text, not ASCII", [piece("$.a", "ü\u2028😀")], '{"a":"ü\u2028😀"}'),
    (
        "of two values one",
        [
            {"jsonPath": "$.a", "nullValue": None, "stringValue": "x"},
            {"jsonPath": "$.b", "boolValue": True, "numberValue": 1},
        ],
        '{"a":"x","b":1}',
    ),
    ("no value at all", [{"jsonPath": "$.a", "willContinue": True}], "{}"),
    ("keys in order of appearance", [piece("$.b", 1), piece("$.a", 2), piece("$.b", 3)], '{"b":3,"a":2}'),
    ("a string goes on", [piece("$.a", "x", True), piece("$.a", "y", True), piece("$.a", "z")], '{"a":"xyz"}'),
    ("a string that does not", [piece("$.a", "x"), piece("$.a", "y")], '{"a":"y"}'),
    ("a string that stopped going on", [piece("$.a", "x", True), piece("$.a", "y"), piece("$.a", "z")], '{"a":"z"}'),
    ("only true goes on", [piece("$.a", "x", 1), piece("$.a", "y")], '{"a":"y"}'),
    ("the end of a string may be empty", [piece("$.a", "x", True), piece("$.a", "")], '{"a":"x"}'),
    (
        "two strings in turn",
        [piece("$.a", "x", True), piece("$.b", "1", True), piece("$.a", "y")],
        '{"a":"xy","b":"1"}',
    ),
    ("a number ends a string", [piece("$.a", "x", True), piece("$.a", 5, True), piece("$.a", "y")], '{"a":"y"}'),
    ("objects", [piece("$.a.b.c", 1), piece("$.a.b.d", 2), piece("$.a.e", 3)], '{"a":{"b":{"c":1,"d":2},"e":3}}'),
    ("arrays", [piece("$.a[0]", "x"), piece("$.a[1]", "y"), piece("$.a[0]", "z")], '{"a":["z","y"]}'),
    (
        "objects in arrays",
        [piece("$.a[0].b", 1), piece("$.a[0].c", 2), piece("$.a[1].b", 3)],
        '{"a":[{"b":1,"c":2},{"b":3}]}',
    ),
    ("arrays in arrays", [piece("$.a[0][0]", 1), piece("$.a[0][1]", 2), piece("$.a[1][0]", 3)], '{"a":[[1,2],[3]]}'),
    ("elements that are left out are null", [piece("$.a[2]", 1), piece("$.a[0]", 0)], '{"a":[0,null,1]}'),
    ("a thousand of them", [piece("$.a[1000]", 1)], '{"a":[' + "null," * 1000 + "1]}"),
    (
        "a thousand of them, in all",
        [piece("$.a[500]", 1), piece("$.b[500]", 1)],
        '{"a":[%s1],"b":[%s1]}' % (("null," * 500,) * 2),
    ),
    ("a string in an array goes on", [piece("$.a[0]", "x", True), piece("$.a[0]", "y")], '{"a":["xy"]}'),
    ("single quotes", [piece("$['a b'].c", 1), piece("$['it's']['d.e']", 2)], '{"a b":{"c":1},"it\'s":{"d.e":2}}'),
    ("double quotes", [piece('$["a]"]["b"]', 1), piece("$['']", 2)], '{"a]":{"b":1},"":2}'),
    ("a line end in quotes", [piece("$['a\nb']", 1)], '{"a\\nb":1}'),
    ("one place under two spellings", [piece("$.a", "x", True), piece("$['a']", "y")], '{"a":"xy"}'),
    ("a value gives way to an object", [piece("$.a", "x", True), piece("$.a.b", 1)], '{"a":{"b":1}}'),
    ("an object gives way to a value", [piece("$.a.b", "x", True), piece("$.a", "y")], '{"a":"y"}'),
    ("null gives way to an object in an array", [piece("$.a[1]", 1), piece("$.a[0].b", 2)], '{"a":[{"b":2},1]}'),
    ("as deep as a path may lead", [piece("$" + ".a" * 100, 1)], '{"a":' * 100 + "1" + "}" * 100),
]

# Paths that lead nowhere; the value is lost, so the call may not be run.
NOWHERE: list[tuple[str, Any]] = [
    ("missing", None),
    ("a number", 5),
    ("a list", ["$.b"]),
    ("empty", ""),
    ("the root", "$"),
    ("no root", "b"),
    ("no root, but a dot", ".b"),
    ("another root", "@.b"),
    ("a dot without a name", "$.b."),
    ("two dots", "$..b"),
    ("an index that is none", "$.b[x]"),
    ("a wildcard", "$.b[*]"),
    ("a negative index", "$.b[-1]"),
    ("no index", "$.b[]"),
    ("a slice", "$.b[0:1]"),
    ("an unclosed bracket", "$.b[0"),
    ("an unclosed quote", "$['b]"),
    ("quotes that do not match", "$['b\"]"),
    ("an index into an object", "$[0]"),
    ("an index into an object further down", "$.o[0].b"),
    ("a name in an array", "$.l.b"),
    ("a name in an array further down", "$.l.b.c"),
    ("an index past what may be left out", "$.l[1002]"),
    ("a huge index", "$.l[999999999]"),
    ("a huge index on the way", "$.l[999999999].b"),
    ("an index beyond any number", "$.l[" + "9" * 5000 + "]"),
    ("digits of another script", "$.l[\u0661]"),
    ("deeper than a path may lead", "$" + ".o" * 101),
    ("far deeper", "$" + "[0]" * 200_000),
    ("a name without end", "$['" + "['" * 200_000),
]

WORDS = [
    ("STOP", "stop"),
    ("MAX_TOKENS", "length"),
    ("SAFETY", "content_filter"),
    ("RECITATION", "content_filter"),
    ("LANGUAGE", "content_filter"),
    ("BLOCKLIST", "content_filter"),
    ("PROHIBITED_CONTENT", "content_filter"),
    ("SPII", "content_filter"),
    ("IMAGE_SAFETY", "content_filter"),
    ("MALFORMED_FUNCTION_CALL", "error"),
    ("UNEXPECTED_TOOL_CALL", "error"),
    ("TOO_MANY_TOOL_CALLS", "other"),
    ("OTHER", "other"),
    ("FINISH_REASON_UNSPECIFIED", "other"),
]

ENDS = [
    Case(
        "repeated, it is said once",
        sse(chunk(text("a"), finish="STOP"), chunk(text("b"), finish="STOP")),
        [Token("a"), STOP, Token("b"), COMPLETE],
    ),
    Case(
        "another word is said again",
        sse(chunk(finish="STOP"), chunk(finish="MAX_TOKENS")),
        [STOP, Finish("length", "MAX_TOKENS"), done("complete", "length")],
    ),
    Case("an empty word is none", sse(chunk(text("a"), finish="")), [Token("a"), done("truncated")]),
    Case("text that is no string is none", sse(chunk(text(5), text(["a"]))), [done("truncated")]),
    Case("a word that is no string is none", sse(chunk(text("a"), finish=["STOP"])), [Token("a"), done("truncated")]),
    Case(
        "of another candidate, it is not the end",
        sse(chunk(text("a")), chunk(finish="STOP", index=1)),
        [Token("a"), done("truncated")],
    ),
    Case(
        "a blocked prompt, without candidates",
        sse({"promptFeedback": {"blockReason": "SAFETY", "safetyRatings": []}, **used(promptTokenCount=4)}),
        [
            Finish("content_filter", "SAFETY"),
            done("complete", "content_filter", prompt_tokens=4, raw={"promptTokenCount": 4}),
        ],
    ),
    Case(
        "a prompt that is blocked for a reason that is no common word",
        sse({"promptFeedback": {"blockReason": "OTHER"}}),
        [Finish("content_filter", "OTHER"), done("complete", "content_filter")],
    ),
    Case(
        "a blocked prompt outweighs the candidates of its payload",
        sse(chunk(text("a"), finish="STOP", promptFeedback={"blockReason": "IMAGE_SAFETY"})),
        [Token("a"), STOP, Finish("content_filter", "IMAGE_SAFETY"), done("complete", "content_filter")],
    ),
    Case(
        "feedback that blocks nothing",
        sse(
            {"promptFeedback": {"safetyRatings": []}}, {"promptFeedback": {"blockReason": ""}}, {"promptFeedback": "x"}
        ),
        [done("truncated")],
    ),
]


def counts(status: str = "truncated", **usage: Any) -> list[StreamEvent]:
    return [done(status, None, **usage)]


USAGE = [
    Case(
        "thoughts are added to the completion, tool prompts to the prompt",
        sse(
            used(
                promptTokenCount=427,
                candidatesTokenCount=122,
                thoughtsTokenCount=447,
                toolUsePromptTokenCount=771,
                cachedContentTokenCount=100,
                totalTokenCount=1767,
            )
        ),
        counts(
            prompt_tokens=1198,
            completion_tokens=569,
            cached_tokens=100,
            reasoning_tokens=447,
            total_tokens=1767,
            raw={
                "promptTokenCount": 427,
                "candidatesTokenCount": 122,
                "thoughtsTokenCount": 447,
                "toolUsePromptTokenCount": 771,
                "cachedContentTokenCount": 100,
                "totalTokenCount": 1767,
            },
        ),
    ),
    Case(
        "cumulative: the last count holds, nothing is summed over payloads",
        sse(
            chunk(text("a"), **used(promptTokenCount=8, thoughtsTokenCount=5, totalTokenCount=13)),
            chunk(
                text("b"), **used(promptTokenCount=8, candidatesTokenCount=2, thoughtsTokenCount=5, totalTokenCount=15)
            ),
            chunk(text("c"), **used(promptTokenCount=8, candidatesTokenCount=3, totalTokenCount=16, trafficType="X")),
        ),
        [
            Token("a"),
            Token("b"),
            Token("c"),
            done(
                "truncated",
                prompt_tokens=8,
                completion_tokens=8,
                reasoning_tokens=5,
                total_tokens=16,
                raw={
                    "promptTokenCount": 8,
                    "thoughtsTokenCount": 5,
                    "totalTokenCount": 16,
                    "candidatesTokenCount": 3,
                    "trafficType": "X",
                },
            ),
        ],
    ),
    Case(
        "cut while thinking: thoughts, and no count of candidates",
        sse(used(promptTokenCount=8, thoughtsTokenCount=5)),
        counts(
            prompt_tokens=8,
            completion_tokens=5,
            reasoning_tokens=5,
            raw={"promptTokenCount": 8, "thoughtsTokenCount": 5},
        ),
    ),
    Case(
        "the prompt of tools alone",
        sse(used(toolUsePromptTokenCount=7)),
        counts(prompt_tokens=7, raw={"toolUsePromptTokenCount": 7}),
    ),
    Case(
        "zeros do not undo what is known",
        sse(used(promptTokenCount=8), used(promptTokenCount=0, candidatesTokenCount=0)),
        counts(prompt_tokens=8, raw={"promptTokenCount": 8}),
    ),
    Case(
        "a total does not save zeros",
        sse(used(promptTokenCount=8), used(promptTokenCount=0, totalTokenCount=9)),
        counts(prompt_tokens=8, raw={"promptTokenCount": 8}),
    ),
    Case(
        "zeros count as long as nothing is known",
        sse(used(promptTokenCount=0, candidatesTokenCount=0, cachedContentTokenCount=0)),
        counts(
            prompt_tokens=0,
            completion_tokens=0,
            cached_tokens=0,
            raw={"promptTokenCount": 0, "candidatesTokenCount": 0, "cachedContentTokenCount": 0},
        ),
    ),
    Case(
        "whole floats are counts, booleans and strings are none",
        sse(used(promptTokenCount=8.0, candidatesTokenCount=True, thoughtsTokenCount="5")),
        counts(
            prompt_tokens=8,
            raw={"promptTokenCount": 8.0, "candidatesTokenCount": True, "thoughtsTokenCount": "5"},
        ),
    ),
    Case(
        "usage that is no object",
        sse(used(promptTokenCount=1), {"usageMetadata": [1]}),
        counts(prompt_tokens=1, raw={"promptTokenCount": 1}),
    ),
]

PAYLOAD_ERROR = '{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}'
OVERLOADED = Error("provider", "The model is overloaded.", 503, PAYLOAD_ERROR)

ERRORS = [
    Case(
        "a payload",
        sse(chunk(text("a")), PAYLOAD_ERROR),
        [Token("a"), OVERLOADED, done("error")],
    ),
    Case(
        "a payload that is a list",
        sse(chunk(text("a")), f"[{PAYLOAD_ERROR}]"),
        [Token("a"), Error("provider", "The model is overloaded.", 503, f"[{PAYLOAD_ERROR}]"), done("error")],
    ),
    Case(
        "after the finish reason",
        sse(chunk(text("a"), finish="STOP"), PAYLOAD_ERROR),
        [Token("a"), STOP, OVERLOADED, done("error", "stop")],
    ),
    Case(
        "before a proper end",
        sse(chunk(text("a")), PAYLOAD_ERROR, chunk(finish="STOP")),
        [Token("a"), OVERLOADED, STOP, COMPLETE],
    ),
    Case(
        "before an end that is no proper one",
        sse(chunk(text("a")), PAYLOAD_ERROR, chunk(finish="MALFORMED_FUNCTION_CALL")),
        [Token("a"), OVERLOADED, Finish("error", "MALFORMED_FUNCTION_CALL"), done("error", "error")],
    ),
    Case(
        "before a blocked prompt, which is a proper end",
        sse(chunk(), PAYLOAD_ERROR, {"promptFeedback": {"blockReason": "SAFETY"}}),
        [OVERLOADED, Finish("content_filter", "SAFETY"), done("complete", "content_filter")],
    ),
    Case(
        "beside text, which is read",
        sse('{"candidates":[{"content":{"parts":[{"text":"a"}]}}],"error":"boom"}'),
        [
            Token("a"),
            Error("provider", "boom", None, '{"candidates":[{"content":{"parts":[{"text":"a"}]}}],"error":"boom"}'),
            done("error"),
        ],
    ),
    Case(
        "in a shape of a gateway, where no candidate says anything",
        sse(chunk(text("a")), '{"success":false,"message":"no"}', '{"candidates":[{}],"error_message":"boom"}'),
        [
            Token("a"),
            Error("provider", "no", None, '{"success":false,"message":"no"}'),
            Error("provider", "boom", None, '{"candidates":[{}],"error_message":"boom"}'),
            done("error"),
        ],
    ),
    Case(
        "in a choice, where there are no candidates",
        sse(chunk(text("a")), '{"choices":[{"error":{"message":"boom","code":502}}]}'),
        [
            Token("a"),
            Error("provider", "boom", 502, '{"choices":[{"error":{"message":"boom","code":502}}]}'),
            done("error"),
        ],
    ),
    Case(
        "while a call is streamed",
        sse(OPENED, chunk(call(piece("$.a", 1), more=True)), PAYLOAD_ERROR),
        [
            ToolCallStart(0, "", "f"),
            OVERLOADED,
            ToolCallArgs(0, '{"a":1}'),
            ToolCallEnd(0, "", "f", '{"a":1}', False),
            done("error"),
        ],
    ),
]

PRINTED_ERROR = """{
  "error": {
    "code": 404,
    "message": "models/none is not found for API version v1beta.",
    "status": "NOT_FOUND"
  }
}
"""


def ground(*chunks: Any) -> dict[str, Any]:
    return about(groundingMetadata={"groundingChunks": list(chunks)})


WEB = {"web": {"uri": "https://a.example/", "title": "A"}}
STORED = {"retrievedContext": {"text": "Paris is the capital.", "fileSearchStore": "s"}}
PLACE = {"maps": {"uri": "https://m.example/", "title": "M", "text": "A place", "placeId": "p"}}
PAGE = {"retrievedUrl": "https://p.example/", "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_SUCCESS"}

SOURCES = [
    Case(
        "grounding: the web, stored documents, maps",
        sse(ground(WEB, STORED, PLACE)),
        [
            Citation("https://a.example/", "A", "", WEB),
            Citation("", "", "Paris is the capital.", STORED),
            Citation("https://m.example/", "M", "A place", PLACE),
            done("truncated"),
        ],
    ),
    Case(
        "grounding that grows from payload to payload",
        sse(ground(WEB), ground(WEB, PLACE)),
        [
            Citation("https://a.example/", "A", "", WEB),
            Citation("https://m.example/", "M", "A place", PLACE),
            done("truncated"),
        ],
    ),
    Case(
        "sources of recited text, by the Gemini API's name and by Vertex AI's",
        sse(
            about(citationMetadata={"citationSources": [{"uri": "u", "startIndex": 1, "endIndex": 2}]}),
            about(citationMetadata={"citations": [{"uri": "v", "title": "V"}]}),
        ),
        [
            Citation("u", raw={"uri": "u", "startIndex": 1, "endIndex": 2}),
            Citation("v", "V", raw={"uri": "v", "title": "V"}),
            done("truncated"),
        ],
    ),
    Case(
        "pages that were read, not those that could not be",
        sse(
            about(
                urlContextMetadata={
                    "urlMetadata": [
                        {"retrievedUrl": "https://q.example/", "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_ERROR"},
                        PAGE,
                    ]
                }
            )
        ),
        [Citation("https://p.example/", raw=PAGE), done("truncated")],
    ),
    Case(
        "after the text of their payload, before its end",
        sse(
            {
                "candidates": [
                    {"content": {"parts": [text("a")]}, "finishReason": "STOP", **ground(WEB)["candidates"][0]}
                ]
            }
        ),
        [Token("a"), Citation("https://a.example/", "A", "", WEB), STOP, COMPLETE],
    ),
    Case(
        "shapes that are none",
        sse(
            about(groundingMetadata={"webSearchQueries": ["q"]}, citationMetadata=[1], urlContextMetadata="x"),
            ground({"web": "x"}, {"other": {"uri": "u"}}, None, "x"),
            about(citationMetadata={"citationSources": {"uri": "u"}, "citations": ["x"]}),
        ),
        [done("truncated")],
    ),
]

LOGPROBS = [
    Case(
        "those of the chosen tokens",
        sse(
            about(
                content={"parts": [text("a")]},
                logprobsResult={"chosenCandidates": [{"token": "a", "logProbability": -0.5}], "topCandidates": []},
            ),
            about(logprobsResult={"topCandidates": []}),
            about(logprobsResult=[1]),
        ),
        [Token("a"), Logprobs([{"token": "a", "logProbability": -0.5}]), done("truncated")],
    )
]

CASES = PLAIN + SIGNATURES + WHOLE_CALLS + STREAMED_CALLS + ENDS + USAGE + ERRORS + SOURCES + LOGPROBS


def terminal_line(body: bytes) -> bytes:
    """The line whose payload makes the status complete."""
    stream = ChatStream("gemini")
    for line in body.split(b"\r\n"):
        stream.feed(line + b"\r\n\r\n")
        if copy.deepcopy(stream).close()[-1].status in ("complete", "error"):  # type: ignore[union-attr]
            return line
    return b"(none)"


@table(CASES)
def test_yields(case):
    check(case.body, case.events, "auto", "gemini")


@table(CASES)
def test_cut_short(case):
    check_cuts(case.body, terminal=re.escape(terminal_line(case.body)))


@table(CASES)
def test_agrees_with_the_reference(case):
    assert compare(summarize(case.body), fold(case.events, "gemini")) == []


@pytest.mark.parametrize(("word", "reason"), WORDS)
def test_finish_words(word, reason):
    check(
        sse(chunk(text("a"), finish=word)),
        [Token("a"), Finish(reason, word), done("error" if reason == "error" else "complete", reason)],
        "auto",
        "gemini",
    )


def test_done_waits_for_the_end_of_the_stream():
    stream = ChatStream()
    assert stream.feed(sse(chunk(text("a"), finish="STOP"), "[DONE]")) == [Token("a"), STOP]
    assert stream.feed(sse(used(promptTokenCount=1))) == []
    assert stream.close() == [done("complete", "stop", prompt_tokens=1, raw={"promptTokenCount": 1})]
    assert stream.close() == []
    assert stream.dialect == "gemini"


class TestPartialArguments:
    @staticmethod
    def body(partial_args: list[Any]) -> bytes:
        return sse(OPENED, *(chunk(call(partial, more=True)) for partial in partial_args), CLOSED)

    @pytest.mark.parametrize(("partial_args", "arguments"), [pytest.param(*row[1:], id=row[0]) for row in VALUES])
    def test_make_up_the_arguments(self, partial_args, arguments):
        check(self.body(partial_args), [*whole_call(arguments), done("truncated")], "auto", "gemini")
        in_one = sse(OPENED, chunk(call(*partial_args)))
        assert read(in_one) == [*whole_call(arguments), done("truncated")]

    @pytest.mark.parametrize(("partial_args", "arguments"), [pytest.param(*row[1:], id=row[0]) for row in VALUES])
    def test_end_with_the_stream(self, partial_args, arguments):
        body = self.body(partial_args).removesuffix(sse(CLOSED))
        assert read(body) == [*whole_call(arguments, complete=False), done("truncated")]

    @pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in NOWHERE])
    def test_a_value_whose_path_leads_nowhere_is_lost_and_the_call_not_complete(self, path):
        rest = [piece("$.o.p", 1), piece("$.l[0]", 2), piece(path, 3), piece("$.o.q", 4)]
        assert read(self.body(rest)) == [*whole_call('{"o":{"p":1,"q":4},"l":[2]}', complete=False), done("truncated")]

    def test_what_is_left_out_is_counted_over_the_whole_call(self):
        partial_args = [piece(f"$.l{at}[999]", at) for at in range(200)]
        (end,) = [event for event in read(self.body(partial_args)) if isinstance(event, ToolCallEnd)]
        assert json.loads(end.arguments) == {"l0": [None] * 999 + [0], **{f"l{at}": [] for at in range(1, 200)}}
        assert not end.complete

    def test_what_is_left_out_adds_up(self):
        partial_args = [piece(path, 1) for path in ("$.a[400]", "$.b[400]", "$.c[400]", "$.d[200]")]
        (end,) = [event for event in read(self.body(partial_args)) if isinstance(event, ToolCallEnd)]
        gap = [None] * 400
        assert json.loads(end.arguments) == {"a": [*gap, 1], "b": [*gap, 1], "c": [], "d": [*gap[:200], 1]}

    def test_what_was_left_out_and_came_later_is_not_counted_back(self):
        partial_args = [piece("$.l[1000]", 1), piece("$.l[0]", 0), piece("$.l[1000]", 1), piece("$.m[1]", 1)]
        (end,) = [event for event in read(self.body(partial_args)) if isinstance(event, ToolCallEnd)]
        assert json.loads(end.arguments) == {"l": [0, *[None] * 999, 1], "m": []}
        assert not end.complete

    def test_array_without_gaps_may_be_of_any_length(self):
        partial_args = [piece(f"$.l[{at}]", at) for at in range(3000)]
        (end,) = [event for event in read(self.body(partial_args)) if isinstance(event, ToolCallEnd)]
        assert json.loads(end.arguments) == {"l": list(range(3000))}
        assert end.complete

    def test_a_string_of_many_pieces_is_joined_once(self):
        stream = ChatStream()
        stream.feed(sse(OPENED))
        for _ in range(5000):
            stream.feed(sse(chunk(call(piece("$.a", "0123456789", True), more=True))))
        events = stream.feed(sse(CLOSED))
        assert events == whole_call(json.dumps({"a": "0123456789" * 5000}, separators=(",", ":")))[1:]

    def test_agree_with_the_reference(self):
        """Random values at random paths of a few names, kinds and spellings."""
        for seed in range(400):
            generator = random.Random(seed)
            payloads = []
            for _ in range(generator.randint(1, 12)):
                steps = "".join(
                    generator.choice((".a", ".b", "[0]", "[1]", "['c']")) for _ in range(generator.randint(0, 2))
                )
                path = generator.choice(("$.a", "$.b", "$.c")) + steps.replace("['c']", ".c")
                value = generator.choice(("x", "yz", "", 1, 0.5, True, None))
                partial = piece(path, value, generator.choice((True, False, None)))
                payloads.append(chunk(call(partial, more=generator.random() < 0.9)))
                if generator.random() < 0.2:
                    payloads.append(generator.choice((OPENED, CLOSED, chunk(call(name="g", args={"a": 1})))))
            body = sse(OPENED, *payloads)
            assert compare(summarize(body), fold(read(body), "gemini")) == [], seed

    def test_no_raw_event_changes_afterwards(self):
        stream = ChatStream(raw=True)
        first = stream.feed(sse(chunk(call(name="f", args={"a": {"b": [1]}}, more=True))))
        stream.feed(sse(chunk(call(piece("$.a.b[0]", 2)))))
        assert first[0] == Raw(chunk(call(name="f", args={"a": {"b": [1]}}, more=True)))

    @pytest.mark.parametrize(
        "copied", [lambda it: pickle.loads(pickle.dumps(it)), copy.deepcopy], ids=["pickle", "deepcopy"]
    )
    def test_a_stream_may_be_copied_within_a_call(self, copied):
        body = self.body([piece("$.a[0].b", "x", True), piece("$.a[0].b", "y"), piece("$.c", 1)])
        whole = read(body)
        for at in range(0, len(body), 7):
            stream = ChatStream()
            before = stream.feed(body[:at])
            twin = copied(stream)
            assert before + stream.feed(body[at:]) + stream.close() == whole
            assert before + twin.feed(body[at:]) + twin.close() == whole


class TestErrorsThatAreNotFramed:
    @pytest.mark.parametrize("body", [PRINTED_ERROR, f"[{PRINTED_ERROR}]\n", PRINTED_ERROR.replace("\n", "\r\n")])
    def test_say_what_the_provider_says(self, body):
        message = "models/none is not found for API version v1beta."
        for dialect in ("auto", "gemini"):
            assert read(body.encode(), dialect) == [Error("not_sse", message, 404, body), done("error")]


class TestChoices:
    BODY = sse(
        chunk(text("no"), index=1),
        {
            "candidates": [
                {"index": 1, "content": {"parts": [call(name="g", more=True, signature="T")]}},
                {"index": 0, "content": {"parts": [text("a"), call(name="f", more=True)]}},
            ]
        },
        chunk(thought("hm"), call(piece("$.b", 2)), finish="STOP", index=1),
        chunk(call(piece("$.a", 1)), index=0, finish="STOP"),
    )

    def test_first_is_that_of_index_0_wherever_it_stands(self):
        check(self.BODY, [Token("a"), *whole_call('{"a":1}'), CALLED, done("complete", "tool_calls")], "auto", "gemini")

    def test_all_with_a_call_being_streamed_in_each(self):
        check(
            self.BODY,
            [
                Token("no", 1),
                ToolCallStart(0, "", "g", 1),
                ReasoningSignature("T", call_index=0, choice=1),
                Token("a"),
                ToolCallStart(0, "", "f"),
                Reasoning("hm", 1),
                ToolCallArgs(0, '{"b":2}', 1),
                ToolCallEnd(0, "", "g", '{"b":2}', True, 1),
                Finish("tool_calls", "STOP", 1),
                ToolCallArgs(0, '{"a":1}'),
                ToolCallEnd(0, "", "f", '{"a":1}', True),
                CALLED,
                done("complete", "tool_calls"),
            ],
            "auto",
            "gemini",
            choices="all",
        )

    def test_candidates_that_are_no_objects_cost_their_place_only(self):
        body = sse({"candidates": [5, None, {"content": {"parts": [text("a")]}}]})
        assert read(body) == [Token("a"), done("truncated")]

    def test_the_end_of_another_candidate_completes_nothing(self):
        body = sse(chunk(text("a"), index=1, finish="STOP"))
        assert read(body, choices="all") == [Token("a", 1), Finish("stop", "STOP", 1), done("truncated")]


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
GOOD: Any = {
    "responseId": "r",
    "modelVersion": "m",
    "candidates": [
        {
            "index": 0,
            "content": {
                "role": "model",
                "parts": [
                    {"text": "thinking", "thought": True},
                    {"text": "said", "thoughtSignature": "S"},
                    {"functionCall": {"id": "c", "name": "f", "args": {"k": 1}}, "thoughtSignature": "T"},
                    {"functionCall": {"name": "g", "partialArgs": [{"jsonPath": "$.p", "numberValue": 1}]}},
                ],
            },
            "groundingMetadata": {"groundingChunks": [{"web": {"uri": "u", "title": "t"}}]},
            "citationMetadata": {"citationSources": [{"uri": "v"}]},
            "urlContextMetadata": {"urlMetadata": [PAGE]},
            "logprobsResult": {"chosenCandidates": [{"token": "t"}]},
            "finishReason": "STOP",
        }
    ],
    "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 2, "totalTokenCount": 3},
    "promptFeedback": {"blockReason": "SAFETY"},
}
PARTS = ("candidates", 0, "content", "parts")
# What it says, and the places from which: a fault on the way there, or within, may take it away.
ORIGINS: list[tuple[Any, ...]] = [
    (Start("r", "m"), ("responseId",), ("modelVersion",)),
    (Reasoning("thinking"), (*PARTS, 0)),
    (Token("said"), (*PARTS, 1, "text"), (*PARTS, 1, "thought")),
    (ReasoningSignature("S"), (*PARTS, 1, "thoughtSignature")),
    (ReasoningSignature("T", call_index=0), (*PARTS, 2)),
    (("f", '{"k":1}'), (*PARTS, 2)),
    (("g", '{"p":1}'), (*PARTS, 3)),
    (Citation("u", "t", raw={"web": {"uri": "u", "title": "t"}}), ("candidates", 0, "groundingMetadata")),
    (Citation("v", raw={"uri": "v"}), ("candidates", 0, "citationMetadata")),
    (Citation("https://p.example/", raw=PAGE), ("candidates", 0, "urlContextMetadata")),
    (Logprobs([{"token": "t"}]), ("candidates", 0, "logprobsResult")),
    (Finish("tool_calls", "STOP"), ("candidates", 0, "finishReason"), (*PARTS, 2), (*PARTS, 3)),
    (Finish("content_filter", "SAFETY"), ("promptFeedback",)),
    (Token("after"),),
]


def facts(events: list[StreamEvent]) -> list[Any]:
    """The events, but of a call its name and arguments: its index changes when the one before it is lost."""
    return [(event.name, event.arguments) if isinstance(event, ToolCallEnd) else event for event in events]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(value[key], (*path, key))


def with_wrong(path: tuple[Any, ...], wrong: Any) -> Any:
    value = copy.deepcopy(GOOD)
    holder = value
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = wrong
    return value


class TestWrongShapes:
    """A wrong shape loses only its own field."""

    def test_of_none(self):
        said = facts(read(sse(GOOD, chunk(text("after")))))
        assert all(fact in said for fact, *_ in ORIGINS)

    # Not of the index: that makes it another candidate.
    @pytest.mark.parametrize("path", [path for path in places(GOOD) if path[-1] != "index"], ids=str)
    def test_of_one(self, path):
        for wrong in WRONG:
            events = read(sse(with_wrong(path, wrong), chunk(text("after"))))
            # Every field is of its type: what is wrong was not passed on.
            assert msgspec.convert(msgspec.to_builtins(events), list[StreamEvent]) == events
            said = facts(events)
            for fact, *origins in ORIGINS:
                hurt = any(path[: len(origin)] == origin or origin[: len(path)] == path for origin in origins)
                assert hurt or fact in said, (wrong, fact)

    def test_of_the_usage(self):
        for name in ("promptTokenCount", "candidatesTokenCount"):
            for wrong in (None, True, "5", [5], {"n": 5}, 1.5, -0.5):
                usage = read(sse(with_wrong(("usageMetadata", name), wrong)))[-1].usage  # type: ignore[union-attr]
                assert usage.prompt_tokens == (None if name == "promptTokenCount" else 1)
                assert usage.completion_tokens == (None if name == "candidatesTokenCount" else 2)


class TestAssistantTurn:
    def test_yields_the_same_message_again(self):
        parts = [thought("hm", thoughtSignature="S"), text("Hi"), call(name="f", args={"a": 1}, id="c", signature="T")]
        message = collect(read(sse(*(chunk(part) for part in parts))))
        again = collect(read(sse({"candidates": [{"content": assistant_turn(message)}]})))
        assert again == message

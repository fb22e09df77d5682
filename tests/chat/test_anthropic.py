"""Anthropic's Messages: a case for every block, delta, count and end that was recorded."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sse_events.chat import (
    ChatStream,
    Citation,
    Error,
    Finish,
    Raw,
    Reasoning,
    ReasoningSignature,
    Start,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
)
from tests.chat.cases import Case, check, check_cuts, done, ended_with, read, sse, table, text_of
from tests.chat.mutations import places
from tests.chat.reference import summarize
from tests.chat.summary import check_order, compare, fold

STOP = {"type": "message_stop"}
PING = {"type": "ping"}
MALFORMED = "{not json"
OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


def starts(**usage: Any) -> dict[str, Any]:
    message: dict[str, Any] = {"id": "m1", "model": "c1", "role": "assistant", "content": [], "stop_reason": None}
    return {"type": "message_start", "message": message | ({"usage": usage} if usage else {})}


def opens(kind: str, index: Any = 0, **members: Any) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": {"type": kind, **members}}


def says(kind: str, index: Any = 0, **members: Any) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, **members}}


def text(words: Any, index: Any = 0) -> dict[str, Any]:
    return says("text_delta", index, text=words)


def json_of(fragment: Any, index: Any = 0) -> dict[str, Any]:
    return says("input_json_delta", index, partial_json=fragment)


def closes(index: Any = 0) -> dict[str, Any]:
    return {"type": "content_block_stop", "index": index}


def ends(word: Any, **usage: Any) -> dict[str, Any]:
    return {
        "type": "message_delta",
        "delta": {"stop_reason": word, "stop_sequence": None},
        **({"usage": usage} if usage else {}),
    }


def tool(index: Any = 0, id: Any = "a", name: Any = "f", **members: Any) -> dict[str, Any]:
    return opens("tool_use", index, id=id, name=name, **members)


def whole_call(arguments: str = "{}", index: int = 0, id: str = "a", name: str = "f") -> list[Any]:
    """The payloads of one call, from its start to its stop."""
    return [tool(index, id, name, input={}), json_of(arguments, index), closes(index)]


def begun(arguments: str = "{}", index: int = 0, id: str = "a", name: str = "f") -> list[StreamEvent]:
    return [ToolCallStart(index, id, name), *([ToolCallArgs(index, arguments)] if arguments else [])]


def ended(
    arguments: str = "{}", index: int = 0, id: str = "a", name: str = "f", *, complete: bool = True
) -> ToolCallEnd:
    return ToolCallEnd(index, id, name, arguments, complete)


def named(*payloads: Any) -> bytes:
    """As `sse`, but with the type on an `event:` line too, as Anthropic sends it."""
    return b"".join(sse(payload, event=payload["type"]) for payload in payloads)


START = Start("m1", "c1")
END_TURN = Finish("stop", "end_turn")
TOOL_USE = Finish("tool_calls", "tool_use")


TEXT = [
    Case(
        "a whole answer with its event lines and pings",
        named(
            starts(input_tokens=3, output_tokens=1),
            opens("text", text=""),
            PING,
            text("Hel"),
            text("lo"),
            closes(),
            ends("end_turn", output_tokens=2),
            STOP,
        ),
        [
            START,
            Token("Hel"),
            Token("lo"),
            END_TURN,
            done(
                "complete",
                "stop",
                prompt_tokens=3,
                completion_tokens=2,
                raw={"input_tokens": 3, "output_tokens": 2},
            ),
        ],
    ),
    Case(
        "without event lines",
        sse(starts(), text("a"), ends("stop_sequence"), STOP),
        [START, Token("a"), Finish("stop", "stop_sequence"), done("complete", "stop")],
    ),
    Case(
        "text that the start of a block carries already counts",
        sse(starts(), opens("text", text="Hel"), text("lo"), STOP),
        [START, Token("Hel"), Token("lo"), done("complete")],
    ),
    Case(
        "empty text makes no token",
        sse(opens("text", text=""), text(""), text("a"), STOP),
        [Token("a"), done("complete")],
    ),
    Case(
        "the start has no name until one is known",
        sse({"type": "message_start", "message": {"id": "", "usage": {}}}, {**starts()}, STOP),
        [START, done("complete")],
    ),
    Case(
        "only a delta of the type text is text",
        sse(says("text", text="a"), says("thinking_delta", text="b"), says("text_delta", thinking="c"), STOP),
        [done("complete")],
    ),
    Case(
        "what the start of a message holds already is not read",
        sse(
            {
                "type": "message_start",
                "message": {"id": "m1", "model": "c1", "content": [{"type": "text", "text": "a"}]},
            },
            STOP,
        ),
        [START, done("complete")],
    ),
]

REASONING = [
    Case(
        "thinking then its signature",
        sse(
            opens("thinking", thinking="", signature=""),
            says("thinking_delta", thinking="Hm"),
            says("thinking_delta", thinking="m."),
            says("signature_delta", signature="S1"),
            closes(),
            opens("text", 1, text=""),
            text("Yes", 1),
            STOP,
        ),
        [Reasoning("Hm"), Reasoning("m."), ReasoningSignature("S1"), Token("Yes"), done("complete")],
    ),
    Case(
        "thinking that is omitted leaves its signature",
        sse(opens("thinking", thinking=""), says("signature_delta", signature="S1"), closes(), STOP),
        [ReasoningSignature("S1"), done("complete")],
    ),
    Case(
        "thinking and signature that the start of a block carries already count",
        sse(opens("thinking", thinking="Hm", signature="S1"), closes(), STOP),
        [Reasoning("Hm"), ReasoningSignature("S1"), done("complete")],
    ),
    Case(
        "redacted thinking comes with the start of its block",
        sse(opens("redacted_thinking", data="X1"), closes(), opens("redacted_thinking", 1, data="X2"), STOP),
        [ReasoningSignature("X1", redacted=True), ReasoningSignature("X2", redacted=True), done("complete")],
    ),
    Case(
        "compaction is no text",
        sse(opens("compaction", content=None), says("compaction_delta", content="a"), closes(), text("b", 1), STOP),
        [Token("b"), done("complete")],
    ),
    Case(
        "a fallback to another model is no text",
        sse(opens("fallback", **{"from": {"model": "c1"}, "to": {"model": "c2"}}), closes(), text("b", 1), STOP),
        [Token("b"), done("complete")],
    ),
]

TOOLS = [
    Case(
        "two calls, the first fragment empty",
        sse(
            tool(0, input={}),
            json_of(""),
            json_of('{"x":'),
            json_of("1}"),
            closes(0),
            tool(1, "b", "g", input={}),
            json_of("[]", 1),
            closes(1),
            ends("tool_use"),
            STOP,
        ),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, '{"x":'),
            ToolCallArgs(0, "1}"),
            ended('{"x":1}'),
            *begun("[]", 1, "b", "g"),
            ended("[]", 1, "b", "g"),
            TOOL_USE,
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "a call after text counts from zero",
        sse(
            opens("text"), text("a"), closes(), *whole_call(index=1)[:1], json_of("{}", 1), closes(1), ends("tool_use")
        ),
        [Token("a"), *begun(), ended(), TOOL_USE, done("finished", "tool_calls")],
    ),
    Case(
        "no fragments but an empty input",
        sse(tool(input={}), closes(), ends("tool_use"), STOP),
        [*begun(), ended(), TOOL_USE, done("complete", "tool_calls")],
    ),
    Case(
        "empty fragments only",
        sse(tool(input={}), json_of(""), json_of(""), closes(), ends("tool_use"), STOP),
        [*begun(), ended(), TOOL_USE, done("complete", "tool_calls")],
    ),
    Case(
        "an input that comes whole",
        sse(tool(input={"città": "Zürich", "n": [1, 2]}), closes(), ends("tool_use"), STOP),
        [
            *begun('{"città":"Zürich","n":[1,2]}'),
            ended('{"città":"Zürich","n":[1,2]}'),
            TOOL_USE,
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "an input that is null or missing",
        sse(tool(0, input=None), closes(), tool(1, "b"), closes(1), ends("tool_use"), STOP),
        [*begun(), ended(), *begun("{}", 1, "b"), ended("{}", 1, "b"), TOOL_USE, done("complete", "tool_calls")],
    ),
    Case(
        "fragments stand in place of the input",
        sse(tool(input={"x": 1}), json_of('{"x":2}'), closes(), ends("tool_use"), STOP),
        [*begun('{"x":2}'), ended('{"x":2}'), TOOL_USE, done("complete", "tool_calls")],
    ),
    Case(
        "no arguments at all without a stop",
        sse(tool(input={"x": 1})),
        [*begun(""), ended("", complete=False), done("truncated")],
    ),
    Case(
        "fragments go to the block of their index",
        sse(
            tool(3),
            tool(7, "b", "g"),
            json_of("[1", 3),
            json_of("[2", 7),
            json_of("]", 3),
            json_of("]", 7),
            closes(7),
            closes(3),
            ends("tool_use"),
        ),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallStart(1, "b", "g"),
            ToolCallArgs(0, "[1"),
            ToolCallArgs(1, "[2"),
            ToolCallArgs(0, "]"),
            ToolCallArgs(1, "]"),
            ended("[1]"),
            ended("[2]", 1, "b", "g"),
            TOOL_USE,
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "fragments for no call are ignored",
        sse(json_of("{}", 5), *whole_call(), json_of("{}"), json_of("{}", 5), ends("tool_use")),
        [*begun(), ended(), TOOL_USE, done("finished", "tool_calls")],
    ),
    Case(
        "an index that is missing or a whole float",
        sse(
            tool(None),
            json_of("{}", None),
            closes(None),
            tool(1.0, "b"),
            json_of("{}", 1),
            closes(1.0),
            ends("tool_use"),
        ),
        [*begun(), ended(), *begun("{}", 1, "b"), ended("{}", 1, "b"), TOOL_USE, done("finished", "tool_calls")],
    ),
    Case(
        "C11: a call without a name is held back until its end, and never complete",
        sse(tool(id=None, name=None), json_of("{}"), text("a", 1), closes(), ends("tool_use"), STOP),
        [
            Token("a"),
            *begun("{}", 0, "", ""),
            ended("{}", 0, "", "", complete=False),
            TOOL_USE,
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "server tools and their results are no calls",
        sse(
            opens("server_tool_use", id="s", name="web_search", input={}),
            json_of('{"query":"x"}'),
            closes(),
            opens("web_search_tool_result", 1, tool_use_id="s", content=[{"type": "web_search_result", "url": "u"}]),
            closes(1),
            opens("mcp_tool_use", 2, id="s", name="g", server_name="n", input={}),
            json_of("{}", 2),
            closes(2),
            opens("mcp_tool_result", 3, tool_use_id="s", content=[{"type": "text", "text": "t"}]),
            closes(3),
            text("a", 4),
            ends("end_turn"),
            STOP,
        ),
        [Token("a"), END_TURN, done("complete", "stop")],
    ),
    Case(
        "end_turn with a call is tool_calls",
        sse(*whole_call(), ends("end_turn"), STOP),
        [*begun(), ended(), Finish("tool_calls", "end_turn"), done("complete", "tool_calls")],
    ),
]


COMPLETE = [
    *(
        Case(
            f"a call before {word} is {'complete' if complete else 'cut'}",
            sse(*whole_call(), ends(word), STOP),
            [*begun(), ended(complete=complete), Finish(reason, word), ended_with(reason)],  # type: ignore[arg-type]
        )
        for word, reason, complete in (
            ("tool_use", "tool_calls", True),
            ("pause_turn", "other", True),
            ("compaction", "other", True),
            ("max_tokens", "length", False),
            ("model_context_window_exceeded", "length", False),
            ("refusal", "content_filter", False),
            ("error", "error", False),
        )
    ),
    Case(
        "another block says that a call is whole, whatever cuts the message later",
        sse(*whole_call(), opens("text", 1), text("a", 1), ends("max_tokens")),
        [*begun(), ended(), Token("a"), Finish("length", "max_tokens"), done("finished", "length")],
    ),
    Case(
        "so does a block of a server tool",
        sse(*whole_call(), opens("server_tool_use", 1)),
        [*begun(), ended(), done("truncated")],
    ),
    Case(
        "and one of a wrong shape",
        sse(*whole_call(), {"type": "content_block_start", "index": 1, "content_block": None}),
        [*begun(), ended(), done("truncated")],
    ),
    Case(
        "but not the boundary of a fallback, as the first model declined",
        sse(*whole_call(), opens("fallback", 1), closes(1), opens("text", 2), text("a", 2), ends("end_turn")),
        [
            *begun(),
            ended(complete=False),
            Token("a"),
            Finish("tool_calls", "end_turn"),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "a closed call at the end of a broken stream is cut",
        sse(*whole_call()),
        [*begun(), ended(complete=False), done("truncated")],
    ),
    Case(
        "a ping and a message_delta without a stop reason decide nothing",
        sse(*whole_call(), PING, ends(None), ends(""), {"type": "message_delta"}, ends("tool_use"), STOP),
        [*begun(), ended(), TOOL_USE, done("complete", "tool_calls")],
    ),
    Case(
        "message_stop without a stop reason does not say that a call is whole",
        sse(*whole_call(), STOP),
        [*begun(), ended(complete=False), done("complete")],
    ),
    Case(
        "C8: a call that is open at message_stop is whole",
        sse(*whole_call()[:2], ends("tool_use"), STOP),
        [*begun(), TOOL_USE, ended(), done("complete", "tool_calls")],
    ),
    Case(
        "C8: not if a limit cut it",
        sse(*whole_call()[:2], ends("max_tokens"), STOP),
        [*begun(), Finish("length", "max_tokens"), ended(complete=False), done("complete", "length")],
    ),
    Case(
        "C8: not without message_stop",
        sse(*whole_call()[:2], ends("tool_use")),
        [*begun(), TOOL_USE, ended(complete=False), done("finished", "tool_calls")],
    ),
    Case(
        "C8: not if it was to begin with its arguments",
        sse(tool(input={"x": 1}), ends("tool_use"), STOP),
        [ToolCallStart(0, "a", "f"), TOOL_USE, ended("", complete=False), done("complete", "tool_calls")],
    ),
    Case(
        "a stop after the stop reason changes nothing",
        sse(*whole_call()[:2], ends("tool_use"), closes(), STOP),
        [*begun(), TOOL_USE, ended(), done("complete", "tool_calls")],
    ),
    Case(
        "the stop of another block closes nothing",
        sse(*whole_call()[:2], closes(1), ends("tool_use")),
        [*begun(), TOOL_USE, ended(complete=False), done("finished", "tool_calls")],
    ),
    Case(
        "arguments that are no JSON",
        sse(*whole_call('{"x":'), ends("tool_use"), STOP),
        [*begun('{"x":'), ended('{"x":', complete=False), TOOL_USE, done("complete", "tool_calls")],
    ),
]

SPLICED = [
    Case(
        "a second message_start resets nothing",
        sse(starts(input_tokens=10), starts(input_tokens=99), opens("text"), text("a"), starts(), text("b"), STOP),
        [START, Token("a"), Token("b"), done("complete", prompt_tokens=99, raw={"input_tokens": 99})],
    ),
    Case(
        "a call that is open goes on after it",
        sse(tool(), json_of("["), starts(), json_of("]"), closes(), ends("tool_use"), STOP),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "["),
            START,
            ToolCallArgs(0, "]"),
            ended("[]"),
            TOOL_USE,
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "a call that was closed before it is whole if another block follows",
        sse(*whole_call(), starts(), opens("text"), text("a"), ends("end_turn"), STOP),
        [
            *begun(),
            START,
            ended(),
            Token("a"),
            Finish("tool_calls", "end_turn"),
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "a call that is open keeps what it has when its index is used again",
        sse(starts(), tool(), json_of("{}"), starts(), *whole_call("[]", 0, "b", "g"), ends("tool_use"), STOP),
        [
            START,
            *begun(),
            *begun("[]", 1, "b", "g"),
            ended("[]", 1, "b", "g"),
            TOOL_USE,
            ended(),
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "a text block at the index of a call that is open takes it over",
        sse(tool(), json_of("{}"), starts(), opens("text"), json_of("x"), text("a"), closes(), ends("tool_use")),
        [*begun(), START, Token("a"), TOOL_USE, ended(complete=False), done("finished", "tool_calls")],
    ),
]


def cites(citation: Any) -> dict[str, Any]:
    return says("citations_delta", citation=citation)


WEB = {"type": "web_search_result_location", "url": "u", "title": "t", "cited_text": "c", "encrypted_index": "E"}
SEARCH = {"type": "search_result_location", "source": "s", "title": "t", "cited_text": "c", "search_result_index": 0}
CHARS = {"type": "char_location", "document_title": "d", "cited_text": "c", "start_char_index": 0, "document_index": 0}
PAGES = {"type": "page_location", "document_title": None, "cited_text": "c", "start_page_number": 1}

CITATIONS = [
    Case("a citation of the web", sse(cites(WEB), STOP), [Citation("u", "t", "c", WEB), done("complete")]),
    Case("of a search result", sse(cites(SEARCH), STOP), [Citation("s", "t", "c", SEARCH), done("complete")]),
    Case("of a document", sse(cites(CHARS), STOP), [Citation("", "d", "c", CHARS), done("complete")]),
    Case("of a document without a title", sse(cites(PAGES), STOP), [Citation("", "", "c", PAGES), done("complete")]),
    Case(
        "that the start of a block carries already",
        sse(opens("text", text="a", citations=[WEB, None, "x", CHARS]), STOP),
        [Token("a"), Citation("u", "t", "c", WEB), Citation("", "d", "c", CHARS), done("complete")],
    ),
    Case(
        "the same passage of the same address once, another passage again",
        sse(cites(WEB), cites(WEB), cites({**WEB, "cited_text": "d"}), STOP),
        [Citation("u", "t", "c", WEB), Citation("u", "t", "d", {**WEB, "cited_text": "d"}), done("complete")],
    ),
    Case("another delta", sse(says("citation", citation=WEB), STOP), [done("complete")]),
    Case(
        "no citation",
        sse(cites(None), cites([WEB]), cites("u"), opens("text", citations="x"), STOP),
        [done("complete")],
    ),
]


def counts(*payloads: Any, raw: dict[str, Any], **usage: Any) -> tuple[bytes, list[StreamEvent]]:
    return sse(*payloads, STOP), [START, done("complete", **usage, raw=raw)]


CACHE = {"cache_read_input_tokens": 5, "cache_creation_input_tokens": 2}

USAGE = [
    Case(
        "the prompt includes what was read from the cache and written to it",
        *counts(
            starts(input_tokens=10, output_tokens=1, **CACHE),
            raw={"input_tokens": 10, "output_tokens": 1, **CACHE},
            prompt_tokens=17,
            completion_tokens=1,
            cached_tokens=5,
            cache_write_tokens=2,
        ),
    ),
    Case(
        "counts are cumulative, so each overwrites the one before",
        *counts(
            starts(input_tokens=10, output_tokens=1, **CACHE),
            ends(None, input_tokens=20, output_tokens=9, cache_read_input_tokens=0),
            ends(None, output_tokens=12),
            raw={
                "input_tokens": 20,
                "output_tokens": 12,
                "cache_read_input_tokens": 0,
                "cache_creation_input_tokens": 2,
            },
            prompt_tokens=22,
            completion_tokens=12,
            cached_tokens=0,
            cache_write_tokens=2,
        ),
    ),
    Case(
        "no prompt without input_tokens",
        *counts(
            starts(**CACHE, output_tokens=3),
            raw={**CACHE, "output_tokens": 3},
            completion_tokens=3,
            cached_tokens=5,
            cache_write_tokens=2,
        ),
    ),
    Case(
        "no cache is no cached tokens",
        *counts(
            starts(input_tokens=10, cache_read_input_tokens=None, cache_creation={"ephemeral_5m_input_tokens": 3}),
            raw={
                "input_tokens": 10,
                "cache_read_input_tokens": None,
                "cache_creation": {"ephemeral_5m_input_tokens": 3},
            },
            prompt_tokens=10,
        ),
    ),
    Case(
        "zeros do not overwrite",
        *counts(
            starts(input_tokens=10, output_tokens=1),
            ends(None, input_tokens=0, output_tokens=0),
            raw={"input_tokens": 10, "output_tokens": 1},
            prompt_tokens=10,
            completion_tokens=1,
        ),
    ),
    Case(
        "thinking tokens, and the iterations of a fallback, which are not added up",
        *counts(
            starts(input_tokens=28),
            ends(
                None,
                input_tokens=28,
                output_tokens=106,
                output_tokens_details={"thinking_tokens": 67},
                iterations=[{"input_tokens": 28, "output_tokens": 50}],
            ),
            raw={
                "input_tokens": 28,
                "output_tokens": 106,
                "output_tokens_details": {"thinking_tokens": 67},
                "iterations": [{"input_tokens": 28, "output_tokens": 50}],
            },
            prompt_tokens=28,
            completion_tokens=106,
            reasoning_tokens=67,
        ),
    ),
    Case(
        "a count is a whole number",
        *counts(
            starts(input_tokens=4.0, output_tokens=True, cache_read_input_tokens=1.5),
            raw={"input_tokens": 4.0, "output_tokens": True, "cache_read_input_tokens": 1.5},
            prompt_tokens=4,
        ),
    ),
    Case(
        "usage on any event",
        *counts(
            starts(),
            {**text(""), "usage": {"input_tokens": 1}},
            {**STOP, "usage": {"output_tokens": 2}},
            raw={"input_tokens": 1, "output_tokens": 2},
            prompt_tokens=1,
            completion_tokens=2,
        ),
    ),
    Case(
        "of two in one event the outer one wins",
        *counts(
            {**starts(input_tokens=1, output_tokens=1), "usage": {"input_tokens": 2}},
            raw={"input_tokens": 2, "output_tokens": 1},
            prompt_tokens=2,
            completion_tokens=1,
        ),
    ),
]


def error(message: str, payload: Any, code: Any = None) -> Error:
    return Error("provider", message, code, text_of(payload))


ENDS = [
    Case(
        "a stop reason and then the end",
        sse(ends("max_tokens")),
        [Finish("length", "max_tokens"), done("finished", "length")],
    ),
    Case("neither", sse(starts(), text("a"), closes()), [START, Token("a"), done("truncated")]),
    Case(
        "nothing after message_stop is read",
        sse(STOP, text("a"), ends("end_turn"), "[DONE]", OVERLOADED),
        [done("complete")],
    ),
    Case(
        "OpenRouter's sentinel after message_stop",
        named(starts(), ends("end_turn"), STOP) + sse("[DONE]", event="data"),
        [START, END_TURN, done("complete", "stop")],
    ),
    Case(
        "the sentinel ends nothing",
        sse(text("a"), "[DONE]", text("b"), STOP),
        [Token("a"), Token("b"), done("complete")],
    ),
    Case("the last event lacks its blank line", sse(text("a"), STOP)[:-1], [Token("a"), done("complete")]),
    Case("nor has its line an end", sse(text("a"), STOP)[:-2], [Token("a"), done("complete")]),
    Case("CRLF", sse(text("a"), STOP, end="\r\n"), [Token("a"), done("complete")]),
    Case(
        "the last stop reason holds",
        sse(ends("end_turn"), ends("end_turn"), ends("refusal"), STOP),
        [END_TURN, Finish("content_filter", "refusal"), done("complete", "content_filter")],
    ),
    Case(
        "a call after the stop reason changes what it means",
        sse(ends("end_turn"), *whole_call(), STOP),
        [END_TURN, *begun(), Finish("tool_calls", "end_turn"), ended(), done("complete", "tool_calls")],
    ),
]

ERRORS = [
    Case(
        "an error event ends the stream",
        named(starts(), text("a"), OVERLOADED),
        [START, Token("a"), error("Overloaded", OVERLOADED, "overloaded_error"), done("error")],
    ),
    Case(
        "so does one that is named in the payload only",
        sse(starts(), OVERLOADED),
        [START, error("Overloaded", OVERLOADED, "overloaded_error"), done("error")],
    ),
    Case(
        "an earlier stop reason is no proper end",
        sse(ends("end_turn"), OVERLOADED),
        [END_TURN, error("Overloaded", OVERLOADED, "overloaded_error"), done("error", "stop")],
    ),
    Case(
        "a later one is",
        sse(OVERLOADED, ends("end_turn")),
        [error("Overloaded", OVERLOADED, "overloaded_error"), END_TURN, done("finished", "stop")],
    ),
    Case(
        "and so is message_stop",
        sse(text("a"), OVERLOADED, STOP),
        [Token("a"), error("Overloaded", OVERLOADED, "overloaded_error"), done("complete")],
    ),
    Case(
        "but not in the payload of the error",
        sse(text("a"), {**STOP, "error": "lost"}),
        [Token("a"), error("lost", {**STOP, "error": "lost"}), done("error")],
    ),
    Case(
        "a call before an error is not known to be whole",
        sse(*whole_call(), OVERLOADED),
        [*begun(), error("Overloaded", OVERLOADED, "overloaded_error"), ended(complete=False), done("error")],
    ),
    Case(
        "MiniMax's error",
        sse(starts(), {"base_resp": {"status_code": 1004, "status_msg": "login fail"}}),
        [
            START,
            error("login fail", {"base_resp": {"status_code": 1004, "status_msg": "login fail"}}, 1004),
            done("error"),
        ],
    ),
    Case(
        "on an event that says something else too",
        sse({**ends("end_turn"), "base_resp": {"status_code": 5, "status_msg": "no"}}),
        [
            END_TURN,
            error("no", {**ends("end_turn"), "base_resp": {"status_code": 5, "status_msg": "no"}}, 5),
            done("error", "stop"),
        ],
    ),
]

CASES = [*TEXT, *REASONING, *TOOLS, *COMPLETE, *SPLICED, *CITATIONS, *USAGE, *ENDS, *ERRORS]


@table(CASES)
def test_yields(case):
    check(case.body, case.events, "auto", "anthropic")


@table(CASES)
def test_a_cut_takes_nothing_back(case):
    check_cuts(case.body, terminal=rb'data: {"type":"message_stop".*}')


@table(CASES)
def test_raw_adds_the_payloads_and_changes_nothing_else(case):
    events = read(case.body, raw=True)
    assert [event for event in events if not isinstance(event, Raw)] == case.events


def test_raw_shows_server_tools():
    result = opens("web_search_tool_result", content=[{"type": "web_search_result", "url": "u"}])
    assert read(sse(result, STOP), raw=True) == [Raw(result), Raw(STOP), done("complete")]


class TestDialect:
    @pytest.mark.parametrize(
        "payload", [starts(), opens("text"), text(""), closes(), ends(None), STOP], ids=lambda p: p["type"]
    )
    def test_each_of_its_events_decides(self, payload):
        stream = ChatStream()
        stream.feed(sse(PING, payload))
        assert stream.dialect == "anthropic"

    @pytest.mark.parametrize("payload", [PING, OVERLOADED, {"type": "message"}, {"type": ["message_stop"]}, {}])
    def test_what_others_send_too_does_not(self, payload):
        stream = ChatStream()
        stream.feed(sse(payload))
        assert stream.dialect is None

    def test_an_error_alone(self):
        """The status of a stream of no dialect, which the error's shape does not show."""
        lost = error("Overloaded", OVERLOADED, "overloaded_error")
        check(named(OVERLOADED), [lost, done("error")], "auto", "anthropic")


class TestMalformed:
    """A lost line may have been a fragment, a stop, or the stop reason that says the call was cut."""

    @pytest.mark.parametrize("at", [1, 2, 3])
    def test_between_the_first_delta_of_a_call_and_its_end(self, at):
        payloads = [*whole_call(), ends("tool_use"), STOP]
        events = read(sse(*payloads[:at], MALFORMED, *payloads[at:]))
        assert [event.complete for event in events if isinstance(event, ToolCallEnd)] == [False]
        assert [event.kind for event in events if isinstance(event, Error)] == ["malformed_json"]
        assert events[-1] == done("complete", "tool_calls", 1)

    def test_before_and_after(self):
        events = read(sse(starts(), MALFORMED, *whole_call(), ends("tool_use"), MALFORMED, STOP))
        assert [event.complete for event in events if isinstance(event, ToolCallEnd)] == [True]


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
    GOOD = (
        {**starts(input_tokens=3, output_tokens=1, **CACHE)},
        opens("thinking", 0, thinking="Hm", signature="S1"),
        says("thinking_delta", 0, thinking="m"),
        says("signature_delta", 0, signature="S2"),
        closes(0),
        opens("redacted_thinking", 1, data="X"),
        closes(1),
        opens("text", 2, text="a", citations=[WEB]),
        text("b", 2),
        says("citations_delta", 2, citation=CHARS),
        closes(2),
        tool(3, input={"x": 1}),
        json_of("{}", 3),
        closes(3),
        tool(4, "b", "g", input={"x": 1}),
        closes(4),
        {**ends("tool_use"), "usage": {"output_tokens": 5, "output_tokens_details": {"thinking_tokens": 2}}},
        STOP,
    )

    def test_are_read_as_the_plain_reference_reads_them(self):
        for number, payload in enumerate(self.GOOD):
            for place, _ in enumerate(places(payload)):
                for wrong in self.WRONG:
                    damaged = copy.deepcopy(self.GOOD)
                    holder, key = list(places(damaged[number]))[place]
                    holder[key] = wrong
                    body = sse(*damaged)
                    events = read(body, "anthropic")
                    check_order(events)
                    assert compare(summarize(body), fold(events, "anthropic")) == []

    @pytest.mark.parametrize("wrong", (None, 0, 1.5, 10**400, True, [], ["x"], {}, {"a": {"b": 1}}))
    def test_cost_no_sibling(self, wrong):
        """What the reference does not show: names, signatures and citations."""
        message = {"id": "m1", "model": "c1"}
        signed = {"thinking": "Hm", "signature": "S"}
        table: list[tuple[dict[str, Any], list[StreamEvent]]] = [
            ({"type": "message_start", "message": message | {"id": wrong}}, [Start("", "c1")]),
            ({"type": "message_start", "message": message | {"model": wrong}}, [Start("m1", "")]),
            ({"type": "message_start", "message": message | {"usage": wrong}}, [START]),
            ({"type": "message_start", "message": message, "delta": wrong, "index": wrong}, [START]),
            (opens("thinking", **signed | {"thinking": wrong}), [ReasoningSignature("S")]),
            (opens("thinking", **signed | {"signature": wrong}), [Reasoning("Hm")]),
            (opens("thinking", wrong, **signed), [Reasoning("Hm"), ReasoningSignature("S")]),
            (opens("text", text=wrong, citations=[WEB]), [Citation("u", "t", "c", WEB)]),
            (opens("text", text="a", citations=wrong), [Token("a")]),
            (says("text_delta", text="a", citation=wrong, partial_json=wrong, signature=wrong), [Token("a")]),
            (says("signature_delta", signature="S", text=wrong), [ReasoningSignature("S")]),
            (cites(WEB | {"url": wrong}), [Citation("", "t", "c", WEB | {"url": wrong})]),
            (cites(WEB | {"title": wrong}), [Citation("u", "", "c", WEB | {"title": wrong})]),
            (cites(WEB | {"cited_text": wrong}), [Citation("u", "t", "", WEB | {"cited_text": wrong})]),
        ]
        for payload, events in table:
            assert read(sse(payload, text("after"), STOP), "anthropic")[:-1] == [*events, Token("after")]

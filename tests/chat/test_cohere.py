"""Cohere's chat, version 2: a case for every event, count and end that was recorded."""

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

DONE = "[DONE]"
MALFORMED = "{not json"
MISSING = object()


def event(kind: str, index: Any = MISSING, **message: Any) -> dict[str, Any]:
    """An event with the members of its message, if any."""
    payload: dict[str, Any] = {"type": kind}
    if index is not MISSING:
        payload["index"] = index
    return payload | ({"delta": {"message": message}} if message else {})


def starts(id: Any = "m1") -> dict[str, Any]:
    return {"id": id} | event("message-start", role="assistant", content=[], tool_plan="", tool_calls=[], citations=[])


def opens(kind: str, words: Any = "", index: Any = 0) -> dict[str, Any]:
    return event("content-start", index, content={"type": kind, kind: words})


def says(kind: str, words: Any, index: Any = 0) -> dict[str, Any]:
    return event("content-delta", index, content={kind: words})


def text(words: Any, index: Any = 0) -> dict[str, Any]:
    return says("text", words, index)


def closes(index: Any = 0) -> dict[str, Any]:
    return event("content-end", index)


def plans(words: Any) -> dict[str, Any]:
    return event("tool-plan-delta", tool_plan=words)


def tool(index: Any = 0, id: Any = "a", name: Any = "f", arguments: Any = "") -> dict[str, Any]:
    call = {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}
    return event("tool-call-start", index, tool_calls=call)


def more(arguments: Any, index: Any = 0) -> dict[str, Any]:
    return event("tool-call-delta", index, tool_calls={"function": {"arguments": arguments}})


def tool_ends(index: Any = 0) -> dict[str, Any]:
    return event("tool-call-end", index)


def whole_call(arguments: str = "{}", index: int = 0, id: str = "a", name: str = "f") -> list[Any]:
    """The payloads of one call, from its start to its end."""
    return [tool(index, id, name), more(arguments, index), tool_ends(index)]


def ends(word: Any = None, error: Any = None, **usage: Any) -> dict[str, Any]:
    members = {"finish_reason": word, "error": error, "usage": usage}
    return {"type": "message-end", "delta": {name: value for name, value in members.items() if value}}


def begun(arguments: str = "{}", index: int = 0, id: str = "a", name: str = "f") -> list[StreamEvent]:
    return [ToolCallStart(index, id, name), *([ToolCallArgs(index, arguments)] if arguments else [])]


def ended(
    arguments: str = "{}", index: int = 0, id: str = "a", name: str = "f", *, complete: bool = True
) -> ToolCallEnd:
    return ToolCallEnd(index, id, name, arguments, complete)


def named(*payloads: Any) -> bytes:
    """As `sse`, but with the type on an `event:` line too, as Cohere sends it."""
    return b"".join(sse(payload, event="" if payload == DONE else payload["type"]) for payload in payloads)


START = Start("m1", "")
COMPLETE = Finish("stop", "COMPLETE")
TOOL_CALL = Finish("tool_calls", "TOOL_CALL")
BILLED = {"billed_units": {"input_tokens": 1, "output_tokens": 2}}


CONTENT = [
    Case(
        "a whole answer with its event lines",
        named(
            starts(),
            opens("text"),
            text("Hel"),
            text("lo"),
            closes(),
            ends("COMPLETE", **BILLED, tokens={"input_tokens": 11, "output_tokens": 3}, cached_tokens=8),
            DONE,
        ),
        [
            START,
            Token("Hel"),
            Token("lo"),
            COMPLETE,
            done(
                "complete",
                "stop",
                prompt_tokens=11,
                completion_tokens=3,
                cached_tokens=8,
                raw={**BILLED, "tokens": {"input_tokens": 11, "output_tokens": 3}, "cached_tokens": 8},
            ),
        ],
    ),
    Case(
        "thinking and then text",
        sse(opens("thinking"), says("thinking", "Hm"), closes(), opens("text", "", 1), text("Yes", 1), closes(1), DONE),
        [Reasoning("Hm"), Token("Yes"), done("complete")],
    ),
    Case(
        "what the start of the content carries already counts",
        sse(opens("thinking", "Hm"), opens("text", "Yes", 1), DONE),
        [Reasoning("Hm"), Token("Yes"), done("complete")],
    ),
    Case("empty text makes no token", sse(text(""), says("thinking", ""), DONE), [done("complete")]),
    Case(
        "the plan is reasoning",
        sse(starts(), plans("I will"), plans(" look."), plans(""), DONE),
        [START, Reasoning("I will"), Reasoning(" look."), done("complete")],
    ),
    Case(
        "content and plan count only in their own events",
        sse(event("content-end", 0, content={"text": "a"}), event("content-delta", 0, tool_plan="b"), DONE),
        [done("complete")],
    ),
]

TOOLS = [
    Case(
        "a plan and two calls",
        sse(
            starts(),
            plans("I will look."),
            tool(0),
            more('{"x":'),
            more("1}"),
            tool_ends(0),
            tool(1, "b", "g"),
            more("[]", 1),
            tool_ends(1),
            ends("TOOL_CALL"),
            DONE,
        ),
        [
            START,
            Reasoning("I will look."),
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, '{"x":'),
            ToolCallArgs(0, "1}"),
            ended('{"x":1}'),
            *begun("[]", 1, "b", "g"),
            ended("[]", 1, "b", "g"),
            TOOL_CALL,
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "the tool call is one object, or the first of a list",
        sse(
            event(
                "tool-call-start",
                0,
                tool_calls=[None, {"id": "a", "function": {"name": "f", "arguments": "["}}, {"id": "b"}],
            ),
            event(
                "tool-call-delta", 0, tool_calls=[{"function": {"arguments": "]"}}, {"function": {"arguments": "x"}}]
            ),
            tool_ends(),
            ends("TOOL_CALL"),
        ),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "["),
            ToolCallArgs(0, "]"),
            ended("[]"),
            TOOL_CALL,
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "no arguments stay none",
        sse(tool(), tool_ends(), tool(1, "b", arguments=None), tool_ends(1), ends("TOOL_CALL")),
        [*begun(""), ended(""), *begun("", 1, "b"), ended("", 1, "b"), TOOL_CALL, done("finished", "tool_calls")],
    ),
    Case(
        "arguments that are no text",
        sse(tool(arguments={"città": 1}), tool_ends(), ends("TOOL_CALL")),
        [*begun('{"città":1}'), ended('{"città":1}'), TOOL_CALL, done("finished", "tool_calls")],
    ),
    Case(
        "fragments go to the call of their index",
        sse(tool(4), tool(7, "b", "g"), more("[1", 4), more("[2", 7), more("]", 7), more("]", 4), ends("TOOL_CALL")),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallStart(1, "b", "g"),
            ToolCallArgs(0, "[1"),
            ToolCallArgs(1, "[2"),
            ToolCallArgs(1, "]"),
            ToolCallArgs(0, "]"),
            TOOL_CALL,
            ended("[1]", complete=False),
            ended("[2]", 1, "b", "g", complete=False),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "an index that is missing or a whole float",
        sse(
            tool(None),
            more("{}", None),
            tool_ends(MISSING),
            tool(1.0, "b"),
            more("{}", 1),
            tool_ends(1.0),
            ends("TOOL_CALL"),
        ),
        [*begun(), ended(), *begun("{}", 1, "b"), ended("{}", 1, "b"), TOOL_CALL, done("finished", "tool_calls")],
    ),
    Case(
        "an index that is used again",
        sse(tool(), more("["), tool(0, "b", "g"), more("{}"), tool_ends(), ends("TOOL_CALL")),
        [
            *begun("["),
            *begun("{}", 1, "b", "g"),
            ended("{}", 1, "b", "g"),
            TOOL_CALL,
            ended("[", complete=False),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "fragments for no call, and for one whose end was sent, are ignored",
        sse(
            more("x"),
            tool_ends(),
            *whole_call(),
            tool(1, "b"),
            more("x"),
            tool_ends(1),
            ends("TOOL_CALL"),
            more("x", 1),
        ),
        [*begun(), ended(), *begun("", 1, "b"), ended("", 1, "b"), TOOL_CALL, done("finished", "tool_calls")],
    ),
    Case(
        "a fragment after the end of the call, before anything else",
        sse(tool(), more("["), tool_ends(), more("]"), ends("TOOL_CALL")),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "["),
            ToolCallArgs(0, "]"),
            ended("[]"),
            TOOL_CALL,
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C11: a call without a name is held back until its end, and never complete",
        sse(tool(id=None, name=None), more("{}"), text("a"), tool_ends(), ends("TOOL_CALL")),
        [
            Token("a"),
            *begun("{}", 0, "", ""),
            ended("{}", 0, "", "", complete=False),
            TOOL_CALL,
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "COMPLETE with a call is tool_calls",
        sse(*whole_call(), ends("COMPLETE"), DONE),
        [*begun(), ended(), Finish("tool_calls", "COMPLETE"), done("complete", "tool_calls")],
    ),
]

WHOLE = [
    *(
        Case(
            f"a call before {word} is {'complete' if complete else 'cut'}",
            sse(*whole_call(), ends(word), DONE),
            [*begun(), ended(complete=complete), Finish(reason, word), ended_with(reason)],  # type: ignore[arg-type]
        )
        for word, reason, complete in (
            ("TOOL_CALL", "tool_calls", True),
            ("OTHER", "other", True),
            ("MAX_TOKENS", "length", False),
            ("ERROR", "error", False),
            ("TIMEOUT", "error", False),
            ("timeout", "error", False),
        )
    ),
    Case(
        "content says that a call is whole, whatever cuts the message later",
        sse(*whole_call(), opens("text"), text("a"), ends("MAX_TOKENS")),
        [*begun(), ended(), Token("a"), Finish("length", "MAX_TOKENS"), done("finished", "length")],
    ),
    Case(
        "another call says so too",
        sse(*whole_call(), tool(1, "b"), ends("MAX_TOKENS")),
        [
            *begun(),
            ended(),
            *begun("", 1, "b"),
            Finish("length", "MAX_TOKENS"),
            ended("", 1, "b", complete=False),
            done("finished", "length"),
        ],
    ),
    Case(
        "content that goes on, a plan and a citation do not",
        sse(
            *whole_call(), text("a"), plans("b"), event("citation-start", 0, citations={}), closes(), ends("MAX_TOKENS")
        ),
        [
            *begun(),
            Token("a"),
            Reasoning("b"),
            Citation(raw={}),
            ended(complete=False),
            Finish("length", "MAX_TOKENS"),
            done("finished", "length"),
        ],
    ),
    Case(
        "a closed call at the end of a broken stream is cut",
        sse(*whole_call()),
        [*begun(), ended(complete=False), done("truncated")],
    ),
    Case(
        "the sentinel without a finish reason does not say that a call is whole",
        sse(*whole_call(), ends(), DONE),
        [*begun(), ended(complete=False), done("complete")],
    ),
    Case(
        "C8: a call that is open at the sentinel is whole",
        sse(tool(), more("{}"), tool_ends(1), ends("TOOL_CALL"), DONE),
        [*begun(), TOOL_CALL, ended(), done("complete", "tool_calls")],
    ),
    Case(
        "C8: not without the sentinel",
        sse(tool(), more("{}"), tool_ends(1), ends("TOOL_CALL")),
        [*begun(), TOOL_CALL, ended(complete=False), done("finished", "tool_calls")],
    ),
    Case(
        "arguments that are no JSON",
        sse(*whole_call("{"), ends("TOOL_CALL")),
        [*begun("{"), ended("{", complete=False), TOOL_CALL, done("finished", "tool_calls")],
    ),
]


def cited(*sources: Any, words: Any = "c") -> dict[str, Any]:
    return {"start": 0, "end": 1, "text": words, "sources": list(sources), "type": "TEXT_CONTENT"}


def cites(citations: Any) -> dict[str, Any]:
    return event("citation-start", 0, citations=citations)


PAGE = {"type": "document", "id": "d", "document": {"id": "d", "title": "t", "url": "u", "text": "..."}}
FILE = {"type": "document", "id": "e", "document": {"title": "e.txt"}}
LINK = {"type": "tool", "id": "f:0", "tool_output": {"url": "v"}}
TOOL = {"type": "tool", "id": "f:0", "tool_output": {"content": "15 °C"}}

CITATIONS = [
    Case(
        "a citation of a tool's result",
        sse(cites(cited(TOOL)), event("citation-end", 0), DONE),
        [Citation("", "", "c", cited(TOOL)), done("complete")],
    ),
    Case(
        "of documents, and of a result with an address",
        sse(cites(cited(PAGE, FILE, LINK)), DONE),
        [
            Citation("u", "t", "c", cited(PAGE, FILE, LINK)),
            Citation("", "e.txt", "c", cited(PAGE, FILE, LINK)),
            Citation("v", "", "c", cited(PAGE, FILE, LINK)),
            done("complete"),
        ],
    ),
    Case(
        "sources without a name count where no other has one",
        sse(cites(cited(TOOL, FILE, TOOL)), DONE),
        [Citation("", "e.txt", "c", cited(TOOL, FILE, TOOL)), done("complete")],
    ),
    Case(
        "a list of citations",
        sse(cites([cited(words="a"), None, cited(words="b")]), DONE),
        [Citation("", "", "a", cited(words="a")), Citation("", "", "b", cited(words="b")), done("complete")],
    ),
    Case(
        "the same address and words once",
        sse(cites(cited(PAGE)), cites(cited(PAGE)), DONE),
        [Citation("u", "t", "c", cited(PAGE)), done("complete")],
    ),
    Case(
        "no citation",
        sse(cites(None), cites("x"), event("citation-end", 0, citations=cited(PAGE)), DONE),
        [done("complete")],
    ),
]


def counts(*usages: Any, **usage: Any) -> tuple[bytes, list[StreamEvent]]:
    raw = {key: value for each in usages for key, value in each.items()}
    return sse(*(ends(**each) for each in usages), DONE), [done("complete", **usage, raw=raw)]


USAGE = [
    Case("billed units, where there are no tokens", *counts(BILLED, prompt_tokens=1, completion_tokens=2)),
    Case(
        "tokens before billed units",
        *counts(
            {**BILLED, "tokens": {"input_tokens": 11, "output_tokens": 3, "reasoning_tokens": 2, "cached_tokens": 8}},
            prompt_tokens=11,
            completion_tokens=3,
            reasoning_tokens=2,
            cached_tokens=8,
        ),
    ),
    Case(
        "both counts from the same object",
        *counts({**BILLED, "tokens": {"output_tokens": 3}}, completion_tokens=3),
    ),
    Case(
        "tokens without either",
        *counts({**BILLED, "tokens": {"cached_tokens": 8}}, prompt_tokens=1, completion_tokens=2, cached_tokens=8),
    ),
    Case(
        "cached tokens at the top before those below",
        *counts(
            {"cached_tokens": 0, "tokens": {"input_tokens": 1, "cached_tokens": 8}}, prompt_tokens=1, cached_tokens=0
        ),
    ),
    Case(
        "a count is a whole number",
        *counts({"tokens": {"input_tokens": 4.0, "output_tokens": True}, "cached_tokens": "8"}, prompt_tokens=4),
    ),
    Case(
        "the last count wins, whichever object it is from",
        *counts(
            {"tokens": {"input_tokens": 5, "output_tokens": 5}},
            {"billed_units": {"output_tokens": 6}},
            prompt_tokens=5,
            completion_tokens=6,
        ),
    ),
    Case(
        "zeros do not overwrite",
        sse(
            ends(**BILLED), ends(tokens={"input_tokens": 0, "output_tokens": 0}, billed_units={"input_tokens": 9}), DONE
        ),
        [done("complete", prompt_tokens=1, completion_tokens=2, raw=BILLED)],
    ),
    Case(
        "usage on any event",
        sse({"type": "content-delta", "delta": {"message": {"content": {"text": "a"}}, "usage": BILLED}}, DONE),
        [Token("a"), done("complete", prompt_tokens=1, completion_tokens=2, raw=BILLED)],
    ),
]


def error(message: str, payload: Any, code: Any = None) -> Error:
    return Error("provider", message, code, text_of(payload))


FAILED = ends("ERROR", error="upstream failed")

ENDS = [
    *(
        Case(
            f"the word {word}",
            sse(ends(word), DONE),
            [Finish(reason, word), ended_with(reason)],  # type: ignore[arg-type]
        )
        for word, reason in (
            ("COMPLETE", "stop"),
            ("STOP_SEQUENCE", "stop"),
            ("MAX_TOKENS", "length"),
            ("TOOL_CALL", "tool_calls"),
            ("ERROR", "error"),
            ("TIMEOUT", "error"),
        )
    ),
    Case(
        "a finish reason and then the end",
        sse(text("a"), ends("COMPLETE")),
        [Token("a"), COMPLETE, done("finished", "stop")],
    ),
    Case("the sentinel without a finish reason", sse(text("a"), DONE), [Token("a"), done("complete")]),
    Case("neither", sse(starts(), text("a"), closes()), [START, Token("a"), done("truncated")]),
    Case("nothing after the sentinel is read", sse(text("a"), DONE, text("b"), FAILED), [Token("a"), done("complete")]),
    Case(
        "a finish reason is one of message-end only",
        sse({**ends("COMPLETE"), "type": "content-end"}, DONE),
        [done("complete")],
    ),
    Case("CRLF", sse(text("a"), DONE, end="\r\n"), [Token("a"), done("complete")]),
    Case(
        "the last event lacks its blank line",
        sse(text("a"), ends("COMPLETE"))[:-2],
        [Token("a"), COMPLETE, done("finished", "stop")],
    ),
    Case("the start has no name until one is known", sse(starts(""), starts(), DONE), [START, done("complete")]),
    Case(
        "no other event has the id of the message",
        sse({**text("a"), "id": "x"}, {**closes(), "id": "x"}, DONE),
        [Token("a"), done("complete")],
    ),
]

ERRORS = [
    Case(
        "message-end carries the error, and the sentinel is no proper end",
        sse(text("a"), FAILED, DONE),
        [Token("a"), Finish("error", "ERROR"), error("upstream failed", FAILED), done("error", "error")],
    ),
    Case(
        "a finish reason in the same payload is none either",
        sse(ends("COMPLETE", error={"message": "lost", "code": 7}), DONE),
        [COMPLETE, error("lost", ends("COMPLETE", error={"message": "lost", "code": 7}), 7), done("error", "stop")],
    ),
    Case(
        "a later one is",
        sse(FAILED, ends("COMPLETE"), DONE),
        [Finish("error", "ERROR"), error("upstream failed", FAILED), COMPLETE, done("complete", "stop")],
    ),
    Case(
        "S1: the word ERROR alone makes the status error, without an Error",
        sse(ends("ERROR"), DONE),
        [Finish("error", "ERROR"), done("error", "error")],
    ),
    Case(
        "an error in another event is none",
        sse({**ends(error="x"), "type": "content-end"}, {**text("a"), "delta": {"error": "x"}}, DONE),
        [done("complete")],
    ),
    Case(
        "a call that an error ends is cut, whatever the word",
        sse(*whole_call(), ends("TOOL_CALL", error="lost"), DONE),
        [
            *begun(),
            ended(complete=False),
            TOOL_CALL,
            error("lost", ends("TOOL_CALL", error="lost")),
            done("error", "tool_calls"),
        ],
    ),
    Case(
        "an error of a gateway, of its own and on an event that says something else too",
        sse(
            text("a"),
            {"message": "no", "success": False},
            {**closes(), "base_resp": {"status_code": 5, "status_msg": "x"}},
        ),
        [
            Token("a"),
            error("no", {"message": "no", "success": False}),
            error("x", {**closes(), "base_resp": {"status_code": 5, "status_msg": "x"}}, 5),
            done("error"),
        ],
    ),
]

CASES = [*CONTENT, *TOOLS, *WHOLE, *CITATIONS, *USAGE, *ENDS, *ERRORS]


@table(CASES)
def test_yields(case):
    check(case.body, case.events, "auto", "cohere")


@table(CASES)
def test_a_cut_takes_nothing_back(case):
    check_cuts(case.body)


@table(CASES)
def test_raw_adds_the_payloads_and_changes_nothing_else(case):
    events = read(case.body, raw=True)
    assert [event for event in events if not isinstance(event, Raw)] == case.events


class TestDialect:
    PAYLOADS = (
        starts(),
        opens("text"),
        text(""),
        closes(),
        plans(""),
        tool(),
        more(""),
        tool_ends(),
        cites({}),
        event("citation-end"),
        ends(),
    )

    @pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload["type"])
    def test_each_of_its_events_decides(self, payload):
        stream = ChatStream()
        stream.feed(sse({"type": "ping"}, payload))
        assert stream.dialect == "cohere"

    @pytest.mark.parametrize("payload", [{"type": "message"}, {"type": "error"}, {"type": ["message-end"]}, {}])
    def test_nothing_else_does(self, payload):
        stream = ChatStream()
        stream.feed(sse(payload))
        assert stream.dialect is None


class TestMalformed:
    """A lost line may have been a fragment, an end, or the finish reason that says the call was cut."""

    @pytest.mark.parametrize("at", [1, 2, 3])
    def test_between_the_first_delta_of_a_call_and_its_end(self, at):
        payloads = [*whole_call(), ends("TOOL_CALL"), DONE]
        events = read(sse(*payloads[:at], MALFORMED, *payloads[at:]))
        assert [event.complete for event in events if isinstance(event, ToolCallEnd)] == [False]
        assert [event.kind for event in events if isinstance(event, Error)] == ["malformed_json"]
        assert events[-1] == done("complete", "tool_calls", 1)

    def test_before_and_after(self):
        events = read(sse(starts(), MALFORMED, *whole_call(), ends("TOOL_CALL"), MALFORMED, DONE))
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
        starts(),
        opens("thinking", "Hm"),
        says("thinking", "m"),
        opens("text", "a", 1),
        text("b", 1),
        cites(cited(PAGE)),
        plans("I will"),
        tool(0, arguments="["),
        more("]"),
        tool_ends(),
        ends(
            "TOOL_CALL",
            error={"message": "lost"},
            **BILLED,
            tokens={"input_tokens": 3, "cached_tokens": 1},
            cached_tokens=2,
        ),
        DONE,
    )

    def test_are_read_as_the_plain_reference_reads_them(self):
        for number, payload in enumerate(self.GOOD):
            for place, _ in enumerate(places(payload)):
                for wrong in self.WRONG:
                    damaged = copy.deepcopy(self.GOOD)
                    holder, key = list(places(damaged[number]))[place]
                    holder[key] = wrong
                    body = sse(*damaged)
                    events = read(body, "cohere")
                    check_order(events)
                    assert compare(summarize(body), fold(events, "cohere")) == []

    @pytest.mark.parametrize("wrong", (None, 0, 1.5, 10**400, True, [], ["x"], {}, {"a": {"b": 1}}))
    def test_cost_no_sibling(self, wrong):
        """What the reference does not show: names and citations."""
        both = {"type": "text", "text": "a", "thinking": "Hm"}
        untitled = {"document": {"url": "u", "title": wrong}}
        unplaced = {"tool_output": {"url": wrong, "title": "t"}}
        table: list[tuple[dict[str, Any], list[StreamEvent]]] = [
            (starts(wrong), []),
            (starts() | {"delta": wrong, "index": wrong}, [START]),
            (event("content-delta", wrong, content=both | {"type": wrong}), [Token("a"), Reasoning("Hm")]),
            (event("content-delta", content=both | {"text": wrong}), [Reasoning("Hm")]),
            (event("content-delta", content=both | {"thinking": wrong}), [Token("a")]),
            (event("content-delta", content=both, tool_plan=wrong, tool_calls=wrong), [Token("a"), Reasoning("Hm")]),
            (event("tool-plan-delta", content=wrong, tool_plan="I will"), [Reasoning("I will")]),
            (cites(cited(wrong, PAGE)), [Citation("u", "t", "c", cited(wrong, PAGE))]),
            (cites(cited(untitled)), [Citation("u", "", "c", cited(untitled))]),
            (cites(cited(unplaced)), [Citation("", "t", "c", cited(unplaced))]),
            (cites(cited(PAGE, words=wrong)), [Citation("u", "t", "", cited(PAGE, words=wrong))]),
            (cites({"text": "c", "sources": wrong}), [Citation("", "", "c", {"text": "c", "sources": wrong})]),
        ]
        for payload, events in table:
            assert read(sse(payload, text("after"), DONE), "cohere")[:-1] == [*events, Token("after")]

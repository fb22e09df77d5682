"""Responses: which tool calls are complete."""

from __future__ import annotations

from sse_events.chat.events import Done, Error, Finish, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from tests.chat.cases import text_of
from tests.chat.responses.payloads import (
    CALLED,
    CUT,
    FAILED,
    Case,
    Checks,
    added,
    call,
    completed,
    done,
    failed,
    fragment,
    incomplete,
    one_call,
    text,
)

CASES = {
    "a call with the status incomplete is not whole, though its JSON parses": Case(
        [added(0, **call()), fragment(0, "1"), done(0, **call(arguments="1", status="incomplete")), incomplete()],
        [*one_call("1", complete=False), *CUT],
    ),
    "nor is it, if the response is said to be complete": Case(
        [done(0, **call(arguments="1", status="incomplete")), completed()],
        [*one_call("1", complete=False), *CALLED],
    ),
    "without a status the next item says that it is whole": Case(
        [
            done(0, **call(call_id="c1", arguments="{}")),
            added(1, **call(call_id="c2")),
            done(1, **call(call_id="c2", status="completed")),
            completed(),
        ],
        [*one_call("{}", id="c1"), *one_call(id="c2", index=1), *CALLED],
    ),
    "or the completed response": Case(
        [done(0, **call(arguments="{}")), text("a"), completed()],
        [ToolCallStart(0, "c", "f"), ToolCallArgs(0, "{}"), Token("a"), ToolCallEnd(0, "c", "f", "{}", True), *CALLED],
    ),
    "without a status an incomplete response leaves it in doubt": Case(
        [done(0, **call(arguments="{}")), incomplete("max_tool_calls")],
        [*one_call("{}", complete=False), Finish("other", "max_tool_calls"), Done("complete", "other")],
    ),
    "so does one that failed": Case(
        [done(0, **call(arguments="{}")), failed(error={"message": "boom"})],
        [
            *one_call("{}", complete=False),
            FAILED,
            Error("provider", "boom", raw=text_of(failed(error={"message": "boom"}))),
            Done("error", "error"),
        ],
    ),
    "and the end of the connection": Case(
        [done(0, **call(arguments="{}"))], [*one_call("{}", complete=False), Done("truncated")]
    ),
    "servers that send no output_item.done: the completed response says that it is whole": Case(
        [added(0, **call()), fragment(0, "{}"), completed()], [*one_call("{}"), *CALLED]
    ),
    "an incomplete one does not": Case(
        [added(0, **call()), fragment(0, "{}"), incomplete()], [*one_call("{}", complete=False), *CUT]
    ),
    "a malformed payload may have been a fragment": Case(
        [added(0, **call()), fragment(0, "1"), "oops", done(0, **call(status="completed")), completed()],
        [
            ToolCallStart(0, "c", "f"),
            ToolCallArgs(0, "1"),
            Error("malformed_json", "a payload is not JSON: Expecting value: line 1 column 1 (char 0)", raw="oops"),
            ToolCallEnd(0, "c", "f", "1", False),
            CALLED[0],
            Done("complete", "tool_calls", malformed=1),
        ],
    ),
}


class TestCases(Checks):
    cases = CASES

"""Responses: the status and the finish reason that the end of the stream gives."""

from __future__ import annotations

from sse_events.chat.events import Done, Finish, Token
from tests.chat.responses.payloads import CUT, STOPPED, Case, Checks, completed, failed, incomplete, text

CASES = {
    "[DONE] is no sentinel, and means nothing": Case(
        [text("a"), "[DONE]", text("b"), completed(), "[DONE]"], [Token("a"), Token("b"), *STOPPED]
    ),
    "nothing after the terminal event is read": Case(
        [text("a"), completed(), text("b"), failed()], [Token("a"), *STOPPED]
    ),
    "a connection that ends is truncated": Case([text("a")], [Token("a"), Done("truncated")]),
    "cut at max_output_tokens": Case([text("a"), incomplete()], [Token("a"), *CUT]),
    "cut by the content filter": Case(
        [text("a"), incomplete("content_filter")],
        [Token("a"), Finish("content_filter", "content_filter"), Done("complete", "content_filter")],
    ),
    "incomplete without a reason": Case([incomplete(None)], [Finish("other", "incomplete"), Done("complete", "other")]),
    "incomplete without details": Case(
        [{"type": "response.incomplete", "response": None}], [Finish("other", "incomplete"), Done("complete", "other")]
    ),
}


class TestCases(Checks):
    cases = CASES

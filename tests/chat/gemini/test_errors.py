"""Gemini: errors in a payload, payloads that are not JSON, and errors instead of a stream."""

from __future__ import annotations

import pytest

from sse_events.chat import Error, Finish, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from tests.chat.cases import Case, done, read
from tests.chat.gemini.payloads import COMPLETE, OPENED, STOP, Checks, call, chunk, malformed, piece, sse, text

PAYLOAD_ERROR = '{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}'
OVERLOADED = Error("provider", "The model is overloaded.", 503, PAYLOAD_ERROR)

CASES = [
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


class TestCases(Checks):
    cases = CASES


PRINTED_ERROR = """{
  "error": {
    "code": 404,
    "message": "models/none is not found for API version v1beta.",
    "status": "NOT_FOUND"
  }
}
"""


class TestErrorsThatAreNotFramed:
    @pytest.mark.parametrize("body", [PRINTED_ERROR, f"[{PRINTED_ERROR}]\n", PRINTED_ERROR.replace("\n", "\r\n")])
    def test_say_what_the_provider_says(self, body):
        message = "models/none is not found for API version v1beta."
        for dialect in ("auto", "gemini"):
            assert read(body.encode(), dialect) == [Error("not_sse", message, 404, body), done("error")]

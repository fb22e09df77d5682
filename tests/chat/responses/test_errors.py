"""Responses: error events and failed responses."""

from __future__ import annotations

from sse_events.chat.events import Done, Error, Finish, Start, Token
from tests.chat.cases import text_of
from tests.chat.responses.payloads import (
    FAILED,
    STOPPED,
    Case,
    Checks,
    Payload,
    completed,
    created,
    failed,
    incomplete,
    text,
)


def error(message: str, payload: Payload, code: str | None = None) -> Error:
    return Error("provider", message, code, text_of(payload))


FLAT = {"type": "error", "code": "x", "message": "boom", "param": None, "sequence_number": 2}
NESTED = {"type": "error", "error": {"type": "server_error", "code": "x", "message": "boom"}}
SILENT = "the provider reported an error without a message"

CASES = {
    "an error event, its fields in the open": Case(
        [text("a"), FLAT], [Token("a"), error("boom", FLAT, "x"), Done("error")]
    ),
    "an error event, its fields in an object": Case(
        [text("a"), NESTED], [Token("a"), error("boom", NESTED, "x"), Done("error")]
    ),
    "an error that a failed response repeats is one": Case(
        [text("a"), NESTED, failed(error={"code": "x", "message": "boom"})],
        [Token("a"), error("boom", NESTED, "x"), FAILED, Done("error", "error")],
    ),
    "a failed response that says why": Case(
        [failed(error={"code": "x", "message": "boom"})],
        [FAILED, error("boom", failed(error={"code": "x", "message": "boom"}), "x"), Done("error", "error")],
    ),
    "a failed response that does not": Case(
        [failed(error=None)], [FAILED, error(SILENT, failed(error=None)), Done("error", "error")]
    ),
    "a failed response after an error that did": Case(
        [text("a"), FLAT, failed()], [Token("a"), error("boom", FLAT, "x"), FAILED, Done("error", "error")]
    ),
    "a failed response that says it at the top": Case(
        [failed() | {"error": "boom"}],
        [FAILED, error("boom", failed() | {"error": "boom"}), Done("error", "error")],
    ),
    "a failed response with an error of no known shape": Case(
        [failed(error=7) | {"error": 7}],
        [FAILED, error(SILENT, failed(error=7) | {"error": 7}), Done("error", "error")],
    ),
    "such an error adds nothing to one that came before": Case(
        [FLAT, failed(error=7)], [error("boom", FLAT, "x"), FAILED, Done("error", "error")]
    ),
    "nor does an empty one": Case([FLAT, failed(error={})], [error("boom", FLAT, "x"), FAILED, Done("error", "error")]),
    "a failed response without one": Case(
        [{"type": "response.failed"}], [FAILED, error(SILENT, {"type": "response.failed"}), Done("error", "error")]
    ),
    "an error in an event of another kind": Case(
        [created() | {"error_message": "no"}],
        [Start("resp_1", "m"), error("no", created() | {"error_message": "no"}), Done("error")],
    ),
    "an error, and a proper end after it": Case(
        [text("a"), FLAT, completed()], [Token("a"), error("boom", FLAT, "x"), *STOPPED]
    ),
    "an incomplete response is a proper end, whatever its reason": Case(
        [text("a"), FLAT, incomplete("error")],
        [Token("a"), error("boom", FLAT, "x"), Finish("error", "error"), Done("error", "error")],
    ),
}


class TestCases(Checks):
    cases = CASES

"""Responses: the counts of tokens."""

from __future__ import annotations

from sse_events.chat.events import Done, Error, Finish, Start, Token, Usage
from tests.chat.cases import text_of
from tests.chat.responses.payloads import FAILED, Case, Checks, completed, created, failed, text

CASES = {
    "usage": Case(
        [
            completed(
                usage={
                    "input_tokens": 9,
                    "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 3},
                    "output_tokens": 5,
                    "output_tokens_details": {"reasoning_tokens": 2},
                    "total_tokens": 14,
                }
            )
        ],
        [
            Finish("stop", "completed"),
            Done(
                "complete",
                "stop",
                Usage(
                    9,
                    5,
                    4,
                    3,
                    2,
                    14,
                    {
                        "input_tokens": 9,
                        "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 3},
                        "output_tokens": 5,
                        "output_tokens_details": {"reasoning_tokens": 2},
                        "total_tokens": 14,
                    },
                ),
            ),
        ],
    ),
    "usage on any event; of every field the last": Case(
        [
            created(usage={"input_tokens": 9, "output_tokens": 0}),
            text("a", response={"usage": {"output_tokens": 5}}),
            failed(error={"message": "boom", "code": "x"}, usage={"output_tokens": 6}),
        ],
        [
            Start("resp_1", "m"),
            Token("a"),
            FAILED,
            Error(
                "provider",
                "boom",
                "x",
                text_of(failed(error={"message": "boom", "code": "x"}, usage={"output_tokens": 6})),
            ),
            Done("error", "error", Usage(9, 6, raw={"input_tokens": 9, "output_tokens": 6})),
        ],
    ),
}


class TestCases(Checks):
    cases = CASES

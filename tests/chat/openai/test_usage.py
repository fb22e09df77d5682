"""OpenAI: where usage stands, and which field counts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chat.cases import Case, done, read, sse
from tests.chat.openai.payloads import Checks, choice, chunk

USAGE = [
    Case(
        "U1: the last integer wins, field by field, and nothing is summed",
        sse(
            chunk(usage={"prompt_tokens": 5, "completion_tokens": 1, "x": 1}),
            chunk(usage={"prompt_tokens": None, "completion_tokens": 3}),
            chunk(
                usage={"prompt_tokens": "9", "completion_tokens": True, "reasoning_tokens": 8.0, "cached_tokens": 1.5}
            ),
        ),
        [
            done(
                "truncated",
                prompt_tokens=5,
                completion_tokens=3,
                reasoning_tokens=8,
                raw={
                    "prompt_tokens": "9",
                    "completion_tokens": True,
                    "x": 1,
                    "reasoning_tokens": 8.0,
                    "cached_tokens": 1.5,
                },
            )
        ],
    ),
    Case(
        "U1: an object of zeros is ignored after one that was not, and holds before",
        sse(
            chunk(usage={"prompt_tokens": 0, "completion_tokens": 0}),
            chunk(usage={"prompt_tokens": 5, "completion_tokens": 0}),
            chunk(usage={"prompt_tokens": 0, "completion_tokens": 0, "cached_tokens": 0}),
        ),
        [done("truncated", prompt_tokens=5, completion_tokens=0, raw={"prompt_tokens": 5, "completion_tokens": 0})],
    ),
    Case(
        "U1: a total does not save an object of zeros",
        sse(chunk(usage={"prompt_tokens": 5}), chunk(usage={"prompt_tokens": 0, "total_tokens": 9})),
        [done("truncated", prompt_tokens=5, raw={"prompt_tokens": 5})],
    ),
    Case(
        "U1: nor does a total known before make zeros nothing",
        sse(chunk(usage={"total_tokens": 9}), chunk(usage={"prompt_tokens": 0})),
        [done("truncated", prompt_tokens=0, total_tokens=9, raw={"prompt_tokens": 0, "total_tokens": 9})],
    ),
    Case(
        "U1: zeros alone are zeros",
        sse(chunk(usage={"prompt_tokens": 0, "completion_tokens": 0})),
        [done("truncated", prompt_tokens=0, completion_tokens=0, raw={"prompt_tokens": 0, "completion_tokens": 0})],
    ),
    Case(
        "U1: zeros after zeros are zeros",
        sse(chunk(usage={"prompt_tokens": 0}), chunk(usage={"completion_tokens": 0})),
        [done("truncated", prompt_tokens=0, completion_tokens=0, raw={"prompt_tokens": 0, "completion_tokens": 0})],
    ),
    Case(
        "U1: a zero beside what is not is a number",
        sse(
            chunk(usage={"prompt_tokens": 5, "completion_tokens": 5}),
            chunk(usage={"prompt_tokens": 6, "completion_tokens": 0}),
        ),
        [done("truncated", prompt_tokens=6, completion_tokens=0, raw={"prompt_tokens": 6, "completion_tokens": 0})],
    ),
    Case(
        "U2: of the five places in one payload the outermost wins",
        sse(
            chunk(
                choice(
                    {"usage": {"prompt_tokens": 4, "completion_tokens": 4, "cached_tokens": 4, "reasoning_tokens": 4}},
                    usage={"prompt_tokens": 3, "completion_tokens": 3, "cached_tokens": 3},
                    message={
                        "usage": {
                            "prompt_tokens": 5,
                            "completion_tokens": 5,
                            "cached_tokens": 5,
                            "reasoning_tokens": 5,
                            "total_tokens": 5,
                        }
                    },
                ),
                x_groq={"usage": {"prompt_tokens": 2, "completion_tokens": 2}},
                usage={"prompt_tokens": 1},
            ),
        ),
        [
            done(
                "truncated",
                prompt_tokens=1,
                completion_tokens=2,
                cached_tokens=3,
                reasoning_tokens=4,
                total_tokens=5,
                raw={
                    "prompt_tokens": 1,
                    "completion_tokens": 2,
                    "cached_tokens": 3,
                    "reasoning_tokens": 4,
                    "total_tokens": 5,
                },
            )
        ],
    ),
    Case(
        "U2: usage that is no object is none, wherever it stands",
        sse(
            chunk(choice({"usage": 5}, usage=[1], message={"usage": "x"}), usage="no", x_groq={"usage": [3]}),
            chunk(x_groq=5),
        ),
        [done("truncated")],
    ),
]


# Of several fields for one number the first in this order is taken, although the others have come too.
PRECEDENCE = {
    "total_tokens": ("total_tokens",),
    "prompt_tokens": ("prompt_tokens", "input_tokens"),
    "completion_tokens": ("completion_tokens", "output_tokens"),
    "cached_tokens": (
        "prompt_tokens_details.cached_tokens",
        "cached_tokens",
        "prompt_cache_hit_tokens",
        "cache_read_input_tokens",
        "input_tokens_details.cached_tokens",
    ),
    "cache_write_tokens": (
        "prompt_tokens_details.cache_write_tokens",
        "input_tokens_details.cache_write_tokens",
        "cache_creation_input_tokens",
    ),
    "reasoning_tokens": (
        "completion_tokens_details.reasoning_tokens",
        "reasoning_tokens",
        "output_tokens_details.reasoning_tokens",
        "output_tokens_details.thinking_tokens",
    ),
}


class TestCases(Checks):
    cases = USAGE


def usage_of(paths):
    """A usage object with 0 at the first of `paths` (``"usage.field"``), 1 at the next, and so on."""
    usage: dict[str, Any] = {}
    for number, path in enumerate(paths):
        head, _, name = path.partition(".")
        if name:
            usage.setdefault(head, {})[name] = number
        else:
            usage[head] = number
    return usage


@pytest.mark.parametrize(("field", "path"), [(field, path) for field in PRECEDENCE for path in PRECEDENCE[field]])
def test_each_usage_field_counts_alone(field, path):
    """U3: an integer, zero included."""
    (last,) = read(sse(chunk(usage=usage_of([path]))))
    assert last == done("truncated", **{field: 0, "raw": usage_of([path])})


@pytest.mark.parametrize(("field", "at"), [(field, at) for field in PRECEDENCE for at in range(len(PRECEDENCE[field]))])
def test_the_first_of_several_usage_fields_is_taken(field, at):
    """U3: "first present", whatever came last."""
    usage = usage_of(PRECEDENCE[field][at:])
    (last,) = read(sse(chunk(usage=usage)))
    assert last == done("truncated", **{field: 0, "raw": usage})

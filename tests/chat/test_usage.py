"""The counts of tokens, merged over all usage objects of an answer."""

from __future__ import annotations

import msgspec
import pytest

from sse_events.chat import Usage
from sse_events.chat.usage import Tally, integers


def test_integers():
    usage = {
        "a": 1,
        "b": {"c": 2.0, "d": {"e": 3}, "f": True},
        "f": None,
        "g": True,
        "h": [1],
        "i": 4.0,
        "j": 5,
        "k": 6.0,
    }
    paths = frozenset(("a", "b.c", "b.d", "b.f", "b", "f", "g", "h.0", "a.b", "i", "x.y"))
    assert integers(usage, paths) == {"a": 1, "b.c": 2, "i": 4}
    assert integers(None, frozenset(("a",))) == {}


def tally(**numbers):
    filled = Tally()
    filled.add(numbers, frozenset(numbers))
    return filled


def test_first():
    assert tally(b=0, c=2).first("a", "b", "c") == 0
    assert tally(x=1).first("a") is None


@pytest.mark.parametrize(
    ("numbers", "total"),
    [
        ({"a": 1, "b": 2, "c": 3}, 6),
        ({"a": 1, "c": 3}, 4),
        ({"a": 0}, 0),
        ({}, None),
        ({"a": 2**62, "b": 2**62}, None),
    ],
)
def test_total(numbers, total):
    assert tally(**numbers).total("a", "b", "c") == total


def test_nothing():
    assert Tally().common() == Usage()


def test_an_object_of_zeros_is_ignored_once_anything_is_known():
    counted = tally(prompt_tokens=0)
    counted.add({"prompt_tokens": 5, "total_tokens": 5})
    counted.add({"prompt_tokens": 0, "total_tokens": 9})
    assert counted.common() == Usage(prompt_tokens=5, total_tokens=5, raw={"prompt_tokens": 5, "total_tokens": 5})


@pytest.mark.parametrize("wrong", [None, 5, [], "x"])
def test_what_is_not_an_object_is_ignored(wrong):
    counted = Tally()
    counted.add(wrong)
    assert counted.common() == Usage()


def test_counts_past_64_bits_are_unknown():
    """A count that is repeated in an error message or in JSON must not raise there."""
    counted = Tally()
    counted.add({"prompt_tokens": int("9" * 4300), "input_tokens": 3})
    assert counted.common().prompt_tokens == 3
    assert msgspec.json.encode(counted.common())


def test_what_is_nested_too_deeply_to_be_copied_is_left_out():
    deep: object = []
    for _ in range(200):
        deep = [deep]
    counted = Tally()
    counted.add({"prompt_tokens": 1, "deep": deep})
    assert counted.common().raw == {}

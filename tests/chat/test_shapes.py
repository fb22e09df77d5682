"""Values that a provider may have written wrongly."""

from __future__ import annotations

import math

import pytest

from sse_events.chat.shapes import elements, integer, member, objects, string


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, 0),
        (5, 5),
        (-5, -5),
        (5.0, 5),
        (5.5, None),
        (True, None),
        (False, None),
        (None, None),
        ("5", None),
        ([], None),
        (2**63 - 1, 2**63 - 1),
        (2**63, None),
        (-(10**400), None),
        (1e300, None),
        (math.inf, None),
        (math.nan, None),
    ],
)
def test_integer(value, number):
    assert integer(value) == number
    assert type(integer(value)) is type(number)


@pytest.mark.parametrize(("value", "text"), [("a", "a"), ("", ""), (None, ""), (5, ""), ([], ""), (b"a", "")])
def test_string(value, text):
    assert string(value) == text


@pytest.mark.parametrize("wrong", [None, 5, "ab", {"a": 1}, True])
def test_what_is_not_a_list_has_no_elements(wrong):
    assert elements(wrong) == objects(wrong) == []


def test_elements_and_objects():
    assert elements([1, {"a": 1}]) == [1, {"a": 1}]
    assert objects([1, {"a": 1}, None, [{}], {}]) == [{"a": 1}, {}]


@pytest.mark.parametrize(
    ("value", "found"), [({"a": 1}, 1), ({"b": 1}, None), (None, None), (["a"], None), ("a", None)]
)
def test_member(value, found):
    assert member(value, "a") == found

"""Which fragments of a call's arguments may be written, and which complete them."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sse_events.chat.arguments import HeldArguments

# Fragments, those that may be written, those that are held, and whether they are finished.
CASES: dict[str, tuple[list[str], list[str], list[str], bool]] = {
    "a fragment that completes nothing": (['{"a":'], ['{"a":'], [], False),
    "the one that completes them": (['{"a":', "1}"], ['{"a":'], ["1}"], True),
    "all at once": (['{"a":1}'], [], ['{"a":1}'], True),
    "an array": (["[1,", "2]"], ["[1,"], ["2]"], True),
    "white space before": ([" \n", "{"], [" \n{"], [], False),
    "white space only": ([" "], [], [" "], False),
    "white space after": (["{", "}", " \n"], ["{"], ["}", " \n"], True),
    "something after": (["{", "}", "{"], ["{"], ["}", "{"], False),
    "something after, in one fragment": (["{}x"], [], ["{}x"], False),
    "a bracket in a string": (['{"a":"', "}", '"}'], ['{"a":"', "}"], ['"}'], True),
    "a quote in a string": (['{"a":"\\"', "}", '"}'], ['{"a":"\\"', "}"], ['"}'], True),
    "an escape that is cut": (['{"a":"\\', '"}', '"}'], ['{"a":"\\', '"}'], ['"}'], True),
    "an escaped backslash that is cut": (['{"a":"\\', '\\"', "}"], ['{"a":"\\', '\\"'], ["}"], True),
    "a number, which has no end": (["12", "3"], [], ["12", "3"], False),
    "null": (["null"], [], ["null"], False),
    "no JSON": (["hello"], [], ["hello"], False),
    "nested": (['{"a":[{', "}]", "}"], ['{"a":[{', "}]"], ["}"], True),
}


@pytest.mark.parametrize(("fragments", "free", "held", "finished"), CASES.values(), ids=CASES)
def test_json(fragments: list[str], free: list[str], held: list[str], finished: bool):
    arguments = HeldArguments(json=True, stream=True)
    assert [piece for piece in map(arguments.feed, fragments) if piece] == free
    assert arguments.held == held
    assert arguments.finished == finished


def test_free_text_is_never_held_or_finished():
    arguments = HeldArguments(json=False, stream=True)
    assert arguments.feed("{}") == "{}"
    assert not arguments.finished


@pytest.mark.parametrize("json", [True, False])
def test_without_a_stream_everything_is_held(json: bool):
    arguments = HeldArguments(json=json, stream=False)
    assert arguments.feed('{"a":') == arguments.feed("1}") == ""
    assert arguments.held == ['{"a":', "1}"]
    assert arguments.finished == json


@given(
    value=st.dictionaries(st.text(st.sampled_from('a"\\{}[]')), st.text(st.sampled_from('a"\\{}[]')), max_size=3),
    cuts=st.sets(st.integers(1, 60), max_size=6),
)
def test_exactly_the_last_fragment_of_a_json_object_is_held(value: Any, cuts: set[int]):
    text = json.dumps(value)
    places = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    fragments = [text[start:stop] for start, stop in pairwise(places)]
    arguments = HeldArguments(json=True, stream=True)
    for fragment in fragments[:-1]:
        assert arguments.feed(fragment) == fragment
        assert not arguments.finished
    assert arguments.feed(fragments[-1]) == ""
    assert arguments.finished

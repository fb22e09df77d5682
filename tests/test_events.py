"""The values: their defaults, that they are values, and an event's data as JSON."""

from __future__ import annotations

import copy
import pickle

import msgspec
import pytest

from sse_events.events import Comment, Event, UnknownField

VALUES = [Event("x"), Event("x", "add", "1", 5), Comment("x"), UnknownField("error", "x")]


def test_an_event_is_a_message_without_id_and_retry_unless_it_says_otherwise():
    assert Event("x") == Event(data="x", event="message", id="", retry=None)


@pytest.mark.parametrize("value", VALUES)
def test_values_are_frozen(value):
    with pytest.raises(AttributeError):
        setattr(value, value.__struct_fields__[0], "y")


@pytest.mark.parametrize("value", VALUES)
def test_values_hash_copy_and_pickle_by_what_they_hold(value):
    for twin in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert twin == value
        assert hash(twin) == hash(value)
    assert {value: 1}[twin] == 1


def test_values_of_different_classes_differ():
    assert len({*VALUES, Event("y"), Event("x", id="1"), Comment("y"), UnknownField("x", "error")}) == len(VALUES) + 4


class Point(msgspec.Struct):
    x: int


class TestJson:
    def test_without_a_type_it_is_what_json_holds(self):
        assert Event('{"a": [1, 2.5, null, true, "é"]}').json() == {"a": [1, 2.5, None, True, "é"]}

    @pytest.mark.parametrize(
        ("data", "type_", "value"), [('{"x": 1}', Point, Point(1)), ("[1]", list[int], [1]), ("null", int | None, None)]
    )
    def test_with_a_type_it_is_one_of_these(self, data, type_, value):
        assert Event(data).json(type_) == value
        assert Event(data).json(type=type_) == value

    @pytest.mark.parametrize(("data", "type_"), [("", object), ("[DONE]", object), ("{", Point), ('{"x": "1"}', Point)])
    def test_what_does_not_fit_is_a_value_error(self, data, type_):
        with pytest.raises(msgspec.DecodeError) as caught:
            Event(data).json(type_)
        assert isinstance(caught.value, ValueError)

    @pytest.mark.parametrize("data", [{"a": 1}, 5, None, b"{}"])
    def test_an_event_made_by_hand_of_what_is_not_text(self, data):
        with pytest.raises(TypeError, match=r"data must be a str, not .*: use Event\(json.dumps\(data\)\)"):
            Event(data).json()

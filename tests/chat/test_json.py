"""JSON as providers send it."""

from __future__ import annotations

import json
import math

import msgspec
import pytest

from sse_events.chat.json import arguments_text, compact_json, decode_json, is_json, is_object, is_shallow


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (" x", " x"),
        (0, "0"),
        (False, "false"),
        ([], "[]"),
        ({"a": [1, "é", 1.0]}, '{"a":[1,"é",1.0]}'),
    ],
)
def test_arguments_text(value, text):
    assert arguments_text(value) == text


def test_compact_json_of_what_json_does_not_know():
    with pytest.raises(TypeError):
        compact_json({1, 2})
    assert compact_json([{1}], lambda value: sorted(value)) == "[[1]]"


class TestDecode:
    """F6, F7: what msgspec refuses is tried once more with the standard library's json."""

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ('{"a":1}', {"a": 1}),
            (' [1, "é"] ', [1, "é"]),
            ('"\\ud83d"', "\ufffd"),
            ('"\\ud83d\\ude00"', "😀"),
            ('"\\ude00\\ud83d"', "\ufffd\ufffd"),
            ('"a\\ud83db"', "a\ufffdb"),
            ('{"\\ud83d":["\\udc00",{"x":"\\udc00"}]}', {"\ufffd": ["\ufffd", {"x": "\ufffd"}]}),
            ('["\\ufeffa","\\ud800"]', ["\ufeffa", "\ufffd"]),
            ("1e400", math.inf),
            ("-1e400", -math.inf),
            ("9" * 4300, int("9" * 4300)),
            ("9" * 4301, math.inf),
            ("-" + "9" * 5000, -math.inf),
            (str(2**64), 2**64),
            ('["\\ud800",12,-3,' + "9" * 4300 + "]", ["\ufffd", 12, -3, int("9" * 4300)]),
            ("true", True),
        ],
        ids=lambda value: ascii(value)[:30].replace("\\", "/"),  # pytest selects no test by a backslash
    )
    def test_reads(self, text, value):
        assert decode_json(text) == value

    @pytest.mark.parametrize(
        "text", ["", " ", "{", "NaN", "[Infinity]", "-Infinity", "'a'", '{"a":1}}', "nul", "\ufeff1", "01", '"\n"']
    )
    def test_refuses(self, text):
        with pytest.raises(ValueError):
            decode_json(text)

    def test_too_deep(self):
        with pytest.raises((ValueError, RecursionError)):
            decode_json("[" * 100_000 + "]" * 100_000)

    def test_into_a_type(self):
        class Numbers(msgspec.Struct):
            a: float

        decoder = msgspec.json.Decoder(Numbers)
        assert decode_json('{"a":1e400}', decoder.decode, Numbers) == Numbers(math.inf)
        with pytest.raises(msgspec.ValidationError):
            decode_json('{"a":"x"}', decoder.decode, Numbers)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (math.inf, "1e999"),
        (-math.inf, "-1e999"),
        ({"a": [math.inf, "Infinity", 1.5, None, {"é": -math.inf}]}, '{"a":[1e999,"Infinity",1.5,null,{"é":-1e999}]}'),
    ],
)
def test_numbers_out_of_range_are_written_as_numbers(value, text):
    """JSON has no infinity: ``Infinity`` would make whole arguments unreadable."""
    assert compact_json(value) == text
    assert json.loads(text) == decode_json(text) == value


@pytest.mark.parametrize(("text", "is_one"), [("{}", True), (" [1]", True), ("1e400", True), ("{", False), ("", False)])
def test_is_json(text, is_one):
    assert is_json(text) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"), [("{}", True), (' {"a": 1}\n', True), ("[]", False), ('{"a"', False), ("", False)]
)
def test_is_object(text, is_one):
    assert is_object(text) is is_one


@pytest.mark.parametrize(("levels", "shallow"), [(0, True), (100, True), (101, False), (5000, False)])
def test_is_shallow(levels, shallow):
    value: object = 1
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    assert is_shallow(value) is shallow

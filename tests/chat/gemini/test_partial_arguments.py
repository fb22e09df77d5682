"""Gemini: the arguments that the partialArgs of a streamed call make up."""

from __future__ import annotations

import copy
import json
import pickle
import random
from typing import Any

import pytest

from sse_events.chat import ChatStream, Raw, ToolCallEnd
from tests.chat.cases import check, done, read
from tests.chat.gemini.payloads import CLOSED, OPENED, call, chunk, piece, sse, whole_call
from tests.chat.reference import summarize
from tests.chat.summary import compare, fold

# Values in the order in which they come, and the arguments that they make.
VALUES: list[tuple[str, list[Any], str]] = [
    ("numbers", [piece("$.a", 1), piece("$.b", 0.5), piece("$.c", -2.0)], '{"a":1,"b":0.5,"c":-2.0}'),
    ("booleans", [piece("$.a", True), piece("$.b", False)], '{"a":true,"b":false}'),
    ("null", [{"jsonPath": "$.a", "nullValue": "NULL_VALUE"}], '{"a":null}'),
    ("text, not ASCII", [piece("$.a", "ü\u2028😀")], '{"a":"ü\u2028😀"}'),
    (
        "of two values one",
        [
            {"jsonPath": "$.a", "nullValue": None, "stringValue": "x"},
            {"jsonPath": "$.b", "boolValue": True, "numberValue": 1},
        ],
        '{"a":"x","b":1}',
    ),
    ("no value at all", [{"jsonPath": "$.a", "willContinue": True}], "{}"),
    ("keys in order of appearance", [piece("$.b", 1), piece("$.a", 2), piece("$.b", 3)], '{"b":3,"a":2}'),
    ("a string goes on", [piece("$.a", "x", True), piece("$.a", "y", True), piece("$.a", "z")], '{"a":"xyz"}'),
    ("a string that does not", [piece("$.a", "x"), piece("$.a", "y")], '{"a":"y"}'),
    ("a string that stopped going on", [piece("$.a", "x", True), piece("$.a", "y"), piece("$.a", "z")], '{"a":"z"}'),
    ("only true goes on", [piece("$.a", "x", 1), piece("$.a", "y")], '{"a":"y"}'),
    ("the end of a string may be empty", [piece("$.a", "x", True), piece("$.a", "")], '{"a":"x"}'),
    (
        "two strings in turn",
        [piece("$.a", "x", True), piece("$.b", "1", True), piece("$.a", "y")],
        '{"a":"xy","b":"1"}',
    ),
    ("a number ends a string", [piece("$.a", "x", True), piece("$.a", 5, True), piece("$.a", "y")], '{"a":"y"}'),
    ("objects", [piece("$.a.b.c", 1), piece("$.a.b.d", 2), piece("$.a.e", 3)], '{"a":{"b":{"c":1,"d":2},"e":3}}'),
    ("arrays", [piece("$.a[0]", "x"), piece("$.a[1]", "y"), piece("$.a[0]", "z")], '{"a":["z","y"]}'),
    (
        "objects in arrays",
        [piece("$.a[0].b", 1), piece("$.a[0].c", 2), piece("$.a[1].b", 3)],
        '{"a":[{"b":1,"c":2},{"b":3}]}',
    ),
    ("arrays in arrays", [piece("$.a[0][0]", 1), piece("$.a[0][1]", 2), piece("$.a[1][0]", 3)], '{"a":[[1,2],[3]]}'),
    ("elements that are left out are null", [piece("$.a[2]", 1), piece("$.a[0]", 0)], '{"a":[0,null,1]}'),
    ("a thousand of them", [piece("$.a[1000]", 1)], '{"a":[' + "null," * 1000 + "1]}"),
    (
        "a thousand of them, in all",
        [piece("$.a[500]", 1), piece("$.b[500]", 1)],
        '{"a":[%s1],"b":[%s1]}' % (("null," * 500,) * 2),
    ),
    ("a string in an array goes on", [piece("$.a[0]", "x", True), piece("$.a[0]", "y")], '{"a":["xy"]}'),
    ("single quotes", [piece("$['a b'].c", 1), piece("$['it's']['d.e']", 2)], '{"a b":{"c":1},"it\'s":{"d.e":2}}'),
    ("double quotes", [piece('$["a]"]["b"]', 1), piece("$['']", 2)], '{"a]":{"b":1},"":2}'),
    ("a line end in quotes", [piece("$['a\nb']", 1)], '{"a\\nb":1}'),
    ("one place under two spellings", [piece("$.a", "x", True), piece("$['a']", "y")], '{"a":"xy"}'),
    ("a value gives way to an object", [piece("$.a", "x", True), piece("$.a.b", 1)], '{"a":{"b":1}}'),
    ("an object gives way to a value", [piece("$.a.b", "x", True), piece("$.a", "y")], '{"a":"y"}'),
    ("null gives way to an object in an array", [piece("$.a[1]", 1), piece("$.a[0].b", 2)], '{"a":[{"b":2},1]}'),
    ("as deep as a path may lead", [piece("$" + ".a" * 100, 1)], '{"a":' * 100 + "1" + "}" * 100),
]

# Paths that lead nowhere; the value is lost, so the call may not be run.
NOWHERE: list[tuple[str, Any]] = [
    ("missing", None),
    ("a number", 5),
    ("a list", ["$.b"]),
    ("empty", ""),
    ("the root", "$"),
    ("no root", "b"),
    ("no root, but a dot", ".b"),
    ("another root", "@.b"),
    ("a dot without a name", "$.b."),
    ("two dots", "$..b"),
    ("an index that is none", "$.b[x]"),
    ("a wildcard", "$.b[*]"),
    ("a negative index", "$.b[-1]"),
    ("no index", "$.b[]"),
    ("a slice", "$.b[0:1]"),
    ("an unclosed bracket", "$.b[0"),
    ("an unclosed quote", "$['b]"),
    ("quotes that do not match", "$['b\"]"),
    ("an index into an object", "$[0]"),
    ("an index into an object further down", "$.o[0].b"),
    ("a name in an array", "$.l.b"),
    ("a name in an array further down", "$.l.b.c"),
    ("an index past what may be left out", "$.l[1002]"),
    ("a huge index", "$.l[999999999]"),
    ("a huge index on the way", "$.l[999999999].b"),
    ("an index beyond any number", "$.l[" + "9" * 5000 + "]"),
    ("digits of another script", "$.l[\u0661]"),
    ("deeper than a path may lead", "$" + ".o" * 101),
    ("far deeper", "$" + "[0]" * 200_000),
    ("a name without end", "$['" + "['" * 200_000),
]


class TestPartialArguments:
    @staticmethod
    def body(partial_args: list[Any]) -> bytes:
        return sse(OPENED, *(chunk(call(partial, more=True)) for partial in partial_args), CLOSED)

    @pytest.mark.parametrize(("partial_args", "arguments"), [pytest.param(*row[1:], id=row[0]) for row in VALUES])
    def test_make_up_the_arguments(self, partial_args, arguments):
        check(self.body(partial_args), [*whole_call(arguments), done("truncated")], "auto", "gemini")
        in_one = sse(OPENED, chunk(call(*partial_args)))
        assert read(in_one) == [*whole_call(arguments), done("truncated")]

    @pytest.mark.parametrize(("partial_args", "arguments"), [pytest.param(*row[1:], id=row[0]) for row in VALUES])
    def test_end_with_the_stream(self, partial_args, arguments):
        body = self.body(partial_args).removesuffix(sse(CLOSED))
        assert read(body) == [*whole_call(arguments, complete=False), done("truncated")]

    @pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in NOWHERE])
    def test_a_value_whose_path_leads_nowhere_is_lost_and_the_call_not_complete(self, path):
        rest = [piece("$.o.p", 1), piece("$.l[0]", 2), piece(path, 3), piece("$.o.q", 4)]
        assert read(self.body(rest)) == [*whole_call('{"o":{"p":1,"q":4},"l":[2]}', complete=False), done("truncated")]

    def test_what_is_left_out_is_counted_over_the_whole_call(self):
        partial_args = [piece(f"$.l{at}[999]", at) for at in range(200)]
        (end,) = [event for event in read(self.body(partial_args)) if isinstance(event, ToolCallEnd)]
        assert json.loads(end.arguments) == {"l0": [None] * 999 + [0], **{f"l{at}": [] for at in range(1, 200)}}
        assert not end.complete

    def test_what_is_left_out_adds_up(self):
        partial_args = [piece(path, 1) for path in ("$.a[400]", "$.b[400]", "$.c[400]", "$.d[200]")]
        (end,) = [event for event in read(self.body(partial_args)) if isinstance(event, ToolCallEnd)]
        gap = [None] * 400
        assert json.loads(end.arguments) == {"a": [*gap, 1], "b": [*gap, 1], "c": [], "d": [*gap[:200], 1]}

    def test_what_was_left_out_and_came_later_is_not_counted_back(self):
        partial_args = [piece("$.l[1000]", 1), piece("$.l[0]", 0), piece("$.l[1000]", 1), piece("$.m[1]", 1)]
        (end,) = [event for event in read(self.body(partial_args)) if isinstance(event, ToolCallEnd)]
        assert json.loads(end.arguments) == {"l": [0, *[None] * 999, 1], "m": []}
        assert not end.complete

    def test_array_without_gaps_may_be_of_any_length(self):
        partial_args = [piece(f"$.l[{at}]", at) for at in range(3000)]
        (end,) = [event for event in read(self.body(partial_args)) if isinstance(event, ToolCallEnd)]
        assert json.loads(end.arguments) == {"l": list(range(3000))}
        assert end.complete

    def test_a_string_of_many_pieces_is_joined_once(self):
        stream = ChatStream()
        stream.feed(sse(OPENED))
        for _ in range(5000):
            stream.feed(sse(chunk(call(piece("$.a", "0123456789", True), more=True))))
        events = stream.feed(sse(CLOSED))
        assert events == whole_call(json.dumps({"a": "0123456789" * 5000}, separators=(",", ":")))[1:]

    def test_agree_with_the_reference(self):
        """Random values at random paths of a few names, kinds and spellings."""
        for seed in range(400):
            generator = random.Random(seed)
            payloads = []
            for _ in range(generator.randint(1, 12)):
                steps = "".join(
                    generator.choice((".a", ".b", "[0]", "[1]", "['c']")) for _ in range(generator.randint(0, 2))
                )
                path = generator.choice(("$.a", "$.b", "$.c")) + steps.replace("['c']", ".c")
                value = generator.choice(("x", "yz", "", 1, 0.5, True, None))
                partial = piece(path, value, generator.choice((True, False, None)))
                payloads.append(chunk(call(partial, more=generator.random() < 0.9)))
                if generator.random() < 0.2:
                    payloads.append(generator.choice((OPENED, CLOSED, chunk(call(name="g", args={"a": 1})))))
            body = sse(OPENED, *payloads)
            assert compare(summarize(body), fold(read(body), "gemini")) == [], seed

    def test_no_raw_event_changes_afterwards(self):
        stream = ChatStream(raw=True)
        first = stream.feed(sse(chunk(call(name="f", args={"a": {"b": [1]}}, more=True))))
        stream.feed(sse(chunk(call(piece("$.a.b[0]", 2)))))
        assert first[0] == Raw(chunk(call(name="f", args={"a": {"b": [1]}}, more=True)))

    @pytest.mark.parametrize(
        "copied", [lambda it: pickle.loads(pickle.dumps(it)), copy.deepcopy], ids=["pickle", "deepcopy"]
    )
    def test_a_stream_may_be_copied_within_a_call(self, copied):
        body = self.body([piece("$.a[0].b", "x", True), piece("$.a[0].b", "y"), piece("$.c", 1)])
        whole = read(body)
        for at in range(0, len(body), 7):
            stream = ChatStream()
            before = stream.feed(body[:at])
            twin = copied(stream)
            assert before + stream.feed(body[at:]) + stream.close() == whole
            assert before + twin.feed(body[at:]) + twin.close() == whole

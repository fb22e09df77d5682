"""Errors: the sixteen shapes in streams of status 200, bodies that are not streams, and the end after an error."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from sse_events.chat import ChatStream, Done, Error, Finish, Raw, Token
from tests.chat.cases import check, check_cuts, done, read, sse, text_of
from tests.chat.chunkings import per_byte, sixteen

TEXT = {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "a"}}]}
MORE = {"choices": [{"index": 0, "delta": {"content": "b"}}]}
STOP = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
NO_MESSAGE = "the provider reported an error without a message"


def beside(**members):
    """A chunk like any other, with an error in it."""
    return {"choices": [{"index": 0, "delta": {"content": "b"}}], **members}


class Shape(NamedTuple):
    name: str
    payload: Any
    message: str
    code: str | int | None

    @property
    def error(self) -> Error:
        return Error("provider", self.message, self.code, text_of(self.payload))


SHAPES: list[tuple[Any, ...]] = [
    ("1: error object", {"error": {"message": "boom", "type": "t", "code": "c", "param": None}}, "boom", "c"),
    ("1: code is an int", {"error": {"message": "boom", "code": 429}}, "boom", 429),
    (
        "1: code is null",
        {"error": {"message": "boom", "type": "insufficient_quota", "code": None}},
        "boom",
        "insufficient_quota",
    ),
    ("2: error string", {"error": "boom"}, "boom", None),
    (
        "4: in the choice",
        {"choices": [{"index": 0, "error": {"message": "boom", "code": 502}, "delta": {}}]},
        "boom",
        502,
    ),
    ("4: in the choice, a string", {"choices": [{"error": "boom", "delta": {}}]}, "boom", None),
    ("4: in the first of two choices", {"choices": [{"error": "boom"}, {"index": 1, "delta": {}}]}, "boom", None),
    ("4: in another choice", {"choices": [{"index": 3, "error": {"message": "boom"}, "delta": {}}]}, "boom", None),
    (
        "6: flat",
        {"object": "error", "message": "boom", "type": "BadRequestError", "param": None, "code": 400},
        "boom",
        400,
    ),
    (
        "6: mistral",
        {"object": "error", "message": "boom", "type": "x", "code": "1", "raw_status_code": 400},
        "boom",
        "1",
    ),
    ("7: error_type", {"error_type": "x", "error_message": "boom", "choices": None}, "boom", "x"),
    ("7: error_message alone", {"error_message": "boom"}, "boom", None),
    ("7: error_type alone", {"error_type": "x"}, NO_MESSAGE, "x"),
    ("8: success false, error object", {"success": False, "error": {"message": "boom", "code": 1}}, "boom", 1),
    ("8: success false, nothing else", {"success": False, "error": {}}, NO_MESSAGE, None),
    ("8: success false, message", {"success": False, "message": "boom"}, "boom", None),
    ("9: base_resp", {"base_resp": {"status_code": 1004, "status_msg": "boom"}}, "boom", 1004),
    ("9: base_resp without words", {"base_resp": {"status_code": 1004, "status_msg": None}}, NO_MESSAGE, 1004),
    ("10: x_groq", {"choices": [], "x_groq": {"error": "boom"}}, "boom", None),
    ("10: x_groq object", {"x_groq": {"id": "r", "error": {"message": "boom", "code": 5}}}, "boom", 5),
    ("11: detail", {"detail": "boom"}, "boom", None),
    ("11: detail object", {"detail": {"message": "boom"}}, "boom", None),
    ("11: detail list", {"detail": [{"loc": ["body"], "msg": "field required"}]}, NO_MESSAGE, None),
    ("12: a list", [{"error": {"code": 400, "message": "boom", "status": "INVALID_ARGUMENT"}}], "boom", 400),
    ("12: a list, not first", [5, {}, None, {"error": "boom"}], "boom", None),
    (
        "16: anthropic",
        {"type": "error", "error": {"type": "overloaded_error", "message": "boom"}},
        "boom",
        "overloaded_error",
    ),
    ("16: type error alone", {"type": "error", "code": "x", "message": "boom", "param": None}, "boom", "x"),
    # What M(x) finds.
    ("M: an object in message", {"error": {"message": {"message": "boom"}}}, "boom", None),
    ("M: an object in error", {"error": {"message": None, "error": {"detail": "boom", "code": 7}}}, "boom", 7),
    ("M: message before error", {"error": {"error": "second", "message": "boom"}}, "boom", None),
    ("M: an object that says nothing gives way", {"error": {"message": {"x": 1}, "detail": "boom"}}, "boom", None),
    ("M: details", {"error": {"details": "boom", "error_message": "later"}}, "boom", None),
    ("M: error_message", {"error": {"message": 5, "error_message": "boom"}}, "boom", None),
    ("M: nothing", {"error": {"msg": "boom"}}, NO_MESSAGE, None),
    ("M: an empty message is one", {"error": {"message": "", "code": 5}}, "", 5),
    ("code: status_code", {"error": {"message": "boom", "status_code": 503, "type": "t"}}, "boom", 503),
    ("code: status", {"error": {"message": "boom", "status": "UNAVAILABLE"}}, "boom", "UNAVAILABLE"),
    (
        "code: neither true nor a list",
        {"error": {"message": "boom", "code": True, "type": [], "status": ""}},
        "boom",
        None,
    ),
]


@pytest.mark.parametrize("shape", [pytest.param(Shape(*row), id=row[0]) for row in SHAPES])
class TestInTheStream:
    def test_first(self, shape):
        """No text, no dialect: the error alone."""
        body = sse(shape.payload)
        for chunks in ([body], [body[:9], body[9:]]):
            stream = ChatStream()
            events = [event for chunk in chunks for event in stream.feed(chunk)] + stream.close()
            assert events == [shape.error, done("error")]
            # Only a list of choices decides a dialect here.
            shows = isinstance(shape.payload, dict) and isinstance(shape.payload.get("choices"), list)
            assert stream.dialect == ("openai" if shows else None)

    def test_after_text(self, shape):
        check(sse(TEXT, shape.payload), [Token("a"), shape.error, done("error")], "auto", "openai")

    def test_the_stream_goes_on_and_a_proper_end_settles_it(self, shape):
        """S1: a finish word in a later payload."""
        body = sse(TEXT, shape.payload, MORE, STOP)
        assert read(body) == [Token("a"), shape.error, Token("b"), Finish("stop", "stop"), done("finished", "stop")]
        check_cuts(body)

    def test_the_sentinel_alone_is_no_proper_end(self, shape):
        assert read(sse(TEXT, shape.payload, "[DONE]"))[-1] == done("error")

    def test_an_earlier_finish_is_none(self, shape):
        assert read(sse(TEXT, STOP, shape.payload, "[DONE]"))[-1] == done("error", "stop")

    def test_the_same_words_twice_are_one_error(self, shape):
        events = read(sse(TEXT, shape.payload, MORE, shape.payload))
        assert events == [Token("a"), shape.error, Token("b"), done("error")]

    def test_raw_changes_nothing(self, shape):
        body = sse(TEXT, shape.payload, MORE)
        assert [event for event in read(body, raw=True) if not isinstance(event, Raw)] == read(body)


@pytest.mark.parametrize(
    "members",
    [
        {"error": {"message": "boom"}},
        {"error": "boom"},
        {"type": "error", "message": "boom"},
        {"object": "error", "message": "boom"},
        {"error_message": "boom"},
        {"success": False, "message": "boom"},
        {"base_resp": {"status_code": 1, "status_msg": "boom"}},
        {"x_groq": {"error": "boom"}},
    ],
    ids=lambda members: next(iter(members)) + " " + type(next(iter(members.values()))).__name__,
)
class TestBesideText:
    """E2: a payload with an error is read like any other, wherever in the stream it comes."""

    def test_first(self, members):
        assert [type(event) for event in read(sse(beside(**members)))] == [Token, Error, Done]

    def test_later(self, members):
        payload = beside(**members)
        events = read(sse(TEXT, payload))
        assert [event.message for event in events if isinstance(event, Error)] == ["boom"]
        assert events[:2] == [Token("a"), Token("b")]
        assert events[-1] == done("error")

    def test_with_the_finish(self, members):
        """The end has to come in a later payload."""
        assert read(sse(TEXT, STOP | members, "[DONE]"))[-1] == done("error", "stop")


@pytest.mark.parametrize(
    "members",
    [
        {"error": "boom"},
        {"object": "error", "message": "boom"},
        {"error_message": "boom"},
        {"success": False, "message": "boom"},
        {"base_resp": {"status_code": 1, "status_msg": "boom"}},
        {"x_groq": {"error": "boom"}},
    ],
    ids=lambda members: next(iter(members)),
)
@pytest.mark.parametrize(
    "delta",
    [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a"}},
        {"type": "response.output_text.delta", "output_index": 0, "delta": "a"},
        {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "a"}}}},
        {"event_type": "step.delta", "index": 0, "delta": {"type": "text", "text": "a"}},
        {"candidates": [{"content": {"parts": [{"text": "a"}]}}]},
    ],
    ids=["anthropic", "responses", "cohere", "interactions", "gemini"],
)
def test_a_gateways_error_beside_the_text_of_any_dialect(delta, members):
    events: list[Any] = read(sse(delta, delta | members))
    assert [type(event) for event in events] == [Token, Token, Error, Done]
    assert (events[2].message, events[3].status) == ("boom", "error")


@pytest.mark.parametrize(
    "payload",
    [
        {"error": None},
        {"error": ""},
        {"error": {}},
        {"error": False},
        {"error": 0},
        {"error": True},
        {"error": 5},
        {"error": ["x"]},
        {"choices": [{"error": None, "delta": {}}, {"error": {}, "delta": {}}, "error"]},
        {"choices": {"error": "x"}},
        {"type": "Error"},
        {"object": "errors"},
        {"error_type": None, "error_message": ""},
        {"success": None},
        {"success": True},
        {"success": 0},
        {"base_resp": {"status_code": 0, "status_msg": ""}},
        {"base_resp": None},
        {"base_resp": 5},
        {"x_groq": {"error": None}},
        {"x_groq": "error"},
        {"detail": None},
        {"detail": ""},
        *({"detail": "x", key: None} for key in ("choices", "candidates", "type", "object", "event_type")),
        {"message": "x", "code": 5},
        [{"message": "x"}],
        ["error"],
    ],
    ids=json.dumps,
)
def test_what_is_no_error(payload):
    assert read(sse(TEXT, payload, "[DONE]")) == [Token("a"), done("complete")]
    assert read(sse(payload, TEXT, "[DONE]"), "openai") == [Token("a"), done("complete")]


@pytest.mark.parametrize(
    ("payload", "message"),
    [('{"error":"bo\\ud83dom"}', "bo\ufffdom"), ('{"error":"boom","other":1e400}', "boom")],
    ids=["a lone surrogate", "a number out of range"],
)
def test_in_json_that_msgspec_refuses(payload, message):
    for body in (sse(payload), sse(TEXT, payload)):
        assert read(body)[-2:] == [Error("provider", message, None, payload), done("error")]


class TestOrder:
    """E1: the first shape that fits says what the error is."""

    LADDER = (
        {"error": {"message": "1"}},
        {"choices": [{"error": {"message": "2"}}]},
        {"type": "error", "message": "34"},
        {"error_message": "5"},
        {"success": False, "message": "6"},
        {"base_resp": {"status_code": 1, "status_msg": "7"}},
        {"x_groq": {"error": "8"}},
        {"detail": "9"},
    )
    SAYS = ("1", "2", "34", "5", "6", "7", "8", "9")

    @pytest.mark.parametrize("at", range(8), ids=SAYS)
    def test_of_shapes(self, at):
        payload: dict[str, Any] = {}
        for rung in reversed(self.LADDER[at:]):
            payload |= rung
        events = read(sse(payload))
        assert [event.message for event in events if isinstance(event, Error)] == [self.SAYS[at]]


class TestEventError:
    """An SSE event of type error."""

    def test_object(self):
        """5: TGI's."""
        body = sse(TEXT) + sse({"code": 13, "details": "boom"}, event="error")
        check(
            body,
            [Token("a"), Error("provider", "boom", 13, '{"code":13,"details":"boom"}'), done("error")],
            "auto",
            "openai",
        )

    def test_groq(self):
        raw = {
            "error": {
                "message": "boom",
                "type": "t",
                "code": "tool_use_failed",
                "failed_generation": "x",
                "status_code": 400,
            }
        }
        body = sse(TEXT) + sse(raw, event="error")
        assert read(body) == [Token("a"), Error("provider", "boom", "tool_use_failed", text_of(raw)), done("error")]

    def test_first(self):
        """D6: it decides no dialect."""
        stream = ChatStream()
        body = sse({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, event="error")
        assert stream.feed(body) + stream.close() == [
            Error("provider", "Overloaded", "overloaded_error", body[19:-2].decode()),
            done("error"),
        ]
        assert stream.dialect is None

    def test_no_json(self):
        """F6: the data is the message."""
        for body in (sse("boom", event="error"), sse(TEXT) + sse("boom", event="error")):
            assert read(body)[-2:] == [Error("provider", "boom", None, "boom"), done("error")]

    def test_too_deep(self):
        deep = "[" * 100_000
        assert read(sse(TEXT) + sse(deep, event="error"))[1] == Error("provider", deep, None, deep)

    def test_a_list_of_objects(self):
        """E12: each is looked at."""
        raw = '[{"message":"boom"}]'
        assert read(sse(TEXT) + sse(raw, event="error")) == [
            Token("a"),
            Error("provider", "boom", None, raw),
            done("error"),
        ]

    def test_without_words(self):
        assert read(sse(TEXT) + sse({"x": 1}, event="error"))[1] == Error("provider", NO_MESSAGE, None, '{"x":1}')

    def test_is_also_read_as_a_payload(self):
        """E2."""
        events = read(sse(TEXT) + sse(MORE, event="error"))
        assert [type(event) for event in events] == [Token, Token, Error, Done]

    @pytest.mark.parametrize("data", ["", "  ", "null", '"boom"', "5", "[]", "[DONE]"])
    def test_blank_and_what_is_no_object(self, data):
        assert not any(isinstance(event, Error) for event in read(sse(TEXT) + sse(data, event="error")))

    def test_a_proper_end_may_come(self):
        for first in (sse("boom", event="error"), sse(TEXT) + sse("boom", event="error")):
            assert read(first + sse(TEXT, STOP))[-1] == done("finished", "stop")

    @pytest.mark.parametrize("name", ["Error", "errors", "message", "ping"])
    def test_other_types_are_none(self, name):
        assert read(sse(TEXT) + sse({"x": 1}, event=name)) == [Token("a"), done("truncated")]

    def test_the_type_is_of_one_event(self):
        assert read(sse("boom", event="error") + sse(TEXT))[1:] == [Token("a"), done("error")]


class TestErrorField:
    """13, F3: a field of the name `error`, which a conforming parser drops."""

    def test_llama_cpp(self):
        raw = '{"code":500,"message":"boom","type":"server_error"}'
        body = sse(TEXT) + b"error: " + raw.encode() + b"\n\n"
        check(body, [Token("a"), Error("provider", "boom", 500, raw), done("error")], "auto", "openai")

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("error: boom", "boom"),
            ("error:boom", "boom"),
            ('error: "boom"', "boom"),
            ("error: 5", NO_MESSAGE),
            ("error: {}", NO_MESSAGE),
            ('error: {"message":"bo\\ud83dom"}', "bo\ufffdom"),
            ("error: " + "[" * 100_000, "[" * 100_000),
        ],
        ids=["words", "no space", "string", "number", "object", "lone surrogate", "too deep"],
    )
    def test_values(self, line, message):
        for body in (line.encode(), line.encode() + b"\n\n" + sse(TEXT), sse(TEXT) + line.encode() + b"\n" + sse(MORE)):
            events = read(body)
            assert [event.message for event in events if isinstance(event, Error)] == [message]
            assert events[-1] == done("error")

    @pytest.mark.parametrize(
        "line", ["error:", "error", "error: ", "Error: boom", " error: boom", "errors: boom", "err: boom"]
    )
    def test_what_is_none(self, line):
        assert read(sse(TEXT) + line.encode() + b"\n\n") == [Token("a"), done("truncated")]

    def test_stands_at_its_line_before_the_event_it_is_in(self):
        body = b"error: boom\n" + sse(TEXT)
        assert [type(event) for event in read(body)] == [Error, Token, Done]

    def test_a_proper_end_may_come(self):
        for body in (b"error: boom\n\n" + sse(TEXT, STOP), sse(TEXT) + b"error: boom\n\n" + sse(STOP)):
            assert read(body)[-1] == done("finished", "stop")

    def test_an_end_before_it_is_none(self):
        """Also where the dialect was not known by then."""
        undecided = {"choices": [{"index": 0, "finish_reason": "stop"}]}
        for error in (b"error: boom\n\n", sse("boom", event="error"), sse({"error": "boom"}), sse([{"error": "boom"}])):
            assert read(sse(undecided) + error)[-1] == done("error", "stop")
            assert read(error + sse(undecided))[-1] == done("finished", "stop")


class TestErrorsHeldBack:
    """Errors before the dialect is known are reported when they come."""

    @pytest.mark.parametrize(
        "first", [sse({"error": "boom"}), sse("boom", event="error"), b"error: boom\n\n", sse([{"error": "boom"}])]
    )
    def test_at_once(self, first):
        stream = ChatStream()
        assert [type(event) for event in stream.feed(first)] == [Error]
        assert stream.feed(sse(TEXT)) == [Token("a")]
        assert stream.close() == [done("error")]

    def test_what_follows_them_is_no_proper_end(self):
        undecided = {"id": "", "object": "", "choices": [], "prompt_filter_results": []}
        assert read(sse({"error": "boom"}, undecided, TEXT))[1:] == [Token("a"), done("error")]

    def test_errors_alone_are_of_no_dialect_and_no_second_error(self):
        """N2."""
        for body in (
            sse({"error": "a"}, {"error": "b"}),
            sse({"error": "a"}, "[DONE]"),
            sse({"error": "a"}, "") + b": c\n\n",
        ):
            for dialect in ("auto", "openai"):
                events = read(body, dialect)
                assert {event.kind for event in events if isinstance(event, Error)} == {"provider"}
                assert events[-1] == done("error")


class TestDistinct:
    def test_messages(self):
        """Listed once per identical message, whatever the code."""
        events = read(sse(TEXT, {"error": "a"}, {"error": "b"}, {"error": {"message": "a", "code": 5}}))
        assert [event.message for event in events if isinstance(event, Error)] == ["a", "b"]

    def test_errors_in_one_list(self):
        events = read(sse(TEXT, [{"error": "a"}, {"error": "b"}, {"error": "a"}]))
        assert [event.message for event in events if isinstance(event, Error)] == ["a", "b"]

    def test_malformed_is_reported_each_time(self):
        assert sum(isinstance(event, Error) for event in read(sse(TEXT, "{", "{"))) == 2


ERROR = {"error": "boom"}


class TestStatus:
    """S1: what is a proper end, and what is not."""

    @pytest.mark.parametrize("word", ["stop", "length", "content_filter", "weird"])
    def test_any_word_but_error(self, word):
        end = {"choices": [{"delta": {}, "finish_reason": word}]}
        assert read(sse(TEXT, ERROR, end))[-1].status == "finished"  # type: ignore[union-attr]
        assert read(sse(TEXT, ERROR, end, "[DONE]"))[-1].status == "complete"  # type: ignore[union-attr]

    @pytest.mark.parametrize("word", ["error", "network_error", "", None])
    def test_a_word_that_means_error(self, word):
        end = {"choices": [{"delta": {}, "finish_reason": word}]}
        assert read(sse(TEXT, ERROR, end, "[DONE]"))[-1].status == "error"  # type: ignore[union-attr]

    def test_the_same_word_again_after_the_error(self):
        assert read(sse(TEXT, STOP, ERROR, STOP))[-1] == done("finished", "stop")

    def test_malformed_json_alone_does_not_fail_the_stream(self):
        assert read(sse(TEXT, "{", STOP))[-1] == done("finished", "stop", 1)


BODIES: list[tuple[Any, ...]] = [
    ("14: object", '{"error":{"message":"boom","type":"t","code":"c"}}', "boom", "c"),
    (
        "14: pretty-printed",
        json.dumps({"error": {"code": 404, "message": "boom", "status": "NOT_FOUND"}}, indent=2),
        "boom",
        404,
    ),
    ("14: list", '[{"error":{"code":404,"message":"boom"}}]', "boom", 404),
    ("14: a list of which the second speaks", '[{}, 5, {"error":{"code":404,"message":"boom"}}]', "boom", 404),
    ("14: string", '{"error":"boom"}', "boom", None),
    ("14: flat, doubleword's", '{"code":400,"message":"boom","type":"invalid"}', "boom", 400),
    ("14: detail", '{"detail":"boom"}', "boom", None),
    ("14: venice's", '{"error":"boom"}\r\n', "boom", None),
    ("14: JSON string", '"boom"', "boom", None),
    ("14: base_resp", '{"base_resp":{"status_code":1004,"status_msg":"boom"}}', "boom", 1004),
    ("14: no message", '{"error":{"code":5}}', '{"error":{"code":5}}', None),
    (
        "14: a whole completion",
        '{"object":"chat.completion","choices":[]}',
        '{"object":"chat.completion","choices":[]}',
        None,
    ),
    ("14: null", "null", "null", None),
    ("14: a list of nothing", "[]", "[]", None),
    ("14: NaN", '{"error":NaN}', '{"error":NaN}', None),
    ("14: a lone surrogate", '{"error":"bo\\ud83dom"}', "bo\ufffdom", None),
    (
        "15: HTML",
        "<!DOCTYPE html>\n<html>\n  <body>502</body></html>",
        "<!DOCTYPE html> <html> <body>502</body></html>",
        None,
    ),
    ("plain text", "upstream connect error", "upstream connect error", None),
    ("plain text, long", "x" * 1000, "x" * 200, None),
    ("lines of JSON", '{"error":"a"}\n{"error":"b"}\n', '{"error":"a"} {"error":"b"}', None),
]


@pytest.mark.parametrize("dialect", ["auto", "openai"])
@pytest.mark.parametrize("shape", [pytest.param(Shape(*row), id=row[0]) for row in BODIES])
class TestNotSSE:
    """F4: text, and not one line of SSE in it."""

    def test_report(self, shape, dialect):
        body = shape.payload
        check(body.encode(), [Error("not_sse", shape.message, shape.code, body), done("error")], dialect)

    @pytest.mark.parametrize(
        "before",
        ["\ufeff", "\n", "\r\n \n\t", "\ufeff\n", " " * 70_000],
        ids=["BOM", "LF", "lines", "BOM-LF", "spaces"],  # pytest selects no test by a backslash
    )
    def test_whitespace_and_a_bom_before_it(self, shape, dialect, before):
        body = (before + shape.payload).encode()
        events = read(body, dialect)
        assert events == read((per_byte if len(body) < 70_000 else sixteen)(body), dialect)
        assert events[0].message[:100] == shape.message[:100]  # type: ignore[union-attr]
        assert events[1:] == [done("error")]

    @pytest.mark.parametrize("line", [":", ": c", "data", "id: 1", "retry: 5", "event: x"])
    def test_one_line_of_sse_makes_it_a_stream(self, shape, dialect, line):
        for body in (f"{line}\n{shape.payload}", f"{shape.payload}\n{line}"):
            assert read(body.encode(), dialect) == [done("truncated")]


@pytest.mark.parametrize(
    "before", ["\n", " ", "\r\n\t", "\ufeff", "\ufeff\n"], ids=["LF", "space", "lines", "BOM", "BOM-LF"]
)
def test_a_mark_that_is_not_the_first_character_is_text(before):
    """F1: one byte order mark is dropped, at the very start; F4: what is left is text."""
    body = f"{before}\ufeff\n".encode()
    expected = [Error("not_sse", "\ufeff", None, "\ufeff\n"), done("error")]
    assert read(body, "auto") == read(per_byte(body), "auto") == expected


class TestNotSSELimits:
    def test_the_first_64_kib_are_kept(self):
        body = b"".join(b"%05d\n" % number for number in range(20_000))
        for chunks in (
            [body],
            [body[at : at + 1000] for at in range(0, len(body), 1000)],
            [body[:65536], body[65536:]],
        ):
            error, last = read(chunks)
            assert isinstance(error, Error)
            assert error.raw == body[: 64 * 1024].decode()
            assert last == done("error")

    def test_bytes_that_are_not_utf_8(self):
        check(b"caf\xe9", [Error("not_sse", "caf\ufffd", None, "caf\ufffd"), done("error")])

    def test_an_event_after_megabytes_of_other_lines_makes_it_a_stream(self):
        body = b"x\n" * 100_000 + sse(TEXT)
        assert read(body) == [Token("a"), done("truncated")]
        assert read([body[at : at + 4096] for at in range(0, len(body), 4096)]) == [Token("a"), done("truncated")]

    @pytest.mark.parametrize("body", [b"", b"\n", b"  \r\n\t \n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"])
    def test_blank_is_no_body(self, body):
        check(body, [done("truncated")])

    def test_an_unframed_line_amid_sse_is_an_unknown_field(self):
        body = sse(TEXT) + b'{"error":{"message":"lost"}}\n\n' + sse(MORE)
        assert read(body) == [Token("a"), Token("b"), done("truncated")]

    def test_a_name_that_only_resembles_one_is_none(self):
        for line in (b"Data: x", b" data: x", b"datum: x", b'"data": x', b"\xef\xbb\xbf\xef\xbb\xbfdata: x"):
            assert [type(event) for event in read(line)] == [Error, Done]

"""ChatStream: which dialect, limits, the end, and that no bytes make it raise."""

from __future__ import annotations

import copy
import itertools
import json
import pickle
from array import array
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_events import Comment, Event, UnknownField, WireParser
from sse_events.chat import ChatStream, Done, Error, Finish, Raw, Start, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from sse_events.chat.dialects import DIALECTS
from tests.chat.cases import check, done, read, sse
from tests.chat.chunkings import CHUNKINGS, per_byte
from tests.chat.summary import check_order
from tests.examples import examples

DONE = "[DONE]"
TEXT = {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "a"}}]}
STOP = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
AZURE = {"id": "", "object": "", "choices": [], "prompt_filter_results": []}
LEGACY = {"object": "text_completion", "choices": [{"text": "x", "index": 0, "finish_reason": "stop"}]}

# A payload that decides each dialect, and the text that it carries.
DECIDING = {
    "openai": TEXT,
    "anthropic": {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a"}},
    "responses": {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "a"},
    "gemini": {"candidates": [{"content": {"parts": [{"text": "a"}]}}]},
    "cohere": {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "a"}}}},
    "interactions": {"event_type": "step.delta", "index": 0, "delta": {"type": "text", "text": "a"}},
}


def call(arguments, **known):
    return {
        "choices": [{"index": 0, "delta": {"tool_calls": [{"index": 0, "function": {"arguments": arguments} | known}]}}]
    }


def kinds(events):
    return [event.kind for event in events if isinstance(event, Error)]


class TestArguments:
    def test_dialects(self):
        assert set(DECIDING) == set(DIALECTS)
        for name in DIALECTS:
            assert ChatStream(name).dialect == name  # type: ignore[arg-type]
        assert ChatStream().dialect is None
        assert ChatStream("auto").dialect is None

    @pytest.mark.parametrize("dialect", ["OpenAI", "", "azure"])
    def test_unknown_dialect(self, dialect):
        with pytest.raises(ValueError, match="dialect must be one of 'auto', 'openai'"):
            ChatStream(dialect)

    @pytest.mark.parametrize("choices", ["", "one", 0, None])
    def test_unknown_choices(self, choices):
        with pytest.raises((TypeError, ValueError), match="choices must be one of 'first', 'all'"):
            ChatStream(choices=choices)

    def test_negative_limit(self):
        with pytest.raises(ValueError, match="max_event_bytes"):
            ChatStream(max_event_bytes=-1)

    @pytest.mark.parametrize("data", ["data", 5, None, [1], ["data"]])
    def test_data_that_is_not_bytes_like(self, data):
        with pytest.raises(TypeError):
            ChatStream().feed(data)

    def test_bytes_like(self):
        body = sse(TEXT)
        for data in (body, bytearray(body), memoryview(body), memoryview(array("B", body))):
            assert ChatStream().feed(data) == [Token("a")]


class TestAuto:
    @pytest.mark.parametrize("dialect", DECIDING)
    def test_the_first_payload_that_decides(self, dialect):
        stream = ChatStream()
        assert stream.feed(sse(DECIDING[dialect])) == [Token("a")]
        assert stream.dialect == dialect

    @pytest.mark.parametrize(
        ("payload", "dialect"),
        [
            ({"object": "chat.completion.chunk", "choices": []}, "openai"),
            ({"object": "chat.completion.done", "choices": None}, "openai"),
            ({"choices": [{"delta": None}]}, "openai"),
            ({"choices": [5, {"message": {}}]}, "openai"),
            ({"object": "chat.completion.chunk"}, None),
            ({"choices": []}, None),
            ({"object": "", "choices": [{"index": 0, "content_filter_results": {}}]}, None),
            ({"object": "x.chat.completion", "choices": [{"finish_reason": "stop"}]}, None),
            ({"object": ["chat.completion"], "choices": {"delta": {}}}, None),
            *(
                ({"type": kind}, "anthropic")
                for kind in (
                    "message_start",
                    "content_block_start",
                    "content_block_delta",
                    "content_block_stop",
                    "message_delta",
                    "message_stop",
                )
            ),
            *(
                ({"type": kind}, None)
                for kind in ("ping", "error", "message", "MESSAGE_START", "", None, ["message_start"])
            ),
            ({"type": "response.created"}, "responses"),
            ({"type": "response.anything"}, "responses"),
            ({"type": "response"}, None),
            ({"candidates": None}, "gemini"),
            ({"usageMetadata": {}}, "gemini"),
            ({"promptFeedback": {}}, "gemini"),
            *(
                ({"type": kind}, "cohere")
                for kind in (
                    "message-start",
                    "content-start",
                    "content-delta",
                    "content-end",
                    "tool-plan-delta",
                    "tool-call-start",
                    "tool-call-delta",
                    "tool-call-end",
                    "citation-start",
                    "citation-end",
                    "message-end",
                )
            ),
            ({"type": "message-middle"}, None),
            ({}, None),
            ({"foo": 1}, None),
            ([TEXT], None),
        ],
        ids=repr,
    )
    def test_what_decides(self, payload, dialect):
        """D1 to D6."""
        stream = ChatStream()
        stream.feed(sse(payload))
        assert stream.dialect == dialect

    @pytest.mark.parametrize("dialect", DECIDING)
    def test_behind_what_decides_nothing(self, dialect):
        before = b": c\n\ndata:\n\n" + sse({"type": "ping"}, event="ping") + sse("null", {}, AZURE, {"foo": 1}, "{")
        stream = ChatStream()
        assert kinds(stream.feed(before)) == ["malformed_json"]
        assert stream.dialect is None
        assert stream.feed(sse(DECIDING[dialect])) == [Token("a")]
        assert stream.dialect == dialect

    def test_the_first_decision_holds(self):
        for first, second in itertools.permutations(DECIDING, 2):
            stream = ChatStream()
            stream.feed(sse(DECIDING[first], DECIDING[second]))
            assert stream.dialect == first

    def test_held_payloads_are_read_in_order_once_it_is_known(self):
        undecided = {
            "id": "c",
            "model": "m",
            "choices": [{"index": 0, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 3},
        }
        stream = ChatStream()
        assert stream.feed(sse(undecided)) == []
        assert stream.feed(sse(TEXT)) == [Start("c", "m"), Finish("stop", "stop"), Token("a")]
        assert stream.close() == [done("finished", "stop", prompt_tokens=3, raw={"prompt_tokens": 3})]

    def test_choices_that_decide_nothing_are_openai_if_nothing_else_comes(self):
        """D1, the last sentence."""
        check(sse(AZURE), [done("truncated")])
        stream = ChatStream()
        stream.feed(sse(AZURE, {"foo": 1}))
        assert stream.dialect is None
        assert stream.close() == [done("truncated")]
        assert stream.dialect == "openai"

    def test_choices_that_decide_nothing_give_way(self):
        stream = ChatStream()
        assert stream.feed(sse(AZURE, DECIDING["anthropic"])) == [Token("a")]
        assert stream.dialect == "anthropic"

    def test_what_comes_after_the_sentinel_decides_nothing(self):
        """D7."""
        stream = ChatStream()
        assert stream.feed(sse(DONE, TEXT)) == [done("complete")]
        assert stream.feed(sse(TEXT)) == []
        assert stream.dialect is None


class TestNamed:
    @pytest.mark.parametrize("dialect", DECIDING)
    def test_reads_as_auto_does(self, dialect):
        assert read(sse(DECIDING[dialect]), dialect) == [Token("a"), done("truncated")]

    @pytest.mark.parametrize(("dialect", "other"), list(itertools.permutations(DECIDING, 2)))
    def test_a_stream_of_another_dialect(self, dialect, other):
        """It is never guessed; nothing of it is read."""
        events = read(sse(DECIDING[other]), dialect)
        assert kinds(events) == ["unknown_dialect"]
        assert [type(event) for event in events] == [Error, Done]
        assert events[0].message.startswith(f"no payload is of the dialect {dialect!r}: ")  # type: ignore[union-attr]
        assert events[-1] == done("error")

    def test_payloads_before_the_first_that_decides_are_read(self):
        assert read(sse({"usage": {"prompt_tokens": 3}}, TEXT), "openai") == [
            Token("a"),
            done("truncated", prompt_tokens=3, raw={"prompt_tokens": 3}),
        ]

    def test_the_sentinel_ends_only_the_dialects_that_have_one(self):
        names: list[Any] = list(DECIDING)
        ended = {name for name in names if isinstance(ChatStream(name).feed(sse(DECIDING[name], DONE))[-1], Done)}
        assert ended == {"openai", "cohere"}
        ended = {name for name in names if ChatStream(name).feed(sse(DONE))}
        assert ended == {"openai", "cohere"}

    def test_nothing_came(self):
        for dialect in DECIDING:
            assert read(b"", dialect) == read(b": c\n\n", dialect) == [done("truncated")]


class TestLegacyCompletions:
    """D0: completions of the API before chat (vLLM, llama.cpp, old OpenAI) are text of the dialect openai."""

    @pytest.mark.parametrize("payload", [LEGACY, {"choices": [{"text": "x", "finish_reason": "stop"}]}], ids=repr)
    @pytest.mark.parametrize("dialect", ["auto", "openai"])
    def test_text(self, payload, dialect):
        check(sse(payload, DONE), [Token("x"), Finish("stop", "stop"), done("complete", "stop")], dialect)

    @pytest.mark.parametrize("payload", [{"object": "text_completion"}, {"choices": [{"text": None}]}], ids=repr)
    def test_decides_without_text(self, payload):
        stream = ChatStream()
        assert stream.feed(sse(payload)) == []
        assert stream.dialect == "openai"

    @pytest.mark.parametrize("choice", [{"text": "x", "delta": {}}, {"text": "x", "message": {}}], ids=repr)
    def test_text_beside_a_delta_or_a_message_repeats_it(self, choice):
        """Together mirrors the delta there."""
        assert read(sse({"choices": [choice]})) == [done("truncated")]

    def test_amid_chat(self):
        assert read(sse(TEXT, LEGACY))[:2] == [Token("a"), Token("x")]


class TestUnknownDialect:
    FOREIGN = (
        {"foo": 1},
        {"response": "text", "p": "abc"},
        {"type": "completion", "completion": " Hi", "stop_reason": None},
        {"event_type": "step", "step": {}},
        {"object": "thread.run.created", "id": "x"},
        {"type": "transcript.text.delta", "delta": "Hi"},
        {"output": "Hi"},
        {"results": [{"generated_text": "Hi"}], "model_id": "m"},
    )

    @pytest.mark.parametrize("payload", FOREIGN, ids=lambda payload: "-".join(payload))
    def test_report(self, payload):
        """N1."""
        fields = ", ".join(map(repr, payload))
        message = f"no payload is of any known dialect: the first one has {fields}"
        check(
            sse(payload),
            [Error("unknown_dialect", message, None, json.dumps(payload, separators=(",", ":"))), done("error")],
        )

    def test_the_first_of_them_is_shown(self):
        payload = {f"field{number}": 1 for number in range(20)}
        events = read(sse({"error": "x"}, payload, {"foo": 1}))
        assert events[1].raw == json.dumps(payload, separators=(",", ":"))  # type: ignore[union-attr]
        assert events[1].message.endswith("'field6', 'field7'")  # type: ignore[union-attr]
        assert read(sse({}))[0].message.endswith("the first one has no fields")  # type: ignore[union-attr]
        assert read(sse([1]))[0].message.endswith("the first one is not an object")  # type: ignore[union-attr]

    @pytest.mark.parametrize("framed_twice", ["5", "[1]", '"x"', "null"])
    def test_what_was_framed_twice_is_shown_as_it_came(self, framed_twice):
        text = f"data: {framed_twice}"
        message = "no payload is of any known dialect: the first one is not an object"
        check(sse(text), [Error("unknown_dialect", message, None, text), done("error")], "auto")

    @pytest.mark.parametrize("payload", FOREIGN, ids=lambda payload: "-".join(payload))
    def test_at_the_sentinel(self, payload):
        stream = ChatStream()
        assert stream.feed(sse(payload)) == []
        assert kinds(stream.feed(sse(DONE))) == ["unknown_dialect"]
        assert stream.close() == []
        assert stream.dialect is None

    def test_raw_shows_what_came(self):
        assert read(sse({"foo": 1}, 5), raw=True)[:2] == [Raw({"foo": 1}), Raw(5)]

    def test_errors_beside_foreign_payloads(self):
        for payloads in (({"error": "x"}, {"foo": 1}), ({"foo": 1}, {"error": "x"})):
            assert kinds(read(sse(*payloads))) == ["provider", "unknown_dialect"]

    def test_an_error_a_ping_alone(self):
        """N2: an error is not foreign; N1: a ping is."""
        assert kinds(read(sse({"error": "x"}))) == ["provider"]
        assert kinds(read(sse({"type": "ping"}))) == ["unknown_dialect"]

    def test_malformed_alone(self):
        assert read(sse("{"))[-1] == done("truncated", None, 1)


class TestLimits:
    TOO_LARGE = "an event is larger than max_event_bytes (200 bytes)"

    @pytest.mark.parametrize("cut", CHUNKINGS, ids=lambda cut: cut.__name__)
    def test_an_event_past_the_limit(self, cut):
        """What was complete before it is returned, nothing after it is."""
        body = sse(TEXT) + b"data: " + b"x" * 300 + b"\n\n" + sse(TEXT)
        assert read(cut(body), max_event_bytes=200) == [Token("a"), Error("protocol", self.TOO_LARGE), done("error")]

    def test_at_once(self):
        stream = ChatStream(max_event_bytes=200)
        assert stream.feed(sse(TEXT) + b"data: " + b"x" * 150) == [Token("a")]
        assert stream.feed(b"x" * 100) == [Error("protocol", self.TOO_LARGE), done("error")]
        assert stream.feed(b"x") == stream.feed(sse(TEXT)) == stream.close() == []

    def test_calls_are_not_complete_then(self):
        body = sse(call("{}", name="f"), STOP) + b"x" * 300
        ends = [event for event in read(body, max_event_bytes=200) if isinstance(event, ToolCallEnd)]
        assert [end.complete for end in ends] == [False]

    def test_none_is_no_limit(self):
        body = sse({"choices": [{"delta": {"content": "x" * (17 << 20)}}]})
        assert [type(event) for event in read(body)] == [Error, Done]
        assert [type(event) for event in read(body, max_event_bytes=None)] == [Token, Done]

    def test_a_long_body_that_is_no_stream(self):
        assert kinds(read(b"x" * 300, max_event_bytes=200)) == ["protocol"]

    def test_held_payloads_past_the_limit(self):
        stream = ChatStream(max_event_bytes=200)
        held = sse(AZURE)
        for _ in range(3):
            assert stream.feed(held) == []
        events = stream.feed(held)
        assert events[-1] == done("error")
        assert kinds(events) == ["protocol"]
        assert "200" in events[0].message  # type: ignore[union-attr]
        assert stream.feed(sse(TEXT)) == stream.close() == []

    def test_held_payloads_up_to_the_limit(self):
        size = len(json.dumps(AZURE, separators=(",", ":")))
        assert read(sse(AZURE, AZURE, TEXT), max_event_bytes=max(2 * size, 100)) == [Token("a"), done("truncated")]
        assert kinds(read(sse(AZURE, AZURE, TEXT), max_event_bytes=2 * size - 1)) == ["protocol"]
        assert read(sse(*[AZURE] * 50, TEXT), max_event_bytes=None) == [Token("a"), done("truncated")]

    def test_once_the_dialect_is_known_nothing_is_held(self):
        assert kinds(read(sse(TEXT, *[AZURE] * 50), max_event_bytes=200)) == []
        assert kinds(read(sse(TEXT) + b"error: lost\n\n" * 60, max_event_bytes=200)) == ["provider"]

    def test_what_follows_done_is_not_too_large(self):
        assert read(sse(TEXT, DONE) + b"x" * 300, max_event_bytes=200) == [Token("a"), done("complete")]

    def test_a_payload_is_held_once(self):
        body = sse({"unknown": "\U0001f600" + "x" * 100_000})
        stream = ChatStream()
        assert stream.feed(body) == []
        assert len(pickle.dumps(stream)) < 1.5 * len(body)

    def test_a_named_dialect_holds_too(self):
        assert kinds(read(sse(*[{"type": "ping"}] * 50), "anthropic", max_event_bytes=200)) == ["protocol"]

    @pytest.mark.parametrize("limit", range(0, 120, 3))
    def test_any_limit_in_any_chunking(self, limit):
        for body in (
            sse(TEXT),
            sse(AZURE, TEXT),
            b"data: a\ndata: b",
            b": c\n\n" * 9,
            sse(DONE),
            b"<html>" * 9,
            sse({"error": "x"}),
        ):
            events = read(body, max_event_bytes=limit)
            check_order(events)
            assert read(per_byte(body), max_event_bytes=limit) == events


class TestPrompt:
    """Each event is returned by the feed() that completed it."""

    def test_tokens(self):
        stream = ChatStream()
        for number in range(5):
            body = sse({"choices": [{"delta": {"content": f"t{number}"}}]})
            assert stream.feed(body[:-1]) == []
            assert stream.feed(body[-1:]) == [Token(f"t{number}")]

    def test_a_blank_line_ended_by_cr_dispatches(self):
        stream = ChatStream()
        assert stream.feed(sse(TEXT, end="\r")) == [Token("a")]
        assert stream.feed(b"\n" + sse(TEXT, end="\r\n")[:-1]) == [Token("a")]

    def test_done(self):
        stream = ChatStream()
        assert stream.feed(sse(TEXT, STOP)) == [Token("a"), Finish("stop", "stop")]
        assert stream.feed(b"data: [DONE]\n") == []
        assert stream.feed(b"\n") == [done("complete", "stop")]

    def test_several_in_one(self):
        assert ChatStream().feed(sse(TEXT, TEXT, DONE)) == [Token("a"), Token("a"), done("complete")]


class TestEnd:
    def test_nothing_follows_done(self):
        stream = ChatStream()
        assert stream.feed(sse(TEXT, DONE, TEXT, {"error": "x"}, "{")) == [Token("a"), done("complete")]
        assert stream.feed(sse(TEXT)) == []
        assert stream.feed_event(Event("{}")) == []
        assert stream.close() == []
        assert stream.close() == []

    def test_close_twice(self):
        stream = ChatStream()
        stream.feed(sse(TEXT))
        assert stream.close() == [done("truncated")]
        assert stream.close() == []
        assert stream.feed(sse(TEXT)) == []

    def test_close_reads_what_is_open(self):
        for open_end in (b"", b"\n", b"\r", b"\r\n"):
            stream = ChatStream()
            assert stream.feed(sse(TEXT)[:-2] + open_end) == []
            assert stream.close() == [Token("a"), done("truncated")]

    def test_close_finds_the_sentinel(self):
        stream = ChatStream()
        stream.feed(sse(TEXT) + b"data: [DONE]")
        assert stream.close() == [done("complete")]
        assert stream.close() == []

    def test_the_list_is_the_caller_s(self):
        stream = ChatStream()
        stream.feed(sse(TEXT)).clear()
        events = stream.feed(sse(TEXT))
        stream.close()
        assert events == [Token("a")]


class TestRaw:
    def test_every_payload_before_its_events(self):
        body = sse(AZURE, "null", TEXT, {"error": "x"}, DONE)
        check(
            body,
            [
                Raw(AZURE),
                Raw(None),
                Raw(TEXT),
                Token("a"),
                Raw({"error": "x"}),
                Error("provider", "x", None, '{"error":"x"}'),
                done("error"),
            ],
            "auto",
            "openai",
            raw=True,
        )

    def test_of_an_error_event(self):
        assert read(sse({"code": 1}, event="error"), raw=True)[0] == Raw({"code": 1})

    def test_not_by_default(self):
        assert not any(isinstance(event, Raw) for event in read(sse(AZURE, TEXT, {"error": "x"})))

    def test_not_of_what_is_no_json(self):
        assert [type(event) for event in read(sse("{"), raw=True)] == [Error, Done]

    def test_surrogates_are_replaced_in_it(self):
        assert read(sse('{"a":"\\ud83d"}'), raw=True)[0] == Raw({"a": "\ufffd"})


class TestFeedEvent:
    """SSE that was parsed elsewhere."""

    def feed(self, *events, **options):
        stream = ChatStream(**options)
        return [made for event in events for made in stream.feed_event(event)] + stream.close()

    def test_reads_as_feed_does(self):
        body = sse(AZURE, TEXT, call("{", name="f"), call("}"), "{", "  ", "5", STOP, {"error": "x"}, STOP)
        body += b": c\n\n" + sse({"code": 1}, event="error") + b"error: lost\n\nfoo: 1\n\n" + sse(TEXT, DONE, TEXT)
        parser = WireParser()
        assert self.feed(*parser.feed(body)) == read(body)
        assert self.feed(*WireParser().feed(body), raw=True) == read(body, raw=True)

    def test_returns_at_once(self):
        stream = ChatStream()
        assert stream.feed_event(Event(json.dumps(TEXT))) == [Token("a")]
        assert stream.feed_event(Event("[DONE]")) == [done("complete")]
        assert stream.close() == []

    def test_an_error_event(self):
        assert self.feed(Event("boom", event="error"))[0] == Error("provider", "boom", None, "boom")
        assert kinds(self.feed(Event("boom"))) == ["malformed_json"]

    def test_an_error_field(self):
        assert self.feed(UnknownField("error", "boom"))[0] == Error("provider", "boom", None, "boom")
        assert self.feed(UnknownField("errors", "boom"), UnknownField("error", "")) == [done("truncated")]

    def test_a_comment_is_sse(self):
        """So the body is an event stream, though one with nothing in it."""
        assert self.feed(Comment("keep-alive")) == [done("truncated")]

    def test_lone_surrogates_of_another_parser(self):
        assert self.feed(Event('{"choices":[{"delta":{"content":"a\ud83d"}}]}'))[-1] == done("truncated")


CLONES = (
    copy.copy,
    copy.deepcopy,
    *(
        lambda stream, protocol=protocol: pickle.loads(pickle.dumps(stream, protocol))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ),
)


def test_state_pickles_and_copies_at_every_payload():
    body = sse(
        AZURE,
        TEXT,
        {
            "choices": [{"delta": {"reasoning_content": "r", "annotations": [{"url": "u"}]}}],
            "usage": {"prompt_tokens": 1},
        },
        call("{", name="f"),
        {"error": "x"},
        call('"a":1}'),
        "{",
        {"choices": [{"delta": {"content": "b", "tool_calls": [{"id": "z", "function": {"name": "g"}}]}, "index": 1}]},
        STOP,
        DONE,
    )
    for options in ({}, {"choices": "all", "raw": True}, {"dialect": "openai"}):
        whole = read(body, **options)
        assert sum(isinstance(event, (ToolCallStart, ToolCallArgs)) for event in whole) >= 2
        for clone in CLONES:
            for at in range(0, len(body), 11):
                stream = ChatStream(**options)
                before = stream.feed(body[:at])
                twin = clone(stream)
                assert twin.dialect == stream.dialect
                assert before + twin.feed(body[at:]) + twin.close() == whole
                assert before + stream.feed(body[at:]) + stream.close() == whole


def test_the_held_body_pickles():
    stream = ChatStream()
    stream.feed(b"<ht")
    twin = pickle.loads(pickle.dumps(stream))
    assert twin.feed(b"ml>") + twin.close() == read(b"<html>")
    assert stream.close() == read(b"<ht")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol_pickles(protocol):
    stream = ChatStream()
    before = stream.feed(sse(TEXT))
    twin = pickle.loads(pickle.dumps(stream, protocol))
    assert before + twin.feed(sse(STOP)) + twin.close() == read(sse(TEXT, STOP))


# Anything at all

NAMES = [
    *("object", "type", "id", "model", "choices", "index", "delta", "message", "content", "finish_reason", "usage"),
    *("reasoning_content", "reasoning", "reasoning_details", "refusal", "text", "thinking", "signature", "data"),
    *("tool_calls", "function", "function_call", "custom", "name", "arguments", "input", "extra_content", "google"),
    *(
        "x_groq",
        "prompt_tokens",
        "prompt_tokens_details",
        "cached_tokens",
        "logprobs",
        "annotations",
        "url",
        "citations",
    ),
    *("error", "code", "detail", "base_resp", "status_code", "success", "stop_reason", "content_block"),
    *("candidates", "parts", "functionCall", "args", "partialArgs", "usageMetadata", "response", "output", "item"),
]

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        [
            "error",
            "stop",
            "text_completion",
            "chat.completion.chunk",
            "message_start",
            "response.created",
            "content-delta",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3) | st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=15,
)


def survives(body, **options):
    """Every chunk is taken, Done comes once and last, and the chunking makes no difference."""
    events = read(body, **options)
    check_order(events)
    middle = len(body) // 2
    assert repr(read([body[:middle], body[middle:]], **options)) == repr(events)


@settings(max_examples=examples(150), deadline=None)
@given(st.binary(), st.booleans())
def test_any_bytes(body, raw):
    survives(body, raw=raw)
    survives(b"data: " + body + b"\n\n", raw=raw)
    survives(sse(TEXT) + b"data: " + body, raw=raw)


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(JSON, max_size=4), st.sampled_from(["auto", *DECIDING]), st.booleans(), st.sampled_from(["first", "all"])
)
def test_any_json(payloads, dialect, raw, choices):
    texts = [json.dumps(payload) for payload in payloads]
    survives(sse(*texts), dialect=dialect, raw=raw, choices=choices)
    survives(sse(TEXT, *texts, DONE), dialect=dialect, raw=raw, choices=choices)


@settings(max_examples=examples(150), deadline=None)
@given(st.sampled_from(list(DECIDING)), JSON, st.data())
def test_any_shape_in_any_place(dialect, wrong, data):
    payload = json.loads(json.dumps(DECIDING[dialect]))
    holder, key = data.draw(st.sampled_from(list(places(payload))))
    holder[key] = wrong
    survives(sse(DECIDING[dialect], json.dumps(payload)))


def places(value):
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


def deepest():
    """How deep a value the decoder reads that is called from here: that depends on the interpreter and the stack."""
    low, high = 100, 100_000
    while high - low > 1:
        depth = (low + high) // 2
        try:
            msgspec.json.decode("[" * depth + "]" * depth)
            low = depth
        except RecursionError:
            high = depth
    return low


PLACES = {
    "alone": "%s",
    "error": '{"error":%s}',
    "beside an error": '{"error":"x","other":%s}',
    "beside a lone surrogate": '{"choices":[{"delta":{"content":"\\ud83d"}}],"other":%s}',
    "delta": '{"choices":[{"delta":%s}]}',
    "openai": '{"choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":%s}}]}}]}',
    "arguments": '{"choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":"%s"}}]}}]}',
    "anthropic": '{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","name":"f","input":%s}}',
    "gemini": '{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":%s}}]}}]}',
    # The value is written when the stream ends, under a path that is as long as it may be.
    "gemini, streamed": (
        '{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","willContinue":true,"args":{"a":%s}}},'
        '{"functionCall":{"willContinue":true,"partialArgs":[{"jsonPath":"$PATH","numberValue":%s}]}}]}}]}'
    ).replace("PATH", ".b" * 100),
    "interactions": '{"event_type":"step.start","index":0,"step":{"type":"function_call","name":"f","arguments":%s}}',
    "responses": '{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","arguments":%s}}',
    "cohere": '{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":%s}}}}}',
}


@pytest.mark.parametrize("nest", [("[", "]"), ('{"error":', "}"), ('{"message":', "}")], ids=lambda nest: nest[0])
@pytest.mark.parametrize("place", PLACES)
def test_nesting_of_any_depth(place, nest):
    # Just shallow enough for the decoder is still too deep for what comes after it, and 100,000 is too deep for all.
    limit = deepest()
    for depth in (100, 400, *range(limit - 16, limit), 100_000):
        deep = nest[0] * depth + "1" + nest[1] * depth
        text = PLACES[place].replace("%s", deep.replace('"', '\\"') if place == "arguments" else deep)
        known = sse(DECIDING.get(place.partition(",")[0], TEXT), text)
        bodies = [sse(text), known, sse(text, event="error"), f"error: {text}\n\n".encode(), text.encode()]
        for body in bodies:
            for raw in (False, True):
                events = read(body, raw=raw)
                assert isinstance(events[-1], Done)
                assert sum(isinstance(event, Done) for event in events) == 1
                errors = [event for event in events if isinstance(event, Error)]
                assert all(type(error.message) is type(error.raw) is str for error in errors)
                if place in DIALECTS and body in bodies[:2]:
                    # The call is read, or it is said that it was not.
                    assert errors or any(isinstance(event, ToolCallStart) for event in events)

"""ChatStream: which dialect a stream has, and what is held until it is known."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from sse_events.chat import ChatStream, Done, Error, Finish, Raw, Start, Token
from tests.chat.cases import check, done, read, sse
from tests.chat.payloads import AZURE, DECIDING, DONE, LEGACY, TEXT, kinds


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

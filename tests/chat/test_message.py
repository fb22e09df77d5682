"""Message: the events of one choice, folded to what a chat loop needs next."""

from __future__ import annotations

import asyncio
import builtins
import json
import pickle
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from sse_events import iter_events
from sse_events.chat import (
    ChatStream,
    Citation,
    Done,
    Error,
    Finish,
    Logprobs,
    Message,
    Part,
    Raw,
    Reasoning,
    ReasoningPart,
    ReasoningSignature,
    Refusal,
    RefusalPart,
    Start,
    Status,
    StreamEvent,
    TextPart,
    Token,
    ToolCall,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    Usage,
    acollect,
    collect,
)
from tests.chat.calls import call
from tests.chat.cases import read

DATA = Path(__file__).parents[1] / "data" / "chat"


class TestParts:
    """In the order of the turn, because it has to be sent back in that order."""

    TABLE: tuple[tuple[str, list[StreamEvent], list[Part]], ...] = (
        ("nothing", [], []),
        ("text goes on", [Token("a"), Token("b")], [TextPart("ab")]),
        (
            "what is of another kind is another part",
            [Reasoning("r"), Token("a"), Reasoning("s"), Refusal("n"), Refusal("o"), Token("b")],
            [ReasoningPart("r"), TextPart("a"), ReasoningPart("s"), RefusalPart("no"), TextPart("b")],
        ),
        (
            "calls stand where they began",
            [Token("a"), ToolCallStart(0, "i", "f"), Token("b"), ToolCallArgs(0, "{}"), Token("c")],
            [TextPart("a"), ToolCall("i", "f", "{}"), TextPart("bc")],
        ),
        (
            "calls may come at the same time",
            [ToolCallStart(0, "i", "f"), ToolCallStart(1, "j", "g"), ToolCallArgs(1, "1"), ToolCallArgs(0, "2")],
            [ToolCall("i", "f", "2"), ToolCall("j", "g", "1")],
        ),
        ("a call that is complete", call(), [ToolCall("a", "f", "{}", True)]),
        ("a call that is not", call(complete=False), [ToolCall("a", "f", "{}", False)]),
        ("a custom call", call(0, "x", custom=True), [ToolCall("a", "f", "x", True, custom=True)]),
        (
            "an id that came late",
            [ToolCallStart(0, "", "f"), ToolCallEnd(0, "i", "f", "", True)],
            [ToolCall("i", "f", "", True)],
        ),
        ("fragments of a call that never began", [ToolCallArgs(3, "x"), ToolCallEnd(3, "i", "f", "x", True)], []),
        (
            "a signature closes the reasoning before it",
            [Reasoning("r"), ReasoningSignature("S", id="i"), Reasoning("s"), ReasoningSignature("T")],
            [ReasoningPart("r", "S", False, "i"), ReasoningPart("s", "T")],
        ),
        (
            "two signatures in a row",
            [Reasoning("r"), ReasoningSignature("S"), ReasoningSignature("T")],
            [ReasoningPart("r", "S"), ReasoningPart("", "T")],
        ),
        (
            "a signature alone",
            [Token("a"), ReasoningSignature("S"), Token("b")],
            [TextPart("a"), ReasoningPart("", "S"), TextPart("b")],
        ),
        (
            "redacted reasoning is a part of its own",
            [Reasoning("r"), ReasoningSignature("X", redacted=True), Reasoning("s")],
            [ReasoningPart("r"), ReasoningPart("", "X", True), ReasoningPart("s")],
        ),
        (
            "a signature of a call",
            [*call(), ReasoningSignature("S", call_index=0), ReasoningSignature("T", call_index=7)],
            [ToolCall("a", "f", "{}", True, "S")],
        ),
        (
            "what no message shows",
            [
                Token("a"),
                Logprobs([1]),
                Raw({"x": 1}),
                Token("b"),
                Citation("u"),
                Token("c"),
                Finish("stop", "stop"),
                Token("d"),
            ],
            [TextPart("abcd")],
        ),
    )

    @pytest.mark.parametrize(("events", "parts"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
    def test_table(self, events, parts):
        assert collect(events).parts == parts

    @pytest.mark.parametrize(("events", "parts"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
    def test_looking_changes_nothing(self, events, parts):
        message = Message()
        for event in events:
            message.apply(event)
            assert message.parts == message.parts
            assert repr(message)
        assert message.parts == parts

    def test_looking_while_it_forms(self):
        message = Message()
        seen = []
        start = ToolCallStart(0, "", "f")
        events: list[StreamEvent] = [Token("a"), Token("b"), start, ToolCallArgs(0, "["), ToolCallArgs(0, "]")]
        for event in events:
            message.apply(event)
            seen.append((message.text, [one.arguments for one in message.tool_calls]))
        assert seen == [("a", []), ("ab", []), ("ab", [""]), ("ab", ["["]), ("ab", ["[]"])]


class TestFacts:
    def test_before_anything(self):
        message = Message()
        assert (message.id, message.model, message.choice) == ("", "", 0)
        assert (message.text, message.reasoning, message.refusal) == ("", "", "")
        assert (message.parts, message.tool_calls, message.citations, message.errors) == ([], [], [], [])
        assert (message.finish_reason, message.status, message.usage) == (None, None, Usage())

    def test_after_all(self):
        usage = Usage(prompt_tokens=1)
        error = Error("provider", "x")
        message = collect(
            [
                Start("c", "m"),
                Reasoning("r"),
                Token("a"),
                Refusal("n"),
                Reasoning("s"),
                Citation("u"),
                error,
                *call(),
                Finish("stop", "stop"),
                Finish("tool_calls", "stop"),
                Token("b"),
                Done("complete", "tool_calls", usage),
            ]
        )
        assert (message.id, message.model) == ("c", "m")
        assert (message.text, message.reasoning, message.refusal) == ("ab", "rs", "n")
        assert message.tool_calls == [ToolCall("a", "f", "{}", True)]
        assert message.citations == [Citation("u")]
        assert message.errors == [error]
        assert (message.finish_reason, message.status, message.usage) == ("tool_calls", "complete", usage)

    def test_tool_calls_are_by_index(self):
        """A call whose name came late begins after later ones."""
        message = collect([ToolCallStart(1, "b", "g"), ToolCallStart(0, "a", "f")])
        assert [one.name for one in message.tool_calls] == ["f", "g"]
        assert [one.name for one in message.parts if isinstance(one, ToolCall)] == ["g", "f"]

    def test_repr_names_what_matters(self):
        assert repr(collect([Token("a"), Done("truncated")])) == (
            "Message(parts=[TextPart(text='a')], finish_reason=None, status='truncated', errors=[])"
        )


class TestChoice:
    EVENTS = (
        Start("c", "m"),
        Token("a"),
        Token("b", 1),
        Reasoning("r", 1),
        Refusal("n", 1),
        ReasoningSignature("S", choice=1),
        *call(choice=1),
        Citation("u", choice=1),
        Finish("length", "length", 1),
        Finish("stop", "stop"),
        Error("provider", "x"),
        Done("complete", "stop"),
    )

    def test_the_first(self):
        message = collect(self.EVENTS)
        assert message.parts == [TextPart("a")]
        assert (message.citations, message.finish_reason) == ([], "stop")

    def test_another(self):
        message = collect(self.EVENTS, choice=1)
        assert message.choice == 1
        assert message.parts == [
            TextPart("b"),
            ReasoningPart("r"),
            RefusalPart("n"),
            ReasoningPart("", "S"),
            ToolCall("a", "f", "{}", True),
        ]
        assert message.citations == [Citation("u", choice=1)]
        assert message.finish_reason == "length"

    def test_what_is_of_no_choice_is_of_all(self):
        for choice in (0, 1, 2):
            message = collect(self.EVENTS, choice)
            assert (message.id, message.status, len(message.errors)) == ("c", "complete", 1)


class TestOk:
    """`ok` and `malformed` are those of Done."""

    @pytest.mark.parametrize("status", get_args(Status))
    @pytest.mark.parametrize("malformed", [0, 2])
    def test_after_done(self, status, malformed):
        done = Done(status, malformed=malformed)
        message = collect([Token("a"), done])
        assert message.ok == done.ok == (status in ("complete", "finished") and not malformed)
        assert message.malformed == malformed

    def test_before_done(self):
        message = collect([Token("a"), Error("malformed_json", "x"), Finish("stop", "stop")])
        assert (message.ok, message.malformed) == (False, 0)


async def later(events):
    for event in events:
        yield event


def collect_async(events, *rest, **named):
    return asyncio.run(acollect(later(events), *rest, **named))


class Stream:
    """Events that end with a lost connection; as iterable, and as asynchronous iterable."""

    def __iter__(self):
        yield Token("Hel")
        raise ConnectionError("reset")

    async def __aiter__(self):
        for event in self:
            yield event


@pytest.mark.parametrize("fold", [collect, collect_async])
class TestCollect:
    def test_a_new_message(self, fold):
        assert fold([Token("a"), Token("b", 1)]).parts == [TextPart("a")]
        assert fold([Token("a"), Token("b", 1)], 1).parts == [TextPart("b")]

    def test_a_message_of_the_callers(self, fold):
        message = Message(1)
        assert fold([Token("a"), Token("b", 1)], into=message) is message
        fold([Token("c", 1), Done("complete")], into=message)
        assert (message.text, message.ok) == ("bc", True)

    def test_what_came_before_the_source_failed_is_kept(self, fold):
        message = Message()
        with pytest.raises(ConnectionError, match="reset"):
            if fold is collect:
                collect(Stream(), into=message)
            else:
                asyncio.run(acollect(Stream(), into=message))
        assert (message.text, message.ok, message.status) == ("Hel", False, None)

    def test_a_lost_connection_is_truncated(self, fold):
        """`iter_events` yields Done before the source's exception."""

        def lost():
            yield b'data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"Hel"}}]}\n\n'
            raise ConnectionError("reset")

        message = Message()
        with pytest.raises(ConnectionError, match="reset"):
            fold(iter_events(lost(), into=ChatStream()), into=message)
        assert (message.text, message.ok, message.status) == ("Hel", False, "truncated")

    def test_events_of_no_chat_stream(self, fold):
        with pytest.raises(TypeError, match=r"not Event: .* iter_events\(chunks, into=ChatStream\(\)\)"):
            fold(iter_events([b"data: {}\n\n"]))

    @pytest.mark.parametrize("foreign", ["text", 5, None, b"x", Usage(), TextPart("a"), Token, {"type": "token"}])
    def test_what_is_foreign(self, fold, foreign):
        with pytest.raises(TypeError, match=r"event must be a StreamEvent, not (the class Token|\w+): "):
            fold([Token("a"), foreign])

    def test_into_something_else(self, fold):
        for into in (ChatStream(), ChatStream):
            with pytest.raises(
                TypeError, match=r"into must be a Message, not (the class )?ChatStream: .* iter_events\(chunks, into="
            ):
                fold([], into=into)

    @pytest.mark.parametrize("choice", ["0", None, 1.0, True])
    def test_a_choice_that_is_not_an_int(self, fold, choice):
        with pytest.raises(TypeError, match="choice must be an int"):
            fold([], choice)


def test_collect_of_an_asynchronous_source_and_the_other_way_round():
    with pytest.raises(
        TypeError, match="events must be an iterable of StreamEvents, not async_generator: use acollect"
    ):
        collect(later([]))
    with pytest.raises(TypeError, match=r"asynchronous iterable of StreamEvents, not list: use collect$"):
        asyncio.run(acollect([]))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"events must be an iterable of StreamEvents, not 5: read the bytes"):
        collect(5)  # type: ignore[arg-type]


class TestToDict:
    def test_everything_by_its_name(self):
        usage = Usage(prompt_tokens=1, raw={"prompt_tokens": 1})
        message = collect(
            [
                Start("c", "m"),
                Reasoning("r"),
                ReasoningSignature("S", id="i"),
                Token("a"),
                Refusal("n"),
                Citation("u", raw={"x": [1]}),
                Error("malformed_json", "x", 5, "{"),
                *call(0, "x y", custom=True),
                Finish("stop", "stop"),
                Done("complete", "stop", usage, 1),
            ]
        )
        tool_call = {
            "type": "tool_call",
            "id": "a",
            "name": "f",
            "arguments": "x y",
            "complete": True,
            "signature": "",
            "custom": True,
        }
        numbers = ("completion_tokens", "cached_tokens", "cache_write_tokens", "reasoning_tokens", "total_tokens")
        expected = {
            "id": "c",
            "model": "m",
            "choice": 0,
            "status": "complete",
            "ok": False,
            "malformed": 1,
            "finish_reason": "stop",
            "text": "a",
            "reasoning": "r",
            "refusal": "n",
            "parts": [
                {"type": "reasoning", "text": "r", "signature": "S", "redacted": False, "id": "i"},
                {"type": "text", "text": "a"},
                {"type": "refusal", "text": "n"},
                tool_call,
            ],
            "tool_calls": [tool_call],
            "citations": [
                {"type": "citation", "url": "u", "title": "", "text": "", "raw": {"x": [1]}, "choice": 0},
            ],
            "errors": [{"type": "error", "kind": "malformed_json", "message": "x", "code": 5, "raw": "{"}],
            "usage": {"prompt_tokens": 1, **dict.fromkeys(numbers), "raw": {"prompt_tokens": 1}},
        }
        assert message.to_dict() == expected
        assert json.loads(json.dumps(message.to_dict())) == expected

    def test_every_public_attribute_is_in_it(self):
        names = {name for name in dir(Message) if not name.startswith("_")}
        assert names - {"apply", "sendable_parts", "to_dict"} == set(Message().to_dict())


class TestEquality:
    EVENTS: tuple[Any, ...] = (
        Start("c", "m"),
        Token("a"),
        Citation("u"),
        Error("provider", "x"),
        Finish("stop", "stop"),
        Done("complete", "stop", Usage(prompt_tokens=1)),
    )

    def test_of_the_same_events(self):
        assert collect(self.EVENTS) == collect(self.EVENTS)
        assert collect([Token("a"), Token("b")]) == collect([Token("ab")])

    @pytest.mark.parametrize("missing", range(6))
    def test_every_fact_counts(self, missing):
        assert collect(self.EVENTS) != collect(self.EVENTS[:missing] + self.EVENTS[missing + 1 :])

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (Start("c"), Start("d")),
            (Start("c", "m"), Start("c", "n")),
            (Done("complete"), Done("finished")),
            (Done("complete", usage=Usage(prompt_tokens=1)), Done("complete", usage=Usage(prompt_tokens=2))),
        ],
    )
    def test_values_count(self, one, other):
        assert collect([one]) != collect([other])

    def test_the_choice_counts(self):
        assert Message() != Message(1)

    def test_malformed_payloads_count(self):
        assert collect([Done("complete")]) != collect([Done("complete", malformed=1)])

    def test_others(self):
        assert Message() != "Message"
        assert Message().__eq__(5) is NotImplemented

    def test_is_not_hashable(self):
        with pytest.raises(TypeError, match="unhashable"):
            hash(Message())

    def test_pickles(self):
        message = collect([*self.EVENTS, *call()])
        assert pickle.loads(pickle.dumps(message)) == message


class TestToolCall:
    class Place(msgspec.Struct):
        city: str

    def test_parse(self):
        assert ToolCall("a", "f", '{"city":"Oslo"}').parse() == {"city": "Oslo"}
        assert ToolCall("a", "f", '{"city":"Oslo"}').parse(self.Place) == self.Place("Oslo")
        assert ToolCall("a", "f", '{"city":"Oslo"}').parse(type=dict[str, str]) == {"city": "Oslo"}

    def test_no_arguments_are_an_empty_object(self):
        assert ToolCall("a", "f", "").parse() == {}
        assert ToolCall("a", "f", "").partial() == {}

    @pytest.mark.parametrize(
        "arguments",
        ['{"city":', '{"city":5}', "[]", " ", '{"city":' * 100_000],
        ids=["cut", "number", "list", "blank", "deep"],
    )
    def test_parse_refuses(self, arguments):
        with pytest.raises(msgspec.DecodeError):
            ToolCall("a", "f", arguments).parse(self.Place)

    @pytest.mark.parametrize(
        ("arguments", "value"),
        [('{"city":"Oslo"}', {"city": "Oslo"}), ("", {}), ("null", {}), ("[1]", {"input": [1]}), ("1", {"input": 1})],
    )
    def test_parse_input(self, arguments, value):
        assert ToolCall("a", "f", arguments).parse_input() == value

    def test_parse_input_of_a_custom_call(self):
        assert ToolCall("a", "f", "1", custom=True).parse_input() == {"input": "1"}

    def test_parse_says_what_is_wrong(self):
        with pytest.raises(msgspec.DecodeError, match="the arguments are not JSON: NaN is not JSON"):
            ToolCall("a", "f", "NaN").parse()

    @pytest.mark.parametrize(
        ("arguments", "value"),
        [
            ('{"a":"\\ud83d"}', {"a": "\ufffd"}),
            ('{"a":1e400}', {"a": float("inf")}),
            ('{"a":' + "9" * 5000 + "}", {"a": float("inf")}),
        ],
        ids=["lone surrogate", "1e400", "5000 digits"],
    )
    def test_what_is_complete_can_be_parsed(self, arguments, value):
        """The provider's JSON is read as leniently as that of the stream itself."""
        assert ToolCall("a", "f", arguments, True).parse() == value

    @pytest.mark.parametrize(
        ("arguments", "value"),
        [
            ("{", {}),
            ('{"ci', {}),
            ('{"city"', {}),
            ('{"city":', {}),
            ('{"city":"Os', {"city": "Os"}),
            ('{"city":"Os\\', {"city": "Os"}),
            ('{"city":"Os","n":[1,{"x":tr', {"city": "Os", "n": [1, {}]}),
            ('{"a":1,', {"a": 1}),
            ('{"a":"é', {"a": "é"}),
            ('{"a":1}', {"a": 1}),
        ],
    )
    def test_partial(self, arguments, value):
        assert ToolCall("a", "f", arguments).partial() == value

    @pytest.mark.parametrize("arguments", ["x", "}", '{"a"}', "{1"])
    def test_partial_of_what_is_no_beginning(self, arguments):
        with pytest.raises(ValueError):
            ToolCall("a", "f", arguments).partial()

    def test_partial_without_its_library(self, monkeypatch):
        original = builtins.__import__

        def without_jiter(name, *rest, **named):
            if name == "jiter":
                raise ImportError(name)
            return original(name, *rest, **named)

        monkeypatch.setattr(builtins, "__import__", without_jiter)
        with pytest.raises(ImportError, match=r"sse_events\[partial\]"):
            ToolCall("a", "f", "{}").partial()

    def test_json(self):
        assert msgspec.json.encode(ToolCall("a", "f", "{}", True)) == (
            b'{"type":"tool_call","id":"a","name":"f","arguments":"{}","complete":true,"signature":"","custom":false}'
        )
        parts = [TextPart("a"), ReasoningPart("r"), RefusalPart("n")]
        assert [msgspec.to_builtins(part)["type"] for part in parts] == ["text", "reasoning", "refusal"]


class CountingList(list[str]):
    """Counts the characters that a join of it would copy."""

    joined = 0

    def __iter__(self):
        type(self).joined += sum(len(item) for item in super().__iter__())
        return super().__iter__()


def test_folding_is_linear():
    """Ten thousand fragments: nothing is joined before it is asked for, and then once."""
    message = Message()
    message.apply(ToolCallStart(0, "a", "f"))
    opened = message._calls[0]
    opened.texts = CountingList()
    for _ in range(10_000):
        message.apply(ToolCallArgs(0, "x" * 10))
    assert CountingList.joined == 0
    assert len(opened.texts) == 10_000
    for _ in range(100):
        assert len(message.tool_calls[0].arguments) == 100_000
    assert CountingList.joined == 100_000
    assert len(opened.texts) == 1


def test_tokens_fold_into_one_part_without_joining():
    message = Message()
    for _ in range(10_000):
        message.apply(Token("x"))
    assert len(message._open) == 1
    assert len(message._open[0].texts) == 10_000


def test_sendable_parts():
    """All parts except calls that must not be run."""
    message = collect([Token("a"), *call(0, complete=False), *call(1, id="b"), Reasoning("r"), Refusal("n")])
    assert message.sendable_parts() == [
        TextPart("a"),
        ToolCall("b", "f", "{}", True),
        ReasoningPart("r"),
        RefusalPart("n"),
    ]


CONVERSATIONS = {
    "tools": collect(
        [
            Reasoning("Oslo, then the time."),
            Token("Let me look. ☀"),
            *call(0, '{"city":"Oslo"}', id="", name="weather"),
            *call(1, "{}", id="", name="clock"),
            Finish("tool_calls", ""),
            Done("complete"),
        ]
    ),
    "length": collect([Token("Once upon a time"), Finish("length", ""), Done("complete")]),
}


class TestSameConversation:
    """One conversation in five dialects gives equal messages but for ids, the model's name, signatures and usage."""

    DIALECTS = ("openai", "anthropic", "responses", "gemini", "cohere")

    @pytest.mark.parametrize("dialect", DIALECTS)
    @pytest.mark.parametrize("conversation", CONVERSATIONS)
    def test_equal(self, conversation, dialect):
        body = (DATA / f"same-{conversation}-{dialect}.sse").read_bytes()
        for name in ("auto", dialect):
            message = collect(self.anonymous(event) for event in read(body, name) if not self.is_particular(event))
            assert message == CONVERSATIONS[conversation]

    @staticmethod
    def is_particular(event):
        return isinstance(event, (Start, ReasoningSignature))

    @staticmethod
    def anonymous(event):
        if isinstance(event, (ToolCallStart, ToolCallEnd)):
            return msgspec.structs.replace(event, id="")
        return msgspec.structs.replace(event, usage=Usage()) if isinstance(event, Done) else event

    @pytest.mark.parametrize("dialect", DIALECTS)
    def test_what_is_particular_is_there(self, dialect):
        message = collect(read((DATA / f"same-tools-{dialect}.sse").read_bytes()))
        assert message.id
        assert message.usage.prompt_tokens in (19, 20)
        assert message.usage.completion_tokens in (28, 29, 30, 31)
        assert [bool(one.id) for one in message.tool_calls] == [dialect != "gemini"] * 2
        signatures = [part.signature for part in message.parts if isinstance(part, (ReasoningPart, ToolCall))]
        assert any(signatures) == (dialect in ("anthropic", "responses", "gemini"))

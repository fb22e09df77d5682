"""The turns that every SDK has to read, one for each thing that can happen in a stream."""

from __future__ import annotations

from typing import Any, NamedTuple

from sse_events.chat import (
    Citation,
    Done,
    Error,
    Finish,
    Logprobs,
    Message,
    Reasoning,
    ReasoningSignature,
    Refusal,
    Start,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    Usage,
    collect,
)
from sse_events.chat.events import FinishReason
from sse_events.chat.message import ReasoningPart

USAGE = Usage(100, 50, 40, 10, 20, 150)
START = Start("up", "upstream-model")


class Scenario(NamedTuple):
    """A turn, and whether a client has to hear that it failed."""

    name: str
    events: list[StreamEvent]
    fails: bool = False

    @property
    def message(self) -> Message:
        return collect(self.events)

    @property
    def reason(self) -> FinishReason:
        """Why it ended, as it is written: OpenAI says ``stop`` of a turn with calls too."""
        calls = any(isinstance(event, ToolCallEnd) and not event.choice for event in self.events)
        reason = self.message.finish_reason or "stop"
        return "tool_calls" if calls and reason == "stop" else reason

    @property
    def malformed(self) -> bool:
        """Whether the arguments of a call do not parse although nothing was cut."""
        ends = [event for event in self.events if isinstance(event, ToolCallEnd)]
        return self.reason == "tool_calls" and not all(end.complete for end in ends) and not self.fails

    @property
    def signatures(self) -> list[str]:
        return [p.signature for p in self.message.parts if isinstance(p, ReasoningPart) and p.signature]


def call(
    index: int, id: str, name: str, *fragments: str, complete: bool | None = True, choice: int = 0, custom: bool = False
) -> list[StreamEvent]:
    """A tool call; with `complete` None it stays open."""
    args: list[StreamEvent] = [ToolCallArgs(index, fragment, choice) for fragment in fragments]
    begun: list[StreamEvent] = [ToolCallStart(index, id, name, choice, custom), *args]
    if complete is None:
        return begun
    return [*begun, ToolCallEnd(index, id, name, "".join(fragments), complete, choice, custom)]


def end(index: int, id: str, name: str, arguments: str, complete: bool) -> ToolCallEnd:
    return ToolCallEnd(index, id, name, arguments, complete)


def over(reason: FinishReason | None = "stop", usage: Usage = USAGE) -> list[StreamEvent]:
    finish: list[StreamEvent] = [Finish(reason, reason)] if reason else []
    return [*finish, Done("complete", reason, usage)]


LOGPROB = {"token": "Hi", "logprob": -0.1, "bytes": [72, 105], "top_logprobs": []}
PARIS = '{"city":"Paris"}'

SCENARIOS = [
    Scenario("text", [START, Token("Hel"), Token("lo wörld\r\n\u2028"), *over()]),
    Scenario(
        "signed reasoning",
        [
            START,
            Reasoning("let "),
            Reasoning("me"),
            ReasoningSignature("c2lnbmF0dXJl", id="rs_up"),
            Token("42"),
            *over(),
        ],
    ),
    Scenario("redacted reasoning", [START, ReasoningSignature("ZW5j", redacted=True), Token("42"), *over()]),
    Scenario(
        "two reasonings",
        [
            START,
            Reasoning("a"),
            ReasoningSignature("c2lnMQ=="),
            Reasoning("b"),
            ReasoningSignature("c2lnMg=="),
            Token("42"),
            *over(),
        ],
    ),
    Scenario(
        "two calls",
        [
            START,
            Token("ok"),
            *call(0, "call_a", "weather", '{"ci', 'ty":', '"Par', 'is"}', complete=None),
            *call(1, "call_b", "sum", '{"n"', ":[1,", "2]}", complete=None),
            Finish("tool_calls", "tool_calls"),
            end(0, "call_a", "weather", PARIS, True),
            end(1, "call_b", "sum", '{"n":[1,2]}', True),
            *over(None),
        ],
    ),
    Scenario(
        "interleaved calls",
        [
            START,
            ToolCallStart(0, "call_a", "weather"),
            ToolCallStart(1, "call_b", "sum"),
            ToolCallArgs(1, '{"n":'),
            ToolCallArgs(0, '{"city":'),
            Token("both "),
            ToolCallArgs(1, "[1,2]}"),
            ToolCallArgs(0, '"Paris"}'),
            Finish("tool_calls", "tool_calls"),
            end(0, "call_a", "weather", PARIS, True),
            end(1, "call_b", "sum", '{"n":[1,2]}', True),
            *over(None),
        ],
    ),
    Scenario("no arguments", [START, *call(0, "", "now"), *over("tool_calls")]),
    Scenario("custom call", [START, *call(0, "call_c", "shell", 'echo "', 'hi"', custom=True), *over("tool_calls")]),
    Scenario("refusal", [START, Refusal("I can"), Refusal("not."), *over()]),
    Scenario("length", [START, Token("Hel"), *over("length")]),
    Scenario("length in a call", [START, *call(0, "call_a", "weather", '{"city":', complete=False), *over("length")]),
    Scenario("length after a call", [START, *call(0, "call_a", "weather", PARIS, complete=False), *over("length")]),
    Scenario(
        "length after a call in two fragments",
        [START, *call(0, "call_a", "weather", '{"city":', '"Paris"}', complete=False), *over("length")],
    ),
    Scenario("content filter", [START, Token("Hel"), *over("content_filter")]),
    Scenario("error", [START, Token("Hel"), Error("provider", "Overloaded", 529), Done("error")], fails=True),
    Scenario("error first", [Error("provider", "no such model", "model_not_found"), Done("error")], fails=True),
    Scenario("truncated", [START, Token("Hel"), Done("truncated")], fails=True),
    Scenario(
        "truncated in a call",
        [START, *call(0, "call_a", "weather", PARIS, complete=False), Done("truncated")],
        fails=True,
    ),
    Scenario(
        "finish word error",
        [START, Token("Hel"), Finish("error", "network_error"), Done("error", "error", USAGE)],
        fails=True,
    ),
    Scenario(
        "malformed", [START, Token("Hel"), Finish("stop", "stop"), Done("complete", "stop", USAGE, 1)], fails=True
    ),
    Scenario("closed", [START, Token("Hel")], fails=True),
    Scenario("nothing", [], fails=True),
    Scenario(
        "incomplete call",
        [START, *call(0, "call_a", "weather", PARIS, complete=False), *over("tool_calls")],
        fails=True,
    ),
    Scenario(
        "arguments that do not parse",
        [START, *call(0, "call_a", "weather", '{"a": tru', complete=False), *over("tool_calls")],
    ),
    Scenario(
        "white space before the arguments",
        [START, *call(0, "call_a", "weather", " \n", '{"city":', '"Paris"}'), *over("tool_calls")],
    ),
    Scenario(
        "arguments with something after them",
        [START, *call(0, "call_a", "weather", '{"city":', '"Paris"}', "x", complete=False), *over("tool_calls")],
    ),
    Scenario(
        "a call behind text behind a call",
        [
            START,
            *call(3, "call_a", "weather", '{"city":', complete=None),
            Token("mid"),
            *call(1, "call_b", "sum", '{"n":', complete=None),
            ToolCallArgs(3, '"Paris"}'),
            ToolCallArgs(1, "[1]}"),
            end(3, "call_a", "weather", PARIS, True),
            end(1, "call_b", "sum", '{"n":[1]}', True),
            *over("stop"),
        ],
    ),
    Scenario(
        "length in the second call",
        [
            START,
            *call(0, "call_a", "weather", PARIS),
            *call(1, "call_b", "sum", '{"n":', complete=False),
            *over("length"),
        ],
    ),
    Scenario("a refusal behind text", [START, Token("Well. "), Refusal("I cannot."), *over()]),
    Scenario(
        "an error behind a whole call", [START, *call(0, "call_a", "weather", PARIS), Done("truncated")], fails=True
    ),
    Scenario(
        "citations",
        [
            START,
            Citation("https://pre", "Pre", "p"),
            Token("Paris is "),
            Citation("https://a.b", "Title A", "cited a", {"x": 1}),
            Token("nice"),
            Citation("https://c.d"),
            *over(),
        ],
    ),
    Scenario("logprobs", [START, Token("Hi"), Logprobs([LOGPROB]), *over()]),
    Scenario(
        "signed call",
        [
            START,
            Reasoning("t"),
            ToolCallStart(0, "", "weather"),
            ReasoningSignature("c2ln", call_index=0),
            ToolCallArgs(0, PARIS),
            end(0, "", "weather", PARIS, True),
            *over("tool_calls"),
        ],
    ),
    Scenario(
        "signature that is not base64",
        [START, Reasoning("t"), ReasoningSignature("not base64!", id="rs_1"), Token("x"), *over()],
    ),
    Scenario(
        "three choices",
        [
            START,
            Token("b", 1),
            Token("a"),
            Token("c", 2),
            *call(0, "call_z", "f", "{}", choice=1),
            Token("a2"),
            Finish("stop", "stop"),
            Finish("tool_calls", "tool_calls", 1),
            Finish("length", "length", 2),
            *over(None),
        ],
    ),
    Scenario("no usage", [START, Token("x"), *over(usage=Usage())]),
    Scenario("no finish", [START, Token("x"), *over(None)]),
    Scenario("nasty", [START, Token("\r\ndata: [DONE]\r\n\r\n"), Token("\0\x85\u2028\u2029"), *over()]),
]


def name(value: Any) -> str:
    """The name of a scenario or a reader in the ids of tests."""
    if isinstance(value, str):
        return value
    named: str = value.name if isinstance(value, Scenario) else value.__name__
    return named

"""What a client of each dialect must see of a scenario, given what the dialect can express."""

from __future__ import annotations

import base64
import json
from typing import Any, NamedTuple

from sse_events.chat import ToolCallArgs, ToolCallEnd, Usage
from tests.sdks.scenarios import Scenario

# The dialects' words for the finish reasons.
FINISH_WORDS = {
    "openai": {"stop": "stop", "length": "length", "tool_calls": "tool_calls", "content_filter": "content_filter"},
    "anthropic": {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use", "content_filter": "refusal"},
    "responses": {
        "stop": "completed",
        "length": "max_output_tokens",
        "tool_calls": "completed",
        "content_filter": "content_filter",
    },
    "gemini": {"stop": "STOP", "length": "MAX_TOKENS", "tool_calls": "STOP", "content_filter": "SAFETY"},
    "interactions": {"stop": "completed", "length": "incomplete", "tool_calls": "requires_action"},
    "cohere": {"stop": "COMPLETE", "length": "MAX_TOKENS", "tool_calls": "TOOL_CALL"},
    "ui": {"stop": "stop", "length": "length", "tool_calls": "tool-calls", "content_filter": "content-filter"},
}
# Their streams have no refusals: the text of one is ordinary text.
REFUSAL_IS_TEXT = {"anthropic", "gemini", "interactions", "cohere", "ui"}
# They know no word for an answer that a filter stopped, so it is an error.
FILTER_FAILS = {"interactions", "cohere"}
CUSTOM_IS_WRAPPED = {"anthropic", "gemini", "interactions", "cohere"}


class Call(NamedTuple):
    """A tool call: its arguments are decoded where they are JSON."""

    id: str
    name: str
    arguments: Any


class Read(NamedTuple):
    """What a client saw of a turn.

    Attributes:
        text: The text.
        refusal: The text of a refusal.
        reasoning: The thinking.
        signatures: What is to be sent back with the thinking.
        calls: The calls, in order.
        finish: The finish word, None if there was none.
        usage: The tokens of the prompt and of the completion, None where nothing was said.
    """

    text: str = ""
    refusal: str = ""
    reasoning: str = ""
    signatures: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    finish: str | None = None
    usage: tuple[int, int] | None = None


def arguments(text: str) -> Any:
    """The arguments decoded, or their text where they are not JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def fails(scenario: Scenario, dialect: str) -> bool:
    """Whether a client of `dialect` has to hear that the turn failed."""
    return scenario.fails or (scenario.message.finish_reason == "content_filter" and dialect in FILTER_FAILS)


def expected(scenario: Scenario, dialect: str) -> Read:
    """What a client of `dialect` sees of choice 0."""
    message = scenario.message
    text, refusal = message.text, message.refusal
    if dialect in REFUSAL_IS_TEXT:
        text, refusal = text + refusal, ""
    ends = [event for event in scenario.events if isinstance(event, ToolCallEnd) and event.choice == 0]
    calls = tuple(
        Call(call.id, call.name, _arguments(call, sent, dialect))
        for call, sent in ((call, _sent(scenario, call)) for call in ends)
        if call.complete or (sent and dialect != "gemini")
    )
    return Read(
        text,
        refusal,
        message.reasoning,
        tuple(_signatures(scenario, dialect)),
        calls,
        FINISH_WORDS[dialect][scenario.reason],
        _usage(message.usage, dialect),
    )


def _sent(scenario: Scenario, call: ToolCallEnd) -> str:
    """The arguments that are written. A cut call is sent without the fragment that would make it look complete."""
    fragments = [
        event.args_chunk for event in scenario.events if isinstance(event, ToolCallArgs) and event.index == call.index
    ]
    is_json = not isinstance(arguments(call.arguments), str)
    return call.arguments if call.complete or not is_json else "".join(fragments[:-1])


def _arguments(call: ToolCallEnd, sent: str, dialect: str) -> Any:
    if call.custom:
        return {"input": sent} if dialect in CUSTOM_IS_WRAPPED else sent
    return arguments(sent or "{}")


def _signatures(scenario: Scenario, dialect: str) -> list[str]:
    if dialect == "cohere":
        return []
    found = scenario.signatures
    return [_base64(signature) for signature in found] if dialect == "gemini" else found


def _base64(signature: str) -> str:
    try:
        base64.b64decode(signature, validate=True)
    except ValueError:
        return base64.b64encode(signature.encode()).decode()
    return signature


def _usage(usage: Usage, dialect: str) -> tuple[int, int] | None:
    if usage.prompt_tokens is None or usage.completion_tokens is None:
        # Anthropic's and Cohere's clients need integers.
        return (0, 0) if dialect in ("anthropic", "cohere", "interactions") else None
    return usage.prompt_tokens, usage.completion_tokens


def assert_same(read: Read, wanted: Read) -> None:
    """Compare; ids that the events do not give only have to be there and to differ."""
    ids = [call.id for call in read.calls]
    assert len(set(ids)) == len(ids)
    calls = tuple(
        call if known.id else call._replace(id="") for call, known in zip(read.calls, wanted.calls, strict=False)
    )
    assert read._replace(calls=calls + read.calls[len(calls) :]) == wanted

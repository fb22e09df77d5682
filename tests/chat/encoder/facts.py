"""The content of a turn, however it was cut into events: to compare a turn with the one that is read back."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

from sse_events.chat import (
    Reasoning,
    ReasoningSignature,
    Refusal,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
)

_TEXTS: dict[type, str] = {Token: "text", Reasoning: "reasoning", Refusal: "refusal"}

# What a dialect cannot express.
AS_TEXT = ("anthropic", "gemini", "interactions", "cohere")  # a refusal
NO_SIGNATURES = ("cohere",)
NO_CALL_SIGNATURES = ("anthropic", "responses", "interactions", "cohere")
NO_REDACTED = ("responses", "gemini", "interactions")  # it becomes an ordinary signature
WRAPPED = ("anthropic", "gemini", "interactions", "cohere")  # the input of a custom call


def scrub(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def parts(events: Iterable[StreamEvent], choice: int = 0) -> list[list[Any]]:
    """The parts of a choice in order; text that goes on in the same part is joined."""
    found: list[list[Any]] = []
    calls: dict[int, list[Any]] = {}
    for event in events:
        if getattr(event, "choice", None) != choice:
            continue
        if isinstance(event, (Token, Reasoning, Refusal)):
            found.append([_TEXTS[type(event)], event.text])
        elif isinstance(event, ReasoningSignature):
            if event.call_index is None:
                found.append(["redacted" if event.redacted else "signature", event.signature])
            else:
                calls.setdefault(event.call_index, ["call", "", "", "", None, ""])[5] = event.signature
        elif isinstance(event, ToolCallStart):
            call = calls.setdefault(event.index, ["call", "", "", "", None, ""])
            call[1:4] = [event.id, event.name, ""]
            found.append(call)
        elif isinstance(event, ToolCallArgs):
            calls[event.index][3] += event.args_chunk
        elif isinstance(event, ToolCallEnd):
            calls[event.index][4] = event.complete
    return found


def projected(dialect: str, events: list[StreamEvent], choice: int = 0) -> list[Any]:
    """The parts of a choice as far as the dialect can say them."""
    starts = [event for event in events if isinstance(event, ToolCallStart) and event.choice == choice]
    index = -1
    found: list[list[Any]] = []
    for part in parts(events, choice):
        kind = part[0]
        if kind == "call":
            index += 1
            _, id, name, arguments, complete, signature = part
            custom = starts[index].custom
            if custom and dialect in WRAPPED:
                arguments = json.dumps({"input": scrub(arguments)})
            elif not custom and arguments in ("", "null"):
                arguments = "{}"
            # An empty id is derived, except for Gemini's.
            id = id if id or dialect == "gemini" else None
            found.append(["call", id, name, arguments, complete, "" if dialect in NO_CALL_SIGNATURES else signature])
        elif kind in ("signature", "redacted"):
            signature = base64.b64encode(b"?").decode() if dialect == "gemini" and part[1] == "?" else part[1]
            if dialect not in NO_SIGNATURES:
                found.append(["signature" if dialect in NO_REDACTED else kind, signature])
        else:
            found.append(["text" if kind == "refusal" and dialect in AS_TEXT else kind, part[1]])
    return merged(found)


def merged(found: list[list[Any]]) -> list[Any]:
    """With texts of one kind that stand side by side joined, and lone surrogates replaced as they are when written."""
    result: list[list[Any]] = []
    for part in found:
        if part[0] in ("text", "reasoning", "refusal"):
            if result and result[-1][0] == part[0]:
                result[-1][1] += scrub(part[1])
            else:
                result.append([part[0], scrub(part[1])])
        else:
            result.append([scrub(field) if isinstance(field, str) else field for field in part])
    return result


def same(expected: list[Any], found: list[Any]) -> bool:
    """Whether the parts are equal; ids that were derived are any, JSON arguments are equal by value."""
    if len(expected) != len(found):
        return False
    for wanted, got in zip(expected, found, strict=True):
        if wanted[0] != "call" or got[0] != "call":
            if wanted != got:
                return False
            continue
        if wanted[1] is None:
            wanted = [wanted[0], got[1] or "?", *wanted[2:]]
        if wanted[:3] + wanted[4:] != got[:3] + got[4:]:
            return False
        if wanted[3] != got[3] and json.loads(wanted[3]) != json.loads(got[3]):
            return False
    return True


def runnable(events: list[StreamEvent], choice: int = 0) -> list[tuple[str, Any]]:
    """The calls that a client may run: name and arguments of those that are complete.

    A call whose arguments are a finished object counts too if another part waited for it: it was closed for that.
    """
    found = []
    for begun, start in enumerate(events):
        if not isinstance(start, ToolCallStart) or start.choice != choice:
            continue
        key = (choice, start.index)
        pieces = [e.args_chunk for e in events if isinstance(e, ToolCallArgs) and (e.choice, e.index) == key]
        ends = [e for e in events if isinstance(e, ToolCallEnd) and (e.choice, e.index) == key]
        pieces = pieces or [end.arguments for end in ends]
        arguments = scrub("".join(pieces))
        if any(end.complete for end in ends):
            # Where a fragment was sent twice, a reader may take it for one.
            for text in (arguments, *(end.arguments for end in ends)):
                value = _value(text)
                found.append((scrub(start.name), text if start.custom else {} if value is None else value))
        if not start.custom and any(_begins_part(event, choice) for event in events[begun + 1 :]):
            values = [_value(scrub("".join(pieces[: count + 1]))) for count in range(len(pieces))]
            found += [(scrub(start.name), value) for value in values if isinstance(value, (dict, list))]
    return found


def _begins_part(event: StreamEvent, choice: int) -> bool:
    if isinstance(event, ReasoningSignature):
        return event.choice == choice and event.call_index is None
    return isinstance(event, (Token, Reasoning, Refusal, ToolCallStart)) and event.choice == choice


def _value(arguments: str) -> Any:
    try:
        return json.loads(arguments or "{}")
    except ValueError:
        return arguments


def unexpected_calls(events: list[StreamEvent], back: list[StreamEvent]) -> list[Any]:
    """The calls that were read back as complete and that nobody may run."""
    allowed = runnable(events)
    ran = [event for event in back if isinstance(event, ToolCallEnd) and event.complete and event.choice == 0]
    calls = [(end.name, end.arguments if end.custom else _value(end.arguments)) for end in ran]
    # A dialect that can only say objects wraps every other value.
    allowed += [(name, {"input": value}) for name, value in allowed if not isinstance(value, dict)]
    return [found for found in calls if found not in allowed]

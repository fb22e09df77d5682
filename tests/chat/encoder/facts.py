"""What a turn says, apart from how it was cut into events: for comparing a turn with what is read of it again."""

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

# What a dialect has no place for, by ENCODING's table of round trips.
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

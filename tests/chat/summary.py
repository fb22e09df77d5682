"""Fold StreamEvents to the summary that `reference.summarize` gives, and compare the two."""

from __future__ import annotations

from typing import Any

from sse_events.chat.events import (
    Done,
    Error,
    Finish,
    Reasoning,
    Refusal,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
)

Summary = dict[str, Any]

EMPTY_USAGE = dict.fromkeys(("prompt", "completion", "cached", "cache_write", "reasoning"))


def check_order(events: list[StreamEvent]) -> None:
    """Assert what holds of every finished stream: Done once and last, and each tool call begun, fed and ended once."""
    assert [type(event) for event in events].count(Done) == 1
    assert isinstance(events[-1], Done)
    begun: dict[tuple[int, int], ToolCallStart] = {}
    fragments: dict[tuple[int, int], list[str]] = {}
    ended = set()
    for event in events:
        if isinstance(event, ToolCallStart):
            assert (event.choice, event.index) not in begun
            begun[event.choice, event.index] = event
            fragments[event.choice, event.index] = []
        elif isinstance(event, ToolCallArgs):
            assert event.args_chunk
            assert (event.choice, event.index) not in ended
            fragments[event.choice, event.index].append(event.args_chunk)
        elif isinstance(event, ToolCallEnd):
            key = event.choice, event.index
            assert key not in ended
            ended.add(key)
            assert event.name == begun[key].name
            assert event.id == begun[key].id or begun[key].id == ""
            assert event.arguments == "".join(fragments[key])
        elif isinstance(event, (Token, Reasoning, Refusal)):
            assert event.text
    assert ended == set(begun)
    for choice in {choice for choice, _ in begun}:
        # A call that waits for its name may start after later ones, but the positions have no gaps.
        indexes = sorted(index for of, index in begun if of == choice)
        assert indexes == list(range(len(indexes)))
    words = [event.reason for event in events if isinstance(event, Finish) and event.choice == 0]
    assert events[-1].finish_reason == (words[-1] if words else None)


def fold(events: list[StreamEvent], dialect: str | None) -> Summary:
    """The summary of one whole stream's events, choice 0; without "events", which they do not show."""
    errors: list[dict[str, str | None]] = []
    summary: Summary = {"dialect": dialect, "finish": None, "finish_raw": None, "usage": EMPTY_USAGE, "status": None}
    summary |= {"text": "", "reasoning": "", "refusal": "", "tool_calls": [], "errors": errors}
    calls: dict[int, dict[str, str]] = {}
    for event in events:
        if isinstance(event, Error):
            # The message of malformed JSON is the library's own, and it counts once.
            error = {"kind": event.kind, "message": None if event.kind == "malformed_json" else event.message}
            if error not in errors:
                errors.append(error)
        elif isinstance(event, Done):
            usage = event.usage
            summary["status"] = event.status
            summary["usage"] = {
                "prompt": usage.prompt_tokens,
                "completion": usage.completion_tokens,
                "cached": usage.cached_tokens,
                "cache_write": usage.cache_write_tokens,
                "reasoning": usage.reasoning_tokens,
            }
        elif getattr(event, "choice", 0) != 0:
            continue
        elif isinstance(event, (Token, Reasoning, Refusal)):
            key = "text" if isinstance(event, Token) else type(event).__name__.lower()
            summary[key] += event.text
        elif isinstance(event, Finish):
            summary |= {"finish": event.reason, "finish_raw": event.raw_reason}
        elif isinstance(event, ToolCallEnd):
            calls[event.index] = {"id": event.id, "name": event.name, "arguments": event.arguments}
    summary["tool_calls"] = [call for _, call in sorted(calls.items())]
    return summary


def compare(expected: Summary, actual: Summary) -> list[str]:
    """The differences between `actual` and `expected`, a line for each key; empty if there are none.

    A body of no dialect at all (every key of `expected` is None) says only that the dialect is None. Ids are compared
    where the expected one is not empty, messages where it is not None.
    """
    if expected["status"] is None:
        return [] if actual["dialect"] is None else [f"dialect: expected None, got {actual['dialect']!r}"]
    differences = []
    for key, wanted in expected.items():
        if key == "events":
            continue
        found = actual[key]
        if key == "tool_calls" and len(wanted) == len(found):
            found = [call | ({} if want["id"] else {"id": ""}) for want, call in zip(wanted, found, strict=True)]
        if key == "errors" and len(wanted) == len(found):
            found = [
                error | ({"message": None} if want["message"] is None else {})
                for want, error in zip(wanted, found, strict=True)
            ]
        if wanted != found:
            differences.append(f"{key}: expected {wanted!r}, got {found!r}")
    return differences

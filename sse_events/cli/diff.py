"""``sse-events diff``: compare two answers by meaning, not by chunk."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from itertools import zip_longest
from typing import Any

import msgspec

from sse_events.chat import Done, Error
from sse_events.chat.message import Message, ToolCall
from sse_events.cli.answers import Answers
from sse_events.cli.errors import MISUSE, CommandError
from sse_events.cli.inputs import add_dialect, add_input_options, open_source
from sse_events.cli.output import STDOUT, coloured, json_lines, one_line, shown, write
from sse_events.cli.recognise import describe

ARGUMENTS = "A B"
DESCRIPTION = (
    "Compare the answers in two chat streams by meaning: text, reasoning, tool calls, finish reason, usage and status. "
    "How they are cut into chunks, their IDs and their dialects do not count."
)
EPILOG = "The exit status is 0 if they are the same, 1 if they differ, and 2 if one cannot be read."

_CONTEXT_CHARS = 40
_COUNTS = ("prompt_tokens", "completion_tokens")
_PARTS = ("cached_tokens", "cache_write_tokens", "reasoning_tokens")  # of those; None and 0 mean the same


class Difference(msgspec.Struct, frozen=True):
    """One difference.

    Attributes:
        field: Where it is, such as ``text`` or ``tool_calls.0.arguments``.
        a: The value in the first answer.
        b: The value in the second answer.
    """

    field: str
    a: Any
    b: Any


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subcommand."""
    parser.add_argument("a", metavar="A", help="the first stream, a file or - for standard input")
    parser.add_argument("b", metavar="B", help="the second stream")
    add_input_options(parser)
    add_dialect(parser)
    parser.add_argument("--json", action="store_true", help="write each difference as one JSON line")


def run(arguments: argparse.Namespace) -> int:
    """Compare the two streams; return the exit status."""
    try:
        a, b = (_messages(path, arguments) for path in (arguments.a, arguments.b))
    except CommandError as error:
        raise CommandError(str(error), MISUSE) from None
    found: list[Difference] = []
    for number, (one, other) in enumerate(zip_longest(a, b)):
        prefix = f"answers.{number}." if max(len(a), len(b)) > 1 else ""
        if one is None or other is None:
            found.append(Difference(f"answers.{number}", _presence(one), _presence(other)))
        else:
            found += differences(one, other, prefix)
    if arguments.json:
        write(json_lines(found))
    else:
        write("".join(map(_described, found)).encode("utf-8", "replace"))
    return 1 if found else 0


def _messages(path: str, arguments: argparse.Namespace) -> list[Message]:
    machine = Answers(arguments.dialect, max_event_bytes=arguments.max_event_bytes)
    messages: list[Message] = []
    message = Message()
    with closing(open_source(path, arguments)) as source:
        for events in [*map(machine.feed, source), machine.close()]:
            for event in events:
                message.apply(event)
                if isinstance(event, Error) and event.kind in ("not_sse", "unknown_dialect"):
                    raise CommandError(f"{path}: {describe(source.head) or event.message}")
                if isinstance(event, Done):
                    messages.append(message)
                    message = Message()
        if not source.head.strip():
            raise CommandError(f"{path}: {describe(b'')}")
    return messages


def differences(a: Message, b: Message, prefix: str = "") -> list[Difference]:
    """Where two answers differ in meaning."""
    return [Difference(f"{prefix}{name}", one, other) for name, one, other in _pairs(a, b) if one != other]


def _pairs(a: Message, b: Message) -> Iterator[tuple[str, Any, Any]]:
    yield "text", a.text, b.text
    yield "reasoning", a.reasoning, b.reasoning
    yield "refusal", a.refusal, b.refusal
    for index, (one, other) in enumerate(zip_longest(a.tool_calls, b.tool_calls)):
        name = f"tool_calls.{index}"
        if one is None or other is None:
            yield name, one and one.name, other and other.name
            continue
        yield f"{name}.name", one.name, other.name
        yield f"{name}.arguments", _arguments(one), _arguments(other)
        yield f"{name}.complete", one.complete, other.complete
    yield "finish_reason", a.finish_reason, b.finish_reason
    yield "status", a.status, b.status
    for name in _COUNTS:
        yield f"usage.{name}", getattr(a.usage, name), getattr(b.usage, name)
    for name in _PARTS:
        yield f"usage.{name}", getattr(a.usage, name) or 0, getattr(b.usage, name) or 0
    yield "errors", [error.message for error in a.errors], [error.message for error in b.errors]


def _arguments(call: ToolCall) -> Any:
    """The arguments decoded, so that spaces and the order of members do not count; their text if they are not JSON."""
    try:
        return call.parse()
    except msgspec.DecodeError:
        return call.arguments


def _presence(message: Message | None) -> str:
    return "missing" if message is None else "present"


def _described(difference: Difference) -> str:
    a, b = difference.a, difference.b
    if isinstance(a, str) and isinstance(b, str):
        at = next((at for at, (one, other) in enumerate(zip(a, b, strict=False)) if one != other), min(len(a), len(b)))
        if max(len(a), len(b)) > _CONTEXT_CHARS:
            return _pair(f"{difference.field} differs at character {at}", _excerpt(a, at), _excerpt(b, at))
        return _pair(difference.field, one_line(a), one_line(b))
    return _pair(difference.field, _json(a), _json(b))


def _pair(title: str, a: str, b: str) -> str:
    return f"{title}\n{coloured(f'- {a}', 'red', STDOUT)}\n{coloured(f'+ {b}', 'green', STDOUT)}\n"


def _json(value: Any) -> str:
    return "none" if value is None else shown(json_lines([value]).decode().rstrip("\n"))


def _excerpt(text: str, at: int) -> str:
    start = max(at - _CONTEXT_CHARS, 0)
    end = at + _CONTEXT_CHARS
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return f"{before}{shown(text[start:end])!s}{after}".replace("\n", "\u23ce")

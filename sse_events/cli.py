"""The ``sse-events`` command: a recorded or live stream in, text or JSON lines out.

Bytes are read as they arrive and every value is written as soon as its last byte has come, so the command can stand at
the end of ``curl -N``. Output is UTF-8 whatever the locale says.

Exit status: 0 when all went well, 1 after an error in the stream or a truncated one, 2 for misuse (a file that cannot
be opened included), 130 after Ctrl-C and 141 when the reader of the output went away, as a shell would report them.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import select
import stat
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from io import FileIO
from typing import Any

import msgspec

from sse_events.chat import (
    ChatStream,
    Done,
    Error,
    Reasoning,
    Refusal,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
)
from sse_events.chat.dialects import DIALECTS
from sse_events.errors import SSEError
from sse_events.events import Comment, Event, UnknownField
from sse_events.iterate import iter_events
from sse_events.parser import WireParser

_READ_BYTES = 64 * 1024  # the capacity of a Linux pipe: more is never there at once
_STDIN, _STDOUT, _STDERR = 0, 1, 2

_OK = 0
_FAILED = 1
_MISUSE = 2
_INTERRUPTED = 130  # 128 + SIGINT
_READER_GONE = 141  # 128 + SIGPIPE

# What a provider sends must not steer the terminal: C0 controls but tab and line feed become the picture of themselves,
# DEL and the C1 controls (which many terminals obey like ESC) likewise.
_CONTROL_PICTURES = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
}
# JSON need not escape DEL and C1, so msgspec does not.
_UNESCAPED_CONTROL = re.compile(rb"\x7f|\xc2[\x80-\x9f]")
_DIM = "\x1b[2m{}\x1b[22m"


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status of the command, once it has run.

    Args:
        argv: The arguments after the command's name; those of the process by default.

    Raises:
        SystemExit: After ``--help`` and ``--version``, and when the arguments make no sense.
    """
    try:
        arguments = _parse(argv)
        try:
            file = _open(arguments.file)
        except OSError as error:
            _complain(f"{arguments.file}: {error.strerror}")
            return _MISUSE
        with file:
            run: Callable[[argparse.Namespace, FileIO], int] = arguments.run
            return run(arguments, file)
    except KeyboardInterrupt:
        _complain("interrupted")
        return _INTERRUPTED
    except BrokenPipeError:
        return _READER_GONE
    except (SSEError, OSError) as error:
        _complain(getattr(error, "strerror", None) or str(error))
        return _FAILED


class _Version(argparse.Action):
    """argparse's own wants the version at every start, though only an installed distribution has one."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"sse-events {version('sse_events')}")
        parser.exit()


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="sse-events",
        description="Read Server-Sent Events from a file or standard input, as they arrive.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    chat = commands.add_parser(
        "chat",
        help="a stream of an LLM provider as text, or as JSON lines",
        description="Print the answer in a provider's chat stream as it arrives; reasoning and tool calls stand apart. "
        "The last line, on standard error, says how the stream ended. The exit status is 0 if it came to its end, "
        "1 after an error or when it was truncated.",
    )
    chat.set_defaults(run=_chat)
    chat.add_argument(
        "--dialect",
        choices=("auto", *DIALECTS),
        default="auto",
        help="read this dialect; auto, the default, detects it from the payloads",
    )
    chat.add_argument("--json", action="store_true", help="write each StreamEvent as one JSON line")
    chat.add_argument("--raw", action="store_true", help="with --json: also write the JSON of each payload")
    chat.add_argument("--all-choices", action="store_true", help="with --json: of every choice, not only the first")

    events = commands.add_parser(
        "events",
        help="the events of any stream as JSON lines",
        description="Write each event of a stream as one JSON line with data, event, id and retry.",
    )
    events.set_defaults(run=_events)
    events.add_argument(
        "--comments",
        action="store_true",
        help='also write comments, as {"comment": text}, and unknown fields, as {"field": name, "value": text}',
    )

    for command in (chat, events):
        command.add_argument("file", nargs="?", default="-", metavar="FILE", help="standard input by default, or for -")

    try:
        arguments = parser.parse_args(argv)
        if arguments.run is _chat and not arguments.json and (arguments.raw or arguments.all_choices):
            chat.error("--raw and --all-choices need --json")
    except SystemExit:
        _flush_help()
        raise
    return arguments


def _flush_help() -> None:
    """Write out what argparse printed, whose reader may be gone: at exit Python would print that as an error."""
    if sys.stdout is not None:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise


def _open(path: str) -> FileIO:
    """The input, unbuffered: a read returns what has arrived and waits for no full block."""
    if path == "-":
        return FileIO(_STDIN, closefd=False)
    return FileIO(path)


def _chunks(file: FileIO) -> Iterator[bytes]:
    while (chunk := file.read(_READ_BYTES)) != b"":
        if chunk is None:
            # Whoever shares this pipe or terminal made it non-blocking, and nothing has arrived.
            select.select([file], [], [])
        else:
            yield chunk


def _events(arguments: argparse.Namespace, file: FileIO) -> int:
    chunks = _chunks(file)
    values: Iterator[Event | Comment | UnknownField] = (
        iter_events(chunks, into=WireParser()) if arguments.comments else iter_events(chunks)
    )
    for value in values:
        _write(_json_line(_shape(value)))
    return _OK


def _shape(value: Event | Comment | UnknownField) -> Any:
    if isinstance(value, Comment):
        return {"comment": value.text}
    if isinstance(value, UnknownField):
        return {"field": value.name, "value": value.value}
    return value


def _chat(arguments: argparse.Namespace, file: FileIO) -> int:
    machine = ChatStream(arguments.dialect, choices="all" if arguments.all_choices else "first", raw=arguments.raw)
    transcript = _Transcript(live=not stat.S_ISREG(os.fstat(file.fileno()).st_mode))
    show = _write_json if arguments.json else transcript.show
    ok = False
    try:
        for event in iter_events(_chunks(file), into=machine):
            show(event)
            if isinstance(event, Done):
                ok = event.ok
                if event.status in ("complete", "error"):
                    # Nothing follows, though the connection may stay open. Otherwise the input has ended: if it
                    # ended by a failed read, the next step raises it.
                    break
    finally:
        transcript.end_line()
    return _OK if ok else _FAILED


def _write_json(event: StreamEvent) -> None:
    _write(_json_line(event))


def _json_line(value: Any) -> bytes:
    try:
        text = msgspec.json.encode(value)
    except UnicodeEncodeError:
        # A lone surrogate, which JSON can escape and UTF-8 cannot carry.
        text = json.dumps(msgspec.to_builtins(value)).encode()
    return _UNESCAPED_CONTROL.sub(lambda found: b"\\u%04x" % ord(found[0].decode()), text) + b"\n"


class _Transcript:
    """A chat stream for people: text as it is, everything else under a heading, dim on a terminal."""

    __slots__ = ("_calls", "_first", "_heading", "_live", "_midline", "_started", "_terminal")

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._terminal = os.isatty(_STDOUT)
        self._started = time.monotonic()
        self._first: float | None = None  # seconds until the provider's first output of any kind
        self._heading = ""  # what is being written; "" until anything is
        self._midline = False
        self._calls: dict[int, str] = {}  # the headings of the tool calls, by index

    def show(self, event: StreamEvent) -> None:
        """Write what `event` adds; events that are not for reading add nothing."""
        match event:
            case Token():
                self._put("text", event.text)
            case Reasoning():
                self._put("reasoning", event.text)
            case Refusal():
                self._put("refusal", event.text)
            case ToolCallStart():
                self._calls[event.index] = f"tool call {event.index}: {event.name}"
                self._put(self._calls[event.index])
            case ToolCallArgs():
                self._put(self._calls[event.index], event.args_chunk)
            case ToolCallEnd(complete=False):
                self._put(f"{self._calls[event.index]} is incomplete")
            case Error():
                code = "" if event.code is None else f" ({event.code})"
                self._note(f"{event.kind.replace('_', ' ')} error: {event.message}{code}")
            case Done():
                self.end_line()
                self._note(self._summary(event))

    def _put(self, heading: str, text: str = "") -> None:
        if self._first is None:
            self._first = time.monotonic() - self._started
        plain = heading == "text"
        if heading != self._heading:
            self.end_line()
            if self._heading:
                self._write("\n")
            if self._heading or not plain:
                self._write(f"--- {_one_line(heading)} ---\n", dim=True)
            self._heading = heading
        if text:
            self._midline = not text.endswith("\n")  # before the write, which Ctrl-C may end
            self._write(text.translate(_CONTROL_PICTURES) if self._terminal else text, dim=not plain)

    def end_line(self) -> None:
        """End the line that is being written, if there is one."""
        if self._midline:
            self._write("\n")
            self._midline = False

    def _write(self, text: str, *, dim: bool = False) -> None:
        _write((_DIM.format(text) if dim and self._terminal else text).encode("utf-8", "replace"))

    def _note(self, text: str) -> None:
        if self._terminal:
            self.end_line()
        _complain(text)

    def _summary(self, done: Done) -> str:
        usage = done.usage
        reason = "no finish reason" if done.finish_reason is None else f"finish reason {done.finish_reason}"
        prompt = _tokens(usage.prompt_tokens, "prompt", usage.cached_tokens, "cached")
        completion = _tokens(usage.completion_tokens, "completion", usage.reasoning_tokens, "reasoning")
        parts = [done.status, reason, prompt, completion]
        if self._live:
            if self._first is not None:
                parts.append(f"first token after {self._first:.2f} s")
            parts.append(f"{time.monotonic() - self._started:.2f} s in all")
        return ", ".join(parts)


def _tokens(count: int | None, kind: str, part: int | None, of_these: str) -> str:
    """A count in words, such as ``12 prompt tokens (8 cached)``; what the provider never said is a question mark."""
    total = f"{'?' if count is None else count} {kind} tokens"
    return total if part is None else f"{total} ({part} {of_these})"


def _one_line(text: str) -> str:
    return " ".join(text.split()).translate(_CONTROL_PICTURES)


def _complain(text: str) -> None:
    """One line on standard error; that there may be no one to read it is no error of its own."""
    with contextlib.suppress(OSError):
        _write_to(_STDERR, f"sse-events: {_one_line(text)}\n".encode("utf-8", "backslashreplace"))


def _write(data: bytes) -> None:
    _write_to(_STDOUT, data)


def _write_to(descriptor: int, data: bytes) -> None:
    # Not through sys.stdout: it holds output back, and it would fail once more at exit when the reader has gone.
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            # Non-blocking for the reason given in _chunks.
            select.select([], [descriptor], [])

"""The answers of `serve`: the bytes of a recording, or its answer in another dialect, written by the fake provider."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from time import monotonic, sleep, time

from msgspec import Struct

from sse_events.chat import Done, Error
from sse_events.cli.answers import Answers
from sse_events.cli.inputs import open_source
from sse_events.cli.replay import wait
from sse_events.parser import Parser
from sse_events.testing.answers import refuse
from sse_events.testing.provider import FakeProvider, Request
from sse_events.testing.script import Pause, Step, cut, turn

_STREAM_HEADERS = {"content-type": "text/event-stream", "cache-control": "no-store"}


class Reply(Struct):
    """The answer to one request.

    Attributes:
        status: The HTTP status.
        headers: The headers.
        chunks: The body, each chunk at its time.
        broken: The connection is dropped after the chunks.
    """

    status: int
    headers: dict[str, str]
    chunks: Iterator[bytes]
    broken: bool


def reply(path: str, request: Request, target: str, arguments: argparse.Namespace) -> Reply:
    """The answer to `request` from the file at `path`.

    Recorded bytes are sent as they are, unless the request is for another dialect, or for an answer in one piece.

    Args:
        path: The file.
        request: The request.
        target: Its path with the query.
        arguments: Those of `serve`.

    Raises:
        CommandError: The file cannot be read.
    """
    if arguments.status != 200:
        error = Error("provider", f"sse-events serve --status {arguments.status}")
        refusal = refuse(request.dialect or "openai", arguments.status, error)
        return Reply(refusal.status, refusal.headers, iter([refusal.body]), broken=False)
    recorded = _dialect(path, arguments) if request.dialect else None
    cut_short = arguments.cut_after is not None
    if recorded is None or (request.streamed and request.dialect == recorded):
        return Reply(200, _STREAM_HEADERS, spoiled(_paced(path, arguments), arguments), cut_short)
    provider = FakeProvider([turn(_steps(path, arguments))], created=int(time()), sleep=lambda s: wait(monotonic() + s))
    answer = provider.respond(request.method, target, request.headers.items(), request.body)
    return Reply(answer.status, answer.headers, spoiled(provider.send(answer), arguments), answer.broken or cut_short)


def _dialect(path: str, arguments: argparse.Namespace) -> str | None:
    """The dialect of a file; None if it is not a chat stream."""
    machine = Answers()
    with closing(open_source(path, arguments)) as source:
        for chunk in source:
            machine.feed(chunk)
            if machine.dialect is not None or machine.finished:
                break
    return machine.dialect


def _steps(path: str, arguments: argparse.Namespace) -> list[Step]:
    """The events of the first answer of a file, with the silences between them."""
    machine = Answers(choices="all")
    steps: list[Step] = []
    at = 0.0
    with closing(open_source(path, arguments)) as source:
        for chunk in source:
            events = machine.feed(chunk)
            if events and source.is_recording:
                steps.append(Pause((source.at - at) / arguments.speed))
                at = source.at
            steps += events
            if machine.finished:
                break
        else:
            steps += machine.close()
    end, done = next((number, step) for number, step in enumerate(steps) if isinstance(step, Done))
    # A recording that is cut is not an answer that failed: here too the connection breaks.
    return [*steps[:end], *(cut() if done.status == "truncated" else [done])]


def _paced(path: str, arguments: argparse.Namespace) -> Iterator[bytes]:
    """The chunks of a file, those of a recording at their times."""
    started = monotonic()
    with closing(open_source(path, arguments)) as source:
        for chunk in source:
            if source.is_recording:
                wait(started + source.at / arguments.speed)
            yield chunk


def spoiled(chunks: Iterator[bytes], arguments: argparse.Namespace) -> Iterator[bytes]:
    """The chunks as ``--cut-after`` and ``--stall`` change them."""
    if arguments.cut_after is None and not arguments.stall:
        yield from chunks
        return
    # Cutting and stalling need to know where events end: bytes are sent event by event.
    last = b""
    for number, piece in enumerate(events_of(chunks), 1):
        if last:
            yield last
        last = piece
        if number == arguments.cut_after:
            break
    if arguments.stall:
        sleep(arguments.stall)
    yield last


def events_of(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes of a stream, cut after each event."""
    parser = Parser(max_event_bytes=None)
    piece = bytearray()
    for chunk in chunks:
        for line in chunk.splitlines(keepends=True):
            piece += line
            if parser.feed(line):
                yield bytes(piece)
                piece.clear()
    if piece:
        yield bytes(piece)

"""The races: each gives a `Row` per stream, with the fastest run of every reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import methodcaller
from typing import Any, NamedTuple

import msgspec

from benchmarks import chat, ours, peers, sdks, streams
from benchmarks.race import Reader, TooSlowError, before_deadline, race
from sse_events.events import Event

SPLIT = "bytes.split"
DECODE = "msgspec decode"
FLOORS = (SPLIT, DECODE)


class Row(NamedTuple):
    """The result of the race over one stream.

    Attributes:
        stream: The stream's name.
        group: The group of streams that it is summed up in.
        events: How many events it has.
        size_bytes: The length of the stream.
        best_ns: The fastest run of each reader that returned the right events.
        wrong: The fault of each reader that did not.
    """

    stream: str
    group: str
    events: int
    size_bytes: int
    best_ns: dict[str, int]
    wrong: dict[str, str]


class _Delta(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    index: int
    delta: _Delta
    finish_reason: str | None = None


class _Chunk(msgspec.Struct):
    """The fields that every chat client reads from a payload."""

    id: str
    choices: list[_Choice]


def parser_rows(builds: list[ours.Ours], others: list[peers.Peer], words: str, rounds: int) -> Iterator[Row]:
    """The race from bytes to events."""
    entrants = [peers.Peer(build.name, _feeds(build.parser), _as_event) for build in builds] + others
    for stream in streams.streams(words):
        chunks = stream.chunks
        wrong = {}
        readers: dict[str, Reader] = {SPLIT: _reader(_split, chunks)}
        for peer in entrants:
            fault = _fault(peer, stream)
            if fault:
                wrong[peer.name] = fault
            else:
                readers[peer.name] = _reader(peer.batches, chunks)
        size = sum(map(len, chunks))
        group = _group(stream)
        yield Row(stream.name, group, len(stream.events), size, race(readers, rounds), wrong)


def chat_rows(builds: list[ours.Ours], words: str, rounds: int) -> Iterator[Row]:
    """The race from bytes to typed chat events."""
    for dialect in chat.DIALECTS:
        turn = chat.turn(dialect)
        for size_bytes, cut in ((None, "one per chunk"), (4 * streams.KIB, "4 KiB reads")):
            name = f"chat {dialect}, {cut}"
            if words not in name:
                continue
            chunks = streams.cut(turn.blocks, size_bytes)
            readers: dict[str, Reader] = {}
            wrong = {}
            if dialect == "openai":
                readers[DECODE] = _reader(_decode, turn.payloads)
            for build in builds:
                readers[build.name] = _reader(_feeds(build.chat_stream), chunks)
                read = "".join(event.text for event in _all(readers[build.name]) if type(event) is build.token)
                if read != turn.text:
                    wrong[build.name] = "other text"
            for sdk in sdks.installed():
                if sdk.dialect == dialect:
                    readers[sdk.name] = _reader(sdk.batches, chunks)
                    if "".join(map(sdk.text, _all(readers[sdk.name]))) != turn.text:
                        wrong[sdk.name] = "other text"
            yield Row(name, "chat", len(turn.payloads), sum(map(len, turn.payloads)), race(readers, rounds), wrong)


def _split(chunks: Iterable[bytes]) -> Iterable[Iterable[Any]]:
    return (map(methodcaller("split", b"\n"), chunks),)


def _decode(payloads: Iterable[bytes]) -> Iterable[Iterable[Any]]:
    return (map(msgspec.json.Decoder(_Chunk).decode, payloads),)


def _feeds(machine: Callable[[], Any]) -> peers.Batches:
    return lambda chunks: map(machine().feed, chunks)


def _reader(batches: peers.Batches, chunks: list[bytes]) -> Reader:
    return lambda: batches(chunks)


def _all(read: Reader) -> Iterable[Any]:
    return [event for batch in read() for event in batch]


def _as_event(event: Any) -> Event:
    # An Event from a wheel has another class, and has more fields.
    return Event(event.data, event.event, event.id)


def _group(stream: streams.Stream) -> str:
    if stream.kind == "large":
        return "large events and small pieces"
    return "events up to 1 KiB, one per chunk" if stream.one_per_chunk else "events up to 1 KiB, in reads"


def _fault(peer: peers.Peer, stream: streams.Stream) -> str:
    """What is wrong with the events that `peer` returns for `stream`; "" if nothing is."""
    events = []
    try:
        for batch in peer.batches(before_deadline(stream.chunks)):
            events += [event for event in map(peer.event, batch) if event is not None]
    except TooSlowError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 (whatever it raises is what is to be reported)
        return f"raises {type(error).__name__}"
    if len(events) != len(stream.events):
        return f"{len(events)} events instead of {len(stream.events)}"
    wrong = sum(event != expected for event, expected in zip(events, stream.events, strict=True))
    return f"{wrong} of {len(events)} events differ" if wrong else ""


def all_rows(builds: list[ours.Ours], others: list[peers.Peer], words: str, rounds: int) -> Iterator[Row]:
    """Both races, over the streams whose name contains `words`."""
    yield from parser_rows(builds, others, words, rounds)
    yield from chat_rows(builds, words, rounds)


def names(words: str) -> Iterator[str]:
    """The names of all rows."""
    yield from (stream.name for stream in streams.streams(words))
    for dialect in chat.DIALECTS:
        yield from (name for cut in ("one per chunk", "4 KiB reads") if words in (name := f"chat {dialect}, {cut}"))

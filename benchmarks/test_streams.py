"""Each stream has what its function says, and its bytes give its events."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from statistics import fmean

import pytest

from benchmarks import chat, peers, streams
from benchmarks.streams import KIB, MIB, Stream, Traffic
from sse_events.chat import ChatStream, collect
from sse_events.parser import Parser

TRAFFICS = {make.__name__: make for make in (*streams.SMALL.values(), *(make for make, _ in streams.LARGE.values()))}
NAMES = [stream.name for stream in streams.streams()]

# aiohttp-sse-client2 strips the spaces at the end of a line, so its text is wrong.
PEERS, _ = peers.installed(make for make in peers.PEERS if make is not peers.aiohttp_sse_client2)


def stream_called(name: str) -> Stream:
    return next(stream for stream in streams.streams(name) if stream.name == name)


def all_blocks(pattern: bytes) -> Callable[[Traffic], bool]:
    """Whether each block, with all its line ends, is what the pattern says."""
    return lambda traffic: all(re.fullmatch(pattern, block) for block in traffic.blocks)


def sizes(traffic: Traffic) -> set[int]:
    return set(map(len, traffic.blocks))


EXERCISES: list[tuple[str, str, Callable[[Traffic], bool]]] = [
    ("chat", "one data line of JSON, and nothing else", all_blocks(rb"data: \{[^\r\n]+\}\n\n")),
    ("chat", "285 bytes", lambda traffic: 280 < fmean(len(event.data) for event in traffic.events) < 290),
    ("chat", "a chunk object each", lambda traffic: all("choices" in event.json() for event in traffic.events)),
    ("without_space", "no space after the colon", all_blocks(rb"data:\{[^\r\n]+\}\n\n")),
    ("named", "event and data", all_blocks(rb"event: \w+\ndata: \{[^\r\n]+\} *\n\n")),
    ("named", "the type of the payload", lambda traffic: all(e.event == e.json()["type"] for e in traffic.events)),
    ("identified", "id, event and data", all_blocks(rb"id: \d+\nevent: change\ndata: \{[^\r\n]+\}\n\n")),
    ("identified", "another id each", lambda traffic: len({event.id for event in traffic.events}) == 500),
    ("crlf", "CRLF and no other line end", all_blocks(rb"event: \w+\r\ndata: \{[^\r\n]+\} *\r\n\r\n")),
    ("tiny", "some ten bytes", lambda traffic: sizes(traffic) == {9, 10}),
    ("tiny", "a data line", all_blocks(rb"data: \d+\n\n")),
    ("kilobyte", "1 KiB", lambda traffic: sizes(traffic) == {KIB}),
    ("keep_alive", "comments and data", all_blocks(rb"(: keep-alive \d+|data: \d+)\n\n")),
    ("keep_alive", "nine comments to an event", lambda traffic: len(traffic.blocks) == 10 * len(traffic.events)),
    ("multiline", "ten data lines", all_blocks(rb"(data: [a-z ]+\n){10}\n")),
    ("multiline", "joined", lambda traffic: all(event.data.count("\n") == 9 for event in traffic.events)),
    ("non_ascii", "a data line", all_blocks(rb"data: [^\r\n]+\n\n")),
    ("non_ascii", "two to four bytes", lambda traffic: _widths(traffic) == {1, 2, 3, 4}),
    ("non_ascii", "mostly not one", lambda traffic: sum(map(len, traffic.blocks)) > 1.5 * _characters(traffic)),
    ("non_ascii", "U+2028 in some", lambda traffic: 0 < sum("\u2028" in e.data for e in traffic.events) < 500),
    ("large", "64 KiB of data", lambda traffic: sizes(traffic) == {64 * KIB + len("data: \n\n")}),
    ("huge", "12 MiB of data, once", lambda traffic: [len(block) for block in traffic.blocks] == [12 * MIB + 8]),
]


def _widths(traffic: Traffic) -> set[int]:
    return {len(character.encode()) for event in traffic.events for character in event.data}


def _characters(traffic: Traffic) -> int:
    return sum(len(event.data) for event in traffic.events)


def test_every_traffic_has_its_say() -> None:
    assert {name for name, _, _ in EXERCISES} == set(TRAFFICS)


@pytest.mark.parametrize(("name", "holds"), [pytest.param(n, f, id=f"{n}: {what}") for n, what, f in EXERCISES])
def test_traffic(name: str, holds: Callable[[Traffic], bool]) -> None:
    assert holds(streams.make(TRAFFICS[name]))


@pytest.mark.parametrize("name", TRAFFICS)
def test_traffic_is_the_same_each_time(name: str) -> None:
    assert streams.make(TRAFFICS[name]) == streams.make(TRAFFICS[name])


def test_all_cuts_of_all_traffics_are_there() -> None:
    assert (
        len(set(NAMES)) == len(NAMES) == 4 * len(streams.SMALL) + sum(len(cuts) for _, cuts in streams.LARGE.values())
    )


@pytest.mark.parametrize("name", NAMES)
def test_stream(name: str) -> None:
    """Its chunks have the size in its name, and our parser makes its events of them."""
    stream = stream_called(name)
    cut = re.search(r"(\d+) (KiB|byte) reads$", name)
    if cut is None:
        assert stream.one_per_chunk
        assert all(chunk.endswith((b"\n\n", b"\r\n\r\n")) for chunk in stream.chunks)
    else:
        size_bytes = int(cut[1]) * (KIB if cut[2] == "KiB" else 1)
        assert not stream.one_per_chunk
        assert {len(chunk) for chunk in stream.chunks[:-1]} <= {size_bytes}
        assert 0 < len(stream.chunks[-1]) <= size_bytes
    parser = Parser()
    assert [event for chunk in stream.chunks for event in parser.feed(chunk)] == stream.events


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
@pytest.mark.parametrize("name", [name for name in NAMES if "12 MiB" not in name])
def test_peers_read_the_same_events(peer: peers.Peer, name: str) -> None:
    """Other parsers give the expected events too. 12 MiB is left out: several peers refuse it or are quadratic."""
    stream = stream_called(name)
    events = [event for batch in peer.batches(stream.chunks) for event in map(peer.event, batch) if event is not None]
    assert events == stream.events


@pytest.mark.parametrize(
    ("dialect", "key", "size_bytes"),
    [
        ("openai", b'"content":" ', 285),
        ("anthropic", b'"content_block_delta"', 115),
        ("responses", b'"response.output_text.delta"', 250),
        ("gemini", b'"candidates"', 450),
        ("cohere", b'"content-delta"', 90),
    ],
)
def test_chat_payloads(dialect: str, key: bytes, size_bytes: int) -> None:
    """The text deltas of each dialect are as long as its docstring says, and join to the text."""
    turn = chat.turn(dialect, 300)
    deltas = [payload for payload in turn.payloads if key in payload]
    assert len(deltas) == 300
    assert fmean(map(len, deltas)) == pytest.approx(size_bytes, rel=0.03)
    assert all(isinstance(json.loads(payload), dict) for payload in turn.payloads)
    assert turn == chat.turn(dialect, 300)

    stream = ChatStream()
    message = collect([event for block in turn.blocks for event in stream.feed(block)] + stream.close())
    assert (message.text, message.status, message.finish_reason) == (turn.text, "complete", "stop")
    assert message.errors == []


def test_chat_payloads_cover_all_dialects() -> None:
    assert list(chat.DIALECTS) == ["openai", "anthropic", "responses", "gemini", "cohere"]

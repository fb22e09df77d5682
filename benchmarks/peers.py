"""Other libraries. Each gets bytes in the same way as from its own client code.

Each one returns *batches*: an iterable of iterables of events, so that one loop reads them all. A decoder that returns
a list per chunk gives one batch per chunk. A generator over the chunks is a single batch.
"""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

from sse_events.events import Event

Batches = Callable[[Iterable[bytes]], Iterable[Iterable[Any]]]


class Peer(NamedTuple):
    """A library in the race.

    Attributes:
        name: The distribution's name.
        batches: Turns byte chunks into batches of events.
        event: One of its events as an `Event`; None for anything else, such as a comment.
    """

    name: str
    batches: Batches
    event: Callable[[Any], Event | None]


def _as_event(event: Any) -> Event:
    """An event with the usual four attributes, whatever its value for "not sent" is."""
    return Event(event.data, event.event or "message", event.id or "")


def launchdarkly() -> Peer:
    """launchdarkly-eventsource: as its SSEClient chains its two generators."""
    from ld_eventsource.actions import Comment
    from ld_eventsource.reader import _BufferedLineReader, _SSEReader

    def batches(chunks: Iterable[bytes]) -> Iterable[Iterable[Any]]:
        return (_SSEReader(_BufferedLineReader.lines_from(chunks)).events_and_comments(),)

    def event(item: Any) -> Event | None:
        return None if isinstance(item, Comment) else Event(item.data, item.event, item.last_event_id or "")

    return Peer("launchdarkly-eventsource", batches, event)


def httpx_sse() -> Peer:
    """httpx-sse: as its EventSource reads ``response.iter_text()``, whose decoder is the standard library's."""
    from httpx_sse._decoders import SSEDecoder, SSELineDecoder

    def read(chunks: Iterable[bytes]) -> Iterator[Any]:
        lines = SSELineDecoder()
        decoder = SSEDecoder()
        text = codecs.getincrementaldecoder("utf-8")("replace")
        for chunk in chunks:
            for line in lines.decode(text.decode(chunk)):
                event = decoder.decode(line.rstrip("\n"))
                if event is not None:
                    yield event

    return Peer("httpx-sse", lambda chunks: (read(chunks),), _as_event)


def httpx2() -> Peer:
    """httpx2: as its EventSource reads ``response.iter_text()``, with its usual limit on an event."""
    from httpx2._config import DEFAULT_MAX_EVENT_SIZE_BYTES
    from httpx2._sse import _SSEParser

    def batches(chunks: Iterable[bytes]) -> Iterable[Iterable[Any]]:
        text = codecs.getincrementaldecoder("utf-8")("replace")
        return map(_SSEParser(DEFAULT_MAX_EVENT_SIZE_BYTES).decode, map(text.decode, chunks))

    return Peer("httpx2", batches, _as_event)


def sseclient() -> Peer:
    """sseclient-py: over any iterable of chunks."""
    from sseclient import SSEClient

    return Peer("sseclient-py", lambda chunks: (SSEClient(iter(chunks)).events(),), _as_event)


def aiohttp_sse_client2() -> Peer:
    """aiohttp-sse-client2: over aiohttp's own stream, filled beforehand, on an event loop that never has to wait."""
    from aiohttp import StreamReader
    from aiohttp.base_protocol import BaseProtocol
    from aiohttp_sse_client2.client import EventSource

    loop = asyncio.new_event_loop()

    class Protocol(BaseProtocol):
        """A protocol without a transport, so it never pauses one."""

        def pause_reading(self) -> None:
            pass

        def resume_reading(self, resume_parser: bool = True) -> None:
            pass

    class OverError(Exception):
        """The stream has ended, and the client is about to connect again."""

    def over() -> None:
        raise OverError

    async def read(chunks: Iterable[bytes]) -> list[Any]:
        content = StreamReader(Protocol(loop), 2**16, loop=loop)
        for chunk in chunks:
            content.feed_data(chunk)
        content.feed_eof()
        source = EventSource("http://127.0.0.1", session=SimpleNamespace(), on_error=over)
        source._response = SimpleNamespace(status=200, content=content)
        events: list[Any] = []
        try:
            async for event in source:
                events.append(event)
        except OverError:
            pass
        return events

    def event(item: Any) -> Event:
        return Event(item.data, item.type or "message", item.last_event_id)

    return Peer("aiohttp-sse-client2", lambda chunks: (loop.run_until_complete(read(chunks)),), event)


def assel() -> Peer:
    """assel: its sans-I/O parser."""
    from assel import Parser

    return Peer("assel", lambda chunks: map(Parser().receive_bytes, chunks), _as_event)


def axio_sse() -> Peer:
    """axio-sse: its sans-I/O decoder. It needs Python 3.12."""
    from axio_sse import Decoder

    return Peer("axio-sse", lambda chunks: map(Decoder().decode, chunks), _as_event)


def openai() -> Peer:
    """openai: the decoder of its Stream, without the step from events to models."""
    from openai._streaming import SSEDecoder

    return Peer("openai", lambda chunks: (SSEDecoder().iter_bytes(iter(chunks)),), _as_event)


def anthropic() -> Peer:
    """anthropic: the decoder of its Stream, without the step from events to models."""
    from anthropic._streaming import SSEDecoder

    return Peer("anthropic", lambda chunks: (SSEDecoder().iter_bytes(iter(chunks)),), _as_event)


PEERS = (launchdarkly, httpx_sse, httpx2, sseclient, aiohttp_sse_client2, assel, axio_sse, openai, anthropic)


def installed(makes: Iterable[Callable[[], Peer]] = PEERS) -> tuple[list[Peer], list[str]]:
    """The peers that can be imported, and why the others cannot."""
    peers = []
    missing = []
    for make in makes:
        try:
            peers.append(make())
        except ImportError as error:
            missing.append(f"{make.__name__}: {error}")
    return peers, missing

"""Each event reaches the caller before the server writes the next one, however the body is framed."""

from __future__ import annotations

import contextlib
import threading

import pytest

from sse_events.parser import Parser
from tests.adapters.clients import Client
from tests.adapters.server import DEADLOCK_SECONDS, FRAMINGS, Connection, Framing, Server

EVENTS = [b"id: %d\ndata: event %d\n\n" % (n, n) for n in range(1, 6)]
READ = [f"event {n}" for n in range(1, 6)]


class Turns:
    """The server writes an event only after the caller has the one before."""

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._taken = threading.Semaphore(0)
        self.written = 0

    def __call__(self, connection: Connection) -> None:
        connection.send(self._framing.head)
        for piece in self._framing.pieces:
            self.written += 1
            connection.send(piece)
            assert self._taken.acquire(timeout=DEADLOCK_SECONDS), "the client holds an event back"
        with contextlib.suppress(ConnectionError):  # who has all events may be gone
            connection.send(self._framing.tail)

    def take(self) -> None:
        self._taken.release()


@pytest.mark.parametrize("framing", FRAMINGS)
class TestPromptness:
    def test_iter_events(self, client: Client, framing: str) -> None:
        turns = Turns(Framing(framing, EVENTS))
        seen = []
        with Server(turns) as server:
            for event in client.events(client.get(server.url)):
                seen.append((event.data, turns.written))
                turns.take()
        assert seen == [(data, written) for written, data in enumerate(READ, 1)]

    def test_event_source(self, client: Client, framing: str) -> None:
        turns = Turns(Framing(framing, EVENTS))
        seen = []
        with Server(turns) as server, client.source(server.url) as source:
            for event in source:
                seen.append((event.data, turns.written))
                turns.take()
                if turns.written == len(EVENTS):
                    break
        assert seen == [(data, written) for written, data in enumerate(READ, 1)]

    def test_byte_by_byte(self, client: Client, framing: str) -> None:
        """Each byte is a separate packet and chunk: nothing is lost or doubled, whatever the client buffers."""
        body = b"".join(EVENTS)
        framed = Framing(framing, [body[at : at + 1] for at in range(len(body))])
        with Server(lambda connection: connection.send(framed.head, *framed.pieces, framed.tail)) as server:
            events = list(client.events(client.get(server.url), into=Parser()))
        assert [event.data for event in events] == READ

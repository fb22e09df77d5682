"""Closing a source from another thread or task ends a wait and a read, raises nothing and loses nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sse_events.errors import MisuseError
from sse_events.reconnect import Change, Reconnect, State
from tests.adapters.clients import ASYNC_CLIENTS, CLIENTS, AsyncClient, Client
from tests.adapters.server import DEADLOCK_SECONDS, FRAMINGS, STREAM, Connection, Framing, Server, sends

EVENTS = [b"id: %d\ndata: %d\n\n" % (n, n) for n in range(1, 4)]
SECONDS = 3600.0  # nothing waits this long


class Silent:
    """A script that sends something, and then nothing until the client goes away."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces
        self.sent = threading.Event()
        self.left = threading.Event()

    def __call__(self, connection: Connection) -> None:
        connection.send(*self._pieces)
        self.sent.set()
        connection.wait_closed()
        self.left.set()


def framed(name: str) -> Silent:
    """A body whose last event never comes."""
    framing = Framing(name, [*EVENTS, b"data: never\n\n"])
    return Silent(framing.head, *framing.pieces[:-1])


PATIENT = Reconnect(initial_delay=SECONDS, max_delay=SECONDS)


class Watch:
    """Notes the changes of a source, and tells when one has come."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.came = {state: threading.Event() for state in State}

    def __call__(self, change: Change) -> None:
        self.changes.append(change)
        self.came[change.state].set()

    @property
    def states(self) -> list[str]:
        return [change.state.value for change in self.changes]


@pytest.mark.parametrize("name", [name for name in CLIENTS if name not in ASYNC_CLIENTS])
class TestFromAnotherThread:
    @pytest.fixture
    def client(self, name: str) -> Iterator[Client]:
        made = CLIENTS[name]()
        yield made
        made.close()

    def read_and_close(self, source: Any, ready: Callable[[], object]) -> list[str]:
        """What a thread reads, while another one waits for `ready` and closes the source."""
        with ThreadPoolExecutor(1) as reader:
            seen = reader.submit(lambda: [event.data for event in source])
            ready()
            source.close()
            assert source.close() is None
            return seen.result(DEADLOCK_SECONDS)

    @pytest.mark.parametrize("framing", FRAMINGS)
    def test_while_it_reads(self, client: Client, framing: str) -> None:
        script = framed(framing)
        taken = threading.Semaphore(0)
        watch = Watch()
        with Server(script) as server:
            source = client.source(server.url, sleep=None, on_change=watch)
            seen = []

            def read() -> None:
                for event in source:
                    seen.append(event.data)
                    taken.release()

            with ThreadPoolExecutor(1) as reader:
                done = reader.submit(read)
                for _ in EVENTS:
                    assert taken.acquire(timeout=DEADLOCK_SECONDS)
                source.close()
                assert done.result(DEADLOCK_SECONDS) is None
            assert script.left.wait(DEADLOCK_SECONDS)
        assert seen == ["1", "2", "3"]
        assert source.last_event_id == "3"
        assert watch.states == ["connecting", "open", "closed"]
        assert watch.changes[-1].cause is None
        assert next(source, None) is None

    def test_while_it_waits(self, client: Client) -> None:
        watch = Watch()
        with Server(sends(STREAM, *EVENTS)) as server:
            source = client.source(server.url, sleep=None, on_change=watch, reconnect=PATIENT)
            seen = self.read_and_close(source, lambda: watch.came[State.WAITING].wait(DEADLOCK_SECONDS))
        assert seen == ["1", "2", "3"]
        assert watch.states == ["connecting", "open", "waiting", "closed"]
        assert source.state is State.CLOSED

    def test_while_a_post_is_read(self, client: Client) -> None:
        """The lost connection is not reported: it was lost because the source was closed."""
        script = Silent(STREAM, *EVENTS)
        watch = Watch()
        with Server(script) as server:
            source = client.source(server.url, sleep=None, on_change=watch, method="POST")
            seen = self.read_and_close(
                source, lambda: script.sent.wait(DEADLOCK_SECONDS) and watch.came[State.OPEN].wait(DEADLOCK_SECONDS)
            )
        assert seen in ([], ["1", "2", "3"])  # it may be closed before the first read
        assert watch.states == ["connecting", "open", "closed"]

    def test_while_the_caller_has_an_event(self, client: Client) -> None:
        """Between two events nobody reads, so the source is closed at once; a later one resumes after this event."""
        script = Silent(STREAM + b"".join(EVENTS))
        with Server(script) as server:
            source = client.source(server.url)
            assert next(source).id == "1"
            with ThreadPoolExecutor(1) as other:
                other.submit(source.close).result(DEADLOCK_SECONDS)
            assert script.left.wait(DEADLOCK_SECONDS)
        assert list(source) == []
        assert source.last_event_id == "1"

    def test_in_the_callback(self, client: Client) -> None:
        """Also by the reading thread itself, as a signal handler would."""
        holder: list[Any] = []
        with Server(sends(STREAM + EVENTS[0])) as server:
            source = client.source(
                server.url, on_change=lambda change: holder[0].close() if change.state == "open" else None
            )
            holder.append(source)
            assert list(source) == []

    def test_events_of_the_read_under_way_are_delivered(self, client: Client) -> None:
        """Closing interrupts no chunk: all its events are returned, and then the loop ends."""
        holder: list[Any] = []

        class Closing:
            """A parser in whose `feed` another thread closes the source."""

            last_event_id = ""
            retry = None

            def __init__(self, **_: object) -> None: ...

            def feed(self, _: bytes) -> list[str]:
                with ThreadPoolExecutor(1) as other:
                    other.submit(holder[0].close).result(DEADLOCK_SECONDS)
                return ["a", "b", "c"]

        script = Silent(STREAM + b"".join(EVENTS))
        with Server(script) as server:
            source = client.source(server.url, parser=Closing)
            holder.append(source)
            assert list(source) == ["a", "b", "c"]
            assert script.left.wait(DEADLOCK_SECONDS)

    def test_two_readers(self, client: Client) -> None:
        script = Silent(STREAM, EVENTS[0])
        reading = threading.Event()
        with Server(script) as server:
            source = client.source(server.url)
            next(source)
            with ThreadPoolExecutor(1) as reader:

                def read() -> object:
                    reading.set()
                    return next(source, None)

                last = reader.submit(read)
                assert reading.wait(DEADLOCK_SECONDS)
                while not source._reading.locked():
                    pass
                with pytest.raises(MisuseError, match="being read already"):
                    next(source)
                source.close()
                assert last.result(DEADLOCK_SECONDS) is None


@pytest.mark.parametrize("name", ASYNC_CLIENTS)
class TestFromAnotherTask:
    @pytest.fixture
    def client(self, name: str) -> Iterator[AsyncClient]:
        made = CLIENTS[name]()
        assert isinstance(made, AsyncClient)
        yield made
        made.close()

    def read_and_close(self, client: AsyncClient, source: Any, ready: Callable[[list[str]], bool]) -> list[str]:
        """What a task reads, while another one waits for `ready` and closes the source."""
        seen: list[str] = []

        async def read() -> None:
            async for event in source.asynchronous:
                seen.append(event.data)

        async def both() -> None:
            reader = asyncio.ensure_future(read())
            while not ready(seen):
                assert not reader.done()
                await asyncio.sleep(0)
            for _ in range(20):
                await asyncio.sleep(0)
            await source.asynchronous.aclose()
            await source.asynchronous.aclose()
            await asyncio.wait([reader], timeout=DEADLOCK_SECONDS)  # it does not cancel the reader
            assert reader.done()
            assert reader.result() is None

        client.run(both())
        return seen

    @pytest.mark.parametrize("framing", FRAMINGS)
    def test_while_it_reads(self, client: AsyncClient, framing: str) -> None:
        script = framed(framing)
        watch = Watch()
        with Server(script) as server:
            source = client.source(server.url, sleep=None, on_change=watch)
            seen = self.read_and_close(client, source, lambda seen: len(seen) == 3)
            client.settle()
            assert script.left.wait(DEADLOCK_SECONDS)
        assert seen == ["1", "2", "3"]
        assert watch.states == ["connecting", "open", "closed"]
        assert watch.changes[-1].cause is None

    @pytest.mark.parametrize("sleep", [None, asyncio.sleep], ids=["the default sleep", "a sleep of one's own"])
    def test_while_it_waits(self, client: AsyncClient, sleep: Any) -> None:
        watch = Watch()
        with Server(sends(STREAM, *EVENTS)) as server:
            source = client.source(server.url, sleep=sleep, on_change=watch, reconnect=PATIENT)
            seen = self.read_and_close(client, source, lambda _: watch.came[State.WAITING].is_set())
        assert seen == ["1", "2", "3"]
        assert watch.states == ["connecting", "open", "waiting", "closed"]

    def test_while_it_connects(self, client: AsyncClient) -> None:
        """Also a request without an answer ends at once."""
        script = Silent()
        watch = Watch()
        with Server(script) as server:
            source = client.source(server.url, on_change=watch)
            assert self.read_and_close(client, source, lambda _: script.sent.is_set()) == []
            client.settle()
            assert script.left.wait(DEADLOCK_SECONDS)
        assert watch.states == ["connecting", "closed"]

    def test_while_the_headers_are_asked_for(self, client: AsyncClient) -> None:
        asked = threading.Event()

        async def headers() -> dict[str, str]:
            asked.set()
            await asyncio.sleep(SECONDS)
            return {}

        source = client.source("http://127.0.0.1:9", headers=headers)
        assert self.read_and_close(client, source, lambda _: asked.is_set()) == []

    def test_events_of_the_read_under_way_are_delivered(self, client: AsyncClient) -> None:
        """The data has come, and the reading task is about to run, when another one closes the source."""
        script = Silent(STREAM, EVENTS[0])
        with Server(script) as server:
            source: Any = client.source(server.url)

            async def both() -> list[str]:
                seen = [(await anext(source.asynchronous)).data]
                chunks = source.asynchronous._chunks

                async def closing() -> Any:
                    await source.asynchronous.aclose()
                    yield b"".join(EVENTS[1:])

                source.asynchronous._chunks = closing()
                async for event in source.asynchronous:
                    seen.append(event.data)
                await chunks.aclose()
                return seen

            assert client.run(both()) == ["1", "2", "3"]

    def test_cancellation_of_the_reader_is_not_swallowed(self, client: AsyncClient) -> None:
        """Even if the source is closed at the same time."""
        watch = Watch()

        async def both(source: Any) -> None:
            reader = asyncio.ensure_future(anext(source))
            while not watch.came[State.WAITING].is_set():
                await asyncio.sleep(0)
            await asyncio.sleep(0)
            reader.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reader

        with Server(sends(STREAM)) as server:
            source: Any = client.source(server.url, sleep=None, on_change=watch, reconnect=PATIENT)
            client.run(both(source.asynchronous))
        assert watch.states == ["connecting", "open", "waiting", "closed"]

    def test_two_readers(self, client: AsyncClient) -> None:
        script = Silent(STREAM, EVENTS[0])

        async def both(source: Any) -> None:
            await anext(source)
            reader = asyncio.ensure_future(anext(source, None))
            await asyncio.sleep(0)
            with pytest.raises(MisuseError, match="being read already"):
                await anext(source)
            await source.aclose()
            assert await reader is None

        with Server(script) as server:
            source: Any = client.source(server.url)
            client.run(both(source.asynchronous))

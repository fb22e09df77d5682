"""The timeouts that a source gives its client, and its waits."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

import aiohttp
import httpx
import niquests
import pytest
import requests

from sse_events.adapters.aiohttp import AsyncEventSource as AiohttpSource
from sse_events.adapters.aiohttp import _Watchdog
from sse_events.adapters.httpx import AsyncEventSource, EventSource
from sse_events.adapters.requests import EventSource as RequestsSource
from sse_events.events import Event

BODY = "data: x\n\n"


class TestTimeouts:
    """idle_timeout is the client's own read timeout; the others stay as they are, and None waits for ever."""

    @pytest.mark.parametrize("idle", [None, 45.0])
    def test_httpx(self, idle: float | None) -> None:
        with httpx.Client(timeout=httpx.Timeout(1.0, connect=2.0, pool=3.0)) as client:
            source = EventSource(client, "http://127.0.0.1:9", idle_timeout=idle)
        assert source._request == {"timeout": httpx.Timeout(connect=2.0, read=idle, write=1.0, pool=3.0)}

    @pytest.mark.parametrize("idle", [None, 45.0])
    def test_aiohttp(self, idle: float | None) -> None:
        async def timeout() -> Any:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(300, sock_connect=4)) as session:
                return AiohttpSource(session, "http://127.0.0.1:9", idle_timeout=idle)._request["timeout"]

        assert asyncio.run(timeout()) == aiohttp.ClientTimeout(total=None, sock_connect=4, sock_read=idle)

    @pytest.mark.parametrize("package", [requests, niquests], ids=["requests", "niquests"])
    @pytest.mark.parametrize("idle", [None, 45.0])
    def test_requests(self, package: Any, idle: float | None) -> None:
        with package.Session() as session:
            source = RequestsSource(session, "http://127.0.0.1:9", idle_timeout=idle)
        assert source._request == {"timeout": (None, idle)}

    def test_the_callers_own_wins(self) -> None:
        with httpx.Client() as client:
            assert EventSource(client, "http://127.0.0.1:9", timeout=7)._request == {"timeout": 7}


class TestWaits:
    """What a source sleeps with by default."""

    def test_blocking(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The wait may be longer than a lock can wait: a server's retry can be 2**63 - 1 ms."""
        slept: list[float] = []
        monkeypatch.setattr("threading.Event.wait", lambda _, seconds: slept.append(seconds))
        with httpx.Client() as client:
            source = EventSource(client, "http://127.0.0.1:9")
        source._sleep(3.0)
        source._sleep(2**63 / 1000)
        assert slept == [3.0, threading.TIMEOUT_MAX]

    def test_asynchronous(self) -> None:
        async def wait() -> None:
            async with httpx.AsyncClient() as client:
                await AsyncEventSource(client, "http://127.0.0.1:9")._sleep(0)

        asyncio.run(wait())


class TestInterruptions:
    """Connections that are shared with other requests are left alone."""

    def test_http_2(self) -> None:
        shared: Any = SimpleNamespace(http_version="HTTP/2", extensions=None)
        EventSource._interrupt(shared)

    def test_http_2_of_niquests(self) -> None:
        calls: list[str] = []
        raw = SimpleNamespace(shutdown=lambda: calls.append("shutdown"), version=20, connection=None)
        shared: Any = SimpleNamespace(raw=raw)
        RequestsSource._interrupt(shared)
        assert calls == ["shutdown"]


def test_without_asyncio() -> None:
    """As under trio: no asyncio is used, and the caller passes the sleep."""
    answers = iter([httpx.Response(503), httpx.Response(200, headers={"Content-Type": "text/event-stream"}, text=BODY)])
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: next(answers)))
    source = AsyncEventSource(client, "http://example.test/", sleep=sleep, random=lambda: 0.0)
    with pytest.raises(StopIteration) as returned:
        source.__anext__().send(None)  # a loop that never has to wait
    assert returned.value.value == Event("x")
    assert waits == [3.0]


class FakeLoop:
    """A loop whose time is set by the test, and whose timers are noted."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[float] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: object) -> None:
        self.call_at(self.now + delay, callback)

    def call_at(self, when: float, _: object) -> None:
        self.timers.append(when)


def test_watchdog_counts_only_the_time_of_a_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller may be slow; what arrives meanwhile is not late."""
    loop = FakeLoop()
    monkeypatch.setattr("asyncio.get_running_loop", lambda: loop)
    faults: list[Exception] = []

    async def never() -> bytes:
        await asyncio.sleep(0)
        return b""

    response: Any = SimpleNamespace(content=SimpleNamespace(readany=never, set_exception=faults.append))
    watchdog = _Watchdog(response, 10.0)
    loop.now = 10.0
    watchdog._look()  # the caller is busy
    loop.now = 15.0
    reading = watchdog.read()
    reading.send(None)
    loop.now = 20.0
    watchdog._look()  # it has been reading for 5 s
    assert faults == []
    loop.now = 25.0
    watchdog._look()
    assert [type(fault) for fault in faults] == [aiohttp.ServerTimeoutError]
    assert loop.timers == [10.0, 20.0, 25.0]
    reading.close()

"""What a source gives its client: timeouts, and waits."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import httpx
import niquests
import pytest
import requests

from sse_events.adapters.aiohttp import AsyncEventSource as AiohttpSource
from sse_events.adapters.httpx import AsyncEventSource, EventSource
from sse_events.adapters.requests import EventSource as RequestsSource


class TestTimeouts:
    """idle_timeout is the client's own read timeout; the others stay as they are, and None waits for ever."""

    @pytest.mark.parametrize("idle", [None, 45.0])
    def test_httpx(self, idle: float | None) -> None:
        with httpx.Client(timeout=httpx.Timeout(1.0, connect=2.0, pool=3.0)) as client:
            source = EventSource(client, "http://127.0.0.1:9", idle_timeout=idle)
        assert source._request == {"timeout": httpx.Timeout(connect=2.0, read=idle, write=1.0, pool=3.0)}

    @pytest.mark.parametrize("idle", [None, 45.0])
    def test_aiohttp(self, idle: float | None) -> None:
        import aiohttp

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

"""What the adapters share, piece by piece, where a server would only be in the way."""

from __future__ import annotations

import asyncio
import copy
import importlib
import pickle
import subprocess
import sys
import threading
from typing import Any

import httpx
import niquests
import pytest
import requests

from sse_events.adapters._response import Head, lowered, moved_to, package_of, request_headers
from sse_events.adapters.aiohttp import AsyncEventSource as AiohttpSource
from sse_events.adapters.httpx import AsyncEventSource, EventSource
from sse_events.adapters.requests import EventSource as RequestsSource
from sse_events.adapters.requests import _read_promptly

EPOCH = 784111777.0  # Sun, 06 Nov 1994 08:49:37 GMT, RFC 9110's example
RETRY_AFTER = [
    ("seconds", {"retry-after": "120"}, 120.0),
    ("zero", {"retry-after": "0"}, 0.0),
    ("blanks around", {"retry-after": " 7 "}, 7.0),
    ("more digits than int() takes", {"retry-after": "9" * 5000}, float("inf")),
    ("a date, by our clock", {"retry-after": "Sun, 06 Nov 1994 08:50:37 GMT"}, 60.0),
    ("a date, by the server's", {"retry-after": "Tue, 01 Jan 2030 00:00:10 GMT",
                                 "date": "Tue, 01 Jan 2030 00:00:00 GMT"}, 10.0),
    ("RFC 850", {"retry-after": "Sunday, 06-Nov-94 08:49:38 GMT"}, 1.0),
    ("asctime", {"retry-after": "Sun Nov  6 08:49:39 1994"}, 2.0),
    ("in the past", {"retry-after": "Sat, 05 Nov 1994 08:49:37 GMT"}, 0.0),
    ("a date of the server that is none", {"retry-after": "Sun, 06 Nov 1994 08:49:40 GMT", "date": "now"}, 3.0),
    ("none", {}, None),
    ("empty", {"retry-after": ""}, None),
    ("words", {"retry-after": "soon"}, None),
    ("negative", {"retry-after": "-5"}, None),
    ("a fraction", {"retry-after": "1.5"}, None),
    ("digits of another script", {"retry-after": "١٢"}, None),
    ("a date that does not exist", {"retry-after": "Sun, 99 Nov 99999999 08:49:37 GMT"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "seconds"), [row[1:] for row in RETRY_AFTER], ids=[row[0] for row in RETRY_AFTER])
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert Head(503, headers, "").retry_after(EPOCH) == seconds


def test_headers_of_every_client_become_one_dictionary() -> None:
    assert lowered([("A", "1"), ("b", "2"), ("a", "3")]) == {"a": "1, 3", "b": "2"}


def test_response_error_pickles_and_copies() -> None:
    """A worker may report one to its parent: it holds no client's object."""
    error = Head(401, {"x": "y"}, "http://example.test/").error("status 401, not 200", b"{}")
    for twin in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert (twin.status, twin.headers, twin.body, twin.url, str(twin)) == (
            401,
            {"x": "y"},
            b"{}",
            "http://example.test/",
            "http://example.test/ answered with status 401, not 200",
        )


OWN = {"Accept": "text/event-stream", "Last-Event-ID": "7"}
HEADERS: list[tuple[dict[str, str] | None, dict[str, str]]] = [
    (None, OWN),
    ({"X": "y"}, {"X": "y", **OWN}),
    ({"accept": "*/*"}, {"accept": "*/*", "Last-Event-ID": "7"}),
    ({"last-event-id": "1"}, {"last-event-id": "7", "Accept": "text/event-stream"}),
]


@pytest.mark.parametrize(("given", "sent"), HEADERS)
def test_the_callers_headers_win_but_for_the_id(given: dict[str, str] | None, sent: dict[str, str]) -> None:
    assert request_headers(given, OWN) == sent


class Sent:
    def __init__(self, method: str, **headers: str) -> None:
        self.method = method
        self.headers = headers


REDIRECTS = [
    ("as it was", Sent("GET"), Sent("GET"), "/new"),
    ("with its credentials", Sent("GET", Authorization="a"), Sent("GET", Authorization="a"), "/new"),
    ("without them", Sent("GET", Authorization="a"), Sent("GET"), None),
    ("with others", Sent("GET"), Sent("GET", Authorization="b"), None),
    ("with another method", Sent("POST"), Sent("GET"), None),
]


@pytest.mark.parametrize(("first", "last", "url"), [row[1:] for row in REDIRECTS], ids=[row[0] for row in REDIRECTS])
def test_the_next_request_goes_where_the_same_request_went(first: Sent, last: Sent, url: str | None) -> None:
    assert moved_to(first, last, "/new") == url


class TestClients:
    def test_found_by_a_base_class(self) -> None:
        class Mine(httpx.Client):
            pass

        with Mine() as client:
            assert package_of(client, "httpx", "httpx2") is httpx

    def test_anything_else_is_refused(self) -> None:
        with pytest.raises(TypeError, match="httpx or httpx2"):
            EventSource(object(), "http://127.0.0.1:9")  # type: ignore[arg-type]


ADAPTERS = {"httpx": ["httpx", "httpx2"], "aiohttp": ["aiohttp"], "requests": ["requests", "niquests"]}


@pytest.mark.parametrize("name", ADAPTERS)
class TestImports:
    def test_missing_client_names_the_extra(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for package in ADAPTERS[name]:
            monkeypatch.setitem(sys.modules, package, None)
        monkeypatch.delitem(sys.modules, f"sse_events.adapters.{name}")
        with pytest.raises(ImportError) as caught:
            importlib.import_module(f"sse_events.adapters.{name}")
        assert f'pip install "sse_events[{name}]"' in str(caught.value)
        assert caught.value.name == name

    def test_one_client_is_enough(self, name: str) -> None:
        """And it is not imported: whoever has a response has done that."""
        *missing, present = ADAPTERS[name]
        script = f"""
import sys
sys.modules.update(dict.fromkeys({missing!r}))
import sse_events.adapters.{name}
assert {present!r} not in sys.modules
"""
        subprocess.run([sys.executable, "-c", script], check=True)


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
        """The wait may be longer than time.sleep() takes: a server's retry can be 2**63 - 1 ms."""
        slept: list[float] = []
        monkeypatch.setattr("time.sleep", slept.append)
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


class Raw:
    """A urllib3 response whose reads are scripted."""

    def __init__(self, *reads: bytes | Exception) -> None:
        self._reads = list(reads)

    @property
    def closed(self) -> bool:
        return not self._reads

    def read1(self, _size: int, **_options: bool) -> bytes:
        read = self._reads.pop(0)
        if isinstance(read, Exception):
            raise read
        return read


def test_a_read_of_nothing_is_not_the_end() -> None:
    """Of a gzip header alone, say, urllib3-future makes an empty read; the end is where the response is closed."""
    response = requests.Response()
    response.raw = Raw(b"", b"", b"data: x", b"", b"\n\n", b"")
    assert b"".join(_read_promptly(response)) == b"data: x\n\n"


def test_urllib3_errors_become_those_of_requests() -> None:
    """As in its own iter_content()."""
    from urllib3 import exceptions

    pairs: list[tuple[Exception, type[Exception]]] = [
        (exceptions.ProtocolError("x"), requests.exceptions.ChunkedEncodingError),
        (exceptions.DecodeError("x"), requests.exceptions.ContentDecodingError),
        (exceptions.ReadTimeoutError(None, "/", "x"), requests.exceptions.ConnectionError),  # type: ignore[arg-type]
        (exceptions.SSLError("x"), requests.exceptions.SSLError),
    ]
    for raised, expected in pairs:
        response = requests.Response()
        response.raw = Raw(raised)
        with pytest.raises(expected) as caught:
            next(_read_promptly(response))
        assert caught.value.__cause__ is raised

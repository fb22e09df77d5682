"""All clients against servers that people run: sse-starlette, aiohttp-sse, and the examples of docs/serving.md."""

from __future__ import annotations

import asyncio
import queue
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import aiohttp_sse
import pytest
import sse_starlette
import uvicorn
from aiohttp import web
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sse_events.events import Comment, Event
from sse_events.parser import WireParser
from tests.adapters.clients import Client

PAGE = Path(__file__).parents[2] / "docs" / "serving.md"
LAST = 7
PER_CONNECTION = 3
DATA = "event {}\nsecond line é€😀"
ALL = [Event(DATA.format(n), "tick", str(n), 100) for n in range(1, LAST + 1)]


def after(last_event_id: str | None) -> list[int]:
    """The events of the next connection; none when all have been seen."""
    seen = int(last_event_id or 0)
    return list(range(seen + 1, min(seen + PER_CONNECTION, LAST) + 1))


async def starlette_endpoint(request: Request) -> Response:
    numbers = after(request.headers.get("last-event-id"))
    if not numbers:
        return Response(status_code=204)

    async def generate() -> Any:
        for n in numbers:
            yield {"data": DATA.format(n), "event": "tick", "id": str(n), "retry": 100}

    return sse_starlette.EventSourceResponse(generate())


async def aiohttp_handler(request: web.Request) -> web.StreamResponse:
    numbers = after(request.headers.get("Last-Event-ID"))
    if not numbers:
        return web.Response(status=204)
    async with aiohttp_sse.sse_response(request) as response:
        for n in numbers:
            await response.send(DATA.format(n), event="tick", id=str(n), retry=100)
    return response


def listening() -> tuple[socket.socket, str]:
    listener = socket.create_server(("127.0.0.1", 0))
    return listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def starlette_server(endpoint: Callable[..., Any]) -> Iterator[str]:
    listener, url = listening()
    app = Starlette(routes=[Route("/", endpoint)])
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    yield url
    server.should_exit = True
    thread.join()
    listener.close()


@contextmanager
def aiohttp_server(handler: Callable[..., Any], *, cancellation: bool = True) -> Iterator[str]:
    listener, url = listening()
    loop = asyncio.new_event_loop()
    stopped = asyncio.Event()

    async def serve() -> None:
        app = web.Application()
        app.router.add_get("/", handler)
        runner = web.AppRunner(app, shutdown_timeout=1, handler_cancellation=cancellation)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        await stopped.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    yield url
    loop.call_soon_threadsafe(stopped.set)
    thread.join()
    loop.close()


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def wsgi_server(application: Callable[..., Any]) -> Iterator[str]:
    server = WSGIServer(("127.0.0.1", 0), QuietHandler)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module", params=["sse-starlette", "aiohttp-sse"])
def resuming_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sse-starlette":
        with starlette_server(starlette_endpoint) as url:
            yield url
    else:
        with aiohttp_server(aiohttp_handler) as url:
            yield url


class TestServers:
    def test_iter_events(self, client: Client, resuming_url: str) -> None:
        assert list(client.events(client.get(resuming_url))) == ALL[:PER_CONNECTION]

    def test_event_source(self, client: Client, resuming_url: str) -> None:
        """Seven events in connections of three, and no more after the last."""
        waits: list[float] = []
        with client.source(resuming_url, waits) as source:
            assert list(source) == ALL
        assert waits == [0.1] * 3


def readme_block(first_line: str) -> str:
    (block,) = re.findall(
        rf"^```python\n(# {first_line}\n.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return str(block)


# What the page's `subscribe` gives: the ID that it was given, so that the client sees how it arrived, and one more.
SEED = "日本 é"


def page_names(subscribe: Callable[[str], Any]) -> dict[str, Any]:
    """What the page's code defines, with a heart that beats faster."""
    names: dict[str, Any] = {"subscribe": subscribe}
    blocks = ["What they share", "Starlette", "aiohttp", "WSGI"]
    code = "\n".join(map(readme_block, blocks))
    exec(code.replace("HEARTBEAT_SECONDS = 15", "HEARTBEAT_SECONDS = 0.01"), names)
    return names


@pytest.fixture(scope="module", params=["Starlette", "aiohttp", "WSGI"])
def readme_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server as in the README, but with faster heartbeats."""

    def subscribe(last_event_id: str) -> Any:
        events: Any = queue.Queue() if request.param == "WSGI" else asyncio.Queue()
        events.put_nowait(Event(f"after {last_event_id}", id=last_event_id))
        events.put_nowait(Event("one\ntwo", "tick", "8", 100))
        return events

    names = page_names(subscribe)
    servers: dict[str, tuple[Callable[..., Any], str]] = {
        "Starlette": (starlette_server, "endpoint"),
        "aiohttp": (aiohttp_server, "handler"),
        "WSGI": (wsgi_server, "application"),
    }
    serve, app = servers[request.param]
    with serve(names[app]) as url:
        yield url


class TestReadme:
    """The few lines of the README that serve events, in front of every client."""

    def test_events_then_heartbeats(self, client: Client, readme_url: str) -> None:
        response = client.get(readme_url, headers={"Last-Event-ID": "7"})
        headers = {name.lower(): value for name, value in response.headers.items()}
        stream: Any = client.events(response, into=WireParser())
        assert [next(stream) for _ in range(4)] == [
            Event("after 7", id="7"),
            Event("one\ntwo", "tick", "8", 100),
            Comment(""),
            Comment(""),
        ]
        stream.close()
        assert headers["content-type"].startswith("text/event-stream")
        assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store", "no")

    def test_ids_arrive_in_any_script(self, client: Client, readme_url: str) -> None:
        with client.source(readme_url, last_event_id=SEED) as source:
            assert next(source) == Event(f"after {SEED}", id=SEED)


@pytest.mark.parametrize("cancellation", [False, True], ids=["writing fails", "cancelled"])
def test_a_client_that_leaves_is_no_error_of_the_aiohttp_server(
    cancellation: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """The body is closed, and nothing is logged."""
    names = page_names(lambda _: asyncio.Queue())
    page_body, closed = names["body"], threading.Event()
    kept = []  # so that no garbage collector closes the body

    async def body(events: Any) -> Any:
        try:
            async for block in page_body(events):
                yield block
        finally:
            closed.set()

    def keep(events: Any) -> Any:
        kept.append(body(events))
        return kept[-1]

    names["body"] = keep
    with caplog.at_level("INFO"), aiohttp_server(names["handler"], cancellation=cancellation) as url:
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert client.recv(1)
        assert closed.wait(10)
    assert [record.getMessage() for record in caplog.records if record.name != "aiohttp.access"] == []

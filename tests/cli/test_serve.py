"""`sse-events serve`: a provider of recorded streams, over loopback."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from sse_events.cli import recording, serve
from sse_events.cli.main import parse
from tests.cli.streams import FIXTURE, Run

ONE, TWO = b"data: 1\n\ndata: 2\n\nda", b"ta: 3\n\n: end\n"
Get = Callable[..., tuple[int, str, bytes]]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    for module in ("serve", "replay"):
        monkeypatch.setattr(f"sse_events.cli.{module}.monotonic", lambda: sum(waits))
        monkeypatch.setattr(f"sse_events.cli.{module}.sleep", waits.append)
    return waits


@pytest.fixture
def recorded(tmp_path: Path) -> str:
    path = tmp_path / "run.jsonl"
    path.write_bytes(recording.header("") + recording.line(1.0, ONE) + recording.line(3.0, TWO))
    return str(path)


@pytest.fixture
def get() -> Iterator[Get]:
    servers: list[tuple[threading.Thread, ThreadingHTTPServer]] = []

    def get(*arguments: str, requests: int = 1, method: str = "POST") -> tuple[int, str, bytes]:
        server = serve.make_server(parse(["serve", "--port", "0", *arguments]))
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        servers.append((thread, server))
        thread.start()
        for _ in range(requests):
            client = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=30)
            client.request(method, "/v1/chat", b"{}" if method == "POST" else None)
            response = client.getresponse()
            try:
                body = response.read()
            except http.client.IncompleteRead as error:
                body = error.partial + b"(cut)"
            client.close()
        return response.status, response.headers["Content-Type"], body

    yield get
    for thread, server in servers:
        server.shutdown()
        server.server_close()
        thread.join()


def test_stream(get: Get) -> None:
    assert get(str(FIXTURE)) == (200, "text/event-stream", FIXTURE.read_bytes())


def test_get(get: Get) -> None:
    assert get(str(FIXTURE), method="GET")[0] == 200


def test_pace(get: Get, recorded: str, waits: list[float]) -> None:
    assert get(recorded, "--speed", "2")[2] == ONE + TWO
    assert waits == [0.5, 1.0]


@pytest.mark.usefixtures("waits")
def test_one_after_another(get: Get, recorded: str) -> None:
    assert get(str(FIXTURE), recorded, requests=2)[2] == ONE + TWO
    assert get(str(FIXTURE), recorded, requests=3)[2] == FIXTURE.read_bytes()


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize(
    ("count", "body"), [("1", b"data: 1\n\n"), ("3", b"data: 1\n\ndata: 2\n\ndata: 3\n\n"), ("9", ONE + TWO)]
)
def test_cut_after(get: Get, recorded: str, count: str, body: bytes) -> None:
    """The connection is dropped, so a client can tell it from the end."""
    assert get(recorded, "--cut-after", count)[2] == body + b"(cut)"


def test_stall(get: Get, recorded: str, waits: list[float]) -> None:
    assert get(recorded, "--stall", "30", "--cut-after", "2")[2] == b"data: 1\n\ndata: 2\n\n(cut)"
    assert waits[-1] == 30.0


def test_status(get: Get) -> None:
    status, content_type, body = get(str(FIXTURE), "--status", "429")
    assert (status, content_type) == (429, "application/json")
    assert b'"message"' in body


def test_file_that_vanishes(get: Get, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The server goes on, and says what happened."""
    path = tmp_path / "stream"
    path.write_bytes(b"\xff\xfe")
    assert get(str(path))[2] == b"(cut)"
    assert "UTF-16" in capfd.readouterr().err


def test_events_of() -> None:
    assert list(serve.events_of(iter([ONE, TWO]))) == [b"data: 1\n\n", b"data: 2\n\n", b"data: 3\n\n", b": end\n"]
    assert list(serve.events_of(iter([b"data: 1\n\n"]))) == [b"data: 1\n\n"]


def test_command(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says where it listens, and Ctrl-C ends it."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ThreadingHTTPServer, "serve_forever", interrupt)
    status, out, err = run("serve", "--port", "0", str(FIXTURE))
    assert (status, out) == (130, "")
    assert err.startswith("sse-events: http://127.0.0.1:")
    monkeypatch.setattr(ThreadingHTTPServer, "serve_forever", lambda *_, **__: None)
    assert run("serve", "--port", "0", "--status", "500")[0] == 0


MISUSES = {
    "standard input": ([], "serve needs a FILE"),
    "no such file": (["none.sse"], "none.sse: No such file"),
    "no such address": (["--host", "192.0.2.1", str(FIXTURE)], "192.0.2.1:8000: "),
    "no such port": (["--port", "99999", str(FIXTURE)], "invalid port value"),
}


@pytest.mark.parametrize(("arguments", "reason"), MISUSES.values(), ids=MISUSES)
def test_misuse(run: Run, arguments: list[str], reason: str) -> None:
    status, _, err = run("serve", *arguments)
    assert status == 2
    assert reason in err.splitlines()[-1]

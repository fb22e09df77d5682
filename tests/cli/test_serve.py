"""`sse-events serve`: a provider of recorded streams, over loopback."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sse_events.chat import ChatStream, Message, collect
from sse_events.cli import playback, recording, serve
from sse_events.cli.main import parse
from tests.cli.streams import DONE, FIXTURE, Run, chunk

ONE, TWO = b"data: 1\n\ndata: 2\n\nda", b"ta: 3\n\n: end\n"
PATHS = {
    "openai": "/v1/chat/completions",
    "anthropic": "/v1/messages",
    "responses": "/v1/responses",
    "gemini": "/v1beta/models/m:streamGenerateContent?alt=sse",
    "interactions": "/v1beta/interactions",
    "cohere": "/v2/chat",
}
Get = Callable[..., tuple[int, str, bytes]]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    for module in ("playback", "replay"):
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

    def get(
        *arguments: str,
        requests: int = 1,
        method: str = "POST",
        path: str = "/v1/chat",
        body: bytes = b"{}",
        head: str = "",
    ) -> tuple[int, str, bytes]:
        server = serve.make_server(parse(["serve", "--port", "0", *arguments]))
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        servers.append((thread, server))
        thread.start()
        for _ in range(requests):
            client = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=30)
            if head:
                client.putrequest(method, path)
                client.putheader(*head.split(": "))
                client.endheaders()
            else:
                client.request(method, path, body if method == "POST" else None)
            response = client.getresponse()
            try:
                received = response.read()
            except http.client.IncompleteRead as error:
                received = error.partial + b"(cut)"
            client.close()
        return response.status, response.headers["Content-Type"], received

    yield get
    for thread, server in servers:
        server.shutdown()
        server.server_close()
        thread.join()


def read(body: bytes, dialect: Any) -> Message:
    stream = ChatStream(dialect)
    return collect([*stream.feed(body), *stream.close()])


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


@pytest.mark.parametrize("path", ["/anything", *PATHS.values()])
def test_status(get: Get, path: str) -> None:
    """The body is an error as the provider of this path reports it; 529 is Anthropic's own."""
    status, content_type, body = get(str(FIXTURE), "--status", "529", path=path)
    assert (status, content_type) == (529, "application/json")
    assert "serve --status 529" in str(json.loads(body))


class TestOtherForms:
    """The fake provider answers where the recorded bytes would not do."""

    def ask(self, get: Get, dialect: str, *arguments: str, streamed: bool = True) -> tuple[int, str, bytes]:
        path = PATHS[dialect] if streamed else PATHS[dialect].replace("streamG", "g").replace("?alt=sse", "")
        return get(*arguments, path=path, body=json.dumps({"model": "m", "stream": streamed}).encode())

    @pytest.mark.parametrize("dialect", PATHS)
    def test_at_the_api_of_another_dialect(self, get: Get, dialect: str) -> None:
        status, _, body = self.ask(get, dialect, str(FIXTURE))
        ours, theirs = (read(data, name) for data, name in ((FIXTURE.read_bytes(), "openai"), (body, dialect)))
        assert status == 200
        assert (ours.text, ours.reasoning, ours.ok) == (theirs.text, theirs.reasoning, theirs.ok)
        assert [call.parse() for call in ours.tool_calls] == [call.parse() for call in theirs.tool_calls]

    def test_its_own_api_gets_the_bytes(self, get: Get) -> None:
        assert self.ask(get, "openai", str(FIXTURE))[2] == FIXTURE.read_bytes()

    @pytest.mark.parametrize("dialect", PATHS)
    def test_in_one_piece(self, get: Get, dialect: str) -> None:
        _, content_type, body = self.ask(get, dialect, str(FIXTURE), streamed=False)
        assert content_type == "application/json"
        assert "Let me look up the weather" in str(json.loads(body))

    def test_pace(self, get: Get, tmp_path: Path, waits: list[float]) -> None:
        path = tmp_path / "run.jsonl"
        first, last = chunk(content="Hi", finish="stop"), DONE
        path.write_bytes(recording.header("") + recording.line(1.0, first) + recording.line(4.0, last))
        assert read(self.ask(get, "anthropic", str(path), "--speed", "2")[2], "anthropic").ok
        assert waits == [0.5, 1.5]

    def test_cut(self, get: Get) -> None:
        _, _, body = self.ask(get, "anthropic", str(FIXTURE), "--cut-after", "2")
        assert body.endswith(b"(cut)")
        assert body.count(b"event: ") == 2

    def test_a_recording_that_was_cut(self, get: Get, tmp_path: Path) -> None:
        """There is no end that the provider did not send."""
        (tmp_path / "stream").write_bytes(chunk(content="Hi"))
        _, _, body = self.ask(get, "anthropic", str(tmp_path / "stream"))
        assert body.endswith(b"(cut)")
        assert b"Hi" in body
        assert b"error" not in body

    def test_a_stream_of_no_dialect(self, get: Get, recorded: str) -> None:
        assert self.ask(get, "anthropic", recorded, "--speed", "inf")[2] == ONE + TWO


def test_json(get: Get, capfd: pytest.CaptureFixture[str]) -> None:
    """A key in the query is not written."""
    get(str(FIXTURE), "--json", path="/v1/messages?key=secret")
    out, err = capfd.readouterr()
    assert json.loads(out) == {"method": "POST", "path": "/v1/messages", "status": 200, "file": str(FIXTURE)}
    get(str(FIXTURE), path="/v1/messages?key=secret")
    out, err = capfd.readouterr()
    assert (out, err) == ("", f"sse-events: POST /v1/messages: status 200, {FIXTURE}\n")


def test_bad_request(get: Get, capfd: pytest.CaptureFixture[str]) -> None:
    assert get(str(FIXTURE), method="PATCH")[0] == 501
    assert "sse-events: 127.0.0.1 code 501" in capfd.readouterr().err


@pytest.mark.parametrize(
    "header",
    ["Content-Length: x", "Content-Length: -5", f"Content-Length: {'9' * 20}", "Transfer-Encoding: chunked"],
)
def test_a_body_without_a_usable_length(get: Get, capfd: pytest.CaptureFixture[str], header: str) -> None:
    status, _, body = get(str(FIXTURE), head=header)
    assert status == 411
    assert b"Content-Length" in body
    error = capfd.readouterr().err
    assert "411" in error
    assert "Traceback" not in error


def test_file_that_vanishes(get: Get, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The server goes on, and says what happened."""
    path = tmp_path / "stream"
    path.write_bytes(b"\xff\xfe")
    assert get(str(path))[2] == b"(cut)"
    assert "UTF-16" in capfd.readouterr().err


def test_events_of() -> None:
    assert list(playback.events_of(iter([ONE, TWO]))) == [b"data: 1\n\n", b"data: 2\n\n", b"data: 3\n\n", b": end\n"]
    assert list(playback.events_of(iter([b"data: 1\n\n"]))) == [b"data: 1\n\n"]


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
    assert json.loads(run("serve", "--port", "0", "--json", str(FIXTURE))[1])["files"] == [str(FIXTURE)]


MISUSES = {
    "standard input": ([], "serve needs a FILE"),
    "no such file": (["none.sse"], "none.sse: No such file"),
    "no such address": (["--host", "192.0.2.1", str(FIXTURE)], "192.0.2.1:8000: "),
    "a time before now": (["--stall", "-1", str(FIXTURE)], "invalid seconds value"),
    "a status that refuses nothing": (["--status", "204", str(FIXTURE)], "invalid error_status value"),
    "no such port": (["--port", "99999", str(FIXTURE)], "invalid port value"),
}


@pytest.mark.parametrize(("arguments", "reason"), MISUSES.values(), ids=MISUSES)
def test_misuse(run: Run, arguments: list[str], reason: str) -> None:
    status, _, err = run("serve", *arguments)
    assert status == 2
    assert reason in err.splitlines()[-1]

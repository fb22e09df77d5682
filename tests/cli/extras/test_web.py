"""A URL as input: the request, the body, and the message if it fails."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from types import ModuleType

import pytest

from sse_events.cli.errors import CommandError
from sse_events.cli.main import parse
from sse_events.cli.web import Request, httpx, request
from tests.cli.server import Server
from tests.cli.streams import Run, chunk
from tests.cli.test_failures import READERS
from tests.cli.test_failures import arguments as started


class TestRead:
    def test_chat(self, run: Run, url: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KEY", "secret")
        (tmp_path / "body.json").write_text('{"stream": true}')
        header = "Authorization: Bearer $KEY"
        status, out, _ = run("chat", "--text", url, "-H", header, "-d", f"@{tmp_path / 'body.json'}")
        assert (status, out) == (0, "Hi\n")
        ((method, headers, body),) = server.requests
        assert (method, body) == ("POST", b'{"stream": true}')
        assert headers["authorization"] == "Bearer secret"
        assert headers["content-type"] == "application/json"
        assert headers["accept"] == "text/event-stream"

    def test_times(self, run: Run, url: str) -> None:
        assert " s in all\n" in run("chat", url)[2]

    def test_events_after_an_id(self, run: Run, url: str, server: Server) -> None:
        """The server is asked for the events after it, and none is left out here."""
        status, out, _ = run("events", url, "--last-id", "7")
        assert (status, out.count("\n")) == (0, 2)
        assert server.requests[0][1]["last-event-id"] == "7"

    def test_an_answer_is_over_at_its_end(self, run: Run, url: str, server: Server) -> None:
        """The server promises more bytes than it sends, and the command does not wait for them."""
        server.promised = 10
        assert run("chat", "--text", url) == (0, "Hi\n", "")

    def test_check_looks_at_the_content_type(self, run: Run, url: str, server: Server) -> None:
        server.content_type = "text/plain"
        status, out, _ = run("check", "--json", url)
        assert status == 1
        assert "content-type" in [json.loads(line)["rule"] for line in out.splitlines()]
        server.content_type = "Text/Event-Stream; charset=utf-8"
        assert run("check", "--json", url)[0] == 0


class TestFails:
    """One line, and what arrived before is shown."""

    def test_refused(self, run: Run, url: str, server: Server) -> None:
        server.status, server.body = 401, b'{"error": {"message": "bad key"}}'
        assert run("chat", url) == (1, "", f"sse-events: {url} answered with status 401: bad key\n")
        server.body = b""
        assert run("events", url) == (1, "", f"sse-events: {url} answered with status 401\n")

    def test_refused_with_a_large_page(self, run: Run, url: str, server: Server) -> None:
        server.status, server.body = 500, b"<html>" + b"x" * 300_000
        assert run("events", url)[2].startswith(f"sse-events: {url} answered with status 500: check the address")

    def test_cut(self, run: Run, url: str, server: Server) -> None:
        server.body, server.promised = chunk(content="Hi"), 10
        status, out, err = run("chat", url)
        assert (status, out) == (1, "Hi\n")
        assert err.splitlines()[0].startswith("sse-events: truncated, ")
        assert err.splitlines()[1].startswith(f"sse-events: {url}: ")
        assert err.count("\n") == 2

    def test_nothing_is_recorded_of_nothing(self, run: Run, server: Server, url: str, tmp_path: Path) -> None:
        """The next attempt does not find a file in its way."""
        server.status = 500
        assert run("record", str(tmp_path / "run.jsonl"), url)[0] == 1
        assert not (tmp_path / "run.jsonl").exists()

    def test_unreachable(self, run: Run) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
            status, _, err = run("events", url)
        assert (status, err.count("\n")) == (1, 1)
        assert err.startswith(f"sse-events: {url}: ")

    @pytest.mark.parametrize("url", ["http://", "http://[/", "http://a\x00b/"], ids=repr)
    def test_not_a_url(self, run: Run, url: str) -> None:
        status, out, err = run("events", url)
        assert (status, out, err.count("\n")) == (1, "", 1)

    def test_header_that_cannot_be_sent(self, run: Run, url: str) -> None:
        status, _, err = run("events", url, "-H", "X: \u4f60")
        assert (status, err.count("\n")) == (1, 1)

    @pytest.mark.parametrize("available", [["httpx2"], []], ids=["httpx2", "neither"])
    def test_without_httpx(self, monkeypatch: pytest.MonkeyPatch, available: list[str]) -> None:
        def partial_import(name: str) -> ModuleType:
            if name not in available:
                raise ImportError(name)
            return ModuleType(name)

        monkeypatch.setattr("sse_events.cli.web.import_module", partial_import)
        if available:
            assert httpx().__name__ == "httpx2"
        else:
            with pytest.raises(CommandError, match=r"pip install 'sse_events\[httpx\]'"):
                httpx()


ACCEPT = {"Accept": "text/event-stream"}
JSON = ACCEPT | {"Content-Type": "application/json"}
REQUESTS = {
    "nothing": ([], Request("GET", ACCEPT, None)),
    "a body": (["-d", "{}"], Request("POST", JSON, b"{}")),
    "another method": (["-d", "{}", "-X", "PUT"], Request("PUT", JSON, b"{}")),
    "another type": (
        ["-d", "a", "-H", "content-type: text/plain"],
        Request("POST", ACCEPT | {"content-type": "text/plain"}, b"a"),
    ),
    "a value with colons": (["-H", "X: a:b"], Request("GET", ACCEPT | {"X": "a:b"}, None)),
    "variables": (["-H", "X: ${ONE}-$TWO"], Request("GET", ACCEPT | {"X": "1-2"}, None)),
    "a file": (["-H", "X: @token"], Request("GET", ACCEPT | {"X": "secret"}, None)),
}
MISUSES = {
    "a header without a colon": (["-H", "secret"], "^-H: a header is NAME: VALUE$"),
    "a variable that is not set": (["-H", "X: $THREE"], "the environment has no THREE"),
    "no such header file": (["-H", "X: @none"], "none: No such file"),
    "no such body": (["-d", "@none"], "none: No such file"),
}


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "token").write_text("secret\n")
    monkeypatch.setenv("ONE", "1")
    monkeypatch.setenv("TWO", "2")
    monkeypatch.delenv("THREE", raising=False)


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize(("arguments", "expected"), REQUESTS.values(), ids=REQUESTS)
def test_request(arguments: list[str], expected: Request) -> None:
    assert request(parse(["chat", "http://a.example", *arguments])) == expected


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize(("arguments", "reason"), MISUSES.values(), ids=MISUSES)
def test_misuse(arguments: list[str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason) as error:
        request(parse(["chat", "http://a.example", *arguments]))
    assert error.value.status == 2


@pytest.mark.parametrize("name", READERS)
def test_unreachable(run: Run, name: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        status, _, err = run(*started(name, f"http://127.0.0.1:{closed.getsockname()[1]}/"))
    assert (status, err.count("\n")) == (2 if name == "diff" else 1, 1)
    assert err.startswith("sse-events: http://127.0.0.1:")

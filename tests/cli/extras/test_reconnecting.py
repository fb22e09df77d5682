"""`sse-events events URL --reconnect`: a line for each change of the connection."""

from __future__ import annotations

import json
import re

import pytest

from sse_events.adapters.httpx import EventSource
from tests.cli.server import Server
from tests.cli.streams import Run


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EventSource, "_wait", lambda *_: None)


def test_events(run: Run, url: str, server: Server) -> None:
    """It resumes after the last ID, and ends when the server answers 204."""
    server.bodies = [b"retry: 1500\nid: 7\ndata: one\n\n", b": hi\n\ndata: two\n\n"]
    status, out, err = run("events", url, "--reconnect", "--comments", "--last-id", "6", "-H", "X: y")
    assert status == 0
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line.get("data", line.get("comment")) for line in lines] == ["one", "hi", "two"]
    assert [headers.get("last-event-id") for _, headers, _ in server.requests] == ["6", "7", "7"]
    assert {headers["x"] for _, headers, _ in server.requests} == {"y"}
    said = [line.removeprefix(f"sse-events: {url}: ") for line in err.splitlines()]
    assert said[:2] == ["connecting, attempt 1", "open, attempt 1"]
    assert re.fullmatch(r"waiting 1\.\d s before attempt \d: the stream ended", said[2])
    assert said[-1] == "closed"


def test_time(run: Run, url: str, server: Server) -> None:
    server.bodies = [b"data: one\n\n"]
    _, out, _ = run("events", url, "--reconnect", "--time")
    assert json.loads(out)["at"] >= 0


def test_refused(run: Run, url: str, server: Server) -> None:
    server.status = 404
    status, out, err = run("events", url, "--reconnect")
    assert (status, out) == (1, "")
    assert "404" in err.splitlines()[-1]
    assert err.count("\n") == 3


@pytest.mark.parametrize("url", ["http://", "http://a\x00b/"], ids=repr)
def test_not_a_url(run: Run, url: str) -> None:
    """No attempt can succeed."""
    status, out, err = run("events", url, "--reconnect")
    assert (status, out) == (1, "")
    assert "Traceback" not in err


def test_busy(run: Run, url: str, server: Server) -> None:
    """A refusal that may pass is a change with its cause."""
    server.bodies, server.status = [b"busy"], 503
    status, _, err = run("events", url, "--reconnect")
    assert status == 0
    assert re.search(r"waiting 3\.\d s before attempt 2: status 503, text/event-stream", err)


def test_lost(run: Run, url: str, server: Server) -> None:
    """A connection that breaks is a change with its cause."""
    server.bodies, server.promised = [b"data: one\n\n"], 10
    _, out, err = run("events", url, "--reconnect")
    assert json.loads(out)["data"] == "one"
    assert re.search(r"waiting 3\.\d s before attempt \d: peer closed", err)


@pytest.mark.parametrize("arguments", [["file"], ["http://a/", "http://b/"], []], ids=str)
def test_misuse(run: Run, arguments: list[str]) -> None:
    status, _, err = run("events", "--reconnect", *arguments)
    assert (status, err.splitlines()[-1]) == (2, "sse-events events: error: --reconnect needs one URL")

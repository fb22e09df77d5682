"""A response that is not an event stream raises ResponseError with its body. An event stream is read."""

from __future__ import annotations

import contextlib
import copy
import pickle
from collections.abc import Callable, Iterator

import pytest

from sse_events.adapters.response import Head
from sse_events.chat import ChatStream
from sse_events.errors import EventTooLarge, ResponseError
from sse_events.events import Event
from sse_events.parser import Parser
from tests.adapters.clients import Client
from tests.adapters.server import Connection, Script, Server, json_response, sends

BODY = b'{"error": {"message": "no"}}'
HTML = b"<!doctype html><title>Sign in</title>"
EVENTS = [Event("one", id="1"), Event("two", id="1")]
STREAM = b"id: 1\ndata: one\n\ndata: two\n\n"


def response(status: str, content_type: str | None, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nX-Request-Id: a7\r\nConnection: close\r\n"
    if content_type is not None:
        head += f"Content-Type: {content_type}\r\n"
    return f"{head}\r\n".encode() + body


REFUSALS = [
    ("401", "401 Unauthorized", "application/json", BODY),
    ("404", "404 Not Found", "text/html", HTML),
    ("429", "429 Too Many Requests", "application/json", BODY),
    ("500", "500 Internal Server Error", "application/json; charset=utf-8", BODY),
    ("500 that looks like a stream", "500 Internal Server Error", "text/event-stream", STREAM),
    ("201", "201 Created", "text/event-stream", STREAM),
    ("200 with JSON", "200 OK", "application/json", BODY),
    ("200 with HTML", "200 OK", "text/html; charset=utf-8", HTML),
    ("200 with a longer type", "200 OK", "text/event-stream-2", STREAM),
    ("200 without a content type", "200 OK", None, STREAM),
    ("200 without anything", "200 OK", None, b""),
    ("200 with more than is kept", "200 OK", "text/plain", b"x" * 200_000),
]
FINAL = [refusal for refusal in REFUSALS if not refusal[1].startswith(("429", "500"))]


def shown(error: ResponseError) -> tuple[int, str, bytes, str]:
    return error.status, error.content_type, error.body, error.headers["x-request-id"]


def expected(status: str, content_type: str | None, body: bytes) -> tuple[int, str, bytes, str]:
    return int(status[:3]), content_type or "", body[:65536], "a7"


def named(rows: list[tuple[str, str, str | None, bytes]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("status", "content_type", "body"), [row[1:] for row in rows], ids=[row[0] for row in rows]
    )


def sent_unless_closed(data: bytes) -> Script:
    """The error may come before the client has read the last byte."""

    def script(connection: Connection) -> None:
        with contextlib.suppress(ConnectionError):
            connection.send(data)
            connection.wait_closed()

    return script


class TestRefusals:
    @named(REFUSALS)
    def test_iter_events(self, client: Client, status: str, content_type: str | None, body: bytes) -> None:
        """The error comes before any value of the machine: a chat stream's Done would be wrong here."""
        with Server(sent_unless_closed(response(status, content_type, body))) as server:
            answer = client.get(server.url)
            with pytest.raises(ResponseError) as caught:
                next(client.events(answer, into=ChatStream()))
            client.settle()
            assert client.is_closed(answer)
        assert shown(caught.value) == expected(status, content_type, body)
        assert caught.value.url.rstrip("/") == server.url

    @named(FINAL)
    def test_event_source(self, client: Client, status: str, content_type: str | None, body: bytes) -> None:
        waits: list[float] = []
        with Server(sent_unless_closed(response(status, content_type, body))) as server:
            source = client.source(server.url, waits)
            with pytest.raises(ResponseError) as caught:
                next(source)
            assert next(source, None) is None
        assert shown(caught.value) == expected(status, content_type, body)
        assert waits == []

    def test_check_can_be_skipped(self, client: Client) -> None:
        with Server(sends(response("500 Internal Server Error", "text/html", STREAM))) as server:
            assert list(client.events(client.get(server.url), check=False)) == EVENTS

    def test_body_that_breaks_off(self, client: Client) -> None:
        """The error shows the part of the body that arrived. The refusal is raised, not the failure of the read."""
        cut = json_response("401 Unauthorized", BODY).replace(b"Length: 28", b"Length: 99")
        with Server(sends(cut)) as server, pytest.raises(ResponseError) as caught:
            next(client.events(client.get(server.url)))
        assert (caught.value.status, caught.value.body) == (401, BODY)


CONTENT_TYPES = [
    "text/event-stream",
    "text/event-stream;charset=utf-8",
    "text/event-stream; charset=UTF-8",
    "Text/Event-Stream ; Charset=ISO-8859-1",
    "TEXT/EVENT-STREAM;charset=whatever;x=y",
]


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
def test_event_streams_are_read_as_utf_8(client: Client, content_type: str) -> None:
    with Server(sends(response("200 OK", content_type, "data: é€😀\n\n".encode()))) as server:
        assert [event.data for event in client.events(client.get(server.url))] == ["é€😀"]


def test_a_response_read_before_gives_its_events(client: Client) -> None:
    """Without streaming there is nothing to wait for, but nothing is lost either."""
    with Server(sends(response("200 OK", "text/event-stream", STREAM))) as server:
        assert list(client.events(client.get_whole(server.url))) == EVENTS


MIB = 1024 * 1024
LARGE = b"data: " + b"x" * (20 * MIB) + b"\n\n"
LARGE_STREAM = response("200 OK", "text/event-stream", b"data: first\n\n" + LARGE + b"data: last\n\n")


def over_iter_events(client: Client, url: str, limit: int | None) -> Iterator[Event]:
    return client.events(client.get(url), into=None if limit is None else Parser(max_event_bytes=limit))


def over_event_source(client: Client, url: str, limit: int | None) -> Iterator[Event]:
    source: Iterator[Event] = client.source(url) if limit is None else client.source(url, max_event_bytes=limit)
    return source


@pytest.mark.parametrize("events", [over_iter_events, over_event_source])
class TestLargeEvents:
    def test_passes_under_a_raised_limit(
        self, client: Client, events: Callable[[Client, str, int | None], Iterator[Event]]
    ) -> None:
        with Server(sends(LARGE_STREAM)) as server:
            stream = events(client, server.url, 32 * MIB)
            assert [len(next(stream).data) for _ in range(3)] == [5, 20 * MIB, 4]
            stream.close()  # type: ignore[attr-defined]

    def test_is_refused_at_the_default_limit(
        self, client: Client, events: Callable[[Client, str, int | None], Iterator[Event]]
    ) -> None:
        """The server sees the connection closed, with the rest unsent or unread."""
        with Server(sent_unless_closed(LARGE_STREAM)) as server:
            stream = events(client, server.url, None)
            assert next(stream).data == "first"
            with pytest.raises(EventTooLarge) as caught:
                next(stream)
            client.settle()
        assert caught.value.limit == 16 * MIB


def head(body_url: str = "http://user:secret@example.test/a?key=secret#x") -> Head:
    return Head(401, {"X": "y"}, lambda: body_url, lambda _: False)


def test_response_error_pickles_and_copies() -> None:
    """A worker may report one to its parent: it holds no client's object."""
    error = head().error("status 401, not 200", b"{}")
    for twin in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert (twin.status, twin.headers, twin.body, twin.url, str(twin)) == (
            401,
            {"x": "y"},
            b"{}",
            "http://user:secret@example.test/a?key=secret#x",
            "http://example.test/a answered with status 401, not 200: {}",
        )


MESSAGES = [
    ("JSON", b'{\n  "error": {\n    "message": "Bad key"\n  }\n}\n', ': { "error": { "message": "Bad key" } }'),
    ("nothing", b"", ""),
    ("blanks", b" \r\n ", ""),
    ("more than is shown", b"x" * 500, ": " + "x" * 200),
    ("not UTF-8", b"a\xffb", ": a\ufffdb"),
    ("what a terminal would obey", b"\x1b[2Jx", ": \ufffd[2Jx"),
]


@pytest.mark.parametrize(("body", "shown"), [row[1:] for row in MESSAGES], ids=[row[0] for row in MESSAGES])
def test_response_error_shows_the_beginning_of_the_body(body: bytes, shown: str) -> None:
    error = head().error("status 401, not 200", body)
    assert str(error) == f"http://example.test/a answered with status 401, not 200{shown}"


def test_response_error_without_an_address() -> None:
    assert str(head("").error("status 401, not 200", b"no")) == "the server answered with status 401, not 200: no"

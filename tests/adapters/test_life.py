"""The attributes and arguments of a source: changes, state, retry, headers, parser, check."""

from __future__ import annotations

from functools import partial
from typing import Any

import httpx
import pytest

from sse_events.adapters.httpx import EventSource
from sse_events.errors import EventTooLarge, ProtocolError, ResponseError, StreamInterrupted
from sse_events.events import Comment, Event, UnknownField
from sse_events.parser import Parser, WireParser
from sse_events.reconnect import Change, Reconnect, State
from tests.adapters.clients import AsyncClient, Client
from tests.adapters.server import NO_CONTENT, OK, STREAM, Server, json_response, sends

EVENT = b"id: 7\ndata: x\n\n"
BUSY = json_response("503 Busy", b'{"error": "busy"}', "Retry-After: 9")
no_more = sends(NO_CONTENT)


def told(change: Change) -> tuple[str, float, int, str]:
    return change.state.value, change.delay, change.attempt, type(change.cause).__name__


class TestChanges:
    def test_a_whole_life(self, client: Client) -> None:
        """The source is refused, connects, loses the connection, and gets a 204."""
        changes: list[Change] = []
        with Server(sends(BUSY), sends(STREAM + EVENT), no_more) as server:
            source = client.source(server.url, on_change=changes.append)
            assert [event.data for event in source] == ["x"]
        assert list(map(told, changes)) == [
            ("connecting", 0.0, 1, "NoneType"),
            ("waiting", 9.0, 1, "ResponseError"),
            ("connecting", 0.0, 2, "NoneType"),
            ("open", 0.0, 2, "NoneType"),
            ("waiting", 3.0, 1, "NoneType"),
            ("connecting", 0.0, 2, "NoneType"),
            ("closed", 0.0, 2, "NoneType"),
        ]
        assert "status 503" in str(changes[1].cause)

    def test_one_line_of_logging(self, client: Client) -> None:
        lines: list[str] = []
        with Server(sends(STREAM + EVENT), no_more) as server:
            source = client.source(
                server.url, on_change=lambda change: lines.append(f"{change.state} {change.delay} {change.cause}")
            )
            list(source)
        assert lines == [
            "connecting 0.0 None",
            "open 0.0 None",
            "waiting 3.0 None",
            "connecting 0.0 None",
            "closed 0.0 None",
        ]

    def test_the_last_one_has_the_error(self, client: Client) -> None:
        changes: list[Change] = []
        with Server(sends(json_response("401 No", b"{}"))) as server:
            source = client.source(server.url, on_change=changes.append)
            with pytest.raises(ResponseError) as caught:
                next(source)
            source.close()
        assert changes[-1].cause is caught.value
        assert [change.state for change in changes] == [State.CONNECTING, State.CLOSED]

    def test_an_error_of_the_callback_goes_through(self, client: Client) -> None:
        def fail(change: Change) -> None:
            if change.state == "open":
                raise KeyError(change.state)

        with Server(sends(STREAM)) as server:
            source = client.source(server.url, on_change=fail)
            with pytest.raises(KeyError):
                next(source)
            assert next(source, None) is None
            assert source.state == "closed"

    def test_state_follows(self, client: Client) -> None:
        states: list[Any] = []
        with Server(sends(STREAM + EVENT), no_more) as server:
            source: Any = client.source(server.url, on_change=lambda _: states.append(source.state))
            assert source.state == "connecting"
            next(source)
            assert source.state == "open"
            assert list(source) == []
        assert states == ["connecting", "open", "waiting", "connecting", "closed"]


class TestRetry:
    def test_is_told_and_taken_over(self, client: Client) -> None:
        waits: list[float] = []
        with Server(sends(STREAM + b"retry: 700\n\n"), no_more) as server:
            first = client.source(server.url, waits)
            assert first.retry is None
            list(first)
            assert first.retry == 700
        with Server(sends(STREAM), no_more) as server:
            list(client.source(server.url, waits, retry=first.retry))
        assert waits == [0.7, 0.7]


class TestHeaders:
    def test_a_function_is_asked_before_every_attempt(self, client: Client) -> None:
        tokens = iter(["a", "b", "c"])
        with Server(sends(STREAM + EVENT), sends(BUSY), no_more) as server:
            source = client.source(server.url, headers=lambda: {"Authorization": next(tokens), "Last-Event-ID": "1"})
            assert len(list(source)) == 1
            sent = [(request["Authorization"], request["Last-Event-ID"]) for request in server.requests]
        assert sent == [("a", "1"), ("b", "7"), ("c", "7")]

    def test_an_asynchronous_one_is_awaited(self, client: Client) -> None:
        async def headers() -> dict[str, str]:
            return {"X-Token": "t"}

        if not isinstance(client, AsyncClient):
            with pytest.raises(TypeError, match="headers must be a plain function"):
                client.source("http://127.0.0.1:9", headers=headers)
            return
        with Server(no_more) as server:
            assert list(client.source(server.url, headers=headers)) == []
            assert server.requests[0]["X-Token"] == "t"

    def test_its_error_ends_the_source(self, client: Client) -> None:
        def headers() -> dict[str, str]:
            raise KeyError("no token")

        source = client.source("http://127.0.0.1:9", headers=headers)
        with pytest.raises(KeyError):
            next(source)
        assert next(source, None) is None

    def test_its_lost_connection_is_the_sources(self, client: Client) -> None:
        """If a token cannot be fetched for the moment, the source waits, as it does for the stream."""
        lost = client.lost_connection()
        answers: Any = iter([lost, {}])

        def headers() -> Any:
            answer = next(answers)
            if isinstance(answer, Exception):
                raise answer
            return answer

        waits: list[float] = []
        changes: list[Change] = []
        with Server(no_more) as server:
            assert list(client.source(server.url, waits, headers=headers, on_change=changes.append)) == []
        assert waits == [3.0]
        assert changes[1].cause is lost

    def test_what_is_not_a_mapping_is_refused(self, client: Client) -> None:
        with pytest.raises(TypeError, match="headers must return a mapping, not list"):
            next(client.source("http://127.0.0.1:9", headers=lambda: [("a", "b")]))


class TestParser:
    def test_everything_on_the_wire(self, client: Client) -> None:
        body = b": ping\nnonsense: x\nid: 7\ndata: y\n\n"
        with Server(sends(STREAM + body), no_more) as server:
            source = client.source(server.url, parser=WireParser)
            assert list(source) == [Comment("ping"), UnknownField("nonsense", "x"), Event("y", id="7")]
            assert server.requests[1]["Last-Event-ID"] == "7"

    def test_a_comment_is_not_a_success(self, client: Client) -> None:
        """Only an event is, as with the plain parser."""
        waits: list[float] = []
        comment = sends(STREAM + b": ping\n\n")
        with Server(comment, comment, no_more) as server:
            assert list(client.source(server.url, waits, parser=WireParser)) == [Comment("ping")] * 2
        assert waits == [3.0, 6.0]

    def test_with_options_of_its_own(self, client: Client) -> None:
        """What was complete before the fault is delivered, and the fault ends the source."""
        with Server(sends(STREAM + EVENT + b"data: \xff\n\n")) as server:
            source = client.source(server.url, parser=partial(Parser, errors="strict"))
            assert next(source).data == "x"
            with pytest.raises(ProtocolError):
                next(source)
            assert next(source, None) is None

    def test_limit(self, client: Client) -> None:
        changes: list[Change] = []
        with Server(sends(STREAM + EVENT + b"data: 123456789\n\n")) as server:
            source = client.source(server.url, max_event_bytes=8, on_change=changes.append)
            assert next(source).data == "x"
            with pytest.raises(EventTooLarge) as caught:
                next(source)
        assert changes[-1] == Change(State.CLOSED, 0.0, 1, caught.value)


def typed(content_type: str) -> bytes:
    return OK.replace(b"text/event-stream", content_type.encode()) + b"Connection: close\r\n\r\n"


class TestCheck:
    def test_any_content_type(self, client: Client) -> None:
        with Server(sends(typed("text/plain") + EVENT), no_more) as server:
            assert [event.data for event in client.source(server.url, check=False)] == ["x"]

    def test_the_status_is_still_looked_at(self, client: Client) -> None:
        waits: list[float] = []
        with Server(sends(BUSY), sends(json_response("401 No", EVENT))) as server, pytest.raises(ResponseError):
            next(client.source(server.url, waits, check=False))
        assert waits == [9.0]

    @pytest.mark.parametrize(
        "content_type",
        ["text/event-stream, text/event-stream", "text/html, Text/Event-Stream;charset=utf-8", "text/event-stream,"],
    )
    def test_one_of_a_list(self, client: Client, content_type: str) -> None:
        with Server(sends(typed(content_type) + EVENT)) as server:
            assert [event.data for event in client.events(client.get(server.url))] == ["x"]
        with Server(sends(typed(content_type) + EVENT), no_more) as server:
            assert [event.data for event in client.source(server.url)] == ["x"]

    def test_repeated_headers(self, client: Client) -> None:
        """Two headers of that name are the same as one with a list."""
        head = OK + b"Content-Type: text/event-stream\r\nConnection: close\r\n\r\n"
        with Server(sends(head + EVENT)) as server:
            assert [event.data for event in client.events(client.get(server.url))] == ["x"]


class TestStory:
    """StreamInterrupted names the request, the attempts and the reason, but no secret."""

    def test_of_a_get(self, client: Client) -> None:
        with Server(sends(STREAM), sends(STREAM)) as server:
            url = server.url.replace("//", "//user:secret@") + "/a?key=secret#x"
            source = client.source(url, reconnect=Reconnect(max_attempts=2))
            with pytest.raises(StreamInterrupted) as caught:
                next(source)
        assert str(caught.value) == (
            f"GET {server.url}/a: the response ended, and max_attempts=2 is reached (attempts in a row: 2)"
        )

    def test_of_a_post(self, client: Client) -> None:
        with Server(lambda connection: connection.reset()) as server, pytest.raises(StreamInterrupted) as caught:
            next(client.source(server.url, method="POST", params={"key": "secret"}))
        story = str(caught.value)
        assert story.startswith(f"POST {server.url}: the connection failed, and a POST is sent once, because repeating")
        assert "replay=True" in story
        assert f"the last cause: {type(caught.value.cause).__name__}" in story
        assert "secret" not in story

    @pytest.mark.parametrize(
        ("options", "status", "why"),
        [
            ({"reconnect": Reconnect(max_attempts=2)}, 503, ", and max_attempts=2 is reached"),
            ({"reconnect": Reconnect(max_retry_after=1)}, 503, ", and the server asked for 9 s without requests"),
            ({"method": "POST"}, 503, ""),
            ({}, 404, ""),
        ],
        ids=["too often", "too long", "sent once", "final"],
    )
    def test_of_a_refusal(self, options: dict[str, Any], status: int, why: str) -> None:
        """A status that the source would wait for says why it does not."""
        transport = httpx.MockTransport(lambda _: httpx.Response(status, headers={"Retry-After": "9"}, text="busy"))
        source = EventSource(httpx.Client(transport=transport), "http://h/a", sleep=lambda _: None, **options)
        with pytest.raises(ResponseError) as caught:
            next(source)
        assert str(caught.value) == f"http://h/a answered with status {status}, not 200{why}: busy"

    def test_of_an_id_that_cannot_be_sent(self, client: Client) -> None:
        with pytest.raises(StreamInterrupted, match=r"^GET http://127.0.0.1:9/: a header cannot carry"):
            next(client.source("http://127.0.0.1:9/?key=secret", last_event_id="a\x01"))

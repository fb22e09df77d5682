"""Every fault of a connection, scripted: all completed events arrive in order, none is lost and none comes twice."""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Callable

import pytest

from sse_events.chat import ChatStream, Done, Token
from sse_events.errors import ResponseError, StreamInterrupted
from sse_events.events import Event
from sse_events.reconnect import Change, Reconnect
from tests.adapters.clients import Client
from tests.adapters.server import (
    DEADLOCK_SECONDS,
    NO_CONTENT,
    OK,
    STREAM,
    Connection,
    Script,
    Server,
    chunk,
    json_response,
    sends,
)

LAST = 6
ALL = [f"event {n}" for n in range(1, LAST + 1)]
IDLE_SECONDS = 0.5  # the idle timeout that a stall has to run into; the client's own clock cannot be faked


def block(n: int) -> bytes:
    return f"id: {n}\ndata: event {n}\n\n".encode()


def blocks_after(connection: Connection, count: int = LAST) -> bytes:
    """What a server that resumes sends: the next `count` events after Last-Event-ID."""
    seen = int(connection["Last-Event-ID"] or 0)
    return b"".join(block(n) for n in range(seen + 1, min(seen + count, LAST) + 1))


def resumes(connection: Connection) -> None:
    connection.send(STREAM, blocks_after(connection))


no_more = sends(NO_CONTENT)


def reset_before_headers(connection: Connection) -> None:
    connection.reset()


def closed_before_headers(connection: Connection) -> None:
    pass


def reset_in_headers(connection: Connection) -> None:
    connection.send(OK[:-9])
    connection.reset()


def closed_in_status_line(connection: Connection) -> None:
    """Any later, and http.client takes the end of the connection for the end of the headers."""
    connection.send(OK[:7])


def closed_in_mid_event(connection: Connection) -> None:
    connection.send(STREAM, blocks_after(connection, 2), b"id: 3\ndata: event 3\n")


def reset_in_mid_event(connection: Connection) -> None:
    connection.send(STREAM, blocks_after(connection, 2), b"id: 3\ndata: event 3\n")
    connection.reset()


def chunked_cut_between_chunks(connection: Connection) -> None:
    connection.send(OK, b"Transfer-Encoding: chunked\r\n\r\n", chunk(blocks_after(connection, 2)))


def chunked_cut_in_a_chunk(connection: Connection) -> None:
    connection.send(OK, b"Transfer-Encoding: chunked\r\n\r\n", chunk(blocks_after(connection, 2) + b"id: 3\n")[:-4])


def content_length_too_long(connection: Connection) -> None:
    connection.send(OK, b"Content-Length: 1000\r\n\r\n", blocks_after(connection, 2))


def content_length_too_short(connection: Connection) -> None:
    """The second event is cut off, and the bytes after it are not a response."""
    body = blocks_after(connection, 2)
    connection.send(OK, b"Content-Length: %d\r\nConnection: close\r\n\r\n" % (len(body) - 8), body)


def empty(connection: Connection) -> None:
    connection.send(OK, b"Content-Length: 0\r\nConnection: close\r\n\r\n")


def broken_gzip(connection: Connection) -> None:
    connection.send(OK, b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n", b"this is not gzip, is it?")


def stall_before_headers(connection: Connection) -> None:
    connection.wait_closed()


def stall_in_mid_event(connection: Connection) -> None:
    connection.send(STREAM, blocks_after(connection, 2), b"id: 3\nda")
    connection.wait_closed()


FAULTS = [
    reset_before_headers,
    closed_before_headers,
    reset_in_headers,
    closed_in_status_line,
    closed_in_mid_event,
    reset_in_mid_event,
    chunked_cut_between_chunks,
    chunked_cut_in_a_chunk,
    content_length_too_long,
    content_length_too_short,
    empty,
    broken_gzip,
]
STALLS = [stall_before_headers, stall_in_mid_event]
# Before a byte of the response: here some clients send a GET again by themselves.
UNANSWERED = [reset_before_headers, closed_before_headers, reset_in_headers, closed_in_status_line]
REFUSED = [
    ("503 with Retry-After", json_response("503 Service Unavailable", b"{}", "Retry-After: 7"), 7.0),
    ("503 with a date", json_response("503 Service Unavailable", b"{}", "Date: Sun, 06 Nov 1994 08:49:37 GMT",
                                      "Retry-After: Sun, 06 Nov 1994 08:50:17 GMT"), 40.0),
    ("503 without", json_response("503 Service Unavailable", b"{}"), 3.0),
    ("429 with Retry-After less than the delay", json_response("429 Too Many", b"{}", "Retry-After: 1"), 3.0),
    ("429", json_response("429 Too Many Requests", b"{}"), 3.0),
    ("500", json_response("500 Internal Server Error", b"{}"), 3.0),
    ("502", json_response("502 Bad Gateway", b"{}"), 3.0),
    ("504", json_response("504 Gateway Timeout", b"{}"), 3.0),
]  # fmt: skip


def read_all(client: Client, *scripts: Script, **options: object) -> tuple[list[str], list[float]]:
    """The events of a source over a server of these scripts, and the waits that the source asked for."""
    waits: list[float] = []
    with Server(*scripts) as server:
        with client.source(server.url, waits, **options) as source:
            events = list(source)
        assert server.done.wait(DEADLOCK_SECONDS), "the source did not come back as often as it should"
    assert [event.id for event in events] == [data.removeprefix("event ") for data in (e.data for e in events)]
    return [event.data for event in events], waits


class TestEventSource:
    @pytest.mark.parametrize("fault", FAULTS)
    def test_recovers_from(self, client: Client, fault: Script) -> None:
        """Twice in a row: the delay doubles if nothing came in between, and starts over if something did."""
        waits: list[float] = []
        tries = client.tries if fault in UNANSWERED else 1
        scripts = [*[fault] * tries, *[fault] * tries, resumes, no_more]
        with Server(*scripts) as server:
            with client.source(server.url, waits) as source:
                assert [(event.id, event.data) for event in source] == [(data[-1], data) for data in ALL]
            sent = [request["Last-Event-ID"] for request in server.requests]
        came_in_between = sent[2 * tries] != sent[tries]
        assert waits == [3.0, 3.0 if came_in_between else 6.0, 3.0]

    @pytest.mark.parametrize("stall", STALLS)
    def test_recovers_from_silence(self, client: Client, stall: Script) -> None:
        """A client that hears nothing for `idle_timeout` gives the connection up by its own read timeout."""
        seen, waits = read_all(client, stall, resumes, no_more, idle_timeout=IDLE_SECONDS)
        assert (seen, waits) == (ALL, [3.0, 3.0])

    @pytest.mark.parametrize(("refusal", "wait"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
    def test_waits_as_refused(self, client: Client, refusal: bytes, wait: float) -> None:
        seen, waits = read_all(client, sends(refusal), resumes, no_more)
        assert seen == ALL
        assert waits == [wait, 3.0]

    def test_ends_at_204(self, client: Client) -> None:
        assert read_all(client, no_more) == ([], [])

    @pytest.mark.parametrize("refused", [False, True], ids=["lost", "refused"])
    def test_gives_up_when_attempts_are_spent(self, client: Client, refused: bool) -> None:
        """With what came last: the refusal, or StreamInterrupted with the cause and the last event ID inside."""
        waits: list[float] = []
        last = sends(json_response("503 Busy", b'"busy"')) if refused else reset_before_headers
        tries = client.tries
        scripts = [resumes, *[closed_before_headers] * tries, *[last] * (1 if refused else tries)]
        with (
            Server(*scripts) as server,
            client.source(server.url, waits, reconnect=Reconnect(max_attempts=3)) as source,
        ):
            assert [next(source).data for _ in ALL] == ALL
            with pytest.raises(ResponseError if refused else StreamInterrupted) as caught:
                next(source)
            assert next(source, None) is None
            assert source.last_event_id == str(LAST)
        assert waits == [3.0, 6.0]
        if isinstance(caught.value, StreamInterrupted):
            assert caught.value.last_event_id == str(LAST)
            assert isinstance(caught.value.cause, client.lost)
            assert caught.value.__cause__ is caught.value.cause
        else:
            assert isinstance(caught.value, ResponseError)
            assert (caught.value.status, caught.value.body) == (503, b'"busy"')

    def test_gives_up_on_a_server_gone_for_good(self, client: Client) -> None:
        waits: list[float] = []
        with Server(resumes) as server, client.source(server.url, waits, reconnect=Reconnect(max_attempts=7)) as source:
            assert [next(source).data for _ in ALL] == ALL
            assert server.done.wait(DEADLOCK_SECONDS)
            with pytest.raises(StreamInterrupted) as caught:
                next(source)
        assert isinstance(caught.value.cause, client.lost)
        assert caught.value.last_event_id == str(LAST)
        assert waits == [3.0, 6.0, 12.0, 24.0, 30.0, 30.0]

    def test_end_of_the_stream_has_no_cause(self, client: Client) -> None:
        with Server(resumes) as server, client.source(server.url, reconnect=Reconnect(max_attempts=1)) as source:
            assert [next(source).data for _ in ALL] == ALL
            with pytest.raises(StreamInterrupted) as caught:
                next(source)
        assert (caught.value.cause, caught.value.last_event_id) == (None, str(LAST))

    def test_retry_after_past_the_limit_is_final(self, client: Client) -> None:
        refusal = json_response("503 Maintenance", b"{}", "Retry-After: 3601")
        with Server(sends(refusal)) as server, pytest.raises(ResponseError) as caught:
            next(client.source(server.url))
        assert caught.value.headers["retry-after"] == "3601"

    def test_carries_over_id_and_retry_but_nothing_else(self, client: Client) -> None:
        """Also what blocks without data set counts; the unfinished block and the BOM are each connection's own."""
        first = sends(STREAM, b"\xef\xbb\xbfretry: 500\ndata: a\n\nid: 7\n\nevent: odd\nid: 8\ndata: never\n")
        second = sends(STREAM, b"\xef\xbb\xbfdata: b\n\n")
        third = sends(STREAM, b"id\ndata: c\nretry: 1000\n\n")
        waits: list[float] = []
        with Server(first, second, third, no_more) as server, client.source(server.url, waits) as source:
            events = list(source)
            sent = [connection["Last-Event-ID"] for connection in server.requests]
        assert events == [Event("a", retry=500), Event("b", id="7"), Event("c", retry=1000)]
        assert sent == [None, "7", "7", None]
        assert waits == [0.5, 0.5, 1.0]

    def test_starts_where_it_is_told_to(self, client: Client) -> None:
        assert read_all(client, resumes, no_more, last_event_id="4")[0] == ALL[4:]

    def test_count_of_failures_restarts_after_a_minute(self, client: Client) -> None:
        """A stream that stayed up without events does not count as a failure. Time is a list here."""
        comment = sends(STREAM, b": ping\n\n")
        clock = iter([0.0, 1.0, 100.0, 159.0, 200.0, 260.0, 300.0]).__next__
        waits: list[float] = []
        with (
            Server(comment, comment, comment, no_more) as server,
            client.source(server.url, waits, clock=clock) as source,
        ):
            assert list(source) == []
        assert waits == [3.0, 6.0, 3.0]

    def test_jitter_only_adds(self, client: Client) -> None:
        assert read_all(client, resumes, no_more, random=lambda: 0.999)[1] == [pytest.approx(3.0 * 1.24975)]


class TestRequests:
    """What is sent, and when it is not sent again."""

    def test_headers(self, client: Client) -> None:
        with Server(no_more, no_more) as server:
            assert list(client.source(server.url)) == []
            assert list(client.source(server.url, headers={"accept": "text/event-stream;q=1", "X-Key": "k"})) == []
            plain, own = server.requests
        assert [plain[name] for name in ("Accept", "Cache-Control", "Last-Event-ID", "X-Key")] == [
            "text/event-stream",
            "no-store",
            None,
            None,
        ]
        assert own.request.lower().count(b"\r\naccept:") == 1
        assert [own[name] for name in ("Accept", "Cache-Control", "X-Key")] == [
            "text/event-stream;q=1",
            "no-store",
            "k",
        ]

    def test_request_options_go_to_the_client(self, client: Client) -> None:
        with Server(no_more) as server:
            assert list(client.source(f"{server.url}/a", method="POST", params={"q": "1"}, json={"n": 1})) == []
            (request,) = server.requests
        assert request.target == "POST /a?q=1"
        assert (request["Content-Type"] or "").startswith("application/json")

    @pytest.mark.parametrize("fault", [closed_in_mid_event, chunked_cut_in_a_chunk, reset_before_headers])
    def test_post_is_not_repeated(self, client: Client, fault: Script) -> None:
        """It fails, however it ends, but is never sent twice."""
        with Server(fault) as server, client.source(server.url, method="POST", json={}) as source:
            with pytest.raises(StreamInterrupted):
                list(source)
            assert len(server.requests) == 1

    def test_refused_post_is_not_repeated(self, client: Client) -> None:
        with (
            Server(sends(json_response("503 Busy", b"{}"))) as server,
            client.source(server.url, method="POST") as source,
            pytest.raises(ResponseError),
        ):
            list(source)

    def test_post_is_repeated_when_told_to(self, client: Client) -> None:
        options = {"method": "POST", "replay": True, "json": {"n": 1}}
        seen, waits = read_all(client, closed_in_mid_event, resumes, no_more, **options)
        assert (seen, waits) == (ALL, [3.0, 3.0])

    def test_lower_case_get_is_repeated(self, client: Client) -> None:
        assert read_all(client, closed_in_mid_event, resumes, no_more, method="get")[0] == ALL

    def test_timeout_and_idle_timeout_contradict(self, client: Client) -> None:
        with pytest.raises(TypeError, match="give one"):
            client.source("http://127.0.0.1:9", timeout=1, idle_timeout=1)

    def test_request_that_can_never_be_sent(self, client: Client) -> None:
        waits: list[float] = []
        with pytest.raises(StreamInterrupted, match="cannot be used") as caught:
            next(client.source("nonsense://127.0.0.1:9/", waits))
        assert caught.value.cause is not None
        assert waits == []

    def test_option_that_the_client_does_not_know(self, client: Client) -> None:
        """It is the caller's mistake, so the client's own TypeError goes through."""
        with pytest.raises(TypeError, match="nonsense"):
            next(client.source("http://127.0.0.1:9/", nonsense=1))


def redirects(location: str) -> Script:
    return sends(
        f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {location}\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n".encode()
    )


class TestRedirects:
    """As browsers do, the next request goes to where the last one ended."""

    def test_is_followed_once(self, client: Client) -> None:
        scripts = [redirects("/b?x=1"), closed_in_mid_event, resumes, no_more]
        with Server(*scripts) as server:
            source = client.source(f"{server.url}/a", params={"q": "1"}, **client.redirects)
            assert [event.data for event in source] == ALL
            targets = [request.target for request in server.requests]
        assert targets == ["GET /a?q=1", "GET /b?x=1", "GET /b?x=1", "GET /b?x=1"]

    def test_that_never_ends_is_not_tried_again(self, client: Client) -> None:
        def loops(connection: Connection) -> None:
            with contextlib.suppress(ConnectionError):
                while True:
                    connection.send(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")
                    connection.read_request()

        waits: list[float] = []
        with Server(loops) as server:
            with pytest.raises(StreamInterrupted) as caught:
                next(client.source(server.url, waits, **client.redirects))
            kind = type(caught.value.cause)
            del caught  # in requests it holds the last response, and that the connection
            gc.collect()
            client.close()
        assert kind.__name__ == "TooManyRedirects"
        assert waits == []

    @pytest.mark.parametrize("location", ["nonsense://x/", "mailto:x"])
    def test_to_an_address_that_cannot_be_used(self, client: Client, location: str) -> None:
        waits: list[float] = []
        with Server(redirects(location)) as server, pytest.raises(StreamInterrupted, match="cannot be used") as caught:
            next(client.source(server.url, waits, **client.redirects))
        assert caught.value.cause is not None
        assert waits == []

    @pytest.mark.parametrize("location", ["http://[", "http://127.0.0.1:99999/", "http://a..b/", f"http://{'a' * 99}/"])
    def test_to_an_address_that_some_clients_try(self, client: Client, location: str) -> None:
        """Whatever exception the client raises, the source ends with it as the cause."""
        with Server(redirects(location)) as server, pytest.raises(StreamInterrupted) as caught:
            next(client.source(server.url, reconnect=Reconnect(max_attempts=1), **client.redirects))
        assert caught.value.cause is not None

    def test_to_another_host_takes_no_credentials_there(self, client: Client) -> None:
        """The client removed the secrets at the redirect, so the source must go through the redirect again."""
        with Server(resumes, resumes) as other, Server(redirects(other.url), redirects(other.url), no_more) as server:
            options = {"headers": {"Authorization": "Bearer secret"}, **client.redirects}
            with client.source(server.url.replace("127.0.0.1", "localhost"), **options) as source:
                assert [event.data for event in source] == ALL
            assert [request["Authorization"] for request in other.requests] == [None, None]
            assert [request["Authorization"] for request in server.requests] == ["Bearer secret"] * 3

    def test_to_another_host_without_credentials(self, client: Client) -> None:
        with Server(resumes, no_more) as other, Server(redirects(other.url)) as server:
            with client.source(server.url, **client.redirects) as source:
                assert [event.data for event in source] == ALL
            assert len(other.requests) == 2


class TestBrokenChunkHeader:
    """It counts as lost. aiohttp waits for ever after one, so only `idle_timeout` ends that."""

    @pytest.mark.parametrize("stays", [False, True], ids=["closed", "left open"])
    def test_counts_as_lost(self, client: Client, stays: bool) -> None:
        taken = threading.Event()

        def script(connection: Connection) -> None:
            connection.send(OK, b"Transfer-Encoding: chunked\r\n\r\n", chunk(blocks_after(connection, 2)))
            assert taken.wait(DEADLOCK_SECONDS)
            connection.send(b"zz\r\nhello\r\n")
            if stays:
                connection.wait_closed()

        waits: list[float] = []
        changes: list[Change] = []
        with Server(script, resumes, no_more) as server:
            source = client.source(server.url, waits, idle_timeout=IDLE_SECONDS, on_change=changes.append)
            seen = []
            for event in source:
                seen.append(event.data)
                if event.id == "2":
                    taken.set()
        assert seen == ALL
        assert waits == [3.0, 3.0]
        assert isinstance(changes[2].cause, Exception)


IDS = ["7", "a b", "a\tb", "tab\u00a0", "é", "日本語", "😀", "\ufeff", "\u2028", "\x85", "\xff", "%0A", '"', ":", ";,="]
UNSENDABLE_IDS = ["\x01", "a\x0bb", "\x1f", "a\x7f", " a", "a ", "\ta", "a\t", " "]


class TestIds:
    @pytest.mark.parametrize("last_event_id", IDS, ids=ascii)
    def test_any_script(self, client: Client, last_event_id: str) -> None:
        first = sends(STREAM, f"id: {last_event_id}\ndata: x\n\n".encode())
        with Server(first, no_more, no_more) as server:
            assert [event.id for event in client.source(server.url)] == [last_event_id]
            assert list(client.source(server.url, last_event_id=last_event_id)) == []
            sent = [request["Last-Event-ID"] for request in server.requests]
        assert sent == [None, last_event_id, last_event_id]

    @pytest.mark.parametrize("last_event_id", UNSENDABLE_IDS, ids=ascii)
    def test_no_header_can_carry_it(self, client: Client, last_event_id: str) -> None:
        """The source ends after the last event, rather than resume at the wrong place."""
        waits: list[float] = []
        with Server(sends(STREAM, f"id: {last_event_id}\ndata: x\n\n".encode())) as server:
            source = client.source(server.url, waits)
            assert next(source) == Event("x", id=last_event_id)
            with pytest.raises(StreamInterrupted) as caught:
                next(source)
        assert caught.value.last_event_id == last_event_id
        assert waits == []

    @pytest.mark.parametrize("last_event_id", [*UNSENDABLE_IDS, "a\r\nX: y", "a\0", "\ud800"], ids=ascii)
    def test_no_header_can_carry_what_it_is_given(self, client: Client, last_event_id: str) -> None:
        with pytest.raises(StreamInterrupted) as caught:
            next(client.source("http://127.0.0.1:9", last_event_id=last_event_id))
        assert caught.value.last_event_id == last_event_id


CHAT = [
    b'data: {"choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n',
    b'data: {"choices":[{"index":0,"delta":{"content":"lo"}}]}\n\n',
    b'data: {"choices":[{"index":0,"delta":{"content":" th',
]
DROPS: list[tuple[str, bytes, Callable[[bytes], bytes]]] = [
    ("chunked", b"Transfer-Encoding: chunked\r\n\r\n", chunk),
    ("content-length", b"Content-Length: 5000\r\n\r\n", bytes),
]


@pytest.mark.parametrize(("head", "frame"), [row[1:] for row in DROPS], ids=[row[0] for row in DROPS])
class TestIterEvents:
    """A response that breaks off: complete events, then the values of close(), then the client's exception."""

    def test_in_mid_stream(self, client: Client, head: bytes, frame: Callable[[bytes], bytes]) -> None:
        seen: list[object] = []
        with Server(sends(OK, head, *map(frame, CHAT))) as server:
            response = client.get(server.url)
            with pytest.raises(client.lost):
                seen.extend(client.events(response, into=ChatStream("openai")))
            assert client.is_closed(response)
        assert [event for event in seen if isinstance(event, Token)] == [Token("Hel"), Token("lo")]
        assert isinstance(seen[-1], Done)
        assert [event.status for event in seen if isinstance(event, Done)] == ["truncated"]

    def test_before_the_first_read(self, client: Client, head: bytes, frame: Callable[[bytes], bytes]) -> None:
        """All of it, and its end, have come before the caller asks for the first event."""
        with Server(sends(OK, head, *map(frame, CHAT))) as server:
            response = client.get(server.url)
            assert server.done.wait(DEADLOCK_SECONDS)
            client.settle()
            seen: list[object] = []
            with pytest.raises(client.lost):
                seen.extend(client.events(response))
        assert len(seen) == 2

    def test_reset(self, client: Client, head: bytes, frame: Callable[[bytes], bytes]) -> None:
        taken = threading.Event()

        def script(connection: Connection) -> None:
            connection.send(OK, head, *map(frame, CHAT))
            assert taken.wait(DEADLOCK_SECONDS)
            connection.reset()

        seen = []
        with Server(script) as server, pytest.raises(client.lost):
            for event in client.events(client.get(server.url)):
                seen.append(event)
                if len(seen) == 2:
                    taken.set()
        assert len(seen) == 2

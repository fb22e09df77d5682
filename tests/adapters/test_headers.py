"""HTTP headers: those that a source sends, and those that it reads."""

from __future__ import annotations

import pytest

from sse_events.adapters.headers import lowered, moved_to, request_headers, retry_after

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
    assert retry_after(headers, EPOCH) == seconds


def test_headers_of_every_client_become_one_dictionary() -> None:
    assert lowered([("A", "1"), ("b", "2"), ("a", "3")]) == {"a": "1, 3", "b": "2"}


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

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
    ("a zone of 400 digits", {"retry-after": f"Sun, 06 Nov 1994 08:49:37 +{'1' * 400}"}, None),
    ("a zone of more digits than int() takes", {"retry-after": f"Sun, 06 Nov 1983 08:49:37 +{'1' * 5000}"}, 0.0),
    ("a date of the server that is monstrous", {"retry-after": "Sun, 06 Nov 1994 08:49:40 GMT",
                                                "date": f"Sun, 06 Nov 1994 08:49:37 -{'1' * 400}"}, 3.0),
    ("a date before 1970", {"retry-after": "Sat, 05 Nov 1955 08:49:37 GMT"}, None),
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


A = "https://a.test/"
B = "https://b.test/x?y=1"


class Sent:
    def __init__(self, url: str, method: str = "GET", **headers: str | bytes) -> None:
        self.url = url
        self.method = method
        self.headers = headers


KEY = {"Authorization": "secret"}
REDIRECTS: list[tuple[str, list[Sent], bool, str | None]] = [
    ("none", [Sent(A)], True, None),
    ("within the origin", [Sent(A), Sent("https://a.test:443/x")], False, "https://a.test:443/x"),
    ("within the origin, without the cookie", [Sent(A, Cookie="a=1"), Sent(A + "x")], True, A + "x"),
    ("as it was", [Sent(A, Accept="x"), Sent(B, Accept="x", Host="b.test")], True, B),
    ("to another host's name", [Sent(A, Host="a.test"), Sent(B, Host="b.test")], True, B),
    ("with more headers", [Sent(A), Sent(B, **KEY)], True, B),
    ("with its credentials", [Sent(A, **KEY), Sent(B, **KEY)], True, B),
    ("with the same as bytes", [Sent(A, Authorization=b"secret"), Sent(B, **KEY)], True, B),
    ("without them", [Sent(A, **KEY), Sent(B)], True, None),
    ("with others", [Sent(A, **KEY), Sent(B, Authorization="b")], True, None),
    ("with all cookies and one more", [Sent(A, Cookie="a=1; b=2"), Sent(B, Cookie="b=2; c=3; a=1")], True, B),
    ("without one cookie", [Sent(A, Cookie="a=1; b=2"), Sent(B, Cookie="a=1")], True, None),
    ("without any header", [Sent(A, Anything="x"), Sent(B)], True, None),
    ("after a challenge", [Sent(A), Sent(A, **KEY), Sent(B)], True, None),
    ("with another method", [Sent(A, "POST"), Sent(A + "x", "GET")], True, None),
    ("when more may come", [Sent(A), Sent(B)], False, None),
    ("to another port", [Sent(A, **KEY), Sent("https://a.test:8443/")], True, None),
    ("to another scheme", [Sent(A, **KEY), Sent("http://a.test/")], True, None),
    ("and back", [Sent(A, **KEY), Sent(B), Sent(A + "x")], True, A + "x"),
]


@pytest.mark.parametrize(
    ("sent", "across_origins", "url"), [row[1:] for row in REDIRECTS], ids=[row[0] for row in REDIRECTS]
)
def test_the_next_request_goes_where_the_same_request_went(
    sent: list[Sent], across_origins: bool, url: str | None
) -> None:
    assert moved_to(sent, across_origins=across_origins) == url

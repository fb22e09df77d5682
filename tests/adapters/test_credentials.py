"""Nothing reaches another origin that the client itself would not send there."""

from __future__ import annotations

from typing import Any

import pytest

from sse_events.events import Event
from tests.adapters.clients import Client
from tests.adapters.server import NO_CONTENT, STREAM, Connection, Server, sends

EVENT = b"id: 1\ndata: x\n\n"
OURS = {"accept", "cache-control", "last-event-id"}
# What each client sends by itself.
USUAL = {"host", "connection", "accept-encoding", "user-agent", "content-length", "content-type"}

# How a secret is given to a client, and which of them know the way.
SECRETS: list[tuple[str, dict[str, Any]]] = [
    ("Authorization", {"headers": {"Authorization": "Bearer secret"}}),
    ("Authorization in lower case", {"headers": {"authorization": "Bearer secret"}}),
    ("Cookie", {"headers": {"Cookie": "session=secret"}}),
    ("Proxy-Authorization", {"headers": {"Proxy-Authorization": "Basic secret"}}),
    ("cookies", {"cookies": {"session": "secret"}}),
    ("two", {"headers": {"Authorization": "Bearer secret", "Cookie": "session=secret"}}),
    ("auth", {"auth": ("user", "secret")}),
    ("a function", {"headers": lambda: {"Authorization": "Bearer secret"}}),
]


def redirects(location: str) -> bytes:
    return (
        f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    ).encode()


def seen(connection: Connection) -> dict[str, str]:
    """Every header of a request, except those that each client adds by itself."""
    lines = [line.decode().partition(":") for line in connection.request.split(b"\r\n")[1:]]
    headers = {name.strip().lower(): value.strip() for name, _, value in lines}
    return {name: value for name, value in headers.items() if name not in USUAL}


def options_for(client: Client, options: dict[str, Any]) -> dict[str, Any]:
    if client.name == "aiohttp" and isinstance(options.get("auth"), tuple):
        import aiohttp

        options = options | {"headers": {"Authorization": aiohttp.encode_basic_auth(*options["auth"])}}
        del options["auth"]
    return options | client.redirects


def first_and_other(scripts: list[bytes], others: list[bytes]) -> tuple[Server, Server, str]:
    """Two servers, and the address of the first one, which redirects to the other if its script is empty."""
    other = Server(*map(sends, others))
    first = Server(*[sends(script or redirects(f"{other.url}/")) for script in scripts])
    return first, other, first.url.replace("127.0.0.1", "localhost")


class TestSecrets:
    """If the client removes secrets when a redirect leads to another origin, the source never goes there directly."""

    @pytest.mark.parametrize("options", [row[1] for row in SECRETS], ids=[row[0] for row in SECRETS])
    def test_other_origin_sees_what_the_client_would_send(self, client: Client, options: dict[str, Any]) -> None:
        options = options_for(client, options)
        first, other, url = first_and_other([b""], [STREAM + EVENT])
        with first, other, client.source(url, **options) as source:
            assert next(source) == Event("x", id="1")
        by_the_client = seen(other.requests[0])
        carried = {name for name, value in seen(first.requests[0]).items() if "secret" in value or "Basic" in value}
        assert carried

        moves = carried <= set(by_the_client) and not callable(options.get("headers")) and "auth" not in options
        scripts = ([b""], [STREAM + EVENT, NO_CONTENT]) if moves else ([b"", b"", NO_CONTENT], [STREAM + EVENT] * 2)
        first, other, url = first_and_other(*scripts)
        with first, other, client.source(url, **options) as source:
            assert list(source) == [Event("x", id="1")] * (1 if moves else 2)
        assert [seen(request) for request in other.requests] == [by_the_client, by_the_client | {"last-event-id": "1"}]
        assert all(carried <= set(seen(request)) for request in first.requests)

    @pytest.mark.parametrize("header", ["Authorization", "Cookie"])
    def test_every_client_takes_these_off(self, client: Client, header: str) -> None:
        """So the other origin sees nothing but the source's own headers, also after the connection was lost."""
        first, other, url = first_and_other([b"", b"", NO_CONTENT], [STREAM + EVENT] * 2)
        with first, other, client.source(url, headers={header: "a=secret"}, **client.redirects) as source:
            assert list(source) == [Event("x", id="1")] * 2
        assert [set(seen(request)) for request in other.requests] == [OURS - {"last-event-id"}, OURS]


class TestWithoutSecrets:
    def test_the_next_request_goes_directly_to_the_other_origin(self, client: Client) -> None:
        first, other, url = first_and_other([b""], [STREAM + EVENT, NO_CONTENT])
        options = {"headers": {"X-Plain": "yes"}, "params": {"q": "1"}, **client.redirects}
        with first, other, client.source(url, **options) as source:
            assert list(source) == [Event("x", id="1")]
        assert [request.target for request in other.requests] == ["GET /"] * 2
        plain = {"accept": "text/event-stream", "cache-control": "no-store", "x-plain": "yes"}
        assert [seen(request) for request in other.requests] == [plain, plain | {"last-event-id": "1"}]

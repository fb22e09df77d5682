"""Clients' transports that answer every request with one body."""

from __future__ import annotations

from typing import Any

import httpx
import httpx2

_HEADERS = {"content-type": "text/event-stream"}


def sync_client(body: bytes, client: Any = httpx2) -> Any:
    """A synchronous client whose server says `body`."""
    transport = client.MockTransport(lambda _: client.Response(200, headers=_HEADERS, content=body))
    return client.Client(transport=transport)


def async_client(body: bytes, client: Any = httpx2) -> Any:
    """An asynchronous client whose server says `body`."""
    transport = client.MockTransport(lambda _: client.Response(200, headers=_HEADERS, content=body))
    return client.AsyncClient(transport=transport)


OLD = httpx  # Cohere's SDK is built on it

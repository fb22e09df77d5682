"""The client that a test of this folder runs over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adapters.clients import CLIENTS, Client


@pytest.fixture(params=list(CLIENTS))
def client(request: pytest.FixtureRequest) -> Iterator[Client]:
    made = CLIENTS[request.param]()
    yield made
    made.close()

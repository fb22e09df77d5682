"""Each reader of the end-to-end rows returns what the server sent, and a wrong count is noticed."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from benchmarks import end_to_end
from benchmarks.server import running

# The packages that each group needs, except the clients.
NEEDS = {"httpx": "httpx_sse", "openai": "openai", "aiohttp": "aiohttp", "requests": "sseclient"}
INSTALLED = [name for name, needed in NEEDS.items() if importlib.util.find_spec(needed)]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running() as where:
        yield where


@pytest.mark.parametrize("path", end_to_end.CUTS)
@pytest.mark.parametrize("group", INSTALLED)
def test_every_reader_returns_what_was_sent(address: str, group: str, path: str) -> None:
    with ExitStack() as stack:
        readers = getattr(end_to_end, f"{group}_readers")(stack)
        best = end_to_end.times_ns(readers, f"{address}/{path}/", rounds=1)
    assert len(best) == len(readers)


def test_another_number_of_values_is_an_error() -> None:
    reader = end_to_end.Reader("client", "Parser", lambda _url: 1, 2)
    with pytest.raises(AssertionError, match="client, Parser: 1 instead of 2"):
        end_to_end.times_ns([reader], "", rounds=1)

"""The clients that the adapters know: the package of each client, and the message if it is missing."""

from __future__ import annotations

import importlib
import subprocess
import sys

import httpx
import pytest

from sse_events.adapters.clients import package_of
from sse_events.adapters.httpx import EventSource


class TestClients:
    def test_found_by_a_base_class(self) -> None:
        class Mine(httpx.Client):
            pass

        with Mine() as client:
            assert package_of(client) == "httpx"

    def test_anything_else_is_refused(self) -> None:
        with pytest.raises(TypeError, match="httpx or httpx2"):
            EventSource(object(), "http://127.0.0.1:9")  # type: ignore[arg-type]


ADAPTERS = {"httpx": ["httpx", "httpx2"], "aiohttp": ["aiohttp"], "requests": ["requests", "niquests"]}


@pytest.mark.parametrize("name", ADAPTERS)
class TestImports:
    def test_missing_client_names_the_extra(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for package in ADAPTERS[name]:
            monkeypatch.setitem(sys.modules, package, None)
        monkeypatch.delitem(sys.modules, f"sse_events.adapters.{name}")
        with pytest.raises(ImportError) as caught:
            importlib.import_module(f"sse_events.adapters.{name}")
        assert f'pip install "sse_events[{name}]"' in str(caught.value)
        assert caught.value.name == name

    def test_one_client_is_enough(self, name: str) -> None:
        """The client is not imported: code that has a response has already imported it."""
        *missing, present = ADAPTERS[name]
        script = f"""
import sys
sys.modules.update(dict.fromkeys({missing!r}))
import sse_events.adapters.{name}
assert {present!r} not in sys.modules
"""
        subprocess.run([sys.executable, "-c", script], check=True)

    def test_completion_shows_what_is_meant(self, name: str) -> None:
        module = importlib.import_module(f"sse_events.adapters.{name}")
        assert dir(module) == module.__all__
        assert set(module.__all__) <= {"AsyncEventSource", "EventSource", "aiter_events", "iter_events"}

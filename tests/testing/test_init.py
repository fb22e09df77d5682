"""The package `sse_events.testing` as a whole."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sse_events import testing


def test_everything_listed_is_there():
    assert all(hasattr(testing, name) for name in testing.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = testing.nothing


@pytest.mark.parametrize("name", ["turns", "events"])
def test_without_hypothesis_the_error_names_the_extra(monkeypatch, name):
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    for module in ("chat", "strategies"):
        monkeypatch.delitem(sys.modules, f"sse_events.testing.{module}", raising=False)
    with pytest.raises(ImportError, match=r"sse_events\.testing\..* needs Hypothesis: .*sse_events\[testing\]"):
        getattr(testing, name)


def test_the_fake_provider_needs_no_hypothesis():
    script = "import sys; sys.modules['hypothesis'] = None; from sse_events.testing import FakeProvider, interpret"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=30)

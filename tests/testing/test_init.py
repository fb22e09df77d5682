"""The package `sse_events.testing` as a whole."""

from __future__ import annotations

import importlib
import sys

import pytest


def test_without_hypothesis_the_import_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "sse_events.testing")
    with pytest.raises(ImportError, match=r"sse_events\[testing\]"):
        importlib.import_module("sse_events.testing")

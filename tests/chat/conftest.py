"""Keeps the capture suite out of a run that was given no captures: not even a skip is collected."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if collection_path.name == "test_captures.py" and config.getoption("captures") is None:
        return True
    return None

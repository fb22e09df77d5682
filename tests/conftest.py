"""Options of the suite, and what its parts share."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("sse_events")
    group.addoption(
        "--captures",
        type=Path,
        default=None,
        metavar="DIR",
        help="a folder of recorded streams with expected.json and edge_cases.json; without it none are collected",
    )
    group.addoption(
        "--browser",
        action="store_true",
        help="also read the encoder's output back with a headless Chromium (Debian: apt-get install chromium)",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Without its option the browser's suite is not there, rather than skipped."""
    return True if collection_path.name == "test_browser.py" and not config.getoption("browser") else None

"""Options of the suite, and what its parts share."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester", "sse_events.testing.plugin"]


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
    group.addoption(
        "--sdks",
        action="store_true",
        help="also have the providers' SDKs read what ChatEncoder writes (the extra `sdks`)",
    )
    group.addoption(
        "--node",
        type=Path,
        default=None,
        metavar="DIR",
        help="with --sdks: also have Vercel's AI SDK read it, which npm installs into this folder if it is not there",
    )


# What is collected only with an option: without it these are not there, rather than skipped.
OPTIONAL = {"test_browser.py": "browser", "sdks": "sdks", "test_vercel.py": "node"}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    option = OPTIONAL.get(collection_path.name)
    return True if option and not config.getoption(option) else None


# They run the same code thousands of times. Coverage would double their time, and other suites reach the same lines.
UNMEASURED = (
    "/fuzz/",
    "/property/",
    "/test_captures.py",
    "/test_linear.py",
    "/test_losses.py",
    "/test_parser_cost.py",
    "/test_roundtrip.py",
    "/testing/test_faults.py",
    "/testing/test_strategies.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(part in item.path.as_posix() for part in UNMEASURED):
            item.add_marker("no_cover")

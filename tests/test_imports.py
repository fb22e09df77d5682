"""Importing the package loads msgspec and little else."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

# Only other parts need these modules: the adapters, the command, the testing tools.
HEAVY = [
    *("asyncio", "argparse", "concurrent", "logging", "multiprocessing", "selectors", "socket", "ssl", "subprocess"),
    *("threading", "time", "http", "urllib.request", "email", "hypothesis", "pytest"),
    *("httpx", "httpx2", "httpcore", "aiohttp", "requests", "niquests", "urllib3", "anyio", "trio"),
]


def modules_after(statement: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after `statement`, less those that it had before."""
    script = (
        f"import json, sys; before = set(sys.modules); {statement}; print(json.dumps([*set(sys.modules) - before]))"
    )
    output = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, check=True, text=True).stdout
    return set(json.loads(output))


@pytest.mark.parametrize("module", ["sse_events", "sse_events.chat", "sse_events.adapters"])
def test_no_event_loop_no_client_no_command_line(module):
    loaded = modules_after(f"import {module}") - modules_after("import msgspec")  # which has uuid look around, on 3.10
    assert module in loaded
    assert not loaded & set(HEAVY)


def test_little_else_than_msgspec():
    loaded = modules_after("import sse_events") - modules_after("import msgspec")
    # A compiled module is found through importlib.
    # `copy` makes a parser's copy a real one, and imports the next two; the policy asks `math` what is finite.
    allowed = ("sse_events", "importlib", "copy", "weakref", "_weakrefset", "math")
    assert sorted(name for name in loaded if not name.startswith(allowed)) == []
    assert "sse_events.chat" not in loaded

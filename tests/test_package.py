"""The package as a whole: what it exports, and the examples in its docstrings."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
from pathlib import Path
from typing import get_args

import pytest

import sse_events
import sse_events.chat

CORE = {
    "Event",
    "Comment",
    "UnknownField",
    "Parser",
    "WireParser",
    "Machine",
    "iter_events",
    "aiter_events",
    "encode",
    "encode_comment",
    "encode_retry",
    "Reconnect",
    "Reconnection",
    "SSEError",
    "ProtocolError",
    "EventTooLarge",
    "ResponseError",
    "StreamInterrupted",
    "MisuseError",
    "__version__",
}
# What needs more than msgspec: the adapters import a client each, and panels imports rich. __main__ runs the command.
MODULES = [
    module.name
    for module in pkgutil.walk_packages(sse_events.__path__, "sse_events.")
    if not module.name.startswith("sse_events.adapters.")
    and module.name not in ("sse_events.__main__", "sse_events.cli.panels")
]


def test_the_version_is_that_of_the_project() -> None:
    project = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    assert re.findall(r'^version = "(.*)"$', project, re.MULTILINE) == [sse_events.__version__]


def test_core_exports() -> None:
    assert set(sse_events.__all__) == CORE


@pytest.mark.parametrize("package", [sse_events, sse_events.chat], ids=["sse_events", "sse_events.chat"])
def test_every_exported_name_is_there_and_documented(package: object) -> None:
    for name in package.__all__:  # type: ignore[attr-defined]
        value = getattr(package, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert inspect.getdoc(value), name


def test_chat_exports_its_vocabulary() -> None:
    """Everything that a `match` over StreamEvent needs is one import away."""
    names = {member.__name__ for member in get_args(sse_events.chat.StreamEvent)}
    others = {"StreamEvent", "Usage", "DialectName", "Status", "FinishReason", "ErrorKind"}
    others |= {"ChatStream", "Message", "ToolCall", "collect", "acollect", "Timing"}
    assert names | others <= set(sse_events.chat.__all__)


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_exports_is_there(name: str) -> None:
    """Completion shows `__all__`; a module that has none shows what it imports as well."""
    module = importlib.import_module(name)
    assert all(hasattr(module, exported) for exported in getattr(module, "__all__", []))


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name: str) -> None:
    module = importlib.import_module(name)
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0

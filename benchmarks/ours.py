"""This library in the race: the imported package, and the one in a compiled wheel."""

from __future__ import annotations

import importlib
import sys
import zipfile
from pathlib import Path
from typing import Any, NamedTuple


class Ours(NamedTuple):
    """One build of the package.

    Attributes:
        name: What it is called in the tables.
        parser: Its ``Parser``.
        chat_stream: Its ``ChatStream``.
        token: Its ``Token``.
    """

    name: str
    parser: Any
    chat_stream: Any
    token: Any


def imported() -> Ours:
    """The package that ``import sse_events`` finds."""
    parser = importlib.import_module("sse_events.parser")
    chat = importlib.import_module("sse_events.chat")
    compiled = not str(parser.__file__).endswith(".py")
    return Ours("sse_events compiled" if compiled else "sse_events", parser.Parser, chat.ChatStream, chat.Token)


def from_wheel(wheel: Path, folder: Path) -> Ours:
    """The package in `wheel`, unpacked in `folder`, beside the one that is already imported."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    aside = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "sse_events"}
    for name in aside:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    try:
        return imported()
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.split(".")[0] == "sse_events"]:
            del sys.modules[name]
        sys.modules.update(aside)

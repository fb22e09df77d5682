"""The clients that the adapters know, none of which is imported here."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Protocol

__all__ = ["SentRequest", "package_of", "require"]


class SentRequest(Protocol):
    """What every client's record of a sent request has."""

    @property
    def method(self) -> str | None:
        """The method."""

    @property
    def headers(self) -> Mapping[str, Any]:
        """The headers; their names are looked up in any case."""


def require(extra: str, *packages: str) -> None:
    """Check that one of `packages` is installed, without importing it.

    Raises:
        ImportError: None is. The message names the extra that installs one.
    """
    if not any(find_spec(package) for package in packages):
        raise ImportError(
            f'sse_events.adapters.{extra} needs {" or ".join(packages)}: pip install "sse_events[{extra}]"',
            name=packages[0],
        )


def package_of(client: object, *packages: str) -> ModuleType:
    """The one of `packages` that `client`'s class, or one of its bases, comes from.

    Raises:
        TypeError: It comes from none of them.
    """
    for base in type(client).__mro__:
        package = base.__module__.partition(".")[0]
        if package in packages:
            return sys.modules[package]
    raise TypeError(f"expected an object of {' or '.join(packages)}, not {client!r}")

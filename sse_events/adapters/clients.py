"""The clients that the adapters know, and the error messages for all other objects. No client is imported here."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from types import MappingProxyType, ModuleType
from typing import Any, Protocol

from sse_events.mistakes import described

__all__ = ["SentRequest", "check_response", "client_package", "package_of", "require"]

# The adapters, and the packages that each is for.
_PACKAGES = MappingProxyType(
    {"httpx": ("httpx", "httpx2"), "aiohttp": ("aiohttp",), "requests": ("requests", "niquests")}
)


class SentRequest(Protocol):
    """The attributes that a sent request has in every client."""

    @property
    def url(self) -> object:
        """The address, as text or as the client's own type."""

    @property
    def method(self) -> str | None:
        """The method."""

    @property
    def headers(self) -> Mapping[str, Any]:
        """The headers; their names are looked up in any case."""


def require(adapter: str) -> None:
    """Check that a client of `adapter` is installed, without importing it.

    Raises:
        ImportError: No client is installed. The message names the extra that installs one.
    """
    packages = _PACKAGES[adapter]
    if not any(find_spec(package) for package in packages):
        raise ImportError(
            f'sse_events.adapters.{adapter} needs {" or ".join(packages)}: pip install "sse_events[{adapter}]"',
            name=packages[0],
        )


def package_of(value: object) -> str:
    """The package of a client that the class of `value`, or one of its bases, comes from; ``""`` if there is none."""
    known = {package for packages in _PACKAGES.values() for package in packages}
    packages = [base.__module__.partition(".")[0] for base in type(value).__mro__]
    return next((package for package in packages if package in known), "")


def client_package(client: object, adapter: str, *, asynchronous: bool) -> ModuleType:
    """The package that `client` comes from.

    Raises:
        TypeError: It is not a client of `adapter`, or it is asynchronous where a blocking one is needed, or vice versa.
    """
    package = package_of(client)
    request = getattr(type(client), "request", None)  # a method on every client, a property on a response
    if package not in _PACKAGES[adapter] or not callable(request):
        raise TypeError(
            f"client must be a client of {_named(adapter)}, not {described(client)}{_hint(client, adapter)}"
        )
    # aiohttp has only one kind of client, whose request() returns what can be awaited.
    if package != "aiohttp" and inspect.iscoroutinefunction(request) is not asynchronous:
        found, remedy = ("blocking", "use EventSource") if asynchronous else ("asynchronous", "use AsyncEventSource")
        if package == "niquests":
            remedy = "use niquests.Session"
        raise TypeError(f"client is {found}: {described(client)}; {remedy}")
    return sys.modules[package]


def check_response(response: object, adapter: str, reads_with: str, *, wanted_from: str) -> None:
    """Check that `response` can be read by `adapter`.

    Args:
        response: What the caller passed.
        adapter: The name of the adapter.
        reads_with: An attribute that its clients' responses have.
        wanted_from: How a response is made, for the message.

    Raises:
        TypeError: It is something else. The message says what to do.
    """
    if not hasattr(response, reads_with):
        raise TypeError(
            f"response must be a response of {_named(adapter)} ({wanted_from}), not {described(response)}"
            f"{_hint(response, adapter)}"
        )


def _named(adapter: str) -> str:
    return " or ".join(_PACKAGES[adapter])


def _hint(value: object, adapter: str) -> str:
    package = package_of(value)
    others = [other for other, packages in _PACKAGES.items() if package in packages and other != adapter]
    return f": import from sse_events.adapters.{others[0]}" if others else ""

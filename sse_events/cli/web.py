"""A URL as input, with httpx (or httpx2)."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Generator
from importlib import import_module
from time import monotonic
from typing import Any

from msgspec import Struct

from sse_events.cli.errors import MISUSE, CommandError
from sse_events.cli.recognise import describe
from sse_events.cli.recording import Arrival
from sse_events.cli.source import HEAD_BYTES, Source

_CONNECT_SECONDS = 10.0  # the answer itself may take any time: models think for minutes
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


class Request(Struct, frozen=True):
    """The request that is sent to a URL.

    Attributes:
        method: The HTTP method.
        headers: The headers.
        body: The body, or None.
    """

    method: str
    headers: dict[str, str]
    body: bytes | None


def add_request_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is sent to a URL."""
    group = parser.add_argument_group("if FILE is a URL (extra: httpx)")
    group.add_argument(
        "-H",
        "--header",
        action="append",
        default=[],
        metavar="LINE",
        help="a header such as 'Authorization: Bearer $KEY': $NAME is read from the environment, and a value @FILE "
        "from a file, so that no secret stands in the list of processes",
    )
    group.add_argument(
        "-d", "--data", metavar="DATA", help="POST this body, or the content of @FILE; JSON unless -H says otherwise"
    )
    group.add_argument("-X", "--method", metavar="NAME", help="the HTTP method")


def request(arguments: argparse.Namespace) -> Request:
    """The request that the arguments describe.

    Raises:
        CommandError: A file cannot be read, a variable is not set, or a header has no colon.
    """
    body = None
    if arguments.data is not None:
        body = _read(arguments.data[1:]) if arguments.data.startswith("@") else arguments.data.encode()
    headers = {"Accept": "text/event-stream"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    if last_id := getattr(arguments, "last_id", ""):
        headers["Last-Event-ID"] = last_id
    for line in arguments.header:
        name, colon, value = line.partition(":")
        if not colon:
            raise CommandError("-H: a header is NAME: VALUE", MISUSE)  # without the text, which may be a secret
        headers = {key: old for key, old in headers.items() if key.lower() != name.strip().lower()}
        headers[name.strip()] = _value(value.strip())
    return Request(arguments.method or ("GET" if body is None else "POST"), headers, body)


def _value(text: str) -> str:
    if text.startswith("@"):
        return _read(text[1:]).decode("utf-8", "replace").strip()

    def variable(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        if name not in os.environ:
            raise CommandError(f"-H: the environment has no {name}", MISUSE)
        return os.environ[name]

    return _VARIABLE.sub(variable, text)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", MISUSE) from None


def httpx() -> Any:
    """The module httpx, or httpx2.

    Raises:
        CommandError: Neither is installed.
    """
    for name in ("httpx", "httpx2"):
        try:
            return import_module(name)
        except ImportError:
            continue
    raise CommandError("reading a URL needs httpx: pip install 'sse_events[httpx]'", MISUSE)


def client() -> Any:
    """A client that follows redirects, and waits for an answer without a limit."""
    module = httpx()
    return module.Client(timeout=module.Timeout(None, connect=_CONNECT_SECONDS), follow_redirects=True)


class UrlSource(Source):
    """The body of a response.

    Args:
        url: The address.
        arguments: What is sent there.

    Raises:
        CommandError: The client is not installed, or the arguments do not make a request.
    """

    def __init__(self, url: str, arguments: argparse.Namespace) -> None:
        self._request = request(arguments)
        self._client = client()
        self._bytes = self._read()
        self._is_over = False
        super().__init__(url, self._bytes, live=True, entry=arguments.entry)

    def stop_when_silent(self, finished: bool) -> None:
        """After an answer, end at once. A response holds one answer, and a server may keep the connection open."""
        self._is_over = finished

    def close(self) -> None:
        """Close the connection."""
        self._bytes.close()
        self._client.close()

    def _read(self) -> Generator[Arrival, None, None]:
        module, sent = httpx(), self._request
        try:
            started = monotonic()
            with self._client.stream(sent.method, self.name, headers=sent.headers, content=sent.body) as response:
                self.content_type: str | None = response.headers.get("Content-Type", "")
                if response.status_code != 200:
                    raise CommandError(refusal(self.name, response.status_code, response.iter_bytes()))
                for chunk in response.iter_bytes():
                    yield monotonic() - started, chunk
                    if self._is_over:
                        return
        except (module.HTTPError, module.InvalidURL, UnicodeEncodeError) as error:
            raise CommandError(f"{self.name}: {str(error) or type(error).__name__}") from None


def refusal(url: str, status: int, chunks: Any) -> str:
    """Why a response is not an event stream: its status, and what its body says."""
    body = b""
    for chunk in chunks:
        body += chunk
        if len(body) >= HEAD_BYTES:
            break
    said = describe(body[:HEAD_BYTES]).partition(", not an event stream: ")[2]
    return f"{url} answered with status {status}" + (f": {said}" if said else "")

"""``sse-events events URL --reconnect``: the events of an address, connection after connection."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from typing import Any

from sse_events.cli.errors import CommandError
from sse_events.cli.output import complain
from sse_events.cli.web import client, httpx, request
from sse_events.errors import ResponseError
from sse_events.parser import Parser, WireParser
from sse_events.reconnect import Change, State


def events(url: str, arguments: argparse.Namespace) -> Iterator[Any]:
    """The events of `url`, as they arrive. Each change of the connection is a line on standard error.

    Raises:
        CommandError: The request cannot be made.
        SSEError: The server refused for good, or the policy gave up.
    """
    module = httpx()
    from sse_events.adapters.httpx import EventSource

    try:
        module.URL(url)
    except module.InvalidURL as error:
        # A source would try again for ever.
        raise CommandError(f"{url}: {error}") from None
    sent = request(arguments)
    headers = {name: value for name, value in sent.headers.items() if name != "Last-Event-ID"}
    with client() as http:
        source: Iterable[Any] = EventSource(
            http,
            url,
            method=sent.method,
            headers=headers,
            content=sent.body,
            last_event_id=arguments.last_id,
            max_event_bytes=arguments.max_event_bytes,
            parser=WireParser if arguments.comments else Parser,
            on_change=lambda change: complain(f"{url}: {_described(change)}"),
        )
        yield from source


def _described(change: Change) -> str:
    if change.state is State.WAITING:
        return f"waiting {change.delay:.1f} s before attempt {change.attempt + 1}: {_reason(change.cause)}"
    if change.state is State.CLOSED:
        return "closed"  # if an error closed it, that error is reported
    return f"{change.state}, attempt {change.attempt}"


def _reason(cause: Exception | None) -> str:
    if cause is None:
        return "the stream ended"
    if isinstance(cause, ResponseError):
        return f"status {cause.status}, {cause.content_type or 'no content type'}"
    return str(cause) or type(cause).__name__

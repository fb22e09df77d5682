"""``sse-events serve``: a provider that answers with recorded streams, for tests of a client."""

from __future__ import annotations

import argparse
import itertools
import threading
from collections.abc import Iterator
from contextlib import closing
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from sse_events.cli.errors import CommandError
from sse_events.cli.inputs import add_arguments, open_source, port, positive, speed
from sse_events.cli.output import complain
from sse_events.cli.replay import wait
from sse_events.parser import Parser

if TYPE_CHECKING:
    from http.server import ThreadingHTTPServer

DESCRIPTION = (
    "Answer every HTTP request with the next of the given streams, as a provider would: a recording at its own pace, "
    "any other stream at once. After the last one the first one comes again."
)
EPILOG = "Ctrl-C ends the server. It listens on this machine only, unless --host says otherwise."

_STATUS_BODY = b'{"error": {"message": "sse-events serve --status", "type": "server_error"}}'


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subcommand."""
    add_arguments(parser)
    parser.add_argument("--host", default="127.0.0.1", metavar="NAME", help="where to listen; 127.0.0.1 by default")
    parser.add_argument("--port", type=port, default=8000, metavar="N", help="8000 by default; 0 takes a free one")
    parser.add_argument("--speed", type=speed, default=1.0, metavar="N", help="play recordings N times as fast")
    parser.add_argument("--cut-after", type=positive, metavar="N", help="drop the connection after N events")
    parser.add_argument("--stall", type=float, default=0.0, metavar="S", help="wait S seconds before the last event")
    parser.add_argument("--status", type=int, default=200, metavar="N", help="answer with this status and a JSON error")


def validate(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Refuse what cannot be served."""
    if "-" in arguments.files and arguments.status == 200:
        parser.error("serve needs a FILE, which it reads once for each request")


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    for path in arguments.files:
        if arguments.status == 200:
            open_source(path, arguments).close()
    try:
        server = make_server(arguments)
    except OSError as error:
        raise CommandError(f"{arguments.host}:{arguments.port}: {error.strerror}", 2) from None
    with server:
        host, number = server.server_address[:2]
        complain(f"http://{host!s}:{number} answers with {', '.join(arguments.files)}; Ctrl-C ends it")
        server.serve_forever(poll_interval=0.1)
    return 0


def make_server(arguments: argparse.Namespace) -> ThreadingHTTPServer:
    """The server; it listens already.

    Raises:
        OSError: The address cannot be used.
    """
    # Imported late: it takes 20 ms, which the help need not wait for.
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    paths = itertools.cycle(arguments.files)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._answer()

        def _answer(self) -> None:
            with lock:
                path = next(paths)
            self.close_connection = True
            try:
                if arguments.status != 200:
                    self._head("application/json", len(_STATUS_BODY))
                    self.wfile.write(_STATUS_BODY)
                    return
                self._head("text/event-stream", None)
                for chunk in pieces(path, arguments):
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
                    self.wfile.flush()
                if arguments.cut_after is None:
                    self.wfile.write(b"0\r\n\r\n")
            except (OSError, CommandError) as error:
                complain(f"{path}: {getattr(error, 'strerror', None) or error}")

        def _head(self, content_type: str, length: int | None) -> None:
            self.send_response(arguments.status)
            self.send_header("Content-Type", content_type)
            if length is None:
                self.send_header("Transfer-Encoding", "chunked")
                self.send_header("Cache-Control", "no-store")
            else:
                self.send_header("Content-Length", str(length))
            self.send_header("Connection", "close")
            self.end_headers()

        def log_message(self, format: str, *values: Any) -> None:
            complain(f"{self.client_address[0]} {format % values}")

    server = ThreadingHTTPServer((arguments.host, arguments.port), Handler)
    server.daemon_threads = True
    return server


def pieces(path: str, arguments: argparse.Namespace) -> Iterator[bytes]:
    """The chunks of one answer, each at its time, as `--cut-after` and `--stall` change them."""
    with closing(open_source(path, arguments)) as source:
        started = monotonic()

        def paced() -> Iterator[bytes]:
            for chunk in source:
                if source.is_recording:
                    wait(started + source.at / arguments.speed)
                yield chunk

        if arguments.cut_after is None and not arguments.stall:
            yield from paced()
            return
        # Cutting and stalling need to know where events end: bytes are sent event by event.
        last = b""
        for number, piece in enumerate(events_of(paced()), 1):
            if last:
                yield last
            last = piece
            if number == arguments.cut_after:
                break
        if arguments.stall:
            sleep(arguments.stall)
        yield last


def events_of(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes of a stream, cut after each event."""
    parser = Parser(max_event_bytes=None)
    piece = bytearray()
    for chunk in chunks:
        for line in chunk.splitlines(keepends=True):
            piece += line
            if parser.feed(line):
                yield bytes(piece)
                piece.clear()
    if piece:
        yield bytes(piece)

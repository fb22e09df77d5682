"""``sse-events serve``: a provider that answers with recorded streams, for tests of a client."""

from __future__ import annotations

import argparse
import itertools
import re
import threading
from typing import TYPE_CHECKING, Any

from sse_events.cli.errors import CommandError
from sse_events.cli.inputs import add_arguments, error_status, open_source, port, positive, seconds, speed
from sse_events.cli.output import complain, json_lines, write

if TYPE_CHECKING:
    from http.server import ThreadingHTTPServer

DESCRIPTION = (
    "Answer every HTTP request with the next of the given streams, as a provider would: a recording at its own pace, "
    "any other stream at once. After the last one the first one comes again. At the API of another dialect, and for a "
    "request without `stream`, the fake provider of sse_events.testing writes the same answer in that form."
)
EPILOG = "Ctrl-C ends the server. It listens on this machine only, unless --host says otherwise."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subcommand."""
    add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="write the address and each request as one JSON line")
    parser.add_argument("--host", default="127.0.0.1", metavar="NAME", help="where to listen; 127.0.0.1 by default")
    parser.add_argument("--port", type=port, default=8000, metavar="N", help="8000 by default; 0 takes a free one")
    parser.add_argument("--speed", type=speed, default=1.0, metavar="N", help="play recordings N times as fast")
    parser.add_argument("--cut-after", type=positive, metavar="N", help="drop the connection after N events")
    parser.add_argument("--stall", type=seconds, default=0.0, metavar="S", help="wait S seconds before the last event")
    parser.add_argument(
        "--status", type=error_status, default=200, metavar="N", help="refuse with this status, from 400"
    )


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
        url = f"http://{host!s}:{number}"
        if arguments.json:
            write(json_lines([{"url": url, "files": arguments.files}]))
        else:
            complain(f"{url} answers with {', '.join(arguments.files)}; Ctrl-C ends it")
        server.serve_forever(poll_interval=0.1)
    return 0


def make_server(arguments: argparse.Namespace) -> ThreadingHTTPServer:
    """The server; it listens already.

    Raises:
        OSError: The address cannot be used.
    """
    # Imported late: it takes 50 ms, which the help need not wait for.
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    from sse_events.cli.playback import Reply, reply
    from sse_events.testing.provider import Request, read_request

    paths = itertools.cycle(arguments.files)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length") or "0"
            # http.server does not decode a chunked body. Eight digits are more than any request has.
            if "Transfer-Encoding" in self.headers or not re.fullmatch("[0-9]{1,8}", length):
                self.close_connection = True
                self.send_error(411, "the body needs a Content-Length of at most 8 digits")
                return
            self._answer(self.rfile.read(int(length)))

        def _answer(self, body: bytes) -> None:
            with lock:
                path = next(paths)
            self.close_connection = True
            request = read_request(self.command, self.path, self.headers.items(), body)
            try:
                answer = reply(path, request, self.path, arguments)
                self._log(path, request, answer)
                self._send(answer)
            except (OSError, CommandError) as error:
                complain(f"{path}: {getattr(error, 'strerror', None) or error}")

        def _send(self, answer: Reply) -> None:
            self.send_response(answer.status)
            for name, value in {**answer.headers, "transfer-encoding": "chunked", "connection": "close"}.items():
                self.send_header(name, value)
            self.end_headers()
            for chunk in answer.chunks:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
                self.wfile.flush()
            if not answer.broken:
                self.wfile.write(b"0\r\n\r\n")

        def _log(self, path: str, request: Request, answer: Reply) -> None:
            # Without the query, where Gemini's clients put the key.
            if arguments.json:
                line = {"method": request.method, "path": request.path, "status": answer.status, "file": path}
                write(json_lines([line]))
            else:
                complain(f"{request.method} {request.path}: status {answer.status}, {path}")

        def log_request(self, *_: object) -> None:
            """Do nothing: `_log` writes more."""

        def log_message(self, format: str, *values: Any) -> None:
            complain(f"{self.client_address[0]} {format % values}")

    server = ThreadingHTTPServer((arguments.host, arguments.port), Handler)
    server.daemon_threads = True
    return server

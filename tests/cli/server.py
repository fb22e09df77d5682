"""A server on the loopback interface that answers every request in the same way."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.cli.streams import DONE, chunk

STREAM = chunk(content="Hi", finish="stop") + DONE


class Server(ThreadingHTTPServer):
    daemon_threads = True
    status = 200
    content_type = "text/event-stream"
    body = STREAM
    promised = 0  # bytes that are announced and never sent
    bodies: list[bytes] | None = None  # one for each request; after the last one comes 204
    requests: list[tuple[str, dict[str, str], bytes]]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.requests.append((self.command, {k.lower(): v for k, v in self.headers.items()}, body))
        content, status = self.server.body, self.server.status
        if self.server.bodies is not None:
            content, status = (self.server.bodies.pop(0), status) if self.server.bodies else (b"", 204)
        self.send_response(status)
        self.send_header("Content-Type", self.server.content_type)
        self.send_header("Content-Length", str(len(content) + (self.server.promised if content else 0)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass

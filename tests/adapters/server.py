"""A server on a raw socket: a test says byte by byte what each connection gets, and sees what the client does."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Self

DEADLOCK_SECONDS = 20  # nothing waits this long unless the test has failed

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
STREAM = OK + b"Connection: close\r\n\r\n"  # ends where the connection ends
NO_CONTENT = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


class Connection:
    """One accepted connection, as its script sees it."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._unread = b""
        self.request = b""

    def __getitem__(self, name: str) -> str | None:
        """The value of a request header, None without it. Bytes are read as UTF-8."""
        for line in self.request.split(b"\r\n")[1:]:
            header, _, value = line.partition(b":")
            if header.decode().lower() == name.lower():
                return value.strip(b" \t").decode()
        return None

    @property
    def target(self) -> str:
        """The method and the path."""
        return self.request.partition(b" HTTP/")[0].decode()

    def read_request(self) -> None:
        while b"\r\n\r\n" not in self._unread:
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionError("the client went away without a request")
            self._unread += data
        self.request, _, self._unread = self._unread.partition(b"\r\n\r\n")
        size = int(self["content-length"] or 0)
        while len(self._unread) < size:
            self._unread += self._socket.recv(65536)
        self._unread = self._unread[size:]

    def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self._socket.sendall(piece)

    def reset(self) -> None:
        """End it with RST, as a crashing server does. The client may lose data that it has not read."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def wait_closed(self) -> None:
        """Wait until the client has closed its end."""
        with contextlib.suppress(ConnectionError):
            while self._socket.recv(65536):
                pass


Script = Callable[[Connection], None]


class Server:
    """Runs one script per connection, in order. When all have run, it stops listening."""

    def __init__(self, *scripts: Script) -> None:
        self._scripts = scripts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(DEADLOCK_SECONDS)
        self._thread = threading.Thread(target=self._run)
        self._errors: list[BaseException] = []
        self.done = threading.Event()
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests: list[Connection] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *exc_info: object) -> None:
        self._thread.join(0.0 if kind else None)
        self._listener.close()
        self._thread.join()
        if self._errors and kind is None:
            raise self._errors[0]

    def _run(self) -> None:
        try:
            with self._listener:
                for script in self._scripts:
                    sock, _ = self._listener.accept()
                    sock.settimeout(DEADLOCK_SECONDS)
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    with sock:
                        connection = Connection(sock)
                        connection.read_request()
                        self.requests.append(connection)
                        script(connection)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test's own thread raises it
            self._errors.append(error)
        finally:
            self.done.set()


def sends(*pieces: bytes) -> Script:
    """A script that sends `pieces` and closes."""
    return lambda connection: connection.send(*pieces)


def json_response(status: str, body: bytes, *headers: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


class Framing:
    """One way of marking where a body ends, with or without gzip: `head`, then `pieces`, then `tail`."""

    def __init__(self, name: str, pieces: list[bytes]) -> None:
        kind, _, coding = name.partition("+")
        headers = OK
        if coding == "gzip":
            headers += b"Content-Encoding: gzip\r\n"
            pieces = list(_gzipped(pieces))
        self.tail = b""
        if kind == "chunked":
            headers += b"Transfer-Encoding: chunked\r\n"
            pieces = [chunk(piece) for piece in pieces]
            self.tail = chunk(b"")
        elif kind == "content-length":
            headers += b"Content-Length: %d\r\n" % sum(map(len, pieces))
        self.head = headers + b"Connection: close\r\n\r\n"
        self.pieces = pieces


FRAMINGS = [
    "chunked",
    "content-length",
    "close-delimited",
    "chunked+gzip",
    "content-length+gzip",
    "close-delimited+gzip",
]


def _gzipped(pieces: list[bytes]) -> Iterator[bytes]:
    compressor = zlib.compressobj(wbits=31)
    for piece in pieces[:-1]:
        yield compressor.compress(piece) + compressor.flush(zlib.Z_SYNC_FLUSH)
    yield compressor.compress(pieces[-1]) + compressor.flush()

"""Ways to run the command."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sse_events.cli import main
from tests.cli.server import Handler, Server
from tests.cli.streams import COMMAND, Run


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """A shell starts what runs in the background with SIGINT ignored, and what we start would inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Run:
    """The command in this process: its exit status, standard output and standard error, given a file's bytes."""

    def run(*arguments: str, stream: bytes | None = None) -> tuple[int, str, str]:
        if stream is not None:
            (tmp_path / "stream").write_bytes(stream)
            arguments = (*arguments, str(tmp_path / "stream"))
        try:
            status = main(arguments)
        except SystemExit as exit_:
            assert isinstance(exit_.code, int)
            status = exit_.code
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return run


@pytest.fixture
def replace() -> Iterator[Callable[[int, int], None]]:
    """Puts one descriptor in the place of another until the test is over."""
    saved: list[tuple[int, int]] = []

    def replace(standard: int, descriptor: int) -> None:
        saved.append((standard, os.dup(standard)))
        os.dup2(descriptor, standard)
        os.close(descriptor)

    yield replace
    for standard, copy in saved:
        os.dup2(copy, standard)
        os.close(copy)


@pytest.fixture
def stdin(replace: Callable[[int, int], None]) -> Callable[[bytes], None]:
    """Makes bytes the standard input: a pipe that holds them and ends."""

    def stdin(data: bytes) -> None:
        reader, writer = os.pipe()
        os.write(writer, data)
        os.close(writer)
        replace(0, reader)

    return stdin


@pytest.fixture
def process() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    processes: list[subprocess.Popen[bytes]] = []

    def process(*arguments: str) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        processes.append(subprocess.Popen([*COMMAND, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0))
        return processes[-1]

    yield process
    for each in processes:
        each.kill()
        each.communicate()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.requests = []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def url(server: Server) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/v1"

"""A server for the end-to-end rows, in a separate process: it answers every request with the same event stream.

The path says how the stream is cut: ``/one/...`` sends each event in a separate HTTP chunk, ``/1400/...`` sends chunks
of 1,400 bytes. The answer is written at once, so that only the client's work is timed.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import chat, streams

EVENTS = 2000
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def answer(size_bytes: int | None) -> bytes:
    """The whole response, in HTTP chunks of `size_bytes` or of one event each."""
    chunks = streams.cut(chat.turn("openai", EVENTS).blocks, size_bytes)
    return _HEAD + b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


async def serve() -> None:
    """Print the port, and answer until the process is ended."""
    answers = {b"one": answer(streams.ONE_PER_CHUNK), b"1400": answer(1400)}

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
                await reader.readexactly(int(fields.get(b"content-length", b"0")))
                writer.write(answers[head.split(b"/")[1]])
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(respond, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def running() -> Iterator[str]:
    """The address of a server, as long as the context lasts."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.server"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


if __name__ == "__main__":
    asyncio.run(serve())

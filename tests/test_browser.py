"""What the encoder writes, read back by a real browser: Chromium's EventSource gets the same events as `Parser`.

Run with ``--browser``; Debian's package is installed with ``apt-get install chromium``.
"""

from __future__ import annotations

import json
import os
import queue
import random
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sse_events.encoder import encode, encode_comment, encode_retry
from sse_events.events import Event
from sse_events.parser import Parser

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-sync", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
)
START_SECONDS = 120  # a browser on a busy machine; nothing waits this long unless the test has failed
LAST_ID = "last é 日本"
END = "the end"

# Each event type needs its own listener. "open" and "error" are also what the EventSource itself reports.
PAGE = """<!doctype html><meta charset="utf-8"><script>
const seen = [];
const source = new EventSource("/events");
for (const type of %s) {
    source.addEventListener(type, (event) => {
        if (event instanceof MessageEvent) seen.push([event.data, event.type, event.lastEventId]);
    });
}
source.addEventListener(%s, () => {
    source.close();
    fetch("/seen", {method: "POST", body: JSON.stringify(seen)});
});
</script>"""


def random_events(count: int) -> Iterator[Event]:
    """Seeded: newlines, empty data, every plane of Unicode, and what a parser may take for something else."""
    rng = random.Random(4)
    tricky = " :\t\x01\x0b\x0c\x1c\x85\xa0\u2028\u2029\ufeff\ufffd\U0001f600éß日dataeventidretry0123"

    def text(extra: str = "") -> str:
        letters = [*tricky, *extra, *(chr(rng.choice((rng.randrange(0xE000, 0x110000), rng.randrange(1, 0xD800)))),)]
        return "".join(rng.choices(letters, k=rng.choice((0, 1, 1, 2, 5, 20))))

    for _ in range(count):
        yield Event(
            text(extra="\n\n\r\0"),
            rng.choice(("message", "message", "tick", "open", "error", text().replace("\r", "") or "message")),
            rng.choice(("", "", "7", text().replace("\n", ""))),
            rng.choice((None, None, None, rng.randrange(100_000))),
        )


def random_stream() -> bytes:
    rng = random.Random(5)
    blocks = []
    for event in random_events(400):
        try:
            blocks.append(encode(event))
        except ValueError:
            assert set("\r\n\0") & set(event.event + event.id)
        blocks.append(rng.choice((b"", b"", encode_comment(event.data), encode_retry(rng.randrange(100_000)))))
    # The browser connects again after a millisecond, and sends the last event ID.
    return b"".join([*blocks, encode(Event("x", id=LAST_ID)), encode_retry(1)])


class Site(ThreadingHTTPServer):
    """A page, the events that it listens to, and what it has seen of them."""

    daemon_threads = True

    def __init__(self, page: bytes, streams: list[bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.page = page
        self.streams = iter(streams)
        self.last_event_ids: list[str | None] = []
        self.seen: queue.Queue[Any] = queue.Queue()


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        if self.path == "/":
            self.respond(200, "text/html", self.server.page)
        elif self.path == "/events":
            sent = self.headers["Last-Event-ID"]
            self.server.last_event_ids.append(sent and sent.encode("latin-1").decode())
            self.respond(200, "text/event-stream", next(self.server.streams))
        else:
            self.respond(404, "text/plain", b"")

    def do_POST(self) -> None:
        self.server.seen.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.respond(204, "text/plain", b"")

    def respond(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def browser() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "no Chromium is installed: apt-get install chromium"
    return found


def seen_by(browser: str, profile: Path, site: Site) -> Any:
    """What the page of `site` reports."""
    serving = threading.Thread(target=site.serve_forever, args=(0.01,))
    serving.start()
    url = f"http://127.0.0.1:{site.server_port}/"
    process = subprocess.Popen(
        [browser, *FLAGS, f"--user-data-dir={profile}", url],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return site.seen.get(timeout=START_SECONDS)
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # the group of its own that it was started in, renderers and all
        process.wait()
        site.shutdown()
        serving.join()
        site.server_close()


def test_chromium_reads_what_the_encoder_writes(browser: str, tmp_path: Path) -> None:
    stream = random_stream()
    parser = Parser()
    events = parser.feed(stream)
    assert len(events) > 300
    types = sorted({event.event for event in events})
    page = PAGE % (json.dumps(types), json.dumps(END))
    site = Site(page.encode(), [stream, encode(Event("", event=END))])
    seen = seen_by(browser, tmp_path, site)
    assert seen == [[event.data, event.event, event.id] for event in events]
    assert site.last_event_ids == [None, parser.last_event_id] == [None, LAST_ID]

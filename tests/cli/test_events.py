"""`sse-events events`: what it prints and exits with."""

from __future__ import annotations

import json
import re

from tests.cli.streams import Run


class TestEvents:
    """`sse-events events` writes each Event as one JSON line."""

    STREAM = b": hello\nevent: e\nid: 1\nretry: 5\ndata: a\ndata: b\n\nerror: {}\n\ndata: \xc3\xa9\n\ndata: lost\n"
    EVENTS = (
        '{"data":"a\\nb","event":"e","id":"1","retry":5}',
        '{"data":"é","event":"message","id":"1","retry":null}',
    )

    def test_lines(self, run: Run) -> None:
        assert run("events", stream=self.STREAM) == (0, "\n".join(self.EVENTS) + "\n", "")

    def test_comments(self, run: Run) -> None:
        """Comments and unknown fields come in wire order, each in a shape of its own."""
        first, second = self.EVENTS
        lines = ['{"comment":"hello"}', first, '{"field":"error","value":"{}"}', second]
        assert run("events", "--comments", stream=self.STREAM) == (0, "\n".join(lines) + "\n", "")

    def test_too_large(self, run: Run) -> None:
        """What was complete before the limit is written, then one line says what happened."""
        stream = b"data: a\n\ndata: " + b"x" * (16 * 1024 * 1024 + 1)
        status, out, err = run("events", stream=stream)
        assert (status, json.loads(out)["data"]) == (1, "a")
        assert re.fullmatch(r"sse-events: .*max_event_bytes.*\n", err)

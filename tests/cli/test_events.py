"""`sse-events events`: what it prints and exits with."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.streams import Run


class TestEvents:
    """`sse-events events` writes each Event as one JSON line."""

    STREAM = b": hello\nevent: e\nid: 1\nretry: 5\ndata: a\ndata: b\n\nerror: {}\n\ndata: \xc3\xa9\n\ndata: lost\n"
    EVENTS = (
        '{"data":"a\\nb","event":"e","id":"1","retry":5}',
        '{"data":"é","event":"message","id":"1","retry":null}',
    )

    LOST = "sse-events: the last event has no blank line after it: it is discarded, as the standard says\n"

    def test_lines(self, run: Run) -> None:
        assert run("events", stream=self.STREAM) == (0, "\n".join(self.EVENTS) + "\n", self.LOST)

    def test_comments(self, run: Run) -> None:
        """Comments and unknown fields come in wire order, and each kind has its own shape."""
        first, second = self.EVENTS
        lines = ['{"comment":"hello"}', first, '{"field":"error","value":"{}"}', second]
        assert run("events", "--comments", "--json", stream=self.STREAM) == (0, "\n".join(lines) + "\n", self.LOST)

    def test_too_large(self, run: Run) -> None:
        """What was complete before the limit is written, then one line says what happened."""
        stream = b"data: a\n\ndata: " + b"x" * (16 * 1024 * 1024 + 1)
        status, out, err = run("events", stream=stream)
        assert (status, json.loads(out)["data"]) == (1, "a")
        assert re.fullmatch(r"sse-events: .*max_event_bytes.*: --max-event-bytes raises the limit\n", err)

    def test_too_large_for_one_of_several(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "large").write_bytes(b"data: " + b"x" * 2000)
        status, out, _ = run("events", "--max-event-bytes", "1K", str(tmp_path / "large"), stream=b"data: a\n\n")
        assert (status, json.loads(out)["data"]) == (1, "a")


SELECTIONS = {
    "of a type": (["--type", "b"], "2"),
    "of either type": (["--type", "b", "--type", "message"], "23"),
    "after an ID": (["--last-id", "2"], "3"),
    "after an ID that persists": (["--last-id", "1"], "23"),
    "of a type, after an ID": (["--last-id", "1", "--type", "message"], "3"),
}


class TestSelection:
    STREAM = b"event: a\nid: 1\ndata: 1\n\nevent: b\nid: 2\ndata: 2\n\nid: 3\ndata: 3\n\n"

    @pytest.mark.parametrize(("arguments", "data"), SELECTIONS.values(), ids=SELECTIONS)
    def test_events(self, run: Run, arguments: list[str], data: str) -> None:
        status, out, err = run("events", *arguments, stream=self.STREAM)
        assert (status, err) == (0, "")
        assert "".join(json.loads(line)["data"] for line in out.splitlines()) == data

    def test_id_that_never_comes(self, run: Run) -> None:
        assert run("events", "--last-id", "9", stream=self.STREAM) == (1, "", "sse-events: no event has the ID '9'\n")


FIELDS = {
    "text, as it is": ("a", 'é "x"\n[1]\n'),
    "an item of a list": ("a.0", "1\n"),
    "a member of an object": ("b.c", "null\n"),
    "a number as a name": ("b.0", "true\n"),
}


@pytest.mark.parametrize(("path", "lines"), FIELDS.values(), ids=FIELDS)
def test_field(run: Run, path: str, lines: str) -> None:
    """Events without the field, and without JSON, are left out."""
    stream = 'data: {"a": "é \\"x\\""}\n\ndata: {"a": [1]}\n\ndata: [DONE]\n\ndata: {"b": {"c": null, "0": true}}\n\n'
    assert run("events", "--field", path, stream=stream.encode()) == (0, lines, "")


NOT_A_STREAM = {
    "nothing": (b"", "the input is empty"),
    "an HTML page": (b"<html>", "an HTML page"),
    "a JSON error": (b'{"error": "no"}', "a JSON error, not an event stream: no"),
    "gzip that is cut": (gzip.compress(b"data: a\n\n")[:-4], "the gzip data is cut short"),
}


@pytest.mark.parametrize(("stream", "reason"), NOT_A_STREAM.values(), ids=NOT_A_STREAM)
def test_not_a_stream(run: Run, stream: bytes, reason: str) -> None:
    status, _, err = run("events", stream=stream)
    assert (status, err.count("\n")) == (1, 1)
    assert reason in err


def test_comments_only(run: Run) -> None:
    """A stream without an event is a stream."""
    assert run("events", stream=b": ping\n\n") == (0, "", "")


class TestTime:
    def test_live(self, run: Run, stdin: Callable[[bytes], None]) -> None:
        stdin(b"data: 1\n\ndata: 2\n\n")
        status, out, err = run("events", "--time")
        first, second = map(json.loads, out.splitlines())
        assert (status, err) == (0, "")
        assert first["at"] == first["gap"] == second["at"]
        assert (second["gap"], second["data"]) == (0.0, "2")

    def test_file(self, run: Run) -> None:
        """A file has no times."""
        _, out, err = run("events", "--time", "--comments", stream=b": 1\n\n")
        assert json.loads(out)["comment"] == "1"
        assert "the times are those of reading" in err

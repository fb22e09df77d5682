"""`sse-events check`: what it prints and exits with."""

from __future__ import annotations

import json

import pytest

from sse_events.cli.check import Check
from sse_events.errors import EventTooLarge
from tests.cli.check.streams import OPENAI, without
from tests.cli.streams import Run


def test_clean(run: Run) -> None:
    status, out, err = run("check", stream=b"".join(OPENAI))
    assert (status, out) == (0, "")
    assert err.endswith("stream: a stream of the dialect openai, 5 events, 0 errors, 0 warnings\n")


def test_error(run: Run) -> None:
    """The place, the line, the rule, who suffers, and how to mend it."""
    status, out, err = run("check", stream=b"data: a\n\nData: b\n\n")
    place, quoted, rule, suffers, mend = out.splitlines()
    assert status == 1
    assert place.endswith("/stream:3: error: the field name Data is not in lower case [field-case]")
    assert quoted == "    byte 9: Data: b"
    assert rule.startswith("    rule: Field names are compared literally")
    assert suffers == "    suffers: every client: the line is ignored"
    assert mend == "    mend: write the field name in lower case"
    assert err.endswith("an event stream, 1 event, 1 error, 0 warnings\n")


def test_warning(run: Run) -> None:
    assert run("check", stream=without(OPENAI, 3))[0] == 0


def test_json(run: Run) -> None:
    status, out, err = run("check", "--json", stream=b"data: a\n\nData: b\n\n")
    finding = json.loads(out)
    assert (status, err) == (1, "")
    assert (finding["rule"], finding["severity"], finding["line"], finding["offset"]) == ("field-case", "error", 3, 9)
    assert finding["text"] == "Data: b"
    assert finding.keys() == {"rule", "severity", "detail", "line", "offset", "text", "says", "suffers", "mend"}


def test_repeated_findings(run: Run) -> None:
    """Three of a rule are shown, the first one with its explanation."""
    stream = b"Data: b\n\n" * 5 + b"id: 1\n\n"
    _, out, err = run("check", stream=stream)
    assert out.count("[field-case]") == 3
    assert out.count("mend:") == 1
    assert "not shown: 2 of field-case (--all shows them)" in err
    _, out, err = run("check", "--all", stream=stream)
    assert out.count("[field-case]") == 5
    assert "not shown" not in err


@pytest.mark.parametrize("stream", [b"", b"<html>", b'{"choices": []}'], ids=["nothing", "HTML", "JSON"])
def test_not_a_stream(run: Run, stream: bytes) -> None:
    status, out, err = run("check", stream=stream)
    assert (status, out) == (1, "")
    assert err.startswith("sse-events: the input is ")


def test_endless_line(run: Run) -> None:
    status, _, err = run("check", "--max-event-bytes", "64K", stream=b"data: " + b"x" * 200_000)
    assert (status, "max_event_bytes" in err) == (1, True)


def test_limit() -> None:
    check = Check(max_event_bytes=10)
    check.feed(b"data: ")
    with pytest.raises(EventTooLarge):
        check.feed(b"12345")


def test_named_dialect(run: Run) -> None:
    status, out, _ = run("check", "--dialect", "gemini", stream=b"".join(OPENAI))
    assert status == 1
    assert "[wrong-dialect]" in out

"""HAR files and cassettes: which response is read, and its bytes."""

from __future__ import annotations

import base64
import builtins
import gzip
import json
from contextlib import suppress
from typing import Any

import pytest

from sse_events.cli.cassettes import body, is_cassette
from sse_events.cli.errors import CommandError

STREAM = 'data: {"text": "é"}\r\n\r\n'
BYTES = STREAM.encode()
ENCODED = base64.b64encode(BYTES).decode()


def har(*contents: dict[str, Any]) -> bytes:
    request = {"method": "POST", "url": "https://a.example/v1"}
    entries = [{"request": request, "response": {"status": 200, "content": content}} for content in contents]
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


BODIES = {
    "HAR": har({"text": STREAM}),
    "HAR in base64": har({"text": ENCODED, "encoding": "base64"}),
    "HAR with a byte order mark": b"\xef\xbb\xbf" + har({"text": STREAM}),
    "HAR: the only stream": har({"text": "{}"}, {"text": STREAM}, {}),
    "vcrpy as JSON": json.dumps({"version": 1, "interactions": [{"response": {"body": {"string": STREAM}}}]}).encode(),
    "a body that was escaped": har({"text": STREAM.replace("\r", "\\r").replace("\n", "\\n")}),
    "a body that was escaped, quotes too": har({"text": json.dumps(STREAM, ensure_ascii=False)[1:-1]}),
}


@pytest.mark.parametrize("data", BODIES.values(), ids=BODIES)
def test_body(data: bytes) -> None:
    assert is_cassette(data[:512])
    assert body(data, None) == BYTES


def test_escaped_text_that_is_not_json() -> None:
    assert body(har({"text": r"data: \x\n\n"}), None) == b"data: \\x\n\n"


def test_compressed_body_is_recognised_as_a_stream() -> None:
    packed = gzip.compress(BYTES)
    text = base64.b64encode(packed).decode()
    assert body(har({"text": "no"}, {"text": text, "encoding": "base64"}), None) == packed


def test_entry() -> None:
    data = har({"text": "one"}, {"text": "two"})
    assert [body(data, 1), body(data, 2)] == [b"one", b"two"]


FAULTS = {
    "several streams": (
        har({"text": STREAM}, {"text": "no"}, {"text": STREAM}),
        None,
        r"2 responses are event streams, choose one with --entry: 1: POST https://a.example/v1 \(200\); 3: POST",
    ),
    "many streams": (har(*[{"text": STREAM}] * 9), None, "; …$"),
    "no stream": (
        har({"text": "a"}, {"text": "b"}),
        None,
        "no response is an event stream, choose one with --entry: 1: ",
    ),
    "no response": (har(), None, "holds no response"),
    "no such entry": (har({"text": STREAM}), 2, "--entry 2: there are 1 responses"),
    "HAR that is cut": (har({"text": STREAM})[:-5], None, "not JSON: it may be cut short"),
    "HAR that is not UTF-8": (har({"text": "a"})[:-3] + b"\xff}", None, "not JSON: it may be cut short"),
    "base64 that is not": (har({"text": "é", "encoding": "base64"}), None, "not base64"),
}


@pytest.mark.parametrize(("data", "entry", "reason"), FAULTS.values(), ids=FAULTS)
def test_faults(data: bytes, entry: int | None, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        body(data, entry)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_yaml(name: str, *rest: Any) -> Any:
        if name == "yaml":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_yaml)
    with pytest.raises(CommandError, match=r"pip install 'sse_events\[cli\]'"):
        body(b"interactions:\n- 1\n", None)


ODD = [
    b'{"log": {"entries": 1}}',
    b'{"log": {"entries": [null, {"response": 1}, {"response": {"content": {"text": [1]}}}]}}',
    b'{"interactions": [null, {"response": {"body": 1}}, {"response": {"body": {"string": null}, "status": []}}]}',
    b'{"log": {"entries": [{"response": {"content": {"text": "H4sIAAAA", "encoding": "base64"}}}]}}',
]


@pytest.mark.parametrize("data", ODD, ids=range(len(ODD)))
def test_odd_values(data: bytes) -> None:
    """A cassette of an unknown shape has bodies that are empty, or an error says what is wrong."""
    with suppress(CommandError):
        body(data, None)


@pytest.mark.parametrize("head", [b"data: {}\n\n", b'{"choices": []}', b'{"log": 1}', b"id: 1\n", b"when: x\n"])
def test_not_a_cassette(head: bytes) -> None:
    assert not is_cassette(head)

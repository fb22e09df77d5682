"""Cassettes in YAML."""

from __future__ import annotations

import base64
import json
from contextlib import suppress

import pytest

from sse_events.cli.cassettes import body, is_cassette
from sse_events.cli.errors import CommandError

STREAM = 'data: {"text": "é"}\r\n\r\n'
ENCODED = base64.b64encode(STREAM.encode()).decode()
BODIES = {
    "vcrpy": f"interactions:\n- request: {{method: POST, uri: 'x'}}\n  response:\n    body:\n"
    f"      string: {json.dumps(STREAM)}\n"
    "    status: {code: 200, message: OK}\nversion: 1\n".encode(),
    "vcrpy, binary": f"interactions:\n- response:\n    body:\n      string: !!binary |\n        {ENCODED}\n".encode(),
    "Ruby's VCR": f"---\nhttp_interactions:\n- request:\n    method: post\n  response:\n    body:\n"
    f"      encoding: UTF-8\n      base64_string: |\n        {ENCODED}\n".encode(),
    "httpmock": f"when:\n  path: /v1\nthen:\n  status: 200\n  body: {json.dumps(STREAM)}\n".encode(),
    "httpmock in base64": f"when:\n  path: /v1\nthen:\n  body_base64: {ENCODED}\n".encode(),
}
ODD = [
    b"interactions:\n- 1\n---\n1\n---\n",
    b"when:\n  a\n---\nthen: 1\n",
]


@pytest.mark.parametrize("data", BODIES.values(), ids=BODIES)
def test_body(data: bytes) -> None:
    assert is_cassette(data[:512])
    assert body(data, None) == STREAM.encode()


@pytest.mark.parametrize("data", ODD, ids=range(len(ODD)))
def test_odd_values(data: bytes) -> None:
    with suppress(CommandError):
        body(data, None)


def test_cut() -> None:
    with pytest.raises(CommandError, match="not YAML: it may be cut short"):
        body(b'interactions:\n- "a', None)

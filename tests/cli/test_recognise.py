"""What the command says an input is, and what to do."""

from __future__ import annotations

import pytest

from sse_events.cli.recognise import describe, encoding_fault, is_event_stream

STREAMS = {
    "data": b"data: x",
    "data without a colon": b"\ndata\n",
    "an event": b"event:x\r\n",
    "an ID": b"\rid: 1",
    "a retry": b"retry: 1",
    "a comment": b": hi",
    "an error field": b"error: {}",
    "a byte order mark": b"\xef\xbb\xbfdata: x",
    "after an unknown field": b"{\ndata: x\n",
}
OTHERS = {
    "nothing": (b" \n", "the input is empty"),
    "HTML": (b"<!DOCTYPE html><html><head><title>\n 502 </title>", "an HTML page (502)"),
    "HTML without a title": (b"<html>", "an HTML page, not"),
    "XML": (b"<?xml version='1.0'?><Error/>", "XML or HTML"),
    "binary data": (b"\x89PNG\0", "binary data"),
    "text": (b"Internal Server Error", "text, not an event stream: Internal Server Error"),
    "long text": (b"word " * 100, "…"),
    "an error": (b'{"error": {"message": "bad key"}}', "a JSON error, not an event stream: bad key"),
    "an error in a list": (b'[{"error": {"message": "bad key"}}]', "a JSON error, not an event stream: bad key"),
    "a flat error": (b'{"object": "error", "message": "no"}', "a JSON error, not an event stream: no"),
    "a detail": (b'{"detail": "Not Found"}', "a JSON error, not an event stream: Not Found"),
    "an error without a message": (b'{"error": {"a": 1}}', "the input is JSON, not an event stream"),
    "Chat Completions": (b'{"choices": [{"message": {"content": "Hi"}}]}', '"stream": true'),
    "Messages": (b'{"type": "message", "content": []}', '"stream": true'),
    "Responses": (b'{"object": "response", "output": []}', '"stream": true'),
    "Gemini": (b'{"candidates": []}', "streamGenerateContent?alt=sse"),
    "Gemini without alt=sse": (b'[{"candidates": []}]', "add ?alt=sse"),
    "Interactions": (b'{"object": "interaction", "steps": []}', '"stream": true'),
    "Cohere": (b'{"message": {}, "finish_reason": "COMPLETE"}', '"stream": true'),
    "Ollama": (b'{"message": {}, "done": false}\n{"message": {}, "done": true}\n', "Ollama's own format"),
    "Ollama without stream": (b'{"message": {}, "done": true}', '"stream": true'),
    "this command's output": (b'{"type":"token","text":"a","choice":0}\n{"type":"done"}\n', "chat --json"),
    "JSON lines": (b'{"a": 1}\n{"a": 2}\n', "JSON lines"),
    "broken JSON": (b'{"a": \n', "JSON that is broken or cut"),
    "broken JSON of several lines": (b'{"a": \n1,,\n', "JSON that is broken or cut"),
    "JSON that is not UTF-8": (b'{"\xff": 1}', "JSON that is broken or cut"),
    "other JSON": (b'{"a": 1}', 'the input is JSON, not an event stream: {"a": 1}'),
    "a list": (b"[1]", "the input is JSON, not an event stream: [1]"),
    "deep JSON": (b"[" * 100_000, "JSON that is broken or cut"),
}
ENCODINGS = {
    "UTF-16 with its mark": ("data: x\n".encode("utf-16"), "UTF-16"),
    "UTF-16, big endian": (b"\xfe\xff" + "data".encode("utf-16-be"), "UTF-16"),
    "UTF-16 without a mark": ("data: x\n".encode("utf-16-le"), "UTF-16"),
    "zstd": (b"\x28\xb5\x2f\xfd\0", "zstd"),
    "UTF-8": (b"data: x\n", ""),
    "NULs": (bytes(16), ""),
}


@pytest.mark.parametrize("head", STREAMS.values(), ids=STREAMS)
def test_event_stream(head: bytes) -> None:
    assert is_event_stream(head)
    assert describe(head) == ""


@pytest.mark.parametrize(("head", "said"), OTHERS.values(), ids=OTHERS)
def test_described(head: bytes, said: str) -> None:
    assert not is_event_stream(head)
    assert said in describe(head)


@pytest.mark.parametrize(("head", "said"), ENCODINGS.values(), ids=ENCODINGS)
def test_encoding(head: bytes, said: str) -> None:
    fault = encoding_fault(head)
    assert said in fault if said else fault == ""

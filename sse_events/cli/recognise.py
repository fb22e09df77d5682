"""What an input is if it is not an event stream, and what the user can do."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from sse_events.chat.events import Error
from sse_events.chat.stream import ChatStream

_STANDARD_LINE = re.compile(rb"(?:^|[\r\n])(?:\xef\xbb\xbf)?(?::|(?:data|event|id|retry|error)(?:[:\r\n]|$))")
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_QUOTED_CHARS = 200

ASK_TO_STREAM = 'ask for a stream with "stream": true'


def is_event_stream(head: bytes) -> bool:
    """True if a line of `head` is a comment, or has a field of the standard (or ``error``, which some servers send)."""
    return _STANDARD_LINE.search(head) is not None


def encoding_fault(head: bytes) -> str:
    """Why the bytes of an input cannot be read as they are, with what to do; ``""`` if they can be read."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or _has_alternate_nulls(head):
        return (
            "the input is UTF-16, as PowerShell's > writes it: write the file with `curl -o FILE`, "
            "or convert it with `iconv -f UTF-16 -t UTF-8`"
        )
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return "the input is compressed with zstd: fetch it with `curl --compressed`"
    return ""


def _has_alternate_nulls(head: bytes) -> bool:
    return len(head) >= 8 and (not any(head[1:16:2]) or not any(head[0:16:2])) and any(head[:16])


def describe(head: bytes) -> str:
    """What `head` is if it is not an event stream, and what to do; ``""`` if it is one.

    Args:
        head: The beginning of the input, 64 KiB at most.
    """
    text = head.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        return "the input is empty: `curl -sS` shows why a request failed"
    if is_event_stream(head):
        return ""
    if text.startswith(b"<"):
        return _describe_markup(text)
    if b"\0" in text:
        return "the input is binary data, not an event stream: if the server compresses, `curl --compressed` helps"
    if text[:1] in (b"{", b"["):
        return _describe_json(text)
    return f"the input is text, not an event stream: {_quoted(text)}"


def _describe_markup(text: bytes) -> str:
    title = _TITLE.search(text)
    said = f" ({_quoted(title[1])})" if title else ""
    kind = "an HTML page" if b"<html" in text[:1024].lower() else "XML or HTML"
    return f"the input is {kind}{said}, not an event stream: check the address and the credentials"


def _describe_json(text: bytes) -> str:
    first, *others = text.splitlines()
    value = _decoded(text)
    if value is None and others:
        return _describe_lines(_decoded(first))
    if value is None:
        return "the input is JSON that is broken or cut, not an event stream"
    message = _error_message(text)
    if message:
        return f"the input is a JSON error, not an event stream: {message}"
    if isinstance(value, list) and value and isinstance(value[0], dict) and "candidates" in value[0]:
        return "the input is a JSON array, not an event stream: add ?alt=sse to Gemini's address"
    if isinstance(value, dict) and _is_answer(value):
        hint = "call streamGenerateContent?alt=sse" if "candidates" in value else ASK_TO_STREAM
        return f"the input is a complete answer that was not streamed: {hint}"
    return f"the input is JSON, not an event stream: {_quoted(text)}"


def _describe_lines(value: Any) -> str:
    """What kind of JSON lines they are, by the first line."""
    if isinstance(value, dict) and "done" in value and ("message" in value or "response" in value):
        return "the input is Ollama's own format (JSON lines), not an event stream: ask at /v1/chat/completions"
    if (
        isinstance(value, dict)
        and value.get("type") in ("start", "token", "reasoning")
        and "choice" in value | {"choice": 0}
    ):
        return "the input is the output of `sse-events chat --json`, not an event stream"
    if value is None:
        return "the input is JSON that is broken or cut, not an event stream"
    return "the input is JSON lines, not an event stream: `sed 's/^/data: /;G'` frames each line as an event"


def _is_answer(value: dict[str, Any]) -> bool:
    choices = value.get("choices")
    if isinstance(choices, list):
        return True
    return (
        "candidates" in value
        or (value.get("type") == "message" and "content" in value)
        or (value.get("object") == "response" and "output" in value)
        or ("message" in value and "finish_reason" in value)
        or (value.get("object") == "interaction" or "steps" in value)
        or ("message" in value and "done" in value)
    )


def _error_message(text: bytes) -> str:
    """The provider's message, if the body reports an error in one of the shapes that the chat layer knows."""
    value = _decoded(text)
    items = value if isinstance(value, list) else [value]
    if not any(isinstance(item, dict) and not item.keys().isdisjoint(_ERROR_KEYS) for item in items):
        return ""
    stream = ChatStream()
    events = [*stream.feed(text), *stream.close()]
    messages = [event.message for event in events if isinstance(event, Error) and event.kind == "not_sse"]
    plain = " ".join(text[:_QUOTED_CHARS].decode("utf-8", "replace").split())
    return messages[0] if messages and messages[0] != plain else ""


_ERROR_KEYS = frozenset({"error", "detail", "error_message", "error_type", "code", "message", "base_resp", "success"})


def _decoded(text: bytes) -> Any:
    """The JSON value, or None."""
    try:
        return msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return None


def _quoted(text: bytes) -> str:
    words = " ".join(text[: 4 * _QUOTED_CHARS].decode("utf-8", "replace").split())
    return words if len(words) <= _QUOTED_CHARS else f"{words[:_QUOTED_CHARS]}…"

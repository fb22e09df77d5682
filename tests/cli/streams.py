"""Streams that the tests of the command read, and how to run it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FIXTURE = Path(__file__).parents[1] / "data" / "chat-zai.sse"
COMMAND = [sys.executable, "-m", "sse_events"]
DONE = b"data: [DONE]\n\n"
NO_USAGE = "no usage"


def chunk(*, finish: str | None = None, usage: dict[str, Any] | None = None, index: int = 0, **delta: Any) -> bytes:
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    payload = {"id": "c1", "object": "chat.completion.chunk", "model": "m", "choices": [choice], "usage": usage}
    return b"data: " + json.dumps(payload).encode() + b"\n\n"


def call(index: int, arguments: str, name: str | None = None) -> dict[str, Any]:
    function = {"arguments": arguments} | ({} if name is None else {"name": name})
    return {"index": index, "function": function} | ({} if name is None else {"id": f"call_{index}"})


Run = Callable[..., tuple[int, str, str]]

"""Bytes to standard output and standard error, unbuffered, and text that cannot steer a terminal."""

from __future__ import annotations

import contextlib
import os
import re
import select
from typing import Any

import msgspec

STDIN, STDOUT, STDERR = 0, 1, 2

# C0 controls except tab and line feed are shown as their control pictures. DEL and the C1 controls, which many
# terminals obey like ESC, are shown too.
CONTROL_PICTURES: dict[int, int] = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
}
# JSON allows DEL and C1 controls unescaped, and msgspec does not escape them.
_UNESCAPED_CONTROL = re.compile(rb"\x7f|\xc2[\x80-\x9f]")


def json_line(value: Any) -> bytes:
    """`value` as one JSON line, without a control character in it."""
    try:
        text = msgspec.json.encode(value)
    except UnicodeEncodeError:
        # A lone surrogate: JSON can escape it, and UTF-8 cannot encode it.
        import json

        text = json.dumps(msgspec.to_builtins(value)).encode()
    return _UNESCAPED_CONTROL.sub(lambda found: b"\\u%04x" % ord(found[0].decode()), text) + b"\n"


def one_line(text: str) -> str:
    """`text` on one line, its control characters shown."""
    return " ".join(text.split()).translate(CONTROL_PICTURES)


def complain(text: str) -> None:
    """Write one line to standard error. A closed standard error is ignored."""
    with contextlib.suppress(OSError):
        write(f"sse-events: {one_line(text)}\n".encode("utf-8", "backslashreplace"), STDERR)


def write(data: bytes, descriptor: int = STDOUT) -> None:
    """Write all of `data`, without a buffer.

    ``sys.stdout`` would hold output back, and would fail once more at exit when the reader has gone.
    """
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            # Another program that shares this pipe or terminal made it non-blocking.
            select.select([], [descriptor], [])

"""Write bytes to standard output and standard error without a buffer, and make text safe for a terminal."""

from __future__ import annotations

import contextlib
import os
import re
import select
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

STDIN, STDOUT, STDERR = 0, 1, 2
_USUAL_COLUMNS = 80  # for a terminal that does not report its width

# These characters could control a terminal, so they are made visible. C0 controls, except tab and line feed, become
# their control pictures. DEL and the C1 controls are included, because many terminals obey them like ESC. So are the
# characters that change the direction of text.
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SHOWN: dict[int, str] = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"},
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), "\ufffd"),
    **{code: f"<U+{code:04X}>" for code in _DIRECTIONS},
}
_STEERING = re.compile("[{}]".format("".join(re.escape(chr(code)) for code in _SHOWN)))
# JSON allows these unescaped, and msgspec does not escape them: DEL, C1 controls, changes of direction.
_UNESCAPED = re.compile(rb"\x7f|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]")
_COLOURS = {"red": "\x1b[31m", "green": "\x1b[32m", "yellow": "\x1b[33m"}
before_note: list[Callable[[], object]] = []  # called first by `note`, so that a progress bar clears its line
_ENCODER = msgspec.json.Encoder()


def is_styled(descriptor: int) -> bool:
    """True if `descriptor` is a terminal that may get escape codes: not with NO_COLOR set, or with TERM=dumb."""
    return os.isatty(descriptor) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def shown(text: str) -> str:
    """`text` with control characters and changes of direction made visible."""
    return text.translate(_SHOWN) if _STEERING.search(text) else text


def one_line(text: str) -> str:
    """`text` on one line, with control characters and changes of direction made visible."""
    return shown(" ".join(text.split()))


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "error"), counted(2, "error")
    ('1 error', '2 errors')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def json_lines(values: Sequence[Any]) -> bytes:
    """Each value as one JSON line, without control characters."""
    try:
        text = _ENCODER.encode_lines(values)
    except UnicodeEncodeError:
        # A lone surrogate: JSON can escape it, and UTF-8 cannot encode it.
        import json

        text = b"".join(json.dumps(msgspec.to_builtins(value)).encode() + b"\n" for value in values)
    if b"\x7f" in text or b"\xc2" in text or b"\xe2" in text:
        text = _UNESCAPED.sub(lambda found: b"\\u%04x" % ord(found[0].decode()), text)
    return text


def coloured(text: str, colour: str, descriptor: int) -> str:
    """`text` in `colour` if `descriptor` is a terminal that may get escape codes, else as it is."""
    return f"{_COLOURS[colour]}{text}\x1b[39m" if is_styled(descriptor) else text


def complain(text: str, colour: str = "") -> None:
    """Write one line to standard error, in `colour` on a terminal. A closed standard error is ignored."""
    line = wrapped(f"sse-events: {one_line(text)}", STDERR)
    note(coloured(line, colour, STDERR) if colour else line)


def wrapped(text: str, descriptor: int, indent: str = "  ") -> str:
    """`text` broken at words to the width of the terminal `descriptor`; as it is if that is not a terminal.

    Args:
        text: One line.
        descriptor: Where it is written.
        indent: What the second and later lines begin with.
    """
    if not os.isatty(descriptor):
        return text
    import textwrap

    return textwrap.fill(
        text, max(_columns(descriptor), 20), subsequent_indent=indent, break_on_hyphens=False, break_long_words=False
    )


def _columns(descriptor: int) -> int:
    """The width of a terminal. shutil looks only at standard output, which may go elsewhere."""
    chosen = os.environ.get("COLUMNS", "")
    if chosen.isdecimal():
        return int(chosen)
    with contextlib.suppress(OSError):
        return os.get_terminal_size(descriptor).columns or _USUAL_COLUMNS
    return _USUAL_COLUMNS


def note(text: str) -> None:
    """Write a line to standard error as it is. A closed standard error is ignored."""
    for prepare in before_note:
        prepare()
    with contextlib.suppress(OSError):
        write(f"{text}\n".encode("utf-8", "backslashreplace"), STDERR)


def write(data: bytes, descriptor: int = STDOUT) -> None:
    """Write all of `data`, without a buffer.

    ``sys.stdout`` would delay output. If the reader has gone, it would fail again at exit.
    """
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            # Another program that shares this pipe or terminal made it non-blocking.
            select.select([], [descriptor], [])

"""Data that holds several payloads, because a server frames its stream wrongly.

Only the chat layer reads it: `Parser` obeys the standard.
"""

from __future__ import annotations

import re

from sse_events.chat.json import is_object

_FRAME = re.compile("^data: ?", re.MULTILINE)


def separate_payloads(text: str) -> list[str]:
    """The payloads in data that is not JSON, as broken servers frame them; an empty list if there are none.

    If a server leaves out the blank lines, all its payloads are one event, each on a separate line.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    return lines if all(line.strip() == "[DONE]" or is_object(line) for line in lines) else []


def unframed(text: str) -> str:
    """`text` without ``data:`` at the start of its lines, for servers that frame twice."""
    return _FRAME.sub("", text).strip()

"""Data that holds several payloads, because a server frames its stream wrongly.

Only the chat layer reads it: `Parser` obeys the standard.
"""

from __future__ import annotations

from sse_events.chat.json import is_object


def separate_payloads(text: str) -> list[str]:
    """The payloads in data that is not JSON, as broken servers frame them; an empty list if there are none.

    A server that leaves out the blank lines makes one event of all its payloads, each on a line of its own. A server
    that frames twice begins its data with ``data:`` again.
    """
    lines = [line.removeprefix("data:").strip() for line in text.split("\n")]
    lines = [line for line in lines if line]
    return lines if all(line == "[DONE]" or is_object(line) for line in lines) else []

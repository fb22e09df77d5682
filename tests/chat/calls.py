"""The events of a tool call, for tests that need one."""

from __future__ import annotations

from sse_events.chat import StreamEvent, ToolCallArgs, ToolCallEnd, ToolCallStart


def call(
    index: int = 0,
    arguments: str = "{}",
    *,
    id: str = "a",
    name: str = "f",
    complete: bool = True,
    choice: int = 0,
    custom: bool = False,
) -> list[StreamEvent]:
    """The events of a call from its start to its end."""
    return [
        ToolCallStart(index, id, name, choice, custom),
        ToolCallArgs(index, arguments, choice),
        ToolCallEnd(index, id, name, arguments, complete, choice, custom),
    ]

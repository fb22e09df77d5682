"""Chat Completions, and everything that is compatible with it."""

from sse_events.chat.openai.reader import DIALECT
from sse_events.chat.openai.turn import assistant_turn

__all__ = ["DIALECT", "assistant_turn"]

"""OpenAI's Responses."""

from sse_events.chat.responses.reader import DIALECT
from sse_events.chat.responses.turn import assistant_turn

__all__ = ["DIALECT", "assistant_turn"]

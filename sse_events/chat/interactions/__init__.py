"""Gemini's Interactions."""

from sse_events.chat.interactions.reader import DIALECT
from sse_events.chat.interactions.turn import assistant_turn

__all__ = ["DIALECT", "assistant_turn"]

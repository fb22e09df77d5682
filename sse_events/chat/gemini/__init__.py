"""Gemini's generateContent."""

from sse_events.chat.gemini.reader import DIALECT
from sse_events.chat.gemini.turn import assistant_turn

__all__ = ["DIALECT", "assistant_turn"]

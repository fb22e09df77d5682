"""Cohere's chat, version 2."""

from sse_events.chat.cohere.reader import DIALECT
from sse_events.chat.cohere.turn import assistant_turn

__all__ = ["DIALECT", "assistant_turn"]

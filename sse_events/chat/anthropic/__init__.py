"""Anthropic's Messages."""

from sse_events.chat.anthropic.reader import DIALECT
from sse_events.chat.anthropic.turn import assistant_turn

__all__ = ["DIALECT", "assistant_turn"]

"""Typed chat events from the stream of any major LLM provider."""

from sse_events.chat.encoder import ChatEncoder
from sse_events.chat.events import (
    Citation,
    Done,
    Error,
    Finish,
    Logprobs,
    Raw,
    Reasoning,
    ReasoningSignature,
    Refusal,
    Start,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
    Usage,
)
from sse_events.chat.message import Message, Part, ReasoningPart, RefusalPart, TextPart, ToolCall, collect
from sse_events.chat.stream import ChatStream
from sse_events.chat.transcode import Transcoder, atranscode, keep_alive, transcode

__all__ = [
    "ChatEncoder",
    "ChatStream",
    "Citation",
    "Done",
    "Error",
    "Finish",
    "Logprobs",
    "Message",
    "Part",
    "Raw",
    "Reasoning",
    "ReasoningPart",
    "ReasoningSignature",
    "Refusal",
    "RefusalPart",
    "Start",
    "StreamEvent",
    "TextPart",
    "Token",
    "ToolCall",
    "ToolCallArgs",
    "ToolCallEnd",
    "ToolCallStart",
    "Transcoder",
    "Usage",
    "atranscode",
    "collect",
    "keep_alive",
    "transcode",
]

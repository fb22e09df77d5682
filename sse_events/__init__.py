"""Server-Sent Events without I/O: bytes go in through ``feed()``, typed values come out as a list.

::

                     ┌─ Parser ─┐                          ┌─ Message ─┐
    bytes ──────────▶ Event ──── dialect reader ─▶ StreamEvent ──────▶ Message ──▶ the turn to send back
          └──────────────── ChatStream ──────────┘        │
    bytes ◀────────── encode ◀── dialect writer ◀─────────┘
          └──────────────── ChatEncoder ─────────┘

This module exports the core: the parsers and the values that they return, the encoder, the reconnection machine and the
errors. The chat layer is `sse_events.chat`. Each HTTP client has an adapter, which you import by its own name, such as
``sse_events.adapters.httpx``. The testing kit is `sse_events.testing`. Importing this module imports none of them.
"""

from __future__ import annotations

from sse_events.encoder import encode, encode_comment, encode_retry
from sse_events.errors import EventTooLarge, MisuseError, ProtocolError, ResponseError, SSEError, StreamInterrupted
from sse_events.events import Comment, Event, UnknownField
from sse_events.iterate import Machine, aiter_events, iter_events
from sse_events.parser import Parser, WireParser
from sse_events.reconnect import Reconnect, Reconnection

__version__ = "0.1.0"

__all__ = [
    "Comment",
    "Event",
    "EventTooLarge",
    "Machine",
    "MisuseError",
    "Parser",
    "ProtocolError",
    "Reconnect",
    "Reconnection",
    "ResponseError",
    "SSEError",
    "StreamInterrupted",
    "UnknownField",
    "WireParser",
    "__version__",
    "aiter_events",
    "encode",
    "encode_comment",
    "encode_retry",
    "iter_events",
]

"""The dialects that `ChatStream` reads. A new one is a folder and a line here."""

from __future__ import annotations

from sse_events.chat import anthropic, cohere, gemini, interactions, openai, responses
from sse_events.chat.dialect import Dialect

DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        openai.DIALECT,
        anthropic.DIALECT,
        responses.DIALECT,
        gemini.DIALECT,
        interactions.DIALECT,
        cohere.DIALECT,
    )
}

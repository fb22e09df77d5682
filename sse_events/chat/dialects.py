"""The dialects that `ChatStream` reads. A new one is a folder and a line here."""

from __future__ import annotations

import difflib

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


def unknown_dialect(dialect: object) -> str:
    """What is wrong with a dialect's name, and what was probably meant."""
    near = difflib.get_close_matches(str(dialect), DIALECTS, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"dialect must be 'auto' or one of {', '.join(map(repr, DIALECTS))}, not {dialect!r}{hint}"

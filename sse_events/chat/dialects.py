"""The dialects that `ChatStream` reads. A new one is a folder and a line here."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

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


def unknown_dialect(dialect: object, known: Iterable[str], also: str = "") -> str:
    """What is wrong with a dialect's name, and what was probably meant.

    Args:
        dialect: The name.
        known: The names that there are.
        also: What else may be given, as the message says it.
    """
    names = list(known)
    near = difflib.get_close_matches(str(dialect).lower(), names, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"dialect must be {also}one of {', '.join(map(repr, names))}, not {dialect!r}{hint}"

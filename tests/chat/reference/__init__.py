"""What a whole chat body must yield, read slowly and simply: the reference for `ChatStream`.

The package reads a whole body with the standard library's json. It imports nothing of sse_events, so the two share no
fault. The labels (F1, C3, ...) number the rules that the recorded streams of ``--captures`` come with. Where those
rules leave room, a comment that begins with "Choice:" says what was chosen.

- `summarize` returns the summary that the recorded streams are compared with.
- `judge` returns what the rules say about the completeness of each tool call.
"""

from __future__ import annotations

from tests.chat.reference.anthropic import AnthropicReading
from tests.chat.reference.cohere import CohereReading
from tests.chat.reference.detection import find_dialect
from tests.chat.reference.errors import unframed_error
from tests.chat.reference.framing import Item, frame, is_sse, payloads_of, read_lines
from tests.chat.reference.gemini import GeminiReading
from tests.chat.reference.interactions import InteractionsReading
from tests.chat.reference.openai import OpenAIReading
from tests.chat.reference.reading import KEYS, Judgement, Reading, Summary
from tests.chat.reference.responses import ResponsesReading

__all__ = ["Judgement", "Summary", "frame", "judge", "summarize"]

READINGS: dict[str | None, type[Reading]] = {
    "openai": OpenAIReading,
    "anthropic": AnthropicReading,
    "responses": ResponsesReading,
    "gemini": GeminiReading,
    "interactions": InteractionsReading,
    "cohere": CohereReading,
    None: Reading,
}


def items_of(body: bytes, payload_only: bool) -> list[Item]:
    """F1, F2: the events of the body, or one for each line that is not blank if it has no framing."""
    return [Item("message", line) for line in read_lines(body) if line.strip()] if payload_only else frame(body)


def summarize(body: bytes, payload_only: bool = False) -> Summary:
    """What the stream in `body` must yield; see the rules that come with the recorded streams.

    Args:
        body: The whole body of the response.
        payload_only: It is one JSON payload a line, without any framing (F2).
    """
    if not payload_only and not is_sse(body):
        nothing = Reading(None).summary(0)
        return nothing | {"errors": [{"kind": "not_sse", "message": unframed_error(body)}], "status": "error"}
    items = items_of(body, payload_only)
    dialect = find_dialect(payloads_of(items))
    if dialect == "foreign":
        return dict.fromkeys(KEYS)
    reading = READINGS[dialect](dialect)
    reading.read(payloads_of(items))
    return reading.summary(sum(item.event is not None for item in items))


def judge(body: bytes) -> list[Judgement]:
    """What the rules say of each tool call in `body`, in the order of `summarize`'s ``tool_calls``."""
    payloads = payloads_of(frame(body))
    dialect = find_dialect(payloads)
    if not is_sse(body) or dialect == "foreign":
        return []
    reading = READINGS[dialect](dialect)
    reading.read(payloads)
    return reading.judgements()

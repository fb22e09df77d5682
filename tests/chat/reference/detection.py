"""D0 to D8: the dialect of a body, from its payloads."""

from __future__ import annotations

from tests.chat.reference.errors import payload_errors
from tests.chat.reference.framing import Payload
from tests.chat.reference.leaves import Json, objects, string

ANTHROPIC_TYPES = {  # D2
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
}
COHERE_TYPES = {  # D5
    "message-start",
    "content-start",
    "content-delta",
    "content-end",
    "tool-plan-delta",
    "tool-call-start",
    "tool-call-delta",
    "tool-call-end",
    "citation-start",
    "citation-end",
    "message-end",
}
STEPS = {"step.start", "step.delta", "step.stop"}  # D8


def decides(payload: Json) -> str | None:
    """D0 to D5, D8: the dialect that one payload shows, or None if it shows nothing.

    Choices: "has" means that the key is there, whatever its value; a payload of two shapes goes by the order below.
    """
    if not isinstance(payload, dict):
        return None
    choices = objects(payload.get("choices"))
    kind = string(payload.get("type"))
    name = string(payload.get("object"))
    event_type = string(payload.get("event_type"))
    if name == "text_completion" or any("text" in choice for choice in choices):  # D0
        return "openai"
    if "choices" in payload and (
        name.startswith("chat.completion") or any("delta" in c or "message" in c for c in choices)
    ):  # D1
        return "openai"
    if kind in ANTHROPIC_TYPES:
        return "anthropic"
    if kind.startswith("response."):  # D3
        return "responses"
    if any(key in payload for key in ("candidates", "usageMetadata", "promptFeedback")):  # D4
        return "gemini"
    if kind in COHERE_TYPES:
        return "cohere"
    return "interactions" if event_type.startswith("interaction.") or event_type in STEPS else None


def find_dialect(payloads: list[Payload]) -> str | None:
    """The dialect of a whole body; "foreign" when N1 applies to it."""
    before = []
    for payload in payloads:
        if payload.sentinel:  # D7
            break
        if payload.event is not None:
            before.append(payload)
    for payload in before:
        decided = decides(payload.json)
        if decided is not None:
            return decided
    if any(isinstance(payload.json, dict) and isinstance(payload.json.get("choices"), list) for payload in before):
        return "openai"  # D1
    # N1 and N2. Choice: data which is not JSON, and JSON which is not an object, are foreign; so is a ping.
    return "foreign" if any(not list(payload_errors(payload)) for payload in before) else None

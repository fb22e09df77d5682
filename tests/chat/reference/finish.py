"""X0: what a finish word means."""

from __future__ import annotations

WORDS = {
    "stop": "stop end_turn stop_sequence complete completed eos",
    "length": "length max_tokens model_length model_context_window_exceeded max_output_tokens",
    "tool_calls": "tool_calls tool_use tool_call function_call",
    "content_filter": "content_filter safety recitation blocklist prohibited_content spii language image_safety refusal"
    " sensitive",
    "error": "error network_error insufficient_system_resource malformed_function_call unexpected_tool_call failed",
}
CONTAINED = (
    ("error", "malformed error abort cancel timeout fail"),
    ("content_filter", "filter safety blocked"),
    ("length", "length max_tokens token_limit"),
)


def meaning(raw: str) -> str:
    """The unified reason of a provider's word, before X1 looks at the calls."""
    word = raw.lower()
    for reason, known in WORDS.items():
        if word in known.split():
            return reason
    for reason, parts in CONTAINED:
        if any(part in word for part in parts.split()):
            return reason
    return "other"

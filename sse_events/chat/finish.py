"""Finish words: what a provider's own word for the end of an answer means.

Source: the providers' references, and the words found in recorded streams and public bug reports.
"""

from __future__ import annotations

from sse_events.chat.events import FinishReason

_REASONS: dict[str, FinishReason] = {
    **dict.fromkeys(("stop", "end_turn", "stop_sequence", "complete", "completed", "eos"), "stop"),
    **dict.fromkeys(
        ("length", "max_tokens", "model_length", "model_context_window_exceeded", "max_output_tokens"), "length"
    ),
    **dict.fromkeys(("tool_calls", "tool_use", "tool_call", "function_call"), "tool_calls"),
    **dict.fromkeys(
        ("content_filter", "safety", "recitation", "blocklist", "prohibited_content", "spii", "language"),
        "content_filter",
    ),
    **dict.fromkeys(("image_safety", "refusal", "sensitive"), "content_filter"),
    **dict.fromkeys(("error", "network_error", "insufficient_system_resource"), "error"),
    **dict.fromkeys(("malformed_function_call", "unexpected_tool_call", "failed"), "error"),
}

# With these reasons the last part of the answer may be cut. If it is a call, it is not whole.
CUT: frozenset[FinishReason] = frozenset(("length", "content_filter", "error"))


# Any other word is judged by what it contains: gateways and new models send new words, and a failure that is taken for
# success is the worst outcome. The first entry that the word contains decides.
_PARTS: dict[str, FinishReason] = {
    **dict.fromkeys(("malformed", "error", "abort", "cancel", "timeout", "fail"), "error"),
    **dict.fromkeys(("filter", "safety", "blocked"), "content_filter"),
    **dict.fromkeys(("length", "max_tokens", "token_limit"), "length"),
}


def finish_reason(word: str) -> FinishReason:
    """What a finish word means, whatever its case."""
    word = word.lower()
    known = _REASONS.get(word)
    if known is not None:
        return known
    return next((reason for part, reason in _PARTS.items() if part in word), "other")

"""U1 to U5: the raw fields of usage objects, and the counts that they make."""

from __future__ import annotations

from tests.chat.reference.leaves import Json, integer, members

CACHED = (
    "prompt_tokens_details.cached_tokens",
    "cached_tokens",
    "prompt_cache_hit_tokens",
    "cache_read_input_tokens",
    "input_tokens_details.cached_tokens",
)
CACHE_WRITE = (
    "prompt_tokens_details.cache_write_tokens",
    "input_tokens_details.cache_write_tokens",
    "cache_creation_input_tokens",
)
REASONING = (
    "completion_tokens_details.reasoning_tokens",
    "reasoning_tokens",
    "output_tokens_details.reasoning_tokens",
    "output_tokens_details.thinking_tokens",
)
COMMON_FIELDS = (
    "prompt_tokens",
    "input_tokens",
    "completion_tokens",
    "output_tokens",
    *CACHED,
    *CACHE_WRITE,
    *REASONING,
)
GEMINI_FIELDS = (
    "promptTokenCount",
    "toolUsePromptTokenCount",
    "candidatesTokenCount",
    "thoughtsTokenCount",
    "cachedContentTokenCount",
)
INTERACTIONS_FIELDS = (
    "total_input_tokens",
    "total_tool_use_tokens",
    "total_output_tokens",
    "total_thought_tokens",
    "total_cached_tokens",
)


def pick(usage: Json, paths: tuple[str, ...]) -> dict[str, int]:
    """The integers of one usage object, by path."""
    found = {}
    for path in paths:
        value = usage
        for key in path.split("."):
            value = members(value).get(key)
        number = integer(value)
        if number is not None:
            found[path] = number
    return found


def pick_cohere(usage: Json) -> dict[str, int]:
    """U4."""
    tokens = members(usage).get("tokens")
    pair = pick(tokens, ("input_tokens", "output_tokens"))
    pair = pair or pick(members(usage).get("billed_units"), ("input_tokens", "output_tokens"))
    cached = pick(usage, ("cached_tokens",)) or pick(tokens, ("cached_tokens",))
    return pair | cached | pick(tokens, ("reasoning_tokens",))


def counts(dialect: str | None, raw: dict[str, int]) -> dict[str, int | None]:
    """U1, U3, U5: the sums are made at the end, from the merged fields."""
    if dialect == "gemini":
        # Choice: a sum is of what is there, and null if nothing is.
        return {
            "prompt": total(raw, "promptTokenCount", "toolUsePromptTokenCount"),
            "completion": total(raw, "candidatesTokenCount", "thoughtsTokenCount"),
            "cached": raw.get("cachedContentTokenCount"),
            "cache_write": None,
            "reasoning": raw.get("thoughtsTokenCount"),
        }
    if dialect == "interactions":
        return {
            "prompt": total(raw, "total_input_tokens", "total_tool_use_tokens"),
            "completion": total(raw, "total_output_tokens", "total_thought_tokens"),
            "cached": raw.get("total_cached_tokens"),
            "cache_write": None,
            "reasoning": raw.get("total_thought_tokens"),
        }
    prompt = first(raw, "prompt_tokens", "input_tokens")
    if dialect == "anthropic":
        prompt = raw.get("input_tokens")
        if prompt is not None:
            prompt += raw.get("cache_read_input_tokens", 0) + raw.get("cache_creation_input_tokens", 0)
    return {
        "prompt": prompt,
        "completion": first(raw, "completion_tokens", "output_tokens"),
        "cached": first(raw, *CACHED),
        "cache_write": first(raw, *CACHE_WRITE),
        "reasoning": first(raw, *REASONING),
    }


def total(raw: dict[str, int], *paths: str) -> int | None:
    found = [raw[path] for path in paths if path in raw]
    return sum(found) if found else None


def first(raw: dict[str, int], *paths: str) -> int | None:
    return next((raw[path] for path in paths if path in raw), None)

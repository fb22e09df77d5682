"""The StreamEvent vocabulary: what any provider's stream says, in one set of words.

Every value is a frozen Struct, and `type` is its tag in JSON, in snake case: ``msgspec.json.encode(Token("hi"))`` is
``{"type":"token","text":"hi","choice":0}``. `choice` is the index of the choice (Gemini: candidate) that an event
belongs to. Minor releases may add events and fields, so keep a default arm in a ``match``.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

FinishReason: TypeAlias = Literal["stop", "length", "tool_calls", "content_filter", "error", "other"]
Status: TypeAlias = Literal["complete", "finished", "truncated", "error"]
ErrorKind: TypeAlias = Literal["provider", "malformed_json", "not_sse", "unknown_dialect", "protocol"]
DialectName: TypeAlias = Literal["openai", "anthropic", "responses", "gemini", "interactions", "cohere"]


def _snake_case(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


class _Tagged(msgspec.Struct, frozen=True, tag_field="type", tag=_snake_case):
    """Base of the vocabulary; the subclasses say whether the garbage collector has to know them."""


class Start(_Tagged, frozen=True, gc=False):
    """The response has a name: sent once, the first time that its id or its model is known.

    Attributes:
        id: The provider's id of the response, ``""`` if only the model is known.
        model: The model that answers, ``""`` if only the id is known.
    """

    id: str = ""
    model: str = ""


class Token(_Tagged, frozen=True, gc=False):
    """A piece of visible text, never empty."""

    text: str
    choice: int = 0


class Reasoning(_Tagged, frozen=True, gc=False):
    """A piece of thinking text, never empty. Where a provider sends the same text twice it comes once."""

    text: str
    choice: int = 0


class ReasoningSignature(_Tagged, frozen=True, gc=False):
    """Opaque data that the provider wants back verbatim, with the reasoning before it or with one call.

    Attributes:
        signature: The opaque text.
        redacted: It stands in place of reasoning that is withheld (Anthropic's redacted_thinking, encrypted details).
        id: The id of the item that it belongs to, where the provider names one (Responses), else ``""``.
        call_index: The index of the tool call that it belongs to (Gemini), or None.
    """

    signature: str
    redacted: bool = False
    id: str = ""
    call_index: int | None = None
    choice: int = 0


class Refusal(_Tagged, frozen=True, gc=False):
    """A piece of the text in which the model declines, never empty."""

    text: str
    choice: int = 0


class ToolCallStart(_Tagged, frozen=True, gc=False):
    """A tool call begins. Held back until its name is known or the stream ends.

    Attributes:
        index: The call's position in the message, 0-based and unique, whatever the wire said.
        id: The provider's id of the call, ``""`` if not known by now.
        name: The tool's name.
        custom: The call's input is free text, not JSON (Responses' custom tools, Chat Completions' ``custom``).
    """

    index: int
    id: str
    name: str
    choice: int = 0
    custom: bool = False


class ToolCallArgs(_Tagged, frozen=True, gc=False):
    """A fragment of a call's JSON arguments; the fragments joined are `ToolCallEnd.arguments`."""

    index: int
    args_chunk: str
    choice: int = 0


class ToolCallEnd(_Tagged, frozen=True, gc=False):
    """A tool call is over: one for each ToolCallStart, as soon as it is known whether the call is whole.

    Attributes:
        index: As in ToolCallStart.
        id: The id as last known, ``""`` if the provider never gave one.
        name: The tool's name.
        arguments: All of the arguments' text as it came, never repaired. ``""`` means none were sent.
        complete: It is safe to run: the provider said that this call has ended, it was not cut by length or a
            filter, no data line was malformed since its first delta, and the arguments parse as JSON (``""`` counts
            as ``{}``). Otherwise False, even where the JSON happens to parse.
        custom: As in ToolCallStart.
    """

    index: int
    id: str
    name: str
    arguments: str
    complete: bool
    choice: int = 0
    custom: bool = False


class Citation(_Tagged, frozen=True):
    """A source that the text relies on.

    Attributes:
        url: Its address, ``""`` if it has none.
        title: Its title, ``""`` if it has none.
        text: The cited or the citing passage, whichever the provider gives, ``""`` if neither.
        raw: The provider's own object.
    """

    url: str = ""
    title: str = ""
    text: str = ""
    raw: Any = None
    choice: int = 0


class Logprobs(_Tagged, frozen=True):
    """Log probabilities of the tokens just sent, as the provider has them (OpenAI's ``logprobs.content`` list)."""

    content: list[Any]
    choice: int = 0


class Finish(_Tagged, frozen=True, gc=False):
    """The provider said why the choice ended. Sent again only when the word changes; the last one holds.

    Attributes:
        reason: The word in common terms; ``"stop"`` becomes ``"tool_calls"`` once a tool call was seen.
        raw_reason: The provider's own word.
    """

    reason: FinishReason
    raw_reason: str
    choice: int = 0


class Error(_Tagged, frozen=True, gc=False):
    """Something went wrong in the stream; what was complete before it has been delivered.

    Attributes:
        kind: ``provider``: the provider reported it. ``malformed_json``: a payload was no JSON; the stream goes on.
            ``not_sse``: the body is no event stream. ``unknown_dialect``: no payload was of a known shape.
            ``protocol``: the stream passed a limit.
        message: What the provider said, or what is wrong.
        code: The provider's code, as it sent it.
        raw: The payload's text (of a body that is not SSE its first 64 KiB).
    """

    kind: ErrorKind
    message: str
    code: str | int | None = None
    raw: str = ""


class Raw(_Tagged, frozen=True):
    """The decoded JSON of one payload, for what is not modelled. Only with ``ChatStream(raw=True)``."""

    data: Any


class Usage(msgspec.Struct, frozen=True):
    """Tokens as the provider counted them, None where it never said.

    Inclusive on every dialect: `prompt_tokens` includes cached and cache-written tokens, `completion_tokens` includes
    reasoning.

    Attributes:
        total_tokens: The provider's own total; it is not computed where the provider gives none.
        raw: The provider's usage object, later fields over earlier ones.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None
    total_tokens: int | None = None
    raw: dict[str, Any] = {}


class Done(_Tagged, frozen=True):
    """The stream is over: sent exactly once, last.

    Attributes:
        status: ``complete``: the dialect's terminal signal came. ``finished``: a finish reason came, then the end.
            ``truncated``: neither did. ``error``: an error ended it.
        finish_reason: The reason of the last Finish of choice 0, or None.
        usage: The tokens, whose fields are None where the provider never said.
        malformed: How many payloads could not be read, so that something of the answer is missing.
    """

    status: Status
    finish_reason: FinishReason | None = None
    usage: Usage = Usage()
    malformed: int = 0

    @property
    def ok(self) -> bool:
        """True if the answer ended properly (``complete`` or ``finished``) and no payload was malformed."""
        return self.status in ("complete", "finished") and not self.malformed

    @property
    def prompt_tokens(self) -> int | None:
        """`usage.prompt_tokens`."""
        return self.usage.prompt_tokens

    @property
    def completion_tokens(self) -> int | None:
        """`usage.completion_tokens`."""
        return self.usage.completion_tokens

    @property
    def cached_tokens(self) -> int | None:
        """`usage.cached_tokens`."""
        return self.usage.cached_tokens


StreamEvent: TypeAlias = (
    Start
    | Token
    | Reasoning
    | ReasoningSignature
    | Refusal
    | ToolCallStart
    | ToolCallArgs
    | ToolCallEnd
    | Citation
    | Logprobs
    | Finish
    | Error
    | Raw
    | Done
)

"""The StreamEvent vocabulary: one set of types for the streams of all providers.

Every event is a frozen Struct. In JSON its `type` is the class name in snake case: ``msgspec.json.encode(Token("hi"))``
is ``{"type":"token","text":"hi","choice":0}``. `choice` is the index of the choice (Gemini: candidate) that an event
belongs to. Minor releases may add events and fields, so keep a default arm in a ``match``.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

__all__ = [
    "Citation",
    "DialectName",
    "Done",
    "Error",
    "ErrorKind",
    "Finish",
    "FinishReason",
    "Logprobs",
    "Raw",
    "Reasoning",
    "ReasoningSignature",
    "Refusal",
    "Start",
    "Status",
    "StreamEvent",
    "Token",
    "ToolCallArgs",
    "ToolCallEnd",
    "ToolCallStart",
    "Usage",
]

DialectName: TypeAlias = Literal["openai", "anthropic", "responses", "gemini", "interactions", "cohere"]
"""The dialects by name. ``openai`` is Chat Completions and every API that is compatible with it."""

Status: TypeAlias = Literal["complete", "finished", "truncated", "error"]
"""How a stream ended: see `Done`."""

FinishReason: TypeAlias = Literal["stop", "length", "tool_calls", "content_filter", "error", "other"]
"""Why a choice ended: see `Finish`."""

ErrorKind: TypeAlias = Literal["provider", "malformed_json", "not_sse", "unknown_dialect", "protocol"]
"""What went wrong: see `Error`."""


def _snake_case(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


class _Tagged(msgspec.Struct, frozen=True, tag_field="type", tag=_snake_case):
    """Base of all events. Subclasses that hold no containers set ``gc=False``."""


class Start(_Tagged, frozen=True, gc=False):
    """The id and the model of the response: sent once, as soon as one of them is known.

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
    """A piece of thinking text, never empty. If a provider sends the same text twice, it comes once."""

    text: str
    choice: int = 0


class ReasoningSignature(_Tagged, frozen=True, gc=False):
    """Opaque data that has to be sent back unchanged, with the reasoning before it or with one tool call.

    Attributes:
        signature: The opaque text.
        redacted: It replaces reasoning that the provider withholds (Anthropic's redacted_thinking, encrypted details).
        id: The id of its item, if the provider names one (Responses), else ``""``.
        call_index: The index of the tool call that it belongs to (Gemini), or None.
    """

    signature: str
    redacted: bool = False
    id: str = ""
    call_index: int | None = None
    choice: int = 0


class Refusal(_Tagged, frozen=True, gc=False):
    """A piece of the text of a refusal to answer, never empty."""

    text: str
    choice: int = 0


class ToolCallStart(_Tagged, frozen=True, gc=False):
    """A tool call begins. It is held back until its name is known or the stream ends.

    Attributes:
        index: The call's position in the message: 0-based and unique, whatever index the provider sent.
        id: The provider's id of the call, ``""`` if it is not known yet.
        name: The tool's name.
        custom: The call's input is free text, not JSON (Responses' custom tools, Chat Completions' ``custom``).
    """

    index: int
    id: str
    name: str
    choice: int = 0
    custom: bool = False


class ToolCallArgs(_Tagged, frozen=True, gc=False):
    """A fragment of a call's arguments. All fragments joined are `ToolCallEnd.arguments`."""

    index: int
    args_chunk: str
    choice: int = 0


class ToolCallEnd(_Tagged, frozen=True, gc=False):
    """A tool call ends. It follows each ToolCallStart, as soon as it is known whether the call is complete.

    Attributes:
        index: As in ToolCallStart.
        id: The id as last known, ``""`` if the provider never gave one.
        name: The tool's name.
        arguments: The whole text of the arguments as it arrived, never repaired. ``""`` means that none were sent.
        complete: True if it is safe to run: it has a name, the provider ended it, and no length limit, filter or error
            cut it. Also, no payload was malformed since its first fragment, and its arguments parse as JSON (``""``
            counts as ``{}``, and a custom call's input need not be JSON). Otherwise False, even if the JSON parses.
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
    """A source of the text.

    Attributes:
        url: Its address, ``""`` if it has none.
        title: Its title, ``""`` if it has none.
        text: The cited passage, or the passage that cites it, as the provider sends it. ``""`` if it sends neither.
        raw: The provider's own object.
    """

    url: str = ""
    title: str = ""
    text: str = ""
    raw: Any = None
    choice: int = 0


class Logprobs(_Tagged, frozen=True):
    """Log probabilities of the tokens before it, as the provider sends them (OpenAI's ``logprobs.content`` list)."""

    content: list[Any]
    choice: int = 0


class Finish(_Tagged, frozen=True, gc=False):
    """Why the choice ended, as the provider says. It is sent again only if the word changes; the last one counts.

    Attributes:
        reason: The reason in common words. ``"stop"`` becomes ``"tool_calls"`` if there was a tool call.
        raw_reason: The provider's own word.
    """

    reason: FinishReason
    raw_reason: str
    choice: int = 0


class Error(_Tagged, frozen=True, gc=False):
    """Something went wrong in the stream. Everything complete before it has been returned.

    Attributes:
        kind: ``provider``: the provider reported an error. ``malformed_json``: a payload is not JSON; the stream goes
            on. ``not_sse``: the body is not an event stream. ``unknown_dialect``: no payload belongs to a known
            dialect, or to the one that was named. ``protocol``: the stream passed a limit.
        message: The provider's message, or what is wrong.
        code: The provider's code, as it sent it.
        raw: The payload's text. For a body that is not SSE, its first 64 KiB.
    """

    kind: ErrorKind
    message: str
    code: str | int | None = None
    raw: str = ""


class Raw(_Tagged, frozen=True):
    """The decoded JSON of one payload, for fields that have no event. Only with ``ChatStream(raw=True)``."""

    data: Any


class Usage(msgspec.Struct, frozen=True):
    """Token counts of the provider. A count that it never sent is None.

    In every dialect `prompt_tokens` includes cached and cache-written tokens, and `completion_tokens` reasoning tokens.

    Attributes:
        total_tokens: The provider's own total. It is never computed.
        raw: The provider's usage object. If it sent several, later fields replace earlier ones.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None
    total_tokens: int | None = None
    raw: dict[str, Any] = {}


class Done(_Tagged, frozen=True):
    """The end of the stream: sent exactly once, last.

    Attributes:
        status: ``complete``: the dialect's terminal signal came. ``finished``: a finish reason came, then the end.
            ``truncated``: neither came. ``error``: an error ended the stream.
        finish_reason: The reason of the last Finish of choice 0, or None.
        usage: The token counts.
        malformed: How many payloads could not be read. A part of the answer is missing if it is not 0.
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
"""Any event of a chat stream, for a ``match``:

- `Start`: the response's id and model
- `Token`, `Reasoning`, `Refusal`: text
- `ReasoningSignature`: opaque data to send back
- `ToolCallStart`, `ToolCallArgs`, `ToolCallEnd`: tool calls
- `Citation`, `Logprobs`, `Raw`: what comes with the text
- `Finish`, `Error`, `Done`: why the choice ended, what went wrong, and the end
"""

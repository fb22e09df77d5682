"""The parts of a Message: text, reasoning, refusals and tool calls."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar, overload

import msgspec

from sse_events.chat.json import decode_json
from sse_events.chat.state import State
from sse_events.mistakes import check_type

__all__ = ["Part", "ReasoningPart", "RefusalPart", "TextPart", "ToolCall"]

T = TypeVar("T")


class TextPart(msgspec.Struct, frozen=True, tag="text"):
    """Visible text."""

    text: str


class ReasoningPart(msgspec.Struct, frozen=True, tag="reasoning"):
    """Thinking text, with the signature that has to be sent back with it.

    Attributes:
        text: The thinking, ``""`` if the provider withholds it or sent a signature only.
        signature: The opaque data, ``""`` if there is none.
        redacted: The signature replaces the text.
        id: The provider's id of the item, ``""`` if it has none.
    """

    text: str = ""
    signature: str = ""
    redacted: bool = False
    id: str = ""


class RefusalPart(msgspec.Struct, frozen=True, tag="refusal"):
    """The text of a refusal."""

    text: str


class ToolCall(msgspec.Struct, frozen=True, tag="tool_call"):
    """A tool call, as far as it has arrived.

    Attributes:
        id: The provider's id, ``""`` if it gave none.
        name: The tool's name.
        arguments: The JSON text of the arguments; ``""`` counts as ``{}``. The input of a custom call is free text.
        complete: It is safe to run: see `ToolCallEnd`.
        signature: Opaque data that has to be sent back with the call (Gemini), ``""`` if there is none.
        custom: `arguments` is free text, not JSON: read it as it is, without `parse()`.
    """

    id: str
    name: str
    arguments: str
    complete: bool = False
    signature: str = ""
    custom: bool = False

    @overload
    def parse(self) -> Any: ...

    @overload
    def parse(self, type: type[T]) -> T: ...

    @overload
    def parse(self, type: Any) -> Any: ...

    def parse(self, type: Any = Any) -> Any:
        """The arguments decoded, and validated against `type` if one is given.

        Args:
            type: Anything that ``msgspec.json.decode`` takes: a Struct, a dataclass, a TypedDict, ``dict[str, int]``.

        Raises:
            msgspec.DecodeError: The arguments are not JSON, or not of this type. It is a ValueError.
            TypeError: The call was made by hand with arguments that are not a str.
        """
        check_type("arguments", self.arguments, str, "a str", "use json.dumps(arguments)")
        decoder = msgspec.json.Decoder(type)
        try:
            return decode_json(self.arguments or "{}", decoder.decode, type)
        except msgspec.DecodeError:
            raise
        except (ValueError, RecursionError) as error:
            raise msgspec.DecodeError(f"the arguments are not JSON: {error}") from error

    def parse_input(self) -> dict[str, Any]:
        """The arguments as an object, for providers that take nothing else.

        The input of a custom call, and a value that is not an object, are returned as ``{"input": value}``. Groq sends
        ``null`` for a call without arguments: it is ``{}``.

        Raises:
            msgspec.DecodeError: As in `parse()`.
        """
        value = self.arguments if self.custom else self.parse()
        if value is None:
            return {}
        return value if type(value) is dict else {"input": value}

    def partial(self) -> Any:
        """The value of the arguments so far, to show a call while it streams. Never run a call with it.

        Strings that are cut are included. Each call takes time linear in the arguments so far.

        Raises:
            ImportError: The extra ``sse_events[partial]`` is not installed.
            ValueError: The arguments so far are not the beginning of a JSON value.
        """
        try:
            import jiter
        except ImportError as error:
            raise ImportError("ToolCall.partial() needs jiter: pip install 'sse_events[partial]'") from error
        return jiter.from_json((self.arguments.strip() or "{}").encode(), partial_mode="trailing-strings")


Part: TypeAlias = TextPart | ReasoningPart | RefusalPart | ToolCall


class OpenPart(State):
    """A part that is still growing. Its texts are joined only when read: joining at each event would be quadratic."""

    __slots__ = ("complete", "custom", "id", "kind", "name", "redacted", "signature", "texts")

    def __init__(self, kind: type[Part], *, id: str = "", name: str = "", custom: bool = False) -> None:
        self.kind: type[Part] = kind
        self.texts: list[str] = []
        self.id: str = id
        self.name: str = name
        self.custom: bool = custom
        self.signature: str = ""
        self.redacted: bool = False
        self.complete: bool = False

    def part(self) -> Part:
        """The part so far."""
        text = "".join(self.texts)
        self.texts = [text]
        if self.kind is ToolCall:
            return ToolCall(self.id, self.name, text, self.complete, self.signature, self.custom)
        if self.kind is ReasoningPart:
            return ReasoningPart(text, self.signature, self.redacted, self.id)
        return TextPart(text) if self.kind is TextPart else RefusalPart(text)

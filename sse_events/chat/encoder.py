"""ChatEncoder: StreamEvents to bytes, for the clients of any dialect."""

from __future__ import annotations

import copy
from typing import get_args

from sse_events.chat.answer import Answer
from sse_events.chat.anthropic.writer import AnthropicWriter
from sse_events.chat.cohere.writer import CohereWriter
from sse_events.chat.events import Done, StreamEvent, ToolCallArgs, ToolCallEnd, ToolCallStart
from sse_events.chat.gemini.writer import GeminiWriter
from sse_events.chat.interactions.writer import InteractionsWriter
from sse_events.chat.mistakes import check_choice_of_names
from sse_events.chat.openai.writer import OpenAIWriter
from sse_events.chat.responses.writer import ResponsesWriter
from sse_events.chat.ui.writer import UIWriter
from sse_events.chat.writer import Options, Writer
from sse_events.errors import MisuseError
from sse_events.events import Event
from sse_events.mistakes import check_type, wrong_type

# A new dialect is one folder and one line here.
WRITERS: dict[str, type[Writer]] = {
    "openai": OpenAIWriter,
    "anthropic": AnthropicWriter,
    "responses": ResponsesWriter,
    "gemini": GeminiWriter,
    "interactions": InteractionsWriter,
    "cohere": CohereWriter,
    "ui": UIWriter,
}
_EVENTS: tuple[type, ...] = get_args(StreamEvent)


class ChatEncoder:
    r"""StreamEvents as the bytes that a provider of one dialect would send: the reverse of `ChatStream`.

    Parts are written one after another, with indexes from 0 without gaps, whatever order the events came in. How the
    turn ended is written at Done. A turn that was truncated, failed or had a malformed payload ends with the dialect's
    error, because most clients treat a silent end as success. Text in an event cannot end an event of the stream. The
    same events always make the same bytes. Instances copy and pickle in the middle of a turn.

    Args:
        dialect: ``"openai"``, ``"anthropic"``, ``"responses"``, ``"gemini"``, ``"interactions"``, ``"cohere"`` or
            ``"ui"`` (the UI message stream of Vercel's AI SDK).
        id: The id of the response on the wire. The ids of calls that have none are derived from it.
        model: The model's name on the wire. The id and model of `Start` are not written.
        created: When the response began, in seconds since 1970.
        usage: Whether Chat Completions carry the usage, as with ``stream_options={"include_usage": true}``. The other
            dialects that carry a usage always do.
        prompt_tokens: The size of the prompt for Anthropic's ``message_start``, because the usage is not known yet
            there.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: The dialect is unknown, or `created` is not a time that it can write.

    >>> from sse_events.chat import Token
    >>> encoder = ChatEncoder("ui", id="m1", model="m")
    >>> opening = encoder.encode(Token("Hello"))
    >>> encoder.encode(Token(" world"))
    b'data: {"type":"text-delta","id":"text_0","delta":" world"}\n\n'
    """

    __slots__ = ("_answer", "_calls", "_over", "_writer")

    def __init__(
        self,
        dialect: str,
        *,
        id: str,
        model: str,
        created: int = 0,
        usage: bool = True,
        prompt_tokens: int | None = None,
    ) -> None:
        check_choice_of_names("dialect", dialect, WRITERS)
        check_type("id", id, str, "a str")
        check_type("model", model, str, "a str")
        check_type("created", created, int, "an int of seconds since 1970", "use int(time.time())")
        check_type("usage", usage, bool, "True or False", "the counts come with Done")
        if prompt_tokens is not None:
            check_type("prompt_tokens", prompt_tokens, int, "an int or None")
        self._writer = WRITERS[dialect](Options(id, model, created, usage, prompt_tokens))
        self._answer = Answer(self._writer)
        self._calls: dict[tuple[int, int], bool] = {}  # by choice and index: whether the call has ended
        self._over = False

    def encode(self, event: StreamEvent) -> bytes:
        """The bytes that `event` makes ready to be sent, ``b""`` if there are none yet.

        Raises:
            MisuseError: Done or `close` came before, or the event cannot come now: a call starts twice, or its
                arguments or its end come before its start or after its end. The encoder does not change then.
            TypeError: It is not a StreamEvent.
        """
        if not isinstance(event, _EVENTS):
            remedy = "use sse_events.encode for an Event" if isinstance(event, Event) else ""
            raise wrong_type("event", event, "a StreamEvent, such as Token(text)", remedy)
        if self._over:
            raise MisuseError(f"encode({type(event).__name__}) came after Done or close(): use a new ChatEncoder")
        if isinstance(event, (ToolCallStart, ToolCallArgs, ToolCallEnd)):
            self._check_call(event)
        self._over = isinstance(event, Done)
        self._answer.add(event)
        return self._writer.taken()

    def close(self) -> bytes:
        """The bytes that end the stream: an error if no Done came, ``b""`` otherwise and the second time."""
        return b"" if self._over else self.encode(Done("truncated"))

    @property
    def dropped(self) -> frozenset[str]:
        """The types (``"citation"``) of the events that the dialect could not express so far; final after Done."""
        return frozenset(self._writer.dropped)

    def call_id(self, start: ToolCallStart) -> str:
        """The id of a call that the client sees: the event's, or a derived one if the event has none.

        A gateway needs it to find the call again when the client sends its result. Gemini's clients get no derived ids.

        Raises:
            TypeError: `start` is not a ToolCallStart.
        """
        check_type("start", start, ToolCallStart, "a ToolCallStart")
        return self._writer.call_id(start)

    def _check_call(self, event: ToolCallStart | ToolCallArgs | ToolCallEnd) -> None:
        key = (event.choice, event.index)
        ended = self._calls.get(key)
        name = f"{type(event).__name__} of call {event.index}"
        if isinstance(event, ToolCallStart):
            if ended is not None:
                raise MisuseError(f"{name}: the call has already started")
        elif ended is None:
            raise MisuseError(f"{name}: the call has not started")
        elif ended:
            raise MisuseError(f"{name}: the call has already ended")
        self._calls[key] = isinstance(event, ToolCallEnd)

    def __copy__(self) -> ChatEncoder:
        # A shallow copy would share the state of the turn.
        return copy.deepcopy(self)

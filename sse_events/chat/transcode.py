r"""Transcode the stream of one dialect into another: bytes in, bytes out.

`Transcoder` is the machine, for any HTTP stack. `transcode` and `atranscode` drive one over byte chunks.

>>> upstream = [b'data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"Hi"}}]}\n\n']
>>> written = b"".join(transcode(upstream, to="anthropic", id="msg_1", model="claude"))
>>> print(written.decode().splitlines()[0])
event: message_start

The upstream above ends without a finish reason, so the client gets an error and not a complete answer:

>>> b"event: error" in written, b"event: message_stop" in written
(True, False)
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Generator, Iterable
from typing import TYPE_CHECKING, Literal, TypedDict

from sse_events.chat.encoder import WRITERS, ChatEncoder
from sse_events.chat.events import DialectName, Done, StreamEvent, ToolCallStart
from sse_events.chat.mistakes import check_choice_of_names
from sse_events.chat.stream import ChatStream
from sse_events.encoder import encode_comment
from sse_events.iterate import aiter_events, iter_events
from sse_events.mistakes import check_type, wrong_type
from sse_events.parser import DEFAULT_MAX_EVENT_BYTES

if TYPE_CHECKING:
    from typing_extensions import Unpack

# Anthropic has an event for this. Gemini's SDK raises on everything that is not a data line.
_KEEP_ALIVES = {"anthropic": b'event: ping\ndata: {"type":"ping"}\n\n', "gemini": b""}
_COMMENT = encode_comment("keep-alive")


def keep_alive(dialect: str) -> bytes:
    r"""A block that clients of `dialect` ignore: send it in a silence, so that no proxy closes the connection.

    It may come between any two blocks. It is ``b""`` for Gemini, because Gemini's clients accept only data.

    Raises:
        TypeError: `dialect` is not a str.
        ValueError: It is unknown.

    >>> keep_alive("openai")
    b': keep-alive\n\n'
    """
    check_choice_of_names("dialect", dialect, WRITERS)
    return _KEEP_ALIVES.get(dialect, _COMMENT)


class _Names(TypedDict):
    id: str
    model: str


class TranscoderOptions(_Names, total=False):
    """The keywords of `Transcoder`, for the functions that make one."""

    created: int
    usage: bool
    prompt_tokens: int | None
    dialect: DialectName | Literal["auto"]
    thinking_tags: tuple[str, str] | None
    keep_alives: bool
    on_event: Callable[[StreamEvent], object] | None
    max_event_bytes: int | None


class Transcoder:
    """A dialect's bytes in, another dialect's bytes out: a ``Machine[bytes]``.

    Each ``feed()`` returns at most one chunk: all the blocks that its bytes completed. An upstream that ends early or
    reports an error is written as an error; see `ChatEncoder`.

    Args:
        to: The dialect to write, as for `ChatEncoder`.
        id: The id of the response, as the client sees it.
        model: The model, as the client sees it.
        created: The time of the response in seconds since 1970, for the dialects that carry one.
        usage: Whether Chat Completions carry the usage, as for `ChatEncoder`.
        prompt_tokens: The size of the prompt, for a dialect that says it at the start (Anthropic).
        dialect: The dialect to read, as for `ChatStream`.
        thinking_tags: As for `ChatStream`.
        keep_alives: Answer a chunk that completes nothing for the client with a keep-alive. Comments and pings of the
            upstream then keep the client's connection alive too. While the upstream sends nothing at all, write
            `keep_alive` yourself.
        on_event: Called with each event on its way, for metering: ``message.apply`` of a `Message`, for example.
        max_event_bytes: As for `ChatStream`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `to` or `dialect` is unknown.

    Attributes:
        done: The answer is over. What is fed after that is ignored.
    """

    __slots__ = ("_encoder", "_keep_alive", "_on_event", "_stream", "done")

    def __init__(
        self,
        to: str,
        *,
        id: str,
        model: str,
        created: int = 0,
        usage: bool = True,
        prompt_tokens: int | None = None,
        dialect: DialectName | Literal["auto"] = "auto",
        thinking_tags: tuple[str, str] | None = None,
        keep_alives: bool = False,
        on_event: Callable[[StreamEvent], object] | None = None,
        max_event_bytes: int | None = DEFAULT_MAX_EVENT_BYTES,
    ) -> None:
        check_choice_of_names("to", to, WRITERS)
        check_type("keep_alives", keep_alives, bool, "True or False")
        if on_event is not None and not callable(on_event):
            raise wrong_type("on_event", on_event, "a function of one StreamEvent, or None")
        self._encoder = ChatEncoder(to, id=id, model=model, created=created, usage=usage, prompt_tokens=prompt_tokens)
        self._stream = ChatStream(dialect, choices="all", thinking_tags=thinking_tags, max_event_bytes=max_event_bytes)
        self._keep_alive = keep_alive(to) if keep_alives else b""
        self._on_event = on_event
        self.done: bool = False

    @property
    def dropped(self) -> frozenset[str]:
        """The types of the events that the dialect could not express; see `ChatEncoder`."""
        return self._encoder.dropped

    def call_id(self, start: ToolCallStart) -> str:
        """The id of a call that the client sees; see `ChatEncoder.call_id`."""
        return self._encoder.call_id(start)

    def feed(self, data: bytes | bytearray | memoryview, /) -> list[bytes]:
        """What `data` completed, in one chunk; an empty list if there is nothing to write.

        Raises:
            TypeError: `data` is not bytes-like.
        """
        if self.done:
            return []
        written = self._write(self._stream.feed(data)) or self._keep_alive
        return [written] if written else []

    def close(self) -> list[bytes]:
        """The end of the answer, or an error if the upstream did not end it. The second time it is an empty list."""
        written = self._write(self._stream.close())
        return [written] if written else []

    def _write(self, events: list[StreamEvent]) -> bytes:
        if self._on_event is not None:
            for event in events:
                self._on_event(event)
        self.done = bool(events) and isinstance(events[-1], Done)
        return b"".join([self._encoder.encode(event) for event in events])


def transcode(chunks: Iterable[bytes], to: str, **options: Unpack[TranscoderOptions]) -> Generator[bytes, None, None]:
    """The bytes of `chunks` in another dialect, each event as soon as its last byte arrives.

    What a chunk completed is yielded before the next chunk is asked for. Only what the dialect has to hold back is kept
    in memory. When the source raises, an error event for the client is yielded first; then the exception goes through
    unchanged. When the caller leaves the loop, the source is closed.

    Args:
        chunks: Byte chunks of any size, cut anywhere: the upstream's body.
        to: The dialect to write, as for `Transcoder`.
        **options: The keywords of `Transcoder`. `id` and `model` are required.
    """
    if not hasattr(chunks, "__iter__") and hasattr(chunks, "__aiter__"):
        raise wrong_type("chunks", chunks, "an iterable of bytes", "use atranscode")
    return iter_events(chunks, into=Transcoder(to, **options))


def atranscode(
    chunks: AsyncIterable[bytes], to: str, **options: Unpack[TranscoderOptions]
) -> AsyncGenerator[bytes, None]:
    """`transcode` for an asynchronous source. Cancellation and leaving the loop work as in `aiter_events`."""
    if not hasattr(chunks, "__aiter__") and hasattr(chunks, "__iter__"):
        raise wrong_type("chunks", chunks, "an asynchronous iterable of bytes", "use transcode")
    return aiter_events(chunks, into=Transcoder(to, **options))

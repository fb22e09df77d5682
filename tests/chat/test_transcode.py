"""transcode, atranscode and Transcoder: bytes of one dialect in, bytes of another out."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from sse_events import Parser
from sse_events.chat import (
    ChatStream,
    Done,
    Message,
    StreamEvent,
    Token,
    ToolCallStart,
    Transcoder,
    atranscode,
    collect,
    keep_alive,
    transcode,
)
from sse_events.chat.transcode import TranscoderOptions
from sse_events.testing import assert_chunk_invariant, encode_turn, reasoning, text, tool_call, turn

DATA = Path(__file__).parents[1] / "data" / "chat"
DIALECTS = ["openai", "anthropic", "responses", "gemini", "interactions", "cohere"]
COMMENT = b": still there\n\n"

TURN = turn(reasoning("Think."), text("Let me look."), tool_call("weather", {"city": "Paris"}))


def body(dialect: str) -> bytes:
    return encode_turn(dialect, TURN, id="up-1", model="upm")


def read(written: bytes, dialect: Any) -> Message:
    stream = ChatStream(dialect)
    return collect([*stream.feed(written), *stream.close()])


@pytest.mark.parametrize("to", DIALECTS)
@pytest.mark.parametrize("source", DIALECTS)
def test_every_dialect_to_every_other(source: str, to: str) -> None:
    message = read(b"".join(transcode([body(source)], to, id="gw-1", model="served")), to)
    assert message.status == "complete"
    assert message.text == "Let me look."
    assert message.reasoning == "Think."
    assert [(call.name, call.parse(), call.complete) for call in message.tool_calls] == [
        ("weather", {"city": "Paris"}, True)
    ]
    assert message.finish_reason == "tool_calls"
    assert (message.usage.prompt_tokens, message.usage.completion_tokens) == (10, 20)
    if to != "cohere":
        assert message.model == "served"


def test_options_reach_the_encoder() -> None:
    written = b"".join(transcode([body("openai")], "openai", id="i", model="m", created=1700000000, usage=False))
    assert b'"created":1700000000' in written
    assert b'"prompt_tokens"' not in written
    assert b'"input_tokens":77' in b"".join(
        transcode([body("openai")], "anthropic", id="i", model="m", prompt_tokens=77)
    )


def test_options_reach_the_reader() -> None:
    written = b"".join(transcode([body("openai")], "openai", id="i", model="m", dialect="anthropic"))
    assert read(written, "openai").status == "error"
    written = b"".join(transcode([body("openai")], "openai", id="i", model="m", max_event_bytes=32))
    assert read(written, "openai").status == "error"


def test_the_functions_take_the_keywords_of_the_transcoder() -> None:
    keywords = set(inspect.signature(Transcoder).parameters) - {"to"}
    assert keywords == TranscoderOptions.__required_keys__ | TranscoderOptions.__optional_keys__
    assert TranscoderOptions.__required_keys__ == {"id", "model"}
    with pytest.raises(TypeError, match="unexpected keyword argument 'nosuch'"):
        transcode([], "openai", id="i", model="m", nosuch=1)  # type: ignore[call-arg]


def test_thinking_tags_reach_the_reader() -> None:
    source = encode_turn("openai", turn("<think>Hm.</think>It rains."))
    written = b"".join(transcode([source], "anthropic", id="i", model="m", thinking_tags=("<think>", "</think>")))
    message = read(written, "anthropic")
    assert (message.reasoning, message.text) == ("Hm.", "It rains.")


def test_all_choices_are_transcoded() -> None:
    source = (DATA / "openai_two_choices.sse").read_bytes()
    written = b"".join(transcode([source], "openai", id="i", model="m"))
    for choice in (0, 1):
        assert _choice(written, choice).text == _choice(source, choice).text != ""


def _choice(written: bytes, choice: int) -> Message:
    stream = ChatStream("openai", choices="all")
    return collect([*stream.feed(written), *stream.close()], choice)


def test_each_event_is_written_before_the_next_chunk_is_asked_for() -> None:
    asked = 0

    def chunks() -> Iterator[bytes]:
        nonlocal asked
        for block in body("openai").split(b"\n\n")[:-1]:
            asked += 1
            yield block + b"\n\n"

    seen: dict[str | None, int] = {}
    for written in transcode(chunks(), "anthropic", id="i", model="m"):
        for event in Parser().feed(written):
            seen.setdefault(event.json().get("delta", {}).get("text"), asked)
    # One block for the role, one for the thinking, then the words.
    assert (seen["Let"], seen[" me"], seen[" look."]) == (3, 4, 5)


def test_what_the_last_byte_completes_is_written_with_it() -> None:
    chunk = b'data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"Hi"}}]}\n\n'
    transcoder = Transcoder("gemini", id="i", model="m", dialect="openai")
    for byte in chunk[:-2]:
        assert transcoder.feed(bytes([byte])) == []
    [written] = transcoder.feed(chunk[-2:])
    assert b'"text":"Hi"' in written


def test_memory_stays_flat() -> None:
    """Nothing of what was written is kept: the transcoder's own size does not grow with the answer."""
    import pickle

    transcoder = Transcoder("anthropic", id="i", model="m", dialect="openai")
    chunk = b'data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"' + b"x" * 900 + b'"}}]}\n\n'
    sizes = []
    for _ in range(50):
        transcoder.feed(chunk)
        sizes.append(len(pickle.dumps(transcoder)))
    assert sizes[-1] - sizes[1] < 900


@pytest.mark.parametrize("to", ["openai", "anthropic", "gemini"])
def test_output_does_not_depend_on_the_chunks(to: str) -> None:
    class Joined:
        """A machine that returns everything that was written as one value."""

        def __init__(self) -> None:
            self.transcoder = Transcoder(to, id="i", model="m")
            self.written = b""

        def feed(self, data: bytes | bytearray | memoryview, /) -> list[bytes]:
            self.written += b"".join(self.transcoder.feed(data))
            return []

        def close(self) -> list[bytes]:
            return [self.written + b"".join(self.transcoder.close())]

    assert_chunk_invariant(Joined, body("openai"))


class BrokenError(Exception):
    pass


def broken(head: bytes) -> Iterator[bytes]:
    yield head
    raise BrokenError


@pytest.mark.parametrize("to", DIALECTS)
def test_a_source_that_raises_is_told_to_the_client_first(to: str) -> None:
    written: list[bytes] = []
    with pytest.raises(BrokenError):
        written.extend(transcode(broken(body("openai")[:700]), to, id="i", model="m"))
    message = read(b"".join(written), to)
    assert message.status == "error"
    assert "before the answer was complete" in message.errors[0].message or to == "cohere"


@pytest.mark.parametrize("to", DIALECTS)
def test_a_source_that_ends_early_is_told_to_the_client(to: str) -> None:
    assert read(b"".join(transcode([body("openai")[:700]], to, id="i", model="m")), to).status == "error"


def test_nothing_is_an_error_too() -> None:
    assert read(b"".join(transcode([], "openai", id="i", model="m")), "openai").status == "error"


def test_what_comes_after_the_end_is_ignored() -> None:
    transcoder = Transcoder("openai", id="i", model="m", keep_alives=True)
    transcoder.feed(body("openai"))
    assert transcoder.done
    assert transcoder.feed(COMMENT) == []
    assert transcoder.close() == []


def test_close_twice_is_harmless() -> None:
    transcoder = Transcoder("openai", id="i", model="m")
    assert not transcoder.done
    assert len(transcoder.close()) == 1
    assert transcoder.done
    assert transcoder.close() == []


def test_leaving_closes_the_source() -> None:
    closed = []

    def chunks() -> Iterator[bytes]:
        try:
            yield body("openai")
            yield b""
        finally:
            closed.append(True)

    written = transcode(chunks(), "openai", id="i", model="m")
    next(written)
    written.close()
    assert closed


def test_every_event_can_be_watched() -> None:
    events: list[object] = []
    list(transcode([body("openai")], "anthropic", id="i", model="m", on_event=events.append))
    assert Token("Let") in events
    assert isinstance(events[-1], Done)


def test_dropped_says_what_was_lost() -> None:
    transcoder = Transcoder("anthropic", id="i", model="m")
    transcoder.feed((DATA / "openai_two_choices.sse").read_bytes())
    transcoder.close()
    assert "token" in transcoder.dropped


KEEP_ALIVES = [
    ("openai", b": keep-alive\n\n"),
    ("responses", b": keep-alive\n\n"),
    ("cohere", b": keep-alive\n\n"),
    ("ui", b": keep-alive\n\n"),
    ("anthropic", b'event: ping\ndata: {"type":"ping"}\n\n'),
    ("gemini", b""),
]


@pytest.mark.parametrize(("dialect", "written"), KEEP_ALIVES)
def test_keep_alive_of_each_dialect(dialect: str, written: bytes) -> None:
    assert keep_alive(dialect) == written


@pytest.mark.parametrize(("dialect", "written"), [row for row in KEEP_ALIVES if row[0] != "ui"])
def test_keep_alives_on_request(dialect: str, written: bytes) -> None:
    """A comment of the upstream keeps the client's connection alive too."""
    asked = Transcoder(dialect, id="i", model="m", keep_alives=True)
    unasked = Transcoder(dialect, id="i", model="m")
    assert asked.feed(COMMENT) == ([written] if written else [])
    assert unasked.feed(COMMENT) == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_keep_alives_change_nothing_for_the_reader(dialect: str) -> None:
    pieces = [body("openai")[at : at + 7] for at in range(0, len(body("openai")), 7)]
    kept = b"".join(transcode(pieces, dialect, id="i", model="m", keep_alives=True))
    plain = b"".join(transcode(pieces, dialect, id="i", model="m"))
    assert read(kept, dialect) == read(plain, dialect)


def test_the_client_knows_a_call_by_this_id() -> None:
    """A gateway needs the id to find a call again when its result comes."""
    ids: list[str] = []

    def watch(event: StreamEvent) -> None:
        if isinstance(event, ToolCallStart):
            ids.append(transcoder.call_id(event))

    transcoder = Transcoder("anthropic", id="msg_42", model="m", on_event=watch)
    source = encode_turn("gemini", turn(tool_call("a", id=""), tool_call("b", id="call_b")))
    written = b"".join([*transcoder.feed(source), *transcoder.close()])
    assert ids == [call.id for call in read(written, "anthropic").tool_calls] == ["toolu_42_0_0", "call_b"]


def test_unknown_dialects_are_refused() -> None:
    with pytest.raises(ValueError, match="nosuch"):
        transcode([], "nosuch", id="i", model="m")
    with pytest.raises(ValueError, match="nosuch"):
        transcode([], "openai", id="i", model="m", dialect="nosuch")  # type: ignore[arg-type]


def test_async() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(body("openai")), 50):
            yield body("openai")[at : at + 50]

    async def written() -> bytes:
        return b"".join([part async for part in atranscode(chunks(), "anthropic", id="i", model="m")])

    assert asyncio.run(written()) == b"".join(transcode([body("openai")], "anthropic", id="i", model="m"))


def test_async_source_that_raises() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield body("openai")[:700]
        raise BrokenError

    async def read_all() -> list[bytes]:
        written = []
        with pytest.raises(BrokenError):
            async for part in atranscode(chunks(), "openai", id="i", model="m"):
                written.append(part)
        return written

    assert read(b"".join(asyncio.run(read_all())), "openai").status == "error"

"""A scripted turn as an HTTP answer: its status, its headers and its body."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import msgspec

from sse_events.chat.anthropic.whole import whole_answer as anthropic_answer
from sse_events.chat.cohere.whole import whole_answer as cohere_answer
from sse_events.chat.encoder import ChatEncoder
from sse_events.chat.events import Done, Error, StreamEvent
from sse_events.chat.gemini.whole import whole_answer as gemini_answer
from sse_events.chat.interactions.whole import whole_answer as interactions_answer
from sse_events.chat.openai.whole import whole_answer as openai_answer
from sse_events.chat.responses.whole import whole_answer as responses_answer
from sse_events.parser import Parser
from sse_events.testing.script import Cut, Pause

_WHOLE_ANSWERS: dict[str, Callable[[Iterable[dict[str, Any]]], dict[str, Any]]] = {
    "openai": openai_answer,
    "anthropic": anthropic_answer,
    "responses": responses_answer,
    "gemini": gemini_answer,
    "interactions": interactions_answer,
    "cohere": cohere_answer,
}
_JSON = {"content-type": "application/json"}
_EVENT_STREAM = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}


class Answer(msgspec.Struct, frozen=True):
    """An answer of the fake provider.

    Attributes:
        status: The HTTP status.
        headers: The headers.
        chunks: The body in pieces, with the silences between them.
        broken: The connection breaks after the chunks.
        delay: Seconds before the status is sent.
    """

    status: int
    headers: dict[str, str]
    chunks: tuple[bytes | Pause, ...]
    broken: bool = False
    delay: float = 0.0

    @property
    def body(self) -> bytes:
        """The bytes of the body."""
        return b"".join(chunk for chunk in self.chunks if isinstance(chunk, bytes))


def stream(played: Iterable[StreamEvent | Pause | Cut], encoder: ChatEncoder) -> Answer:
    """The answer as an event stream: what the encoder writes for each event is a chunk."""
    chunks: list[bytes | Pause] = []
    cut: Cut | None = None
    for step in played:
        if isinstance(step, Pause):
            chunks.append(step)
        elif isinstance(step, Cut):
            cut = step
            if step.after is None:
                break
        elif written := encoder.encode(step):
            chunks.append(written)
    return _cut(Answer(200, _EVENT_STREAM, tuple(chunks)), cut)


def whole(played: Iterable[StreamEvent | Pause | Cut], encoder: ChatEncoder, dialect: str) -> Answer:
    """The answer as one JSON object.

    A turn with an error is a refusal. A cut without a number of bytes is in the middle of the object.
    """
    steps = list(played)
    cut = next((step for step in steps if isinstance(step, Cut)), None)
    error = next((step for step in steps if isinstance(step, Error)), None)
    if error is not None:
        refused = isinstance(error.code, int) and 400 <= error.code <= 599
        return refuse(dialect, error.code if refused and isinstance(error.code, int) else 500, error)
    written = b"".join(encoder.encode(step) for step in steps if not isinstance(step, Pause | Cut))
    pauses = [step for step in steps if isinstance(step, Pause)]
    body = msgspec.json.encode(_WHOLE_ANSWERS[dialect](payloads(written)))
    if cut is not None and cut.after is None:
        cut = Cut(len(body) // 2, cut.silent)
    return _cut(Answer(200, _JSON, (*pauses, body)), cut)


def refuse(dialect: str, status: int, error: Error) -> Answer:
    """The answer to a request that is not served, with an error body of the dialect."""
    coded = error if error.code is not None else msgspec.structs.replace(error, code=status)
    # OpenAI's two APIs have the same error body. The other APIs use the error of their streams.
    encoder = ChatEncoder("openai" if dialect == "responses" else dialect, id="", model="")
    last = payloads(encoder.encode(coded) + encoder.encode(Done("error")))[-1]
    body = {"message": error.message} if dialect == "cohere" else last
    if dialect == "interactions":
        body = {"error": {"code": status, "message": error.message, "status": phrase(status).upper().replace(" ", "_")}}
    return Answer(status, _JSON, (msgspec.json.encode(body),))


def phrase(status: int) -> str:
    """The standard's words for a status. Providers send others too, such as Anthropic's 529.

    >>> phrase(429), phrase(529)
    ('Too Many Requests', 'Unknown')
    """
    return next((known.phrase for known in HTTPStatus if known == status), "Unknown")


def as_json_array(answer: Answer) -> Answer:
    """A Gemini stream as the JSON array that clients get without ``alt=sse``."""
    items = [msgspec.json.encode(payload) for payload in payloads(answer.body)]
    return msgspec.structs.replace(answer, headers=_JSON, chunks=(b"[" + b",\r\n".join(items) + b"]",))


def payloads(body: bytes) -> list[dict[str, Any]]:
    """The decoded data of the events in `body`, without ``[DONE]``."""
    return [event.json() for event in Parser().feed(body) if event.data != "[DONE]"]


def _cut(answer: Answer, cut: Cut | None) -> Answer:
    if cut is None:
        return answer
    chunks: list[bytes | Pause] = []
    room = len(answer.body) if cut.after is None else cut.after
    for chunk in answer.chunks:
        if isinstance(chunk, bytes):
            chunk = chunk[:room]
            room -= len(chunk)
        if chunk:
            chunks.append(chunk)
    return msgspec.structs.replace(answer, chunks=tuple(chunks), broken=not cut.silent)

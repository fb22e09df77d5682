"""A fake provider: an ASGI application, and transports without a socket, that answer with scripted turns."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl

import msgspec

from sse_events.chat.encoder import ChatEncoder
from sse_events.chat.events import Error
from sse_events.mistakes import wrong_type
from sse_events.testing.answers import Answer, as_json_array, phrase, refuse, stream, whole
from sse_events.testing.script import Pause, Step, Turn, play, turn

if TYPE_CHECKING:
    import aiohttp
    import httpx
    import httpx2

# The paths of the providers' APIs, below any base URL.
_ROUTES = (
    ("openai", re.compile(r"/chat/completions$")),
    ("anthropic", re.compile(r"/messages$")),
    ("responses", re.compile(r"/responses$")),
    ("gemini", re.compile(r"/models/(?P<model>[^/]+):(?P<verb>streamGenerateContent|generateContent)$")),
    ("interactions", re.compile(r"/interactions$")),
    ("cohere", re.compile(r"/v2/chat$")),
)


class Request(msgspec.Struct, frozen=True):
    """A request that the provider received.

    Attributes:
        method: The HTTP method.
        path: The path, without the query.
        query: The query's parameters.
        headers: The headers, with names in lower case.
        body: The body's bytes.
        json: The body decoded, None if it is not JSON.
        dialect: The dialect of the path, ``""`` if there is none at that path.
        model: The model that was asked for, ``""`` if none was.
        streamed: The client asked for a stream.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    json: Any
    dialect: str
    model: str
    streamed: bool


TurnLike: TypeAlias = "Turn | str | Iterable[Step] | Callable[[Request], TurnLike]"


class FakeProvider:
    """A provider that answers with scripted turns, one for each request, in the dialect of the request's path.

    It is an ASGI application for any server. Its transports connect clients to it without a server. The paths are
    ``/v1/chat/completions``, ``/v1/messages``, ``/v1/responses``, Gemini's ``/v1beta/models/MODEL:generateContent`` and
    ``:streamGenerateContent``, ``/v1beta/interactions`` and Cohere's ``/v2/chat``, below any base URL. The answer is a
    stream or one JSON object, as the request asks. A request without a turn gets status 400, which no SDK retries.

    Args:
        turns: The answers in order. Each is what `turn` returns, a string, a list of StreamEvents, or a function that
            takes the `Request` and returns one of these. The iterable may be endless.
        created: The time of the answers, in seconds since 1970.
        sleep: Called with the seconds of a delay by the transports of synchronous clients.
        asleep: The same for asynchronous clients and the ASGI application.

    Raises:
        TypeError: `turns` is a single turn. A turn of a wrong type raises when it is asked for.

    Attributes:
        requests: The requests so far, for asserts.
        sleep: As given.
        asleep: As given.

    >>> provider = FakeProvider(["It rains."])
    >>> answer = provider.respond("POST", "/v1/messages", [], b'{"model": "m", "max_tokens": 9, "messages": []}')
    >>> msgspec.json.decode(answer.body)["content"]
    [{'type': 'text', 'text': 'It rains.'}]
    >>> provider.requests[0].model
    'm'
    """

    def __init__(
        self,
        turns: Iterable[TurnLike],
        *,
        created: int = 0,
        sleep: Callable[[float], object] = time.sleep,
        asleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        if isinstance(turns, str | Turn) or not isinstance(turns, Iterable):
            raise wrong_type("turns", turns, "an iterable of turns, one for each request", "use [turn]")
        self.requests: list[Request] = []
        self._turns = iter(turns)
        self._created = created
        self.sleep = sleep
        self.asleep = asleep

    def assert_all_played(self) -> None:
        """Check that every turn was asked for.

        Raises:
            AssertionError: A turn is left over.
        """
        for left in self._turns:
            raise AssertionError(f"after {len(self.requests)} requests a turn is left over: {left!r}")

    def respond(self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes) -> Answer:
        """The answer to one request, without any I/O. Use it to write your own transport.

        Args:
            method: The HTTP method.
            target: The path with the query.
            headers: Names and values.
            body: The body's bytes.
        """
        request = read_request(method, target, headers, body)
        self.requests.append(request)
        if not request.dialect:
            return refuse("openai", 404, Error("provider", f"nothing is served at {method} {request.path}"))
        scripted: TurnLike | None = next(self._turns, None)
        if scripted is None:
            message = f"the script has no turn for request {len(self.requests)}"
            return refuse(request.dialect, 400, Error("provider", message))
        while callable(scripted):
            scripted = scripted(request)
        return self._answer(request, scripted if isinstance(scripted, Turn) else turn(scripted))

    def _answer(self, request: Request, script: Turn) -> Answer:
        if script.status != 200:
            error = script.error or Error("provider", phrase(script.status))
            answer = refuse(request.dialect, script.status, error)
        else:
            answer = self._play(request, script)
        return msgspec.structs.replace(answer, headers={**answer.headers, **script.headers}, delay=script.delay)

    def _play(self, request: Request, script: Turn) -> Answer:
        id = f"fake-{len(self.requests)}"
        usage = request.dialect != "openai" or not request.streamed or _asks_for_usage(request.json)
        encoder = ChatEncoder(request.dialect, id=id, model=request.model, created=self._created, usage=usage)
        played = play(script, id=id, model=request.model)
        if not request.streamed:
            return whole(played, encoder, request.dialect)
        answer = stream(played, encoder)
        if request.dialect == "gemini" and request.query.get("alt") != "sse":
            return as_json_array(answer)
        return answer

    def send(self, answer: Answer) -> Iterator[bytes]:
        """The chunks of an answer's body, with the silences between them."""
        for chunk in answer.chunks:
            if isinstance(chunk, Pause):
                self.sleep(chunk.seconds)
            else:
                yield chunk

    async def asend(self, answer: Answer) -> AsyncIterator[bytes]:
        """`send` for asynchronous code."""
        for chunk in answer.chunks:
            if isinstance(chunk, Pause):
                await self.asleep(chunk.seconds)
            else:
                yield chunk

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as an ASGI application. It returns before the response is complete where the script breaks it."""
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        target = scope["path"] + "?" + scope["query_string"].decode("latin-1")
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        answer = self.respond(scope["method"], target, headers, body)
        fields = [(name.encode(), value.encode()) for name, value in answer.headers.items()]
        started = {"type": "http.response.start", "status": answer.status, "headers": fields}
        if answer.delay:
            await self.asleep(answer.delay)
        await send(started)
        async for chunk in self.asend(answer):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        if not answer.broken:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def httpx_transport(self) -> httpx.MockTransport:
        """A transport for ``httpx.Client`` and ``httpx.AsyncClient``."""
        from sse_events.testing.transports import httpx_transport

        return httpx_transport(self)

    def httpx2_transport(self) -> httpx2.MockTransport:
        """A transport for ``httpx2.Client`` and ``httpx2.AsyncClient``."""
        from sse_events.testing.transports import httpx2_transport

        return httpx2_transport(self)

    def aiohttp_connector(self) -> aiohttp.BaseConnector:
        """A connector for ``aiohttp.ClientSession``. It has to be made where an event loop runs."""
        from sse_events.testing.transports import aiohttp_connector

        return aiohttp_connector(self)


def read_request(method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes) -> Request:
    """What a request asks for; the arguments are those of `FakeProvider.respond`."""
    path, _, query = target.partition("?")
    parameters = dict(parse_qsl(query))
    try:
        decoded = msgspec.json.decode(body)
    except msgspec.DecodeError:
        decoded = None
    fields = decoded if isinstance(decoded, dict) else {}
    dialect, model, streamed = "", fields.get("model"), fields.get("stream") is True
    for name, pattern in _ROUTES:
        found = pattern.search(path)
        if found and method == "POST":
            dialect = name
            if name == "gemini":
                model, streamed = found["model"], found["verb"] == "streamGenerateContent"
    fields_of_head = {name.lower(): value for name, value in headers}
    model = model if isinstance(model, str) else ""
    return Request(method, path, parameters, fields_of_head, body, decoded, dialect, model, streamed)


def _asks_for_usage(body: Any) -> bool:
    """Chat Completions streams carry the usage only if the client asks for it."""
    options = body.get("stream_options")
    return isinstance(options, dict) and options.get("include_usage") is True

"""Transports of HTTP clients that ask a fake provider without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import aiohttp
    import httpx
    import httpx2

    from sse_events.testing.answers import Answer
    from sse_events.testing.provider import FakeProvider

# The message of httpx for a chunked body without an end.
_BROKEN = "peer closed connection without sending complete message body (incomplete chunked read)"


def httpx_transport(provider: FakeProvider) -> httpx.MockTransport:
    """A transport for the clients of httpx."""
    import httpx

    transport: httpx.MockTransport = _transport(provider, httpx)
    return transport


def httpx2_transport(provider: FakeProvider) -> httpx2.MockTransport:
    """A transport for the clients of httpx2."""
    import httpx2

    transport: httpx2.MockTransport = _transport(provider, httpx2)
    return transport


def _transport(provider: FakeProvider, client: Any) -> Any:
    """The transport, made of classes from `client`: the module httpx or httpx2."""

    class Body(client.SyncByteStream, client.AsyncByteStream):  # type: ignore[misc]  # the module is an argument
        def __init__(self, answer: Answer) -> None:
            self.answer = answer

        def __iter__(self) -> Iterator[bytes]:
            yield from provider.send(self.answer)
            self.end()

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for chunk in provider.asend(self.answer):
                yield chunk
            self.end()

        def end(self) -> None:
            if self.answer.broken:
                raise client.RemoteProtocolError(_BROKEN)

    class Transport(client.MockTransport):  # type: ignore[misc]  # the same
        def __init__(self) -> None:
            super().__init__(self.respond)

        def handle_request(self, request: Any) -> Any:
            request.read()
            answer = self.ask(request)
            if answer.delay:
                provider.sleep(answer.delay)
            return self.respond(answer)

        async def handle_async_request(self, request: Any) -> Any:
            await request.aread()
            answer = self.ask(request)
            if answer.delay:
                await provider.asleep(answer.delay)
            return self.respond(answer)

        def ask(self, request: Any) -> Answer:
            target = request.url.raw_path.decode("ascii")
            return provider.respond(request.method, target, request.headers.multi_items(), request.content)

        def respond(self, answer: Answer) -> Any:
            return client.Response(answer.status, headers=answer.headers, stream=Body(answer))

    return Transport()


def aiohttp_connector(provider: FakeProvider) -> aiohttp.BaseConnector:
    """A connector for aiohttp's client: aiohttp's own server, at the other end of a pipe in memory."""
    import aiohttp
    from aiohttp import web

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        answer = provider.respond(request.method, request.path_qs, request.headers.items(), await request.read())
        if answer.delay:
            await provider.asleep(answer.delay)
        response = web.StreamResponse(status=answer.status, headers=answer.headers)
        await response.prepare(request)
        async for chunk in provider.asend(answer):
            await response.write(chunk)
        if answer.broken and request.transport is not None:
            request.transport.close()
        return response

    class Connector(aiohttp.BaseConnector):
        async def _create_connection(self, *_: Any) -> Any:
            client, server = self._factory(), web.Server(handle)()
            client_end, server_end = _Pipe(), _Pipe()
            client_end.reader, server_end.reader = server, client
            client_end.peer, server_end.peer = server_end, client_end
            server.connection_made(server_end)
            client.connection_made(client_end)
            return client

    return Connector()


class _Pipe(asyncio.Transport):
    """One end of a connection in memory: what is written here is received by the protocol at the other end."""

    reader: asyncio.Protocol
    peer: _Pipe

    def __init__(self) -> None:
        super().__init__()
        self._closing = False
        self._loop = asyncio.get_running_loop()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._loop.call_soon(self.reader.data_received, bytes(data))

    def close(self) -> None:
        for end in (self, self.peer):
            if not end._closing:
                end._closing = True
                self._loop.call_soon(end.peer.reader.connection_lost, None)

    abort = close

    def is_closing(self) -> bool:
        return self._closing

    def pause_reading(self) -> None:
        """Nothing to do: an answer is small enough for the reader's buffer."""

    def resume_reading(self) -> None:
        """As for pausing."""

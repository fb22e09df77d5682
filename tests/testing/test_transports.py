"""The fake provider behind the clients of httpx, httpx2 and aiohttp, without a socket."""

from __future__ import annotations

import asyncio

import aiohttp
import httpx
import httpx2
import pytest

from sse_events.adapters.aiohttp import aiter_events as aiohttp_events
from sse_events.adapters.httpx import aiter_events, iter_events
from sse_events.chat import ChatStream, Done, StreamEvent, collect
from sse_events.testing import FakeProvider, cut, pause, text, turn

URL = "https://fake.test/v1/chat/completions"
ASK = {"model": "m", "stream": True}
CLIENTS = [pytest.param(httpx, "httpx_transport", id="httpx"), pytest.param(httpx2, "httpx2_transport", id="httpx2")]


def fake(*turns):
    """A provider whose delays are noted and take no time."""
    slept = []

    async def asleep(seconds):
        slept.append(seconds)

    return FakeProvider(turns, sleep=slept.append, asleep=asleep), slept


@pytest.mark.parametrize(("module", "transport"), CLIENTS)
class TestHttpx:
    def test_a_stream(self, module, transport):
        provider, slept = fake(turn("one", pause(0.5), " two", delay=2))
        client = module.Client(transport=getattr(provider, transport)())
        with client, client.stream("POST", URL, json=ASK) as response:
            assert slept == [2]
            message = collect(iter_events(response, into=ChatStream()))
        assert (message.text, message.status, slept) == ("one two", "complete", [2, 0.5])
        assert provider.requests[0].json == ASK
        assert provider.requests[0].headers["host"] == "fake.test"

    def test_chunks_come_one_by_one(self, module, transport):
        provider, slept = fake(turn("one", pause(0.5), " two"))
        client = module.Client(transport=getattr(provider, transport)())
        with client, client.stream("POST", URL, json=ASK) as response:
            seen = [(b"two" in chunk, len(slept)) for chunk in response.iter_raw()]
        assert seen[0] == (False, 0)
        assert (True, 1) in seen

    def test_a_refusal(self, module, transport):
        provider, _ = fake(turn(status=429, retry_after=2, error="slow down"))
        with module.Client(transport=getattr(provider, transport)()) as client:
            response = client.post(URL, json=ASK)
        assert (response.status_code, response.headers["retry-after"]) == (429, "2")
        assert response.json()["error"]["message"] == "slow down"

    def test_a_break(self, module, transport):
        provider, _ = fake(turn("one", cut()))
        events: list[StreamEvent] = []
        client = module.Client(transport=getattr(provider, transport)())
        with client, client.stream("POST", URL, json=ASK) as response, pytest.raises(module.RemoteProtocolError):
            events.extend(iter_events(response, into=ChatStream()))
        with pytest.raises(module.RemoteProtocolError):
            provider, _ = fake(turn("one", cut()))
            module.Client(transport=getattr(provider, transport)()).post(URL, json={"model": "m"})

    def test_a_silent_cut(self, module, transport):
        provider, _ = fake(turn("one", cut(silent=True)))
        client = module.Client(transport=getattr(provider, transport)())
        with client, client.stream("POST", URL, json=ASK) as response:
            assert collect(iter_events(response, into=ChatStream())).status == "truncated"

    def test_async(self, module, transport):
        async def ask():
            client = module.AsyncClient(transport=getattr(provider, transport)())
            async with client, client.stream("POST", URL, json=ASK) as response:
                return [event async for event in aiter_events(response, into=ChatStream())]

        provider, slept = fake(turn("one", pause(0.5), " two", delay=2))
        assert collect(asyncio.run(ask())).text == "one two"
        assert slept == [2, 0.5]

    def test_async_break(self, module, transport):
        async def ask():
            client = module.AsyncClient(transport=getattr(provider, transport)())
            async with client, client.stream("POST", URL, json=ASK) as response:
                return [event async for event in aiter_events(response, into=ChatStream())]

        provider, _ = fake(turn("one", cut()))
        with pytest.raises(module.RemoteProtocolError):
            asyncio.run(ask())


class TestAiohttp:
    def ask(self, *turns, body=ASK, requests=1):
        """The events and the exception of each request, in one session."""
        provider, slept = fake(*turns)

        async def ask_all():
            seen = []
            async with aiohttp.ClientSession(connector=provider.aiohttp_connector()) as session:
                for _ in range(requests):
                    events, error = [], None
                    try:
                        async with session.post(URL, json=body) as response:
                            async for event in aiohttp_events(response, into=ChatStream()):
                                events.append(event)
                    except aiohttp.ClientError as raised:
                        error = raised
                    seen.append((events, error))
            return seen

        return asyncio.run(ask_all()), provider, slept

    def test_a_stream(self):
        [(events, error)], provider, slept = self.ask(turn("one", pause(0.5), " two", delay=2))
        assert collect(events).text == "one two"
        assert isinstance(events[-1], Done)
        assert error is None
        assert slept == [2, 0.5]
        assert provider.requests[0].json == ASK

    def test_several_requests(self):
        seen, _, _ = self.ask("one", "two", "three", requests=3)
        assert [collect(events).text for events, _ in seen] == ["one", "two", "three"]

    def test_a_break(self):
        [(events, error)], _, _ = self.ask(turn("one", cut()))
        assert isinstance(error, aiohttp.ClientPayloadError)
        assert collect(events).status == "truncated"

    def test_a_break_before_the_first_byte(self):
        [(_, error)], _, _ = self.ask(turn("one", cut_after=0))
        assert isinstance(error, aiohttp.ClientPayloadError)

    def test_a_long_answer(self):
        """More than aiohttp's buffers hold, so that the client pauses the connection."""
        [(events, _)], _, _ = self.ask(turn([*text("word " * 20_000)]))
        assert len(collect(events).text) == 100_000

    def test_a_refusal(self):
        async def ask():
            session = aiohttp.ClientSession(connector=provider.aiohttp_connector())
            async with session, session.post(URL, json=ASK) as response:
                return response.status, response.headers["retry-after"], await response.json()

        provider, _ = fake(turn(status=429, retry_after=2, error="slow down"))
        status, retry_after, body = asyncio.run(ask())
        assert (status, retry_after, body["error"]["message"]) == (429, "2", "slow down")

    def test_leaving_early(self):
        async def ask():
            session = aiohttp.ClientSession(connector=provider.aiohttp_connector())
            async with session, session.post(URL, json=ASK) as response:
                return await response.content.readany()

        provider, _ = fake(turn(text("word " * 1000)))
        assert b"chat.completion.chunk" in asyncio.run(ask())

    def test_cancelling(self):
        """The client gives up while the provider is silent."""

        async def cancelled():
            started = asyncio.Event()

            async def asleep(_):
                started.set()
                await asyncio.Event().wait()

            provider = FakeProvider([turn("one", pause(1))], asleep=asleep)

            async def ask():
                async with aiohttp.ClientSession(connector=provider.aiohttp_connector()) as session:
                    await session.post(URL, json={"model": "m"})

            asking = asyncio.create_task(ask())
            await started.wait()
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            return asking.cancelled()

        assert asyncio.run(cancelled())

"""The providers' own packages, end to end over a mock transport: request, decoder, models and all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple


class Sdk(NamedTuple):
    """A client library in the chat race.

    Attributes:
        name: The distribution's name.
        dialect: The dialect that it reads.
        batches: Byte chunks to batches of its events.
        text: The text that one of its events adds.
    """

    name: str
    dialect: str
    batches: Callable[[Iterable[bytes]], Iterable[Iterable[Any]]]
    text: Callable[[Any], str]


def _client(chunks: Iterable[bytes]) -> Any:
    """An HTTP client whose every response is these chunks."""
    import httpx2

    class Body(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            return iter(chunks)

    def respond(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, stream=Body())

    return httpx2.Client(transport=httpx2.MockTransport(respond))


def openai_chat() -> Sdk:
    """The openai package's Chat Completions."""
    from openai import OpenAI

    def batches(chunks: Iterable[bytes]) -> Iterable[Iterable[Any]]:
        client = OpenAI(api_key="none", http_client=_client(chunks))
        return (client.chat.completions.create(model="none", messages=[{"role": "user", "content": "?"}], stream=True),)

    def text(chunk: Any) -> str:
        return "".join(choice.delta.content or "" for choice in chunk.choices)

    return Sdk("openai", "openai", batches, text)


def openai_responses() -> Sdk:
    """The openai package's Responses."""
    from openai import OpenAI

    def batches(chunks: Iterable[bytes]) -> Iterable[Iterable[Any]]:
        client = OpenAI(api_key="none", http_client=_client(chunks))
        return (client.responses.create(model="none", input="?", stream=True),)

    def text(event: Any) -> str:
        return str(event.delta) if event.type == "response.output_text.delta" else ""

    return Sdk("openai", "responses", batches, text)


def anthropic_messages() -> Sdk:
    """The anthropic package's Messages."""
    from anthropic import Anthropic

    def batches(chunks: Iterable[bytes]) -> Iterable[Iterable[Any]]:
        client = Anthropic(api_key="none", http_client=_client(chunks))
        messages: Any = [{"role": "user", "content": "?"}]
        return (client.messages.create(model="none", max_tokens=1, messages=messages, stream=True),)

    def text(event: Any) -> str:
        return str(event.delta.text) if event.type == "content_block_delta" else ""

    return Sdk("anthropic", "anthropic", batches, text)


SDKS = (openai_chat, openai_responses, anthropic_messages)


def installed() -> list[Sdk]:
    """The SDKs that can be imported."""
    sdks = []
    for make in SDKS:
        try:
            sdks.append(make())
        except ImportError:
            continue
    return sdks

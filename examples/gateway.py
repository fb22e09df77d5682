"""A gateway: clients speak Anthropic Messages, OpenAI Chat Completions or Vercel's UI stream; one upstream answers.

    python examples/gateway.py                                    # offline: a fake provider answers
    python examples/gateway.py --upstream https://host/v1 --key KEY --model NAME

Then point any client at it: ``Anthropic(base_url="http://127.0.0.1:8080")`` or
``OpenAI(base_url="http://127.0.0.1:8080/v1")``, or open http://127.0.0.1:8080/ in a browser. ``GET /usage`` shows the
tokens so far. It needs starlette, uvicorn and httpx.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sse_events import Parser
from sse_events.adapters.httpx import aiter_events
from sse_events.chat import ChatStream, Error, Message, StreamEvent, ToolCall, ToolCallStart, Transcoder, keep_alive
from sse_events.chat.anthropic.whole import whole_answer as whole_message
from sse_events.chat.openai.whole import whole_answer as whole_completion

UI_HEADERS = {"x-vercel-ai-ui-message-stream": "v1"}  # without it useChat does not read the stream
KEEP_ALIVE_SECONDS = 15.0  # proxies commonly end a connection that is silent for 30 to 60 s
MAX_CALLS = 10_000  # calls that wait for their results; above this the oldest one is forgotten


class Gateway:
    """The gateway's routes, over one OpenAI-compatible upstream.

    Args:
        upstream: The client of the upstream, with its base URL and key.
        model: The upstream's model; None: the one that the client asks for.

    Attributes:
        usage: Tokens so far, by kind.
    """

    def __init__(self, upstream: httpx.AsyncClient, model: str | None = None) -> None:
        self.upstream = upstream
        self.model = model
        self.usage: Counter[str] = Counter()
        # The upstream's calls with their ids and Gemini's signatures, by the id that the client sees. An Anthropic
        # request has no field for a signature, so the gateway keeps it.
        self.calls: dict[str, ToolCall] = {}

    def app(self) -> Starlette:
        """The application."""
        return Starlette(
            routes=[
                Route("/v1/messages", self.messages, methods=["POST"]),
                Route("/v1/chat/completions", self.completions, methods=["POST"]),
                Route("/api/chat", self.ui, methods=["POST"]),
                Route("/usage", self.metered),
                Route("/", self.page),
            ]
        )

    async def messages(self, request: Request) -> Response:
        """Anthropic Messages."""
        asked = await request.json()
        return await self.relay("anthropic", chat_request(asked, self.calls), asked)

    async def completions(self, request: Request) -> Response:
        """OpenAI Chat Completions."""
        asked = await request.json()
        return await self.relay("openai", asked, asked)

    async def ui(self, request: Request) -> Response:
        """The messages of Vercel's ``useChat``. They are lists of parts, and only the text parts are used."""
        asked = await request.json()
        messages = [
            {"role": message["role"], "content": "".join(part.get("text", "") for part in message["parts"])}
            for message in asked["messages"]
        ]
        return await self.relay("ui", {"model": "default", "messages": messages}, {"model": "default", "stream": True})

    async def metered(self, _: Request) -> Response:
        """The tokens so far."""
        return JSONResponse(self.usage)

    async def page(self, _: Request) -> Response:
        """A page that shows a stream."""
        return FileResponse(Path(__file__).with_name("ui.html"))

    async def relay(self, dialect: str, chat: dict[str, Any], asked: dict[str, Any]) -> Response:
        """Ask the upstream, and answer in `dialect`: as a stream, or whole if the client did not ask for one."""
        body = {**chat, "model": self.model or chat["model"], "stream": True, "stream_options": {"include_usage": True}}
        request = self.upstream.build_request("POST", "chat/completions", json=body)
        try:
            response = await self.upstream.send(request, stream=True)
        except httpx.TransportError as error:
            return refusal(dialect, 502, f"the upstream cannot be reached: {error}", {})
        if response.status_code != httpx.codes.OK:
            return await refusal_of(dialect, response)

        message = Message()
        ids: dict[int, str] = {}

        def watch(event: StreamEvent) -> None:
            message.apply(event)
            if isinstance(event, ToolCallStart) and event.choice == 0:
                ids[event.index] = transcoder.call_id(event)

        wants_usage = dialect != "openai" or not asked.get("stream") or bool(asked.get("stream_options"))
        transcoder = Transcoder(
            dialect, id=f"gw_{uuid.uuid4().hex}", model=asked["model"], usage=wants_usage, on_event=watch
        )
        written = self.meter(aiter_events(response, into=transcoder, check=False), message, ids)
        if asked.get("stream"):
            headers = UI_HEADERS if dialect == "ui" else None
            return StreamingResponse(with_keep_alives(written, dialect), 200, headers, "text/event-stream")
        stream = b"".join([chunk async for chunk in written])
        if not message.ok:
            reason = message.errors[-1].message if message.errors else "the upstream's answer is not complete"
            return refusal(dialect, 502, reason, {})
        payloads = [event.json() for event in Parser().feed(stream) if event.data != "[DONE]"]
        return JSONResponse((whole_message if dialect == "anthropic" else whole_completion)(payloads))

    async def meter(self, written: AsyncIterator[bytes], message: Message, ids: dict[int, str]) -> AsyncIterator[bytes]:
        """The same bytes. At the end the usage and the calls of the answer are stored."""
        try:
            async for chunk in written:
                yield chunk
        except httpx.TransportError as error:
            # The client has already got an error event in its own dialect, before this exception was raised.
            print(f"the upstream broke: {error}")
        finally:
            self.usage["answers"] += 1
            self.usage["prompt_tokens"] += message.usage.prompt_tokens or 0
            self.usage["completion_tokens"] += message.usage.completion_tokens or 0
            for index, call in enumerate(message.tool_calls):
                self.calls[ids[index]] = call
            while len(self.calls) > MAX_CALLS:
                del self.calls[next(iter(self.calls))]


async def with_keep_alives(written: AsyncIterator[bytes], dialect: str) -> AsyncIterator[bytes]:
    """The same bytes, with a keep-alive in every long silence."""
    chunks = aiter(written)
    waiting = asyncio.ensure_future(anext(chunks, None))
    try:
        while True:
            await asyncio.wait([waiting], timeout=KEEP_ALIVE_SECONDS)
            if not waiting.done():
                yield keep_alive(dialect)
                continue
            chunk = waiting.result()
            if chunk is None:
                return
            yield chunk
            waiting = asyncio.ensure_future(anext(chunks, None))
    finally:
        waiting.cancel()


async def refusal_of(dialect: str, response: httpx.Response) -> Response:
    """The upstream's refusal in the client's dialect, with its status and Retry-After."""
    stream = ChatStream()
    events = [*stream.feed(await response.aread()), *stream.close()]
    message = next((event.message for event in events if isinstance(event, Error)), response.reason_phrase)
    kept = {name: value for name, value in response.headers.items() if name == "retry-after"}
    return refusal(dialect, response.status_code, message, kept)


def refusal(dialect: str, status: int, message: str, headers: dict[str, str]) -> Response:
    """An error body of the client's dialect."""
    kinds = {400: "invalid_request_error", 401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error"}
    error = {"type": kinds.get(status, "api_error"), "message": message}
    body = {"type": "error", "error": error} if dialect == "anthropic" else {"error": error}
    return JSONResponse(body, status, headers)


def chat_request(asked: dict[str, Any], known: dict[str, ToolCall]) -> dict[str, Any]:
    """An Anthropic request as a Chat Completions request: text, system, tools and tool results."""
    messages: list[dict[str, Any]] = []
    if asked.get("system"):
        messages.append({"role": "system", "content": plain_text(asked["system"])})
    for message in asked["messages"]:
        messages += chat_messages(message, known)
    chat: dict[str, Any] = {"model": asked["model"], "messages": messages}
    same = {"max_tokens": "max_tokens", "temperature": "temperature", "top_p": "top_p", "stop_sequences": "stop"}
    chat.update((ours, asked[theirs]) for theirs, ours in same.items() if theirs in asked)
    if asked.get("tools"):
        chat["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool["name"],
                    "description": tool.get("description", ""),
                    "parameters": tool["input_schema"],
                },
            }
            for tool in asked["tools"]
        ]
    choice = asked.get("tool_choice", {})
    if choice.get("type") == "tool":
        chat["tool_choice"] = {"type": "function", "function": {"name": choice["name"]}}
    elif choice:
        chat["tool_choice"] = {"any": "required"}.get(choice["type"], choice["type"])
    return chat


def chat_messages(message: dict[str, Any], known: dict[str, ToolCall]) -> list[dict[str, Any]]:
    """One Anthropic message. Its tool results become separate messages, which come first."""
    if isinstance(message["content"], str):
        return [{"role": message["role"], "content": message["content"]}]
    blocks = message["content"]
    results = [
        {
            "role": "tool",
            "tool_call_id": upstream_id(block["tool_use_id"], known),
            "content": plain_text(block.get("content", "")),
        }
        for block in blocks
        if block["type"] == "tool_result"
    ]
    calls = [chat_call(block, known) for block in blocks if block["type"] == "tool_use"]
    text = plain_text([block for block in blocks if block["type"] == "text"])
    if calls:
        thinking = "".join(block["thinking"] for block in blocks if block["type"] == "thinking")
        # DeepSeek, Moonshot and Z.ai want the reasoning of a turn with calls back.
        thought = {"reasoning_content": thinking} if thinking else {}
        return [{"role": "assistant", "content": text or None, "tool_calls": calls, **thought}]
    return [*results, *([{"role": message["role"], "content": text}] if text else [])]


def chat_call(block: dict[str, Any], known: dict[str, ToolCall]) -> dict[str, Any]:
    """A tool_use block as a tool call, with the signature that the gateway kept."""
    function = {"name": block["name"], "arguments": json.dumps(block["input"])}
    call = {"id": upstream_id(block["id"], known), "type": "function", "function": function}
    if block["id"] in known and known[block["id"]].signature:
        call["extra_content"] = {"google": {"thought_signature": known[block["id"]].signature}}
    return call


def upstream_id(id: str, known: dict[str, ToolCall]) -> str:
    """The upstream's id of a call, or the id that the client sees if the upstream gave none."""
    return (known[id].id if id in known else "") or id


def plain_text(content: str | list[dict[str, Any]]) -> str:
    """The text of a content, which is a string or a list of blocks."""
    return content if isinstance(content, str) else "".join(block.get("text", "") for block in content)


def offline() -> httpx.AsyncClient:
    """A client whose upstream is a fake provider: it calls the first tool once, then talks."""
    from sse_events.testing import FakeProvider, Turn, pause, reasoning, text, tool_call, turn
    from sse_events.testing import Request as Asked

    def answer(asked: Asked) -> Turn:
        said = asked.json["messages"][-1]
        tools = asked.json.get("tools")
        if tools and said["role"] != "tool":
            function = tools[0]["function"]
            arguments = dict.fromkeys(function["parameters"].get("properties", {}), "Paris")
            return turn(reasoning("A tool knows that."), text("Let me look."), tool_call(function["name"], arguments))
        words = f"You said: {said['content']} This answer is made up, word by word."
        return turn(reasoning("Nobody thinks here."), *([step, *pause(0.05)] for step in text(words)))

    provider = FakeProvider(iter(lambda: answer, None))
    return httpx.AsyncClient(base_url="http://fake/v1", transport=provider.httpx_transport())


def main() -> None:
    """Run the gateway."""
    parser = argparse.ArgumentParser(description="A gateway over an OpenAI-compatible upstream.")
    parser.add_argument("--upstream", metavar="URL", help="the upstream's base URL; without it a fake provider answers")
    parser.add_argument("--key", default="", help="the upstream's key")
    parser.add_argument("--model", help="the upstream's model; default: the one that the client asks for")
    parser.add_argument("--port", type=int, default=8080)
    options = parser.parse_args()
    if options.upstream:
        headers = {"authorization": f"Bearer {options.key}"}
        upstream = httpx.AsyncClient(base_url=options.upstream, headers=headers, timeout=httpx.Timeout(30, read=300))
    else:
        upstream = offline()
    uvicorn.run(Gateway(upstream, options.model).app(), host="127.0.0.1", port=options.port)


if __name__ == "__main__":
    main()

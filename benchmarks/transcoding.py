"""What transcoding costs beside reading: ``python -m benchmarks.transcoding``.

The stream is Chat Completions, an event a chunk, as a gateway gets it: 500 deltas of text, and the same with reasoning and
two tool calls. Each line is how many times as long as `ChatStream` alone it takes, in interleaved runs of which the fastest
counts. Where LiteLLM is installed its adapter to Anthropic runs too, over chunks that are parsed and validated before it
starts, so without the cost of reading.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from benchmarks import chat
from benchmarks.race import Reader, race
from sse_events import Parser, iter_events
from sse_events.chat import ChatStream, transcode
from sse_events.testing import encode_turn, reasoning, text, tool_call, turn
from sse_events.testing.script import play

READING = "ChatStream"
DIALECTS = ("openai", "anthropic", "responses", "gemini", "interactions", "cohere", "ui")


def text_stream() -> list[bytes]:
    """An answer of 500 deltas of text."""
    return chat.turn("openai").blocks


def agent_stream() -> list[bytes]:
    """An answer with 250 deltas of reasoning, 100 of text, and two calls of 40 fragments each."""
    words = random.Random("agent").choices(["the", "of", "model", "answer", "which"], k=350)
    arguments = {"code": "x" * 300}
    calls = [tool_call("run", arguments), tool_call("run", arguments)]
    script = turn(reasoning(" ".join(words[:250])), text(" ".join(words[250:])), *calls)
    events = [step for step in play(script, id="c1", model="m") if not hasattr(step, "seconds")]
    return [block + b"\n\n" for block in encode_turn("openai", events).split(b"\n\n") if block]


def readers(chunks: list[bytes]) -> dict[str, Reader]:
    """All that races over one stream."""
    entrants: dict[str, Reader] = {READING: lambda: [iter_events(chunks, into=ChatStream("openai"))]}
    for dialect in DIALECTS:
        entrants[f"to {dialect}"] = _transcoding(chunks, dialect)
    if importlib.util.find_spec("litellm") is not None:
        entrants["LiteLLM's adapter to anthropic"] = _litellm(chunks)
    return entrants


def _transcoding(chunks: list[bytes], dialect: str) -> Reader:
    return lambda: [transcode(chunks, dialect, id="r1", model="m", dialect="openai")]


def _litellm(chunks: list[bytes]) -> Reader:
    from litellm.llms.anthropic.messages.adapters.streaming_iterator import AnthropicStreamWrapper
    from litellm.types.utils import ModelResponseStream

    payloads = [event.json() for event in Parser().feed(b"".join(chunks)) if event.data != "[DONE]"]
    make: Callable[[], Iterator[Any]] = lambda: iter([ModelResponseStream(**payload) for payload in payloads])  # noqa: E731
    streams = iter([make() for _ in range(100)])
    return lambda: [AnthropicStreamWrapper(next(streams), "m").anthropic_sse_wrapper()]


def table(chunks: list[bytes], rounds: int) -> Iterable[tuple[str, float, float]]:
    """Name, microseconds per chunk, and the ratio to reading, for each entrant."""
    best = race(readers(chunks), rounds)
    for name, ns in best.items():
        yield name, ns / len(chunks) / 1000, ns / best[READING]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="What transcoding costs beside reading.")
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    for name, chunks in (("text", text_stream()), ("agent", agent_stream())):
        print(f"{name}: {len(chunks)} chunks, {sum(map(len, chunks))} bytes")
        for entrant, us, ratio in table(chunks, rounds):
            print(f"  {entrant:32} {us:7.2f} µs  {ratio:5.2f}")


if __name__ == "__main__":
    main()

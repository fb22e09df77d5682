"""What transcoding costs compared with reading: ``python -m benchmarks.transcoding``.

The streams are Chat Completions, one event a chunk: 500 deltas of text, and an answer with reasoning and two tool
calls. Each line says how many times as long as `ChatStream` alone it takes. The runs are interleaved, and the fastest
one counts. Where LiteLLM is installed, its adapter to Anthropic runs too. Its chunks are parsed and validated before
the clock starts, so the cost of reading is not in its figure.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
from collections.abc import Iterable

from benchmarks import chat
from benchmarks.race import Reader, race
from sse_events import Parser, iter_events
from sse_events.chat import ChatStream, transcode
from sse_events.testing import encode_turn, reasoning, text, tool_call, turn

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
    body = encode_turn("openai", turn(reasoning(" ".join(words[:250])), text(" ".join(words[250:])), *calls))
    return [block + b"\n\n" for block in body.split(b"\n\n") if block]


def readers(chunks: list[bytes], rounds: int) -> dict[str, Reader]:
    """All entrants in the race over one stream."""
    entrants: dict[str, Reader] = {READING: lambda: [iter_events(chunks, into=ChatStream("openai"))]}
    for dialect in DIALECTS:
        entrants[f"to {dialect}"] = _transcoding(chunks, dialect)
    if importlib.util.find_spec("litellm") is not None:
        entrants["LiteLLM's adapter to anthropic"] = _litellm(chunks, rounds)
    return entrants


def _transcoding(chunks: list[bytes], dialect: str) -> Reader:
    return lambda: [transcode(chunks, dialect, id="r1", model="m", dialect="openai")]


def _litellm(chunks: list[bytes], max_runs: int) -> Reader:
    from litellm.llms.anthropic.messages.adapters.streaming_iterator import AnthropicStreamWrapper
    from litellm.types.utils import ModelResponseStream

    payloads = [event.json() for event in Parser().feed(b"".join(chunks)) if event.data != "[DONE]"]
    # The adapter changes the chunks that it is given, so each run needs fresh ones.
    runs = iter([[ModelResponseStream(**payload) for payload in payloads] for _ in range(max_runs)])
    return lambda: [AnthropicStreamWrapper(iter(next(runs)), "m").anthropic_sse_wrapper()]


def table(chunks: list[bytes], rounds: int) -> Iterable[tuple[str, float, float]]:
    """Name, microseconds per chunk, and the ratio to reading, for each entrant."""
    best = race(readers(chunks, rounds), rounds)
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

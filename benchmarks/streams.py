"""Seeded streams, one per hot path of a parser: what a server writes, cut as a client gets it.

A `Traffic` is what a server writes, block by block; a `Stream` is a traffic cut into chunks. Both carry the expected
events. These are made together with the bytes, not by a parser. `benchmarks/test_streams.py` checks that each traffic
exercises what its function says.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks.chat import turn
from sse_events.events import Event

KIB = 1024
MIB = 1024 * KIB

# One event per chunk is how tokens arrive. 1,400 bytes is what one packet holds, 4 KiB and 64 KiB are usual buffers.
ONE_PER_CHUNK = None
READS_BYTES = (1400, 4 * KIB, 64 * KIB)

_SENTENCES = (
    "Die Antwort kommt Stück für Stück über eine Verbindung, die geöffnet bleibt; größere Blöcke folgen später.",
    "La réponse arrive peu à peu, même lorsque le modèle hésite à choisir l’étape suivante.",
    "Odpowiedź przychodzi po kawałku, choć połączenie może zostać przerwane w każdej chwili.",
    "Ответ приходит по частям через одно соединение, которое остаётся открытым до самого конца.",
    "Η απάντηση έρχεται κομμάτι κομμάτι μέσα από μια σύνδεση που μένει ανοιχτή.",
    "答案会通过一个保持打开的连接一段一段地到达，连接断开之后客户端会自动重新连接。",
    "答えは開いたままの接続を通って少しずつ届き、切れたときはクライアントがつなぎ直します。",
    "답변은 열린 연결을 통해 조금씩 도착하고, 끊어지면 클라이언트가 다시 연결합니다.",
    "उत्तर खुले रहने वाले कनेक्शन से थोड़ा थोड़ा करके आता है और टूटने पर फिर जुड़ जाता है।",
    "Great, the forecast for today: sunny 🌦 in the morning, a party 🎉 at noon, and rain ☔ in the evening.",
)
_WORDS = ("the", "of", "model", "answer", "which", "stream", "token", "quickly", "and", "a", "because", "server")


class Traffic(NamedTuple):
    """What a server writes.

    Attributes:
        blocks: The bytes, in the pieces that the server writes.
        events: What a client must dispatch.
    """

    blocks: list[bytes]
    events: list[Event]


class Stream(NamedTuple):
    """A traffic as it reaches a client.

    Attributes:
        name: The traffic's and the cut's names.
        kind: ``small`` (events up to 1 KiB), or ``large`` (larger ones, which memory binds, and pieces under 200
            bytes).
        one_per_chunk: Each chunk is a whole block.
        chunks: The bytes.
        events: What a client must dispatch.
    """

    name: str
    kind: str
    one_per_chunk: bool
    chunks: list[bytes]
    events: list[Event]


def chat(_rng: random.Random) -> Traffic:
    """Chat events of some 285 bytes: one data line of JSON, with a space after the colon, and nothing else."""
    payloads = turn("openai").payloads
    return Traffic([b"data: " + payload + b"\n\n" for payload in payloads], [Event(data.decode()) for data in payloads])


def without_space(rng: random.Random) -> Traffic:
    """Chat events whose data has no space after the colon, as several providers write them."""
    blocks, events = chat(rng)
    return Traffic([block.replace(b"data: ", b"data:", 1) for block in blocks], events)


def named(_rng: random.Random) -> Traffic:
    """``event:`` and ``data:``, as Anthropic sends each delta."""
    payloads, blocks, _ = turn("anthropic")
    return Traffic(blocks, [Event(data.decode(), json.loads(data)["type"]) for data in payloads])


def identified(rng: random.Random) -> Traffic:
    """``id:``, ``event:`` and ``data:``, as a feed of changes that can be resumed sends them."""
    blocks = []
    events = []
    for number in range(500):
        payload = f'{{"title":"{rng.choice(_WORDS)}","user":{rng.getrandbits(32)},"minor":false,"bot":true}}'
        blocks.append(f"id: {number}\nevent: change\ndata: {payload}\n\n".encode())
        events.append(Event(payload, "change", str(number)))
    return Traffic(blocks, events)


def crlf(rng: random.Random) -> Traffic:
    """``event:`` and ``data:`` with CRLF line ends."""
    blocks, events = named(rng)
    return Traffic([block.replace(b"\n", b"\r\n") for block in blocks], events)


def tiny(rng: random.Random) -> Traffic:
    """Events of about ten bytes, where nearly all the time is spent per event."""
    data = [str(rng.randrange(100)) for _ in range(1000)]
    return Traffic([f"data: {text}\n\n".encode() for text in data], [Event(text) for text in data])


def kilobyte(rng: random.Random) -> Traffic:
    """Events of 1 KiB."""
    data = ["".join(rng.choices("abcdefghij klmnop", k=KIB - len("data: \n\n"))) for _ in range(200)]
    return Traffic([f"data: {text}\n\n".encode() for text in data], [Event(text) for text in data])


def keep_alive(rng: random.Random) -> Traffic:
    """Comments that keep a connection alive, with an event after every nine."""
    blocks = []
    events = []
    for number in range(1000):
        if number % 10 < 9:
            blocks.append(f": keep-alive {rng.getrandbits(16)}\n\n".encode())
        else:
            blocks.append(f"data: {number}\n\n".encode())
            events.append(Event(str(number)))
    return Traffic(blocks, events)


def multiline(rng: random.Random) -> Traffic:
    """Events of ten data lines."""
    blocks = []
    events = []
    for _ in range(100):
        lines = [" ".join(rng.choices(_WORDS, k=8)) for _ in range(10)]
        blocks.append("".join(f"data: {line}\n" for line in lines).encode() + b"\n")
        events.append(Event("\n".join(lines)))
    return Traffic(blocks, events)


def non_ascii(rng: random.Random) -> Traffic:
    """Sentences in ten languages, some with a U+2028, which is not a line end.

    They are not random characters: real text does not change its script at every letter. On such text CPython's decoder
    takes four times as long, which would hide the time of the parser.
    """
    data = []
    for _ in range(500):
        text = rng.choice(_SENTENCES)
        start = rng.randrange(len(text))
        data.append(text[start:] + rng.choice((" ", "\u2028")) + text[:start])
    return Traffic([f"data: {text}\n\n".encode() for text in data], [Event(text) for text in data])


def large(rng: random.Random) -> Traffic:
    """Events of 64 KiB."""
    data = ["".join(rng.choices("ABCDEFGHabcdefgh0123", k=64 * KIB)) for _ in range(8)]
    return Traffic([f"data: {text}\n\n".encode() for text in data], [Event(text) for text in data])


def huge(rng: random.Random) -> Traffic:
    """One event of 12 MiB, such as an image in base64."""
    text = rng.randbytes(12 * MIB // 2).hex()
    return Traffic([f"data: {text}\n\n".encode()], [Event(text)])


# Cut per block and in reads.
SMALL: dict[str, Callable[[random.Random], Traffic]] = {
    "chat": chat,
    "chat, no space": without_space,
    "event + data": named,
    "id + event + data": identified,
    "CRLF": crlf,
    "tiny": tiny,
    "1 KiB": kilobyte,
    "keep-alives": keep_alive,
    "10 data lines": multiline,
    "non-ASCII": non_ascii,
}
# Each with its own cuts.
LARGE: dict[str, tuple[Callable[[random.Random], Traffic], tuple[int | None, ...]]] = {
    "64 KiB": (large, (ONE_PER_CHUNK, 4 * KIB, 64 * KIB)),
    "12 MiB": (huge, (4 * KIB, 16)),
    "chat": (chat, (16, 100)),
    "non-ASCII": (non_ascii, (16, 100)),
}


def make(traffic: Callable[[random.Random], Traffic]) -> Traffic:
    """The traffic, the same each time."""
    return traffic(random.Random(traffic.__name__))


def cut(blocks: list[bytes], size_bytes: int | None) -> list[bytes]:
    """The blocks as they are, or the same bytes in chunks of `size_bytes`."""
    if size_bytes is ONE_PER_CHUNK:
        return blocks
    body = b"".join(blocks)
    return [body[start : start + size_bytes] for start in range(0, len(body), size_bytes)]


def streams(words: str = "") -> Iterator[Stream]:
    """All streams whose name contains `words`. Each is made only when it is needed."""
    table: list[tuple[str, str, Callable[[random.Random], Traffic], tuple[int | None, ...]]]
    table = [("small", name, traffic, (ONE_PER_CHUNK, *READS_BYTES)) for name, traffic in SMALL.items()]
    table += [("large", name, traffic, cuts) for name, (traffic, cuts) in LARGE.items()]
    for kind, name, traffic, cuts in table:
        for size_bytes in cuts:
            full_name = f"{name}, {_cut_name(size_bytes)}"
            if words in full_name:
                blocks, events = make(traffic)
                yield Stream(full_name, kind, size_bytes is ONE_PER_CHUNK, cut(blocks, size_bytes), events)


def _cut_name(size_bytes: int | None) -> str:
    if size_bytes is None:
        return "one per chunk"
    return f"{size_bytes // KIB} KiB reads" if size_bytes % KIB == 0 else f"{size_bytes} byte reads"

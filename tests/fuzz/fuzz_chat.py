"""Structure-aware damage to chat streams: `ChatStream` does not raise, and neither does the use of its events.

A leaf or a branch of a payload becomes any other JSON value: deep nesting, numbers of thousands of digits, lone
surrogates. The stream and its copies in the middle (`copy`, `deepcopy`, every pickle protocol) return the same
events. Every event has a `repr`, is encoded to JSON, pickled and copied, and goes into a `Message`. By hand, from the
checkout::

    python -m tests.fuzz.fuzz_chat --minutes 10 --dialect gemini
"""

from __future__ import annotations

import copy
import importlib
import json
import pickle
import re
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any

import msgspec

from sse_events.chat import ChatStream, Message, StreamEvent
from sse_events.chat.dialects import DIALECTS
from tests.chat.mutations import join, mutate, payloads, places, split
from tests.chat.summary import check_order
from tests.fuzz.seeds import BY_DIALECT, FIXTURES, from_arguments, generators, shrink

DEPTHS = (2, 30, 90, 98, 99, 100, 101, 102, 150, 300, 480, 500, 700, 900, 980, 990, 996, 1000, 1020, 1100, 3000, 20_000)
NUMBERS = (
    *("1" * 5000, "-" + "9" * 5000, "1" * 4300, "9" * 4301, "1" * 400, "18446744073709551616", "-9223372036854775809"),
    *("1e400", "-1e400", "1e-400", "1" * 5000 + ".5", "0." + "3" * 5000, "1e5000", "-0", "0.0", "2.5", "1E2", "NaN"),
    *("Infinity", "-Infinity", "9007199254740993", "01", "+1", "1."),
)
WORDS = (
    *("", "x", "0", "stop", "error", "completed", "incomplete", "function_call", "custom_tool_call", "[DONE]", "\0"),
    *("\ud800", "\ud83d x", "\ufeff", "\u2028", "{}", '{"a":', "<think>", "</think>", "data: {}", "a" * 5000),
    *("$", "$.a", "$.a.b", "$[0]", "$[0][0]", "$['a']", "$.city", "$[100000000]", "$.a[99999999999999999999]"),
    *("$" + ".a" * 100, "$" + "[0]" * 100, "$" + ".a" * 2000, "$" + "[1]" * 1000, "$..", "$.*", "$.a[-1]", "$[1e3]"),
)
NAMES = ("error", "done", "a\0b", "\0", "\ufeff", "a\u2028b", "message_stop", "x" * 5000)
RAW = re.compile(r'"@raw(\d+)@"')
Fault = tuple[str, str]


def json_text(generator: Random, depth: int = 0) -> str:
    """The text of any JSON value, and of a few that are not JSON."""
    kind = generator.random()
    if kind < 0.3:
        return generator.choice(NUMBERS)
    if kind < 0.5:
        return json.dumps(generator.choice(WORDS))
    if kind < 0.65:
        return generator.choice(("null", "true", "false", "[]", "{}", "[[]]", "[{}]", '{"a":{}}'))
    if kind < 0.85 or depth > 3:
        inner = json.dumps(generator.choice(WORDS)) if depth > 3 else json_text(generator, depth + 4)
        depth = generator.choice(DEPTHS)
        opening = generator.choice(('{"a":', "[", '{"text":', '[{"k":', "[0,", '{"":', '{"struct_value":'))
        closing = "".join({"{": "}", "[": "]"}[bracket] for bracket in reversed(re.findall(r"[{\[]", opening)))
        return opening * depth + inner + closing * depth
    pieces = [json_text(generator, depth + 1) for _ in range(generator.randint(0, 3))]
    if kind < 0.92:
        return "[" + ",".join(pieces) + "]"
    names = ("text", "arguments", "args", "a", "id", "name", "index", "value", "message", "usage")
    return "{" + ",".join(f"{json.dumps(generator.choice(names))}:{piece}" for piece in pieces) + "}"


def damage(body: bytes, generator: Random) -> bytes:
    """`body` with one to four values replaced, and now and then with the faults of `mutate` before."""
    if generator.random() < 0.3:
        body = mutate(body, list(FIXTURES.values()), generator)
    blocks = split(body)
    values: list[str] = []
    for _ in range(generator.choice((1, 1, 1, 2, 2, 3, 4))):
        found = [(at, payload, holder, key) for at, payload in payloads(blocks) for holder, key in places(payload)]
        if not found:
            continue
        at, payload, holder, key = generator.choice(found)
        if isinstance(holder, dict) and generator.random() < 0.2:
            key = generator.choice(
                ("arguments", "partialArgs", "args", "usage", "error", "index", "input", "signature")
            )
        holder[key] = f"@raw{len(values)}@"
        values.append(json_text(generator))
        blocks[at] = blocks[at][0], json.dumps(payload)
    if blocks and generator.random() < 0.1:
        at = generator.randrange(len(blocks))
        blocks[at] = generator.choice(NAMES), blocks[at][1]
    # The values go in last, because Python's json reads and writes neither the numbers nor the nesting.
    blocks = [(event, RAW.sub(lambda found: values[int(found[1])], data)) for event, data in blocks]
    return join(blocks, "\n")


def chunks_of(body: bytes, generator: Random) -> list[bytes]:
    borders = sorted(generator.randint(0, len(body)) for _ in range(generator.randint(1, 4)))
    return [body[start:end] for start, end in zip([0, *borders], [*borders, len(body)], strict=True)]


def machines(dialect: str | None, generator: Random) -> Iterator[ChatStream]:
    """The stream as it is used most, and one with the options drawn."""
    yield ChatStream()
    yield ChatStream(
        dialect if dialect and generator.random() < 0.5 else "auto",  # type: ignore[arg-type]
        choices=generator.choice(("first", "all")),
        raw=generator.random() < 0.3,
        thinking_tags=generator.choice((None, ("<think>", "</think>"))),
        max_event_bytes=generator.choice((None, 200, 1 << 24)),
    )


COPIES: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("copy", copy.copy),
    ("deepcopy", copy.deepcopy),
    *(
        (f"pickle {protocol}", lambda value, protocol=protocol: pickle.loads(pickle.dumps(value, protocol)))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ),
)


def faults(body: bytes, dialect: str | None, seed: int) -> list[Fault]:
    """What went wrong, each as a step's name and a traceback or a difference; empty if nothing did."""
    generator = Random(seed)
    chunks = chunks_of(body, generator)
    found: list[Fault] = []
    for stream in machines(dialect, generator):
        middle = generator.randrange(len(chunks) + 1)
        copies: list[tuple[str, ChatStream]] = []
        events: list[StreamEvent] = []
        try:
            for chunk in chunks[:middle]:
                events += stream.feed(chunk)
            repr(stream)
        except Exception:  # noqa: BLE001
            found.append(("feed, or repr of the stream", traceback.format_exc(limit=-4)))
            continue
        for step, way in COPIES:
            try:
                copies.append((step, way(stream)))
            except Exception:  # noqa: BLE001
                found.append((f"{step} of the stream", traceback.format_exc(limit=-4)))
        before = len(events)
        try:
            events += rest_of(stream, chunks[middle:])
            check_order(events)
        except Exception:  # noqa: BLE001
            found.append(("feed or close", traceback.format_exc(limit=-4)))
            continue
        for step, twin in copies:
            try:
                rest = rest_of(twin, chunks[middle:])
                if repr(rest) != repr(events[before:]):
                    found.append((f"{step} of the stream differs", f"{rest!r}\n{events[before:]!r}"))
            except Exception:  # noqa: BLE001
                found.append((f"{step} of the stream", traceback.format_exc(limit=-4)))
        found += faults_of_events(events)
        found += faults_of_messages(events)
    return found


def rest_of(stream: ChatStream, chunks: list[bytes]) -> list[StreamEvent]:
    # One function for all: what the decoder takes depends on the depth of the stack.
    events: list[StreamEvent] = []
    for chunk in chunks:
        events += stream.feed(chunk)
    return events + stream.close()


def faults_of_events(events: list[StreamEvent]) -> list[Fault]:
    found: list[Fault] = []
    steps: tuple[tuple[str, Callable[[Any], Any]], ...] = (
        ("repr", repr),
        ("msgspec.json.encode", msgspec.json.encode),
        *COPIES,
    )
    for event in events:
        for step, way in steps:
            try:
                result = way(event)
                if step not in ("repr", "msgspec.json.encode") and repr(result) != repr(event):
                    found.append((f"{step} of an event differs", repr(event)))
            except Exception:  # noqa: BLE001
                found.append((f"{step} of {type(event).__name__}", traceback.format_exc(limit=-4)))
    return found


def faults_of_messages(events: list[StreamEvent]) -> list[Fault]:
    message = Message()
    steps: tuple[tuple[str, Callable[[Any], Any]], ...] = (
        ("apply", lambda message: [message.apply(event) for event in events]),
        ("repr", repr),
        ("json.dumps of to_dict", lambda message: json.dumps(message.to_dict())),
        ("msgspec.json.encode of to_dict", lambda message: msgspec.json.encode(message.to_dict())),
        ("parse of a call", parse_calls),
        *COPIES,
        *((f"assistant_turn of {name}", partial(send_back, name)) for name in DIALECTS),
    )
    found: list[Fault] = []
    for step, way in steps:
        try:
            way(message)
        except Exception:  # noqa: BLE001
            found.append((f"Message: {step}", traceback.format_exc(limit=-4)))
    return found


def send_back(dialect: str, message: Message) -> None:
    turn = importlib.import_module(f"sse_events.chat.{dialect}").assistant_turn
    try:
        made = turn(message)
    except ValueError as error:
        if "nothing" in str(error):
            return
        raise
    json.dumps(made)
    msgspec.json.encode(made)


def parse_calls(message: Message) -> None:
    """Only complete calls are certain to parse, and only those with JSON for arguments."""
    for call in message.tool_calls:
        if call.complete and not call.custom:
            call.parse()


def main() -> None:
    dialects, minutes, first = from_arguments(__doc__.splitlines()[0] if __doc__ else "")
    for dialect in dialects:
        seen: dict[str, int] = {}
        count = 0
        for seed, generator in generators(minutes, first):
            count += 1
            body = damage(generator.choice(BY_DIALECT[dialect]), generator)
            for step, trace in faults(body, dialect, seed):
                seen[step] = seen.get(step, 0) + 1
                if seen[step] > 2:
                    continue

                def fails(piece: bytes, step: str = step, seed: int = seed, dialect: str | None = dialect) -> bool:
                    return any(name == step for name, _ in faults(piece, dialect, seed))

                small = repr(shrink(body, fails))
                print(f"{dialect} seed {seed}: {step}\n{small[:1500]}\n{trace[:1500]}", flush=True)  # noqa: T201
        print(f"{dialect}: {count} streams, faults: {seen or 'none'}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

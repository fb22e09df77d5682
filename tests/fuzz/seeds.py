"""The streams that the chat fuzzers damage, the shrinking of what failed, and their command line."""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from tests.chat.reference import summarize

LONGEST_BYTES = 20_000

FIXTURES: dict[str, bytes] = {
    path.name: path.read_bytes() for path in sorted((Path(__file__).parents[1] / "data" / "chat").glob("*.sse"))
}
BY_DIALECT: dict[str | None, list[bytes]] = {}
for fixture in FIXTURES.values():
    BY_DIALECT.setdefault(summarize(fixture)["dialect"], []).append(fixture)


def shrink(body: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """The body without the events and lines that `fails` does not need."""
    for border in (rb"(?<=\n\n)|(?<=\r\n\r\n)|(?<=\r\r)", rb"(?<=\n)|(?<=\r)(?!\n)"):
        pieces = re.split(border, body)
        at = 0
        while at < len(pieces):
            without = pieces[:at] + pieces[at + 1 :]
            if fails(b"".join(without)):
                pieces = without
            else:
                at += 1
        body = b"".join(pieces)
    return body


def from_arguments(description: str) -> tuple[list[str | None], float, int]:
    """The dialects, the minutes for each and the first seed that the command line asks for."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--minutes", type=float, default=1.0, help="how long, for each dialect")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--captures", type=Path, help="a folder of recorded streams, to be damaged too")
    parser.add_argument("--dialect", choices=sorted(filter(None, BY_DIALECT)), help="only this one")
    options = parser.parse_args()
    if options.captures:
        add_recorded(options.captures)
    return [options.dialect] if options.dialect else list(BY_DIALECT), options.minutes, options.seed


def add_recorded(folder: Path) -> None:
    """Add the recorded streams of `folder`, but not the long ones, because few of those can be read in a minute."""
    for name, expected in json.loads((folder / "expected.json").read_bytes()).items():
        body = (folder / name).read_bytes()
        if name.endswith(".payloads.jsonl"):
            body = b"".join(b"data: " + line + b"\n\n" for line in body.splitlines() if line.strip())
        if len(body) <= LONGEST_BYTES:
            FIXTURES[name] = body
            BY_DIALECT.setdefault(expected["dialect"], []).append(body)


def generators(minutes: float, seed: int) -> Iterator[tuple[int, Random]]:
    """A new seed and its generator, for so many minutes."""
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        yield seed, Random(seed)
        seed += 1

"""The fuzzing target over a fixed number of mutated streams: a smoke test, not a search."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fuzz.fuzz_feed import one_input
from tests.parser_vectors import ROWS

DATA = Path(__file__).parent.parent / "data"
SEEDS = [*(path.read_bytes() for path in sorted(DATA.rglob("*.sse"))), *(row.body for row in ROWS.values())]
TOKENS = [
    b"\r",
    b"\n",
    b"\r\n\r\n",
    b":",
    b"data: ",
    b"id: ",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xff",
    b"null",
    b"[",
    b"{",
    b'"',
]


def mutated(body: bytes, draw: random.Random) -> bytes:
    for _ in range(draw.randint(1, 8)):
        start = draw.randint(0, len(body))
        stop = min(len(body), start + draw.randint(0, 16))
        piece = draw.choice([b"", draw.randbytes(draw.randint(1, 4)), draw.choice(TOKENS), 2 * body[start:stop]])
        body = body[:start] + piece + body[stop:]
    return body


@pytest.mark.parametrize("seed", range(20))
def test_no_mutation_makes_a_machine_raise(seed):
    draw = random.Random(seed)
    for _ in range(100):
        one_input(mutated(draw.choice(SEEDS), draw))

"""The chat fuzzer over a fixed number of damaged streams: a smoke test, not a search."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.fuzz_chat import damage, faults
from tests.fuzz.seeds import BY_DIALECT, shrink


@pytest.mark.parametrize("dialect", BY_DIALECT)
def test_no_damage_makes_anything_raise(dialect):
    for seed in range(40):
        generator = Random(seed)
        body = damage(generator.choice(BY_DIALECT[dialect]), generator)
        assert faults(body, dialect, seed) == []


def test_a_failing_body_shrinks_to_what_fails():
    assert shrink(b"data: a\n\ndata: b\nid: 1\n\ndata: c\n\n", lambda body: b"b" in body) == b"data: b\n"

"""The arguments that say what is read."""

from __future__ import annotations

import pytest

from sse_events.cli.inputs import byte_count

BYTE_COUNTS = {"65536": 65536, "64K": 65536, "16m": 16 * 1024**2, "1G": 1024**3, "0": None}


@pytest.mark.parametrize(("text", "count"), BYTE_COUNTS.items(), ids=BYTE_COUNTS)
def test_byte_count(text: str, count: int | None) -> None:
    assert byte_count(text) == count

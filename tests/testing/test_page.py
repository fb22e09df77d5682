"""docs/testing.md: its examples run, in order, each with the names of those before it."""

from __future__ import annotations

import ast
import doctest
import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_examples_run() -> None:
    example = doctest.DocTestParser().get_doctest("\n".join(blocks("pycon")), {}, "testing.md", "docs/testing.md", 0)
    assert len(example.examples) > 20
    results = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example)
    assert results.failed == 0


@pytest.mark.parametrize("sketch", blocks("python"))
def test_sketches_are_python(sketch: str) -> None:
    ast.parse(sketch)


def test_every_public_name_is_shown() -> None:
    from sse_events import testing

    names = {"events", "event_streams", "byte_streams", "chunkings", "interpret", "outcome", "assert_chunk_invariant"}
    assert names | {"FAULTY_PARSERS"} <= set(testing.__all__)
    assert {name for name in names if name not in PAGE} == set()

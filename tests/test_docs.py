"""The pages of docs/ are true: their examples run, and what they import exists.

Examples that need a provider's SDK are marked ``pycon sdks``, and run with ``--sdks``: tests/sdks/test_docs.py.
"""

from __future__ import annotations

import ast
import importlib
import re
from importlib.util import find_spec

import pytest

from sse_events.chat import (
    ChatEncoder,
    Citation,
    Done,
    Logprobs,
    Reasoning,
    ReasoningSignature,
    Refusal,
    StreamEvent,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
)
from tests.pages import PAGES, ROOT, examples, run


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    run(page, "pycon")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_sketches_parse_and_import_what_exists(page):
    """An example that cannot run by itself at least parses."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    for text in examples(page, "python"):
        sketch: ast.Module = compile(text, str(page), "exec", flags)
        for node in ast.walk(sketch):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sse_events"):
                module = importlib.import_module(node.module)
                for name in node.names:
                    found = hasattr(module, name.name) or find_spec(f"{node.module}.{name.name}")
                    assert found, f"{node.module} has no {name.name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), target


CALL: list[StreamEvent] = [ToolCallStart(0, "a", "f"), ToolCallArgs(0, "{}"), ToolCallEnd(0, "a", "f", "{}", True)]
CUSTOM: list[StreamEvent] = [
    ToolCallStart(0, "a", "f", custom=True),
    ToolCallArgs(0, "x"),
    ToolCallEnd(0, "a", "f", "x", True, custom=True),
]
LOST: dict[str, list[StreamEvent]] = {
    "text": [Token("a")],
    "reasoning": [Reasoning("a")],
    "its signature": [Reasoning("a"), ReasoningSignature("c2ln")],
    "redacted reasoning": [ReasoningSignature("c2ln", redacted=True)],
    "refusal": [Refusal("a")],
    "tool call": [*CALL],
    "custom tool call": [*CUSTOM],
    "a call's signature": [CALL[0], ReasoningSignature("c2ln", call_index=0), *CALL[1:]],
    "citation": [Token("a"), Citation("https://a", "A", "a")],
    "log probabilities": [Token("a"), Logprobs([{"token": "a", "logprob": -0.1, "bytes": None, "top_logprobs": []}])],
    "other choices": [Token("a", 1)],
}


def table_of_losses() -> list[tuple[str, str, str]]:
    """Row, dialect and cell of the table in docs/transcoding.md."""
    section = (ROOT / "docs" / "transcoding.md").read_text(encoding="utf-8").split("## What is lost")[1]
    head, _, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")
    ]
    return [(row[0], dialect, cell) for row in rows for dialect, cell in zip(head[1:], row[1:], strict=True)]


@pytest.mark.parametrize(("row", "dialect", "cell"), [row for row in table_of_losses() if row[0] in LOST])
def test_the_table_of_losses_is_what_dropped_says(row, dialect, cell):
    """A cell without "yes" says that clients get none of it, or something else instead."""
    encoder = ChatEncoder(dialect, id="i", model="m")
    for event in [*LOST[row], Done("complete")]:
        encoder.encode(event)
    lost = cell in ("no", "as text", "as a signature", "Gemini's own only")
    assert bool(encoder.dropped) == lost, encoder.dropped

"""The pages of docs/ say what is so: their examples run, and what they import is there.

Examples that need a provider's SDK are marked ``pycon sdks``, and run with ``--sdks``: tests/sdks/test_docs.py.
"""

from __future__ import annotations

import ast
import importlib
import re

import pytest

from tests.pages import PAGES, ROOT, examples, run


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    run(page, "pycon")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_sketches_parse_and_import_what_exists(page):
    """What cannot run by itself at least parses."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    for text in examples(page, "python"):
        sketch: ast.Module = compile(text, str(page), "exec", flags)
        for node in ast.walk(sketch):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sse_events"):
                module = importlib.import_module(node.module)
                for name in node.names:
                    assert hasattr(module, name.name), f"{node.module} has no {name.name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), target

"""The pages of docs/, and how their examples are run."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").glob("*.md"))


def examples(page: Path, info: str) -> list[str]:
    """The texts of the page's fenced blocks with this info string."""
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{re.escape(info)}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def run(page: Path, info: str) -> None:
    """Run the page's examples in order, each with the names of those before it."""
    names: dict[str, object] = {}
    for number, text in enumerate(examples(page, info)):
        example = doctest.DocTestParser().get_doctest(text, names, f"{page.name}, example {number}", str(page), 0)
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        runner.run(example, clear_globs=False)
        names.update(example.globs)
        assert runner.summarize(verbose=False).failed == 0, text

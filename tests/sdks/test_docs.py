"""The examples of docs/ that use the providers' SDKs."""

from __future__ import annotations

import pytest

from tests.pages import PAGES, examples, run


@pytest.mark.parametrize("page", [page for page in PAGES if examples(page, "pycon sdks")], ids=lambda page: page.name)
def test_examples(page):
    run(page, "pycon sdks")

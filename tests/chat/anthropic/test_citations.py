"""Anthropic: citations of the web, of search results and of documents."""

from __future__ import annotations

from sse_events.chat import Citation, Token
from tests.chat.anthropic.payloads import CHARS, STOP, WEB, Checks, cites, opens, says
from tests.chat.cases import Case, done, sse

SEARCH = {"type": "search_result_location", "source": "s", "title": "t", "cited_text": "c", "search_result_index": 0}
PAGES = {"type": "page_location", "document_title": None, "cited_text": "c", "start_page_number": 1}

CASES = [
    Case("a citation of the web", sse(cites(WEB), STOP), [Citation("u", "t", "c", WEB), done("complete")]),
    Case("of a search result", sse(cites(SEARCH), STOP), [Citation("s", "t", "c", SEARCH), done("complete")]),
    Case("of a document", sse(cites(CHARS), STOP), [Citation("", "d", "c", CHARS), done("complete")]),
    Case("of a document without a title", sse(cites(PAGES), STOP), [Citation("", "", "c", PAGES), done("complete")]),
    Case(
        "that the start of a block carries already",
        sse(opens("text", text="a", citations=[WEB, None, "x", CHARS]), STOP),
        [Token("a"), Citation("u", "t", "c", WEB), Citation("", "d", "c", CHARS), done("complete")],
    ),
    Case(
        "the same passage of the same address once, another passage again",
        sse(cites(WEB), cites(WEB), cites({**WEB, "cited_text": "d"}), STOP),
        [Citation("u", "t", "c", WEB), Citation("u", "t", "d", {**WEB, "cited_text": "d"}), done("complete")],
    ),
    Case("another delta", sse(says("citation", citation=WEB), STOP), [done("complete")]),
    Case(
        "no citation",
        sse(cites(None), cites([WEB]), cites("u"), opens("text", citations="x"), STOP),
        [done("complete")],
    ),
]


class TestCases(Checks):
    cases = CASES

"""Cohere: citations of documents and of the results of tools."""

from __future__ import annotations

from sse_events.chat import Citation
from tests.chat.cases import Case, done, sse
from tests.chat.cohere.payloads import DONE, PAGE, Checks, cited, cites, event

FILE = {"type": "document", "id": "e", "document": {"title": "e.txt"}}
LINK = {"type": "tool", "id": "f:0", "tool_output": {"url": "v"}}
TOOL = {"type": "tool", "id": "f:0", "tool_output": {"content": "15 °C"}}

CASES = [
    Case(
        "a citation of a tool's result",
        sse(cites(cited(TOOL)), event("citation-end", 0), DONE),
        [Citation("", "", "c", cited(TOOL)), done("complete")],
    ),
    Case(
        "of documents, and of a result with an address",
        sse(cites(cited(PAGE, FILE, LINK)), DONE),
        [
            Citation("u", "t", "c", cited(PAGE, FILE, LINK)),
            Citation("", "e.txt", "c", cited(PAGE, FILE, LINK)),
            Citation("v", "", "c", cited(PAGE, FILE, LINK)),
            done("complete"),
        ],
    ),
    Case(
        "sources without a name count where no other has one",
        sse(cites(cited(TOOL, FILE, TOOL)), DONE),
        [Citation("", "e.txt", "c", cited(TOOL, FILE, TOOL)), done("complete")],
    ),
    Case(
        "a list of citations",
        sse(cites([cited(words="a"), None, cited(words="b")]), DONE),
        [Citation("", "", "a", cited(words="a")), Citation("", "", "b", cited(words="b")), done("complete")],
    ),
    Case(
        "the same address and words once",
        sse(cites(cited(PAGE)), cites(cited(PAGE)), DONE),
        [Citation("u", "t", "c", cited(PAGE)), done("complete")],
    ),
    Case(
        "no citation",
        sse(cites(None), cites("x"), event("citation-end", 0, citations=cited(PAGE)), DONE),
        [done("complete")],
    ),
]


class TestCases(Checks):
    cases = CASES

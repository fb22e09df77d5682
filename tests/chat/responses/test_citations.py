"""Responses: citations of pages and of files."""

from __future__ import annotations

from sse_events.chat.events import Citation
from tests.chat.responses.payloads import STOPPED, Case, Checks, annotated, completed

CASES = {
    "citations": Case(
        [
            annotated({"type": "url_citation", "url": "https://a", "title": "A", "start_index": 1}),
            annotated({"type": "url_citation", "url": "https://a", "title": "A", "start_index": 9}),
            annotated({"type": "file_citation", "file_id": "file_1", "filename": "b.txt", "index": 3}),
            annotated({"type": "container_file_citation", "file_id": "file_2", "filename": "c.csv"}),
            annotated({"type": "file_path", "file_id": "file_3"}),
            completed(),
        ],
        [
            Citation(
                "https://a", "A", "", {"type": "url_citation", "url": "https://a", "title": "A", "start_index": 1}
            ),
            Citation("", "b.txt", "", {"type": "file_citation", "file_id": "file_1", "filename": "b.txt", "index": 3}),
            Citation("", "c.csv", "", {"type": "container_file_citation", "file_id": "file_2", "filename": "c.csv"}),
            Citation("", "", "", {"type": "file_path", "file_id": "file_3"}),
            *STOPPED,
        ],
    ),
    "citations by the name that OpenAI's types once had for them": Case(
        [annotated({"url": "https://a"}, "response.output_text_annotation.added"), completed()],
        [Citation("https://a", raw={"url": "https://a"}), *STOPPED],
    ),
}


class TestCases(Checks):
    cases = CASES

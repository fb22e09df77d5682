"""Gemini: citations of the web, stored documents, maps, recited text and pages that were read."""

from __future__ import annotations

from typing import Any

from sse_events.chat import Citation, Token
from tests.chat.cases import Case, done
from tests.chat.gemini.payloads import COMPLETE, PAGE, STOP, Checks, about, sse, text


def ground(*chunks: Any) -> dict[str, Any]:
    return about(groundingMetadata={"groundingChunks": list(chunks)})


WEB = {"web": {"uri": "https://a.example/", "title": "A"}}
STORED = {"retrievedContext": {"text": "Paris is the capital.", "fileSearchStore": "s"}}
PLACE = {"maps": {"uri": "https://m.example/", "title": "M", "text": "A place", "placeId": "p"}}

CASES = [
    Case(
        "grounding: the web, stored documents, maps",
        sse(ground(WEB, STORED, PLACE)),
        [
            Citation("https://a.example/", "A", "", WEB),
            Citation("", "", "Paris is the capital.", STORED),
            Citation("https://m.example/", "M", "A place", PLACE),
            done("truncated"),
        ],
    ),
    Case(
        "grounding that grows from payload to payload",
        sse(ground(WEB), ground(WEB, PLACE)),
        [
            Citation("https://a.example/", "A", "", WEB),
            Citation("https://m.example/", "M", "A place", PLACE),
            done("truncated"),
        ],
    ),
    Case(
        "sources of recited text, by the Gemini API's name and by Vertex AI's",
        sse(
            about(citationMetadata={"citationSources": [{"uri": "u", "startIndex": 1, "endIndex": 2}]}),
            about(citationMetadata={"citations": [{"uri": "v", "title": "V"}]}),
        ),
        [
            Citation("u", raw={"uri": "u", "startIndex": 1, "endIndex": 2}),
            Citation("v", "V", raw={"uri": "v", "title": "V"}),
            done("truncated"),
        ],
    ),
    Case(
        "pages that were read, not those that could not be",
        sse(
            about(
                urlContextMetadata={
                    "urlMetadata": [
                        {"retrievedUrl": "https://q.example/", "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_ERROR"},
                        PAGE,
                    ]
                }
            )
        ),
        [Citation("https://p.example/", raw=PAGE), done("truncated")],
    ),
    Case(
        "after the text of their payload, before its end",
        sse(
            {
                "candidates": [
                    {"content": {"parts": [text("a")]}, "finishReason": "STOP", **ground(WEB)["candidates"][0]}
                ]
            }
        ),
        [Token("a"), Citation("https://a.example/", "A", "", WEB), STOP, COMPLETE],
    ),
    Case(
        "shapes that are none",
        sse(
            about(groundingMetadata={"webSearchQueries": ["q"]}, citationMetadata=[1], urlContextMetadata="x"),
            ground({"web": "x"}, {"other": {"uri": "u"}}, None, "x"),
            about(citationMetadata={"citationSources": {"uri": "u"}, "citations": ["x"]}),
        ),
        [done("truncated")],
    ),
]


class TestCases(Checks):
    cases = CASES

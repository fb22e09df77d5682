"""OpenAI: line ends, byte order marks, comments, and the spellings of ``[DONE]``."""

from __future__ import annotations

import json

from sse_events.chat import Token
from tests.chat.cases import Case, done, sse
from tests.chat.openai.payloads import DONE, STOP, Checks, ends, says

FRAMING = [
    Case("CRLF", sse(says(content="a"), DONE, end="\r\n"), [Token("a"), done("complete")]),
    Case("CR", sse(says(content="a"), DONE, end="\r"), [Token("a"), done("complete")]),
    Case("one BOM is dropped", b"\xef\xbb\xbf" + sse(says(content="a"), DONE), [Token("a"), done("complete")]),
    Case(
        "data without the space, and [DONE] too",
        b'data:{"choices":[{"delta":{"content":"a"}}]}\n\ndata:[DONE]\n\n',
        [Token("a"), done("complete")],
    ),
    Case(
        "a payload over several data lines",
        b'data: {"object":"chat.completion.chunk",\ndata: "choices":[{"delta":\ndata: {"content":"a"}}]}\n\n',
        [Token("a"), done("truncated")],
    ),
    Case(
        "a space before data hides the line",
        b" " + sse(says(content="lost")) + sse(says(content="a")),
        [Token("a"), done("truncated")],
    ),
    Case(
        "comments: OPENROUTER PROCESSING, keepalive, ping, a bare colon, Replicate's timeout",
        b": OPENROUTER PROCESSING\n\n: keepalive\n\n"
        + sse(says(content="a"))
        + b": ping - 2025-01-01\n:\n\n:408: 408 Request Timeout\n\n"
        + sse(says(content="b"), DONE),
        [Token("a"), Token("b"), done("complete")],
    ),
    Case(
        "blank data is counted and otherwise ignored",
        b"data:\n\ndata: \n\ndata\n\n" + sse(says(content="a")) + b"data:  \t\n\n",
        [Token("a"), done("truncated")],
    ),
    Case(
        "id, retry and event lines do not matter",
        b"id: 1\nretry: 10\n\nevent: ping\n\n" + b"id: 4\nevent: chunk\n" + sse(says(content="a")),
        [Token("a"), done("truncated")],
    ),
    Case("[DONE] with spaces around it", sse(says(content="a"), "  [DONE] "), [Token("a"), done("complete")]),
    Case("[DONE] with a CR at the end", b"data: [DONE]\r\n\r\n", [done("complete")]),
    Case(
        "[DONE] without a blank line after it",
        sse(says(content="a")) + b"data: [DONE]",
        [Token("a"), done("complete")],
    ),
    Case(
        "[DONE] in an event of type data, done or error",
        sse(says(content="a")) + sse(DONE, event="data"),
        [Token("a"), done("complete")],
    ),
    Case("[DONE] in an event of type done", sse(DONE, event="done"), [done("complete")]),
    Case(
        "[DONE] in an event of type error",
        sse(says(content="a")) + sse(DONE, event="error"),
        [Token("a"), done("complete")],
    ),
    Case(
        "[DONE] in the text is text",
        sse(says(content="[DONE]"), says(content=" data: [DONE]")),
        [Token("[DONE]"), Token(" data: [DONE]"), done("truncated")],
    ),
    Case(
        "nothing after [DONE] is read",
        sse(says(content="a"), DONE, says(content="b"), {"error": "late"}, DONE),
        [Token("a"), done("complete")],
    ),
    Case(
        "the last event needs no blank line",
        sse(says(content="a")) + sse(ends("stop"))[:-1],
        [Token("a"), STOP, done("finished", "stop")],
    ),
    Case(
        "the last line needs no end",
        sse(says(content="a")) + sse(ends("stop"))[:-2],
        [Token("a"), STOP, done("finished", "stop")],
    ),
    Case(
        "characters cut anywhere",
        sse(json.dumps(says(content="né 日本 😀"), ensure_ascii=False)),
        [Token("né 日本 😀"), done("truncated")],
    ),
    Case(
        "bytes that are not UTF-8 become U+FFFD",
        b'data: {"choices":[{"delta":{"content":"a\xffb\xe6\x97"}}]}\n\n',
        [Token("a\ufffdb\ufffd"), done("truncated")],
    ),
    Case(
        "lone surrogates become U+FFFD, pairs a character",
        sse('{"choices":[{"delta":{"content":"\\ud83d \\ude00 \\ud83d\\ude00 x\\ud83d"}}]}'),
        [Token("\ufffd \ufffd 😀 x\ufffd"), done("truncated")],
    ),
    Case(
        "lone surrogates in keys cost nothing",
        sse('{"choices":[{"delta":{"content":"a","\\udc00":1}}],"\\ud800":{"\\ud800":[]}}'),
        [Token("a"), done("truncated")],
    ),
    Case(
        "numbers out of range are read",
        sse('{"choices":[{"delta":{"content":"a"},"n":1e400}],"m":' + "9" * 5000 + ',"o":-' + "9" * 5000 + "}"),
        [Token("a"), done("truncated")],
    ),
    Case(
        "JSON that is no object is ignored",
        sse(says(content="a"), "null", "5", '"text"', "[]", "[1,[2]]", "true", says(content="b")),
        [Token("a"), Token("b"), done("truncated")],
    ),
]


class TestCases(Checks):
    cases = FRAMING

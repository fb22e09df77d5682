"""Chat Completions and compatible servers: a case for every row and quirk that was recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sse_events.chat import (
    ChatStream,
    Citation,
    Error,
    Finish,
    Logprobs,
    Reasoning,
    ReasoningSignature,
    Refusal,
    Start,
    Token,
    ToolCallArgs,
    ToolCallEnd,
    ToolCallStart,
)
from tests.chat.cases import Case, check, check_cuts, done, read, sse, table

DONE = "[DONE]"


def chunk(*choices: Any, **members: Any) -> dict[str, Any]:
    return {"object": "chat.completion.chunk", "choices": list(choices), **members}


def choice(delta: Any = None, finish: Any = None, index: int = 0, **members: Any) -> dict[str, Any]:
    return {"index": index, "delta": {} if delta is None else delta, "finish_reason": finish, **members}


def says(**delta: Any) -> dict[str, Any]:
    return chunk(choice(delta))


def ends(word: str, **members: Any) -> dict[str, Any]:
    return chunk(choice(finish=word), **members)


def call(arguments: Any = None, *, index: Any = 0, id: Any = None, name: Any = None) -> dict[str, Any]:
    """One element of tool_calls; what is None is left out."""
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    known = {key: value for key, value in (("index", index), ("id", id)) if value is not None}
    return known | {"type": "function", "function": function}


def calls(*elements: Any) -> dict[str, Any]:
    return says(tool_calls=list(elements))


def one_call(arguments: str = "{}", *, id: str = "a", name: str = "f", index: int = 0) -> list[Any]:
    """The events of a call whose arguments came in one fragment, without its end."""
    return [ToolCallStart(index, id, name), ToolCallArgs(index, arguments)]


def end(arguments: str = "{}", *, id: str = "a", name: str = "f", index: int = 0, complete: bool = True) -> ToolCallEnd:
    return ToolCallEnd(index, id, name, arguments, complete)


STOP = Finish("stop", "stop")
TOOLS = Finish("tool_calls", "tool_calls")
PROMOTED = Finish("tool_calls", "stop")


def counted(**usage: Any) -> dict[str, Any]:
    """A usage object and the fields of Usage that it makes, for the plain three."""
    names = {"prompt_tokens": "prompt_tokens", "completion_tokens": "completion_tokens", "total_tokens": "total_tokens"}
    return {names[name]: value for name, value in usage.items()} | {"raw": usage}


PLAIN = [
    Case(
        "a whole answer: role, text, finish, usage after it, sentinel",
        sse(
            chunk(choice({"role": "assistant", "content": "", "refusal": None}), id="c1", model="m", created=1),
            chunk(choice({"content": "Hel"}), id="c1", model="m", obfuscation="xyz", usage=None),
            chunk(choice({"content": "lo"}), id="c1", model="m", service_tier="default"),
            chunk(choice(finish="stop"), id="c1", model="m"),
            chunk(id="c1", usage={"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}),
            DONE,
        ),
        [
            Start("c1", "m"),
            Token("Hel"),
            Token("lo"),
            STOP,
            done("complete", "stop", **counted(prompt_tokens=3, completion_tokens=2, total_tokens=5)),
        ],
    ),
    Case(
        "all the usage paths of OpenAI",
        sse(
            ends(
                "stop",
                usage={
                    "prompt_tokens": 100,
                    "completion_tokens": 20,
                    "total_tokens": 120,
                    "prompt_tokens_details": {"cached_tokens": 64, "cache_write_tokens": 7, "audio_tokens": 0},
                    "completion_tokens_details": {"reasoning_tokens": 9, "accepted_prediction_tokens": 1},
                },
            ),
        ),
        [
            STOP,
            done(
                "finished",
                "stop",
                prompt_tokens=100,
                completion_tokens=20,
                cached_tokens=64,
                cache_write_tokens=7,
                reasoning_tokens=9,
                total_tokens=120,
                raw={
                    "prompt_tokens": 100,
                    "completion_tokens": 20,
                    "total_tokens": 120,
                    "prompt_tokens_details": {"cached_tokens": 64, "cache_write_tokens": 7, "audio_tokens": 0},
                    "completion_tokens_details": {"reasoning_tokens": 9, "accepted_prediction_tokens": 1},
                },
            ),
        ],
    ),
    Case(
        "the id alone starts it, and only once",
        sse(chunk(id="c1"), chunk(id="c2", model="m")),
        [Start("c1", ""), done("truncated")],
    ),
    Case("the model alone starts it", sse(chunk(id="", model="m")), [Start("", "m"), done("truncated")]),
    Case(
        "content that is no string is none",
        sse(says(content=5), says(content=True), says(content={"text": "no"}), says(content="a")),
        [Token("a"), done("truncated")],
    ),
    Case("names that are no strings are not known", sse(chunk(id=5, model=["m"])), [done("truncated")]),
    Case(
        "refusal",
        sse(says(refusal="I can"), says(refusal="not", content=None), ends("stop"), DONE),
        [Refusal("I can"), Refusal("not"), STOP, done("complete", "stop")],
    ),
    Case(
        "logprobs come beside their text",
        sse(
            chunk(choice({"content": "a"}, logprobs={"content": [{"token": "a", "logprob": -0.5}], "refusal": None})),
            chunk(choice({"content": "b"}, logprobs={"content": []})),
            chunk(choice({"content": "c"}, logprobs=None)),
            chunk(choice({"content": "d"}, logprobs=[1])),
        ),
        [
            Token("a"),
            Logprobs([{"token": "a", "logprob": -0.5}]),
            Token("b"),
            Token("c"),
            Token("d"),
            done("truncated"),
        ],
    ),
    Case(
        "audio and moderation are not modelled, and cost nothing",
        sse(
            chunk(choice({"audio": {"id": "x", "transcript": "t"}, "content": "a"}), moderation={"flagged": False}),
            chunk(moderation={"flagged": False}),
        ),
        [Token("a"), done("truncated")],
    ),
    Case(
        "choices beyond the first are skipped, with their calls, finish and usage",
        sse(
            chunk(choice({"content": "no"}, index=1), choice({"content": "yes"})),
            chunk(choice({"tool_calls": [call("{}", id="x", name="g")]}, index=1, usage={"prompt_tokens": 9})),
            chunk(choice(finish="length", index=1)),
            chunk(choice(finish="stop")),
        ),
        [Token("yes"), STOP, done("finished", "stop")],
    ),
    Case(
        "a choice without an index, or with null, is the first",
        sse(
            chunk({"delta": {"content": "a"}}),
            chunk({"index": None, "delta": {"content": "b"}}),
            chunk({"index": 0.0, "delta": {"content": "c"}}),
            chunk({"index": 1.0, "delta": {"content": "d"}}),
            chunk({"index": "1", "delta": {"content": "e"}}),
        ),
        [Token("a"), Token("b"), Token("c"), Token("e"), done("truncated")],
    ),
]

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

VARIANTS = [
    Case(
        "choices that are no objects cost their place only",
        sse(chunk(5, None, choice({"content": "a"}))),
        [Token("a"), done("truncated")],
    ),
    Case(
        "zai: no finish_reason key until the last chunk, role in each, reasoning_content, usage on the finish chunk",
        sse(
            chunk({"index": 0, "delta": {"role": "assistant", "reasoning_content": "hm"}}, id="z", model="glm"),
            chunk({"index": 0, "delta": {"role": "assistant", "content": "Hi"}}, id="z", model="glm"),
            chunk(
                {"index": 0, "finish_reason": "stop", "delta": {"role": "assistant", "content": ""}},
                id="z",
                model="glm",
                usage={
                    "prompt_tokens": 8,
                    "completion_tokens": 6,
                    "prompt_tokens_details": {"cached_tokens": 2},
                    "completion_tokens_details": {"reasoning_tokens": 4},
                },
            ),
            DONE,
        ),
        [
            Start("z", "glm"),
            Reasoning("hm"),
            Token("Hi"),
            STOP,
            done(
                "complete",
                "stop",
                prompt_tokens=8,
                completion_tokens=6,
                cached_tokens=2,
                reasoning_tokens=4,
                raw={
                    "prompt_tokens": 8,
                    "completion_tokens": 6,
                    "prompt_tokens_details": {"cached_tokens": 2},
                    "completion_tokens_details": {"reasoning_tokens": 4},
                },
            ),
        ],
    ),
    Case(
        "zai: a whole call without tool_stream",
        sse(calls(call('{"a":1}', id="a", name="f")), ends("tool_calls"), DONE),
        [*one_call('{"a":1}'), TOOLS, end('{"a":1}'), done("complete", "tool_calls")],
    ),
    Case(
        "deepseek: null beside the text, keep-alive comments, cache hits at the top and nested",
        b": keep-alive\n\n"
        + sse(
            says(content=None, reasoning_content="r"),
            says(content="t", reasoning_content=None),
            ends(
                "stop",
                usage={
                    "prompt_tokens": 5,
                    "prompt_cache_hit_tokens": 4,
                    "prompt_cache_miss_tokens": 1,
                    "prompt_tokens_details": {"cached_tokens": 3},
                },
            ),
        ),
        [
            Reasoning("r"),
            Token("t"),
            STOP,
            done(
                "finished",
                "stop",
                prompt_tokens=5,
                cached_tokens=3,
                raw={
                    "prompt_tokens": 5,
                    "prompt_cache_hit_tokens": 4,
                    "prompt_cache_miss_tokens": 1,
                    "prompt_tokens_details": {"cached_tokens": 3},
                },
            ),
        ],
    ),
    Case(
        "openrouter: the same reasoning in two fields comes once, with its signature",
        sse(
            says(reasoning="th", reasoning_details=[{"type": "reasoning.text", "text": "th", "index": 0}]),
            says(
                reasoning="ink",
                reasoning_details=[{"type": "reasoning.text", "text": "ink", "signature": "S", "id": "r1"}],
            ),
            says(reasoning=None, reasoning_details=[{"type": "reasoning.encrypted", "data": "E", "id": "r2"}]),
            says(reasoning_details=[{"type": "reasoning.summary", "summary": "sum"}, {"text": "", "summary": "s2"}]),
        ),
        [
            Reasoning("th"),
            Reasoning("ink"),
            ReasoningSignature("S", id="r1"),
            ReasoningSignature("E", redacted=True, id="r2"),
            Reasoning("sums2"),
            done("truncated"),
        ],
    ),
    Case(
        "openrouter: after the finish the choice again, with the word and the usage, and native_finish_reason",
        sse(
            says(content="a"),
            chunk(choice(finish="stop", native_finish_reason="completed")),
            chunk(choice({"role": "assistant", "content": ""}, finish="stop"), usage={"prompt_tokens": 1, "cost": 0.1}),
            DONE,
        ),
        [Token("a"), STOP, done("complete", "stop", prompt_tokens=1, raw={"prompt_tokens": 1, "cost": 0.1})],
    ),
    Case(
        "openrouter: after the finish a choice without a word",
        sse(ends("stop"), chunk(choice({"content": ""}), usage={"completion_tokens": 4}), DONE),
        [STOP, done("complete", "stop", completion_tokens=4, raw={"completion_tokens": 4})],
    ),
    Case(
        "openrouter: an error beside choices, sent twice, then [DONE]",
        sse(
            says(content="a"),
            *(chunk(choice({"content": ""}), error={"code": 502, "message": "lost", "metadata": {}}),) * 2,
            DONE,
        ),
        [
            Token("a"),
            Error(
                "provider",
                "lost",
                502,
                '{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":""},"finish_reason":null}],'
                '"error":{"code":502,"message":"lost","metadata":{}}}',
            ),
            done("error"),
        ],
    ),
    Case(
        "openrouter: annotations without an index are citations, each once",
        sse(
            says(annotations=[{"type": "url_citation", "url_citation": {"url": "u", "title": "t", "content": "c"}}]),
            says(annotations=[{"type": "url_citation", "url_citation": {"url": "u", "title": "t", "content": "c"}}]),
            says(annotations=[{"url": "v", "title": None, "content": 5}, None, "x", {"file": 1}]),
            says(annotations={"url": "w"}),
        ),
        [
            Citation(
                "u", "t", "c", {"type": "url_citation", "url_citation": {"url": "u", "title": "t", "content": "c"}}
            ),
            Citation("v", "", "", {"url": "v", "title": None, "content": 5}),
            Citation("", "", "", {"file": 1}),
            done("truncated"),
        ],
    ),
    Case(
        "groq: reasoning, a whole call in one chunk, usage in x_groq and at the top",
        sse(
            chunk(choice({"role": "assistant"}), x_groq={"id": "req"}),
            says(reasoning="r", channel="analysis"),
            calls(call("{}", id="a", name="f")),
            chunk(choice(finish="tool_calls"), x_groq={"usage": {"prompt_tokens": 1, "queue_time": 0.1}}),
            chunk(usage={"prompt_tokens": 2}),
            DONE,
        ),
        [
            Reasoning("r"),
            *one_call(),
            TOOLS,
            end(),
            done("complete", "tool_calls", prompt_tokens=2, raw={"prompt_tokens": 2, "queue_time": 0.1}),
        ],
    ),
    Case(
        "groq: older streams have x_groq.usage only",
        sse(ends("stop", x_groq={"usage": {"prompt_tokens": 1, "completion_tokens": 2}}), DONE),
        [STOP, done("complete", "stop", **counted(prompt_tokens=1, completion_tokens=2))],
    ),
    Case(
        "groq: the id changes in the stream, and executed tools are no calls",
        sse(
            chunk(choice({"content": "a"}), id="c1", model="compound"),
            chunk(choice({"executed_tools": [{"index": 0, "type": "search"}], "content": "b"}), id="c2"),
        ),
        [Start("c1", "compound"), Token("a"), Token("b"), done("truncated")],
    ),
    Case(
        "mistral: content is a list of thinking and text parts, and finish comes with it",
        sse(
            says(content=[{"type": "thinking", "thinking": [{"type": "text", "text": "t1"}], "closed": False}]),
            says(content=[{"type": "thinking", "thinking": "t2"}, {"type": "text", "text": "x"}, "y"]),
            chunk(choice({"content": [{"type": "reference", "text": "no", "thinking": "no"}, {"type": "text"}, 5]})),
            chunk(choice({"content": "z"}, finish="model_length"), p="abcd", usage={"prompt_tokens": 1}),
            DONE,
        ),
        [
            Reasoning("t1"),
            Reasoning("t2"),
            Token("xy"),
            Token("z"),
            Finish("length", "model_length"),
            done("complete", "length", prompt_tokens=1, raw={"prompt_tokens": 1}),
        ],
    ),
    Case(
        "mistral: what is no thought in the list is skipped",
        sse(
            says(content=[{"type": "thinking", "thinking": ["a", {"text": "b"}, {"text": 5}, 7]}, {"type": "thinking"}])
        ),
        [Reasoning("b"), done("truncated")],
    ),
    Case(
        "mistral: whole calls without an index, two in one chunk, with the finish",
        sse(
            chunk(
                choice(
                    {
                        "content": "",
                        "tool_calls": [
                            call("{}", index=None, id="a", name="f"),
                            call("[]", index=None, id="b", name="g"),
                        ],
                    },
                    finish="tool_calls",
                )
            ),
            DONE,
        ),
        [
            *one_call(),
            *one_call("[]", id="b", name="g", index=1),
            TOOLS,
            end(),
            end("[]", id="b", name="g", index=1),
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "mistral: arguments go on with an empty name and the same id",
        sse(calls(call("{", id="a", name="f")), calls(call("}", id="a", name="")), ends("tool_calls")),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "{"),
            ToolCallArgs(0, "}"),
            TOOLS,
            end(),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "xai: usage grows with every chunk, and finish comes with content",
        sse(
            chunk(choice({"reasoning_content": "r"}), usage={"prompt_tokens": 3, "completion_tokens": 1}),
            chunk(choice({"content": "a"}), usage={"prompt_tokens": 3, "completion_tokens": 2}),
            chunk(choice({"content": "b"}, finish="stop"), usage={"prompt_tokens": 3, "completion_tokens": 3}),
        ),
        [
            Reasoning("r"),
            Token("a"),
            Token("b"),
            STOP,
            done("finished", "stop", **counted(prompt_tokens=3, completion_tokens=3)),
        ],
    ),
    Case(
        "moonshot: usage in the choice, cached tokens at its top",
        sse(chunk(choice(finish="stop", usage={"prompt_tokens": 9, "completion_tokens": 2, "cached_tokens": 5})), DONE),
        [
            STOP,
            done(
                "complete",
                "stop",
                prompt_tokens=9,
                completion_tokens=2,
                cached_tokens=5,
                raw={"prompt_tokens": 9, "completion_tokens": 2, "cached_tokens": 5},
            ),
        ],
    ),
    Case(
        "moonshot: ids like name:0",
        sse(calls(call("{}", id="f:0", name="f")), ends("tool_calls"), DONE),
        [*one_call(id="f:0"), TOOLS, end(id="f:0"), done("complete", "tool_calls")],
    ),
    Case(
        "qwen: later deltas carry an empty id, every chunk a null usage",
        sse(
            chunk(choice({"tool_calls": [call("{", id="a", name="f")]}), usage=None),
            chunk(choice({"tool_calls": [call("}", id="", name="")]}), usage=None),
            chunk(choice(finish="tool_calls"), usage=None),
            chunk(usage={"prompt_tokens": 1}),
            DONE,
        ),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "{"),
            ToolCallArgs(0, "}"),
            TOOLS,
            end(),
            done("complete", "tool_calls", prompt_tokens=1, raw={"prompt_tokens": 1}),
        ],
    ),
    Case(
        "vllm: the name comes alone, then the arguments; stop_reason and token_ids are extras",
        sse(
            calls(call(id="a", name="f")),
            chunk(choice({"tool_calls": [call('{"a"')]}, stop_reason=None, token_ids=[1])),
            calls(call(":1}")),
            ends("tool_calls"),
        ),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, '{"a"'),
            ToolCallArgs(0, ":1}"),
            TOOLS,
            end('{"a":1}'),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "vllm: two fragments of one call in one chunk (speculative decoding)",
        sse(calls(call("{", id="a", name="f"), call("}")), ends("tool_calls")),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "{"),
            ToolCallArgs(0, "}"),
            TOOLS,
            end(),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "azure: the filter results come first, with no object and no id, and later without a delta",
        sse(
            {"id": "", "object": "", "model": "", "choices": [], "prompt_filter_results": [{"prompt_index": 0}]},
            chunk(choice({"content": "a"}), id="c", model="m"),
            {"object": "", "choices": [{"index": 0, "content_filter_results": {}, "content_filter_offsets": {}}]},
            ends("stop", latency_checkpoint={"x": 1}),
            DONE,
        ),
        [Start("c", "m"), Token("a"), STOP, done("complete", "stop")],
    ),
    Case(
        "azure: the filter results alone are of this dialect",
        sse({"id": "", "object": "", "choices": [], "prompt_filter_results": []}, DONE),
        [done("complete")],
    ),
    Case(
        "copilot: no object field, reasoning tokens at the top",
        sse(
            {"choices": [], "prompt_filter_results": []},
            {"id": "c", "choices": [{"index": 0, "delta": {"content": "a"}}]},
            {
                "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 1, "reasoning_tokens": 3},
            },
        ),
        [
            Start("c", ""),
            Token("a"),
            STOP,
            done(
                "finished",
                "stop",
                prompt_tokens=1,
                reasoning_tokens=3,
                raw={"prompt_tokens": 1, "reasoning_tokens": 3},
            ),
        ],
    ),
    Case(
        "together: choices[].text mirrors the delta, which does not make it a legacy completion",
        sse(
            {
                "choices": [
                    {"index": 0, "text": "a", "seed": 1, "delta": {"token_id": 5, "role": "assistant", "content": "a"}}
                ]
            },
            {
                "choices": [{"index": 0, "text": "", "delta": {"content": ""}, "finish_reason": "eos"}],
                "usage": {"cached_tokens": 2},
            },
            DONE,
        ),
        [Token("a"), Finish("stop", "eos"), done("complete", "stop", cached_tokens=2, raw={"cached_tokens": 2})],
    ),
    Case(
        "fireworks, fim and cerebras: perf_metrics and time_info are extras",
        sse(
            chunk(choice({"content": "a"}), perf_metrics={"x": 1}),
            chunk(choice(finish="stop"), time_info={"total_time": 1.0}, usage={"prompt_tokens": 1}),
        ),
        [Token("a"), STOP, done("finished", "stop", prompt_tokens=1, raw={"prompt_tokens": 1})],
    ),
    Case(
        "perplexity: CRLF, the text so far beside the delta, sources in every chunk, no sentinel",
        sse(
            chunk(
                choice({"content": "<think>a"}, message={"role": "assistant", "content": "<think>a"}),
                id="p1",
                citations=["u", "v"],
                search_results=[{"title": "T", "url": "u", "date": None}, 5],
                usage={"prompt_tokens": 1, "completion_tokens": 1},
            ),
            {
                "id": "p2",
                "object": "chat.completion.done",
                "choices": [choice({"content": "b"}, "stop", message={"role": "assistant", "content": "<think>ab"})],
                "citations": ["u", "v", None],
                "search_results": [{"title": "T", "url": "u", "date": None}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 2},
            },
            end="\r\n",
        ),
        [
            Start("p1", ""),
            Token("<think>a"),
            Citation("u", "T", "", {"title": "T", "url": "u", "date": None}),
            Citation("v", "", "", "v"),
            Token("b"),
            STOP,
            done("finished", "stop", **counted(prompt_tokens=1, completion_tokens=2)),
        ],
    ),
    Case(
        "perplexity: chat.reasoning objects, and a done that decides without choices[].delta",
        sse(
            {"object": "chat.reasoning", "choices": [{"delta": {"reasoning_content": "r"}}]},
            {"object": "chat.reasoning.done", "choices": [{"delta": {}}]},
            {"object": "chat.completion.done", "choices": []},
        ),
        [Reasoning("r"), done("truncated")],
    ),
    Case(
        "perplexity: one kind of source may come alone",
        sse(chunk(search_results=[{"title": "T", "url": "u"}]), chunk(citations=["v"])),
        [Citation("u", "T", "", {"title": "T", "url": "u"}), Citation("v", "", "", "v"), done("truncated")],
    ),
    Case(
        "perplexity: sources that are no lists are ignored",
        sse(chunk(citations="u", search_results={"url": "u"})),
        [done("truncated")],
    ),
    Case(
        "minimax: usage of zeros until the last frame, which is the whole message and has no delta",
        sse(
            chunk(choice({"role": "", "reasoning_content": "r", "content": ""}), usage={"prompt_tokens": 0}),
            chunk(choice({"content": "a"}, "stop"), usage={"total_tokens": 0}),
            {
                "object": "chat.completion",
                "choices": [
                    {"index": 0, "message": {"content": "a", "reasoning_content": "r"}, "finish_reason": "stop"},
                ],
                "usage": {"prompt_tokens": 7, "total_tokens": 9},
                "base_resp": {"status_code": 0, "status_msg": ""},
                "input_sensitive": False,
            },
            DONE,
        ),
        [
            Reasoning("r"),
            Token("a"),
            STOP,
            done("complete", "stop", prompt_tokens=7, total_tokens=9, raw={"prompt_tokens": 7, "total_tokens": 9}),
        ],
    ),
    Case(
        "minimax: arguments may be an object",
        sse(calls(call({"city": "Köln", "n": [1, 2.5, None]}, id="a", name="f")), ends("tool_calls")),
        [
            *one_call('{"city":"Köln","n":[1,2.5,null]}'),
            TOOLS,
            end('{"city":"Köln","n":[1,2.5,null]}'),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "ollama: no index, finish stop although there are calls",
        sse(
            calls(call("{}", index=None, id="a", name="f")),
            calls(call("[]", index=None, id="b", name="g")),
            ends("stop"),
            DONE,
        ),
        [
            *one_call(),
            *one_call("[]", id="b", name="g", index=1),
            PROMOTED,
            end(),
            end("[]", id="b", name="g", index=1),
            done("complete", "tool_calls"),
        ],
    ),
    Case(
        "ollama: all calls at index 0",
        sse(
            calls(call("{}", id="a", name="f"), call("[]", id="b", name="g")),
            calls(call("1", id="c", name="f")),
            ends("stop"),
        ),
        [
            *one_call(),
            *one_call("[]", id="b", name="g", index=1),
            *one_call("1", id="c", index=2),
            PROMOTED,
            end(),
            end("[]", id="b", name="g", index=1),
            end("1", id="c", index=2),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "ollama: a null finish, then [DONE], is complete, and so are its calls",
        sse(says(reasoning="r"), calls(call("{}", id="a", name="f")), DONE),
        [Reasoning("r"), *one_call(), end(), done("complete")],
    ),
    Case(
        "lm studio: each fragment has a new id, an empty name and the same index",
        sse(
            calls(call("", id="a", name="f")),
            calls(call("{", id="b", name="")),
            calls(call("}", id="c", name="")),
            ends("tool_calls"),
        ),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "{"),
            ToolCallArgs(0, "}"),
            TOOLS,
            end(),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "llama.cpp: null content first, comments, timings beside the usage",
        b":\n\n"
        + sse(
            says(role="assistant", content=None),
            says(content="a"),
            chunk(usage={"prompt_tokens": 3, "prompt_tokens_details": {"cached_tokens": 0}}, timings={"cache_n": 1}),
        ),
        [
            Token("a"),
            done(
                "truncated",
                prompt_tokens=3,
                cached_tokens=0,
                raw={"prompt_tokens": 3, "prompt_tokens_details": {"cached_tokens": 0}},
            ),
        ],
    ),
    Case(
        "llama.cpp, gpustack: a field named error ends the stream",
        sse(says(content="a")) + b'error: {"code":500,"message":"lost","type":"server_error"}\n\n',
        [
            Token("a"),
            Error("provider", "lost", 500, '{"code":500,"message":"lost","type":"server_error"}'),
            done("error"),
        ],
    ),
    Case(
        "gemini's compatibility endpoint: no index, an empty id, a signature of the call",
        sse(
            calls(
                call("{}", index=None, id="", name="f") | {"extra_content": {"google": {"thought_signature": "S"}}},
                call("[]", index=None, id="", name="g") | {"extra_content": {"google": 5}},
            ),
            chunk(choice(finish="stop"), usage={"prompt_tokens": 1}),
            DONE,
        ),
        [
            *one_call(id=""),
            ReasoningSignature("S", call_index=0),
            *one_call("[]", id="", name="g", index=1),
            PROMOTED,
            end(id=""),
            end("[]", id="", name="g", index=1),
            done("complete", "tool_calls", prompt_tokens=1, raw={"prompt_tokens": 1}),
        ],
    ),
    Case(
        "venice: later deltas have a null id, cache reads at the top, reasoning_encrypted is a flag",
        sse(
            says(reasoning_content="r", reasoning_encrypted=False),
            calls({"index": 0, "id": "a", "function": {"name": "f", "arguments": "{"}}),
            calls({"index": 0, "id": None, "function": {"name": None, "arguments": "}"}}),
            ends("tool_calls"),
            chunk(usage={"prompt_tokens": 4, "cache_read_input_tokens": 2, "cache_creation_input_tokens": 1}),
        ),
        [
            Reasoning("r"),
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "{"),
            ToolCallArgs(0, "}"),
            TOOLS,
            end(),
            done(
                "finished",
                "tool_calls",
                prompt_tokens=4,
                cached_tokens=2,
                cache_write_tokens=1,
                raw={"prompt_tokens": 4, "cache_read_input_tokens": 2, "cache_creation_input_tokens": 1},
            ),
        ],
    ),
    Case(
        "doubleword: the reasoning in three fields at once, the finish repeated",
        sse(
            says(reasoning="r", reasoning_content="r", reasoning_details=[{"type": "reasoning.text", "text": "r"}]),
            ends("stop"),
            ends("stop"),
            DONE,
        ),
        [Reasoning("r"), STOP, done("complete", "stop")],
    ),
    Case(
        "snowflake: reasoning_details only, an empty id, never a finish_reason",
        sse(
            {
                "id": "",
                "model": "m",
                "choices": [{"delta": {"content": "", "reasoning_details": [{"type": "reasoning.text", "text": "r"}]}}],
            },
            {"id": "", "model": "m", "choices": [{"delta": {"content": "a"}}]},
            {"choices": [], "usage": {"prompt_tokens": 1}},
            DONE,
        ),
        [
            Start("", "m"),
            Reasoning("r"),
            Token("a"),
            done("complete", prompt_tokens=1, raw={"prompt_tokens": 1}),
        ],
    ),
    Case(
        "hugging face router: sla_metrics is an extra",
        sse(chunk(choice({"content": "a"}), sla_metrics={"ttft": 1})),
        [Token("a"), done("truncated")],
    ),
    Case(
        "writer: message and delta side by side with many nulls, several choices, no sentinel",
        sse(
            chunk(
                choice({"content": "a", "role": None, "tool_calls": None}, message={"content": "", "tool_calls": None}),
                choice({"content": "no"}, index=1),
            ),
            chunk(choice({"content": None}, "stop", message={"content": "a", "refusal": None}, logprobs=None)),
            chunk(usage={"prompt_tokens": 1}),
        ),
        [Token("a"), STOP, done("finished", "stop", prompt_tokens=1, raw={"prompt_tokens": 1})],
    ),
]

IDENTITY = [
    Case(
        "C1a: a known id is its call, whatever the index",
        sse(
            calls(call("1", id="a", name="f"), call("2", index=1, id="b", name="g")),
            calls(call("3", index=5, id="a", name="h")),
            calls(call("4", index=5)),
            ends("tool_calls"),
        ),
        [
            *one_call("1"),
            *one_call("2", id="b", name="g", index=1),
            ToolCallArgs(0, "3"),
            ToolCallArgs(0, "4"),
            TOOLS,
            end("134"),
            end("2", id="b", name="g", index=1),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1a: a known id without an index",
        sse(
            calls(call("1", id="a", name="f"), call("2", index=1, id="b", name="g")),
            calls(call("3", index=None, id="a", name="f")),
            ends("tool_calls"),
        ),
        [
            *one_call("1"),
            *one_call("2", id="b", name="g", index=1),
            ToolCallArgs(0, "3"),
            TOOLS,
            end("13"),
            end("2", id="b", name="g", index=1),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1b: at a known index a new id with a name is a new call, and the index is its own from then on",
        sse(calls(call("1", id="a", name="f")), calls(call("2", id="b", name="g")), calls(call("3")), ends("stop")),
        [
            *one_call("1"),
            *one_call("2", id="b", name="g", index=1),
            ToolCallArgs(1, "3"),
            PROMOTED,
            end("1"),
            end("23", id="b", name="g", index=1),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1b: at a known index a name without an id goes on, and the first name stays",
        sse(calls(call("1", id="a", name="f")), calls(call("2", name="g")), ends("stop")),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "1"),
            ToolCallArgs(0, "2"),
            PROMOTED,
            end("12"),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1b: an id that comes later fills in, and is known then",
        sse(calls(call("1", name="f")), calls(call("2", id="b")), calls(call("3", index=1, id="b")), ends("stop")),
        [
            ToolCallStart(0, "", "f"),
            ToolCallArgs(0, "1"),
            ToolCallArgs(0, "2"),
            ToolCallArgs(0, "3"),
            PROMOTED,
            end("123", id="b"),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1c: an unknown index is a new call even without a name, which may come later",
        sse(
            calls(call("{", id="a")),
            calls(call("", index=1, id="b", name="g")),
            calls(call("}", name="f")),
            ends("stop"),
        ),
        [
            ToolCallStart(1, "b", "g"),
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "{}"),
            PROMOTED,
            end(),
            end("", id="b", name="g", index=1),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1c: a name that never comes holds the call back until the end",
        sse(calls(call("{", id="a")), calls(call("}")), says(content="x"), ends("stop")),
        [
            Token("x"),
            PROMOTED,
            ToolCallStart(0, "a", ""),
            ToolCallArgs(0, "{}"),
            end(name="", complete=False),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1d: without an index a name begins a call, with or without an id, and what has no name goes on",
        sse(
            calls(call("1", index=None)),
            calls(call("2", index=None, id="a", name="f")),
            calls(call("3", index=None)),
            calls(call("4", index=None, name="g")),
            calls(call("5", index=None, id="new")),
            ends("stop"),
        ),
        [
            *one_call("2", index=1),
            ToolCallArgs(1, "3"),
            *one_call("4", id="", name="g", index=2),
            ToolCallArgs(2, "5"),
            PROMOTED,
            ToolCallStart(0, "", ""),
            ToolCallArgs(0, "1"),
            end("1", id="", name="", complete=False),
            end("23", index=1),
            end("45", id="new", name="g", index=2),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1: an index may be 0.0, and is missing if it is a string or a bool",
        sse(
            calls(call("1", index=0.0, id="a", name="f")),
            calls(call("2", index=0)),
            calls(call("3", index="0")),
            calls(call("4", index=False, name="g")),
            ends("stop"),
        ),
        [
            *one_call("1"),
            ToolCallArgs(0, "2"),
            ToolCallArgs(0, "3"),
            *one_call("4", id="", name="g", index=1),
            PROMOTED,
            end("123"),
            end("4", id="", name="g", index=1),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C1: ids and names that are no strings are none",
        sse(
            calls({"index": 0, "id": 7, "function": {"name": ["f"], "arguments": "{}"}}),
            calls(call(id="a")),
            calls(call(name="f")),
            ends("stop"),
        ),
        [*one_call(), PROMOTED, end(), done("finished", "tool_calls")],
    ),
    Case(
        "C1: arguments: null is nothing, and what is no string is compact JSON",
        sse(
            calls(call(id="a", name="f")),
            calls({"index": 0, "function": {"arguments": None}}),
            calls(call([1, {"a": True}])),
            calls(call(5)),
            calls(call(False)),
            ends("stop"),
        ),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, '[1,{"a":true}]'),
            ToolCallArgs(0, "5"),
            ToolCallArgs(0, "false"),
            PROMOTED,
            end('[1,{"a":true}]5false', complete=False),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C2: the legacy function_call is one call of its own without an id, named in parts or not",
        sse(
            says(function_call={"name": "f", "arguments": ""}),
            says(function_call={"arguments": "{"}),
            calls(call("[]", id="b", name="g")),
            says(function_call={"name": "ignored", "arguments": "}"}),
            ends("function_call"),
        ),
        [
            ToolCallStart(0, "", "f"),
            ToolCallArgs(0, "{"),
            *one_call("[]", id="b", name="g", index=1),
            ToolCallArgs(0, "}"),
            Finish("tool_calls", "function_call"),
            end(id=""),
            end("[]", id="b", name="g", index=1),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C2, C11: a custom tool has an input, which is free text, in place of a function that may be null or empty",
        sse(
            calls({"index": 0, "id": "a", "type": "custom", "custom": {"name": "f", "input": "hi "}}),
            calls({"index": 0, "function": None, "custom": {"input": "you"}}),
            calls({"index": 0, "function": {}, "custom": {"input": "!"}}),
            ends("tool_calls"),
        ),
        [
            ToolCallStart(0, "a", "f", custom=True),
            ToolCallArgs(0, "hi "),
            ToolCallArgs(0, "you"),
            ToolCallArgs(0, "!"),
            TOOLS,
            ToolCallEnd(0, "a", "f", "hi you!", True, custom=True),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "C3: empty arguments stay empty, and count as none",
        sse(calls(call("", id="a", name="f")), ends("tool_calls")),
        [ToolCallStart(0, "a", "f"), TOOLS, end(""), done("finished", "tool_calls")],
    ),
    Case(
        "elements of tool_calls that are no objects cost their place only",
        sse(
            calls(None, 5, "x", [call("no", id="z", name="z")], call("{}", id="a", name="f")),
            says(tool_calls={"index": 0}),
            ends("stop"),
        ),
        [*one_call(), PROMOTED, end(), done("finished", "tool_calls")],
    ),
    Case(
        "a function that is no object leaves the rest of the element",
        sse(calls({"index": 0, "id": "a", "function": "f"}), calls(call("{}", name="f")), ends("stop")),
        [*one_call(), PROMOTED, end(), done("finished", "tool_calls")],
    ),
]

SNAPSHOTS = [
    Case(
        "T4: a message alone fills every field",
        sse(
            chunk(
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {
                        "content": [{"type": "text", "text": "hi"}],
                        "reasoning_content": "r",
                        "refusal": "no",
                        "tool_calls": [call("{}", id="a", name="f")],
                    },
                },
            ),
        ),
        [Reasoning("r"), Token("hi"), Refusal("no"), *one_call(), PROMOTED, end(), done("finished", "tool_calls")],
    ),
    Case(
        "T4: each field is filled only if none of it was streamed",
        sse(
            says(content="a"),
            chunk(choice(message={"content": "ab", "reasoning": "r", "refusal": "n", "function_call": {"name": "f"}})),
            chunk(
                choice(message={"content": "x", "reasoning": "x", "refusal": "x", "tool_calls": [call("{}", name="x")]})
            ),
        ),
        [
            Token("a"),
            Reasoning("r"),
            Refusal("n"),
            ToolCallStart(0, "", "f"),
            end("", id="", complete=False),
            done("truncated"),
        ],
    ),
    Case(
        "T4: the delta of the same choice is read first",
        sse(chunk(choice({"content": "a", "refusal": "b"}, message={"content": "ab", "refusal": "bb"}))),
        [Token("a"), Refusal("b"), done("truncated")],
    ),
    Case(
        "T4: a second message does not fill what the first has filled",
        sse(chunk(choice(message={"content": "a"})), chunk(choice(message={"content": "ab"}))),
        [Token("a"), done("truncated")],
    ),
    Case(
        "T4: a message fills in signatures that were not streamed",
        sse(chunk(choice(message={"reasoning_details": [{"text": "r", "signature": "S"}]}))),
        [Reasoning("r"), ReasoningSignature("S"), done("truncated")],
    ),
    Case(
        "T4: signatures are not repeated with the message",
        sse(
            says(reasoning_details=[{"type": "reasoning.encrypted", "data": "E"}]),
            *(chunk(choice(message={"reasoning_details": [{"type": "reasoning.encrypted", "data": "E"}]})),) * 2,
        ),
        [ReasoningSignature("E", redacted=True), done("truncated")],
    ),
    Case(
        "a message that is no object is none",
        sse(
            chunk(choice({"content": "a"}, message="a")),
            chunk(choice("x", message=[1])),
            chunk(choice(message={"content": "b"})),
        ),
        [Token("a"), done("truncated")],
    ),
]

SOURCES = {
    "reasoning_content": "content",
    "reasoning": "plain",
    "reasoning_details": [{"text": "det"}, "no", {"text": None, "summary": "ails"}, {"data": "zz"}],
    "content": [{"type": "thinking", "thinking": "parts"}, {"type": "text", "text": "x"}],
}


def sources(*names: str) -> bytes:
    return sse(says(**{name: SOURCES[name] for name in names}))


REASONING = [
    Case(
        "T3: reasoning_content before all others",
        sources("content", "reasoning_details", "reasoning", "reasoning_content"),
        [Reasoning("content"), Token("x"), done("truncated")],
    ),
    Case(
        "T3: then reasoning",
        sources("content", "reasoning_details", "reasoning"),
        [Reasoning("plain"), Token("x"), done("truncated")],
    ),
    Case(
        "T3: then the texts or summaries of reasoning_details",
        sources("content", "reasoning_details"),
        [Reasoning("details"), Token("x"), done("truncated")],
    ),
    Case("T3: then thinking parts", sources("content"), [Reasoning("parts"), Token("x"), done("truncated")]),
    Case(
        "T3: an empty or wrong source gives way to the next",
        sse(
            says(reasoning_content="", reasoning="a"),
            says(reasoning_content=5, reasoning="a"),
            says(reasoning_content=5, reasoning={"x": 1}, reasoning_details=[{"text": "b"}]),
            says(
                reasoning_content=None,
                reasoning="",
                reasoning_details="no",
                content=[{"type": "thinking", "thinking": "c"}],
            ),
            says(reasoning_details={"text": "no"}),
        ),
        [Reasoning("a"), Reasoning("a"), Reasoning("b"), Reasoning("c"), done("truncated")],
    ),
    Case(
        "reasoning comes before the text of the same delta",
        sse(says(content="t", reasoning="r")),
        [Reasoning("r"), Token("t"), done("truncated")],
    ),
]

USAGE = [
    Case(
        "U1: the last integer wins, field by field, and nothing is summed",
        sse(
            chunk(usage={"prompt_tokens": 5, "completion_tokens": 1, "x": 1}),
            chunk(usage={"prompt_tokens": None, "completion_tokens": 3}),
            chunk(
                usage={"prompt_tokens": "9", "completion_tokens": True, "reasoning_tokens": 8.0, "cached_tokens": 1.5}
            ),
        ),
        [
            done(
                "truncated",
                prompt_tokens=5,
                completion_tokens=3,
                reasoning_tokens=8,
                raw={
                    "prompt_tokens": "9",
                    "completion_tokens": True,
                    "x": 1,
                    "reasoning_tokens": 8.0,
                    "cached_tokens": 1.5,
                },
            )
        ],
    ),
    Case(
        "U1: an object of zeros is ignored after one that was not, and holds before",
        sse(
            chunk(usage={"prompt_tokens": 0, "completion_tokens": 0}),
            chunk(usage={"prompt_tokens": 5, "completion_tokens": 0}),
            chunk(usage={"prompt_tokens": 0, "completion_tokens": 0, "cached_tokens": 0}),
        ),
        [done("truncated", prompt_tokens=5, completion_tokens=0, raw={"prompt_tokens": 5, "completion_tokens": 0})],
    ),
    Case(
        "U1: a total does not save an object of zeros",
        sse(chunk(usage={"prompt_tokens": 5}), chunk(usage={"prompt_tokens": 0, "total_tokens": 9})),
        [done("truncated", prompt_tokens=5, raw={"prompt_tokens": 5})],
    ),
    Case(
        "U1: nor does a total known before make zeros nothing",
        sse(chunk(usage={"total_tokens": 9}), chunk(usage={"prompt_tokens": 0})),
        [done("truncated", prompt_tokens=0, total_tokens=9, raw={"prompt_tokens": 0, "total_tokens": 9})],
    ),
    Case(
        "U1: zeros alone are zeros",
        sse(chunk(usage={"prompt_tokens": 0, "completion_tokens": 0})),
        [done("truncated", prompt_tokens=0, completion_tokens=0, raw={"prompt_tokens": 0, "completion_tokens": 0})],
    ),
    Case(
        "U1: zeros after zeros are zeros",
        sse(chunk(usage={"prompt_tokens": 0}), chunk(usage={"completion_tokens": 0})),
        [done("truncated", prompt_tokens=0, completion_tokens=0, raw={"prompt_tokens": 0, "completion_tokens": 0})],
    ),
    Case(
        "U1: a zero beside what is not is a number",
        sse(
            chunk(usage={"prompt_tokens": 5, "completion_tokens": 5}),
            chunk(usage={"prompt_tokens": 6, "completion_tokens": 0}),
        ),
        [done("truncated", prompt_tokens=6, completion_tokens=0, raw={"prompt_tokens": 6, "completion_tokens": 0})],
    ),
    Case(
        "U2: of the five places in one payload the outermost wins",
        sse(
            chunk(
                choice(
                    {"usage": {"prompt_tokens": 4, "completion_tokens": 4, "cached_tokens": 4, "reasoning_tokens": 4}},
                    usage={"prompt_tokens": 3, "completion_tokens": 3, "cached_tokens": 3},
                    message={
                        "usage": {
                            "prompt_tokens": 5,
                            "completion_tokens": 5,
                            "cached_tokens": 5,
                            "reasoning_tokens": 5,
                            "total_tokens": 5,
                        }
                    },
                ),
                x_groq={"usage": {"prompt_tokens": 2, "completion_tokens": 2}},
                usage={"prompt_tokens": 1},
            ),
        ),
        [
            done(
                "truncated",
                prompt_tokens=1,
                completion_tokens=2,
                cached_tokens=3,
                reasoning_tokens=4,
                total_tokens=5,
                raw={
                    "prompt_tokens": 1,
                    "completion_tokens": 2,
                    "cached_tokens": 3,
                    "reasoning_tokens": 4,
                    "total_tokens": 5,
                },
            )
        ],
    ),
    Case(
        "U2: usage that is no object is none, wherever it stands",
        sse(
            chunk(choice({"usage": 5}, usage=[1], message={"usage": "x"}), usage="no", x_groq={"usage": [3]}),
            chunk(x_groq=5),
        ),
        [done("truncated")],
    ),
]

# Of several fields for one number the first in this order is taken, although the others have come too.
PRECEDENCE = {
    "total_tokens": ("total_tokens",),
    "prompt_tokens": ("prompt_tokens", "input_tokens"),
    "completion_tokens": ("completion_tokens", "output_tokens"),
    "cached_tokens": (
        "prompt_tokens_details.cached_tokens",
        "cached_tokens",
        "prompt_cache_hit_tokens",
        "cache_read_input_tokens",
        "input_tokens_details.cached_tokens",
    ),
    "cache_write_tokens": (
        "prompt_tokens_details.cache_write_tokens",
        "input_tokens_details.cache_write_tokens",
        "cache_creation_input_tokens",
    ),
    "reasoning_tokens": (
        "completion_tokens_details.reasoning_tokens",
        "reasoning_tokens",
        "output_tokens_details.reasoning_tokens",
        "output_tokens_details.thinking_tokens",
    ),
}

WORDS = {
    "stop": "stop end_turn stop_sequence complete completed eos",
    "length": "length max_tokens model_length model_context_window_exceeded max_output_tokens",
    "tool_calls": "tool_calls tool_use tool_call function_call",
    "content_filter": "content_filter safety recitation blocklist prohibited_content spii language image_safety refusal"
    " sensitive",
    "error": "error network_error insufficient_system_resource malformed_function_call unexpected_tool_call failed",
    "other": "weird network stop. tool",
}

ENDINGS = [
    Case("no finish, no sentinel", sse(says(content="a")), [Token("a"), done("truncated")]),
    Case("a finish word, then the end", sse(ends("stop")), [STOP, done("finished", "stop")]),
    Case("a sentinel without a finish word", sse(says(content="a"), DONE), [Token("a"), done("complete")]),
    Case("nothing at all", b"", [done("truncated")]),
    Case("comments only", b": OPENROUTER PROCESSING\n\n", [done("truncated")]),
    Case("the sentinel only", sse(DONE), [done("complete")]),
    Case(
        "X1: the last word wins, and is sent only when it changes",
        sse(ends("stop"), ends("stop"), ends("length"), ends(""), chunk(choice(finish=None)), chunk(choice(finish=5))),
        [STOP, Finish("length", "length"), done("finished", "length")],
    ),
    Case(
        "X1: a call after the word stop makes it tool_calls",
        sse(ends("stop"), calls(call("{}", id="a", name="f")), DONE),
        [STOP, *one_call(), PROMOTED, end(), done("complete", "tool_calls")],
    ),
    Case(
        "X1: only stop is promoted",
        sse(calls(call("{}", id="a", name="f")), ends("weird"), DONE),
        [*one_call(), Finish("other", "weird"), end(), done("complete", "other")],
    ),
    Case(
        "a forced tool choice finishes with stop",
        sse(calls(call("{}", id="a", name="f")), ends("stop"), DONE),
        [*one_call(), PROMOTED, end(), done("complete", "tool_calls")],
    ),
    Case(
        "S1: a word that means error makes the status error, without an Error",
        sse(says(content="a"), ends("insufficient_system_resource"), DONE),
        [Token("a"), Finish("error", "insufficient_system_resource"), done("error", "error")],
    ),
    Case(
        "a finish in the same chunk as the text comes after it",
        sse(chunk(choice({"content": "a"}, "stop"))),
        [Token("a"), STOP, done("finished", "stop")],
    ),
]

COMPLETE = [
    Case(
        f"a call is not complete: {why}",
        sse(calls(call(arguments, id="a", name="f")), *rest),
        [*one_call(arguments), *between, end(arguments, complete=False), last],
    )
    for why, arguments, rest, between, last in (
        ("nobody said that it ended", "{}", [], [], done("truncated")),
        ("cut by length", "{}", [ends("length"), DONE], [Finish("length", "length")], done("complete", "length")),
        (
            "cut by a filter",
            "{}",
            [ends("content_filter"), DONE],
            [Finish("content_filter", "content_filter")],
            done("complete", "content_filter"),
        ),
        ("the word is error", "{}", [ends("error"), DONE], [Finish("error", "error")], done("error", "error")),
        (
            "an error ended the stream",
            "{}",
            [ends("tool_calls"), {"error": "lost"}, DONE],
            [TOOLS, Error("provider", "lost", None, '{"error":"lost"}')],
            done("error", "tool_calls"),
        ),
        ("its arguments are cut", '{"a":', [ends("tool_calls"), DONE], [TOOLS], done("complete", "tool_calls")),
        ("its arguments are two values", "{}{}", [ends("tool_calls"), DONE], [TOOLS], done("complete", "tool_calls")),
        ("its arguments are blank", " ", [ends("tool_calls"), DONE], [TOOLS], done("complete", "tool_calls")),
        ("its arguments are NaN", "NaN", [ends("tool_calls"), DONE], [TOOLS], done("complete", "tool_calls")),
    )
] + [
    Case(
        "a call is complete: an error came, and a proper end after it",
        sse(calls(call("{}", id="a", name="f")), {"error": "slow"}, ends("tool_calls")),
        [
            *one_call(),
            Error("provider", "slow", None, '{"error":"slow"}'),
            TOOLS,
            end(),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "a call is complete: arguments with lone surrogates, numbers out of range",
        sse(calls(call('{"a":"\\ud83d","b":1e400}', id="a", name="f")), ends("tool_calls")),
        [
            *one_call('{"a":"\\ud83d","b":1e400}'),
            TOOLS,
            end('{"a":"\\ud83d","b":1e400}'),
            done("finished", "tool_calls"),
        ],
    ),
    Case(
        "a fragment after the finish, which comes before the end, is of the call",
        sse(calls(call("{", id="a", name="f")), ends("tool_calls"), calls(call("}")), DONE),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "{"),
            TOOLS,
            ToolCallArgs(0, "}"),
            end(),
            done("complete", "tool_calls"),
        ],
    ),
]

# No cut can show this one: the finish word had ended the call, before more of it came.
LATE = [
    Case(
        "a fragment between two finish words is followed by one",
        sse(ends("stop"), calls(call("{}", id="a", name="f")), ends("stop"), calls(), ends("stop")),
        [STOP, *one_call(), PROMOTED, end(), done("finished", "tool_calls")],
    ),
    Case(
        "a fragment after two finish words is followed by none",
        sse(ends("stop"), ends("stop"), calls(call("{}", id="a", name="f"))),
        [STOP, *one_call(), PROMOTED, end(complete=False), done("finished", "tool_calls")],
    ),
    Case(
        "a fragment after the finish needs a terminal signal, for more might have followed",
        sse(calls(call("1", id="a", name="f")), ends("tool_calls"), calls(call("2"))),
        [
            ToolCallStart(0, "a", "f"),
            ToolCallArgs(0, "1"),
            TOOLS,
            ToolCallArgs(0, "2"),
            end("12", complete=False),
            done("finished", "tool_calls"),
        ],
    ),
]

CASES = [*PLAIN, *FRAMING, *VARIANTS, *IDENTITY, *SNAPSHOTS, *REASONING, *USAGE, *ENDINGS, *COMPLETE]


@table([*CASES, *LATE])
def test_yields(case):
    check(case.body, case.events, "auto", "openai")


@table(case for case in CASES if len(case.body) < 5000)
def test_a_cut_takes_nothing_back(case):
    check_cuts(case.body)


@table(VARIANTS + SNAPSHOTS)
def test_raw_adds_the_payloads_and_changes_nothing_else(case):
    events = read(case.body, raw=True)
    assert [event for event in events if type(event).__name__ != "Raw"] == case.events


@pytest.mark.parametrize(("reason", "word"), [(reason, word) for reason in WORDS for word in WORDS[reason].split()])
def test_finish_words(reason, word):
    """X0: compared without case."""
    for spelt in (word, word.upper(), word.capitalize()):
        assert read(sse(ends(spelt))) == [
            Finish(reason, spelt),
            done("error" if reason == "error" else "finished", reason),
        ]


def usage_of(paths):
    """A usage object with 0 at the first of `paths` (``"usage.field"``), 1 at the next, and so on."""
    usage: dict[str, Any] = {}
    for number, path in enumerate(paths):
        head, _, name = path.partition(".")
        if name:
            usage.setdefault(head, {})[name] = number
        else:
            usage[head] = number
    return usage


@pytest.mark.parametrize(("field", "path"), [(field, path) for field in PRECEDENCE for path in PRECEDENCE[field]])
def test_each_usage_field_counts_alone(field, path):
    """U3: an integer, zero included."""
    (last,) = read(sse(chunk(usage=usage_of([path]))))
    assert last == done("truncated", **{field: 0, "raw": usage_of([path])})


@pytest.mark.parametrize(("field", "at"), [(field, at) for field in PRECEDENCE for at in range(len(PRECEDENCE[field]))])
def test_the_first_of_several_usage_fields_is_taken(field, at):
    """U3: "first present", whatever came last."""
    usage = usage_of(PRECEDENCE[field][at:])
    (last,) = read(sse(chunk(usage=usage)))
    assert last == done("truncated", **{field: 0, "raw": usage})


MALFORMED = "{not json"


class TestMalformed:
    """A malformed data line is reported, and the stream goes on. No call that may have lost a fragment is complete."""

    def errors(self, *payloads):
        return [
            (event.kind, event.raw) if isinstance(event, Error) else event
            for event in read(sse(*payloads), "openai")
            if not isinstance(event, (ToolCallStart, ToolCallArgs))
        ]

    REPORT = ("malformed_json", MALFORMED)

    def test_between_texts(self):
        assert self.errors(says(content="a"), MALFORMED, says(content="b"), ends("stop"), DONE) == [
            Token("a"),
            self.REPORT,
            Token("b"),
            STOP,
            done("complete", "stop", 1),
        ]

    @pytest.mark.parametrize(
        "payload", ["NaN", '{"choices":[{"delta":{"content":"a","x":NaN}}]}', "[-Infinity]", "{", "'a'"]
    )
    def test_what_is_not_json(self, payload):
        """NaN and Infinity are not."""
        events = read(sse(payload), "openai")
        assert [(event.kind, event.raw) for event in events if isinstance(event, Error)] == [
            ("malformed_json", payload)
        ]
        assert events[-1] == done("truncated", None, 1)

    def test_deep_nesting_is_the_provider_s_malformed_json(self):
        for deep in ("[" * 100_000, '{"choices":' * 100_000, "[" * 100_000 + "]" * 100_000):
            events = read(sse(says(content="a"), deep, says(content="b"), DONE))
            assert [type(event).__name__ for event in events] == ["Token", "Error", "Token", "Done"]
            assert events[1].kind == "malformed_json"  # type: ignore[union-attr]

    def test_arguments_nested_too_deeply_are_not_complete(self):
        events = read(sse(calls(call("[" * 100_000 + "]" * 100_000, name="f")), ends("tool_calls"), DONE))
        assert [event.complete for event in events if isinstance(event, ToolCallEnd)] == [False]
        assert events[-1] == done("complete", "tool_calls")

    def test_before_a_call(self):
        """The call has begun since, whole."""
        assert self.errors(MALFORMED, calls(call("{}", id="a", name="f")), ends("tool_calls")) == [
            self.REPORT,
            TOOLS,
            end(),
            done("finished", "tool_calls", 1),
        ]

    def test_amid_a_call_though_the_rest_parses(self):
        assert self.errors(
            calls(call('{"rm":"/"', id="a", name="f")), MALFORMED, calls(call("}")), ends("tool_calls"), DONE
        ) == [self.REPORT, TOOLS, end('{"rm":"/"}', complete=False), done("complete", "tool_calls", 1)]

    def test_amid_a_call_of_which_only_the_id_has_come(self):
        assert self.errors(calls(call(id="a")), MALFORMED, calls(call("{}", name="f")), ends("stop"), DONE) == [
            self.REPORT,
            PROMOTED,
            end(complete=False),
            done("complete", "tool_calls", 1),
        ]

    def test_between_calls(self):
        """The first call may have lost a fragment, the second not."""
        assert self.errors(
            calls(call("{}", id="a", name="f")), MALFORMED, calls(call("{}", id="b", name="g", index=1)), ends("stop")
        ) == [
            self.REPORT,
            PROMOTED,
            end(complete=False),
            end(id="b", name="g", index=1),
            done("finished", "tool_calls", 1),
        ]

    def test_in_the_last_chunk_of_a_broken_connection(self):
        body = sse(calls(call("{}", id="a", name="f")), ends("tool_calls")) + b'data: {"choices":[{"del'
        assert read(body)[-2:] == [end(complete=False), done("finished", "tool_calls", 1)]


class TestChoices:
    def test_all(self):
        body = sse(
            chunk(choice({"content": "a"}), choice({"content": "b", "reasoning": "r"}, index=1)),
            chunk(choice({"refusal": "n", "tool_calls": [call("{}", id="x", name="f")]}, index=1)),
            chunk(choice({"tool_calls": [call("[]", id="y", name="g")]}, index=-1, logprobs={"content": [1]})),
            chunk(choice({"reasoning_details": [{"type": "reasoning.encrypted", "data": "E"}]}, index=1)),
            chunk(choice({"annotations": [{"url": "u"}]}, index=1), choice({"annotations": [{"url": "u"}]})),
            chunk(choice(finish="stop"), choice(finish="length", index=1, usage={"prompt_tokens": 9})),
            DONE,
        )
        check(
            body,
            [
                Token("a"),
                Reasoning("r", 1),
                Token("b", 1),
                Refusal("n", 1),
                ToolCallStart(0, "x", "f", 1),
                ToolCallArgs(0, "{}", 1),
                ToolCallStart(0, "y", "g", -1),
                ToolCallArgs(0, "[]", -1),
                Logprobs([1], -1),
                ReasoningSignature("E", redacted=True, choice=1),
                Citation("u", raw={"url": "u"}, choice=1),
                Citation("u", raw={"url": "u"}),
                STOP,
                Finish("length", "length", 1),
                ToolCallEnd(0, "x", "f", "{}", False, 1),
                ToolCallEnd(0, "y", "g", "[]", True, -1),
                done("complete", "stop"),
            ],
            "auto",
            "openai",
            choices="all",
        )
        check_cuts(body, choices="all")

    def test_a_snapshot_of_another(self):
        message = {"content": "t", "reasoning": "r"}
        body = sse(chunk(choice(index=1, message=message)))
        assert read(body, choices="all") == [Reasoning("r", 1), Token("t", 1), done("truncated")]

    def test_a_call_after_the_finish_word_of_another(self):
        body = sse(chunk(choice(finish="stop", index=1)), chunk(choice({"tool_calls": [call(name="f")]}, index=1)))
        assert read(body, choices="all")[-3:] == [
            Finish("tool_calls", "stop", 1),
            ToolCallEnd(0, "", "f", "", True, 1),
            done("truncated"),
        ]

    def test_a_choice_that_nothing_ended_is_not_complete_because_another_was(self):
        body = sse(
            chunk(choice({"tool_calls": [call("{}", id="x", name="f")]}, index=1)),
            chunk(choice({"tool_calls": [call("{}", id="y", name="g")]}, "tool_calls")),
        )
        ended = {event.id: event.complete for event in read(body, choices="all") if isinstance(event, ToolCallEnd)}
        assert ended == {"x": False, "y": True}

    def test_the_end_of_another_choice_is_not_the_proper_end_after_an_error(self):
        body = sse({"error": "lost"}, chunk(choice(finish="stop", index=1)), chunk(choice({"content": "a"}), index=0))
        for choices in ("first", "all"):
            assert read(body, choices=choices)[-1] == done("error")


GOOD: Any = {
    "id": "c",
    "model": "m",
    "object": "chat.completion.chunk",
    "choices": [
        {
            "index": 0,
            "delta": {
                "content": "text",
                "reasoning_content": "thought",
                "refusal": "refused",
                "tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{}"}}],
                "annotations": [{"url_citation": {"url": "u"}}],
            },
            "logprobs": {"content": [{"token": "t"}]},
            "finish_reason": "stop",
            "usage": {"completion_tokens": 2},
        }
    ],
    "usage": {"prompt_tokens": 1, "prompt_tokens_details": {"cached_tokens": 1}},
    "x_groq": {"usage": {"reasoning_tokens": 1}},
    "citations": ["v"],
    "search_results": [{"url": "w"}],
}


class TestWrongShapes:
    """A wrong shape loses only its own field."""

    WRONG: tuple[Any, ...] = (
        None,
        0,
        7,
        -1,
        1.5,
        10**400,
        True,
        False,
        "",
        "x",
        [],
        [None],
        [[]],
        ["x"],
        [{}],
        {},
        {"a": {"b": 1}},
    )

    @staticmethod
    def places(value, path=()):
        for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            yield (*path, key)
            yield from TestWrongShapes.places(value[key], (*path, key))

    @staticmethod
    def replaced(value, path, wrong):
        if not path:
            return wrong
        copy = dict(value) if isinstance(value, dict) else list(value)
        copy[path[0]] = TestWrongShapes.replaced(value[path[0]], path[1:], wrong)
        return copy

    def test_cost_only_themselves(self):
        """Every event of the good payload is there, except those that come from the faulty place."""
        stream = ChatStream("openai")
        good = stream.feed(sse(GOOD))
        # Which events hang on which place.
        hangs = {
            Start: [("id",), ("model",)],
            Token: [("content",)],
            Reasoning: [("reasoning_content",)],
            Refusal: [("refusal",)],
            Citation: [("annotations",), ("citations",), ("search_results",)],
            Logprobs: [("logprobs",)],
            ToolCallStart: [("tool_calls",)],
            ToolCallArgs: [("tool_calls",)],
            Finish: [("finish_reason",), ("tool_calls",)],
        }
        assert {type(event) for event in good} == set(hangs)
        for path in self.places(GOOD):
            if path in (("choices",), ("choices", 0), ("choices", 0, "index"), ("choices", 0, "delta")):
                continue  # all else hangs on them
            for wrong in self.WRONG:
                stream = ChatStream("openai")
                stream.feed(sse(says()))
                events = stream.feed(sse(self.replaced(GOOD, path, wrong)))
                for event in good:
                    hurt = any(key in path for keys in hangs[type(event)] for key in keys)
                    assert hurt or event in events, (path, wrong)

    @pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: repr(wrong)[:20])
    def test_of_what_all_hangs_on(self, wrong):
        for path in (("choices",), ("choices", 0), ("choices", 0, "delta")):
            events = read(sse(says(content="a"), self.replaced(GOOD, path, wrong), says(content="b"), DONE))
            assert [event for event in events if isinstance(event, Token)] == [Token("a"), Token("b")]
            assert Start("c", "m") in events
            assert events[-1].usage.prompt_tokens == 1  # type: ignore[union-attr]

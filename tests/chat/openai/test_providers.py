"""OpenAI: what Z.ai, DeepSeek, OpenRouter, Groq, Mistral, xAI, Moonshot and Qwen send differently."""

from __future__ import annotations

from sse_events.chat import (
    Citation,
    Error,
    Finish,
    Reasoning,
    ReasoningSignature,
    Start,
    Token,
    ToolCallArgs,
    ToolCallStart,
)
from tests.chat.cases import Case, done, sse
from tests.chat.openai.payloads import (
    DONE,
    STOP,
    TOOLS,
    Checks,
    call,
    calls,
    choice,
    chunk,
    counted,
    end,
    ends,
    one_call,
    says,
)

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
]


class TestCases(Checks):
    cases = VARIANTS

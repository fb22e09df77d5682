"""OpenAI: what vLLM, Azure, Perplexity, Ollama, llama.cpp and other servers and gateways send differently."""

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
    PROMOTED,
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


class TestCases(Checks):
    cases = VARIANTS

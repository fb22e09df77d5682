"""OpenAI: text, refusals, log-probabilities, citations, and the first and last payloads of an answer."""

from __future__ import annotations

from sse_events.chat import Logprobs, Refusal, Start, Token
from tests.chat.cases import Case, done, sse
from tests.chat.openai.payloads import DONE, STOP, Checks, call, choice, chunk, counted, ends, says

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


class TestCases(Checks):
    cases = PLAIN

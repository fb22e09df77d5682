"""ChatStream: any bytes, any JSON and any nesting give events, and never an exception."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_events.chat import Done, Error, ToolCallStart
from sse_events.chat.dialects import DIALECTS
from tests.chat.cases import read, sse
from tests.chat.payloads import DECIDING, DONE, TEXT
from tests.chat.summary import check_order
from tests.examples import examples, spread

# Anything at all

NAMES = [
    *("object", "type", "id", "model", "choices", "index", "delta", "message", "content", "finish_reason", "usage"),
    *("reasoning_content", "reasoning", "reasoning_details", "refusal", "text", "thinking", "signature", "data"),
    *("tool_calls", "function", "function_call", "custom", "name", "arguments", "input", "extra_content", "google"),
    *(
        "x_groq",
        "prompt_tokens",
        "prompt_tokens_details",
        "cached_tokens",
        "logprobs",
        "annotations",
        "url",
        "citations",
    ),
    *("error", "code", "detail", "base_resp", "status_code", "success", "stop_reason", "content_block"),
    *("candidates", "parts", "functionCall", "args", "partialArgs", "usageMetadata", "response", "output", "item"),
]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        [
            "error",
            "stop",
            "text_completion",
            "chat.completion.chunk",
            "message_start",
            "response.created",
            "content-delta",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3) | st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=15,
)


def survives(body, **options):
    """Every chunk is taken, Done comes once and last, and the chunking makes no difference."""
    events = read(body, **options)
    check_order(events)
    middle = len(body) // 2
    assert repr(read([body[:middle], body[middle:]], **options)) == repr(events)


@settings(max_examples=examples(150), deadline=None)
@given(st.binary(), st.booleans())
def test_any_bytes(body, raw):
    survives(body, raw=raw)
    survives(b"data: " + body + b"\n\n", raw=raw)
    survives(sse(TEXT) + b"data: " + body, raw=raw)


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(JSON, max_size=4), st.sampled_from(["auto", *DECIDING]), st.booleans(), st.sampled_from(["first", "all"])
)
def test_any_json(payloads, dialect, raw, choices):
    texts = [json.dumps(payload) for payload in payloads]
    survives(sse(*texts), dialect=dialect, raw=raw, choices=choices)
    survives(sse(TEXT, *texts, DONE), dialect=dialect, raw=raw, choices=choices)


@settings(max_examples=examples(150), deadline=None)
@given(st.sampled_from(list(DECIDING)), JSON, st.data())
def test_any_shape_in_any_place(dialect, wrong, data):
    payload = json.loads(json.dumps(DECIDING[dialect]))
    holder, key = data.draw(st.sampled_from(list(places(payload))))
    holder[key] = wrong
    survives(sse(DECIDING[dialect], json.dumps(payload)))


def places(value):
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


def deepest():
    """How deep a value the decoder reads that is called from here: that depends on the interpreter and the stack."""
    low, high = 100, 100_000
    while high - low > 1:
        depth = (low + high) // 2
        try:
            msgspec.json.decode("[" * depth + "]" * depth)
            low = depth
        except RecursionError:
            high = depth
    return low


PLACES = {
    "alone": "%s",
    "error": '{"error":%s}',
    "beside an error": '{"error":"x","other":%s}',
    "beside a lone surrogate": '{"choices":[{"delta":{"content":"\\ud83d"}}],"other":%s}',
    "delta": '{"choices":[{"delta":%s}]}',
    "openai": '{"choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":%s}}]}}]}',
    "arguments": '{"choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":"%s"}}]}}]}',
    "anthropic": '{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","name":"f","input":%s}}',
    "gemini": '{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":%s}}]}}]}',
    # The value is written when the stream ends, under a path that is as long as it may be.
    "gemini, streamed": (
        '{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","willContinue":true,"args":{"a":%s}}},'
        '{"functionCall":{"willContinue":true,"partialArgs":[{"jsonPath":"$PATH","numberValue":%s}]}}]}}]}'
    ).replace("PATH", ".b" * 100),
    "interactions": '{"event_type":"step.start","index":0,"step":{"type":"function_call","name":"f","arguments":%s}}',
    "responses": '{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","arguments":%s}}',
    "cohere": '{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":%s}}}}}',
}


@pytest.mark.parametrize("nest", [("[", "]"), ('{"error":', "}"), ('{"message":', "}")], ids=lambda nest: nest[0])
@pytest.mark.parametrize("place", PLACES)
def test_nesting_of_any_depth(place, nest):
    # Just shallow enough for the decoder is still too deep for what comes after it, and 100,000 is too deep for all.
    limit = deepest()
    for depth in (100, 400, *spread(range(limit - 16, limit), 5), 100_000):
        deep = nest[0] * depth + "1" + nest[1] * depth
        text = PLACES[place].replace("%s", deep.replace('"', '\\"') if place == "arguments" else deep)
        known = sse(DECIDING.get(place.partition(",")[0], TEXT), text)
        bodies = [sse(text), known, sse(text, event="error"), f"error: {text}\n\n".encode(), text.encode()]
        for body in bodies:
            for raw in (False, True):
                events = read(body, raw=raw)
                assert isinstance(events[-1], Done)
                assert sum(isinstance(event, Done) for event in events) == 1
                errors = [event for event in events if isinstance(event, Error)]
                assert all(type(error.message) is type(error.raw) is str for error in errors)
                if place in DIALECTS and body in bodies[:2]:
                    # The call is read, or it is said that it was not.
                    assert errors or any(isinstance(event, ToolCallStart) for event in events)

"""Damage a recorded or written body as providers, gateways and networks do."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, TypeAlias

from tests.chat.reference import frame

# A block is an event's type and its data, or None and lines that stand for themselves.
Block: TypeAlias = tuple[str | None, str]

ERRORS: tuple[tuple[str | None, str], ...] = (
    ("message", '{"error":{"message":"boom","type":"t","code":"c","param":null}}'),
    ("message", '{"error":"boom"}'),
    ("message", '{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":""}}],"error":{"code":5}}'),
    ("message", '{"choices":[{"index":0,"delta":{},"finish_reason":"error","error":{"message":"bang","code":502}}]}'),
    ("error", '{"code":13,"details":"boom"}'),
    ("error", "plain words"),
    ("message", '{"object":"error","message":"flat","type":"BadRequest","code":400}'),
    ("message", '{"error_type":"x","error_message":"boom","choices":null}'),
    ("message", '{"success":false,"error":{}}'),
    ("message", '{"success":false,"message":"no"}'),
    ("message", '{"base_resp":{"status_code":1004,"status_msg":"login fail"}}'),
    ("message", '{"choices":[],"x_groq":{"error":"boom"}}'),
    ("message", '{"detail":"Not Found"}'),
    ("message", '{"detail":[{"loc":["body"],"msg":"field required"}]}'),
    ("message", '[{"error":{"code":400,"message":"boom","status":"INVALID_ARGUMENT"}}]'),
    (None, 'error: {"code":500,"message":"boom"}'),
    (None, "error: lost"),
    (None, '{"error":{"message":"unframed"}}'),
    (None, "<html><body>502 Bad Gateway</body></html>"),
    ("error", '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'),
    ("message", '{"type":"error","code":"x","message":"boom","param":null}'),
    ("message", '{"error":null,"detail":null}'),
)
NOISE: tuple[tuple[str | None, str], ...] = (
    ("message", "[DONE]"),
    ("message", " [DONE] "),
    ("message", ""),
    ("message", "  "),
    ("message", "{"),
    ("message", '{"choices":[{"delta":{"content":"x"}}'),
    ("message", "NaN"),
    ("message", '{"choices":[{"delta":{"content":"x","n":NaN}}]}'),
    ("message", "null"),
    ("message", "5"),
    ("message", '"text"'),
    ("message", "[]"),
    ("message", "{}"),
    ("message", '{"type":"ping"}'),
    ("message", '{"foo":1}'),
    ("message", '{"object":"text_completion","choices":[{"text":"x"}]}'),
    ("message", '{"id":"","object":"","choices":[],"prompt_filter_results":[]}'),
    ("message", '{"choices":[{"index":0,"delta":{"content":"\\ud83d"}}]}'),
    ("message", '{"choices":[{"index":0,"delta":{"content":"big","n":1e400}}]}'),
    ("ping", '{"type": "ping"}'),
    ("done", "[DONE]"),
    (None, ": keep-alive"),
    (None, ":"),
    (None, "id: 7"),
    (None, "event: error"),
    (None, "retry: 10"),
    (None, " data: {}"),
    (None, "error:"),
    (None, "data"),
)
LEAVES: tuple[Any, ...] = (
    *(None, 0, 1, -3, 7, 2.0, 2.5, True, False, 10**30),
    *("", "x", "0", "stop", "length", "error", "text", "thinking", "message_stop", "text_delta", "tool_use"),
    *([], {}, [None], ["x"], [{}], [[1]], {"a": 1}, {"text": "t"}, {"message": "m"}, [{"text": "t"}]),
)
# Members that may come with any others, and the values that they get.
GRAFTS: tuple[tuple[str, Any], ...] = (
    *(("error", "beside"), ("error", {"message": "beside", "code": 1}), ("error", {}), ("error", 5), ("error", [{}])),
    *(("error_type", "x"), ("error_message", "flat"), ("success", False), ("success", None), ("detail", "no")),
    *(("base_resp", {"status_code": 7, "status_msg": "no"}), ("base_resp", {"status_code": 0}), ("object", "error")),
    *(("x_groq", {"error": "x"}), ("x_groq", {"usage": {"prompt_tokens": 3}}), ("x_groq", "x"), ("object", "chat")),
    *(("usage", {"input_tokens": 9, "output_tokens": 0}), ("usage", {"input_tokens": 0}), ("usage", {"tokens": 1})),
    *(("usage", {"completion_tokens": 3.0, "prompt_tokens_details": {"cached_tokens": 2}}), ("usage", None)),
    *(("usageMetadata", {"thoughtsTokenCount": 4}), ("promptFeedback", {"blockReason": "SAFETY"})),
    *(("promptFeedback", {}), ("candidates", [{"finishReason": "STOP"}]), ("candidates", None), ("type", "ping")),
    *(("thought", True), ("text", "t"), ("index", 1), ("index", 0.0), ("output_index", None), ("name", "g")),
    *(("willContinue", True), ("willContinue", False), ("args", {"k": [1, "é"]}), ("args", "x"), ("id", "id_1")),
    *(("partialArgs", [{"jsonPath": "$.k", "stringValue": "v"}]), ("partialArgs", [])),
    *(("functionCall", {"name": "f", "args": {}}), ("functionCall", {}), ("functionCall", {"name": "f"})),
    *(("finish_reason", "length"), ("stop_reason", "max_tokens"), ("finishReason", "MAX_TOKENS")),
    *(("tool_calls", [{"id": "id_1", "function": {"name": "f", "arguments": "{}"}}]), ("tool_plan", "plan")),
    *(("arguments", "{}"), ("arguments", {"a": 1}), ("input", {"b": 2}), ("input", "raw"), ("input", None)),
    *(("status", "completed"), ("status", "incomplete"), ("status", None), ("call_id", "id_2"), ("delta", "d")),
    *(("thinking", "t"), ("content", "c"), ("refusal", "no"), ("reasoning", "r"), ("summary", [{"text": "s"}])),
)
KINDS = (
    *("message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta"),
    *("text", "thinking", "tool_use", "server_tool_use", "fallback", "redacted_thinking"),
    *("text_delta", "thinking_delta", "input_json_delta", "signature_delta", "citations_delta"),
    *("message-start", "content-start", "content-delta", "content-end", "tool-plan-delta", "tool-call-start"),
    *("tool-call-delta", "tool-call-end", "citation-start", "message-end"),
    *("response.output_text.delta", "response.refusal.delta", "response.reasoning_text.delta"),
    *("response.output_item.added", "response.output_item.done", "response.function_call_arguments.delta"),
    *("response.function_call_arguments.done", "response.custom_tool_call_input.delta", "response.completed"),
    *("response.incomplete", "response.failed", "response.created", "response.x"),
    *("response.output_text.done", "response.refusal.done", "response.custom_tool_call_input.done"),
    *("model_output", "thought", "thought_summary", "thought_signature", "arguments_delta", "text_annotation"),
    *("function_call", "custom_tool_call", "reasoning", "message", "output_text", "refusal", "error", "ping"),
)
# In these frequent payloads ChatStream does not look for an error in a choice: only the dialect openai has choices. The
# rules know no such exception. So choices are taken out of them.
HOT_KINDS = (
    *("content_block_delta", "content-delta", "tool-plan-delta", "tool-call-delta"),
    *("response.output_text.delta", "response.refusal.delta"),
    *("response.reasoning_text.delta", "response.reasoning_summary_text.delta"),
    *("response.function_call_arguments.delta", "response.custom_tool_call_input.delta"),
)
FINISHES = (
    *("stop", "length", "tool_calls", "content_filter", "error", "abort", "USER_CANCEL", "TIMEOUT", "weird", "SAFETY"),
    *("function_call_filter: MALFORMED_FUNCTION_CALL", "max_tokens_reached", "prompt_blocked", "completed", "failed"),
    *("requires_action", "incomplete", "budget_exceeded", "cancelled", "in_progress", "max_output_tokens"),
)
IDS = ("", "id_1", "id_2", "call_a", "call_b", None, 3)
INDEXES = (0, 1, 2, None, 0.0, "0")
NAMES = ("", "f", "g", None)


def mutate(body: bytes, others: list[bytes], generator: Random) -> bytes:
    """`body` with a few faults, the same for the same `generator`. Some faults insert payloads of `others`."""
    blocks = split(body)
    for _ in range(generator.choice((1, 1, 1, 2, 2, 3, 5))):
        change = generator.choice(CHANGES)
        change(blocks, generator)
    if generator.random() < 0.1:
        foreign = split(generator.choice(others))
        at = generator.randint(0, len(blocks))
        blocks[at:at] = foreign[: generator.randint(0, 3)]
    damaged = join([seen(block) for block in blocks], generator.choice(("\n", "\n", "\n", "\r\n", "\r")))
    if generator.random() < 0.15:
        damaged = damaged[: generator.randint(0, len(damaged))]
    if generator.random() < 0.05:
        damaged = b"\xef\xbb\xbf" + damaged
    if generator.random() < 0.05 and damaged:
        at = generator.randrange(len(damaged))
        damaged = damaged[:at] + generator.choice((b"\xff", b"\xe4", b"\x00", b"\n", b'"')) + damaged[at:]
    return damaged


def split(body: bytes) -> list[Block]:
    return [("message", item.value) if item.event is None else (item.event, item.value) for item in frame(body)]


def join(blocks: list[Block], end: str) -> bytes:
    lines: list[str] = []
    for event, data in blocks:
        if event is None:
            lines.append(data)
        else:
            lines += [] if event == "message" else [f"event: {event}"]
            lines += [f"data: {line}" for line in data.split("\n")]
        lines.append("")
    return "".join(line + end for line in lines).encode()


def drop(blocks: list[Block], generator: Random) -> None:
    if blocks:
        del blocks[generator.randrange(len(blocks))]


def repeat(blocks: list[Block], generator: Random) -> None:
    if blocks:
        blocks.insert(generator.randint(0, len(blocks)), generator.choice(blocks))


def swap(blocks: list[Block], generator: Random) -> None:
    if blocks:
        first, second = generator.randrange(len(blocks)), generator.randrange(len(blocks))
        blocks[first], blocks[second] = blocks[second], blocks[first]


def insert(blocks: list[Block], generator: Random) -> None:
    blocks.insert(generator.randint(0, len(blocks)), generator.choice(generator.choice((ERRORS, NOISE))))


def rename(blocks: list[Block], generator: Random) -> None:
    """Another event type on the same data."""
    if blocks:
        at = generator.randrange(len(blocks))
        blocks[at] = (generator.choice(("error", "message", "ping", "data")), blocks[at][1])


def merge(blocks: list[Block], generator: Random) -> None:
    """No blank line between two or more events."""
    if len(blocks) > 1:
        at = generator.randrange(len(blocks) - 1)
        number = generator.choice((2, 2, 3, len(blocks)))
        merged = [block for block in blocks[at : at + number] if block[0] is not None]
        if merged:
            blocks[at : at + number] = [(merged[-1][0], "\n".join(data for _, data in merged))]


def frame_twice(blocks: list[Block], generator: Random) -> None:
    """Every event is framed by two libraries, or one of them is."""
    whole = generator.random() < 0.5
    chosen = range(len(blocks)) if whole else [generator.randrange(len(blocks))] if blocks else []
    for at in chosen:
        event, data = blocks[at]
        if event is not None:
            blocks[at] = event, "\n".join(f"data: {line}" for line in data.split("\n"))


def drop_kind(blocks: list[Block], generator: Random) -> None:
    """A server that never sends one type of event."""
    kinds = [
        payload.get("type") or payload.get("event_type") for _, payload in payloads(blocks) if isinstance(payload, dict)
    ]
    if kinds:
        kind = generator.choice(kinds)
        blocks[:] = [block for block in blocks if kind is None or f'"{kind}"' not in block[1]]


def send_again(blocks: list[Block], generator: Random) -> None:
    """A gateway that sends some events again, each after itself, or all of them at the end."""
    again = [block for block in blocks if generator.random() < 0.5]
    if generator.random() < 0.5:
        blocks[:] = [copy for block in blocks for copy in ([block] * 2 if block in again else [block])]
    elif blocks:
        blocks[-1:-1] = again


def spoil(blocks: list[Block], generator: Random) -> None:
    """One character less."""
    if blocks:
        at = generator.randrange(len(blocks))
        event, data = blocks[at]
        cut = generator.randint(0, len(data))
        blocks[at] = event, data[:cut] + data[cut + 1 :]


def graft(blocks: list[Block], generator: Random) -> None:
    """One more member in some object."""
    holders = []
    for at, payload in payloads(blocks):
        holders += [(at, payload, payload)] if isinstance(payload, dict) else []
        for holder, key in places(payload):
            holders += [(at, payload, holder[key])] if isinstance(holder[key], dict) else []
    if holders:
        at, payload, holder = generator.choice(holders)
        name, value = generator.choice(GRAFTS)
        holder[name] = copy.deepcopy(value)
        blocks[at] = blocks[at][0], json.dumps(payload)


def change_kind(blocks: list[Block], generator: Random) -> None:
    change_value(blocks, generator, lambda key: key == "type", KINDS)


def change_leaf(blocks: list[Block], generator: Random) -> None:
    change_value(blocks, generator, lambda _: True, LEAVES)


def change_finish(blocks: list[Block], generator: Random) -> None:
    keys = ("finish_reason", "stop_reason", "finishReason", "status", "reason", "blockReason")
    change_value(blocks, generator, lambda key: key in keys, FINISHES)


def change_id(blocks: list[Block], generator: Random) -> None:
    change_value(blocks, generator, lambda key: key in ("id", "call_id", "item_id"), IDS)


def change_index(blocks: list[Block], generator: Random) -> None:
    change_value(blocks, generator, lambda key: key in ("index", "output_index"), INDEXES)


def change_name(blocks: list[Block], generator: Random) -> None:
    change_value(blocks, generator, lambda key: key == "name", NAMES)


def change_value(
    blocks: list[Block], generator: Random, wanted: Callable[[Any], bool], values: tuple[Any, ...]
) -> None:
    """Put one of `values` in the place of some member, or take the member away."""
    candidates = [
        (at, payload, holder, key) for at, payload in payloads(blocks) for holder, key in places(payload) if wanted(key)
    ]
    if not candidates:
        return
    at, payload, holder, key = generator.choice(candidates)
    if isinstance(holder, dict) and generator.random() < 0.15:
        del holder[key]
    else:
        holder[key] = copy.deepcopy(generator.choice(values))
    blocks[at] = blocks[at][0], json.dumps(payload)


def payloads(blocks: list[Block]) -> Iterator[tuple[int, Any]]:
    """The decoded payloads, and where they stand."""
    for at, (event, data) in enumerate(blocks):
        try:
            yield at, json.loads(data) if event is not None else None
        except ValueError:
            continue


def seen(block: Block) -> Block:
    """`block` without the parts of its lines that ChatStream is known not to look at."""
    return block[0], "\n".join(seen_line(line) for line in block[1].split("\n"))


def seen_line(line: str) -> str:
    for _, payload in payloads([("message", line)]):
        if not isinstance(payload, dict):
            continue
        hot = payload.get("type") in HOT_KINDS or payload.get("event_type") == "step.delta"
        if hot and "choices" in payload:
            return json.dumps({name: value for name, value in payload.items() if name != "choices"})
    return line


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key or position) in a JSON value."""
    keys: Any = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


CHANGES = (
    *(drop, repeat, swap, insert, insert, rename, spoil),
    *(change_leaf, change_leaf, change_leaf, change_leaf, change_id, change_index, change_name),
    *(change_kind, graft, graft, graft, change_finish, change_finish, merge, frame_twice, drop_kind, send_again),
)

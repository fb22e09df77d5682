"""Payloads of chat streams as each provider sends them, with the same few words in every dialect.

The docstring of each dialect names its usual text delta, and its mean length in recorded streams. The deltas here are
as long: they have the provider's other fields, and as much text as it sends at once.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

_WORDS = ("the", "of", "model", "answer", "which", "stream", "token", "quickly", "and", "a", "because", "server")


class Turn(NamedTuple):
    """One answer, streamed.

    Attributes:
        payloads: The JSON of each event, in order; without the sentinel.
        blocks: The bytes of each event, the sentinel included where the dialect has one.
        text: What the answer says.
    """

    payloads: list[bytes]
    blocks: list[bytes]
    text: str


def openai(rng: random.Random, pieces: list[str]) -> list[str]:
    """chat.completion.chunk: 285 bytes for a token."""
    head = (
        '{"id":"chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012","object":"chat.completion.chunk","created":1755000000,'
        f'"model":"gpt-4.1-mini-2025-04-14","service_tier":"default","system_fingerprint":"fp_{rng.getrandbits(32):08x}",'
        '"choices":'
    )
    delta = '[{"index":0,"delta":%s,"logprobs":null,"finish_reason":%s}]}'
    return [
        head + delta % ('{"role":"assistant","content":""}', "null"),
        *(head + delta % (f'{{"content":"{piece}"}}', "null") for piece in pieces),
        head + delta % ("{}", '"stop"'),
        head
        + f'[],"usage":{{"prompt_tokens":10,"completion_tokens":{len(pieces)},"total_tokens":{10 + len(pieces)}}}}}',
    ]


def anthropic(rng: random.Random, pieces: list[str]) -> list[str]:
    """content_block_delta: 115 bytes for a few tokens, with up to 20 spaces of padding."""
    return [
        (
            '{"type":"message_start","message":{"id":"msg_01AbCdEfGhIjKlMnOpQrStUv","type":"message","role":"assistant",'
            '"model":"claude-sonnet-4-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":10,'
            '"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}}}'
        ),
        '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
        *(
            f'{{"type":"content_block_delta","index":0,"delta":{{"type":"text_delta","text":"{piece}"}}'
            f"{' ' * rng.randint(0, 20)}}}"
            for piece in pieces
        ),
        '{"type":"content_block_stop","index":0}',
        (
            '{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},'
            f'"usage":{{"output_tokens":{len(pieces)}}}}}'
        ),
        '{"type":"message_stop"}',
    ]


def responses(rng: random.Random, pieces: list[str]) -> list[str]:
    """response.output_text.delta: 250 bytes for a few tokens. The whole text comes three times at the end."""
    text = "".join(pieces)
    item_id = f"msg_{rng.getrandbits(200):050x}"
    part = f'{{"type":"output_text","annotations":[],"logprobs":[],"text":"{text}"}}'
    item = f'{{"id":"{item_id}","type":"message","status":"completed","content":[{part}],"role":"assistant"}}'
    response = (
        '{"id":"resp_0123456789abcdef","object":"response","created_at":1755000000,"model":"gpt-5-mini","error":null,'
    )
    place = f'"item_id":"{item_id}","output_index":0,"content_index":0'
    return [
        f'{{"type":"response.created","sequence_number":0,"response":{response}"status":"in_progress","output":[]}}}}',
        (
            '{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":'
            f'{{"id":"{item_id}","type":"message","status":"in_progress","content":[],"role":"assistant"}}}}'
        ),
        *(
            f'{{"type":"response.output_text.delta","sequence_number":{number},{place},"delta":"{piece}","logprobs":[],'
            f'"obfuscation":"{rng.getrandbits(64):016x}"}}'
            for number, piece in enumerate(pieces, 2)
        ),
        f'{{"type":"response.output_text.done","sequence_number":90001,{place},"text":"{text}","logprobs":[]}}',
        f'{{"type":"response.output_item.done","sequence_number":90002,"output_index":0,"item":{item}}}',
        (
            f'{{"type":"response.completed","sequence_number":90003,"response":{response}"status":"completed",'
            f'"output":[{item}],"usage":{{"input_tokens":10,"input_tokens_details":{{"cached_tokens":0}},'
            f'"output_tokens":{len(pieces)},"output_tokens_details":{{"reasoning_tokens":0}},'
            f'"total_tokens":{10 + len(pieces)}}}}}}}'
        ),
    ]


def gemini(rng: random.Random, pieces: list[str]) -> list[str]:
    """Chunks of a generateContent answer: 450 bytes for a sentence, with the usage so far."""
    payloads = []
    for number, piece in enumerate(pieces, 1):
        finish = '"finishReason":"STOP",' if number == len(pieces) else ""
        payloads.append(
            f'{{"candidates":[{{"content":{{"parts":[{{"text":"{piece}"}}],"role":"model"}},{finish}"index":0}}],'
            f'"usageMetadata":{{"promptTokenCount":10,"candidatesTokenCount":{number},"totalTokenCount":{number + 90},'
            '"promptTokensDetails":[{"modality":"TEXT","tokenCount":10}],"thoughtsTokenCount":80,"trafficType":"ON_DEMAND"},'
            f'"modelVersion":"gemini-2.5-flash","responseId":"{rng.getrandbits(64):016x}"}}'
        )
    return payloads


def cohere(_rng: random.Random, pieces: list[str]) -> list[str]:
    """content-delta: 90 bytes for a token or two."""
    return [
        (
            '{"id":"29f14a5a-11de-4cae-9800-25e4747408ea","type":"message-start","delta":{"message":{"role":"assistant",'
            '"content":[],"tool_plan":"","tool_calls":[],"citations":[]}}}'
        ),
        '{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"text","text":""}}}}',
        *(
            f'{{"type":"content-delta","index":0,"delta":{{"message":{{"content":{{"text":"{piece}"}}}}}}}}'
            for piece in pieces
        ),
        '{"type":"content-end","index":0}',
        (
            '{"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":10,'
            f'"output_tokens":{len(pieces)}}},"tokens":{{"input_tokens":10,"output_tokens":{len(pieces)}}}}}}}}}'
        ),
    ]


DIALECTS: dict[str, Callable[[random.Random, list[str]], list[str]]] = {
    "openai": openai,
    "anthropic": anthropic,
    "responses": responses,
    "gemini": gemini,
    "cohere": cohere,
}
_WORDS_PER_DELTA = {"openai": 1, "anthropic": 4, "responses": 5, "gemini": 19, "cohere": 2}
# These name the payload's type in an `event:` line too.
_NAMED = ("anthropic", "responses", "cohere")
_WITH_SENTINEL = ("openai", "cohere")


def turn(dialect: str, count: int = 500) -> Turn:
    """An answer of `count` text deltas in the shape of `dialect`, the same each time."""
    rng = random.Random(dialect)
    pieces = [_piece(rng, _WORDS_PER_DELTA[dialect]) for _ in range(count)]
    payloads = [payload.encode() for payload in DIALECTS[dialect](rng, pieces)]
    blocks = [_block(dialect, payload) for payload in payloads]
    if dialect in _WITH_SENTINEL:
        blocks.append(b"data: [DONE]\n\n")
    return Turn(payloads, blocks, "".join(pieces))


def _piece(rng: random.Random, words: int) -> str:
    return "".join(" " + word for word in rng.choices(_WORDS, k=words))


def _block(dialect: str, payload: bytes) -> bytes:
    if dialect not in _NAMED:
        return b"data: " + payload + b"\n\n"
    name = payload.partition(b'"type":"')[2].partition(b'"')[0]
    return b"event: " + name + b"\ndata: " + payload + b"\n\n"

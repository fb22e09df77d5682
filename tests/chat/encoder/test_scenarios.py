"""Every scenario in every dialect: the bytes, the grammar, how the turn ends, and what was dropped."""

from __future__ import annotations

import copy
import pickle

import pytest

from sse_events.chat import ChatEncoder, Done, StreamEvent
from tests.chat.encoder import golden
from tests.chat.encoder.grammar import check
from tests.chat.encoder.scenarios import DIALECTS, SCENARIOS, encoder, write

GOLDEN = {dialect: golden.load(dialect) for dialect in DIALECTS}
RUNS = [(dialect, name) for dialect in DIALECTS for name in SCENARIOS]

# Turns that are ok and that the dialect has to end as a failure all the same.
FAILURES = {
    *((dialect, "a call that lost a line") for dialect in DIALECTS),
    ("gemini", "arguments that are not JSON"),
    ("cohere", "content filter"),
    ("interactions", "content filter"),
}


def everywhere(*types: str) -> dict[str, set[str]]:
    return {dialect: set(types) for dialect in DIALECTS}


CALL = {"tool_call_start", "tool_call_args", "tool_call_end"}
SIGNATURE = {"reasoning_signature"}
DROPPED: dict[str, dict[str, set[str]]] = {
    "a whole turn": {"cohere": SIGNATURE, "ui": SIGNATURE},
    "reasoning and its signature": {"cohere": SIGNATURE, "ui": SIGNATURE},
    "withheld reasoning": {name: SIGNATURE for name in ("responses", "gemini", "interactions", "cohere", "ui")},
    "a signature without reasoning": {"cohere": SIGNATURE, "ui": SIGNATURE},
    "a signature that is not base64": {"cohere": SIGNATURE, "ui": SIGNATURE},
    "signatures behind an open call": dict.fromkeys(("responses", "gemini", "interactions", "cohere", "ui"), SIGNATURE),
    "two signed reasonings": {"cohere": SIGNATURE, "ui": SIGNATURE},
    "the signature of a call": {name: SIGNATURE for name in ("anthropic", "responses", "interactions", "cohere", "ui")},
    "refusal": {name: {"refusal"} for name in ("anthropic", "gemini", "interactions", "cohere", "ui")},
    "length in a call": {"gemini": CALL},
    "length in the second call": {"gemini": CALL},
    "length after arguments that parse": everywhere(*CALL),
    "an error that the turn recovered from": everywhere("error"),
    "a finish reason that is an error": {name: {"finish"} for name in ("openai", "anthropic", "gemini", "ui")},
    "a malformed payload": {name: {"finish"} for name in ("openai", "anthropic", "gemini", "ui")},
    "truncated in a call": everywhere(*CALL),
    "text after a call that was cut": {"gemini": CALL},
    "closed with text behind an open call": {
        **everywhere("token"),
        "gemini": {"token", *CALL},
    },
    "a call that lost a line": {
        **{name: {"finish", *CALL} for name in ("openai", "anthropic", "gemini", "ui")},
        **{name: CALL for name in ("responses", "interactions", "cohere")},
    },
    "arguments that are not JSON": {"gemini": CALL},
    "three choices": {
        name: {"token", "finish", *CALL} for name in ("anthropic", "responses", "interactions", "cohere", "ui")
    },
    "a citation and no text": {name: {"citation"} for name in ("anthropic", "responses", "interactions")},
    "logprobs": {name: {"logprobs"} for name in ("anthropic", "gemini", "interactions", "cohere", "ui")},
    "logprobs of Gemini's": {
        name: {"logprobs"} for name in ("openai", "anthropic", "responses", "interactions", "cohere", "ui")
    },
    "raw": everywhere("raw"),
}


def ok(turn: list[StreamEvent]) -> bool:
    return bool(turn) and isinstance(turn[-1], Done) and turn[-1].ok


@pytest.mark.parametrize(("dialect", "name"), RUNS)
def test_writes_what_is_expected(dialect: str, name: str):
    assert write(dialect, SCENARIOS[name]).decode() == GOLDEN[dialect][name].decode()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_golden_files_have_no_other_scenarios(dialect: str):
    assert list(GOLDEN[dialect]) == list(SCENARIOS)


@pytest.mark.parametrize(("dialect", "name"), RUNS)
def test_is_in_the_grammar_and_says_how_the_turn_ended(dialect: str, name: str):
    expected = ok(SCENARIOS[name]) and (dialect, name) not in FAILURES
    assert check(dialect, GOLDEN[dialect][name]) == expected


@pytest.mark.parametrize(("dialect", "name"), RUNS)
def test_says_what_was_dropped(dialect: str, name: str):
    writer = encoder(dialect)
    for event in SCENARIOS[name]:
        writer.encode(event)
    writer.close()
    assert writer.dropped == DROPPED.get(name, {}).get(dialect, set())


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
@pytest.mark.parametrize("name", ["interleaved calls and text", "three choices", "citations", "a custom call"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_copy_in_the_middle_of_a_turn_goes_on_by_itself(dialect: str, name: str, duplicate):
    turn = SCENARIOS[name]
    for place in range(len(turn) + 1):
        writer = encoder(dialect)
        before = b"".join(writer.encode(event) for event in turn[:place])
        twin: ChatEncoder = duplicate(writer)
        rests = [b"".join([*(each.encode(event) for event in turn[place:]), each.close()]) for each in (writer, twin)]
        assert [before + rest for rest in rests] == [GOLDEN[dialect][name]] * 2
        assert writer.dropped == twin.dropped

"""A cut stream never looks whole, and a lost payload never makes a call that the provider did not send."""

from __future__ import annotations

import pytest

from tests.chat.losses import check_cuts_at, check_halved, data_lines, halved, proper_end
from tests.fuzz.seeds import FIXTURES

STOP = b'data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}'


@pytest.mark.parametrize(
    ("body", "end"),
    [
        (STOP + b"\n\ndata: [DONE]\n\n", len(STOP)),
        (STOP + b" \r\n\r\n", len(STOP)),
        (b'data: {"choices":[{"delta":{"content":"x"}}]}\n\n', 47),
        (b'data: {"type":"message_start"}\n\ndata: {"type":"message_stop"}\n\n', 61),
    ],
    ids=["a finish word", "blanks after it", "never", "a terminal signal alone"],
)
def test_where_the_proper_end_is(body, end):
    assert proper_end(body) == end


def test_each_payload_is_halved_once():
    body = b"data: 1234\n\ndata: 56\n\n"
    damaged = [halved(body, line) for line in data_lines(body)]
    assert damaged == [b"data: 1\n\ndata: 56\n\n", b"data: 1234\n\ndata: \n\n"]


@pytest.mark.parametrize("name", FIXTURES)
def test_a_cut_at_any_byte_is_not_a_proper_end(name):
    check_cuts_at(FIXTURES[name], range(len(FIXTURES[name]) + 1))


@pytest.mark.parametrize("name", FIXTURES)
def test_a_halved_payload_leaves_no_other_call_complete(name):
    check_halved(FIXTURES[name], data_lines(FIXTURES[name]))

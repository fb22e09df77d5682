"""The pytest fixture."""

from __future__ import annotations

import json

import pytest

from sse_events.testing import pause, turn

ASK: tuple[str, str, list[tuple[str, str]], bytes] = ("POST", "/v1/chat/completions", [], b'{"model": "m"}')


def test_it_makes_providers_whose_delays_take_no_time(fake_provider):
    first, second = fake_provider(turn("Hi", pause(3600))), fake_provider()
    answer = first.respond(*ASK)
    body = b"".join(first.send(answer))
    assert json.loads(body)["choices"][0]["message"]["content"] == "Hi"
    assert second.requests == []


def test_delays_of_asynchronous_code_take_no_time_either(fake_provider):
    async def read():
        return b"".join([chunk async for chunk in provider.asend(provider.respond(*ASK))])

    import asyncio

    provider = fake_provider(turn("Hi", pause(3600)))
    assert b"Hi" in asyncio.run(read())


def test_a_turn_left_over_fails_the_test(pytester: pytest.Pytester):
    pytester.makeconftest('pytest_plugins = ["sse_events.testing.plugin"]')
    pytester.makepyfile("def test_it(fake_provider): fake_provider('never asked for')")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*a turn is left over: 'never asked for'"])

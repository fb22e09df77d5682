"""OpenAI: malformed payloads."""

from __future__ import annotations

import pytest

from sse_events.chat import Error, Token, ToolCallArgs, ToolCallEnd, ToolCallStart
from tests.chat.cases import done, read, sse
from tests.chat.openai.payloads import DONE, PROMOTED, STOP, TOOLS, call, calls, end, ends, says

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

"""Errors inside a stream: what they say."""

from __future__ import annotations

from typing import Any

from sse_events.chat.faults import error_code, error_message


class TestErrorWords:
    def test_message_of_what_is_none(self):
        for nothing in (None, 5, [], {}, {"message": 5}, {"error": {"x": 1}}, ["x"]):
            assert error_message(nothing) is None

    def test_messages_in_their_order(self):
        said: dict[str, Any] = {
            "error_message": "5",
            "details": "4",
            "detail": {"error": "3"},
            "error": "2",
            "message": "1",
        }
        for name, text in (("message", "1"), ("error", "2"), ("detail", "3"), ("details", "4"), ("error_message", "5")):
            assert error_message(said) == text
            del said[name]
        assert error_message("itself") == "itself"

    def test_codes_in_their_order(self):
        said: dict[str, Any] = {"error": {"code": "4"}, "status": "3", "type": "2", "status_code": 1, "code": 0}
        for name, code in (("code", 0), ("status_code", 1), ("type", "2"), ("status", "3"), ("error", "4")):
            assert error_code(said) == code
            del said[name]
        assert error_code(said) is error_code("x") is error_code(None) is None

    def test_the_type_error_says_nothing(self):
        assert error_code({"type": "error"}) is None
        assert error_code({"type": "error", "error": {"type": "overloaded_error"}}) == "overloaded_error"

    def test_errors_inside_errors_end_somewhere(self):
        error: Any = {"message": "deep"}
        for _ in range(5000):
            error = {"error": error}
        assert error_message(error) is error_code(error) is None

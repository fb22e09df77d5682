"""The error tree: base classes, attributes, and pickling."""

from __future__ import annotations

import copy
import pickle

import pytest

from sse_events.errors import EventTooLarge, MisuseError, ProtocolError, ResponseError, SSEError, StreamInterrupted

TREE = {
    SSEError: (Exception,),
    ProtocolError: (SSEError, ValueError),
    EventTooLarge: (ProtocolError,),
    ResponseError: (SSEError,),
    StreamInterrupted: (SSEError, ConnectionError),
    MisuseError: (SSEError, RuntimeError),
}

# Each error, and what it carries.
ERRORS = [
    (SSEError("any"), {}),
    (ProtocolError("not UTF-8"), {}),
    (EventTooLarge(10), {"limit": 10}),
    (MisuseError("closed"), {}),
    (StreamInterrupted("gave up"), {"last_event_id": "", "cause": None}),
    (StreamInterrupted("gave up", last_event_id="7", cause=None), {"last_event_id": "7", "cause": None}),
    (
        ResponseError(
            "status 500", status=500, content_type="a/b", headers={"X": "y"}, body=b"{}", url="http://127.0.0.1/"
        ),
        {"status": 500, "content_type": "a/b", "headers": {"X": "y"}, "body": b"{}", "url": "http://127.0.0.1/"},
    ),
]


@pytest.mark.parametrize(("error", "bases"), TREE.items())
def test_the_tree(error, bases):
    assert error.__bases__ == bases


@pytest.mark.parametrize(("error", "carried"), ERRORS)
@pytest.mark.parametrize(
    "pass_on", [lambda error: error, copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))]
)
def test_errors_carry_data_wherever_they_are_passed(pass_on, error, carried):
    passed = pass_on(error)
    assert type(passed) is type(error)
    assert vars(passed) == carried
    assert passed.args == error.args
    assert str(passed) == str(error) != ""


def test_the_limit_is_told_in_words_too():
    assert "10 bytes" in str(EventTooLarge(10))


def test_the_clients_own_exception_is_the_cause_in_tracebacks_too():
    error = StreamInterrupted("lost", cause=TimeoutError("read"))
    assert error.__cause__ is error.cause


@pytest.mark.parametrize("pass_on", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_the_cause_is_passed_on(pass_on):
    error = pass_on(StreamInterrupted("lost", last_event_id="7", cause=TimeoutError("read")))
    assert error.last_event_id == "7"
    assert isinstance(error.cause, TimeoutError)
    assert error.cause.args == ("read",)

"""The state of one body being read, and what all dialects share."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.chat.reference.errors import payload_errors
from tests.chat.reference.finish import meaning
from tests.chat.reference.framing import Payload
from tests.chat.reference.leaves import NOT_JSON, Json, integer, parse, string
from tests.chat.reference.usage import counts

Summary = dict[str, Any]

KEYS = (
    "dialect",
    "text",
    "reasoning",
    "refusal",
    "tool_calls",
    "finish",
    "finish_raw",
    "usage",
    "errors",
    "status",
    "events",
)


class Judgement(NamedTuple):
    """What the rules say of one tool call.

    Attributes:
        custom: Its input is free text.
        complete: True if it has to be complete, False if it must not be, None where the rules say neither.
    """

    custom: bool
    complete: bool | None


class Call:
    """A tool call being read.

    Attributes:
        begun: The position of the payload that it began in.
        ended: The position of the payload in which the provider ended it, or None.
        over: It is known whether it is whole, so what comes later is lost.
    """

    def __init__(self, id: str, name: str, begun: int) -> None:
        self.id = id
        self.name = name
        self.begun = begun
        self.ended: int | None = None
        self.arguments = ""
        self.custom = False  # decided with the name
        self.over = False
        self.incomplete = False  # the provider said so
        self.unstated = False  # arguments stood in the start, and count only at its end
        self.doubtful = False  # the rules do not say whether it may be complete


def is_first(choice: dict[str, Json]) -> bool:
    """T1: choice 0."""
    return (integer(choice.get("index")) or 0) == 0


class Reading:
    """The state of one body under one dialect. This base reads a body of no dialect."""

    ends_at_sentinel = True  # F5

    def __init__(self, dialect: str | None) -> None:
        self.dialect = dialect
        self.text = self.reasoning = self.refusal = ""
        self.calls: list[Call] = []
        self.slots: dict[Json, Call] = {}  # an index, or what else names a call, to the call last used there
        self.finishes: list[tuple[int, str, str]] = []  # position, reason, word
        self.raw_usage: dict[str, int] = {}
        self.errors: list[tuple[str, str | None]] = []
        self.malformed: list[int] = []
        self.position = 0
        self.error_at: int | None = None
        self.end_at: int | None = None
        self.failed = self.terminal = self.over = False

    def read(self, payloads: list[Payload]) -> None:
        for self.position, payload in enumerate(payloads):
            if self.over:  # F8
                return
            self.read_payload(payload)

    def read_payload(self, payload: Payload) -> None:
        if payload.sentinel:
            if self.ends_at_sentinel:
                self.terminal = self.over = True
            return
        for message in [*self.first_errors(payload.json), *payload_errors(payload)]:
            self.report("provider", message)
        if payload.event is None:
            return
        if payload.json is NOT_JSON and payload.event != "error":
            self.report("malformed_json", None)  # F6
        if isinstance(payload.json, dict):  # E2
            self.read_json(payload.json)

    def first_errors(self, payload: Json) -> list[str | None]:  # noqa: ARG002
        """The messages of E3 that a dialect puts before those of E1. Choice: the rules name no order."""
        return []

    def read_json(self, payload: dict[str, Json]) -> None:
        """What a dialect reads of one payload."""

    def report(self, kind: str, message: str | None) -> None:
        if (kind, message) not in self.errors:  # E1: listed once
            self.errors.append((kind, message))
        if kind == "provider":
            self.error_at = self.position
        else:
            self.malformed.append(self.position)

    def end(self) -> None:
        self.end_at = self.position

    def finished(self, raw: Json, reason: str | None = None) -> None:
        """X0, S1: a finish word of choice 0."""
        if not string(raw):
            return
        self.settle()
        self.finishes.append((self.position, reason or meaning(raw), raw))
        if self.finishes[-1][1] != "error":
            self.end()

    def used(self, fields: dict[str, int]) -> None:
        """U1: the last integer wins, but zeros alone never take the place of numbers."""
        if any(fields.values()) or not any(self.raw_usage.values()):
            self.raw_usage |= fields

    def new_call(self, id: str, name: str) -> Call:
        self.calls.append(Call(id, name, self.position))
        return self.calls[-1]

    def end_call(self, call: Call) -> None:
        if call.ended is None:
            call.ended = self.position

    def settle(self) -> None:
        """Choice: what comes for a call after it is known whether it is whole is lost: nothing is taken back."""
        for call in self.calls:
            call.over = call.over or call.ended is not None

    # The results

    def status(self) -> str:
        if self.failed or (self.error_at is not None and (self.end_at is None or self.end_at <= self.error_at)):
            return "error"  # S1
        if self.finishes and self.finishes[-1][1] == "error":
            return "error"  # S1
        if self.terminal:
            return "complete"  # S2
        return "finished" if self.finishes else "truncated"  # S3, S4

    def summary(self, events: int) -> Summary:
        _, finish, finish_raw = self.finishes[-1] if self.finishes else (0, None, None)
        return {
            "dialect": self.dialect,
            "text": self.text,
            "reasoning": self.reasoning,
            "refusal": self.refusal,
            "tool_calls": [{"id": c.id, "name": c.name, "arguments": c.arguments} for c in self.calls],
            "finish": "tool_calls" if finish == "stop" and self.calls else finish,  # X1
            "finish_raw": finish_raw,
            "usage": counts(self.dialect, self.raw_usage),
            "errors": [{"kind": kind, "message": message} for kind, message in self.errors],
            "status": self.status(),
            "events": events,
        }

    def judgements(self) -> list[Judgement]:
        return [Judgement(call.custom, self.is_complete(call)) for call in self.calls]

    def is_complete(self, call: Call) -> bool | None:
        """C8, C11, and the design's conditions for `complete`; None where they do not decide."""
        if call.doubtful or (call.unstated and call.ended is None):
            return None
        if not call.name or call.incomplete or not (call.custom or is_arguments(call.arguments)):
            return False
        last = self.position if call.ended is None else call.ended
        if any(call.begun < at < last for at in self.malformed):
            return False
        if any(call.begun < at for at in self.malformed):
            return None  # what came between its end and the finish word is not known
        reasons = {reason for at, reason, _ in self.finishes if at >= last or call.ended is None}
        cut = reasons & {"length", "content_filter", "error"}
        if call.ended is None:
            if not self.finishes:
                # Choice: C8 asks for a finish word, so a sentinel alone (Snowflake) says neither.
                return None if self.terminal else False
            if reasons == cut:
                return False
            # Choice: C8 counts "other" as a proper end, but a reader may be more careful.
            return True if not cut and "other" not in reasons and self.status() == "complete" else None
        # A limit after the end of a call may have cut it or what follows it, which depends on the dialect.
        return True if reasons and not cut and "other" not in reasons and self.status() == "complete" else None


def is_arguments(text: str) -> bool:
    return text == "" or parse(text) is not NOT_JSON

"""What was found, and where."""

from __future__ import annotations

from msgspec import Struct

from sse_events.cli.check.rule import Severity
from sse_events.cli.check.rules import RULES

MAX_QUOTED_BYTES = 160


class Line(Struct, frozen=True, gc=False):
    """One line of the stream.

    Attributes:
        number: Counted from 1.
        offset: The offset of its first byte.
        text: Its bytes, without the line end.
    """

    number: int
    offset: int
    text: bytes

    @property
    def quoted(self) -> str:
        """The beginning of the line as readable text."""
        text = self.text[:MAX_QUOTED_BYTES].decode("utf-8", "replace")
        return text if len(self.text) <= MAX_QUOTED_BYTES else f"{text}…"


class Finding(Struct, frozen=True):
    """One place where the stream breaks a rule.

    Attributes:
        rule: The name of the rule that is broken.
        severity: ``error`` or ``warning``.
        detail: What is wrong here.
        line: Where, counted from 1.
        offset: The offset of the first byte of that line.
        text: The line, cut at 160 bytes.
    """

    rule: str
    severity: Severity
    detail: str
    line: int
    offset: int
    text: str


class Report:
    """Collects findings until they are taken.

    Attributes:
        counts: How many findings there were of each rule.
    """

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self._findings: list[Finding] = []

    def add(self, rule: str, line: Line, detail: str) -> None:
        """Report that `line` breaks `rule`."""
        self.counts[rule] = self.counts.get(rule, 0) + 1
        self._findings.append(Finding(rule, RULES[rule].severity, detail, line.number, line.offset, line.quoted))

    def once(self, rule: str, line: Line, detail: str) -> None:
        """Report that `line` breaks `rule`, but only once: for rules about the stream as a whole."""
        if rule not in self.counts:
            self.add(rule, line, detail)

    def take(self) -> list[Finding]:
        """The findings since the last call."""
        findings, self._findings = self._findings, []
        return findings

    def total(self, severity: Severity) -> int:
        """How many findings of `severity` there were."""
        return sum(count for rule, count in self.counts.items() if RULES[rule].severity == severity)

"""``sse-events check``: where a stream departs from the standard, or from its dialect."""

from __future__ import annotations

import argparse

from sse_events.cli.check.framing import Framing
from sse_events.cli.check.payloads import Payloads
from sse_events.cli.check.report import Finding, Line, Report
from sse_events.cli.check.rules import RULES
from sse_events.cli.errors import CommandError
from sse_events.cli.inputs import add_arguments, add_dialect, each_source
from sse_events.cli.output import STDOUT, coloured, complain, counted, json_lines, one_line, shown, wrapped, write
from sse_events.cli.recognise import describe
from sse_events.cli.source import Source

DESCRIPTION = (
    "For people who write servers: report where a stream departs from the standard, or from the dialect of a chat "
    "stream, with the rule that is broken, who suffers, and how to mend it."
)
EPILOG = "The exit status is 1 if there are errors, and 0 if there are warnings only."

_SHOWN = 3  # findings of one rule


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subcommand."""
    add_arguments(parser)
    add_dialect(parser)
    parser.add_argument("--json", action="store_true", help="write each finding as one JSON line")
    parser.add_argument("--all", action="store_true", help=f"show every finding, not only {_SHOWN} of each rule")


def run(arguments: argparse.Namespace) -> int:
    """Check each input; return the exit status."""
    return each_source(arguments, lambda source: _run(arguments, source))


def _run(arguments: argparse.Namespace, source: Source) -> int:
    check = Check(arguments.dialect, arguments.max_event_bytes)
    view: _Json | _Text = _Json() if arguments.json else _Text(source.name, show_all=arguments.all)
    try:
        for chunk in source:
            view.show(check.feed(chunk))
    except (KeyboardInterrupt, CommandError):  # the rest was not read, so no finding is about the end
        if source.head:
            view.end(check)
        raise
    if described := describe(source.head):
        complain(described)
        return 1
    view.show(check.close(source.content_type))
    view.end(check)
    return 1 if check.report.total("error") else 0


class Check:
    """Finds the faults in a stream of bytes: a ``Machine[Finding]``.

    Args:
        dialect: The dialect of a chat stream, or ``auto``.
        max_event_bytes: The longest line that is kept; None for no limit.

    Attributes:
        report: What was found so far.
        events: How many events there were.
    """

    def __init__(self, dialect: str = "auto", max_event_bytes: int | None = None) -> None:
        self.report: Report = Report()
        self.events: int = 0
        self._framing = Framing(self.report, max_event_bytes)
        self._payloads = Payloads(self.report, dialect)

    @property
    def dialect(self) -> str | None:
        """The dialect of a chat stream, None if it is not known."""
        return self._payloads.dialect

    def feed(self, data: bytes) -> list[Finding]:
        """The findings that `data` completed, in order.

        Raises:
            EventTooLarge: A line passed the limit.
        """
        for block in self._framing.feed(data):
            self.events += 1
            self._payloads.take(block)
        return self.report.take()

    def close(self, content_type: str | None = None) -> list[Finding]:
        """The findings that the end of the stream completed.

        Args:
            content_type: The Content-Type of the response. None if the input is a file or a pipe.
        """
        if content_type is not None and not content_type.lower().startswith("text/event-stream"):
            self.report.add("content-type", Line(1, 0, b""), f"the response has the content type {content_type!r}")
        for block in self._framing.close():
            self._payloads.take(block)
        self._payloads.close(self._framing.last)
        return self.report.take()


class _Json:
    def show(self, findings: list[Finding]) -> None:
        lines = []
        for finding in findings:
            rule = RULES[finding.rule]
            lines.append(
                {name: getattr(finding, name) for name in finding.__struct_fields__}
                | {"says": rule.says, "suffers": rule.suffers, "mend": rule.mend}
            )
        write(json_lines(lines))

    def end(self, check: Check) -> None:
        """JSON lines have no summary."""


class _Text:
    def __init__(self, name: str, *, show_all: bool) -> None:
        self._name = name
        self._show_all = show_all
        self._shown: dict[str, int] = {}

    def show(self, findings: list[Finding]) -> None:
        lines = []
        for finding in findings:
            count = self._shown[finding.rule] = self._shown.get(finding.rule, 0) + 1
            if count > _SHOWN and not self._show_all:
                continue
            colour = "red" if finding.severity == "error" else "yellow"
            severity = finding.severity
            place = f"{one_line(self._name)}:{finding.line}: {severity}:"
            first = wrapped(f"{place} {one_line(finding.detail)} [{finding.rule}]", STDOUT, "    ")
            lines.append(first.replace(f" {severity}:", f" {coloured(severity, colour, STDOUT)}:", 1))
            lines.append(f"    byte {finding.offset}: {shown(finding.text) or 'an empty line'}")
            if count == 1:
                rule = RULES[finding.rule]
                for name, text in (("rule", rule.says), ("suffers", rule.suffers), ("mend", rule.mend)):
                    lines.append(wrapped(f"    {name}: {text}", STDOUT, "      "))
        if lines:
            write("\n".join([*lines, ""]).encode("utf-8", "replace"))

    def end(self, check: Check) -> None:
        more = {rule: count - _SHOWN for rule, count in self._shown.items() if count > _SHOWN}
        if more and not self._show_all:
            listed = ", ".join(f"{count} of {rule}" for rule, count in more.items())
            complain(f"not shown: {listed} (--all shows them)")
        what = f"a stream of the dialect {check.dialect}" if check.dialect else "an event stream"
        report = check.report
        complain(
            f"{one_line(self._name)}: {what}, {counted(check.events, 'event')}, "
            f"{counted(report.total('error'), 'error')}, {counted(report.total('warning'), 'warning')}"
        )

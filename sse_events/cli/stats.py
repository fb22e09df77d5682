"""``sse-events stats``: how fast an answer came."""

from __future__ import annotations

import argparse

from sse_events.chat import Done
from sse_events.chat.events import StreamEvent
from sse_events.cli.answers import Answers
from sse_events.cli.errors import CommandError
from sse_events.cli.inputs import add_arguments, add_dialect, each_source
from sse_events.cli.measure import Figures, Measure, plain
from sse_events.cli.output import STDOUT, complain, counted, json_lines, one_line, wrapped, write
from sse_events.cli.recognise import describe
from sse_events.cli.source import Source
from sse_events.cli.transcript import tokens

DESCRIPTION = (
    "Measure each answer: the time to the first token, tokens per second, the longest gap, chunks and comments. The "
    "times are those of a recording, of a pipe or of a URL; a plain file has none."
)
EPILOG = "The exit status is 0 if every answer is whole, and 1 if not."

_BARS = "▁▂▃▄▅▆▇█"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subcommand."""
    add_arguments(parser)
    add_dialect(parser)
    parser.add_argument("--json", action="store_true", help="write the figures of each answer as one JSON line")


def run(arguments: argparse.Namespace) -> int:
    """Measure each input; return the exit status."""
    return each_source(arguments, lambda source: _run(arguments, source))


def _run(arguments: argparse.Namespace, source: Source) -> int:
    machine = Answers(arguments.dialect, max_event_bytes=arguments.max_event_bytes)
    measure = Measure()
    ok = True

    def take(events: list[StreamEvent]) -> None:
        nonlocal ok
        for answer, done in split(events):
            measure.count(answer, source.at)
            if done is not None:
                ok = ok and done.ok
                figures = measure.end(done, machine.comments)
                if arguments.json:
                    write(json_lines([{"dialect": machine.dialect} | plain(figures, timed=source.timed)]))
                else:
                    write(report(figures, machine.dialect, STDOUT, timed=source.timed).encode("utf-8", "replace"))

    try:
        for chunk in source:
            measure.arrived(len(chunk))
            take(machine.feed(chunk))
            source.stop_when_silent(machine.finished)
    except (KeyboardInterrupt, CommandError):  # what has arrived is measured
        take(machine.close())
        raise
    described = describe(source.head)
    if described:
        complain(described)
        return 1
    take(machine.close())
    if not source.timed:
        complain("the input has no times: `sse-events record` keeps those of a live stream")
    return 0 if ok else 1


def split(events: list[StreamEvent]) -> list[tuple[list[StreamEvent], Done | None]]:
    """The events of each answer, and the Done that ends it, if it has come."""
    answers: list[tuple[list[StreamEvent], Done | None]] = []
    answer: list[StreamEvent] = []
    for event in events:
        answer.append(event)
        if isinstance(event, Done):
            answers.append((answer, event))
            answer = []
    return [*answers, (answer, None)] if answer else answers


def report(figures: Figures, dialect: str | None, descriptor: int, *, timed: bool) -> str:
    """The figures as text, one per line, for the width of the terminal `descriptor`."""
    usage = figures.usage
    numbers = {"byte": figures.bytes, "chunk": figures.chunks, "comment": figures.comments}
    received = [counted(number, noun) for noun, number in numbers.items()]
    lines = [
        ("answer", f"{dialect or 'unknown dialect'}, {figures.model or 'unknown model'}"),
        ("status", f"{figures.status}, {figures.finish_reason or 'no finish reason'}"),
        ("tokens", tokens(usage.prompt_tokens, "prompt", usage.cached_tokens, "cached")),
        ("", tokens(usage.completion_tokens, "completion", usage.reasoning_tokens, "reasoning")),
        ("received", ", ".join(received)),
    ]
    if timed:
        lines += _times(figures)
    return "".join(wrapped(f"{name:12}{one_line(text)}", descriptor, " " * 12) + "\n" for name, text in lines)


def _times(figures: Figures) -> list[tuple[str, str]]:
    lines = [("duration", f"{figures.duration:.2f} s")]
    if figures.time_to_first_token is not None:
        lines.insert(0, ("first token", f"{figures.time_to_first_token:.2f} s"))
    if figures.tokens_per_second is not None:
        lines.append(("speed", f"{figures.tokens_per_second:.1f} tokens/s after the first"))
    gaps = figures.gaps
    if gaps.longest is not None:
        where = f"at {gaps.longest_at:.2f} s, after {counted(gaps.longest_after or 0, 'event')}"
        lines.append(("longest gap", f"{gaps.longest:.2f} s, {where}"))
        lines.append(("", f"half of the gaps {gaps.p50:.3f} s, 99 of 100 {gaps.p99:.3f} s"))
    if len(figures.buckets) > 1:
        lines.append(("over time", f"{sparkline(figures.buckets)} {figures.bucket_seconds:g} s each"))
    return lines


def sparkline(values: list[int]) -> str:
    """A bar for each value, and a dot for 0.

    >>> sparkline([1, 0, 4, 8])
    '▁·▄█'
    """
    highest = max(values)
    return "".join(_BARS[max(value * len(_BARS) // highest - 1, 0)] if value else "·" for value in values)

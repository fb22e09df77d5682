"""The tables that `benchmarks.versus` prints."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from benchmarks.rows import FLOORS, Row

_BAR_WIDTH = 40


def show_progress(rows: Iterator[Row], total: int) -> list[Row]:
    """All rows, with a bar on standard error that grows as they come."""
    done = []
    for row in rows:
        done.append(row)
        filled = _BAR_WIDTH * len(done) // total
        bar = f"[{'#' * filled}{'.' * (_BAR_WIDTH - filled)}]"
        print(f"\r{bar} {len(done)}/{total} {row.stream:36.36}", end="", file=sys.stderr, flush=True)
    print("\r" + " " * 100 + "\r", end="", file=sys.stderr)
    return done


def print_table(rows: list[Row], base: str) -> None:
    """For each stream: the time of `base` per event, and how many times as long each other reader takes."""
    names = list(dict.fromkeys(name for row in rows for name in (*row.best_ns, *row.wrong)))
    names.sort(key=lambda name: (name not in FLOORS, not name.startswith("sse_events")))
    names.remove(base)
    heads = [name.removesuffix("-eventsource").replace("sse_events ", "") for name in names]
    width = max(len(row.stream) for row in rows)
    print(f"{'':{width}}  {'ns/event':>9}  " + "  ".join(f"{head:>12.12}" for head in heads))
    for row in rows:
        cells = []
        for name in names:
            if name in row.wrong:
                cells.append("wrong")
            else:
                cells.append(f"{row.best_ns[name] / row.best_ns[base]:.2f}" if name in row.best_ns else "")
        own = row.best_ns[base] / row.events
        print(f"{row.stream:{width}}  {own:9.0f}  " + "  ".join(f"{cell:>12}" for cell in cells))
    print()


def print_faults(rows: list[Row]) -> None:
    """Where a reader does not return the right events."""
    faults: dict[str, list[str]] = {}
    for row in rows:
        for name, fault in row.wrong.items():
            faults.setdefault(f"{name}: {fault}", []).append(row.stream)
    for fault, where in faults.items():
        print(f"{fault} ({'; '.join(where)})")
    if faults:
        print()


def print_summary(rows: list[Row], builds: list[str]) -> None:
    """For each group of streams: the lowest ratios, and their streams."""
    for group in dict.fromkeys(row.group for row in rows):
        for build in builds:
            print(f"{build}, {group}:")
            for rival in ("the fastest peer", "httpx-sse"):
                ratios = [
                    (_rival_ns(row, rival, builds) / row.best_ns[build], row.stream)
                    for row in rows
                    if row.group == group and build in row.best_ns and _rival_ns(row, rival, builds)
                ]
                if ratios:
                    lowest, where = min(ratios)
                    print(f"  at least {lowest:.2f} times as fast as {rival} ({where})")
    print()


def _rival_ns(row: Row, rival: str, builds: list[str]) -> int:
    """The time of the named rival; 0 if there is none."""
    if rival == "the fastest peer":
        return min((ns for name, ns in row.best_ns.items() if name not in (*builds, *FLOORS)), default=0)
    return row.best_ns.get(rival, 0)


def print_chat_summary(rows: list[Row], builds: list[str]) -> None:
    """The time per byte of each dialect, compared with OpenAI's."""
    base = {(row.stream.partition(", ")[2]): row for row in rows if row.stream.startswith("chat openai")}
    for row in rows:
        compared = base.get(row.stream.partition(", ")[2])
        for build in builds:
            if compared is not None:
                own, other = (each.best_ns[build] / each.size_bytes for each in (row, compared))
                mean = row.size_bytes / row.events
                print(
                    f"{row.stream}: {build} takes {own:.2f} ns per payload byte, {own / other:.2f} times OpenAI's"
                    f" ({row.best_ns[build] / row.events:.0f} ns per payload of {mean:.0f} bytes)"
                )
    print()

"""Race this library against others: ``python -m benchmarks.versus``.

It checks that each peer returns the right events from a stream, says where one does not, times all of them in
interleaved runs, and prints a table of ratios: how many times as long as this library each one takes. Two floors stand
beside: ``bytes.split`` over the same chunks, and msgspec's decode of the chat payloads alone.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from operator import methodcaller
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from benchmarks import chat, ours, peers, sdks, streams
from benchmarks.race import Reader, TooSlowError, before_deadline, race
from sse_events.events import Event

SPLIT = "bytes.split"
DECODE = "msgspec decode"
FLOORS = (SPLIT, DECODE)
_BAR_WIDTH = 40


class Row(NamedTuple):
    """What the race over one stream gave.

    Attributes:
        stream: The stream's name.
        group: The group of streams that it is summed up in.
        events: How many events it has.
        size_bytes: How long it is.
        best_ns: The fastest run of each reader that returned the right events.
        wrong: What went wrong with each one that did not.
    """

    stream: str
    group: str
    events: int
    size_bytes: int
    best_ns: dict[str, int]
    wrong: dict[str, str]


class _Delta(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    index: int
    delta: _Delta
    finish_reason: str | None = None


class _Chunk(msgspec.Struct):
    """The least that a chat client reads of a payload."""

    id: str
    choices: list[_Choice]


def parser_rows(builds: list[ours.Ours], others: list[peers.Peer], words: str, rounds: int) -> Iterator[Row]:
    """The race from bytes to events."""
    entrants = [peers.Peer(build.name, _feeds(build.parser), _as_event) for build in builds] + others
    for stream in streams.streams(words):
        chunks = stream.chunks
        wrong = {}
        readers: dict[str, Reader] = {SPLIT: _reader(_split, chunks)}
        for peer in entrants:
            fault = _fault(peer, stream)
            if fault:
                wrong[peer.name] = fault
            else:
                readers[peer.name] = _reader(peer.batches, chunks)
        size = sum(map(len, chunks))
        group = _group(stream)
        yield Row(stream.name, group, len(stream.events), size, race(readers, rounds), wrong)


def chat_rows(builds: list[ours.Ours], words: str, rounds: int) -> Iterator[Row]:
    """The race from bytes to typed chat events."""
    for dialect in chat.DIALECTS:
        turn = chat.turn(dialect)
        for size_bytes, cut in ((None, "one per chunk"), (4 * streams.KIB, "4 KiB reads")):
            name = f"chat {dialect}, {cut}"
            if words not in name:
                continue
            chunks = streams.cut(turn.blocks, size_bytes)
            readers: dict[str, Reader] = {}
            wrong = {}
            if dialect == "openai":
                readers[DECODE] = _reader(_decode, turn.payloads)
            for build in builds:
                readers[build.name] = _reader(_feeds(build.chat_stream), chunks)
                read = "".join(event.text for event in _all(readers[build.name]) if type(event) is build.token)
                if read != turn.text:
                    wrong[build.name] = "other text"
            for sdk in sdks.installed():
                if sdk.dialect == dialect:
                    readers[sdk.name] = _reader(sdk.batches, chunks)
                    if "".join(map(sdk.text, _all(readers[sdk.name]))) != turn.text:
                        wrong[sdk.name] = "other text"
            yield Row(name, "chat", len(turn.payloads), sum(map(len, turn.payloads)), race(readers, rounds), wrong)


def _split(chunks: Iterable[bytes]) -> Iterable[Iterable[Any]]:
    return (map(methodcaller("split", b"\n"), chunks),)


def _decode(payloads: Iterable[bytes]) -> Iterable[Iterable[Any]]:
    return (map(msgspec.json.Decoder(_Chunk).decode, payloads),)


def _feeds(machine: Callable[[], Any]) -> peers.Batches:
    return lambda chunks: map(machine().feed, chunks)


def _reader(batches: peers.Batches, chunks: list[bytes]) -> Reader:
    return lambda: batches(chunks)


def _all(read: Reader) -> Iterable[Any]:
    return [event for batch in read() for event in batch]


def _as_event(event: Any) -> Event:
    # One from a wheel is of another class, and says more.
    return Event(event.data, event.event, event.id)


def _group(stream: streams.Stream) -> str:
    if stream.kind == "large":
        return "large events and small pieces"
    return "events up to 1 KiB, one per chunk" if stream.one_per_chunk else "events up to 1 KiB, in reads"


def _fault(peer: peers.Peer, stream: streams.Stream) -> str:
    """What is wrong with what `peer` makes of `stream`; "" if nothing is."""
    events = []
    try:
        for batch in peer.batches(before_deadline(stream.chunks)):
            events += [event for event in map(peer.event, batch) if event is not None]
    except TooSlowError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 (whatever it raises is what is to be reported)
        return f"raises {type(error).__name__}"
    if len(events) != len(stream.events):
        return f"{len(events)} events instead of {len(stream.events)}"
    wrong = sum(event != expected for event, expected in zip(events, stream.events, strict=True))
    return f"{wrong} of {len(events)} events differ" if wrong else ""


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
    """Of each stream the time of `base` per event, and how many times as long each other reader takes."""
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
    """Per group of streams the lowest ratios, and on which stream."""
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
    """The time of the rival that is meant; 0 if there is none."""
    if rival == "the fastest peer":
        return min((ns for name, ns in row.best_ns.items() if name not in (*builds, *FLOORS)), default=0)
    return row.best_ns.get(rival, 0)


def print_chat_summary(rows: list[Row], builds: list[str]) -> None:
    """The bytes of each dialect, beside those of the OpenAI one."""
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


def import_ms(rounds: int = 15) -> float:
    """What importing the package costs where msgspec is imported already; from bytecode, as when it is installed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    code = "import time, msgspec; t = time.perf_counter(); import sse_events; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", code]
    runs = [subprocess.run(command, capture_output=True, check=True, text=True, env=environment) for _ in range(rounds)]
    return min(float(run.stdout) for run in runs) * 1000


def setting(names: Iterable[str]) -> str:
    """The machine and the versions, without which no figure means anything."""
    cpu = platform.processor() or platform.machine()
    cpu_info = Path("/proc/cpuinfo")
    if cpu_info.exists():
        models = [line.partition(":")[2].strip() for line in cpu_info.read_text().splitlines() if "model name" in line]
        cpu = models[0] if models else cpu
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, {platform.system()} {platform.machine()}, {cpu}; {versions}"


def main(arguments: list[str] | None = None) -> int:
    """Run the race."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.versus", description=__doc__.splitlines()[0])
    options.add_argument("--only", default="", metavar="WORDS", help="only streams whose name contains this")
    options.add_argument("--rounds", type=int, default=40, help="runs of each reader over each stream (default: 40)")
    options.add_argument("--wheel", type=Path, help="race this compiled wheel too")
    options.add_argument("--plot", type=Path, metavar="SVG", help="write the plot that the README shows")
    chosen = options.parse_args(arguments)

    others, missing = peers.installed()
    with tempfile.TemporaryDirectory() as folder:
        builds = [ours.imported()]
        if chosen.wheel is not None:
            builds.append(ours.from_wheel(chosen.wheel, Path(folder)))
        names = [build.name for build in builds]
        distributions = ["msgspec", *(peer.name for peer in others)]
        print(setting(distributions))
        print("".join(f"not raced: {fault}\n" for fault in missing))
        # What is imported is not to be scanned at every collection: no client has all of these libraries loaded.
        gc.collect()
        gc.freeze()

        total = sum(1 for _ in _stream_names(chosen.only))
        rows = show_progress(_all_rows(builds, others, chosen.only, chosen.rounds), total)
    parsing = [row for row in rows if row.group != "chat"]
    chatting = [row for row in rows if row.group == "chat"]
    if parsing:
        print_table(parsing, names[0])
        print_faults(parsing)
        print_summary(parsing, names)
    if chatting:
        print_table(chatting, names[0])
        print_faults(chatting)
        print_chat_summary(chatting, names)
    if not chosen.only:
        print(f"import sse_events: {import_ms():.1f} ms over importing msgspec")
    if chosen.plot is not None:
        from benchmarks.plot import plot

        chosen.plot.write_text(plot(rows, setting(distributions)))
    return 0


def _all_rows(builds: list[ours.Ours], others: list[peers.Peer], words: str, rounds: int) -> Iterator[Row]:
    yield from parser_rows(builds, others, words, rounds)
    yield from chat_rows(builds, words, rounds)


def _stream_names(words: str) -> Iterator[str]:
    yield from (stream.name for stream in streams.streams(words))
    for dialect in chat.DIALECTS:
        yield from (name for cut in ("one per chunk", "4 KiB reads") if words in (name := f"chat {dialect}, {cut}"))


if __name__ == "__main__":
    sys.exit(main())

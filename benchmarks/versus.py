"""Race this library against others: ``python -m benchmarks.versus``.

It checks that each peer returns the right events from a stream, and says where one does not. It times all of them in
interleaved runs and prints ratios: how many times as long as this library each one takes. Two lower limits are shown
too: ``bytes.split`` over the same chunks, and msgspec's decode of the chat payloads alone. The end-to-end rows say what
an event costs with a real client over loopback.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from benchmarks import end_to_end, ours, peers
from benchmarks.plot import plot
from benchmarks.rows import all_rows, names
from benchmarks.tables import print_chat_summary, print_faults, print_summary, print_table, show_progress


def import_ms(rounds: int = 15) -> float:
    """The time to import the package from bytecode, when msgspec is already imported."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    code = "import time, msgspec; t = time.perf_counter(); import sse_events; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", code]
    runs = [subprocess.run(command, capture_output=True, check=True, text=True, env=environment) for _ in range(rounds)]
    return min(float(run.stdout) for run in runs) * 1000


def setting(distributions: Iterable[str]) -> str:
    """The machine and the versions. Figures mean nothing without them."""
    cpu = platform.processor() or platform.machine()
    cpu_info = Path("/proc/cpuinfo")
    if cpu_info.exists():
        models = [line.partition(":")[2].strip() for line in cpu_info.read_text().splitlines() if "model name" in line]
        cpu = models[0] if models else cpu
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in distributions)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, {platform.system()} {platform.machine()}, {cpu}; {versions}"


def main(arguments: list[str] | None = None) -> int:
    """Run the race."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.versus", description=__doc__.splitlines()[0])
    options.add_argument("--only", default="", metavar="WORDS", help="only streams whose name contains this")
    options.add_argument("--rounds", type=int, default=40, help="runs of each reader over each stream (default: 40)")
    options.add_argument("--wheel", type=Path, help="race this compiled wheel too")
    options.add_argument("--plot", type=Path, metavar="SVG", help="write the plot of the parsers' race")
    chosen = options.parse_args(arguments)

    others, missing = peers.installed()
    with tempfile.TemporaryDirectory() as folder:
        builds = [ours.imported()]
        if chosen.wheel is not None:
            builds.append(ours.from_wheel(chosen.wheel, Path(folder)))
        built = [build.name for build in builds]
        distributions = ["msgspec", *(peer.name for peer in others)]
        print(setting(distributions))
        print("".join(f"not raced: {fault}\n" for fault in missing))
        # The collector must not scan the imported libraries: real clients do not load all of them.
        gc.collect()
        gc.freeze()

        total = sum(1 for _ in names(chosen.only))
        rows = show_progress(all_rows(builds, others, chosen.only, chosen.rounds), total)
    parsing = [row for row in rows if row.group != "chat"]
    chatting = [row for row in rows if row.group == "chat"]
    if parsing:
        print_table(parsing, built[0])
        print_faults(parsing)
        print_summary(parsing, built)
    if chatting:
        print_table(chatting, built[0])
        print_faults(chatting)
        print_chat_summary(chatting, built)
    if not chosen.only or chosen.only in end_to_end.NAME:
        print(end_to_end.table(rounds=chosen.rounds))
    if not chosen.only:
        print(f"import sse_events: {import_ms():.1f} ms over importing msgspec")
    if chosen.plot is not None:
        chosen.plot.write_text(plot(rows, setting(distributions)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

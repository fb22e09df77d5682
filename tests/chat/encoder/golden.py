"""Golden files: the bytes of every scenario, in one file per dialect.

``python -m tests.chat.encoder.golden`` writes them anew. Read the difference by eye before it is committed.
"""

from __future__ import annotations

from pathlib import Path

from tests.chat.encoder.scenarios import DIALECTS, SCENARIOS, write

FOLDER = Path(__file__).parents[2] / "data" / "encoded"


def load(dialect: str) -> dict[str, bytes]:
    """The expected bytes of each scenario."""
    sections = (FOLDER / f"{dialect}.txt").read_bytes().split(b"#### ")[1:]
    return {name.decode(): body for name, _, body in (section.partition(b"\n") for section in sections)}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for dialect in DIALECTS:
        sections = (b"#### %b\n%b" % (name.encode(), write(dialect, turn)) for name, turn in SCENARIOS.items())
        (FOLDER / f"{dialect}.txt").write_bytes(b"".join(sections))


if __name__ == "__main__":
    main()

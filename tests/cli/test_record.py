"""`sse-events record` and `replay`: the output is the input, byte for byte, at the same times."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sse_events.cli import recording, replay
from sse_events.cli.main import main
from tests.cli.streams import FIXTURE, Run

CHUNKS = [(0.0, b"data: one\r\n\r\nda"), (1.5, b"ta: \xc3"), (2.5, b"\xbc\0\xff\n\n")]
STREAM = b"".join(chunk for _, chunk in CHUNKS)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    path = tmp_path / "run.jsonl"
    path.write_bytes(recording.header("") + b"".join(recording.line(*chunk) for chunk in CHUNKS))
    return path


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were slept, on a clock that goes forward only by sleeping."""
    waits: list[float] = []
    monkeypatch.setattr("sse_events.cli.replay.monotonic", lambda: sum(waits))
    monkeypatch.setattr("sse_events.cli.replay.sleep", waits.append)
    return waits


class TestRecord:
    def test_round_trip(self, run: Run, stdin: Callable[[bytes], None], tmp_path: Path) -> None:
        path = str(tmp_path / "run.jsonl")
        stdin(FIXTURE.read_bytes())
        status, out, err = run("record", path)
        assert (status, out.encode()) == (0, FIXTURE.read_bytes())
        assert f"run.jsonl: 1 chunk, {len(out.encode())} bytes, 0." in err
        assert err.endswith(" s, closed\n")
        assert run("replay", path, "--speed", "inf")[1].encode() == FIXTURE.read_bytes()
        assert run("chat", "--text", path)[1] == "Let me look up the weather in Zürich 🌦.\n"

    def test_json(self, run: Run, tmp_path: Path) -> None:
        path = str(tmp_path / "run.jsonl")
        status, out, err = run("record", "--json", path, str(FIXTURE))
        assert (status, out.encode()) == (0, FIXTURE.read_bytes())
        summary = json.loads(err)
        assert summary.pop("seconds") < 10
        assert summary == {"recording": path, "chunks": 1, "bytes": len(out.encode()), "end": "closed"}

    def test_quiet(self, run: Run, tmp_path: Path) -> None:
        assert run("record", str(tmp_path / "run.jsonl"), "-q", str(FIXTURE))[:2] == (0, "")

    def test_existing_file(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "run.jsonl"
        path.write_text("precious")
        status, _, err = run("record", str(path), str(FIXTURE))
        assert (status, path.read_text()) == (2, "precious")
        assert err.endswith("the file exists (--force replaces it)\n")
        assert run("record", "--force", str(path), str(FIXTURE))[0] == 0
        assert path.read_bytes().startswith(recording.MARK)

    def test_file_that_cannot_be_written(self, run: Run, tmp_path: Path) -> None:
        status, _, err = run("record", str(tmp_path / "none" / "run.jsonl"), str(FIXTURE))
        assert (status, err.count("\n")) == (2, 1)

    def test_full_disk(self, run: Run) -> None:
        status, out, err = run("record", "--force", "/dev/full", str(FIXTURE))
        assert (status, out, err) == (1, "", "sse-events: /dev/full: No space left on device\n")

    def test_reader_that_goes(self, run: Run, replace: Callable[[int, int], None], tmp_path: Path) -> None:
        """The recording says that it was interrupted."""
        reader, writer = os.pipe()
        os.close(reader)
        replace(1, writer)
        path = tmp_path / "run.jsonl"
        assert run("record", str(path), str(FIXTURE))[0] == 141
        assert path.read_bytes().endswith(b'"end":"interrupted"}\n')


class TestReplay:
    def test_pace(self, recorded: Path, waits: list[float], capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        assert main(["replay", str(recorded)]) == 0
        assert capfdbinary.readouterr().out == STREAM
        assert waits == [1.5, 1.0]

    @pytest.mark.usefixtures("capfdbinary")
    @pytest.mark.parametrize(("speed", "total"), [("2", 1.25), ("0.5", 5.0), ("inf", 0.0)])
    def test_speed(self, recorded: Path, waits: list[float], speed: str, total: float) -> None:
        assert main(["replay", "--speed", speed, str(recorded)]) == 0
        assert sum(waits) == total

    @pytest.mark.usefixtures("waits")
    def test_json(self, recorded: Path, run: Run) -> None:
        """The lines are those of the recording."""
        assert run("replay", "--json", str(recorded))[1].encode() == recorded.read_bytes().partition(b"\n")[2]

    def test_a_time_that_never_comes(self, run: Run, waits: list[float], tmp_path: Path) -> None:
        """The system refuses to sleep for longer than some centuries."""
        path = tmp_path / "run.jsonl"
        path.write_bytes(recording.header("") + recording.line(1e6 + 1, b"x"))
        assert run("replay", str(path))[1] == "x"
        assert waits == [1e6, 1.0]

    def test_what_has_no_times(self, run: Run, waits: list[float]) -> None:
        assert run("replay", str(FIXTURE))[1].encode() == FIXTURE.read_bytes()
        assert waits == []

    @pytest.mark.parametrize("speed", ["0", "-1", "nan", "fast"])
    def test_wrong_speed(self, run: Run, speed: str) -> None:
        status, _, err = run("replay", "--speed", speed, str(FIXTURE))
        assert (status, "--speed" in err) == (2, True)


def test_wait_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sse_events.cli.replay.sleep", lambda _: pytest.fail("nothing to wait for"))
    replay.wait(time.monotonic() - 1)

"""Chunk invariance: correct machines pass, and each wrong one is reported with the fewest chunks."""

from __future__ import annotations

import itertools

import pytest

from sse_events.testing import Outcome, assert_chunk_invariant, outcome


class Lines:
    """A correct machine: it returns lines ended by CRLF, and the last one with any end."""

    def __init__(self) -> None:
        self.pending = b""

    def feed(self, data: bytes | bytearray | memoryview, /) -> list[bytes]:
        *lines, self.pending = (self.pending + data).split(b"\r\n")
        return lines

    def close(self) -> list[bytes]:
        pending, self.pending = self.pending, b""
        return [pending] if pending else []


class ForgetsItsTail(Lines):
    def feed(self, data, /):
        self.pending = b""
        return super().feed(data)


class SplitsCrlf(Lines):
    def feed(self, data, /):
        *lines, self.pending = (self.pending + bytes(data)).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        return lines


class TakesEmptyForTheEnd(Lines):
    def feed(self, data, /):
        return super().feed(data) if data else self.close()


class LosesWhatCameBeforeAnError(Lines):
    def feed(self, data, /):
        lines = super().feed(data)
        if b"bad" in lines:
            raise ValueError("bad")
        return lines


class CountsItsCalls(Lines):
    calls = 0

    def feed(self, data, /):
        self.calls += 1
        return super().feed(data)

    def close(self):
        raise ValueError(self.calls)


class BreaksAtTheFourthPiece(Lines):
    calls = 0

    def feed(self, data, /):
        self.calls += bool(data)
        return [b"four"] if self.calls == 4 else super().feed(data)


class TestChunkInvariance:
    @pytest.mark.parametrize("body", [b"", b"a", b"a\r\n", b"a\r\nb\rc\nd\r\n\r\ne", b"abc\r\n" * 2000])
    def test_a_machine_that_is_right_passes_and_the_outcome_is_told(self, body):
        lines = [line for line in body.split(b"\r\n")[:-1]] + [line for line in body.split(b"\r\n")[-1:] if line]
        assert assert_chunk_invariant(Lines, body) == Outcome(lines, None)

    @pytest.mark.parametrize(
        ("machine", "chunks"),
        [
            (ForgetsItsTail, [b"a", b"\r\nbad\r\nc"]),
            (SplitsCrlf, [b"a\r", b"\nbad\r\nc"]),
            (TakesEmptyForTheEnd, [b"a", b"", b"\r\nbad\r\nc"]),
            (LosesWhatCameBeforeAnError, [b"a\r\n", b"bad\r\nc"]),
            (CountsItsCalls, [b"", b"a\r\nbad\r\nc"]),
            (BreaksAtTheFourthPiece, [b"a", b"\r", b"\n", b"bad\r\nc"]),
        ],
    )
    def test_one_that_is_wrong_is_shown_the_fewest_chunks_that_convict_it(self, machine, chunks):
        with pytest.raises(AssertionError) as caught:
            assert_chunk_invariant(machine, b"".join(chunks))
        assert str(caught.value).splitlines()[1] == f"chunks: {chunks}"

    def test_the_first_difference_is_shown(self):
        with pytest.raises(AssertionError) as caught:
            assert_chunk_invariant(SplitsCrlf, b"a\r\nb")
        assert str(caught.value).splitlines() == [
            "the outcome depends on where the body is cut",
            "chunks: [b'a\\r', b'\\nb']",
            "the first difference is value 1",
            "in one chunk: b'b'",
            "in these:     b''",
        ]

    def test_an_error_is_a_difference_in_its_type_and_its_arguments(self):
        with pytest.raises(AssertionError, match="ValueError") as caught:
            assert_chunk_invariant(CountsItsCalls, b"ab")
        assert "the first difference is value 0" in str(caught.value)

    def test_given_chunkings_are_tried_and_no_others(self):
        body = b"a\r\nb\r\nc"
        assert_chunk_invariant(SplitsCrlf, body, [])
        assert_chunk_invariant(SplitsCrlf, body, [[body], [b"a\r\n", b"", b"b\r\nc"], iter([b"a", b"\r\nb\r\nc"])])
        with pytest.raises(AssertionError):
            assert_chunk_invariant(SplitsCrlf, body, [[body], [b"a", b"", b"\r\nb\r", b"\n", b"c"]])

    @pytest.mark.parametrize("chunks", [[], [b"a"], [b"b", b"a"], [b"ab", b"c"]])
    def test_chunks_of_another_body_are_refused(self, chunks):
        with pytest.raises(ValueError, match="join"):
            assert_chunk_invariant(Lines, b"ab", [chunks])

    @pytest.mark.parametrize("size", [2048, 2049, 100_000])
    def test_of_a_large_body_a_sample_of_the_splits_is_tried_the_same_every_time(self, size):
        fed: list[list[int]] = []

        class Recorder(Lines):
            def __init__(self) -> None:
                super().__init__()
                fed.append([])

            def feed(self, data, /):
                fed[-1].append(len(data))
                return []

        assert_chunk_invariant(Recorder, bytes(size))
        first, fed[:] = fed[:], []
        assert_chunk_invariant(Recorder, bytes(size))
        assert fed == first
        splits = [sizes[0] for sizes in first if len(sizes) == 2]
        if size <= 2048:
            assert splits == list(range(size + 1))
        else:
            assert len(set(splits)) == 512
            assert max(after - before for before, after in itertools.pairwise([0, *splits, size])) <= 2 * size / 512 + 2

    def test_a_difference_in_a_large_body_is_clipped_to_what_can_be_read(self):
        with pytest.raises(AssertionError) as caught:
            assert_chunk_invariant(ForgetsItsTail, bytes(100_000))
        assert len(str(caught.value)) < 10_000

    def test_only_an_exception_is_an_outcome(self):
        class Interrupted(Lines):
            def close(self):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            outcome(Interrupted(), [b"a"])

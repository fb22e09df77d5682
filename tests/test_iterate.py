"""Driving a machine over chunks: what is yielded when all goes well, when the source fails, and when the caller leaves.

Every case runs over the synchronous driver and, under asyncio, over the asynchronous one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import aclosing, closing
from typing import Any

import pytest

from sse_events.errors import EventTooLarge, MisuseError
from sse_events.events import Event
from sse_events.iterate import aiter_events, iter_events
from sse_events.parser import Parser


class DroppedError(ConnectionError):
    """What a client raises when its connection is lost."""


class Letters:
    """A machine with last words: a letter a byte, refusing what is not ASCII."""

    def __init__(self) -> None:
        self.closes = 0

    def feed(self, data: bytes | bytearray | memoryview, /) -> list[str]:
        return list(bytes(data).decode("ascii"))

    def close(self) -> list[str]:
        self.closes += 1
        return ["last", "words"]


class Source:
    """Chunks that end with an exception, or with the end; it remembers what became of it."""

    def __init__(self, chunks: Iterable[bytes], failure: BaseException | None = None) -> None:
        self.chunks = chunks
        self.failure = failure
        self.given = 0
        self.finished = False

    def read(self) -> Iterator[bytes]:
        try:
            for chunk in self.chunks:
                self.given += 1
                yield chunk
            if self.failure is not None:
                raise self.failure
        finally:
            self.finished = True

    async def aread(self) -> AsyncIterator[bytes]:
        try:
            for chunk in self.chunks:
                self.given += 1
                yield chunk
            if self.failure is not None:
                raise self.failure
        finally:
            # A source that has to wait for its closing, as an HTTP client's does.
            await asyncio.sleep(0)
            self.finished = True


def sync_run(source, into, values, leave_after):
    with closing(iter_events(source.read(), into)) as driver:
        for value in driver:
            values.append(value)
            if len(values) == leave_after:
                break


def async_run(source, into, values, leave_after):
    async def run():
        async with aclosing(aiter_events(source.aread(), into)) as driver:
            async for value in driver:
                values.append(value)
                if len(values) == leave_after:
                    break

    asyncio.run(run())


@pytest.fixture(params=[sync_run, async_run], ids=["sync", "async"])
def drive(request):
    """Drive a machine over a source, adding to `values`, and leave after so many of them."""

    def run(source, into=None, values=None, leave_after=None):
        values = [] if values is None else values
        request.param(source, into, values, leave_after)
        return values

    return run


class TestTheEnd:
    def test_without_a_machine_it_yields_events(self, drive):
        source = Source([b"data: o", b"", b"ne\n\ndata: two\n", b"\nid: unfinished"])
        assert drive(source) == [Event("one"), Event("two")]
        assert source.finished

    def test_a_machine_has_the_last_word_once(self, drive):
        machine = Letters()
        assert drive(Source([b"ab", b"", b"c"]), machine) == ["a", "b", "c", "last", "words"]
        assert machine.closes == 1

    def test_without_chunks_it_is_still_closed(self, drive):
        assert drive(Source([]), Letters()) == ["last", "words"]

    def test_a_value_is_yielded_before_the_next_chunk_is_asked_for(self, drive):
        source = Source([b"a", b"b", b"c"])
        assert drive(source, Letters(), leave_after=2) == ["a", "b"]
        assert source.given == 2

    def test_the_machine_is_spent_afterwards(self, drive):
        parser = Parser()
        drive(Source([b"id: 1\ndata: x\n\n"]), parser)
        assert parser.last_event_id == "1"
        with pytest.raises(MisuseError):
            parser.feed(b"")


class TestTheSourceFails:
    def test_the_last_words_come_first_then_the_exception_unchanged(self, drive):
        failure = DroppedError("reset")
        values: list[Any] = []
        with pytest.raises(DroppedError) as caught:
            drive(Source([b"ab"], failure), Letters(), values)
        assert values == ["a", "b", "last", "words"]
        assert caught.value is failure
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None

    def test_at_the_first_chunk(self, drive):
        values: list[Any] = []
        with pytest.raises(DroppedError):
            drive(Source([], DroppedError()), Letters(), values)
        assert values == ["last", "words"]

    def test_a_parked_error_gives_way_to_it(self, drive):
        failure = DroppedError("reset")
        values: list[Any] = []
        with pytest.raises(DroppedError) as caught:
            drive(Source([b"data: 1\n\ndata: too long"], failure), Parser(max_event_bytes=10), values)
        assert values == [Event("1")]
        assert caught.value is failure

    def test_leaving_during_the_last_words_closes_all(self, drive):
        source = Source([b"a"], DroppedError())
        assert drive(source, Letters(), leave_after=2) == ["a", "last"]
        assert source.finished

    @pytest.mark.parametrize("failure", [KeyboardInterrupt(), SystemExit(2)])
    def test_what_ends_the_program_is_no_failure_of_the_source(self, failure):
        machine = Letters()
        values: list[Any] = []
        with pytest.raises(type(failure)):
            sync_run(Source([b"ab"], failure), machine, values, leave_after=None)
        assert values == ["a", "b"]
        assert machine.closes == 0


class TestTheMachineFails:
    def test_its_error_goes_through_after_the_values_before_it_and_the_source_is_closed(self, drive):
        source = Source([b"data: 1\n\n", b"data: too long\n\n", b"data: 2\n\n", b"data: 3\n\n"])
        values: list[Any] = []
        with pytest.raises(EventTooLarge):
            drive(source, Parser(max_event_bytes=10), values)
        assert values == [Event("1")]
        # The second chunk completes no event, so its error is raised at once.
        assert source.given == 2
        assert source.finished

    def test_a_limit_passed_by_the_last_chunk_is_raised_at_the_end(self, drive):
        values: list[Any] = []
        with pytest.raises(EventTooLarge):
            drive(Source([b"data: 1\n\ndata: too long"]), Parser(max_event_bytes=10), values)
        assert values == [Event("1")]

    def test_last_words_are_not_asked_of_a_machine_that_failed(self, drive):
        machine = Letters()
        values: list[Any] = []
        with pytest.raises(UnicodeDecodeError):
            drive(Source([b"a", b"\xff"]), machine, values)
        assert values == ["a"]
        assert machine.closes == 0

    def test_text_is_not_bytes(self, drive):
        source = Source(["data: x\n\n"])  # type: ignore[list-item]
        with pytest.raises(TypeError):
            drive(source)
        assert source.finished

    def test_one_chunk_is_not_an_iterable_of_chunks(self):
        with pytest.raises(TypeError):
            list(iter_events(b"data: x\n\n"))  # type: ignore[arg-type]


class TestTheCallerLeaves:
    def test_nothing_more_is_yielded_and_the_source_is_closed(self, drive):
        source, machine = Source([b"abc", b"d"]), Letters()
        assert drive(source, machine, leave_after=1) == ["a"]
        assert source.finished
        assert machine.closes == 0

    def test_an_exception_thrown_in_at_a_value_is_the_callers_own(self):
        source, machine = Source([b"ab"]), Letters()
        driver = iter_events(source.read(), machine)
        assert next(driver) == "a"
        with pytest.raises(DroppedError):
            driver.throw(DroppedError("thrown in"))
        assert list(driver) == []
        assert source.finished
        assert machine.closes == 0

    def test_an_exception_thrown_in_at_a_value_is_the_callers_own_async(self):
        async def run():
            source, machine = Source([b"ab"]), Letters()
            driver = aiter_events(source.aread(), machine)
            assert await anext(driver) == "a"
            with pytest.raises(DroppedError):
                await driver.athrow(DroppedError("thrown in"))
            assert [value async for value in driver] == []
            assert source.finished
            assert machine.closes == 0

        asyncio.run(run())

    def test_a_source_that_cannot_be_closed_is_let_be(self):
        driver = iter_events(iter([b"ab"]), Letters())
        assert next(driver) == "a"
        driver.close()
        assert list(driver) == []

    def test_a_source_that_cannot_be_closed_is_let_be_async(self):
        class Bare:
            def __aiter__(self):
                return self

            async def __anext__(self):
                return b"ab"

        async def run():
            driver = aiter_events(Bare(), Letters())
            assert await anext(driver) == "a"
            await driver.aclose()
            assert [value async for value in driver] == []

        asyncio.run(run())

    def test_cancellation_yields_nothing_more_and_closes_the_source(self):
        values: list[str] = []
        machine = Letters()

        async def run():
            waiting, closed = asyncio.Event(), asyncio.Event()

            async def endless():
                try:
                    yield b"ab"
                    waiting.set()
                    await asyncio.Event().wait()
                finally:
                    closed.set()

            async def consume():
                async for value in aiter_events(endless(), machine):
                    values.append(value)

            task = asyncio.create_task(consume())
            await waiting.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert closed.is_set()

        asyncio.run(run())
        assert values == ["a", "b"]
        assert machine.closes == 0

"""Driving a machine over chunks: the normal end, a source that fails, a caller who leaves, and wrong arguments.

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
    """A machine that returns a letter for each ASCII byte, refuses other bytes, and returns values at close()."""

    def __init__(self) -> None:
        self.closes = 0

    def feed(self, data: bytes | bytearray | memoryview, /) -> list[str]:
        return list(bytes(data).decode("ascii"))

    def close(self) -> list[str]:
        self.closes += 1
        return ["last", "words"]


class Source:
    """Chunks that end with or without an exception. It remembers how it was closed."""

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

    def test_a_source_of_text_is_told_to_give_bytes(self, drive):
        source = Source(["data: x\n\n"])  # type: ignore[list-item]
        with pytest.raises(TypeError, match="chunks must yield bytes, but yielded a str: open files with mode 'rb'"):
            drive(source)
        assert source.finished

    def test_a_type_error_of_the_machine_is_its_own(self, drive):
        class Broken(Letters):
            def feed(self, data, /):
                raise TypeError(f"not {data!r}")

        with pytest.raises(TypeError, match=r"^not b'a'$"):
            drive(Source([b"a"]), Broken())

    def test_a_machine_may_take_text(self, drive):
        class Words(Letters):
            def feed(self, data, /):
                return data.split()

        assert drive(Source(["a b"]), Words()) == ["a", "b", "last", "words"]  # type: ignore[list-item]


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


class Response:
    """A response like that of httpx."""

    headers: dict[str, str] = {}  # noqa: RUF012 - never written

    def iter_bytes(self):
        yield b""

    @property
    def content(self):
        raise AssertionError("this would read the body")


class LineResponse:
    """A response like that of urllib: it iterates over the lines of its body."""

    headers: dict[str, str] = {}  # noqa: RUF012 - never written

    def __iter__(self):
        return iter([b"data: a\n", b"\n"])


class Spent(Letters):
    done = True


class Fresh(Letters):
    done = False


class TestArguments:
    """Wrong arguments are refused at the call, before anything is read."""

    CHUNKS = (
        ("bytes", b"data: a\n\n", r"chunks must be .*, not a bytes: wrap it in a list, \[data\]"),
        ("bytearray", bytearray(b"a"), r"chunks must be .*, not a bytearray: wrap it"),
        ("memoryview", memoryview(b"a"), r"chunks must be .*, not a memoryview: wrap it"),
        ("str", "data: a\n\n", r"chunks must be .*, not a str: encode it and wrap it in a list"),
        ("response", Response(), r"not a Response: import a?iter_events from the adapter of its client, .*\.httpx"),
        ("None", None, r"chunks must be an iterable of bytes, not a NoneType"),
        ("int", 5, r"chunks must be an iterable of bytes, not an int"),
    )
    MACHINES: tuple[tuple[str, Any, type[Exception], str], ...] = (
        ("class", Parser, TypeError, r"into must be an instance, not a class: write into=Parser\(\)"),
        ("name", "openai", TypeError, r"into must be a machine .* such as Parser\(\) or ChatStream\(\), not a str"),
        ("half", iter([]), TypeError, r"into must be a machine with feed\(\) and close\(\)"),
        ("spent", Spent(), MisuseError, r"into is a Spent that has already returned Done: use a new Spent\(\)"),
    )

    @pytest.mark.parametrize("function", [iter_events, aiter_events])
    @pytest.mark.parametrize(("chunks", "message"), [row[1:] for row in CHUNKS], ids=[row[0] for row in CHUNKS])
    def test_chunks(self, function, chunks, message):
        with pytest.raises(TypeError, match=message):
            function(chunks)

    @pytest.mark.parametrize("make", [Source.read, Source.aread], ids=["sync", "async"])
    @pytest.mark.parametrize(
        ("into", "error", "message"), [row[1:] for row in MACHINES], ids=[row[0] for row in MACHINES]
    )
    def test_into(self, make, into, error, message):
        source = Source([b"a"])
        function = iter_events if make is Source.read else aiter_events
        with pytest.raises(error, match=message):
            function(make(source), into)
        assert source.given == 0

    def test_the_other_function(self):
        with pytest.raises(TypeError, match=r"an async_generator has __aiter__.*: use aiter_events"):
            iter_events(Source([]).aread())  # type: ignore[call-overload]
        with pytest.raises(TypeError, match=r"a list has __iter__.*: use iter_events"):
            aiter_events([b""])  # type: ignore[call-overload]

    def test_a_machine_that_says_that_it_is_not_done_is_driven(self, drive):
        assert drive(Source([b"a"]), Fresh()) == ["a", "last", "words"]

    def test_a_response_that_iterates_over_its_body_is_an_iterable_of_chunks(self):
        assert list(iter_events(LineResponse())) == [Event("a")]

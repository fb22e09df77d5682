"""Run a machine over a body cut in every way."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from sse_events.iterate import Machine
from sse_events.mistakes import check_type, wrong_type

__all__ = ["Outcome", "assert_chunk_invariant", "outcome"]

T = TypeVar("T")

# Up to this many bytes `assert_chunk_invariant` tries every split point; the cost is quadratic.
_EXHAUSTIVE_BYTES = 2048
_SAMPLED_SPLITS = 512


class Outcome(msgspec.Struct, Generic[T], frozen=True):
    """All that a machine returned for a stream, up to the first error.

    Attributes:
        values: What ``feed()`` and ``close()`` returned, in order.
        error: The type and the arguments of the exception that ended it, or None.
    """

    values: list[T]
    error: tuple[type[Exception], tuple[Any, ...]] | None


def outcome(machine: Machine[T], chunks: Iterable[bytes]) -> Outcome[T]:
    r"""The outcome of `machine` for `chunks` and the end of the stream. The machine cannot be used again.

    Raises:
        TypeError: `chunks` is a single chunk, or `machine` is not a machine.

    >>> from sse_events import Parser
    >>> outcome(Parser(), [b"data: o", b"ne\n", b"\n"])
    Outcome(values=[Event(data='one', event='message', id='', retry=None)], error=None)
    """
    if isinstance(chunks, (bytes, bytearray, memoryview, str)):
        raise wrong_type("chunks", chunks, "an iterable of bytes", "wrap one chunk in a list, [data]")
    _check_machine("machine", machine)
    values: list[T] = []
    try:
        for chunk in chunks:
            values += machine.feed(chunk)
        values += machine.close()
    except Exception as error:  # noqa: BLE001 - the user's machine may raise anything
        return Outcome(values, (type(error), error.args))
    return Outcome(values, None)


def assert_chunk_invariant(
    make_machine: Callable[[], Machine[T]], body: bytes, chunkings: Iterable[Iterable[bytes]] | None = None
) -> Outcome[T]:
    r"""The outcome of `body` in one chunk. Every other chunking must have the same outcome.

    Two outcomes are the same when their values are equal, and an error is of the same type with the same arguments
    after the same values. How the values are spread over the calls makes no difference.

    Args:
        make_machine: Makes a fresh machine for each chunking: a class, or a lambda around its options.
        body: The bytes of the whole stream.
        chunkings: The chunkings to try. By default: cut in two at every point, byte by byte, and byte by byte with
            empty chunks between. A body over 2 KiB is divided into 512 equal slices, and one point in each is tried,
            the same one every time.

    Raises:
        AssertionError: An outcome differs. The message shows a chunking without needless cuts, and the first
            difference.
        TypeError: `body` is not bytes, or `make_machine` does not make machines.
        ValueError: A chunking does not join to `body`.

    >>> from sse_events import Parser
    >>> assert_chunk_invariant(lambda: Parser(max_event_bytes=8), b"data: 1\n\ndata: 1234567890").values
    [Event(data='1', event='message', id='', retry=None)]
    """
    check_type("body", body, bytes, "bytes", 'write b"..." or text.encode()')
    if not callable(make_machine):
        raise wrong_type("make_machine", make_machine, "a class or a function that makes a machine", "leave out the ()")
    _check_machine("what make_machine returns", machine := make_machine())
    whole = outcome(machine, [body])

    def differs(cuts: Sequence[int]) -> bool:
        return outcome(make_machine(), cut_at(body, cuts)) != whole

    for cuts in _usual_cuts(len(body)) if chunkings is None else (_cuts_of(body, chunks) for chunks in chunkings):
        if differs(cuts):
            chunks = cut_at(body, _fewest(cuts, differs))
            raise AssertionError(_difference(chunks, whole, outcome(make_machine(), chunks)))
    return whole


def _check_machine(argument: str, machine: object) -> None:
    if isinstance(machine, type) or not hasattr(machine, "feed") or not hasattr(machine, "close"):
        raise wrong_type(argument, machine, "a machine with feed() and close(), such as Parser()")


def _usual_cuts(size: int) -> Iterator[Sequence[int]]:
    # The splits come first: what fails in two chunks is shown in two chunks.
    splits: Iterable[int] = range(size + 1)
    if size > _EXHAUSTIVE_BYTES:
        # One at a random place in every slice: with a fixed distance, lines of equal length would always be cut at the
        # same place.
        draw = random.Random(size)  # noqa: S311 - a sample that can be repeated, not a secret
        splits = (
            draw.randrange(size * n // _SAMPLED_SPLITS, size * (n + 1) // _SAMPLED_SPLITS)
            for n in range(_SAMPLED_SPLITS)
        )
    for cut in splits:
        yield [cut]
    yield range(1, size)
    yield [cut for cut in range(size + 1) for _ in range(2)]


def cut_at(body: bytes, cuts: Sequence[int]) -> list[bytes]:
    """`body` cut at these positions, in ascending order; a position that repeats gives an empty chunk."""
    return [body[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(body)], strict=True)]


def _cuts_of(body: bytes, chunks: Iterable[bytes]) -> list[int]:
    chunks = list(chunks)
    if b"".join(chunks) != body:
        raise ValueError("the chunks of a chunking do not join to the body")
    cuts = [0]
    for chunk in chunks:
        cuts.append(cuts[-1] + len(chunk))
    return cuts[1:-1]


def _fewest(cuts: Sequence[int], differs: Callable[[Sequence[int]], bool]) -> list[int]:
    """The `cuts` that are needed: without any one of them the outcomes would be the same."""
    kept = list(cuts)
    size = len(kept)
    while size:
        before = len(kept)
        for start in reversed(range(0, before, size)):
            fewer = kept[:start] + kept[start + size :]
            if differs(fewer):
                kept = fewer
        # All cuts are tried again until none can be removed: a cut may become needless when another one is removed.
        if size > 1 or len(kept) == before:
            size //= 2
    return kept


def _difference(chunks: list[bytes], whole: Outcome[Any], chunked: Outcome[Any]) -> str:
    expected, got = ([*end.values, f"the end, error {end.error}"] for end in (whole, chunked))
    first = next(n for n in range(len(expected)) if expected[n] != got[n])
    return "\n".join(
        [
            "the outcome depends on where the body is cut",
            f"chunks: {_clipped(repr(chunks))}",
            f"the first difference is value {first}",
            f"in one chunk: {_clipped(str(expected[first]))}",
            f"in these:     {_clipped(str(got[first]))}",
        ]
    )


def _clipped(text: str) -> str:
    return text if len(text) <= 2000 else f"{text[:1000]} ... {text[-1000:]}"

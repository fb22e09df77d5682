"""ChatStream against the slow reference, over damaged streams: every difference, with a small input that shows it.

By hand, from the checkout::

    python -m tests.fuzz.fuzz_reference --minutes 10 --dialect openai
"""

from __future__ import annotations

from random import Random

from sse_events import WireParser
from sse_events.chat import ChatStream, Error, Raw, StreamEvent, ToolCallEnd
from tests.chat.chunkings import scattered
from tests.chat.mutations import mutate
from tests.chat.reference import judge, summarize
from tests.chat.summary import check_order, compare, fold
from tests.fuzz.seeds import BY_DIALECT, FIXTURES, from_arguments, generators, shrink


def differences(body: bytes) -> list[str]:
    """The differences between ChatStream and the reference, with the dialect detected and with it named."""
    expected = summarize(body)
    judgements = judge(body)
    found: list[str] = []
    for dialect in ("auto", expected["dialect"]) if expected["dialect"] else ("auto",):
        stream = ChatStream(dialect)
        events = read(stream, body)
        check_order(events)
        found += compare(expected, fold(events, stream.dialect))
        ends = {event.index: event for event in events if isinstance(event, ToolCallEnd) and event.choice == 0}
        if len(ends) == len(judgements):
            for index, judgement in enumerate(judgements):
                if ends[index].name and ends[index].custom != judgement.custom:
                    found.append(f"custom: {ends[index]!r}")
                if judgement.complete not in (None, ends[index].complete):
                    found.append(f"complete: expected {judgement.complete}, got {ends[index]!r}")
    return found + variants(body)


def variants(body: bytes) -> list[str]:
    """Where `raw`, `choices`, and events that were parsed elsewhere, change what is returned."""
    plain = read(ChatStream(), body)
    found = []
    if [event for event in read(ChatStream(raw=True), body) if not isinstance(event, Raw)] != plain:
        found.append(f"raw: {plain!r}")
    # With all choices the events of the first are the same, and in the same order.
    first = [event for event in read(ChatStream(choices="all"), body) if getattr(event, "choice", 0) == 0]
    if first != plain:
        found.append(f"choices: {first!r}")
    not_sse = any(isinstance(event, Error) and event.kind == "not_sse" for event in plain)
    if body.endswith((b"\n\n", b"\r\n\r\n")) and not not_sse:
        stream = ChatStream()
        parsed = WireParser().feed(body)
        elsewhere = [event for item in parsed for event in stream.feed_event(item)] + stream.close()
        if elsewhere != plain:
            found.append(f"feed_event: {elsewhere!r}")
    return found


def read(stream: ChatStream, body: bytes) -> list[StreamEvent]:
    return [event for chunk in scattered(body) for event in stream.feed(chunk)] + stream.close()


def damaged(dialect: str | None, generator: Random) -> bytes:
    return mutate(generator.choice(BY_DIALECT[dialect]), list(FIXTURES.values()), generator)


def main() -> None:
    dialects, minutes, first = from_arguments(__doc__.splitlines()[0] if __doc__ else "")
    for dialect in dialects:
        seen: dict[str, int] = {}
        count = 0
        for seed, generator in generators(minutes, first):
            count += 1
            body = damaged(dialect, generator)
            for difference in differences(body)[:1]:
                key = difference.split(":")[0]
                seen[key] = seen.get(key, 0) + 1
                if seen[key] > 8:
                    continue
                small = shrink(body, lambda piece, key=key: any(d.split(":")[0] == key for d in differences(piece)))  # type: ignore[misc]
                print(f"{dialect} seed {seed}\n  {small!r}", *differences(small), sep="\n  ", flush=True)  # noqa: T201
        print(f"{dialect}: {count} streams, differences: {seen or 'none'}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

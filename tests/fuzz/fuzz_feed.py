"""Feed any bytes: the parsers raise only errors of the tree, and a `ChatStream` does not raise.

By hand, from the checkout, with Atheris (``pip install atheris``), seeded with the streams of tests/data::

    python -m tests.fuzz.fuzz_feed -max_total_time=600 tests/data
"""

from __future__ import annotations

import contextlib
import importlib
import sys

from sse_events import Parser, SSEError, WireParser
from sse_events.chat import ChatStream


def one_input(data: bytes) -> None:
    """Feed `data` to every machine, in pieces. The first byte decides their size."""
    size = data[0] % 64 + 1 if data else 1
    pieces = [data[n : n + size] for n in range(0, len(data), size)]
    for parser in (Parser(), WireParser(errors="strict"), WireParser(max_event_bytes=32)):
        with contextlib.suppress(SSEError):
            for piece in pieces:
                parser.feed(piece)
            parser.close()
    chat = ChatStream()
    values = [value for piece in pieces for value in chat.feed(piece)] + chat.close()
    if [value for value in values if type(value).__name__ == "Done"] != values[-1:]:
        raise AssertionError("Done did not come exactly once, last")


if __name__ == "__main__":
    atheris = importlib.import_module("atheris")
    atheris.instrument_all()
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()

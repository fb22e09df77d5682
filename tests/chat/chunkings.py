"""Ways of cutting one body into the chunks that a network might deliver."""

from __future__ import annotations

import random
import zlib


def whole(body: bytes) -> list[bytes]:
    return [body]


def per_byte(body: bytes) -> list[bytes]:
    return [body[at : at + 1] for at in range(len(body))]


def sixteen(body: bytes) -> list[bytes]:
    return [body[at : at + 16] for at in range(0, len(body), 16)]


def scattered(body: bytes) -> list[bytes]:
    """Random sizes, empty ones too; the seed is the body itself."""
    generator = random.Random(zlib.crc32(body))
    chunks, at = [], 0
    while at < len(body):
        size = generator.choice((0, 1, 2, 3, 7, 50, 300, 1400))
        chunks.append(body[at : at + size])
        at += size
    return chunks


def per_event(body: bytes) -> list[bytes]:
    """Cut after each blank line."""
    chunks = [b""]
    for line in body.splitlines(keepends=True):
        chunks[-1] += line
        if not line.strip(b"\r\n"):
            chunks.append(b"")
    return [chunk for chunk in chunks if chunk]


CHUNKINGS = (whole, per_byte, sixteen, scattered, per_event)

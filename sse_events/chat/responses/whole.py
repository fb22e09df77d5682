"""Responses: the whole answer that a streamed one makes up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def whole_answer(payloads: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The ``response`` object of the event that ends the stream: it holds the whole answer.

    Args:
        payloads: The events' data as `ChatEncoder` writes them, decoded.

    Source: OpenAI's API reference, "The response object".
    """
    *_, last = payloads
    response: dict[str, Any] = last["response"]
    return response

"""Everything this library raises, in one tree.

::

    SSEError
    ├── ProtocolError (ValueError)          the stream broke a rule that was asked for
    │   └── EventTooLarge                   an event passed ``max_event_bytes``
    ├── ResponseError                       an adapter got something that is not an event stream
    ├── StreamInterrupted (ConnectionError) the connection ended or failed, and the policy says stop
    └── MisuseError (RuntimeError)          the caller's fault: feed after close, an illegal transition

The stream's fault and the caller's fault are different branches, so ``except SSEError`` around a read never has to
tell them apart by their text. Each error also derives from the built-in that a caller would expect, and carries its
facts as attributes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["EventTooLarge", "MisuseError", "ProtocolError", "ResponseError", "SSEError", "StreamInterrupted"]


class SSEError(Exception):
    """Base of all errors that this library defines.

    Instances pickle and copy with their attributes: a worker process may report one to its parent.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__)


def _restore(kind: type[SSEError], args: tuple[Any, ...], attributes: dict[str, Any]) -> SSEError:
    # The constructors take keywords, but Exception's own pickling passes positional arguments.
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(attributes)
    return error


class ProtocolError(SSEError, ValueError):
    """The stream broke a rule that the caller asked to have enforced, such as ``errors="strict"``."""


class EventTooLarge(ProtocolError):
    """One event is larger than the limit. Everything complete before it has been returned.

    Attributes:
        limit: The ``max_event_bytes`` that was passed, in bytes.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(f"an event is larger than max_event_bytes ({limit} bytes)")
        self.limit = limit


class ResponseError(SSEError):
    """An HTTP response is not an event stream.

    Attributes:
        status: The HTTP status code.
        content_type: The Content-Type header as sent, ``""`` when there was none.
        headers: The response's headers.
        body: The first 64 KiB of the body, so that a provider's JSON error can be read.
        url: The address that answered, after redirects.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        content_type: str,
        headers: Mapping[str, str],
        body: bytes,
        url: str,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.content_type = content_type
        self.headers = headers
        self.body = body
        self.url = url


class StreamInterrupted(SSEError, ConnectionError):
    """The connection ended or failed, and the reconnection policy says stop.

    Attributes:
        last_event_id: What a later request would send as Last-Event-ID, ``""`` when there is none.
        cause: The client's own exception, or None when the stream simply ended. It is also the ``__cause__``, until the
            error is pickled.
    """

    def __init__(self, message: str, *, last_event_id: str = "", cause: BaseException | None = None) -> None:
        super().__init__(message)
        self.last_event_id = last_event_id
        self.cause = cause
        self.__cause__ = cause


class MisuseError(SSEError, RuntimeError):
    """The caller's fault: feeding a machine after its close, or a transition that cannot happen."""

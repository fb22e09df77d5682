"""What the blocking and the asynchronous source share: their arguments, and everything except I/O."""

from __future__ import annotations

import random as random_numbers
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeAlias, TypeVar

from msgspec.structs import replace as replaced

from sse_events.adapters.arguments import check_arguments
from sse_events.adapters.clients import SentRequest, client_package
from sse_events.adapters.headers import moved_to
from sse_events.adapters.response import Head
from sse_events.adapters.steps import Connect, Do, Lost, Plan, Step, steps
from sse_events.events import Event
from sse_events.iterate import Machine
from sse_events.mistakes import described
from sse_events.parser import DEFAULT_MAX_EVENT_BYTES, Parser
from sse_events.reconnect import Change, Reconnect, Reconnection, State

if TYPE_CHECKING:
    import typing_extensions

    Value = typing_extensions.TypeVar("Value", default=Event)
else:
    Value = TypeVar("Value")

__all__ = ["Client", "Response", "Source", "Value"]

Client = TypeVar("Client")
Response = TypeVar("Response")
Headers: TypeAlias = Mapping[str, str]


class Source(ABC, Generic[Client, Response, Value]):
    """A source without its I/O. `steps` says what to do. A subclass does it, with the help of an adapter."""

    _adapter: ClassVar[str]  # the module's name
    _asynchronous: ClassVar[bool]

    def __init__(
        self,
        client: Client,
        url: str,
        *,
        method: str = "GET",
        headers: Headers | Callable[[], Headers] | Callable[[], Awaitable[Headers]] | None = None,
        reconnect: Reconnect | None = None,
        replay: bool = False,
        last_event_id: str = "",
        retry: int | None = None,
        idle_timeout: float | None = None,
        check: bool = True,
        parser: Callable[..., Machine[Value]] = Parser,  # type: ignore[assignment] # Event is the default of Value
        on_change: Callable[[Change], object] | None = None,
        max_event_bytes: int | None = DEFAULT_MAX_EVENT_BYTES,
        sleep: Callable[[float], Any] | None = None,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = random_numbers.random,
        **request: Any,
    ) -> None:
        """Nothing is sent before the first event is asked for.

        Args:
            client: The client, which stays open when the source is closed.
            url: The address. After a redirect the next request goes directly to where it led, within one origin, or if
                every header and cookie arrived there.
            method: Any method but GET is sent only once, unless `replay` is true.
            headers: They override the source's own Accept and Cache-Control. A function is called before every attempt,
                because tokens expire; for an asynchronous source it may be async.
            reconnect: The policy, ``Reconnect()`` by default.
            replay: Whether to repeat a request that is not a GET. Repeating a POST to a model costs money.
            last_event_id: The ID that the first request resumes after.
            retry: The server's reconnection time in ms: the attribute `retry` of an earlier source.
            idle_timeout: After this many seconds without a byte the connection counts as lost. None waits for ever,
                whatever the client's own timeouts are.
            check: Whether the content type must be ``text/event-stream``, and the content encoding one that the client
                decodes. The status is always looked at.
            parser: Makes the parser of each connection: `Parser`, or `WireParser` for comments and unknown fields too.
            on_change: Is called with each `Change` of the state, in the thread or task that reads or closes.
            max_event_bytes: As of `Parser`.
            sleep: Waits for seconds. With the default, and with any under asyncio, closing ends a wait at once.
            clock: A monotonic clock.
            random: Random numbers from 0 to 1.
            request: All other arguments go to the client unchanged.

        Raises:
            TypeError: An argument has the wrong type. The message names it.
        """
        self._package = client_package(client, self._adapter, asynchronous=self._asynchronous)
        arguments = {
            "url": url,
            "method": method,
            "headers": headers,
            "reconnect": reconnect,
            "replay": replay,
            "check": check,
            "idle_timeout": idle_timeout,
            "parser": parser,
            "on_change": on_change,
            "max_event_bytes": max_event_bytes,
            "sleep": sleep,
            "clock": clock,
            "random": random,
        }
        check_arguments(arguments, asynchronous=self._asynchronous)
        self._reconnection = Reconnection(reconnect, last_event_id, retry=retry)
        self._client = client
        self._idle_timeout = idle_timeout
        if "timeout" not in request:
            request["timeout"] = self._timeout()
        elif idle_timeout is not None:
            raise TypeError("timeout and idle_timeout both set the client's timeouts: give one of them")
        self._request = request
        self._headers = headers
        # The next request may carry more than the last one if a function gives its headers, or if an auth object
        # answers a server's challenge.
        self._across_origins = not (callable(headers) or request.get("auth") or getattr(client, "auth", None))
        self._sleep = self._wait if sleep is None else sleep
        self._on_change = on_change
        self._method = method
        self._closing = threading.Event()  # set when close() was called, while another thread or task may be reading
        self._reading = threading.Lock()  # held by the reader
        self._attempt = 0
        self._ended = False
        self._response: Response | None = None
        plan = Plan(
            method=method,
            url=str(url),
            once=method.upper() != "GET" and not replay,
            check=check,
            parser=parser,
            max_event_bytes=max_event_bytes,
            on_change=self._changed,
            clock=clock,
            random=random,
            wall_clock=time.time,
        )
        self._steps = steps(plan, self._reconnection)

    @property
    def last_event_id(self) -> str:
        """The ID that a later source resumes after. A block that sets an ID without data counts too."""
        return self._reconnection.last_event_id

    @property
    def retry(self) -> int | None:
        """The server's reconnection time in ms, None until it sends one."""
        return self._reconnection.retry

    @property
    def state(self) -> State:
        """The state of the source: connecting, open, waiting or closed."""
        return self._reconnection.state

    def _check_open(self, answer: object) -> None:
        """Raise StopIteration if the source is being closed, unless `answer` is a chunk, which must not be lost."""
        if self._closing.is_set() and not isinstance(answer, bytes):
            raise StopIteration

    def _call(self, connect: Connect) -> dict[str, Any]:
        """The arguments of the client's request."""
        request = dict(self._request)
        if connect.redirected:
            request.pop("params", None)  # the address that the client was redirected to has its own query
        return {"method": self._method, "url": connect.url, "headers": connect.headers, **request}

    def _checked(self, headers: object) -> Any:
        if headers is not None and not isinstance(headers, Mapping):
            raise TypeError(f"headers must return a mapping, not {described(headers)}")
        return headers

    def _accepted(self, response: Response) -> Head:
        """The answer to Connect."""
        head = self._head(response)
        return replaced(head, moved_to=moved_to(self._sent(response), across_origins=self._across_origins))

    def _failed(self, step: Step, error: Exception) -> Lost:
        """The answer to a step, after the client raised `error`.

        Raises:
            Exception: `error` itself, if it is the caller's: an unknown option, a closed client, a failing function.
        """
        lost = self._closing.is_set() or self._is_lost(error)
        if not lost and (step is Do.ASK_HEADERS or isinstance(error, TypeError | RuntimeError)):
            raise error
        # A request can fail for good, because its address or a redirect is wrong. A read cannot.
        return Lost(error, final=not lost and step is not Do.READ)

    def _changed(self, change: Change) -> None:
        self._attempt = change.attempt
        if self._on_change is not None:
            self._on_change(change)

    def _stop(self) -> None:
        self._steps.close()
        self._reconnection.stopped()

    def _closed(self, error: BaseException | None) -> None:
        """Report the end once, with the error that the caller sees."""
        if not self._ended:
            self._ended = True
            cause = error if isinstance(error, Exception) and not isinstance(error, StopIteration) else None
            self._changed(Change(State.CLOSED, 0.0, self._attempt, cause))

    @abstractmethod
    def _wait(self, seconds: float) -> Any:
        """Sleep, by default."""

    @abstractmethod
    def _timeout(self) -> Any:
        """The client's own timeouts, with the one between two reads replaced by `idle_timeout`."""

    @abstractmethod
    def _is_lost(self, error: Exception) -> bool:
        """Whether the client raised `error` because a connection failed, so that another attempt may succeed."""

    @abstractmethod
    def _head(self, response: Response) -> Head:
        """The response without its body."""

    @staticmethod
    @abstractmethod
    def _sent(response: Response) -> Sequence[SentRequest]:
        """The requests that led to the response: all but the last were redirected."""

"""One upstream: its pool of connections, and the way to send it a request and stream the answer back."""

from __future__ import annotations

import asyncio
import select
from collections import deque
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from gateway.outbound.connection import Connection
from gateway.outbound.download import UpstreamResponse
from gateway.outbound.egress import Egress, Origin, Timeouts
from gateway.outbound.failure import (
    UnsendableRequestError,
    UpstreamConnectError,
    UpstreamCutOffError,
    UpstreamError,
    UpstreamProtocolError,
    UpstreamResetError,
    UpstreamTimeoutError,
    UpstreamTLSError,
)
from gateway.outbound.message import Message, compose

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from cassettes.exchange import Headers
    from gateway.mode import Waiting

__all__ = [
    "Timeouts",
    "UnsendableRequestError",
    "Upstream",
    "UpstreamConnectError",
    "UpstreamCutOffError",
    "UpstreamError",
    "UpstreamProtocolError",
    "UpstreamResetError",
    "UpstreamResponse",
    "UpstreamStats",
    "UpstreamTLSError",
    "UpstreamTimeoutError",
]

# How often deadlines are looked at while something is under way, and while there are only idle connections.
_TICK_S = 0.05
_IDLE_TICK_S = 1.0
_CLOSE_S = 1.0


@dataclass(frozen=True, slots=True)
class UpstreamStats:
    """Connections right now: `open` counts those being opened too; `waiting` counts requests without a connection."""

    open: int
    idle: int
    in_use: int
    waiting: int


class Upstream:
    """One origin with its connections; the most recently used idle one goes first, so that the others can expire."""

    def __init__(
        self,
        name: str,
        origin: Origin,
        egress: Egress,
        *,
        timeouts: Timeouts | None = None,
        max_connections: int = 256,
        idle_timeout_s: float = 30.0,
        pool_wait_s: float = 1.0,
    ) -> None:
        self.name = name
        self.origin = origin
        self.authority = origin.authority
        self.base_path = origin.base_path
        self._egress = egress
        self._timeouts = timeouts or Timeouts()
        self._total_s = self._timeouts.total_s
        self._max = max_connections
        self._idle_timeout_s = idle_timeout_s
        self._pool_wait_s = pool_wait_s
        self._idle: list[Connection] = []
        self._connections: set[Connection] = set()
        self._alive: set[Connection] = set()
        self._open = 0
        self._waiters: deque[tuple[asyncio.Future[Connection | None], float]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._ticking = False
        self._now = 0.0
        self._closed = False
        self._emptied: asyncio.Future[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def stats(self) -> UpstreamStats:
        idle = len(self._idle)
        return UpstreamStats(self._open, idle, self._open - idle, len(self._waiters))

    @property
    def ready(self) -> bool:
        """Whether a connection is open and idle."""
        return bool(self._idle)

    def send_now(
        self,
        method: str,
        target: bytes,
        headers: Sequence[tuple[bytes, bytes]],
        waiter: Waiting,
        *,
        on_informational: Callable[[int, Headers], None] | None = None,
    ) -> Callable[[], None] | None:
        """Send a request without a body on an idle connection, and give how to withdraw it.

        The waiter is told of the response, or of the error that `send` would raise; a reset that was not answered it
        may `send` again. None, and nothing sent, where no connection is idle or sending twice would do harm. Raises
        UnsendableRequestError.
        """
        message = compose(method, target, headers, None)
        if not self._idle or not message.replayable:
            return None
        connection = self._idle.pop()
        connection.write(message, self._begin(), on_informational, waiter)
        return partial(connection.give_up, waiter)

    def _begin(self) -> float:
        """Give when a request that begins now must be done, and let the deadlines be looked at."""
        loop = self._loop or self._start()
        if not self._ticking:
            self._tick_after(_TICK_S)
        return inf if self._total_s is None else loop.time() + self._total_s

    async def send(
        self,
        method: str,
        target: bytes,
        headers: Sequence[tuple[bytes, bytes]],
        body: bytes | AsyncIterator[bytes] | None = None,
        *,
        chunked: bool = False,
        on_informational: Callable[[int, Headers], None] | None = None,
    ) -> UpstreamResponse:
        """Send one request, target and headers byte for byte, and give the response once its head is there.

        Only what says how long the body is gets added. An iterator is read in a task of its own, which ends when
        the response does. Raises UpstreamError, UnsendableRequestError, or whatever the iterator raised.
        """
        message = compose(method, target, headers, body, chunked=chunked)
        total_at = self._begin()
        connection = self._idle.pop() if self._idle and message.replayable else self._pick_silent()
        if connection is None:
            return await self._send_on(await self._acquire(total_at), message, total_at, on_informational)
        try:
            return await self._send_on(connection, message, total_at, on_informational)
        except UpstreamResetError as error:
            # Closed by the upstream just as it was picked (RFC 9112 §9.3.1): once more, on a fresh connection.
            if error.answered or not message.replayable:
                raise
        connection = await self._acquire(total_at, fresh=True)
        return await self._send_on(connection, message, total_at, on_informational)

    async def _send_on(
        self,
        connection: Connection,
        message: Message,
        total_at: float,
        on_informational: Callable[[int, Headers], None] | None,
    ) -> UpstreamResponse:
        assert self._loop is not None
        waiter: asyncio.Future[UpstreamResponse] = self._loop.create_future()
        connection.write(message, total_at, on_informational, waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            connection.give_up(waiter)
            raise

    async def close(self) -> None:
        """Close every connection at once; requests under way fail, and later ones are refused."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        error = UpstreamConnectError(f"{self.name}: the gateway is shutting down")
        while self._waiters:
            waiter, _ = self._waiters.popleft()
            if not waiter.done():
                waiter.set_exception(error)
        for connection in tuple(self._alive):
            connection.close()
        if self._alive:
            self._emptied = asyncio.get_running_loop().create_future()
            await asyncio.wait([self._emptied], timeout=_CLOSE_S)

    # What a connection calls.

    def put(self, connection: Connection) -> None:
        """Take back a connection whose exchange is done, for whoever waits longest."""
        while self._waiters:
            waiter, _ = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return
        connection.idle_since = self._now
        self._idle.append(connection)

    def forget(self, connection: Connection) -> None:
        """Give the place of a connection that carries nothing more to whoever waits longest; idempotent."""
        if connection not in self._connections:
            return
        self._connections.remove(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        self._free_place()

    def lost(self, connection: Connection) -> None:
        """Note that the socket is closed."""
        self._alive.discard(connection)
        if self._emptied is not None and not self._alive and not self._emptied.done():
            self._emptied.set_result(None)

    # The pool.

    def _start(self) -> asyncio.AbstractEventLoop:
        self._loop = asyncio.get_running_loop()
        return self._loop

    def _pick_silent(self) -> Connection | None:
        """Give an idle connection that the upstream has certainly not closed until now, for what cannot be resent."""
        while self._idle:
            connection = self._idle.pop()
            if _is_silent(connection):
                return connection
            connection.close()
        return None

    async def _acquire(self, total_at: float, *, fresh: bool = False) -> Connection:
        if self._closed:
            raise UpstreamConnectError(f"{self.name}: the gateway is shutting down")
        if self._open < self._max:
            self._open += 1
        elif self._idle:  # only after a failed reuse: the oldest idle one makes room
            self._drop(self._idle[0])
        else:
            given = await self._wait_for_place()
            if given is not None and not fresh:
                return given
            if given is not None:
                self._drop(given)
        try:
            return await self._connect(total_at)
        except BaseException:
            self._free_place()
            raise

    def _drop(self, connection: Connection) -> None:
        """Close a connection, keeping its place for the caller."""
        self._connections.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        connection.close()

    async def _wait_for_place(self) -> Connection | None:
        """Wait for a live connection, or for the right (None) to open one."""
        assert self._loop is not None
        while True:
            waiter: asyncio.Future[Connection | None] = self._loop.create_future()
            self._waiters.append((waiter, self._loop.time() + self._pool_wait_s))
            try:
                given = await waiter
            except asyncio.CancelledError:
                self._pass_on(waiter)
                raise
            if given is None or given in self._connections:
                return given
            if self._open < self._max:  # it was closed on its way here
                self._open += 1
                return None

    def _pass_on(self, waiter: asyncio.Future[Connection | None]) -> None:
        """Give what a cancelled request was handed to the next one."""
        if waiter.cancelled() or waiter.exception() is not None:
            return
        given = waiter.result()
        if given is None:
            self._free_place()
        elif given in self._connections:
            self.put(given)

    def _free_place(self) -> None:
        while self._waiters:
            waiter, _ = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self._open -= 1

    async def _connect(self, total_at: float) -> Connection:
        try:
            async with asyncio.timeout_at(None if total_at == inf else total_at):
                _, connection = await self._egress.connect(self.origin, self._new_connection, self._timeouts)
        except TimeoutError:
            raise UpstreamTimeoutError(
                f"{self.name}: no connection within the total time allowed", phase="total"
            ) from None
        self._connections.add(connection)
        if self._closed or connection.transport is None:
            self._connections.discard(connection)
            connection.close()
            raise UpstreamConnectError(f"{self.name}: the connection closed as soon as it was open")
        self._alive.add(connection)
        return connection

    def _new_connection(self) -> Connection:
        assert self._loop is not None
        return Connection(self, self._loop, first_byte_s=self._timeouts.first_byte_s, idle_s=self._timeouts.idle_s)

    # The clock.

    def _tick_after(self, delay_s: float) -> None:
        assert self._loop is not None
        if self._timer is not None:
            self._timer.cancel()
        self._ticking = delay_s == _TICK_S
        self._now = self._loop.time()
        self._timer = self._loop.call_later(delay_s, self._sweep)

    def _sweep(self) -> None:
        """Fail what is overdue and close what has been idle too long."""
        assert self._loop is not None
        now = self._now = self._loop.time()
        busy = False
        for connection in tuple(self._connections):
            if connection.busy:
                busy = True
                connection.check(now)
        while self._idle and now - self._idle[0].idle_since >= self._idle_timeout_s:
            self._idle[0].close()
        while self._waiters and self._waiters[0][1] <= now:
            waiter, _ = self._waiters.popleft()
            if not waiter.done():
                waiter.set_exception(
                    UpstreamTimeoutError(
                        f"{self.name}: all {self._max} connections were in use for {self._pool_wait_s:g} s",
                        phase="pool",
                    )
                )
        if busy or self._waiters:
            self._tick_after(_TICK_S)
        elif self._connections:
            self._tick_after(_IDLE_TICK_S)
        else:
            self._timer, self._ticking = None, False


def _is_silent(connection: Connection) -> bool:
    """Tell whether the kernel knows of nothing to read: an idle connection that is readable has been closed."""
    transport = connection.transport
    if transport is None or transport.is_closing():
        return False
    if connection.fileno < 0 or not hasattr(select, "poll"):
        return True
    poll = select.poll()
    poll.register(connection.fileno, select.POLLIN | select.POLLHUP | select.POLLERR)
    return not poll.poll(0)

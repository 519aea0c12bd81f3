"""The line to one client: its transport, the order of its answers, its clocks, and the ways it ends."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections import deque
from typing import TYPE_CHECKING, Any

from gateway.inbound.framing import PLAIN
from gateway.inbound.limits import Limits
from gateway.inbound.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn.config import Config
    from uvicorn.server import ServerState

    from gateway.inbound.cycle import Cycle

    Scope = dict[str, Any]

LOG = logging.getLogger(__name__)

LINGER_S = 2.0
LINGER_BYTES = 4 << 20
HALF_CLOSE_S = 0.5
CHECK_S = 10.0
NO_LINGER = struct.pack("ii", 1, 0)  # SO_LINGER on, zero seconds: close sends a reset


class Line(asyncio.Protocol):
    """One client's connection without its parser.

    At most one cycle is being answered; those behind it wait in `queue`, where a refusal may stand last. Subclasses
    hear the client: they fill the queue, and `hear_rest` is called when there is room in it again.
    """

    limits = Limits()

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: Scope,
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        if not config.loaded:
            config.load()
        self.app = config.loaded_app
        self.answer_now: Callable[[Cycle], bool] | None = getattr(self.app, "answer_now", None)
        self.loop = _loop or asyncio.get_running_loop()
        self.state = app_state
        self.server_state = server_state
        self.tasks = server_state.tasks
        self.crowd: set[Any] = server_state.connections
        self.transport: asyncio.Transport = None  # type: ignore[assignment]  # set before anything else happens
        self.timer: asyncio.TimerHandle | None = None
        self.cycle: Cycle | None = None
        self.receiving: Cycle | None = None
        self.queue: deque[Cycle | Refusal] = deque()
        self.unfed = b""
        self.write_paused = self.read_paused = False
        self.writable: asyncio.Event | None = None
        self.careful = False  # whether the quick way through data_received is closed
        self.deaf = False  # what still comes is dropped
        self.last = False  # no request after the current one is heard
        self.half_closed = self.lingering = False
        self.dropped_bytes = 0
        self.unfinished = self.reading_head = False
        self.head_at = self.body_at = self.idle_at = 0.0

    # Beginning and end

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; a connection too many is answered 503 without being heard."""
        self.transport = transport  # type: ignore[assignment]  # uvloop's transports are not asyncio's
        self.scheme = "https" if transport.get_extra_info("sslcontext") else "http"
        self.client = address(transport.get_extra_info("peername"))
        self.server = address(transport.get_extra_info("sockname"))
        self.idle_at, self.idle_s = self.loop.time(), self.limits.header_read_s
        if len(self.crowd) >= self.limits.connections:
            self.say(Refusal(503, "All connections of this listener are in use; try again."))
            return
        self.crowd.add(self)
        self.check_s = min(self.limits.header_read_s, self.limits.body_idle_s, self.limits.keep_alive_s, CHECK_S)
        self.timer = self.loop.call_later(self.check_s, self.check_time)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the transport passes it
        """End: whoever still works on an answer learns that nobody waits for it."""
        self.crowd.discard(self)
        if self.timer is not None:
            self.timer.cancel()
        self.deaf = self.careful = True
        self.unfed = b""
        self.queue.clear()
        self.resume_writing()
        cycle, self.cycle, self.receiving = self.cycle, None, None
        if cycle is not None:
            cycle.lose()

    def eof_received(self) -> bool:
        """Tell a client that only finished sending from one that left.

        Both look the same until something is written. A fast answer still reaches a half-closed client; one that is
        silent for longer than HALF_CLOSE_S counts as unwanted.
        """
        if self.cycle is None or self.unfinished or self.lingering or self.scheme == "https":
            return False
        self.half_closed = self.careful = True
        self.loop.call_later(HALF_CLOSE_S, self.check_half_closed, self.cycle, self.cycle.pieces)
        return True

    def check_half_closed(self, cycle: Cycle, pieces: int) -> None:
        """Give up a client that finished sending long ago and to whom nothing was written since."""
        if self.cycle is None:
            return
        if self.cycle is cycle and cycle.pieces == pieces and not self.write_paused:
            self.transport.abort()
        else:
            self.loop.call_later(HALF_CLOSE_S, self.check_half_closed, self.cycle, self.cycle.pieces)

    def shutdown(self) -> None:
        """Close when the response in progress is whole; at once if there is none (uvicorn calls this)."""
        self.last = True
        if self.cycle is None:
            self.transport.close()
        elif not self.cycle.asked.close:
            self.cycle.asked = self.cycle.asked._replace(close=True)

    def break_off(self, *, reset: bool) -> None:
        """End the connection in mid-response: by a reset, or by closing after what was written before."""
        self.deaf = self.careful = True
        if reset:
            sock = self.transport.get_extra_info("socket")
            if sock is not None:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            self.transport.abort()
            return
        self.transport.close()
        self.loop.call_later(LINGER_S, self.transport.abort)

    def say(self, refusal: Refusal) -> None:
        """Write an error that no application has a part in, and end the connection."""
        self.transport.write(refusal.encode())
        self.linger()

    def linger(self) -> None:
        """Close so that the client can still read the answer: bytes left unread would turn the close into a reset."""
        self.cycle = self.receiving = None
        self.lingering = self.deaf = self.careful = True
        self.queue.clear()
        if self.transport.is_closing():
            return
        self.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        if self.timer is not None:
            self.timer.cancel()
        self.timer = self.loop.call_later(LINGER_S, self.transport.abort)

    def drop(self, size: int) -> None:
        """Count bytes that nobody will look at; a client that sends them without end is cut."""
        self.dropped_bytes += size
        if self.dropped_bytes > LINGER_BYTES:
            self.transport.abort()

    # Flow

    def pause_writing(self) -> None:
        """Take note that the client reads slower than is written."""
        self.write_paused = self.careful = True

    def resume_writing(self) -> None:
        """Let those who wait to write go on."""
        if not self.write_paused:
            return
        self.write_paused = False
        if self.writable is not None:
            self.writable.set()
        if not self.deaf and self.cycle is None:
            self.proceed()

    async def drain(self) -> None:
        """Wait until more may be written, or the client is gone."""
        if self.writable is None:
            self.writable = asyncio.Event()
        while self.write_paused:
            self.writable.clear()
            await self.writable.wait()

    def pause_reading(self) -> None:
        """Leave what the client sends in its own buffers."""
        if not self.read_paused and not self.transport.is_closing():
            self.read_paused = self.careful = True
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Read on; the time in between is not the client's fault."""
        if self.read_paused and not self.transport.is_closing():
            self.read_paused = False
            self.body_at = self.loop.time()
            self.transport.resume_reading()

    def body_taken(self) -> None:
        """Read on when the application took what waited for it."""
        if self.read_paused and not self.unfed:
            self.resume_reading()

    # The order of answers

    def start(self, cycle: Cycle) -> None:
        """Let the application answer: at once if it offers to, else in a task."""
        self.cycle = cycle
        if self.answer_now is None or not cycle.attempt(self.answer_now):
            self.attend(cycle)

    def attend(self, cycle: Cycle) -> None:
        """Let the application answer in a task."""
        task = self.loop.create_task(cycle.run(self.app, self.scope_of(cycle)))
        cycle.task = task
        self.tasks.add(task)

    def completed(self, cycle: Cycle) -> None:
        """Go on to the next request, or end the connection where this one was the last."""
        self.server_state.total_requests += 1
        self.cycle = None
        if cycle.asked is not PLAIN and cycle.asked.close:
            if cycle.body_done and not (self.deaf or self.unfed or self.unfinished):
                self.transport.close()
            else:
                self.linger()
            return
        self.idle_at, self.idle_s = self.loop.time(), self.limits.keep_alive_s
        if self.careful:
            self.proceed()

    def proceed(self) -> None:
        """Start what is next, hear what could not be heard for lack of room, and close where nothing will follow."""
        while self.cycle is None and self.queue:
            following = self.queue.popleft()
            if isinstance(following, Refusal):
                self.say(following)
                return
            self.start(following)
        if self.unfed and not self.deaf:
            self.hear_rest()
        if self.hears_no_more():
            return
        if not self.unfed:
            self.resume_reading()
        if self.half_closed and self.cycle is None:
            self.transport.close()
        self.settle()

    def hears_no_more(self) -> bool:
        """Whether what the client still sends is dropped."""
        return self.deaf

    def settle(self) -> None:
        """Open the quick way again when nothing waits."""
        self.careful = bool(
            self.queue or self.unfed or self.half_closed or self.deaf or self.write_paused or self.read_paused,
        )

    def scope_of(self, cycle: Cycle) -> Scope:
        """Give the ASGI scope of a request."""
        raise NotImplementedError

    def hear_rest(self) -> None:
        """Hear the bytes kept in `unfed`, as far as there is room."""
        raise NotImplementedError

    def refuse(self, refusal: Refusal) -> None:
        """Answer an error in place of the request being read, after those before it, and hear nothing more."""
        if self.deaf:
            return
        self.deaf = self.careful = True
        self.unfed = b""
        cycle, self.receiving = self.receiving, None
        self.unfinished = self.reading_head = False
        if cycle is not None and cycle is self.cycle:
            cycle.refuse(refusal)
        elif cycle is not None and not self.queue:  # its response was whole before its body
            self.linger()
        elif self.cycle is None:
            self.say(refusal)
        else:
            if cycle is not None:
                self.queue.pop()
            self.queue.append(refusal)

    # Time: one timer a connection, re-armed when it fires, so that a request costs no timer

    def check_time(self) -> None:
        """Act on a deadline that has passed, else look again when the next one could."""
        now = self.loop.time()
        due = self.deadline(now)
        if due > now:
            self.timer = self.loop.call_later(min(self.check_s, due - now), self.check_time)
        elif self.reading_head:
            limit_s = self.limits.header_read_s
            self.refuse(Refusal(408, f"The request's head was not complete within {limit_s:g} seconds."))
        elif self.unfinished:
            limit_s = self.limits.body_idle_s
            self.refuse(Refusal(408, f"No byte of the request's body came for {limit_s:g} seconds."))
        else:
            self.transport.close()

    def deadline(self, now: float) -> float:
        """Give when the client must have done something; later than `now` where nothing is expected of it."""
        later = now + self.check_s
        if self.deaf:
            return later
        if self.read_paused:
            self.head_at = self.body_at = now
            return later
        if self.reading_head:
            return self.head_at + self.limits.header_read_s
        if self.receiving is not None:
            return later if self.receiving.expects else self.body_at + self.limits.body_idle_s
        return later if self.cycle is not None else self.idle_at + self.idle_s


def address(name: Any) -> tuple[str, int] | None:
    """Give host and port of a socket's name; None for a socket that has none."""
    return (str(name[0]), int(name[1])) if isinstance(name, tuple) else None

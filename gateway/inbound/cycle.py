"""The cycle: one request on a connection and the response to it, as an ASGI application sees them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from gateway.inbound.framing import Asked, Frame, ResponseError, frame, frame_interim, frame_last_chunk
from gateway.inbound.refusal import Refusal, split_target

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence

    from cassettes.exchange import Headers
    from gateway.inbound.carrier import Carrier

    Message = MutableMapping[str, Any]
    Application = Callable[..., Awaitable[None]]

LOG = logging.getLogger(__name__)
JOINED_BYTES = 65_536  # up to here one copy of the body is cheaper than one more write
PIECES_A_TURN = 16

HEAD, BODY, TRAILERS, DONE = range(4)


class Cycle:
    """One request and its response; `answer_now` is given it, and an ASGI scope has it as `extensions["mimic"]`.

    For applications: `method`, `target`, `path`, `headers`, `raw_headers`, `line.client`, `line.scheme`, `kept`,
    `has_no_body`, `body_done`, `body`, `on_disconnect`, `gone`, `informational()`, `write_response()`, `go_on()` and
    `abort()`. All else belongs to the connection. Not thread-safe: event loop only.
    """

    __slots__ = (
        *("line", "method", "target", "headers", "fields", "asked", "kept", "on_disconnect", "gone", "news", "task"),
        *("expects", "body_left", "body_done", "body_told", "body_size", "buffer"),
        *("stage", "head", "bodiless", "chunked", "left", "trailers", "trailing", "pieces"),
    )

    def __init__(
        self,
        line: Carrier,
        method: str,
        target: bytes,
        fields: list[tuple[bytes, bytes]],
        headers: list[tuple[bytes, bytes]],
        asked: Asked,
        *,
        body_left: int | None = 0,
        expects: bool = False,
    ) -> None:
        self.line = line
        self.method, self.target = method, target
        """The request target as sent: origin-form, absolute-form or `*`."""
        self.fields, self.asked = fields, asked
        self.headers = headers
        """The request's headers, names in lower case."""
        self.kept: Any = None
        """What an application puts aside in `answer_now` for its call."""
        self.expects, self.body_left = expects, body_left
        self.body_done = body_left == 0
        self.body_told = False
        self.body_size = self.pieces = 0
        self.buffer: bytes | bytearray = b""
        self.stage = HEAD
        self.gone = False
        """Whether the client went away, or was cut off, before the response was whole."""
        self.head = b""
        self.trailing: tuple[Sequence[bytes], ...] = ()
        self.on_disconnect: Callable[[], None] | None = None
        """Called once, without arguments, when `gone` becomes true; never after the response is whole."""
        self.news: asyncio.Event | None = None
        self.task: asyncio.Task[None] | None = None

    @property
    def has_no_body(self) -> bool:
        """Whether the request is known to have no body, so that nothing need be received."""
        return self.body_done and not self.buffer

    @property
    def body(self) -> bytes:
        """What has come of the request's body and was not received yet: all of it where `body_done`."""
        return bytes(self.buffer)

    @property
    def path(self) -> str:
        """The path as ASGI gives it: decoded, without authority and query."""
        path = split_target(self.target)[0].decode("latin-1")
        return unquote(path) if "%" in path else path

    @property
    def raw_headers(self) -> Headers:
        """The request's headers, names in their original case and order."""
        return tuple(self.fields)

    def informational(self, status: int, headers: Iterable[Sequence[bytes]] = ()) -> None:
        """Send a 1xx response before the response itself.

        Does nothing once the response has begun, for HTTP/1.0 (which has none, RFC 9110 §15.2) and when the client is
        gone. Raises ResponseError for a status that is not 100, 102-199 and for unsafe headers.
        """
        head = frame_interim(status, headers)
        if self.stage == HEAD and not self.gone and self.asked.http11:
            self.expects = self.expects and status != 100
            self.line.transport.write(head)

    def write_response(
        self,
        status: int,
        reason: bytes | None,
        headers: Iterable[Sequence[bytes]],
        body: bytes,
    ) -> None:
        """Write a complete response at once, without waiting; instead of any `send`.

        `reason` None means the standard phrase. Content-Length is made true (of HEAD and 304 the given one is kept),
        Transfer-Encoding and body dropped where they do not belong. Dropped when the client is gone. Raises
        ResponseError, nothing written, for a head that cannot be written or when a response has begun.
        """
        self._write_whole(frame(status, reason, headers, self._answering(status), len(body)), body)

    def write_broken(self, compose: Callable[[Asked], bytes]) -> None:
        """Write, in place of a response, what is made of how it was asked, and end the connection."""
        if self.stage != HEAD or self.gone:
            self.abort()
            return
        self.line.transport.write(compose(self.asked))
        self.asked = self.asked._replace(close=True)
        self._finish()

    def abort(self, *, reset: bool = False) -> None:
        """Break the client's connection at once, so that it sees a response that was cut off.

        What was written before is flushed and the connection closed, where a missing last chunk or a short body shows
        the cut; it is reset where that would not show, or where `reset` asks for it.
        """
        if self.stage == DONE or self.gone:
            return
        self.gone = True
        self.on_disconnect = None
        self.wake()
        self.flush_head()
        hidden = self.stage != HEAD and not self.chunked and not self.left
        self.line.break_off(reset=reset or hidden)

    # ASGI

    async def run(self, app: Application, scope: MutableMapping[str, Any]) -> None:
        """Let the application answer; whatever it does, the client gets an answer or sees a cut."""
        try:
            await app(scope, self.receive, self.send)
        except asyncio.CancelledError:
            self.abort()
            raise
        except Exception as error:  # noqa: BLE001 - as in attempt
            self._fail_with(error)
        else:
            if self.stage != DONE and not self.gone:
                self.fail("it returned before its response was whole")
        finally:
            if self.task is not None:
                self.line.tasks.discard(self.task)
                self.task = None

    def attempt(self, answer_now: Callable[[Cycle], bool]) -> bool:
        """Let the application answer without a task; give whether it took the request."""
        try:
            return answer_now(self)
        except Exception as error:  # noqa: BLE001 - logged there; whatever an application does, its client gets an answer
            self._fail_with(error)
            return True

    def go_on(self) -> None:
        """Call the application in a task after all, for a request that it took without one."""
        self.line.attend(self)

    async def receive(self) -> Message:
        """Give the next piece of the request's body, or `http.disconnect`."""
        while not self.gone and self.stage != DONE:
            if self.buffer or (self.body_done and not self.body_told):
                body, self.buffer = self.buffer, b""
                self.body_told = self.body_done
                self.line.body_taken()
                return {"type": "http.request", "body": bytes(body), "more_body": not self.body_done}
            if self.expects:
                self.expects = False
                self.line.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            if self.news is None:
                self.news = asyncio.Event()
            self.news.clear()
            await self.news.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Write the next part of the response; raises ResponseError for a part out of order or unsafe."""
        if self.line.write_paused and not self.gone:
            await self.line.drain()
        if self.gone:
            await asyncio.sleep(0)  # an application that always has more to send must still be cancellable
            return
        kind = message["type"]
        if kind == "http.response.start" and self.stage == HEAD:
            self._begin(message)
        elif kind == "http.response.body" and self.stage == BODY:
            more = message.get("more_body", False)
            self._write_body(message.get("body", b""), more=more)
            if more and (self.pieces % PIECES_A_TURN == 0 or self.line.transport.is_closing()):
                await asyncio.sleep(0)  # else an application that always has more would keep the loop to itself
        elif kind == "http.response.trailers" and self.stage == TRAILERS:
            self.trailing = (*self.trailing, *message.get("headers", ()))
            if not message.get("more_trailers", False):
                self._end([])
        else:
            raise ResponseError(f"{kind} was sent out of order")

    def take_body(self, body: bytes) -> None:
        """Keep a piece of the body until the application asks for it."""
        self.expects = False
        if self.body_left is not None:
            self.body_left -= len(body)
        if self.stage == DONE or self.gone:
            return
        if not self.buffer:
            self.buffer = body
        else:
            if isinstance(self.buffer, bytes):
                self.buffer = bytearray(self.buffer)
            self.buffer += body
        self.wake()

    def end_body(self) -> None:
        """Take note that the body is whole."""
        self.body_done = True
        self.wake()

    def lose(self) -> None:
        """Tell the application that the client is gone."""
        if self.stage == DONE or self.gone:
            return
        self.gone = True
        self.wake()
        if self.on_disconnect is not None:
            tell, self.on_disconnect = self.on_disconnect, None
            tell()

    def wake(self) -> None:
        """Let `receive` look again."""
        if self.news is not None:
            self.news.set()

    def refuse(self, refusal: Refusal) -> None:
        """End the cycle with an error and tell the application that nobody waits for its answer any more."""
        tell, self.on_disconnect = self.on_disconnect, None
        self._answer_error(refusal)
        self.gone = True
        if tell is not None:
            tell()

    def fail(self, why: str, cause: Exception | None = None) -> None:
        """Answer for an application that did not: 500, or a cut where its response has begun."""
        LOG.error("no valid response came from the application: %s", why, exc_info=cause)
        self._answer_error(Refusal(500, "The server could not build a valid response; its log says why."))

    def _fail_with(self, error: Exception) -> None:
        own = isinstance(error, ResponseError)  # such an error says all there is to say
        self.fail(str(error) if own else "it raised an exception", None if own else error)

    def _answer_error(self, refusal: Refusal) -> None:
        if self.stage != HEAD or self.gone:
            self.abort()
            return
        self.asked = self.asked._replace(close=True)
        self.line.transport.write(refusal.encode(bodiless=self.asked.head_only))
        self._finish()

    def _answering(self, status: int) -> Asked:
        """Give how to frame a response of this status: with `close` where the rest of the body will not be read."""
        if self.body_done or self.asked.close:
            return self.asked
        # A client that still waits for 100 may or may not send its body now (RFC 9110 §10.1.1), so nothing after it can
        # be trusted; and after an error a long rest is not worth reading.
        long_rest = self.body_left is None or self.body_left > JOINED_BYTES
        if self.expects or (status >= 400 and long_rest):
            self.asked = self.asked._replace(close=True)
        return self.asked

    def _begin(self, message: Message) -> None:
        status = message["status"]
        framed = frame(status, message.get("reason"), message.get("headers", ()), self._answering(status))
        self.trailers = bool(message.get("trailers", False))
        self._open(framed)
        # One write is 5 us cheaper than two (measured), so the head waits for the body, but no longer than one turn of
        # the loop: a stream's head must not wait for its first event.
        self.head = framed.head
        self.line.loop.call_soon(self.flush_head)

    def flush_head(self) -> None:
        """Write the head that waits for a body, if it still does."""
        if self.head:
            head, self.head = self.head, b""
            self.line.transport.write(head)

    def _open(self, framed: Frame) -> None:
        self.stage = BODY
        self.bodiless, self.chunked, self.left = framed.bodiless, framed.chunked, framed.left
        if framed.close and not self.asked.close:
            self.asked = self.asked._replace(close=True)

    def _write_whole(self, framed: Frame, body: bytes) -> None:
        if self.stage != HEAD:
            raise ResponseError("a response has begun already")
        if self.gone:
            return
        self._open(framed)
        write = self.line.transport.write
        if framed.bodiless or not body:
            write(framed.head)
        elif len(body) <= JOINED_BYTES:
            write(framed.head + body)
        else:
            write(framed.head)
            write(body)
        self._finish()

    def _write_body(self, body: bytes, *, more: bool) -> None:
        self.pieces += 1
        parts = [self.head] if self.head else []
        self.head = b""
        if body and not self.bodiless:
            self._frame_piece(parts, body)
        if more:
            self._write_parts(parts)
        elif self.trailers:
            self.stage = TRAILERS
            self._write_parts(parts)
        else:
            self._end(parts)

    def _frame_piece(self, parts: list[bytes], body: bytes) -> None:
        if self.chunked:
            parts += (b"%x\r\n" % len(body), body, b"\r\n")
        elif self.left is None:
            parts.append(body)
        elif len(body) <= self.left:
            parts.append(body)
            self.left -= len(body)
        else:  # the next response would begin with what goes beyond the announced length
            LOG.error("the response body is longer than its Content-Length; the rest was dropped")
            self.asked = self.asked._replace(close=True)
            parts.append(body[: self.left])
            self.left = 0

    def _write_parts(self, parts: list[bytes]) -> None:
        if sum(map(len, parts)) <= JOINED_BYTES:
            if parts:
                self.line.transport.write(b"".join(parts))
        else:
            self.line.transport.writelines([bytes(part) for part in parts])

    def _end(self, parts: list[bytes]) -> None:
        if self.chunked:
            parts.append(frame_last_chunk(self.trailing) if self.trailing else b"0\r\n\r\n")
        self._write_parts(parts)
        if self.left:
            LOG.error("the response body is %d bytes shorter than its Content-Length; the connection is cut", self.left)
            self.abort()
            return
        self._finish()

    def _finish(self) -> None:
        self.stage = DONE
        self.on_disconnect = None
        self.buffer = b""
        self.wake()
        self.line.completed(self)

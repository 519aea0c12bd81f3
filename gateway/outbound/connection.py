"""One connection to an upstream: writes a request, reads its response, and knows whether it may carry another."""

from __future__ import annotations

import asyncio
from math import inf
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

import httptools

from cassettes.exchange import Headers, header
from gateway.mode import Waiting
from gateway.outbound.download import UpstreamResponse
from gateway.outbound.failure import (
    Phase,
    UpstreamCutOffError,
    UpstreamError,
    UpstreamProtocolError,
    UpstreamResetError,
    UpstreamTimeoutError,
)
from gateway.outbound.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.outbound.message import Message

MAX_HEAD_BYTES = 64 << 10
MAX_HEADERS = 200
MAX_INFORMATIONAL = 16
# What has arrived and nobody took: above this the upstream is no longer read.
HIGH_WATER = 256 << 10
# A deadline to be counted from the next tick: asking the clock for every request costs more than a tick's slack.
_UNSET = 0.0
_VERSIONS = frozenset({"1.1", "1.0"})

OnInformational: TypeAlias = "Callable[[int, Headers], None]"


class Pool(Protocol):
    """Where a connection goes when it is free, and when it is gone."""

    name: str

    def put(self, connection: Connection) -> None: ...
    def forget(self, connection: Connection) -> None: ...
    def lost(self, connection: Connection) -> None: ...


class Connection(asyncio.Protocol):
    """One exchange after another over one transport; every deadline is kept by the pool calling `check`."""

    __slots__ = (
        *("pool", "transport", "fileno", "idle_since", "busy", "paused", "answering", "drain"),
        *("_loop", "_parser", "_headers", "_reason", "_fault", "_fed", "_quiet", "_informational", "_keep"),
        *("_complete", "_junk", "_is_head", "_used", "_reused", "_on_informational", "_waiter", "_upload"),
        *("_heard", "_deadline", "_total_at", "_first_byte_s", "_idle_s"),
    )

    def __init__(self, pool: Pool, loop: asyncio.AbstractEventLoop, *, first_byte_s: float, idle_s: float) -> None:
        self.pool = pool
        self.transport: asyncio.Transport | None = None
        self.fileno = -1
        self.idle_since = 0.0
        self.busy = False
        self.paused = False
        self.answering: UpstreamResponse | None = None
        self._loop = loop
        self._first_byte_s = first_byte_s
        self._idle_s = idle_s
        self._parser: httptools.HttpResponseParser | None = None
        self._headers: list[tuple[bytes, bytes]] = []
        self._reason = b""
        self._fault = ""
        self._fed = self._quiet = self._informational = 0
        self._keep = self._complete = self._junk = self._is_head = self._reused = self._used = False
        self._on_informational: OnInformational | None = None
        self._waiter: Waiting | None = None
        self.drain: asyncio.Future[None] | None = None
        self._upload: Upload | None = None
        self._heard = False
        self._deadline = self._total_at = inf

    def write(
        self, message: Message, total_at: float, on_informational: OnInformational | None, waiter: Waiting
    ) -> None:
        """Write the request; the waiter is told of the response once its head is there, unless it is to `give_up`."""
        transport = self.transport
        assert transport is not None
        if self._parser is None:
            self._parser = httptools.HttpResponseParser(self)
        self.busy = True
        self._complete = False
        self._informational = self._quiet = 0
        self._is_head = message.is_head
        self._on_informational = on_informational
        self._reused = self._used
        self._used = True
        self._total_at = total_at
        self._deadline = _UNSET
        self._waiter = waiter
        transport.write(message.first)
        if message.rest is not None:
            self._upload = Upload(self, message.rest, message.length, self._idle_s)

    def give_up(self, waiter: Waiting) -> None:
        """Close what a cancelled request was waiting for.

        Its result may already have been on its way, and the connection be carrying another's request by now.
        """
        if self._waiter is waiter:
            self.fail(self._cut_off("was given up"))
        elif isinstance(waiter, asyncio.Future) and not waiter.cancelled() and waiter.exception() is None:
            waiter.result().abort()

    def wait(self) -> asyncio.Future[UpstreamResponse]:
        """Give a future of the next thing to happen; it raises what broke the exchange before its head came."""
        self._waiter = waiter = self._loop.create_future()
        return waiter

    def resume(self) -> None:
        """Read the upstream again."""
        self.paused = False
        self._heard = True
        if self.transport is not None:
            self.transport.resume_reading()

    def check(self, now: float) -> None:
        """Fail the exchange if one of its deadlines has passed; called every tick while busy."""
        if now >= self._total_at:
            self._time_out("total", "was not finished within the total time allowed")
        elif (self._heard and self.answering is not None) or self.paused:
            self._heard = False
            self._deadline = now + self._idle_s
        elif self._upload is not None:  # what is waited for may be the rest of the request's body
            if now >= self._upload.deadline:
                self._time_out("upload", f"took nothing of the request's body for {self._idle_s:g} s")
        elif self._deadline == _UNSET:
            self._deadline = now + (self._first_byte_s if self.answering is None else self._idle_s)
        elif now < self._deadline:
            return
        elif self.answering is not None:
            self._time_out("idle", f"sent nothing for {self._idle_s:g} s in the middle of its answer")
        else:
            self._time_out("first-byte", f"did not answer within {self._first_byte_s:g} s")

    def fail(self, error: BaseException) -> None:
        """End the exchange with `error` and close the connection at once."""
        if not self.busy:
            return
        answering, self.answering = self.answering, None
        self._end_exchange()
        self._close()
        if answering is not None:
            answering.feed = None
            answering.failure = error if isinstance(error, UpstreamError) else self._cut_off("was sent half a request")
            self._wake(answering)
            return
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_exception(error)

    def close(self) -> None:
        """Close at once, failing an exchange that is under way."""
        self.fail(UpstreamCutOffError("the gateway is shutting down", request_sent=True))
        self._close()

    # What the upload calls.

    def sent(self) -> None:
        self._upload = None
        self._deadline = _UNSET

    def broke(self, error: BaseException | None) -> None:
        waiter = self._waiter
        if error is None and isinstance(waiter, asyncio.Future):  # who cancelled the upload cancelled the request
            waiter.cancel()
        self.fail(error or self._cut_off("was given up"))

    # What the transport calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance
        sock = transport.get_extra_info("socket")
        self.fileno = -1 if sock is None else sock.fileno()

    def data_received(self, data: bytes) -> None:
        parser = self._parser
        if not self.busy or parser is None:  # nobody asked: not to be trusted with the next request
            self._close()
            return
        self._heard = True
        answering = self.answering
        size = -1 if answering is None else answering.size
        self._fed = len(data)
        try:
            parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if not self._complete:
                self._fail_parsing(error)
                return
            self._junk = True
        if self._fault:
            self._fail_protocol(self._fault)
            return
        answering = self.answering
        if answering is None or (answering.size == size and not self._complete):
            # Neither a head nor a body: a head, chunk extension or trailer that never ends.
            self._quiet += self._fed
            if self._quiet > MAX_HEAD_BYTES:
                self._fail_protocol(f"more than {MAX_HEAD_BYTES} bytes of head, chunk extensions or trailers")
            return
        self._quiet = 0
        if self._complete:
            self._finish(answering)
        elif answering.size > HIGH_WATER and not self.paused and self.transport is not None:
            self.paused = True
            self.transport.pause_reading()
        if self._waiter is not None:
            self._wake(answering)

    def eof_received(self) -> None:
        self._ended(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended(exc)
        self.transport = None
        self.pool.lost(self)

    def pause_writing(self) -> None:
        self.drain = self._loop.create_future()

    def resume_writing(self) -> None:
        drain, self.drain = self.drain, None
        if drain is not None and not drain.done():
            drain.set_result(None)

    # What the parser calls.

    def on_message_begin(self) -> None:
        if self._complete:
            self._junk = True

    def on_status(self, piece: bytes) -> None:
        self._reason += piece

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(name) == 17 and name.lower() == b"transfer-encoding" and not self._is_plainly_chunked(value):
            self._fault = "a transfer coding other than chunked"
        self._headers.append((name, value.rstrip()))

    def on_headers_complete(self) -> None:
        parser = self._parser
        if parser is None or self._complete or self._fault:
            return
        headers = self._take_headers()
        reason, self._reason = self._reason, b""
        status = parser.get_status_code()
        version = parser.get_http_version()
        if version not in _VERSIONS:
            self._fault = "a version other than HTTP/1.1 and HTTP/1.0"
        if self._fault:
            return
        if status < 200:
            self._hear_informational(status, headers)
            return
        if status > 999:
            self._fault = "a status outside 100 to 999"
            return
        self.answering = UpstreamResponse(self, status, reason, headers, http_version=version, reused=self._reused)
        if self._upload is not None and status >= 300:
            self._stop_upload()
        if self._is_head:
            self._complete = True
            self._keep = self.answering.stays_open()
            self._parser = None  # it waits for a body that never comes (RFC 9112 §6.3)

    def on_body(self, body: bytes) -> None:
        answering = self.answering
        if answering is None or self._complete:
            self._junk = True
            return
        answering.pieces.append(body)
        answering.size += len(body)

    def on_message_complete(self) -> None:
        answering = self.answering
        if answering is None or self._complete or self._parser is None:
            return
        self._complete = True
        self._keep = self._parser.should_keep_alive()
        if self._headers:
            answering.trailers = self._take_headers()

    # The rest.

    def _is_plainly_chunked(self, value: bytes) -> bool:
        """Tell whether this is the one coding that can be undone here (RFC 9112 §6.1)."""
        return value.strip().lower() == b"chunked" and header(tuple(self._headers), b"transfer-encoding") is None

    def _take_headers(self) -> Headers:
        headers = tuple(self._headers)
        self._headers = []
        if len(headers) > MAX_HEADERS:
            self._fault = f"more than {MAX_HEADERS} headers"
        elif self._fed > MAX_HEAD_BYTES and sum(len(n) + len(v) + 4 for n, v in headers) > MAX_HEAD_BYTES:
            self._fault = f"more than {MAX_HEAD_BYTES} bytes of headers"
        return headers

    def _hear_informational(self, status: int, headers: Headers) -> None:
        self._informational += 1
        self._quiet = -self._fed
        self._deadline = _UNSET
        if status < 100:
            self._fault = "a status outside 100 to 999"
        elif status == 101:
            self._fault = "switched protocols without being asked"
        elif self._informational > MAX_INFORMATIONAL:
            self._fault = f"more than {MAX_INFORMATIONAL} informational responses"
        elif self._on_informational is not None:
            self._on_informational(status, headers)

    def _wake(self, answering: UpstreamResponse) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(answering)
        elif waiter is not None:  # cancelled in this very turn of the loop: nobody is left to take the response
            answering.abort()

    def _finish(self, answering: UpstreamResponse) -> None:
        answering.done = True
        answering.feed = self.answering = None
        reusable = self._keep and not self._junk and self._upload is None
        self._end_exchange()
        if not reusable or self.transport is None or self.transport.is_closing():
            self._close()
            return
        if self.paused:
            self.resume()
        self.pool.put(self)

    def _end_exchange(self) -> None:
        self.busy = False
        self._on_informational = None
        self._total_at = inf
        if self._upload is not None:
            self._stop_upload()

    def _ended(self, exc: Exception | None) -> None:
        """Conclude: the upstream will send no more."""
        self.pool.forget(self)
        if not self.busy:
            return
        answering = self.answering
        if answering is None:
            self.fail(self._reset(exc))
        elif exc is None and answering.ends_with_connection():
            self._keep = False
            self._complete = True
            self._finish(answering)
            self._wake(answering)
        else:
            self.fail(self._cut_off("closed the connection in the middle of its answer"))

    def _reset(self, exc: Exception | None) -> UpstreamError:
        answered = self._quiet > 0 or self._informational > 0
        if self._quiet > 0 and exc is None:
            return UpstreamProtocolError(f"{self.pool.name} closed in the middle of a response head", request_sent=True)
        return UpstreamResetError(f"{self.pool.name} closed the connection without an answer", answered=answered)

    def _cut_off(self, what: str) -> UpstreamError:
        return UpstreamCutOffError(f"{self.pool.name} {what}", request_sent=True)

    def _fail_protocol(self, what: str) -> None:
        self.fail(UpstreamProtocolError(f"{self.pool.name} does not speak HTTP/1.1: {what}", request_sent=True))

    def _time_out(self, phase: Phase, what: str) -> None:
        self.fail(UpstreamTimeoutError(f"{self.pool.name} {what}", phase=phase, request_sent=True))

    def _stop_upload(self) -> None:
        upload, self._upload = self._upload, None
        if upload is not None:
            upload.stop()
        self._junk = True  # the upstream still waits for the rest

    def _fail_parsing(self, error: Exception) -> None:
        if isinstance(error, httptools.HttpParserCallbackError) and error.__context__ is not None:
            self.fail(error.__context__)  # the caller's own on_informational raised it
        elif self._fault:
            self._fail_protocol(self._fault)
        else:
            self._fail_protocol(str(error).lower())  # the parser's fixed sentences, never the bytes themselves

    def _close(self) -> None:
        self.pool.forget(self)
        if self.transport is not None:
            self.transport.abort()

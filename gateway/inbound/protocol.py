"""The HTTP/1.1 protocol of the listening side: bytes in, judged requests to an ASGI application."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import httptools

from gateway.inbound.cycle import DONE, HEAD, Cycle
from gateway.inbound.framing import PLAIN, Asked
from gateway.inbound.line import Line
from gateway.inbound.refusal import JUDGED, Refusal, RefusedError, judge, judge_size, malformed, split_target, too_large

if TYPE_CHECKING:
    import asyncio

    from gateway.inbound.limits import Limits

LOG = logging.getLogger(__name__)

HEAD_END = b"\r\n\r\n"
PIECE_BYTES = 16_384  # what the parser is given at once while it reads heads: how far a limit may be overshot
CHUNKED_PIECE_BYTES = 1024  # in a chunked body, whose end only the parser knows, and after which requests may follow
HIGH_WATER_BYTES = 65_536
CHUNK_EXTENSION_BYTES = 16_384
CHUNK_LINE_BYTES = 20  # the most that the framing of one chunk needs: 16 hex digits and two line ends
ASGI = {"version": "3.0", "spec_version": "2.3"}
METHODS = {name.encode(): name for name in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")}
UNKNOWN = b"\n"  # no Host header equals it
GONE: Any = None


class Connection(Line):
    """One client's connection as uvicorn asks for it (`Config(http=...)`), parsed by httptools.

    HTTP/1.1 and 1.0 only: an upgrade is declined, and its request reaches the application as an ordinary one.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.parser = httptools.HttpRequestParser(self)
        self.head_fed = self.piece_bytes = self.body_fed = self.chunks = 0
        self.declining = False
        self.target = b""
        self.fields: list[tuple[bytes, bytes]] = []
        self.known_host = UNKNOWN
        self.expected: Cycle | None = None
        """A request that is started when its body is there, or when that takes another piece: most come in one."""

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.expected = None
        self.parser = GONE  # it holds this object's methods: without this only the garbage collector would free both

    def data_received(self, data: bytes) -> None:
        """Take bytes from the client."""
        if self.careful or len(data) > PIECE_BYTES or data.count(HEAD_END) > 1:
            self.hear(data)
        else:
            self.feed(data)
            if self.expected is not None:
                self.start_expected()

    # Into the parser

    def hear(self, data: bytes) -> None:
        """Take bytes with care: in small pieces, and no further than there is room for requests."""
        if self.deaf:
            self.drop(len(data))
            return
        data, self.unfed = self.unfed + data, b""
        at, end = 0, len(data)
        while at < end and self.has_room():
            stop = self.piece_end(data, at)
            self.feed(data[at:stop])
            at = stop
        if self.expected is not None:
            self.start_expected()
        if self.hears_no_more():
            self.drop(max(end - at, 0))
            return
        self.unfed = data[at:]
        if self.unfed:
            self.pause_reading()
        self.settle()

    def hear_rest(self) -> None:
        self.hear(b"")

    def has_room(self) -> bool:
        """Whether one more request may be heard, or the rest of the one that is being heard."""
        return not self.deaf and (self.unfinished or self.may_queue())

    def may_queue(self) -> bool:
        """Whether the queue is short, and the client reads its answers."""
        return len(self.queue) < self.limits.pipelined and not self.write_paused

    def piece_end(self, data: bytes, at: int) -> int:
        """Give where to stop feeding, so that a piece ends at most one request."""
        if self.receiving is not None:
            left = self.receiving.body_left
            return at + (CHUNKED_PIECE_BYTES if left is None else max(1, min(left, HIGH_WATER_BYTES)))
        found = data.find(HEAD_END, at, at + PIECE_BYTES)
        return found + len(HEAD_END) if found >= 0 else at + PIECE_BYTES

    def feed(self, piece: bytes) -> None:
        """Let the parser read, and act on what it makes of it."""
        self.piece_bytes = len(piece)
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade as upgrade:
            self.decline_upgrade(piece[upgrade.args[0] :])
        except httptools.HttpParserError as error:
            self.stop_hearing(error)
        if self.unfinished:
            self.watch(len(piece))

    def start_expected(self) -> None:
        """Start the request whose body did not come along with its head."""
        cycle, self.expected = self.expected, None
        if cycle is not None and cycle.stage == HEAD and not cycle.gone:
            self.start(cycle)

    def watch(self, size: int) -> None:
        """Look at a request that is not whole yet: how large it got, and since when it is read."""
        if not self.reading_head:
            self.body_at = self.loop.time()
            self.body_fed += size
            if self.framing_bytes() > CHUNK_EXTENSION_BYTES:
                self.refuse(Refusal(400, "The chunk extensions and trailers are longer than 16 KiB."))
            return
        limits = self.limits
        self.head_at = self.head_at or self.loop.time()
        self.head_fed += size
        if len(self.target) > limits.target_bytes:
            self.refuse(Refusal(414, f"The request target is longer than the {limits.target_bytes} bytes allowed."))
        elif len(self.fields) > limits.header_count:
            self.refuse(Refusal(431, f"The request has more than the {limits.header_count} headers allowed."))
        elif self.head_fed > limits.header_bytes + PIECE_BYTES:
            self.refuse(Refusal(431, f"The headers are longer than the {limits.header_bytes} bytes allowed."))

    def framing_bytes(self) -> int:
        """Give how many bytes of a chunked body were neither content nor needed to frame it."""
        cycle = self.receiving
        if cycle is None or cycle.body_left is not None:
            return 0
        return self.body_fed - cycle.body_size - self.chunks * CHUNK_LINE_BYTES

    def stop_hearing(self, error: httptools.HttpParserError) -> None:
        """Refuse what the parser, or a callback in it, did not take; bytes after a last request are just dropped."""
        cause = error.__context__
        if self.last and (self.reading_head or not self.unfinished):
            refusal = None
        elif isinstance(cause, RefusedError):
            refusal = cause.refusal
        elif cause is not None:
            LOG.error("hearing a request failed", exc_info=cause)
            refusal = Refusal(500, "The server failed while it read the request; its log says why.")
        else:
            refusal = malformed(str(error))
        if refusal is not None:
            self.refuse(refusal)
        else:
            self.deaf = self.careful = True
            self.unfinished = self.reading_head = False

    # The parser's callbacks

    def on_message_begin(self) -> None:
        self.fields = []
        self.target = b""
        self.unfinished = self.reading_head = True
        self.head_fed = 0
        self.head_at = 0.0

    def on_url(self, url: bytes) -> None:
        self.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields.append((name, value))

    def on_headers_complete(self) -> None:
        if self.last:
            raise RefusedError(None)
        parser, fields, target = self.parser, self.fields, self.target
        method, version = parser.get_method(), parser.get_http_version()
        headers = [(name.lower(), value) for name, value in fields]
        found = dict(headers)
        plain = (
            version == "1.1"
            and JUDGED.isdisjoint(found)
            and len(found) == len(headers) <= self.limits.header_count
            and found.get(b"host") == self.known_host
            and target[:1] == b"/"
            and len(target) <= self.limits.target_bytes
            and found.get(b"connection", b"keep-alive") == b"keep-alive"
            and method != b"HEAD"
        )
        if self.head_fed + self.piece_bytes > self.limits.header_bytes:
            self.check(judge_size(headers, self.limits), method)
        if plain:
            cycle = Cycle(self, METHODS.get(method) or method.decode("ascii"), target, fields, headers, PLAIN)
        else:
            self.check(judge(version, method, target, headers, self.limits), method)
            self.known_host = found.get(b"host", UNKNOWN)
            cycle = self.special_cycle(method, version, headers, found)
        self.reading_head = False
        self.fields = []  # for trailers, if any
        if self.cycle is None:
            left = cycle.body_left
            if left and left <= HIGH_WATER_BYTES and not cycle.expects:
                self.cycle = self.expected = cycle
            else:
                self.start(cycle)
        else:
            self.queue.append(cycle)
            self.careful = True

    def check(self, refusal: Refusal | None, method: bytes) -> None:
        """Stop the parser where there is a reason to refuse."""
        if refusal is not None:
            raise RefusedError(Refusal(refusal.status, refusal.detail, bodiless=method == b"HEAD"))

    def special_cycle(
        self, method: bytes, version: str, headers: list[tuple[bytes, bytes]], found: dict[bytes, bytes]
    ) -> Cycle:
        """Give the cycle of a request with a body, to HEAD, of HTTP/1.0, or the last on its connection."""
        left = None if b"transfer-encoding" in found else int(found.get(b"content-length", b"0"))
        upgrade = self.parser.should_upgrade()
        self.last = version == "1.0" or not self.parser.should_keep_alive()
        if upgrade and (left != 0 or b"websocket" in found.get(b"upgrade", b"").lower()):
            self.last = True  # what follows is not for certain the next request
            self.declining = left != 0
        asked = Asked(head_only=method == b"HEAD", http11=version == "1.1", close=self.last)
        expects = version == "1.1" and b"expect" in found
        cycle = Cycle(
            self,
            method.decode("ascii"),
            self.target,
            self.fields,
            headers,
            PLAIN if asked == PLAIN else asked,
            body_left=left,
            expects=expects,
        )
        if left != 0:
            self.receiving = cycle
            self.body_fed = self.chunks = 0
        return cycle

    def scope_of(self, cycle: Cycle) -> dict[str, Any]:
        """Give the ASGI scope of a request; it is made only for requests that take a task."""
        raw_path, query = split_target(cycle.target)
        return {
            "type": "http",
            "asgi": ASGI,
            "http_version": "1.1" if cycle.asked.http11 else "1.0",
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme,
            "method": cycle.method,
            "root_path": "",
            "path": cycle.path,
            "raw_path": raw_path,
            "query_string": query,
            "headers": cycle.headers,
            "state": self.state.copy(),
            "extensions": {"mimic": cycle, "http.response.trailers": {}},
        }

    def on_chunk_header(self) -> None:
        self.chunks += 1

    def on_body(self, body: bytes) -> None:
        cycle = self.receiving
        if cycle is None:
            return
        cycle.body_size += len(body)
        limit = self.limits.body_bytes
        if limit is not None and cycle.body_size > limit:
            raise RefusedError(too_large(limit))
        cycle.take_body(body)
        if len(cycle.buffer) > HIGH_WATER_BYTES and cycle.stage != DONE:
            self.pause_reading()

    def on_message_complete(self) -> None:
        cycle = self.receiving
        if cycle is not None:
            if self.declining:
                return  # the parser takes an upgrade for the end of HTTP; the body is still to come
            self.receiving = None
            cycle.end_body()
        self.unfinished = False
        if cycle is not None and cycle is self.expected:
            self.expected = None
            self.start(cycle)

    # Upgrades

    def decline_upgrade(self, rest: bytes) -> None:
        """Read on as if no upgrade had been asked for (RFC 9110 §7.8 allows to ignore it)."""
        cycle = self.receiving
        if not self.declining or cycle is None:
            self.parser = httptools.HttpRequestParser(self)
        else:
            self.declining = False
            left = cycle.body_left
            length = b"transfer-encoding: chunked" if left is None else b"content-length: %d" % left
            self.parser = httptools.HttpRequestParser(BodyOnly(self))
            self.parser.feed_data(b"POST / HTTP/1.1\r\nconnection: close\r\n" + length + HEAD_END)
        if rest and self.last and not self.unfinished:
            self.deaf = self.careful = True
        elif rest:
            self.feed(rest)


class BodyOnly:
    """The callbacks of a parser that was given an invented head, so that it reads the body of another request."""

    def __init__(self, connection: Connection) -> None:
        self.on_body = connection.on_body
        self.on_header = connection.on_header
        self.on_chunk_header = connection.on_chunk_header
        self.on_message_complete = connection.on_message_complete


def protocol_class(limits: Limits) -> type[asyncio.Protocol]:
    """Give the class to pass to uvicorn as `Config(http=...)`, with these limits."""
    return type("Connection", (Connection,), {"limits": limits, "__module__": __name__})

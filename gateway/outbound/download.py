"""A response whose head has come and whose body is coming."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from cassettes.exchange import header, header_values
from gateway.outbound.failure import UpstreamCutOffError, UpstreamError

if TYPE_CHECKING:
    from cassettes.exchange import Headers


class Feed(Protocol):
    """The connection that a response comes from."""

    paused: bool

    def resume(self) -> None:
        """Read on."""

    def wait(self) -> asyncio.Future[UpstreamResponse]:
        """Give a future of the next thing to happen."""

    def fail(self, error: BaseException) -> None:
        """Close at once."""


class UpstreamResponse:
    """A response from its head on.

    `headers` and `trailers` keep case, order and bytes; `trailers` are complete once `done`. Until `done` it holds a
    connection: call `release` (or `abort`) on every way out.
    """

    __slots__ = (
        *("status", "reason", "headers", "http_version", "done", "trailers", "reused"),
        *("pieces", "size", "failure", "feed"),
    )

    def __init__(
        self, feed: Feed, status: int, reason: bytes, headers: Headers, *, http_version: str, reused: bool
    ) -> None:
        self.status = status
        self.reason = reason
        self.headers = headers
        self.http_version = http_version
        self.reused = reused
        self.trailers: Headers = ()
        self.done = False
        self.pieces: list[bytes] = []
        self.size = 0
        self.failure: UpstreamError | None = None
        self.feed: Feed | None = feed

    def __repr__(self) -> str:
        return f"UpstreamResponse({self.status}, {'done' if self.done else 'coming'})"

    def take(self) -> bytes:
        """Give what has arrived and was not taken yet, b"" where there is nothing."""
        pieces = self.pieces
        if not pieces:
            return b""
        taken = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        self.size = 0
        feed = self.feed
        if feed is not None and feed.paused:
            feed.resume()
        return taken

    async def read(self) -> bytes:
        """Give the next piece; b"" only at the end. Raises UpstreamError where the body breaks."""
        while not self.pieces:
            if self.done:
                return b""
            if self.failure is not None:
                raise self.failure
            assert self.feed is not None
            try:
                await self.feed.wait()
            except asyncio.CancelledError:
                self.abort()
                raise
        return self.take()

    def stays_open(self) -> bool:
        """Tell whether the head alone lets the connection be used again."""
        options = header_values(self.headers, b"connection")
        return self.http_version == "1.1" and not any(b"close" in value.lower() for value in options)

    def ends_with_connection(self) -> bool:
        """Tell whether the body is as long as the connection lives (RFC 9112 §6.3)."""
        return header(self.headers, b"content-length") is None and header(self.headers, b"transfer-encoding") is None

    def release(self) -> None:
        """Let go: what is not done is closed; a response that is done has given its connection back by itself."""
        if self.feed is not None:
            self.abort()

    def abort(self) -> None:
        """Close the connection at once, unless the response is done."""
        if self.feed is not None:
            self.feed.fail(UpstreamCutOffError("the gateway closed the connection", request_sent=True))

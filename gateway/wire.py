"""The border to ASGI: messages become values, answers become messages; nothing else touches a scope."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any, TypeAlias

from cassettes.exchange import Headers, Request

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

_UPGRADE = (b"upgrade", b"websocket")


class ClientGoneError(Exception):
    """The client went away before its request was whole."""


class BodyTooLargeError(Exception):
    """The request's body is larger than may be collected."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"the request's body is larger than {limit_bytes} bytes")
        self.limit_bytes = limit_bytes


def read_head(scope: Scope) -> Request:
    """Give the request without its body: the target's and the headers' bytes as they were sent."""
    cycle = cycle_of(scope)
    if cycle is not None:
        return request_of(cycle)
    client = scope.get("client")
    return Request(
        scope["method"], _target(scope), tuple(scope["headers"]), b"", client[0] if client else "", scope["scheme"]
    )


def cycle_of(scope: Scope) -> Any:
    """Give our own server's cycle of this request; None on any other server."""
    return scope.get("extensions", {}).get("mimic")


def request_of(cycle: Any, body: bytes = b"") -> Request:
    """Give the request of a cycle, with this body."""
    client = cycle.line.client
    return Request(cycle.method, cycle.target, cycle.raw_headers, body, client[0] if client else "", cycle.line.scheme)


def _target(scope: Scope) -> bytes:
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    return path + b"?" + query if query else path


def wants_websocket(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Say whether the request asks to become a WebSocket; the headers' names are in lower case."""
    return _UPGRADE in headers


class Downstream:
    """One request of a client and the answer it is being given."""

    __slots__ = ("_cycle", "_receive", "_send", "_watcher", "gone", "more_body", "started")

    def __init__(self, cycle: Any, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._cycle = cycle
        self._watcher: asyncio.Task[None] | None = None
        self.started = False
        self.gone = False
        self.more_body = True

    def attend(self, receive: Receive, send: Send) -> None:
        """Speak through these from now on."""
        self._receive, self._send = receive, send

    def go_on(self, kept: object) -> None:
        """Have the application called in a task, with `kept` in its cycle; on our own server only."""
        self._cycle.kept = kept
        self._cycle.go_on()

    async def read(self) -> bytes:
        """Give the next piece of the request's body; `more_body` is False after the last one."""
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self.gone = True
            raise ClientGoneError
        self.more_body = message.get("more_body", False)
        body: bytes = message.get("body", b"")
        return body

    async def read_whole(self, limit_bytes: int) -> bytes:
        """Collect the request's body; raises BodyTooLargeError beyond the limit."""
        body, _ = await self.read_up_to(limit_bytes)
        if len(body) > limit_bytes:
            raise BodyTooLargeError(limit_bytes)
        return body

    async def read_up_to(self, limit_bytes: int) -> tuple[bytes, bool]:
        """Collect the request's body until it is whole or more than so many bytes; give it, and whether it is whole."""
        if self._cycle is not None and self._cycle.has_no_body:
            self.more_body = False
            return b"", True
        pieces: list[bytes] = []
        size = 0
        while size <= limit_bytes:
            piece = await self.read()
            size += len(piece)
            pieces.append(piece)
            if not self.more_body:
                break
        return pieces[0] if len(pieces) == 1 else b"".join(pieces), not self.more_body

    def when_gone(self, stop: Callable[[], object]) -> None:
        """Call `stop` once if the client goes away before it has been answered; the body must have been read.

        Raises ClientGoneError where it has gone already.
        """
        if self.gone or (self._cycle is not None and self._cycle.gone):
            self.gone = True
            raise ClientGoneError

        def leave() -> None:
            self.gone = True
            stop()

        if self._cycle is not None:
            self._cycle.on_disconnect = leave
        elif not self.more_body:
            self._watcher = asyncio.get_running_loop().create_task(self._watch(leave))

    async def _watch(self, leave: Callable[[], None]) -> None:
        # ASGI servers tell of a disconnect through receive() only; send() to a closed connection is silent.
        while (await self._receive())["type"] != "http.disconnect":
            pass
        leave()

    def forget(self) -> None:
        """Stop watching for the client's departure."""
        if self._cycle is not None:
            self._cycle.on_disconnect = None
        if self._watcher is not None:
            watcher, self._watcher = self._watcher, None
            watcher.cancel()

    def reply_now(self, status: int, reason: bytes, headers: Headers, body: bytes) -> None:
        """Give a whole answer at once; on our own server only."""
        self.started = True
        self._cycle.write_response(status, reason or None, headers, body)

    async def reply(self, status: int, reason: bytes, headers: Headers, body: bytes) -> None:
        """Give a whole answer."""
        if self._cycle is not None:
            self.reply_now(status, reason, headers, body)
            return
        self.started = True
        await self._send({"type": "http.response.start", "status": status, "headers": headers, "reason": reason})
        await self._send({"type": "http.response.body", "body": body})

    async def start(self, status: int, reason: bytes, headers: Headers, *, trailers: bool = False) -> None:
        """Give the head of a streamed answer."""
        self.started = True
        message = {"type": "http.response.start", "status": status, "headers": headers, "reason": reason or None}
        if trailers and self._cycle is not None:
            message["trailers"] = True
        await self._send(message)

    async def write(self, data: bytes) -> None:
        """Give a piece of the body; returns when the client's connection takes more."""
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def finish(self, trailers: Headers | None = None) -> None:
        """End a streamed answer; `trailers` is None unless `start` announced them."""
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        if trailers is not None and self._cycle is not None:
            await self._send({"type": "http.response.trailers", "headers": trailers, "more_trailers": False})

    def inform(self, status: int, headers: Headers) -> None:
        """Pass an interim (1xx) response on, where the server can."""
        if self._cycle is not None and not self.started:
            self._cycle.informational(status, headers)

    @property
    def takes_any_bytes(self) -> bool:
        """Whether an answer can be given that is not well-formed; on our own server only."""
        return self._cycle is not None

    def break_off(self, compose: Callable[[Any], bytes]) -> None:
        """Give the bytes that are made of how it was asked, and end the connection; on our own server only."""
        self.started = True
        self._cycle.write_broken(compose)

    def cut(self, *, reset: bool = False) -> None:
        """Break the connection so that the client sees that the answer is not whole; with `reset` by a reset."""
        if self._cycle is None:
            raise ConnectionAbortedError("the answer was cut off by the upstream")
        self._cycle.abort(reset=reset)

"""A scripted upstream on a real socket: what it says is exactly the bytes of its script."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Self

import pytest
import uvloop

from gateway.outbound.egress import Egress, Timeouts, parse_origin
from gateway.outbound.upstream import Upstream, UpstreamResponse

if TYPE_CHECKING:
    import ssl


HOST = [(b"Host", b"up.test")]


@pytest.fixture(params=[asyncio.DefaultEventLoopPolicy, uvloop.EventLoopPolicy], ids=["asyncio", "uvloop"])
def both_loops(request):
    """Run a test on both event loops; bind it to the name `event_loop_policy`."""
    return request.param()


class Peer:
    """One connection as the server sees it; `number` counts connections from 1."""

    def __init__(self, server: RawServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server = server
        self.reader = reader
        self.writer = writer
        self.number = server.connections

    async def head(self) -> bytes:
        """Read one request's head; raises IncompleteReadError at the end of the connection."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        self.server.heads.append(head)
        return head

    async def target(self) -> bytes:
        return (await self.head()).split(b" ", 2)[1]

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Script = Callable[[Peer], Awaitable[None]]


class RawServer:
    """Runs `script` for each connection and closes it when the script ends."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self.script = script
        self.tls = tls
        self.connections = 0
        self.heads: list[bytes] = []
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            with contextlib.suppress(OSError, EOFError, asyncio.CancelledError):
                await self.script(Peer(self, reader, writer))
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()
            self._tasks.discard(task)


def saying(data: bytes, *, close: bool = True) -> Script:
    """Answer every request with `data`; then close, or wait for the next."""

    async def script(peer: Peer) -> None:
        while True:
            await peer.head()
            await peer.say(data)
            if close:
                return

    return script


def ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


@contextlib.asynccontextmanager
async def upstream_of(
    script: Script, *, timeouts: Timeouts | None = None, **options: float
) -> AsyncIterator[tuple[Upstream, RawServer]]:
    """Run a script and an upstream that points to it."""
    async with RawServer(script) as server:
        origin = parse_origin(f"http://127.0.0.1:{server.port}")
        upstream = Upstream("up", origin, Egress(), timeouts=timeouts or Timeouts(), **options)
        try:
            yield upstream, server
        finally:
            await upstream.close()


async def until(happened: Callable[[], bool], within_s: float = 10.0) -> None:
    """Wait until something is so, or fail."""
    async with asyncio.timeout(within_s):
        while not happened():
            await asyncio.sleep(0.005)


async def settled(value: Callable[[], int], within_s: float = 10.0) -> int:
    """Wait until a count has stopped moving, and give it."""
    last, same = value(), 0
    async with asyncio.timeout(within_s):
        while same < 30:
            await asyncio.sleep(0.01)
            last, same = (last, same + 1) if value() == last else (value(), 0)
    return last


async def body_of(answer: UpstreamResponse) -> bytes:
    pieces = []
    while piece := await answer.read():
        pieces.append(piece)
    return b"".join(pieces)


async def get(upstream: Upstream, target: bytes = b"/") -> tuple[int, bytes]:
    answer = await upstream.send("GET", target, HOST, None)
    return answer.status, await body_of(answer)


async def echo_target(peer: Peer) -> None:
    while True:
        await peer.say(ok(await peer.target()))


async def pieces_of(*pieces: bytes):
    for piece in pieces:
        yield piece

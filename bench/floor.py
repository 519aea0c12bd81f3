"""The floors: the least that could do the same work, on the gateway's own server and on uvicorn as it comes.

`python -m bench.floor answers|passage ours|stock FILE|PORT` serves one and tells its port.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, TypeAlias

import httptools
import uvicorn

from gateway.inbound.server import ServerOptions, build_server

Message: TypeAlias = MutableMapping[str, Any]
App: TypeAlias = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Any]
Pairs: TypeAlias = list[tuple[bytes, bytes]]

_HOP = frozenset({b"connection", b"keep-alive", b"transfer-encoding", b"te", b"upgrade", b"trailer"})
_HIGH_WATER = 256 << 10


def bare_answers(file: Path) -> App:
    """Give an application that answers with ready bytes: the file names headers, and a body for each path."""
    document = json.loads(file.read_bytes())
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in document["headers"]]
    bodies = {path: body.encode() for path, body in document["bodies"].items()}
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    ends = {path: {"type": "http.response.body", "body": body} for path, body in bodies.items()}

    async def app(scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await _live(receive, send)
            return
        await send(start)
        await send(ends[scope["path"]])

    return app


class _Wire(asyncio.Protocol):
    """One upstream connection with nothing but a parser and back-pressure: no deadline, no limit, no judgement."""

    def __init__(self) -> None:
        self.paused = False
        self.waiter: asyncio.Future[None] | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.loop = asyncio.get_running_loop()

    def ask(self, data: bytes) -> None:
        self.status = 0
        self.headers: Pairs = []
        self.pieces: list[bytes] = []
        self.size = 0
        self.done = False
        self.parser = httptools.HttpResponseParser(self)
        self.transport.write(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self.status = self.parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        self.pieces.append(body)
        self.size += len(body)

    def on_message_complete(self) -> None:
        self.done = True

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)
        if self.size > _HIGH_WATER and not self.done and not self.paused:
            self.paused = True
            self.transport.pause_reading()
        if self.waiter is not None and self.status:
            waiter, self.waiter = self.waiter, None
            waiter.set_result(None)

    async def wait(self) -> None:
        self.waiter = self.loop.create_future()
        await self.waiter

    def take(self) -> bytes:
        pieces, self.pieces, self.size = self.pieces, [], 0
        if self.paused:
            self.paused = False
            self.transport.resume_reading()
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def bare_passage(port: int) -> App:
    """Give an application that passes requests without a body on to a port, and the answers back as they come."""
    idle: list[_Wire] = []
    authority = b"127.0.0.1:%d" % port

    async def connect() -> _Wire:
        return (await asyncio.get_running_loop().create_connection(_Wire, "127.0.0.1", port))[1]

    async def app(scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await _live(receive, send)
            return
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        parts = [scope["method"].encode(), b" ", target, b" HTTP/1.1\r\nhost: ", authority, b"\r\n"]
        for name, value in scope["headers"]:
            if name != b"host" and name not in _HOP:
                parts += (name, b": ", value, b"\r\n")
        parts.append(b"\r\n")
        wire = idle.pop() if idle else await connect()
        wire.ask(b"".join(parts))
        await wire.wait()
        headers = [pair for pair in wire.headers if pair[0].lower() not in _HOP]
        await send({"type": "http.response.start", "status": wire.status, "headers": headers})
        while True:
            done = wire.done
            await send({"type": "http.response.body", "body": wire.take(), "more_body": not done})
            if done:
                break
            if not wire.pieces and not wire.done:
                await wire.wait()
        idle.append(wire)

    return app


async def _live(receive: Any, send: Any) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


def serve_on_ours(app: App) -> None:
    """Serve with the gateway's own server."""
    options = ServerOptions(port=0, loop="uvloop", on_listening=_tell)
    build_server(app, options).run()


def serve_on_stock(app: App) -> None:
    """Serve with uvicorn as it comes: httptools, uvloop, no access log, no headers of its own."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        proxy_headers=False,
    )
    _tell(listener.getsockname()[1])
    uvicorn.Server(config).run(sockets=[listener])


def _tell(port: int) -> None:
    print(f"listening on 127.0.0.1:{port}", flush=True)


def main(kind: str, server: str, given: str) -> None:
    """Serve one floor until a signal comes."""
    app = bare_answers(Path(given)) if kind == "answers" else bare_passage(int(given))
    (serve_on_ours if server == "ours" else serve_on_stock)(app)


if __name__ == "__main__":
    main(*sys.argv[1:4])

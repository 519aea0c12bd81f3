"""A listener under test: the protocol on a real socket in a thread of its own, and a client that speaks raw bytes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import httptools
import uvloop
from uvicorn.config import Config
from uvicorn.server import ServerState

from gateway.inbound.limits import Limits
from gateway.inbound.protocol import protocol_class

TIMEOUT_S = 20.0
OK = b"GET /after HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


class Listener(NamedTuple):
    port: int
    state: ServerState
    seen: list[Any]
    loop: asyncio.AbstractEventLoop


@contextlib.contextmanager
def listening(
    app: Any, limits: Limits | None = None, *, ssl: Any = None, loop_factory: Any = uvloop.new_event_loop
) -> Iterator[Listener]:
    """Run `app` on a free port; `seen` is the list `app.seen` if it has one."""
    loop = loop_factory()
    config = Config(
        app,
        http=protocol_class(limits or Limits()),
        log_config=None,
        proxy_headers=False,
        lifespan="off",
        interface="asgi3",
    )
    config.load()
    state = ServerState()
    server = loop.run_until_complete(
        loop.create_server(
            lambda: config.http_protocol_class(config=config, server_state=state, app_state={"lives": True}),
            "127.0.0.1",
            0,
            ssl=ssl,
        ),
    )
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield Listener(server.sockets[0].getsockname()[1], state, getattr(app, "seen", []), loop)
    finally:
        asyncio.run_coroutine_threadsafe(_close(server, state), loop).result(TIMEOUT_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(TIMEOUT_S)
        loop.close()


async def _close(server: asyncio.Server, state: ServerState) -> None:
    server.close()
    tasks = list(state.tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for connection in list(state.connections):
        connection.transport.abort()
    await asyncio.sleep(0.01)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), TIMEOUT_S)


def until(condition: Callable[[], object], within_s: float = TIMEOUT_S) -> None:
    """Poll until the condition holds; fail at the deadline."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.005)


def read_all(sock: socket.socket) -> bytes:
    """Read until the server closes; a reset ends it as well."""
    pieces = []
    with contextlib.suppress(ConnectionResetError):
        while piece := sock.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def read_until(sock: socket.socket, end: bytes) -> bytes:
    data = b""
    while not data.endswith(end):
        piece = sock.recv(65536)
        assert piece, f"closed after {data!r}"
        data += piece
    return data


def talk(port: int, raw: bytes) -> bytes:
    """Send bytes, end the sending side, and give everything that comes back."""
    with connect(port) as sock:
        with contextlib.suppress(OSError):  # the server may have answered and closed in mid-request
            sock.sendall(raw)
            sock.shutdown(socket.SHUT_WR)
        return read_all(sock)


class Answer(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: bytes) -> bytes | None:
        return next((value for key, value in self.headers if key.lower() == name), None)


class _Reader:
    def __init__(self) -> None:
        self.answers: list[Answer] = []

    def on_message_begin(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.answers.append(Answer(self.parser.get_status_code(), self.headers, self.body))


def answers(data: bytes) -> list[Answer]:
    """Parse what a server wrote; bytes that are not whole responses raise."""
    reader = _Reader()
    reader.parser = httptools.HttpResponseParser(reader)
    reader.parser.feed_data(data)
    return reader.answers


def statuses(data: bytes) -> list[int]:
    return [answer.status for answer in answers(data)]


def sends(*messages):
    """An application that sends these messages; a start may leave out its type."""

    async def app(scope, receive, send):
        for message in messages:
            await send({"type": "http.response.start"} | message if "status" in message else message)

    return app


def start(status=200, *headers, **more):
    return {"status": status, "headers": list(headers), **more}


def body(content=b"", *, more=False):
    return {"type": "http.response.body", "body": content, "more_body": more}


def exchange(app, raw=b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"):
    with listening(app) as listener:
        return talk(listener.port, raw)


class Echo:
    """Reads the whole body and answers what it saw as JSON; keeps what it saw."""

    def __init__(self) -> None:
        self.seen: list[dict] = []

    async def __call__(self, scope, receive, send) -> None:
        body = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message["body"]
            if not message["more_body"]:
                break
        mimic = scope["extensions"]["mimic"]
        self.seen.append({"scope": scope, "body": body, "raw_headers": mimic.raw_headers, "target": mimic.target})
        answer = json.dumps({"method": scope["method"], "path": scope["path"], "size": len(body)}).encode()
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"Content-Length", b"%d" % len(answer))]}
        )
        await send({"type": "http.response.body", "body": answer})


def get(
    lines: bytes = b"",
    target: bytes = b"/x",
    version: bytes = b"1.1",
    method: bytes = b"GET",
    host: bytes = b"Host: a\r\n",
) -> bytes:
    return method + b" " + target + b" HTTP/" + version + b"\r\n" + host + lines + b"\r\n"


def post(lines: bytes, body: bytes) -> bytes:
    return get(lines, method=b"POST") + body

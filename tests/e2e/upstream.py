"""A small upstream of our own: a threaded HTTP/1.1 server whose answers are functions of the request."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class Ask:
    """A request as the upstream got it; `read` gives up to n bytes of the body, b"" at its end."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    read: Callable[[int], bytes]

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    def body(self) -> bytes:
        return b"".join(iter(lambda: self.read(1 << 16), b""))


@dataclass(frozen=True, slots=True)
class Tell:
    """An answer; a body of pieces goes out chunked, each flushed on its own."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | Iterator[bytes] = b""


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    answer: Callable[[Ask], Tell]

    def _serve(self) -> None:
        length, chunked = self.headers.get("content-length"), self.headers.get("transfer-encoding")
        read = self._dechunked() if chunked else self._counted(int(length or 0))
        tell = type(self).answer(Ask(self.command, self.path, self.headers.items(), read))
        while read(1 << 16):  # what the answer left unread must not be taken for the next request
            pass
        self.send_response(tell.status)
        for name, value in tell.headers:
            self.send_header(name, value)
        if isinstance(tell.body, bytes):
            self.send_header("Content-Length", str(len(tell.body)))
            self.end_headers()
            self.wfile.write(tell.body)
            return
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for piece in tell.body:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        finally:
            tell.body.close()  # type: ignore[attr-defined]

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve  # noqa: N815

    def _counted(self, left: int) -> Callable[[int], bytes]:
        def read(size: int) -> bytes:
            nonlocal left
            piece = self.rfile.read(min(size, left)) if left else b""
            left -= len(piece)
            return piece

        return read

    def _dechunked(self) -> Callable[[int], bytes]:
        ended = False

        def read(_: int) -> bytes:
            nonlocal ended
            if ended:
                return b""
            size = int(self.rfile.readline().partition(b";")[0], 16)
            piece = self.rfile.read(size)
            self.rfile.readline()
            ended = not size
            return piece

        return read

    def log_message(self, *_: object) -> None:
        pass


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a peer that went away is part of several tests

    def server_bind(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        super().server_bind()


@contextlib.contextmanager
def serving(answer: Callable[[Ask], Tell]) -> Iterator[str]:
    """Serve `answer` on a free loopback port; gives the base URL."""
    kind = type("Connection", (_Connection,), {"answer": staticmethod(answer)})
    server = _Quiet(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

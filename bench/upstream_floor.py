"""The outgoing client against the least that could do its work: a bare httptools client on the same loop.

Run: python bench/upstream_floor.py [rounds]. The two take turns in one process; the server is another process.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import sys
import time
from typing import Any

import httptools
import uvloop

from gateway.outbound.egress import Egress, parse_origin
from gateway.outbound.upstream import Upstream

WORKERS = 64
REQUESTS = 20_000
RESPONSE = (
    b"HTTP/1.1 200 OK\r\nServer: floor\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1024\r\nX-Request: 1\r\n\r\n" + b"x" * 1024
)
HEADERS = [
    (b"Host", b"127.0.0.1"),
    (b"User-Agent", b"bench/1"),
    (b"Accept", b"*/*"),
    (b"Accept-Encoding", b"gzip"),
    (b"Via", b"1.1 mimic"),
]


class Answerer(asyncio.Protocol):
    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(RESPONSE * data.count(b"\r\n\r\n"))


def serve(ports: Any) -> None:
    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Answerer, "127.0.0.1", 0)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    uvloop.run(run())


class Bare(asyncio.Protocol):
    """No deadlines, no limits, no errors, no pool: one request, one response."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.loop = asyncio.get_running_loop()

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self.status = self.parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        self.pieces.append(body)

    def on_message_complete(self) -> None:
        self.done = True

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)
        if self.done:
            self.waiter.set_result(None)

    async def get(self) -> bytes:
        self.headers: list[tuple[bytes, bytes]] = []
        self.pieces: list[bytes] = []
        self.done = False
        self.parser = httptools.HttpResponseParser(self)
        parts = [b"GET /item HTTP/1.1\r\n"]
        for name, value in HEADERS:
            parts += (name, b": ", value, b"\r\n")
        parts.append(b"\r\n")
        self.transport.write(b"".join(parts))
        self.waiter = self.loop.create_future()
        await self.waiter
        return b"".join(self.pieces)


async def bare(port: int) -> float:
    loop = asyncio.get_running_loop()
    clients = [(await loop.create_connection(Bare, "127.0.0.1", port))[1] for _ in range(WORKERS)]

    async def work(client: Bare) -> None:
        for _ in range(REQUESTS // WORKERS):
            assert len(await client.get()) == 1024

    began = time.process_time()
    await asyncio.gather(*(work(client) for client in clients))
    spent = time.process_time() - began
    for client in clients:
        client.transport.close()
    return spent


async def ours(port: int) -> float:
    upstream = Upstream("bench", parse_origin(f"http://127.0.0.1:{port}"), Egress(), max_connections=WORKERS)

    async def work() -> None:
        for _ in range(REQUESTS // WORKERS):
            answer = await upstream.send("GET", b"/item", HEADERS, None)
            assert len(answer.take()) == 1024
            answer.release()

    began = time.process_time()
    await asyncio.gather(*(work() for _ in range(WORKERS)))
    spent = time.process_time() - began
    await upstream.close()
    return spent


async def compare(port: int, rounds: int) -> None:
    ratios = []
    for _ in range(rounds):
        floor, cost = await bare(port), await ours(port)
        ratios.append(cost / floor)
        each = 1e6 / REQUESTS
        print(f"bare {floor * each:6.1f} µs   ours {cost * each:6.1f} µs   ratio {ratios[-1]:.2f}")
    print(f"median ratio {statistics.median(ratios):.2f}")


def main() -> None:
    ports: Any = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(ports,), daemon=True)
    server.start()
    try:
        uvloop.run(compare(ports.get(), int(sys.argv[1]) if len(sys.argv) > 1 else 7))
    finally:
        server.terminate()
        server.join()


if __name__ == "__main__":
    main()

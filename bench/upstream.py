"""The upstream of the proxy workloads: nginx where it is installed, else the least server that can stand in for it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Final

from bench.load import ask
from bench.process import ServerProcess, free_port

SMALL: Final = "/orders/1k"
LARGE: Final = "/files/1m"
LARGE_BYTES: Final = 1 << 20

_NGINX: Final = """
{user}daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log crit;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 600s; default_type application/json;
  sendfile on; tcp_nopush on; open_file_cache max=100;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port} backlog=2048; root {folder}/www; }}
}}
"""


def small_body() -> bytes:
    """Give an answer of 1,024 bytes such as an API gives: nested, with names, money, times and an e-mail address."""
    order = {
        "id": "ord_48151623",
        "placed_at": "2026-01-14T09:26:53Z",
        "customer": {"id": 4711, "name": "Ada Lovelace", "email": "ada.lovelace@example.com"},
        "status": "paid",
        "currency": "EUR",
        "total_cents": 15980,
        "items": [
            {"sku": f"SKU-{number:04}", "title": f"Article number {number}", "cents": 1990 + number, "count": 2}
            for number in range(8)
        ],
        "links": {"self": "/orders/ord_48151623", "invoice": "/invoices/inv_2342"},
        "note": "",
    }
    order["note"] = "x" * (1024 - len(json.dumps(order)))
    body = json.dumps(order).encode()
    assert len(body) == 1024
    return body


def large_body() -> bytes:
    """Give an answer of one MiB."""
    line = small_body()
    return line * (LARGE_BYTES // len(line))


def start_upstream(folder: Path, core: int | None) -> ServerProcess:
    """Start the upstream and wait until it answers."""
    for target, body in ((SMALL, small_body()), (LARGE, large_body())):
        file = folder / "www" / target.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    if shutil.which("nginx"):
        port = free_port()
        user = "user root; " if os.geteuid() == 0 else ""  # else its worker may not read the scratch folder
        configuration = folder / "nginx.conf"
        configuration.write_text(_NGINX.format(folder=folder, port=port, user=user))
        server = ServerProcess(["nginx", "-p", str(folder), "-c", str(configuration)], folder, core=core, port=port)
    else:
        server = ServerProcess([sys.executable, "-m", "bench.upstream", str(folder / "www")], folder, core=core)
    server.wait_until_ready(lambda port: ask(port, SMALL).body == small_body())
    return server


class _Answerer(asyncio.Protocol):
    """Answers each head it hears with a file that is ready as bytes; no request has a body."""

    ready: dict[bytes, bytes]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.unheard = b""

    def data_received(self, data: bytes) -> None:
        heads = (self.unheard + data).split(b"\r\n\r\n")
        self.unheard = heads.pop()
        for head in heads:
            self.transport.write(self.ready[head.split(b" ", 2)[1]])  # type: ignore[attr-defined]


def ready_answers(folder: Path) -> dict[bytes, bytes]:
    """Give the answer to each target, ready to be written."""
    answers = {}
    for file in folder.rglob("*"):
        if file.is_file():
            body = file.read_bytes()
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
            answers[b"/" + file.relative_to(folder).as_posix().encode()] = head + body
    return answers


async def _serve(answers: dict[bytes, bytes]) -> None:
    kind = type("Answerer", (_Answerer,), {"ready": answers})
    server = await asyncio.get_running_loop().create_server(kind, "127.0.0.1", 0)
    print(f"listening on 127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    uvloop.run(_serve(ready_answers(Path(sys.argv[1]))))

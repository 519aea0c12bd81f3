"""A gateway on a real port inside the test's loop, and small real upstreams behind it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

from gateway.admin import admin_application
from gateway.app import Front, Gateway
from gateway.config import Configuration, ContractSettings, Settings, UpstreamSettings, open_contract
from gateway.inbound.server import ServerOptions, build_server


def a_configuration(home, *definitions, upstreams=None, contracts=None, **settings):
    from cassettes.definition import MockDefinition

    return Configuration(
        # A busy machine may take longer than a user's scripts may.
        settings=Settings(home=str(home), port=0, **{"script_timeout_ms": 10_000} | settings),
        upstreams={name: UpstreamSettings(url=url) for name, url in (upstreams or {}).items()},
        contracts={name: ContractSettings.model_validate(one) for name, one in (contracts or {}).items()},
        documents={name: open_contract(Path(one["file"]), name) for name, one in (contracts or {}).items()},
        definitions=tuple(MockDefinition.model_validate(definition) for definition in definitions),
    )


@asynccontextmanager
async def served(app):
    """Serve an ASGI application; gives its base URL."""
    server = build_server(app, ServerOptions(port=0, grace_s=1.0))
    task = asyncio.get_running_loop().create_task(server._serve(server.listeners))
    while not server.started:
        await asyncio.sleep(0.005)
        if task.done():
            task.result()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.should_exit = True
        await task
        server.close()


@asynccontextmanager
async def a_gateway(home, *definitions, upstreams=None, unsafe_raw=False, **settings):
    """Serve a gateway; gives a client of it, with the gateway as `client.gateway`."""
    configuration = a_configuration(home, *definitions, upstreams=upstreams, **settings)
    gateway = Gateway(configuration, unsafe_raw=unsafe_raw)
    gateway.apply(configuration.definitions)
    async with served(Front(gateway, admin_application(gateway))) as url:
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
            client.gateway = gateway
            yield client


class Upstream:
    """Answers each connection's requests with what `answer(request_bytes)` gives, and remembers what it was sent."""

    def __init__(self, answer):
        self.answer = answer
        self.requests = []
        self.gone = asyncio.Event()
        self.tasks = set()

    async def serve(self, reader, writer):
        self.tasks.add(asyncio.current_task())
        try:
            await self._converse(reader, writer)
        finally:
            self.gone.set()
            writer.close()
            self.tasks.discard(asyncio.current_task())

    async def _converse(self, reader, writer):
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
                )
                request = head + await reader.readexactly(length)
                if b"transfer-encoding: chunked" in head.lower():
                    request += await reader.readuntil(b"0\r\n\r\n")
                self.requests.append(request)
                answer = self.answer(request)
                if isinstance(answer, bytes):
                    writer.write(answer)
                else:
                    async for piece in answer:
                        writer.write(piece)
                        await writer.drain()
                await writer.drain()
                if b"connection: close" in (answer.lower() if isinstance(answer, bytes) else b""):
                    break


@asynccontextmanager
async def an_upstream(answer):
    """Serve raw bytes; `answer` is bytes, or a function of the request's bytes giving bytes or an async iterator."""
    upstream = Upstream(answer if callable(answer) else lambda _: answer)
    server = await asyncio.start_server(upstream.serve, "127.0.0.1", 0)
    upstream.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield upstream
    finally:
        server.close()
        for task in tuple(upstream.tasks):
            task.cancel()
        await asyncio.gather(*upstream.tasks, return_exceptions=True)


def ok(body=b"hi", *headers):
    lines = b"".join(header + b"\r\n" for header in headers)
    return b"HTTP/1.1 200 OK\r\n" + lines + b"Content-Length: %d\r\n\r\n" % len(body) + body

"""What is answered without a task has the bytes that a task answers: one engine, two ways out."""

from __future__ import annotations

import asyncio
import re

import pytest
from serving_gateway import a_configuration, an_upstream, ok, served

from gateway.app import Front, Gateway

STATIC = (200, 204, 304, 404, 599)
ROUTES = [
    *(
        {
            "id": f"mock-{status}",
            "match": {"path": f"/mock/{status}"},
            "response": {"status": status, "headers": {"X-A": ["1", "2"], "x-a": "3"}, "body": {"of": status}},
        }
        for status in STATIC
    ),
    {"id": "late", "match": {"path": "/late"}, "response": {"body": "later", "delay_ms": 5}},
    {"id": "replay", "match": {"path": "/kept/**"}, "mode": "replay", "cassette": "kept"},
    {"id": "record", "match": {"path": "/rec/**"}, "mode": "record", "cassette": "other", "upstream": "up"},
    {"id": "proxy", "match": {"path": "/up/**"}, "mode": "proxy", "upstream": "up"},
    {
        "id": "fallback",
        "match": {"path": "/fb/**"},
        "mode": "proxy-with-fallback",
        "upstream": "up",
        "response": {"fallback": {"status": 200, "body": "[]"}},
    },
]
PATHS = (
    *(f"/mock/{status}" for status in STATIC),
    *("/late", "/kept/1", "/kept/2", "/kept/never?a=1", "/rec/1", "/nowhere", "/up/1", "/up/chunked", "/up/head"),
    *("/up/broken", "/fb/1", "/fb/busy", "/fb/broken", "*", "http://localhost/mock/200", "http://else/mock/200"),
)
HEADS = {
    "GET": "GET {} HTTP/1.1\r\nHost: a\r\n",
    "HEAD": "HEAD {} HTTP/1.1\r\nHost: a\r\n",
    "close": "GET {} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n",
    "HTTP/1.0": "GET {} HTTP/1.0\r\n",
    "websocket": "GET {} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n",
}
VARYING = re.compile(rb'(?<=X-Mimic-Trace: )\w+|(?<="trace":")\w+|(?<=1\.1 mimic-)\w+', re.IGNORECASE)


def answer(request: bytes) -> bytes:
    if b"/chunked" in request:
        return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
    if b"/busy" in request:
        return b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
    if b"/broken" in request:
        return b"nonsense\r\n\r\n"
    body = b"" if request.startswith(b"HEAD") else b"hello"
    return ok(b"hello", b"X-Up: 1", b"x-up: 2").removesuffix(b"hello") + body


class InTasks:
    """The same application, without what lets a server ask for an answer at once."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def __call__(self, scope, receive, send) -> None:
        await self._front(scope, receive, send)


async def talk(url: str, head: str, paths: tuple[str, ...]) -> list[bytes]:
    """Ask for each path on a connection of its own; gives the answers without what differs from run to run."""
    host, port = url.removeprefix("http://").split(":")
    answers = []
    for path in paths:
        reader, writer = await asyncio.open_connection(host, int(port))
        end = "" if "Connection" in head or "HTTP/1.0" in head else "Connection: close\r\n"
        writer.write(f"{head.format(path)}{end}\r\n".encode())
        answers.append(VARYING.sub(b"(varies)", await reader.read()))
        writer.close()
    return answers


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
async def test_both_ways_out_write_the_same_bytes(tmp_path, head):
    async with an_upstream(answer) as upstream:
        lanes = []
        for name, wrap in (("now", lambda front: front), ("task", InTasks)):
            configuration = a_configuration(tmp_path / name, *ROUTES, upstreams={"up": upstream.url})
            await a_recording(tmp_path / name, upstream.url)
            gateway = Gateway(configuration)
            gateway.apply(configuration.definitions)
            async with served(wrap(Front(gateway, None))) as url:
                await talk(url, HEADS["GET"], ("/up/warm",))  # leaves a connection to the upstream open
                lanes.append(dict(zip(PATHS, await talk(url, head, PATHS), strict=True)))

    now, in_tasks = lanes
    assert now == in_tasks
    assert all(data.startswith(b"HTTP/1.1 ") for data in now.values())


async def a_recording(home, url: str) -> None:
    """Record two interactions into the cassette `kept`."""
    definition = {"id": "r", "mode": "record", "cassette": "kept", "upstream": "up"}
    configuration = a_configuration(home, definition, upstreams={"up": url})
    gateway = Gateway(configuration)
    gateway.apply(configuration.definitions)
    async with served(Front(gateway, None)) as base:
        await talk(base, HEADS["GET"], ("/kept/1", "/kept/2"))

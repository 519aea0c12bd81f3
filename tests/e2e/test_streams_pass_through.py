"""Streams through the gateway: large bodies in bounded memory, chunks as they come, ends and slowness felt on the other side."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
import urllib.parse
from typing import TYPE_CHECKING, Final, Self

import pytest
from e2e.gateway_process import Gateway
from e2e.upstream import Ask, Tell, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MIB: Final = 1 << 20
GROWTH_LIMIT_KIB: Final = 64 << 10
DEADLINE_S: Final = 20
PIECE: Final = b"\xa5\x5a" * (128 << 10)

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("streams")]
COMMANDS = [
    pytest.param(("up", "--upstream"), id="proxy"),
    pytest.param(("record", "--cassette", "streams"), id="record"),
]


class Source:
    """An upstream of streams; it counts what it sent and received, and notes when its peer went away."""

    def __init__(self) -> None:
        self.sent, self.received = 0, 0
        self.second_may_go, self.gone = threading.Event(), threading.Event()

    def answer(self, ask: Ask) -> Tell:
        path, _, count = ask.target.partition("?")
        if path == "/up":
            while piece := ask.read(MIB):
                self.received += len(piece)
            return Tell(body=b"%d" % self.received)
        body = {"/down": lambda: self._bytes(int(count)), "/two": self._two}[path]()
        kind = "text/event-stream" if path == "/two" else "application/octet-stream"
        return Tell(headers=(("Content-Type", kind),), body=body)

    def _bytes(self, count: int) -> Iterator[bytes]:
        try:
            while self.sent < count:
                yield PIECE
                self.sent += len(PIECE)
        finally:
            self.gone.set()

    def _two(self) -> Iterator[bytes]:
        yield b"data: one\n\n"
        assert self.second_may_go.wait(DEADLINE_S)
        yield b"data: two\n\n"


class Memory:
    """Watches the resident memory of a gateway from its start to the end of the block."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway, self._ended = gateway, threading.Event()
        self._first = self._peak = gateway.rss_kib()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    @property
    def growth_kib(self) -> int:
        return self._peak - self._first

    def __enter__(self) -> Self:
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.02):
            self._peak = max(self._peak, self._gateway.rss_kib())


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Wait until the condition holds, at most DEADLINE_S."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {DEADLINE_S} s"
        time.sleep(0.01)


def asked(base: str, target: str, *, receive_buffer: int = 0) -> socket.socket:
    """Send a GET on a connection of its own and give the socket, with nothing read yet."""
    at = urllib.parse.urlsplit(base)
    client = socket.socket()
    if receive_buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    client.settimeout(DEADLINE_S)
    client.connect((at.hostname, at.port))
    client.sendall(f"GET {target} HTTP/1.1\r\nHost: {at.netloc}\r\n\r\n".encode())
    return client


@contextlib.contextmanager
def passing(source: Source, command: tuple[str, ...], home: Path) -> Iterator[Gateway]:
    """Put a gateway in front of the source."""
    with serving(source.answer) as upstream, Gateway(home, *command, upstream, "--port", "0") as gateway:
        yield gateway


def read_until(client: socket.socket, end: bytes) -> bytes:
    data = b""
    while end not in data:
        piece = client.recv(65536)
        assert piece, f"the stream ended before {end!r}: {data[-200:]!r}"
        data += piece
    return data


def large_bodies_stay_bounded(command: tuple[str, ...], mebibytes: int, folder: Path) -> None:
    source, size = Source(), mebibytes * MIB
    with passing(source, command, folder) as gateway:
        connection = http.client.HTTPConnection(gateway.base.removeprefix("http://"), timeout=60)
        connection.request("GET", "/down?1")  # the first exchange loads what is loaded once
        connection.getresponse().read()
        source.sent = 0
        with Memory(gateway) as memory:
            connection.request("GET", f"/down?{size}")
            answer, got = connection.getresponse(), 0
            while piece := answer.read(MIB):
                got += len(piece)
            pieces = (PIECE for _ in range(size // len(PIECE)))
            connection.request("POST", "/up", body=pieces, headers={"Content-Length": str(size)})
            told = connection.getresponse().read()
        connection.close()
        assert (got, told) == (size, b"%d" % size)
        assert memory.growth_kib < GROWTH_LIMIT_KIB, f"{memory.growth_kib >> 10} MiB"


@pytest.mark.parametrize("command", COMMANDS)
def test_200_mib_down_and_up_take_less_than_64_mib(command: tuple[str, ...], tmp_path: Path) -> None:
    large_bodies_stay_bounded(command, 200, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("command", COMMANDS)
def test_1_gib_down_and_up_take_less_than_64_mib(command: tuple[str, ...], tmp_path: Path) -> None:
    large_bodies_stay_bounded(command, 1024, tmp_path)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_first_chunk_arrives_before_the_second_is_sent(command: tuple[str, ...], tmp_path: Path) -> None:
    source = Source()
    with passing(source, command, tmp_path) as gateway, asked(gateway.base, "/two") as client:
        read_until(client, b"data: one\n\n")
        source.second_may_go.set()
        read_until(client, b"data: two\n\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_client_that_goes_away_ends_the_read_from_the_upstream(command: tuple[str, ...], tmp_path: Path) -> None:
    source = Source()
    with passing(source, command, tmp_path) as gateway:
        with asked(gateway.base, f"/down?{1024 * MIB}") as client:
            read_until(client, PIECE[:4096])
        assert source.gone.wait(DEADLINE_S), "the upstream still sends"
        assert source.sent < 1024 * MIB
        assert gateway.get("/healthz")[0] == 200


@pytest.mark.parametrize("command", COMMANDS)
def test_a_slow_reader_slows_the_upstream(command: tuple[str, ...], tmp_path: Path) -> None:
    source, seen = Source(), [0, 0.0]

    def at_rest() -> bool:
        if source.sent != seen[0]:
            seen[:] = [source.sent, time.monotonic()]
        return source.sent > 0 and time.monotonic() - seen[1] > 1.0

    with (
        passing(source, command, tmp_path) as gateway,
        asked(gateway.base, f"/down?{512 * MIB}", receive_buffer=65536) as client,
    ):
        read_until(client, PIECE[:4096])
        wait_for(at_rest, "the upstream never came to rest")
        before = source.sent
        assert before < 48 * MIB, f"{before // MIB} MiB were sent to a client that reads nothing"
        taken = 0
        while taken < 64 * MIB:
            taken += len(client.recv(1 << 18))
        assert source.sent > before, "the upstream goes on when the client reads again"

"""Places to keep state in for tests: a Redis of the test's own, and an opened backend of each kind."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from contextlib import asynccontextmanager, contextmanager

import pytest

from gateway.states import BACKENDS

START_S = 30


class RedisServer:
    """A redis-server that keeps its data in a folder, on a port of its own, so that it can be ended and begun anew."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process = None

    def start(self):
        """Begin and wait until it answers."""
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--appendonly", "yes"]
        options = ["--appendfsync", "always", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_S
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError("redis-server did not start")
            time.sleep(0.02)

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as line:
                line.sendall(b"PING\r\n")
                return line.recv(7) == b"+PONG\r\n"
        except OSError:
            return False

    def stop(self):
        """End the process that was started here."""
        self.process.terminate()
        self.process.wait(START_S)


@contextmanager
def a_redis(folder):
    """Give a running Redis; without one installed skip, or fail where MIMIC_REQUIRE_SERVERS=1 asks for it."""
    if shutil.which("redis-server") is None:
        if os.environ.get("MIMIC_REQUIRE_SERVERS") == "1":
            pytest.fail("redis-server is not installed")
        pytest.skip("redis-server is not installed")
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@asynccontextmanager
async def a_backend(kind, place):
    """Open a backend of that kind at its place, and close it in the end."""
    backend = BACKENDS[kind](str(place))
    try:
        yield backend
    finally:
        await backend.close()

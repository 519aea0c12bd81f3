"""An upstream: a real server that can be installed, started fresh on a port, and ended by its process id."""

from __future__ import annotations

import contextlib
import random
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import httpx

from bench.process import ServerProcess, StartError


@dataclass(frozen=True, slots=True)
class Start:
    """How to start a server: its command, its environment, and a path that answers anything once it is ready."""

    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_path: str = "/"


class Upstream(Protocol):
    """One server. `obtain` fetches it once; `prepare` writes its clean state into an empty folder, raises StartError.

    `keeps_nothing` is True where a session leaves nothing behind, so that one process may serve several sessions.
    """

    name: str
    held_out: bool
    keeps_nothing: bool

    def obtain(self) -> None: ...
    def prepare(self, folder: Path, port: int) -> Start: ...


@contextlib.contextmanager
def running(upstream: Upstream, port: int) -> Iterator[str]:
    """Start a server with a clean state and give its address; it is ended, and its folder removed, at the end.

    Raises StartError where the port is taken, by whatever was left there: its state would not be clean.
    """
    if _is_taken(port):
        raise StartError(f"{upstream.name}: port {port} is taken; end what listens there, or choose another port")
    upstream.obtain()
    folder = Path(tempfile.mkdtemp(prefix=f"mimic-{upstream.name}-"))
    try:
        start = upstream.prepare(folder, port)
        with ServerProcess(start.command, folder, port=port, environment=start.environment) as server:
            server.wait_until_ready(lambda at: _answers(at, start.ready_path))
            yield f"http://127.0.0.1:{port}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def steady_port() -> int:
    """Give a free port below those that systems hand out themselves, so that it is still free at the next start."""
    for port in random.SystemRandom().sample(range(20_000, 32_000), 200):
        if not _is_taken(port):
            with socket.socket() as probe, contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise StartError("no port between 20000 and 32000 is free")


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answers(port: int, path: str) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=3, trust_env=False).status_code < 500
    except httpx.HTTPError:
        return False

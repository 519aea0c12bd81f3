"""A contender: something that takes part in a scene, and the ways the gateway and its floors are started as one."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from bench.load import Load, Seen, ask
from bench.process import ServerProcess, StartError
from cassettes.cassette import Interaction, Manifest
from cassettes.exchange import Exchange, Request, Response
from cassettes.library import Library
from cassettes.stores.files import FileStore
from sanitizers.keys import load_or_create
from sanitizers.pipeline import Sanitizer
from sanitizers.profile import load_profile

OURS: Final = "ours"
BARE_OURS: Final = "bare on our server"
BARE_STOCK: Final = "bare on stock uvicorn"
FEW: Final = "ours, 10 routes"
MANY: Final = "ours, 10,000 routes"
SETTLE_TIMEOUT_S: Final = 120.0
TAPE: Final = "bench"


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the exchanges of one sample, and how long after the load the last of them was settled."""

    recorded: int
    lost: int
    seconds: float


@dataclass(slots=True)
class Contender:
    """One server of a scene. `loads` replaces a workload's load; `settle` is called after each sample."""

    name: str
    server: ServerProcess
    warm_up_s: int = 1
    loads: Mapping[str, Load] = field(default_factory=dict)
    settle: Callable[[], Settled] | None = None


def start_gateway(
    folder: Path, document: Mapping[str, Any], core: int | None, probe: str, posted: str = ""
) -> ServerProcess:
    """Start the gateway on a configuration; ready when the path `probe` is answered with 200."""
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "mimic.yaml"
    configuration.write_text(json.dumps(document))
    command = [mockctl(), "up", "-c", str(configuration), "--port", "0", "--home", str(folder / "home")]
    server = ServerProcess([*command, "--no-access-log"], folder, core=core)
    server.wait_until_ready(lambda port: ask(port, probe, posted=posted).status == 200)
    return server


def mockctl() -> str:
    """Give the command of this environment."""
    beside = Path(sys.executable).with_name("mockctl")
    found = str(beside) if beside.exists() else shutil.which("mockctl")
    if not found:
        raise StartError("the project is not installed: there is no command mockctl")
    return found


def start_floor(folder: Path, kind: str, server: str, given: object, core: int | None, probe: str) -> ServerProcess:
    """Start a floor (`answers` or `passage`, on `ours` or `stock`)."""
    command = [sys.executable, "-m", "bench.floor", kind, server, str(given)]
    started = ServerProcess(command, folder, core=core)
    started.wait_until_ready(lambda port: ask(port, probe).status == 200)
    return started


def write_answers(file: Path, seen: Seen, bodies: Mapping[str, bytes]) -> Path:
    """Write what a floor is to answer: the gateway's own headers, and a body for each path."""
    file.parent.mkdir(parents=True, exist_ok=True)
    document = {"headers": seen.headers, "bodies": {path: body.decode() for path, body in bodies.items()}}
    file.write_text(json.dumps(document))
    return file


def json_body(tag: str) -> bytes:
    """Give a small JSON answer of about 300 bytes."""
    document = {"tag": tag, "status": "ok", "items": [1, 2, 3], "nested": {"a": "b", "n": 12345}, "note": "x" * 200}
    return json.dumps(document, separators=(",", ":")).encode()


Pairs: TypeAlias = tuple[tuple[str, str], ...]


def write_cassette(
    home: Path, bodies: Mapping[str, bytes], asked_with: Mapping[str, tuple[bytes, Pairs]] | None = None
) -> None:
    """Write a cassette as if a client had been recorded asking for each path once, plainly or with headers."""
    asked: dict[str, tuple[bytes, Pairs]] = {path: (body, ()) for path, body in bodies.items()}
    asked.update(asked_with or {})
    manifest = Manifest(TAPE, upstreams={"upstream": "http://127.0.0.1:9"}, profile="default")
    sanitizer = Sanitizer(load_profile("default"), load_or_create(home))
    with Library(FileStore(home / "cassettes")).write(TAPE, manifest=manifest) as writer:
        writer.append(
            [
                Interaction(0, sanitizer.clean(_exchange(path, headers, body)).exchange)
                for path, (body, headers) in asked.items()
            ]
        )


def _exchange(path: str, headers: Pairs, body: bytes) -> Exchange:
    sent = ((b"Host", b"127.0.0.1:9"), *((name.encode(), value.encode()) for name, value in headers))
    return Exchange(
        Request("GET", path.encode(), sent, client="127.0.0.1"),
        Response(200, answered(body), body, b"OK"),
        started_at=1_768_382_813.0,
        upstream="upstream",
    )


def answered(body: bytes) -> tuple[tuple[bytes, bytes], ...]:
    """Give the headers that a usual server answers JSON with."""
    return (
        (b"Server", b"nginx"),
        (b"Date", b"Wed, 14 Jan 2026 09:26:53 GMT"),
        (b"Content-Type", b"application/json"),
        (b"Content-Length", b"%d" % len(body)),
    )


class Recordings:
    """Counts what a recording gateway made durable since it was last asked; call it after a load."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._before = self._counts()

    def __call__(self) -> Settled:
        """Wait until nothing is queued any more."""
        began = time.monotonic()
        while time.monotonic() - began < SETTLE_TIMEOUT_S:
            recorded, lost, queued = self._counts()
            if not queued:
                before, self._before = self._before, (recorded, lost, 0)
                return Settled(recorded - before[0], lost - before[1], time.monotonic() - began)
            time.sleep(0.02)
        raise StartError(f"exchanges were still queued {SETTLE_TIMEOUT_S:g} s after the load")

    def _counts(self) -> tuple[int, int, int]:
        row = json.loads(ask(self._port, "/api/admin/status", timeout_s=60).body)["sessions"][0]
        return row["recorded"], row["dropped"] + row["failed"], row["queued"]

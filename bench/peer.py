"""A peer: another tool that does the same work, fetched from its own package registry into a cache folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol, TypeAlias

from bench.load import ask
from bench.process import ServerProcess, StartError

Role: TypeAlias = Literal["mock", "template", "body-match", "proxy", "record"]
FETCH_TIMEOUT_S: Final = 600


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a peer is to answer: this body at this path, by itself or from the upstream at `upstream_port`.

    As `template` it answers `/users/{id}` with the id, a random UUID and the time; as `body-match` it tells
    `operations` apart by the field `op` of a JSON body that is posted to the path.
    """

    path: str
    body: bytes = b""
    upstream_port: int = 0
    operations: int = 0

    @property
    def posted(self) -> str:
        return operation_body(0) if self.operations else ""

    @property
    def upstream(self) -> str:
        return f"http://127.0.0.1:{self.upstream_port}"


def operation_body(number: int) -> str:
    """Give the JSON that asks for an operation."""
    return f'{{"op":"op-{number}","amount":12.5,"items":[1,2,3],"customer":{{"name":"Ada","tier":"gold"}}}}'


def operation_answer(number: int) -> str:
    """Give the JSON that answers an operation."""
    return f'{{"did":"op-{number}","status":"ok"}}'


@dataclass(frozen=True, slots=True)
class Place:
    """Where a peer is started: its port and a scratch folder."""

    port: int
    folder: Path


class Peer(Protocol):
    """One tool. `obtain` fetches it once; `start` raises StartError where it has no such role or does not answer."""

    name: str
    warm_up_s: int

    def obtain(self) -> None: ...
    def start(self, role: Role, wanted: Wanted, folder: Path, core: int | None) -> ServerProcess: ...


def cache_folder() -> Path:
    """Give the folder where peers are kept between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mimic-bench-peers"


def fetch(command: list[str], folder: Path) -> None:
    """Run a package registry's client; raises StartError with the end of what it said."""
    if shutil.which(command[0]) is None:
        raise StartError(f"{command[0]} is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=FETCH_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        raise StartError(f"{command[0]} took longer than {FETCH_TIMEOUT_S} s") from None
    if done.returncode:
        raise StartError(f"{command[0]} could not fetch it: {(done.stderr or done.stdout).strip()[-300:]}")


def npm_package(package: str, wanted: str) -> Path:
    """Give the path of a file inside an npm package, fetching the package where it is not there yet."""
    # A folder named like the package would make npm refuse to install it there.
    folder = cache_folder() / f"npm-{package.strip('@').replace('/', '-')}"
    found = next(folder.glob(f"node_modules/{wanted}"), None)
    if found is None:
        fetch(
            ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts", package], folder
        )
        found = next(folder.glob(f"node_modules/{wanted}"), None)
    if found is None:
        raise StartError(f"the package {package} holds no {wanted}")
    return found


def python_package(package: str, command: str) -> Path:
    """Give a command of a Python package, in an environment of its own."""
    folder = cache_folder() / package.partition("=")[0]
    found = folder / "bin" / command
    if not found.exists():
        fetch([sys.executable, "-m", "venv", str(folder)], folder)
        fetch([str(folder / "bin" / "pip"), "install", "--quiet", package], folder)
    return found


def java() -> list[str]:
    """Give the command that runs a jar."""
    if shutil.which("java") is None:
        raise StartError("java is not installed")
    return ["java", "-XX:+UseG1GC", "-Xmx1g", "-jar"]


def launch(
    command: list[str], wanted: Wanted, place: Place, core: int | None, environment: dict[str, str] | None = None
) -> ServerProcess:
    """Start a peer and wait until it answers; raises StartError."""
    server = ServerProcess(command, place.folder, core=core, port=place.port, environment=environment)
    server.wait_until_ready(lambda port: ask(port, wanted.path, posted=wanted.posted).status == 200)
    return server

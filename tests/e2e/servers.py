"""The real servers that the end-to-end tests record from: how each is installed, started afresh, and ended."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INSTALL_TIMEOUT_S: Final = 900
START_TIMEOUT_S: Final = 90
LITELLM_KEY: Final = "sk-mimic-e2e-master-key-000001"


class ServerMissingError(Exception):
    """The server cannot be installed here; the message says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server from a package: what to install, the command that serves on a port, and a path that tells it is up.

    `command` gets the folder of the installation, an empty folder for state, and the port. `stateless` servers answer
    the same whatever happened before, so one process may serve several runs.
    """

    name: str
    packages: tuple[str, ...]
    command: Callable[[Path, Path, int], list[str]]
    from_npm: bool = False
    ready: str = "/"
    stateless: bool = False
    env: tuple[tuple[str, str], ...] = ()


def _httpbin(home: Path, state: Path, port: int) -> list[str]:
    return [str(home / "bin" / "gunicorn"), "-b", f"127.0.0.1:{port}", "-k", "gthread", "--threads", "8", "httpbin:app"]


def _moto(home: Path, state: Path, port: int) -> list[str]:
    return [str(home / "bin" / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]


def _kinto(home: Path, state: Path, port: int) -> list[str]:
    (state / "kinto.ini").write_text(
        "[app:main]\nuse = egg:kinto\n"
        "kinto.storage_backend = kinto.core.storage.memory\n"
        "kinto.permission_backend = kinto.core.permission.memory\n"
        "kinto.cache_backend = kinto.core.cache.memory\n"
        "kinto.includes = kinto.plugins.default_bucket kinto.plugins.accounts\n"
        "multiauth.policies = account\n"
        "multiauth.policy.account.use = kinto.plugins.accounts.AccountsPolicy\n"
        "kinto.account_create_principals = system.Everyone\n"
        "kinto.account_write_principals = account:admin\n"
        "kinto.bucket_create_principals = account:admin\n"
        "kinto.userid_hmac_secret = a-secret-of-the-test\n"
        f"[server:main]\nuse = egg:waitress\nhost = 127.0.0.1\nport = {port}\n"
    )
    return [str(home / "bin" / "kinto"), "start", "--ini", "kinto.ini", "--port", str(port)]


def _json_server(home: Path, state: Path, port: int) -> list[str]:
    shelf = {
        "books": [{"id": 1, "title": "Dune", "author": "herbert", "pages": 612}],
        "reviews": [{"id": 1, "bookId": 1, "text": "sandy"}],
        "owner": {"name": "Ines"},
    }
    (state / "db.json").write_text(json.dumps(shelf))
    return [str(home / "node_modules/.bin/json-server"), "--host", "127.0.0.1", "--port", str(port), "db.json"]


def _graphql(home: Path, state: Path, port: int) -> list[str]:
    data = {
        "singers": [
            {"id": 1, "name": "Nina Hagen", "email": "nina@example.com"},
            {"id": 2, "name": "Björk", "email": "bjork@example.com"},
        ],
        "songs": [
            {"id": 1, "title": "Naturträne", "plays": 310, "singer_id": 1, "live": True},
            {"id": 2, "title": "Hyperballad", "plays": 77, "singer_id": 2, "live": False},
            {"id": 3, "title": "Smack Jack", "plays": 12, "singer_id": 1, "live": True},
        ],
    }
    (state / "data.js").write_text(f"module.exports = {json.dumps(data)};\n", "utf-8")
    return [str(home / "node_modules/.bin/json-graphql-server"), "data.js", "-p", str(port), "-h", "127.0.0.1"]


def _litellm(home: Path, state: Path, port: int) -> list[str]:
    text = "Jackdaws love my big sphinx of quartz. Straße, 東京, 🙂: and then a second sentence, so that the stream is long."
    config = {
        "model_list": [
            {
                "model_name": "canned",
                "litellm_params": {"model": "openai/canned", "api_key": "none", "mock_response": text},
            },
            {
                "model_name": "limited",
                "litellm_params": {
                    "model": "openai/limited",
                    "api_key": "none",
                    "mock_response": "litellm.RateLimitError",
                },
            },
        ],
        "general_settings": {"master_key": LITELLM_KEY},
        "litellm_settings": {"telemetry": False, "num_retries": 0},
    }
    (state / "config.yaml").write_text(json.dumps(config, ensure_ascii=False), "utf-8")
    return [str(home / "bin/litellm"), "--config", "config.yaml", "--host", "127.0.0.1", "--port", str(port)]


def _cache_tests(home: Path, state: Path, port: int) -> list[str]:
    settings = (f"npm_config_port={port}", "npm_config_protocol=http", f"npm_config_pidfile={state / 'suite.pid'}")
    return ["env", *settings, "node", "--no-warnings", str(home / "node_modules/http-cache-tests/server/server.mjs")]


SERVERS: Final[dict[str, Server]] = {
    server.name: server
    for server in (
        Server("httpbin", ("httpbin==0.10.4", "gunicorn==23.0.0", "setuptools<80"), _httpbin, stateless=True),
        Server("moto", ("moto[server,s3,dynamodb,sqs]==5.2.5",), _moto),
        Server("kinto", ("kinto==26.5.0", "setuptools<80"), _kinto, ready="/v1/"),
        Server("jsonserver", ("json-server@0.17.4",), _json_server, from_npm=True),
        Server("graphql", ("json-graphql-server@3.3.2",), _graphql, from_npm=True),
        Server(
            "litellm",
            ("litellm[proxy]==1.106.2",),
            _litellm,
            ready="/health/liveliness",
            stateless=True,
            env=(("LITELLM_LOCAL_MODEL_COST_MAP", "True"),),
        ),
        Server("cachetests", ("http-cache-tests@0.4.5",), _cache_tests, from_npm=True),
    )
}


def shelf() -> Path:
    """Give the folder that keeps the installed servers between runs."""
    named = os.environ.get("MIMIC_TEST_SERVERS")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mimic-test-servers"


def installed(name: str) -> Path:
    """Give the folder of the installed server, installing it first where it is not; one installer at a time."""
    server = SERVERS[name]
    root = shelf()
    root.mkdir(parents=True, exist_ok=True)
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        home, mark = root / name, root / name / "installed.json"
        wanted = json.dumps([server.packages, sys.version_info[:2] if not server.from_npm else "npm"])
        if mark.exists() and mark.read_text() == wanted:
            return home
        shutil.rmtree(home, ignore_errors=True)
        (_install_from_npm if server.from_npm else _install_with_pip)(home, server.packages)
        mark.write_text(wanted)
        return home


def _install_with_pip(home: Path, packages: tuple[str, ...]) -> None:
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    venv.create(home, with_pip=uv is None)
    python = str(home / "bin" / "python")
    tool = [uv, "pip", "install", "-q", "--python", python] if uv else [python, "-m", "pip", "install", "-q"]
    _run([*tool, *packages], home)


def _install_from_npm(home: Path, packages: tuple[str, ...]) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise ServerMissingError("npm is not on the PATH")
    home.mkdir(parents=True)
    (home / "package.json").write_text('{"private": true}')
    _run([npm, "install", "--no-audit", "--no-fund", "--loglevel=error", *packages], home)


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ServerMissingError(f"{command[0]} did not end within {INSTALL_TIMEOUT_S} s") from error
    if done.returncode:
        raise ServerMissingError(f"{' '.join(command)} failed: {done.stderr.strip()[-600:]}")


def need(name: str) -> Path:
    """Give the installed server, or skip the test with the reason; with MIMIC_REQUIRE_SERVERS=1 fail instead."""
    try:
        return installed(name)
    except ServerMissingError as error:
        if os.environ.get("MIMIC_REQUIRE_SERVERS") == "1":
            pytest.fail(f"the server {name} is required here and cannot be installed: {error}")
        pytest.skip(f"the server {name} cannot be installed: {error}")


def free_port() -> int:
    """Give a loopback port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def running(name: str, folder: Path, *, port: int = 0) -> Iterator[str]:
    """Serve `name` with fresh state kept in a new folder below `folder`; gives its base URL, ends its whole process group."""
    server, home = SERVERS[name], need(name)
    port = port or free_port()
    state = folder / f"{name}-{port}-{time.monotonic_ns()}"
    state.mkdir(parents=True)
    path = f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    steady = {"PATH": path, "PYTHONHASHSEED": "0"}  # so that a server writes its sets in one order in every run
    env = {k: v for k, v in os.environ.items() if not k.startswith("MIMIC_")} | dict(server.env) | steady
    with (state / "server.log").open("wb") as log:
        command = server.command(home, state, port)
        child = subprocess.Popen(command, cwd=state, env=env, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait_until_up(child, port, server.ready, state / "server.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            end_group(child)


class Pool:
    """Starts servers for one test run: those without state once for all, the others afresh for each use."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._kept = folder, contextlib.ExitStack()
        self._bases: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._kept.close()

    @contextlib.contextmanager
    def serving(self, name: str, *, port: int = 0) -> Iterator[str]:
        """Give the base URL of a server; a port is kept to only by a server that is started afresh."""
        if not SERVERS[name].stateless:
            with running(name, self._folder, port=port) as base:
                yield base
            return
        if name not in self._bases:
            self._bases[name] = self._kept.enter_context(running(name, self._folder))
        yield self._bases[name]


def _wait_until_up(child: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if child.poll() is not None:
            pytest.fail(f"the server ended with {child.returncode}: {log.read_text(errors='replace')[-1500:]}")
        if status_of(port, path):
            return
        time.sleep(0.05)
    pytest.fail(f"the server did not answer within {START_TIMEOUT_S} s: {log.read_text(errors='replace')[-1500:]}")


def status_of(port: int, path: str) -> int:
    """Give the status that a loopback port answers a GET with, or 0 where nothing answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def end_group(child: subprocess.Popen[bytes], *, patience_s: float = 5) -> None:
    """End a child that leads its own process group, and everything in the group."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        try:
            child.wait(patience_s)
        except subprocess.TimeoutExpired:
            continue
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)

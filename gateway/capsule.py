"""A capsule at work: its interactions served on a free port of this machine, and its requests asked in order."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import json
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

from cassettes.cassette import Interaction, Manifest
from cassettes.coding import decode
from cassettes.definition import MockDefinition
from cassettes.errors import DecodingError
from cassettes.exchange import Request
from gateway.app import Front, Gateway
from gateway.config import Configuration, Settings
from gateway.inbound.server import Server, ServerOptions, build_server
from gateway.journal import Journal
from gateway.services import RAW
from recorder.capsule import read_capsule

_NAME: Final = "capsule"
_TIMEOUT_S: Final = 30.0
_START_S: Final = 30.0
_OF_THE_CONNECTION: Final = frozenset(
    (b"host", b"connection", b"content-length", b"transfer-encoding", b"keep-alive", b"expect", b"upgrade", b"te")
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status (0 where the connection broke), headers by lower-case name, body without its codings."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def json(self) -> Any:
        """The body as JSON, None where it is none."""
        return json_of(self.body)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@contextmanager
def serving(capsule: str) -> Iterator[str]:
    """Serve the interactions of a capsule (as `mockctl capsule` writes them) in this process; gives the URL.

    Raises CodecError where the capsule cannot be read.
    """
    with serve_interactions(read_capsule(capsule)) as (url, _):
        yield url


@contextmanager
def serve_interactions(
    interactions: Sequence[Interaction], upstreams: Mapping[str, str] | None = None
) -> Iterator[tuple[str, Journal]]:
    """Replay interactions, as they are, on a free port of the loopback until the block ends.

    Gives the URL, and the journal of what was asked.

    With `upstreams` (base URLs by alias) URLs of those lead here, as in a replay; without, answers are as recorded.
    """
    with tempfile.TemporaryDirectory(prefix="mimic-capsule-") as home:
        gateway = _gateway(Path(home), interactions, dict(upstreams or {}))
        server = build_server(Front(gateway, None), ServerOptions(port=0, grace_s=1.0))
        with _running(server):
            yield f"http://127.0.0.1:{server.port}", gateway.journal


def play(capsule: str, url: str) -> list[Answer]:
    """Ask everything that the capsule's requests ask, in order, of the service at `url`; give what it answers.

    Requests are sent as they were recorded: ids and tokens in them are those of the recording.
    """
    return [ask(interaction.exchange.request, url) for interaction in read_capsule(capsule)]


def ask(request: Request, url: str) -> Answer:
    """Send one recorded request to another service."""
    place = urlsplit(url)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(place.hostname or "127.0.0.1", place.port, timeout=_TIMEOUT_S)
    try:
        target = place.path.rstrip("/") + request.target.decode("latin-1")
        connection.putrequest(request.method, target, skip_accept_encoding=True)
        for name, value in request.headers:
            if name.lower() not in _OF_THE_CONNECTION:
                connection.putheader(name.decode("latin-1"), value)
        if request.body:
            connection.putheader("Content-Length", str(len(request.body)))
        connection.endheaders(request.body or None)
        return _answer(connection.getresponse())
    except (OSError, http.client.HTTPException):
        return Answer(0)
    finally:
        connection.close()


def json_of(body: bytes) -> Any:
    """Read a body as JSON; None where it is none (NaN is none)."""
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _answer(response: http.client.HTTPResponse) -> Answer:
    headers = {name.lower(): value for name, value in response.getheaders()}
    body = response.read()
    codings = headers.get("content-encoding")
    with suppress(DecodingError):
        body = decode(codings.encode("latin-1") if codings else None, body)
    return Answer(response.status, headers, body)


def _gateway(home: Path, interactions: Sequence[Interaction], upstreams: dict[str, str]) -> Gateway:
    definition = MockDefinition.model_validate(
        {"id": _NAME, "mode": "replay", "cassette": _NAME, "replay": {"rewrite_urls": bool(upstreams)}}
    )
    settings = Settings(home=str(home), access_log=False)
    gateway = Gateway(Configuration(settings=settings, definitions=(definition,)))
    with gateway.services.library.write(_NAME, manifest=Manifest(_NAME, upstreams=upstreams, profile=RAW)) as writer:
        writer.append([replace(one, number=number) for number, one in enumerate(interactions, 1)])
    gateway.apply((definition,))
    return gateway


@contextmanager
def _running(server: Server) -> Iterator[None]:
    listening = threading.Event()
    server.options = replace(server.options, on_listening=lambda _: listening.set())

    def run() -> None:
        try:
            with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
                runner.run(server.serve())
        finally:
            listening.set()

    thread = threading.Thread(target=run, name="mimic-capsule", daemon=True)
    thread.start()
    if not listening.wait(_START_S) or not thread.is_alive():
        raise RuntimeError("the capsule's server did not start")
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(_START_S)

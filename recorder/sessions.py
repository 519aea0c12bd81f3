"""The recording sessions: which are running, what each takes, which cassette it writes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Final, Protocol

from cassettes.cassette import Interaction, Manifest, Session
from cassettes.exchange import Exchange, header
from recorder.capture import Capture, Counters, Shelf
from recorder.errors import SessionRunningError, UnknownSessionError
from sanitizers.pipeline import Sanitizer


class OpenShelf(Shelf, Protocol):
    """A cassette open for writing."""

    @property
    def manifest(self) -> Manifest: ...
    def save_manifest(self, manifest: Manifest | None = None) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Filter:
    """Which exchanges a session takes; an empty part takes all. Paths are globs, content types beginnings."""

    routes: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    content_types: tuple[str, ...] = ()

    def takes(self, exchange: Exchange) -> bool:
        """Say whether the exchange is wanted."""
        request = exchange.request
        if self.routes and exchange.route not in self.routes:
            return False
        if self.methods and request.method not in self.methods:
            return False
        path = request.path.decode("latin-1")
        if self.paths and not any(fnmatchcase(path, pattern) for pattern in self.paths):
            return False
        if not self.content_types:
            return True
        kind = header(exchange.response.headers, b"content-type") if exchange.response else None
        return any((kind or b"").lower().startswith(wanted.lower().encode()) for wanted in self.content_types)


@dataclass(slots=True)
class _Running:
    name: str
    cassette: str
    shelf: OpenShelf
    capture: Capture
    filter: Filter
    started_at: float
    counters: Counters = field(default_factory=Counters)


class Tape:
    """The way into one session; when the session has ended it leads nowhere."""

    def __init__(self, running: Mapping[str, _Running], name: str) -> None:
        self._sessions = running
        self._name = name

    def __call__(self, exchange: Exchange, /) -> None:
        running = self._sessions.get(self._name)
        if running is not None and running.filter.takes(exchange):
            running.capture.offer(exchange)

    def lose(self, reason: str) -> None:
        """Count an exchange that cannot be recorded."""
        running = self._sessions.get(self._name)
        if running is not None:
            running.capture.lose(reason)


class Sessions:
    """Starts, feeds and stops recording sessions; each writes one cassette, and a cassette has one writer."""

    def __init__(
        self,
        open_shelf: Callable[[str, Manifest, Callable[[bytes], None]], OpenShelf],
        *,
        queue_bytes: int = 256 << 20,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._open = open_shelf
        self._queue_bytes = queue_bytes
        self._clock = clock
        self._running: dict[str, _Running] = {}
        self._ended: dict[str, tuple[str, Counters]] = {}

    def start(
        self,
        name: str,
        cassette: str,
        *,
        manifest: Manifest,
        sanitizer: Sanitizer | None,
        wanted: Filter = Filter(),
        on_recorded: Callable[[Interaction], None] | None = None,
    ) -> None:
        """Open the cassette and record; raises SessionRunningError, CassetteBusyError and other CassetteErrors."""
        if name in self._running:
            raise SessionRunningError(f"the session {name!r} records already: stop it first, or choose another name")
        gate = _Gate()
        shelf = self._open(cassette, manifest, gate)
        capture = Capture(shelf, sanitizer, session=name, queue_bytes=self._queue_bytes, on_recorded=on_recorded)
        gate.inspect = capture.inspect
        now = self._clock()
        begun = (*shelf.manifest.sessions, Session(name, now))
        shelf.save_manifest(replace(shelf.manifest, sessions=begun))
        self._running[name] = _Running(name, cassette, shelf, capture, wanted, now)

    def tape(self, name: str) -> Tape:
        """Give what hands exchanges to a session, as long as it runs."""
        return Tape(self._running, name)

    def note_upstreams(self, name: str, upstreams: Mapping[str, str]) -> None:
        """Let a running session's manifest name further upstreams."""
        running = self._running.get(name)
        if running is not None:
            manifest = running.shelf.manifest
            running.shelf.save_manifest(replace(manifest, upstreams={**manifest.upstreams, **upstreams}))

    def is_running(self, name: str) -> bool:
        """Say whether a session of that name records."""
        return name in self._running

    def flush(self) -> None:
        """Wait until everything offered so far is settled, and let the manifests say so."""
        for running in self._running.values():
            running.capture.flush()
            running.shelf.save_manifest()

    def stop(self, name: str) -> Counters:
        """Settle what waits and close the cassette; raises UnknownSessionError."""
        running = self._running.pop(name, None)
        if running is None:
            raise UnknownSessionError(f"no session {name!r} is recording")
        counters = running.capture.stop()
        ended = Session(name, running.started_at, self._clock(), counters.recorded, counters.dropped, counters.failed)
        others = tuple(
            session
            for session in running.shelf.manifest.sessions
            if (session.name, session.started_at) != (name, running.started_at)
        )
        running.shelf.save_manifest(replace(running.shelf.manifest, sessions=(*others, ended)))
        running.shelf.close()
        self._ended[name] = (running.cassette, counters)
        return counters

    def stop_all(self) -> None:
        """Stop every session."""
        for name in list(self._running):
            self.stop(name)

    def status(self) -> list[dict[str, object]]:
        """Tell name, cassette, state and counters of each session since the gateway started."""
        rows: Final[list[dict[str, object]]] = []
        for running in self._running.values():
            rows.append(_row(running.name, running.cassette, "recording", running.capture.counters))
        for name, (cassette, counters) in self._ended.items():
            if name not in self._running:
                rows.append(_row(name, cassette, "stopped", counters))
        return rows


class _Gate:
    """What the shelf calls on bytes before it writes them; open until the capture stands behind it."""

    def __init__(self) -> None:
        self.inspect: Callable[[bytes], None] | None = None

    def __call__(self, data: bytes) -> None:
        if self.inspect is not None:
            self.inspect(data)


def _row(name: str, cassette: str, state: str, counters: Counters) -> dict[str, object]:
    return {
        "name": name,
        "cassette": cassette,
        "state": state,
        "offered": counters.offered,
        "recorded": counters.recorded,
        "dropped": counters.dropped,
        "failed": counters.failed,
        "queued": counters.queued,
    }

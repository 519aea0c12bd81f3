"""The whole gateway: definitions, services and the two planes as one ASGI callable."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, TypeAlias

from cassettes.definition import MockDefinition
from cassettes.errors import CassetteError
from cassettes.exchange import Exchange
from gateway.collector import uncollected
from gateway.config import Configuration
from gateway.documents.definitions import answers, misfits, told
from gateway.errors import ConfigError, GatewayError, UnknownRouteError
from gateway.faults.chaos import ChaosBoard
from gateway.journal import Journal, JournalLimits
from gateway.memory.remembered import Remembered, remember
from gateway.metrics import Metrics
from gateway.mode import Offer
from gateway.options import PlaneOptions
from gateway.passage import ForwardLimits
from gateway.plane import Plane
from gateway.route import Route, compile_routes
from gateway.routes import RouteTable
from gateway.services import LiveServices, renamed
from gateway.wire import Receive, Scope, Send
from recorder.errors import RecorderError

_log = logging.getLogger("mimic.gateway")

_MANY = 500
_Fault: TypeAlias = tuple[MockDefinition, Exception]

Asgi: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Taps:
    """Several recording sessions that listen to the same traffic."""

    tapes: Mapping[str, Offer]

    def __call__(self, exchange: Exchange, /) -> None:
        for tape in self.tapes.values():
            tape(exchange)

    def lose(self, reason: str) -> None:
        """Count an exchange that none of them can record."""
        for tape in self.tapes.values():
            tape.lose(reason)

    def with_tape(self, session: str, tape: Offer) -> Taps:
        """Give the taps and one more."""
        return Taps({**self.tapes, session: tape})

    def without(self, session: str) -> Taps:
        """Give the taps but one."""
        return Taps({name: tape for name, tape in self.tapes.items() if name != session})


@dataclass(frozen=True, slots=True)
class _Compiled:
    """Routes with what they were made of: they are taken over where the same definition is applied again."""

    definition: MockDefinition
    position: int
    routes: tuple[Route, ...]
    lasting: bool


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Definitions, compiled, with what they remember and the table that finds them."""

    definitions: dict[str, MockDefinition]
    compiled: dict[str, _Compiled]
    remembered: Remembered
    table: RouteTable


class Gateway:
    """Holds the definitions and serves them; a change compiles a new route table and swaps it whole.

    It serves nothing until `apply` has been given definitions.
    """

    def __init__(self, configuration: Configuration, *, unsafe_raw: bool = False) -> None:
        settings = configuration.settings
        self.configuration = configuration
        self.services = LiveServices(configuration, unsafe_raw=unsafe_raw)
        self.metrics = Metrics()
        self.journal = Journal(
            JournalLimits(settings.journal_entries, settings.journal_bytes, settings.journal_body_bytes)
        )
        at_terminal = sys.stderr.isatty()
        self.plane = Plane(
            self.journal,
            self.metrics,
            PlaneOptions(
                markers=settings.markers,
                access_log=at_terminal if settings.access_log is None else settings.access_log,
                collect_bytes=settings.collect_bytes,
                forward=ForwardLimits(settings.record_bytes, settings.journal_body_bytes),
                show_path=self.services.shown_path,
                served_names=frozenset(
                    {b"localhost", b"127.0.0.1", b"[::1]", settings.host.lower().encode()}
                    | {name.lower().encode() for name in settings.served_names}
                ),
            ),
        )
        self.definitions: dict[str, MockDefinition] = {}
        self.chaos = ChaosBoard(configuration.chaos, on_change=self._show_chaos)
        self.chaos.render = self.services.supplies.render
        self._compiled: dict[str, _Compiled] = {}
        self._warned: set[str] = set()
        self._earlier: deque[RouteTable] = deque(maxlen=2)
        self._taps = Taps({})
        self._changing = asyncio.Lock()
        self.metrics.add_gauges(self._gauges)
        self.metrics.add_gauges(self.services.supplies.senders.gauges)

    def apply(self, definitions: Iterable[MockDefinition]) -> None:
        """Serve these definitions instead: all of them, or (raising ConfigError with every reason) none."""
        self._serve(self._prepared(definitions))

    async def _apply(self, definitions: Iterable[MockDefinition]) -> None:
        """Do so while others are answered; called with the lock held."""
        wanted = {definition.id: definition for definition in definitions}
        faults: list[_Fault] = []
        # What opens upstreams and cassettes shares them with requests under way, so it is compiled between those.
        opened = self._compile(wanted, faults, {}, _opens)
        prepare = partial(self._prepared, wanted.values(), {} if faults else opened)
        self._serve(prepare() if faults else await asyncio.to_thread(prepare))

    def _prepared(
        self, definitions: Iterable[MockDefinition], opened: Mapping[str, _Compiled] = MappingProxyType({})
    ) -> _Prepared:
        """Compile definitions into what can be served; raises ConfigError with every reason."""
        with uncollected():
            wanted = {definition.id: definition for definition in definitions}
            clashes: list[str] = []
            faults: list[_Fault] = []
            remembered = None
            try:
                remembered = remember(self.services.stores, wanted.values())
            except ConfigError as error:
                clashes.append(str(error))
            compiled = self._compile(wanted, faults, opened)
            if clashes or faults or remembered is None:
                raise self._refusal(clashes, faults)
            table = RouteTable(route for one in compiled.values() for route in one.routes)
            if sum(one is not self._compiled.get(route_id) for route_id, one in compiled.items()) > _MANY:
                # Compiling leaves no cycles (measured: none), and a first look at so many objects takes 0.5 s.
                gc.freeze()
        return _Prepared(wanted, compiled, remembered, table)

    def _compile(
        self,
        wanted: Mapping[str, MockDefinition],
        faults: list[_Fault],
        opened: Mapping[str, _Compiled],
        takes: Callable[[MockDefinition], bool] = lambda _: True,
    ) -> dict[str, _Compiled]:
        """Compile what has changed, of the definitions that it `takes`; `opened` are compiled already."""
        compiled: dict[str, _Compiled] = {}
        position = -1
        for definition in wanted.values():
            old = self._compiled.get(definition.id)
            position = max(position + 1, old.position if old is not None else 0)
            if not takes(definition):
                continue
            if definition.id in opened:
                compiled[definition.id] = opened[definition.id]
                continue
            if old is not None and old.lasting and old.definition is definition and old.position == position:
                compiled[definition.id] = old
                continue
            try:
                routes = compile_routes(definition, self.services, position) if definition.enabled else ()
            except (GatewayError, CassetteError, RecorderError) as error:
                faults.append((definition, error))
                continue
            compiled[definition.id] = _Compiled(definition, position, routes, _is_whole(definition))
        return compiled

    def _serve(self, prepared: _Prepared) -> None:
        self.definitions = prepared.definitions
        self._compiled = prepared.compiled
        self.services.remembered = prepared.remembered
        # Kept, so that the inspector can tell why the tables before this one answered as they did.
        self._earlier.append(self.plane.table)
        self.plane.scenarios = self.services.scenarios
        self.plane.table = prepared.table
        self._warn(prepared.definitions.values())

    def _warn(self, definitions: Iterable[MockDefinition]) -> None:
        """Tell once what is written and does not happen."""
        sentences = set(self.services.supplies.warnings(definitions))
        for sentence in sorted(sentences - self._warned):
            _log.warning("%s", sentence)
        self._warned = sentences

    def _refusal(self, clashes: list[str], faults: list[_Fault]) -> ConfigError:
        places = tuple(misfits(self.services.loaded, faults))
        sentences = map(str, places) if len(places) == len(faults) else (told(*fault) for fault in faults)
        return ConfigError("\n".join([*clashes, *sentences]), places)

    async def reload(self, configuration: Configuration) -> None:
        """Serve what the files say now, and go on with what came over the admin API under other ids; all or nothing.

        For an id that is in the files the file wins. Settings other than upstreams stay as they are.
        """
        async with self._changing:
            await self._settle()
            await self._reload(configuration)

    async def _reload(self, configuration: Configuration) -> None:
        before = self.configuration
        after = configuration.model_copy(update={"settings": before.settings})
        in_files = {definition.id for definition in (*before.definitions, *after.definitions)}
        others = [definition for definition in self.definitions.values() if definition.id not in in_files]
        compiled = self._compiled
        if self.services.adopt(after):
            self._compiled = {}
        try:
            await self._apply((*after.definitions, *others))
        except ConfigError:
            self.services.adopt(before)
            self._compiled = compiled
            raise
        self.configuration = after

    def definition(self, route_id: str) -> MockDefinition:
        """Give one definition; raises UnknownRouteError."""
        try:
            return self.definitions[route_id]
        except KeyError:
            raise UnknownRouteError(route_id) from None

    async def put(self, *definitions: MockDefinition) -> None:
        """Add definitions, or replace those of the same ids: all of them or none."""
        async with self._changing:
            await self._settle()
            new = {definition.id: definition for definition in definitions}
            await self._apply({**self.definitions, **new}.values())

    async def remove(self, route_id: str) -> None:
        """Take a definition away; raises UnknownRouteError."""
        async with self._changing:
            self.definition(route_id)
            await self._settle()
            await self._apply(one for one in self.definitions.values() if one.id != route_id)

    async def replace_all(self, definitions: Iterable[MockDefinition]) -> None:
        """Serve these definitions and no others."""
        async with self._changing:
            await self._apply(definitions)

    async def change(self, route_ids: Iterable[str], changes: Mapping[str, object]) -> list[MockDefinition]:
        """Change fields (mode, enabled …) of some definitions in one step; raises before anything is changed."""
        async with self._changing:
            changed = {route_id: renamed(self.definition(route_id), **changes) for route_id in route_ids}
            await self._settle()
            await self._apply({**self.definitions, **changed}.values())
        return list(changed.values())

    async def _settle(self) -> None:
        # What was recorded must be on the shelf before another mode plays it.
        await asyncio.to_thread(self.services.sessions.flush)
        self.services.forget_players_of_recordings()

    def open_tap(self, session: str) -> None:
        """Offer every proxied exchange to a recording session."""
        self._taps = self._taps.with_tape(session, self.services.sessions.tape(session))
        self.plane.tap = self._taps

    def close_tap(self, session: str) -> None:
        """Stop offering exchanges to a recording session."""
        self._taps = self._taps.without(session)
        self.plane.tap = self._taps if self._taps.tapes else None

    def _show_chaos(self, is_on: bool) -> None:
        self.plane.chaos = self.chaos if is_on else None

    def proxied_upstreams(self) -> dict[str, str]:
        """Give alias and URL of the upstreams that enabled definitions forward to."""
        references = {definition.upstream for definition in self.definitions.values() if definition.enabled}
        targets = [self.services.upstream(reference) for reference in references if reference is not None]
        return {target.name: target.url for target in targets}

    def status(self) -> dict[str, Any]:
        """Tell what is served and what is recorded."""
        return {
            "definitions": len(self.definitions),
            "enabled": sum(definition.enabled for definition in self.definitions.values()),
            "modes": {definition.id: definition.mode for definition in self.definitions.values()},
            "answers": self.metrics.totals(),
            "journal": len(self.journal),
            "sessions": self.services.sessions.status(),
            "chaos": [running.name for running in self.chaos.running()],
        }

    def _gauges(self) -> dict[str, float]:
        gauges: dict[str, float] = {"mimic_definitions": len(self.definitions)}
        for state in ("recorded", "dropped", "failed", "queued"):
            rows = self.services.sessions.status()
            gauges[f"mimic_recorder_{state}"] = sum(int(str(row[state])) for row in rows)
        return gauges

    async def start(self) -> None:
        """Begin to serve; called once, on the loop that serves."""
        self.services.use_loop(asyncio.get_running_loop())
        for sentence in await self.services.supplies.scripts.check():
            _log.error("a script cannot run: %s", sentence)

    async def stop(self) -> None:
        """Settle recordings and close connections."""
        await self.services.close()


def _opens(definition: MockDefinition) -> bool:
    """Say whether a definition names what has to be opened: an upstream, a cassette, where a webhook goes."""
    named = definition.upstream or definition.cassettes or definition.hooks.webhooks
    return definition.mode != "mock" or bool(named)


def _is_whole(definition: MockDefinition) -> bool:
    """Say whether the route depends on the definition alone, and on nothing that may have been written since."""
    looked_up = definition.cassettes or definition.contract or definition.hooks.before or definition.hooks.after
    return not looked_up and not any(
        answer.body_file or getattr(answer, "script", None) for _, answer in answers(definition)
    )


class Front:
    """The ASGI callable: the data plane, and where a path is the admin plane's, the admin application."""

    def __init__(self, gateway: Gateway, admin: Asgi | None) -> None:
        settings = gateway.configuration.settings
        system = settings.system_prefix.rstrip("/")
        self._gateway = gateway
        self._plane = gateway.plane
        self._admin = admin
        self._lead = settings.admin_prefix.rstrip("/") + "/"
        self._own_paths = frozenset(f"{system}{name}" for name in ("/healthz", "/readyz", "/metrics"))

    def answer_now(self, cycle: Any) -> bool:
        """Answer without a task, where the server offers it and the data plane can."""
        return not self._is_admins(cycle.path) and self._plane.answer_now(cycle)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if self._admin is not None and self._is_admins(scope["path"]):
                await self._admin(scope, receive, send)
            else:
                await self._plane(scope, receive, send)
        elif scope["type"] == "lifespan":
            await _lifespan(self._gateway, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1011})

    def _is_admins(self, path: str) -> bool:
        return self._admin is not None and (path.startswith(self._lead) or path in self._own_paths)


async def _lifespan(gateway: Gateway, receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await gateway.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await gateway.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return

"""What the modes draw on: upstreams by reference, players and recordings by cassette."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import partial
from pathlib import Path
from weakref import WeakValueDictionary

from cassettes.cassette import Cassette, Interaction, Manifest
from cassettes.definition import MockDefinition
from cassettes.errors import CassetteError, CassetteNotFoundError
from cassettes.exchange import Request
from cassettes.library import Library
from cassettes.stores.files import FileStore
from gateway.config import Configuration
from gateway.contract import Terms
from gateway.contracts import Contracts
from gateway.documents.definitions import Loaded, body_files, resolve_body_file
from gateway.errors import ConfigError
from gateway.faults.quota import Render
from gateway.faults.trouble import Trouble, compile_trouble
from gateway.memory.remembered import Stores, remember
from gateway.memory.resource import Resources
from gateway.memory.scenario import Scenarios
from gateway.memory.scopes import States
from gateway.mode import Offer
from gateway.scripts import ENGINES, open_scripts
from gateway.supplies import Supplies
from gateway.targets import Target, Targets
from gateway.templates.clock import make_clock
from gateway.webhooks import Webhooks, webhook_origins
from recorder.player import Player, PlayOptions
from recorder.retelling import Retelling
from recorder.sessions import Filter, OpenShelf, Sessions
from sanitizers.errors import SanitizeError
from sanitizers.keys import key_id, load_or_create
from sanitizers.pipeline import Sanitizer
from sanitizers.profile import Profile, load_profile
from sanitizers.pseudonym import pseudonym

_log = logging.getLogger("mimic.services")
RAW = "raw"


def _clock(spec: str) -> Callable[[], float]:
    try:
        return make_clock(spec)
    except ValueError as error:
        raise ConfigError(f"clock: {error}") from None


def open_library(home: Path, *, allow_paths: bool) -> Library:
    """Give the cassettes of a home folder; paths elsewhere are for references by the operator only."""
    return Library(FileStore(home / "cassettes"), allow_paths=allow_paths)


class LiveServices:
    """Opens upstreams and cassettes when a definition first needs them, and shares them between definitions."""

    def __init__(self, configuration: Configuration, *, unsafe_raw: bool = False) -> None:
        settings = configuration.settings
        self._unsafe_raw = unsafe_raw
        home = Path(settings.home)
        self.library = open_library(home, allow_paths=False)
        self.targets = Targets(configuration)
        self.contracts = Contracts(configuration.contracts, configuration.documents)
        self._players: dict[tuple[str, PlayOptions, str | None], Player] = {}
        self._retellings: dict[tuple[Hashable, ...], Retelling] = {}
        self.adopt(configuration)
        self._anywhere = open_library(home, allow_paths=True)
        self.key = load_or_create(home)
        self._profile: Profile = load_profile(settings.profile)
        self._shown = self.inspection_sanitizer()
        self.sessions = Sessions(self._open_shelf, queue_bytes=settings.queue_bytes)
        self.stores = Stores(settings)
        self.remembered = remember(self.stores, ())
        """What the definitions that are served remember; replaced whole when they change."""
        self.supplies = Supplies(
            self,
            open_scripts(settings, ENGINES["monty"]),
            Webhooks(self.upstream),
            clock=_clock(settings.clock),
            on_missing=settings.on_missing,
            open_file=self._body_of_file,
            stand_in=partial(pseudonym, self.key),
        )
        self._sanitizers: dict[str, Sanitizer] = {}
        self._troubles: WeakValueDictionary[tuple[str, str], Trouble] = WeakValueDictionary()
        self.render: Render | None = self.supplies.render
        """Compiles the templates among the keys of rate limits."""
        self._loop: asyncio.AbstractEventLoop | None = None

    def adopt(self, configuration: Configuration) -> bool:
        """Take over a configuration but for its settings; True if an upstream or a contract is another than it was.

        The settings stay those of the beginning.
        """
        self._configuration = configuration
        # The operator's own definitions may name a cassette by its path; what comes over the admin API names them.
        self._paths = frozenset(name for definition in configuration.definitions for name in definition.cassettes)
        self.begin_sessions()
        has_other_contracts = self.contracts.adopt(configuration.contracts, configuration.documents)
        return self.targets.adopt(configuration) or has_other_contracts

    @property
    def loaded(self) -> Loaded:
        """What the configuration's files hold."""
        return self._configuration.loaded

    def body_file(self, definition: MockDefinition, name: str) -> Path:
        """Give the file that a definition's `body_file` names; raises ConfigError.

        What the definition's own file names lies beside that file; anything else, which came over the admin API, in
        the folder of the setting `files`.
        """
        origin = self._configuration.loaded.origins.get(definition.id)
        files = self._configuration.settings.files
        by_operator = origin is not None and name in origin.body_files
        return resolve_body_file(
            name, origin.file if origin is not None and by_operator else None, Path(files) if files else None
        )

    def _body_of_file(self, definition: MockDefinition, name: str) -> bytes:
        path = self.body_file(definition, name)
        try:
            return path.read_bytes()
        except OSError as error:
            raise ConfigError(f"body_file: {name} cannot be read: {error.strerror}") from None

    def judge(self, definition: MockDefinition) -> None:
        """Refuse what a definition may not name, also where it is not served yet; raises ConfigError, CassetteError."""
        if definition.upstream is not None:
            self.upstream(definition.upstream)
        for cassette in definition.cassettes:
            self._holds(cassette)
        for _, name in body_files(definition):
            self.body_file(definition, name)
        for origin in webhook_origins([definition]):
            self.upstream(origin)

    def _library_of(self, cassette: str) -> Library:
        return self._anywhere if cassette in self._paths else self.library

    @property
    def states(self) -> States:
        """The state of the definitions that are served."""
        return self.remembered.states

    @property
    def scenarios(self) -> Scenarios:
        """The scenarios of the definitions that are served."""
        return self.remembered.scenarios

    @property
    def resources(self) -> Resources:
        """The resources of the definitions that are served."""
        return self.remembered.resources

    def use_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Name the loop on which players are told of new interactions."""
        self._loop = loop

    def upstream(self, reference: str) -> Target:
        """Give the upstream of an alias or URL; raises ConfigError where there is none such or it is not allowed."""
        return self.targets.upstream(reference)

    def player(self, cassette: str, options: PlayOptions, upstream: str | None) -> Player:
        """Give the player of a cassette; definitions with the same options share positions.

        Where the cassette was recorded from several upstreams and `upstream` is one of them, only its part is played.
        """
        part = self._part(cassette, upstream)
        key = (cassette, options, part)
        player = self._players.get(key)
        if player is None:
            tape = self._read(cassette)
            if part is not None:
                kept = tuple(item for item in tape.interactions if item.exchange.upstream == part)
                tape = replace(tape, interactions=kept)
            player = self._players[key] = Player(tape, self._sanitizer_of(tape.manifest, cassette), options)
        return player

    def retelling(self, definition: MockDefinition, options: PlayOptions) -> Retelling:
        """Give the sessions that a definition tells again; their position stays while others change.

        A cassette that is not there is told of once, and has no sessions.
        """
        key = (definition.id, definition.cassettes, tuple(definition.replay.sessions), options)
        retelling = self._retellings.get(key)
        if retelling is None:
            there = [name for name in definition.cassettes if self._holds(name)]
            for name in set(definition.cassettes).difference(there):
                extra = {"route": definition.id, "cassette": name}
                _log.warning("the cassette is not there, so that nothing is told of it", extra=extra)
            tapes = [(name, self.player(name, options, definition.upstream)) for name in there]
            retelling = self._retellings[key] = Retelling(tapes, definition.replay.sessions)
        return retelling

    def rewind(self) -> None:
        """Begin every client's replay again, and all recorded sessions."""
        for player in self._players.values():
            player.rewind()
        self.begin_sessions()

    def begin_sessions(self) -> None:
        """Begin all recorded sessions again."""
        for retelling in self._retellings.values():
            retelling.rewind()

    def _part(self, cassette: str, upstream: str | None) -> str | None:
        if upstream is None or not self._holds(cassette):
            return None
        recorded = self._library_of(cassette).manifest(cassette).upstreams
        return upstream if len(recorded) > 1 and upstream in recorded else None

    def _read(self, name: str) -> Cassette:
        try:
            cassette = self._library_of(name).read(name)
        except CassetteError as error:
            raise ConfigError(f"the cassette {name!r} cannot be played: {error}") from None
        for damage in cassette.damages:
            _log.warning(
                "a damaged part of a cassette was skipped",
                extra={"cassette": name, "file": damage.file, "line": damage.line, "reason": damage.reason},
            )
        return cassette

    def _sanitizer_of(self, manifest: Manifest, name: str) -> Sanitizer | None:
        if manifest.profile == RAW:
            return None
        sanitizer = self._sanitizers.get(name)
        if sanitizer is None:
            sanitizer = self._sanitizers[name] = Sanitizer(self._profile, self.key)
            for interaction in self._read(name).interactions if self._holds(name) else ():
                sanitizer.learn(interaction.exchange)
        if manifest.profile_hash not in ("", self._profile.digest):
            _log.warning(
                "the cassette was cleaned by other rules than those that clean the live requests: name its profile",
                extra={"cassette": name, "recorded_with": manifest.profile, "now": self._profile.name},
            )
        if manifest.key_id and manifest.key_id != key_id(self.key):
            _log.info(
                "the cassette was cleaned under another key: live secrets are matched by kind, not by value",
                extra={"cassette": name},
            )
        return sanitizer

    def _holds(self, name: str) -> bool:
        try:
            self._library_of(name).manifest(name)
        except CassetteNotFoundError:
            return False
        return True

    def shown_path(self, request: Request) -> str:
        """Give a request's path as it may be logged."""
        try:
            return self._shown.clean_request(Request(request.method, request.path)).request.target.decode("latin-1")
        except SanitizeError:
            return "(a path that could not be cleaned)"

    def inspection_sanitizer(self) -> Sanitizer:
        """Give a sanitizer for showing traffic to people; it shares nothing with a cassette."""
        return Sanitizer(self._profile, self.key)

    def holds_recordings(self, cassette: str) -> bool:
        """Say whether the cassette exists and is not empty."""
        return self._holds(cassette) and bool(self._read(cassette).interactions)

    def trouble(self, definition: MockDefinition) -> Trouble | None:
        """Give the trouble of a definition's faults; while it is served it keeps its counters over changes of others.

        Raises ConfigError.
        """
        faults = definition.faults
        if faults is None:
            return None
        key = (definition.id, faults.model_dump_json())
        trouble = self._troubles.get(key)
        if trouble is None:
            trouble = compile_trouble(faults, route_id=definition.id, render=self.render)
            self._troubles[key] = trouble
        return trouble

    def terms(self, definition: MockDefinition) -> Terms | None:
        """Give what a definition's exchanges are compared with, or None."""
        kept, pointer = self.contracts.for_definition(definition.contract)
        return Terms(kept, pointer) if kept else None

    def recording(self, definition: MockDefinition) -> Offer:
        """Give where a definition's exchanges are recorded; the cassette is opened now if it is not yet."""
        cassette = definition.cassettes[0]
        # One session for all routes that record into a cassette; the admin API cannot give this name by accident.
        session = f"{cassette} (routes)"
        upstreams = {}
        if definition.upstream is not None:
            target = self.upstream(definition.upstream)
            upstreams[target.name] = target.url
        if not self.sessions.is_running(session):
            afresh = definition.record_mode == "all" and definition.mode == "record"
            self.start_session(session, cassette, upstreams=upstreams, afresh=afresh)
        self.sessions.note_upstreams(session, upstreams)
        return self.sessions.tape(session)

    def start_session(
        self,
        name: str,
        cassette: str,
        *,
        upstreams: dict[str, str],
        wanted: Filter = Filter(),
        afresh: bool = False,
    ) -> None:
        """Record into a cassette; raises ConfigError where that would mix raw and cleaned, CassetteErrors else."""
        if self._holds(cassette):
            if afresh and self.holds_recordings(cassette):
                self._set_aside(cassette)
            else:
                self._refuse_mixture(cassette)
        profile = RAW if self._unsafe_raw else self._profile.name
        manifest = Manifest(
            cassette,
            created_at=round(time.time(), 3),
            upstreams=upstreams,
            profile=profile,
            profile_hash="" if self._unsafe_raw else self._profile.digest,
            key_id="" if self._unsafe_raw else key_id(self.key),
        )
        sanitizer = None if self._unsafe_raw else self._sanitizer_of(manifest, cassette)
        self.sessions.start(
            name,
            cassette,
            manifest=manifest,
            sanitizer=sanitizer,
            wanted=wanted,
            on_recorded=lambda interaction: self._tell_players(cassette, interaction),
        )

    def _refuse_mixture(self, cassette: str) -> None:
        manifest = self._library_of(cassette).manifest(cassette)
        recorded_raw = manifest.profile == RAW
        if manifest.profile_hash not in ("", self._profile.digest) and not self._unsafe_raw:
            raise ConfigError(
                f"the cassette {cassette!r} was cleaned by another profile ({manifest.profile}): "
                "record into another one, or with that profile"
            )
        if manifest.key_id and manifest.key_id != key_id(self.key) and not self._unsafe_raw:
            raise ConfigError(
                f"the cassette {cassette!r} was cleaned under another key: record into another one, or with that key"
            )
        if recorded_raw and not self._unsafe_raw:
            raise ConfigError(f"the cassette {cassette!r} was recorded uncleaned: record into another one")
        if self._unsafe_raw and not recorded_raw and self.holds_recordings(cassette):
            raise ConfigError(f"the cassette {cassette!r} is cleaned: an uncleaned recording needs one of its own")

    def _set_aside(self, cassette: str) -> None:
        aside = f"{cassette}.previous"
        if "/" in cassette:
            raise ConfigError(f"the cassette {cassette!r} holds a recording already: remove it, or choose another path")
        if self._holds(aside):
            self.library.delete(aside)
        self.library.rename(cassette, aside)
        self._sanitizers.pop(cassette, None)
        _log.info("the earlier recording was set aside", extra={"cassette": cassette, "as": aside})

    def _tell_players(self, cassette: str, interaction: Interaction) -> None:
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        for (name, _, part), player in list(self._players.items()):
            if name == cassette and part in (None, interaction.exchange.upstream):
                loop.call_soon_threadsafe(player.add, interaction)

    def forget_players_of_recordings(self) -> None:
        """Let cassettes that are being written be read anew when they are next played."""
        written = {str(row["cassette"]) for row in self.sessions.status()}
        for key in [key for key in self._players if key[0] in written]:
            del self._players[key]
        if written:
            self._retellings.clear()

    def _open_shelf(self, name: str, manifest: Manifest, inspect: Callable[[bytes], None]) -> OpenShelf:
        return self._library_of(name).write(name, manifest=manifest, inspect=inspect)

    async def close(self) -> None:
        """Settle the recordings, close the stores and the upstreams."""
        await asyncio.to_thread(self.sessions.stop_all)
        await self.supplies.close()
        await self.stores.close()
        await self.targets.close()


def renamed(definition: MockDefinition, **changes: object) -> MockDefinition:
    """Give the definition with fields changed, validated as a whole."""
    return MockDefinition.model_validate({**definition.model_dump(exclude_unset=True, by_alias=True), **changes})

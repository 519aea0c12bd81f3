"""Hot reload: files that change are loaded again, all or nothing, while requests go on."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.app import Gateway
from gateway.config import Configuration
from gateway.documents.definitions import Loaded, definition_files, is_same, resolve_body_file
from gateway.errors import ConfigError, GatewayError

_log = logging.getLogger("mimic.watch")

Stamp = tuple[int, int, int]
_FIRST_LOOKS_S: Final = (0.05, 0.1, 0.2, 0.4)
"""What is written while the system begins to tell of changes is seen by looking."""
_LOOK_S: Final = 2.0
"""File systems that tell of no changes (network folders, some containers' mounts) are looked at this often."""
_SETTLE_MS: Final = 50
_LONGEST_SETTLE_MS: Final = 200


@dataclass(frozen=True, slots=True)
class Places:
    """What is watched: the configuration file, and files and folders of definitions."""

    config: Path | None
    mocks: tuple[Path, ...]

    def folders(self) -> dict[tuple[Path, bool], int]:
        """Give the folders to watch, alone or (True) with all that is in them, each with its number on the disk."""
        named = [*self.mocks, *([self.config] if self.config is not None else [])]
        # A file that an editor replaces is another file of that name, so its folder is watched and not the file.
        wanted = [(path.absolute().parent, False) for path in named] + [(path, True) for path in self.mocks]
        return {(path, inside): path.stat().st_ino for path, inside in wanted if path.is_dir()}

    def stamps(self, loaded: Loaded) -> dict[Path, Stamp]:
        """Give time, size and number of every file that takes part."""
        files = [file for path in self.mocks for file in definition_files(path)]
        files += [self.config] if self.config is not None else []
        return dict(_stamps([*files, *_bodies(loaded)]))


def _bodies(loaded: Loaded) -> Iterator[Path]:
    for origin in loaded.origins.values():
        for name in origin.body_files:
            with contextlib.suppress(ConfigError):
                yield resolve_body_file(name, origin.file, None)


def _stamps(files: list[Path]) -> Iterator[tuple[Path, Stamp]]:
    for file in files:
        with contextlib.suppress(OSError):
            facts = file.stat()
            yield file, (facts.st_mtime_ns, facts.st_size, facts.st_ino)


class Watch:
    """Keeps a gateway serving what its files say; a change that cannot be served is told, and nothing changes.

    `load` reads the configuration anew, given what was loaded before; it runs on a thread of its own.
    """

    def __init__(self, gateway: Gateway, config: str | None, load: Callable[[Loaded], Configuration]) -> None:
        self._gateway = gateway
        self._config = Path(config) if config is not None else None
        self._load = load
        self._places = self._places_of(gateway.configuration)
        self._seen: Mapping[Path, Stamp] = {}
        self._stirred = asyncio.Event()

    def _places_of(self, configuration: Configuration) -> Places:
        return Places(self._config, tuple(map(Path, configuration.settings.mocks)))

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            folders = self._places.folders()
            async with self._woken_by(folders):
                pauses = iter(_FIRST_LOOKS_S)
                while self._places.folders() == folders:
                    self._stirred.clear()
                    cost_s = await self._look()
                    with contextlib.suppress(TimeoutError):
                        # Looking takes at most a fiftieth of the time, however many files there are.
                        await asyncio.wait_for(self._stirred.wait(), next(pauses, max(_LOOK_S, 50 * cost_s)))

    @contextlib.asynccontextmanager
    async def _woken_by(self, folders: Iterable[tuple[Path, bool]]) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        alone = [path for path, inside in folders if not inside]
        whole = [path for path, inside in folders if inside]
        tasks = [loop.create_task(self._listen(paths, recursive=paths is whole)) for paths in (alone, whole) if paths]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, folders: list[Path], *, recursive: bool) -> None:
        from watchfiles import awatch

        try:
            async for _ in awatch(
                *folders, watch_filter=None, recursive=recursive, debounce=_LONGEST_SETTLE_MS, step=_SETTLE_MS
            ):
                self._stirred.set()
        except OSError as error:
            _log.warning(
                "the system does not tell of changes in these folders; they are looked at every two seconds",
                extra={"folders": sorted(map(str, folders)), "reason": os.strerror(error.errno or 0)},
            )

    async def _look(self) -> float:
        """Reload if a file is another than it was; gives the seconds that looking took."""
        begun = time.perf_counter()
        stamps = await asyncio.to_thread(self._places.stamps, self._gateway.configuration.loaded)
        cost_s = time.perf_counter() - begun
        if stamps != self._seen:
            self._seen = stamps
            await self._reload()
        return cost_s

    async def _reload(self) -> None:
        before = self._gateway.configuration
        try:
            after = await asyncio.to_thread(self._load, before.loaded)
            if not _differ(before, after):
                return
            await self._gateway.reload(after)
        except GatewayError as error:
            for line in str(error).splitlines():
                _log.error("not loaded, what was served is served on: %s", line)
            return
        except Exception:  # noqa: BLE001
            # A watch that ended here would leave later changes unseen.
            _log.exception("the changed files could not be loaded")
            return
        self._places = self._places_of(after)
        if after.settings.model_copy(update={"mocks": []}) != before.settings.model_copy(update={"mocks": []}):
            _log.warning("a setting was changed: upstreams and definitions are loaded, the rest needs a restart")
        _log.info("definitions were loaded again", extra={"definitions": len(after.definitions)})


def _differ(before: Configuration, after: Configuration) -> bool:
    if before.upstreams != after.upstreams or before.settings != after.settings:
        return True
    if before.contracts != after.contracts or before.documents != after.documents:
        return True
    if any(origin.body_files for origin in after.loaded.origins.values()):
        return True
    pairs = zip(before.definitions, after.definitions, strict=False)
    return len(before.definitions) != len(after.definitions) or not all(is_same(old, new) for old, new in pairs)

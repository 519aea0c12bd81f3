"""The folder of a plan: what is done stands in it as files, and what is being done is claimed in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import orjson

from cassettes.errors import CassetteBusyError, CassetteNotFoundError
from cassettes.stores import open_store

_CLAIMS: Final = "claims"


class Folder:
    """Files by name, written whole or not at all; claims end with the process that holds them, however it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._store = open_store(path)

    def open_ones(self, names: Sequence[str]) -> list[str]:
        """Give those that are not there yet."""
        there = {name for prefix in {self._prefix(name) for name in names} for name in self._store.list(prefix)}
        return [name for name in names if name not in there]

    def has(self, name: str) -> bool:
        try:
            self._store.size(name)
        except CassetteNotFoundError:
            return False
        return True

    def read(self, name: str) -> bytes:
        return self._store.read(name)

    def read_json(self, name: str) -> Any:
        return orjson.loads(self._store.read(name))

    def write(self, name: str, content: bytes) -> None:
        self._store.write(name, content)

    def write_json(self, name: str, document: Any) -> None:
        self._store.write(name, orjson.dumps(document, option=orjson.OPT_NON_STR_KEYS) + b"\n")

    @contextmanager
    def claimed(self, name: str) -> Iterator[bool]:
        """Hold a file's name while it is made; False where another process does, or the file is there by now."""
        claim = self._store.lock(f"{_CLAIMS}/{name.replace('/', '-')}")
        try:
            claim.__enter__()
        except CassetteBusyError:
            yield False
            return
        try:
            yield not self.has(name)
        finally:
            claim.__exit__(None, None, None)

    def remove(self) -> None:
        """Take away what the plan wrote, and the folder where nothing else is in it."""
        for name in self._store.list():
            self._store.delete(name)
        self._store.sweep()
        for folder in sorted(self.path.rglob("*"), reverse=True):
            with suppress(OSError):
                folder.rmdir()
        with suppress(OSError):
            self.path.rmdir()

    @staticmethod
    def _prefix(name: str) -> str:
        return name.rpartition("/")[0]

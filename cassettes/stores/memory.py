"""The store in memory: for tests, and for recordings that are to leave no trace on disk."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from cassettes.errors import CassetteError, CassetteNotFoundError
from cassettes.store import busy, check_name

if TYPE_CHECKING:
    from collections.abc import Iterator


class MemoryStore:
    """A store that lasts as long as its process."""

    def __init__(self, place: str = "") -> None:
        self._place = place
        self._files: dict[str, bytearray] = {}
        self._held: set[str] = set()
        self._guard = Lock()

    def __repr__(self) -> str:
        return f"MemoryStore({self._place!r})"

    def read(self, name: str) -> bytes:
        with self._guard:
            content = self._files.get(check_name(name))
            if content is None:
                raise CassetteNotFoundError(f"cannot read {name}: there is no such file")
            return bytes(content)

    def read_part(self, name: str, offset: int, size: int) -> bytes:
        return self.read(name)[offset : offset + size]

    def size(self, name: str) -> int:
        return len(self.read(name))

    def write(self, name: str, content: bytes) -> None:
        with self._guard:
            self._files[check_name(name)] = bytearray(content)

    def append(self, name: str, content: bytes, *, offset: int | None = None) -> int:
        with self._guard:
            if check_name(name) not in self._files and offset is not None:
                raise CassetteNotFoundError(f"cannot write {name}: there is no such file")
            kept = self._files.setdefault(name, bytearray())
            start = len(kept) if offset is None else offset
            if len(kept) < start:
                raise CassetteError(f"cannot write {name}: it has become shorter than what was written to it")
            kept[start:] = content
            return len(kept)

    def delete(self, name: str) -> None:
        with self._guard:
            self._files.pop(check_name(name), None)

    def move(self, old: str, new: str) -> None:
        old_prefix, new_prefix = f"{check_name(old)}/", f"{check_name(new)}/"
        with self._guard:
            if any(name.startswith(new_prefix) for name in self._files):
                raise CassetteError(f"cannot rename {old} to {new}: there is one already")
            moved = [name for name in self._files if name.startswith(old_prefix)]
            if not moved:
                raise CassetteNotFoundError(f"cannot rename {old}: there is no such file")
            for name in moved:
                self._files[new_prefix + name.removeprefix(old_prefix)] = self._files.pop(name)

    def list(self, prefix: str = "") -> list[str]:
        below = f"{check_name(prefix)}/" if prefix else ""
        with self._guard:
            return sorted(name for name in self._files if name.startswith(below))

    def sweep(self, prefix: str = "") -> None:
        """Do nothing: a write in memory is never interrupted."""

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        if name:
            check_name(name)
        with self._guard:
            if name in self._held:
                raise busy(name)
            self._held.add(name)
        try:
            yield
        finally:
            with self._guard:
                self._held.discard(name)

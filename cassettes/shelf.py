"""A shelf: the one folder of a store in which a cassette stands, and the files it is made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from cassettes.cassette import Finding, Session
from cassettes.errors import CassetteNotFoundError, CodecError
from cassettes.fields import is_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from cassettes.cassette import Interaction, Manifest
    from cassettes.codec import Summary
    from cassettes.store import Store

FindingKey: TypeAlias = tuple[str, str, str]
"""Where, kind and rule of a finding."""

MANIFEST: Final = "cassette.yaml"
INTERACTIONS: Final = "interactions.jsonl"
BODIES: Final = "bodies"


class Shelf:
    """The files of one cassette: the folder `folder` of a store, or the whole store where it is ""."""

    def __init__(self, store: Store, folder: str) -> None:
        self._store = store
        self.folder = folder

    def exists(self) -> bool:
        """Tell whether a cassette stands here."""
        return any(name in {self._name(MANIFEST), self._name(INTERACTIONS)} for name in self._store.list(self.folder))

    def read(self, file: str) -> bytes:
        return self._store.read(self._name(file))

    def lines(self) -> bytes:
        """Give all interactions as they stand, nothing where there are none yet."""
        try:
            return self.read(INTERACTIONS)
        except CassetteNotFoundError:
            return b""

    def part_of_lines(self, offset: int, size: int) -> bytes:
        """Give some bytes of the interactions as they stand, fewer where they end."""
        try:
            return self._store.read_part(self._name(INTERACTIONS), offset, size)
        except CassetteNotFoundError:
            return b""

    def size_of_lines(self) -> int:
        """Give how many bytes the interactions have, 0 where there are none yet."""
        try:
            return self._store.size(self._name(INTERACTIONS))
        except CassetteNotFoundError:
            return 0

    def read_blob(self, digest: str) -> bytes:
        """Give a blob, unchecked; raises CodecError where it is missing, since then an interaction is not whole."""
        try:
            return self.read(f"{BODIES}/{digest}")
        except CassetteNotFoundError:
            raise CodecError(f"the blob {digest[:12]}… is missing") from None

    def blobs(self) -> set[str]:
        """Give the names of all blobs."""
        folder = self._name(BODIES)
        names = (name.removeprefix(f"{folder}/") for name in self._store.list(folder))
        return {name for name in names if is_digest(name)}

    def write(self, file: str, content: bytes) -> None:
        self._store.write(self._name(file), content)

    def append(self, file: str, content: bytes, *, offset: int | None = None) -> int:
        return self._store.append(self._name(file), content, offset=offset)

    def delete(self, file: str) -> None:
        self._store.delete(self._name(file))

    def sweep(self) -> None:
        self._store.sweep(self.folder)

    def lock(self) -> AbstractContextManager[None]:
        return self._store.lock(self.folder)

    def _name(self, file: str) -> str:
        return f"{self.folder}/{file}" if self.folder else file


def split_lines(lines: bytes) -> Iterator[tuple[int, bytes]]:
    """Give every line that is not blank with its number, from 1."""
    return ((number, line) for number, line in enumerate(lines.split(b"\n"), 1) if line.strip())


def count_findings(interactions: Iterable[Interaction | Summary]) -> Counter[FindingKey]:
    """Add up the findings of all interactions by where, kind and rule."""
    counts: Counter[FindingKey] = Counter()
    for interaction in interactions:
        for finding in interaction.findings:
            counts[finding.where, finding.kind, finding.rule] += finding.count
    return counts


def as_findings(counts: Counter[FindingKey]) -> tuple[Finding, ...]:
    """Give the sums as findings, sorted by where, kind and rule."""
    return tuple(Finding(*key, count) for key, count in sorted(counts.items()))


def rebuilt(manifest: Manifest, interactions: Sequence[Interaction | Summary]) -> Manifest:
    """Give the manifest with its counts brought up to what the lines say; after a crash it can be behind."""
    recorded = Counter(interaction.session for interaction in interactions if interaction.session)
    known = {session.name for session in manifest.sessions}
    sessions = (*manifest.sessions, *(Session(name) for name in recorded if name not in known))
    return replace(
        manifest,
        sessions=tuple(replace(one, recorded=max(one.recorded, recorded[one.name])) for one in sessions),
        interactions=len(interactions),
        findings=as_findings(count_findings(interactions)),
    )

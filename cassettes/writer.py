"""A writer: the one that may append to a cassette, durably, a group at a time."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING, Final, Self

import orjson

from cassettes.cassette import Damage
from cassettes.codec import blob_names, dump_interaction, load_interaction, load_summary
from cassettes.errors import CassetteError, CassetteNotFoundError, CodecError
from cassettes.manifest import dump_manifest, load_manifest
from cassettes.shelf import (
    BODIES,
    INTERACTIONS,
    MANIFEST,
    FindingKey,
    as_findings,
    count_findings,
    rebuilt,
    split_lines,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from types import TracebackType

    from cassettes.cassette import Interaction, Manifest
    from cassettes.codec import Summary
    from cassettes.shelf import Shelf

_BASE64: Final = re.compile(rb'"b64":"([A-Za-z0-9+/=]+)"')


class Writer:
    """Holds a cassette alone until `close`; its methods may be called from any thread.

    `damages` says what was found broken and repaired or stepped over, `next_number` what the next interaction will be.
    """

    def __init__(self, shelf: Shelf, manifest: Manifest, inspect: Callable[[bytes], None] | None = None) -> None:
        self._shelf = shelf
        self._inspect = inspect
        self._guard = RLock()
        self._closed = self._torn = False
        self._size = self._interactions = 0
        self._findings: Counter[FindingKey] = Counter()
        self._blobs: set[str] = set()
        self.damages: tuple[Damage, ...] = ()
        self.next_number = 1
        with ExitStack() as opening:
            opening.enter_context(shelf.lock())
            self._manifest = self._continue_manifest(manifest)
            shelf.sweep()
            self._manifest = rebuilt(self._manifest, self._count(self._repair()))
            self._remove_orphans()
            self.save_manifest()
            self._held = opening.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def manifest(self) -> Manifest:
        """The manifest as of now, its counts true to what was appended."""
        with self._guard:
            return replace(self._manifest, interactions=self._interactions, findings=as_findings(self._findings))

    def append(self, interactions: Sequence[Interaction]) -> range:
        """Write the interactions under the next numbers, which are given back: all durable when this returns.

        What `inspect` raises on the bytes to be written goes through, nothing written.
        Where it raises CassetteError (or CodecError, for one that has no written form) none of them is kept, and the
        next call begins afresh, so it succeeds as soon as there is space again.
        """
        with self._guard:
            self._check_open()
            if self._torn:
                self._roll_back()
            numbers = range(self.next_number, self.next_number + len(interactions))
            lines, blobs = _dump(interactions, numbers)
            if self._inspect is not None:
                self._inspect(lines)
                for blob in blobs.values():
                    self._inspect(blob)
            fresh = blobs.keys() - self._blobs
            try:
                self._write_blobs(blobs)
                self._size = self._shelf.append(INTERACTIONS, lines, offset=self._size)
            except BaseException:
                self._roll_back(fresh)
                raise
            self.next_number = numbers.stop
            self._interactions += len(numbers)
            self._findings.update(count_findings(interactions))
            return numbers

    def contains(self, needles: Iterable[bytes]) -> tuple[bytes, ...]:
        """Give those byte strings that stand anywhere in what was written, also escaped as JSON or in base64."""
        with self._guard:
            files = [self._shelf.lines(), self._shelf.read(MANIFEST)]
            files.extend(self._shelf.read(f"{BODIES}/{blob}") for blob in sorted(self._shelf.blobs()))
        files.extend(_decoded(files[0]))
        wanted = {needle: _written_forms(needle) for needle in needles if needle}
        return tuple(
            needle for needle, forms in wanted.items() if any(form in content for content in files for form in forms)
        )

    def rewrite(self, transform: Callable[[Interaction], Interaction]) -> int:
        """Put every interaction through `transform` and the result in its place, all at once; give how many changed.

        Numbers stay. A damaged line is dropped and noted in `damages`: it cannot be transformed, and it may hold what
        the rewriting is to remove. Where it raises, the cassette is as before.
        """
        with self._guard:
            self._check_open()
            before = self._shelf.lines()[: self._size]
            self.damages = ()  # the lines they name are dropped, and named anew
            lines, blobs, changed = self._transform(before, transform)
            if lines == before:
                return 0
            try:
                self._write_blobs(blobs)
                self._shelf.write(INTERACTIONS, lines)
            finally:  # whichever of the two now stands there
                self._torn = True
                self._count(self._shelf.lines())
                self._remove_orphans()
                self._torn = False
            self.save_manifest()
            return changed

    def save_manifest(self, manifest: Manifest | None = None) -> None:
        """Write the manifest, or this one in its place, with true counts."""
        with self._guard:
            self._manifest = manifest or self._manifest
            self._shelf.write(MANIFEST, dump_manifest(self.manifest))

    def close(self) -> None:
        """Write the manifest a last time and let the cassette go; a second call does nothing."""
        with self._guard:
            if self._closed:
                return
            self._closed = True
            with self._held:
                if self._torn:
                    self._roll_back()
                self.save_manifest()

    def _check_open(self) -> None:
        if self._closed:
            raise CassetteError("the cassette was closed; open it again to write to it")

    def _continue_manifest(self, given: Manifest) -> Manifest:
        given = replace(given, name=self._shelf.folder or given.name)
        try:
            there = load_manifest(self._shelf.read(MANIFEST))
        except CassetteNotFoundError:
            return given
        except CodecError as error:
            raise CassetteError(f"{given.name}/{MANIFEST}: {error}; mend or remove that file to continue") from error
        return replace(
            there,
            name=given.name,
            upstreams=there.upstreams | given.upstreams,
            profile=given.profile or there.profile,
            profile_hash=given.profile_hash or there.profile_hash,
            key_id=given.key_id or there.key_id,
        )

    def _repair(self) -> bytes:
        """Give the lines after the last one, if it was cut short by a crash, was completed or cut off."""
        try:
            lines = self._shelf.read(INTERACTIONS)
        except CassetteNotFoundError:
            self._shelf.append(INTERACTIONS, b"")
            return b""
        whole, _, tail = lines.rpartition(b"\n")
        if not tail:
            return lines
        try:
            load_summary(tail)
        except CodecError:
            size = len(lines) - len(tail)
            self._shelf.append(INTERACTIONS, b"", offset=size)
            self._note(whole.count(b"\n") + 1 + bool(size), "the line was cut short, and was removed")
            return lines[:size]
        self._shelf.append(INTERACTIONS, b"\n", offset=len(lines))
        return lines + b"\n"

    def _count(self, lines: bytes) -> list[Summary]:
        summaries = []
        seen = 0
        for number, line in split_lines(lines):
            seen += 1
            try:
                summaries.append(load_summary(line))
            except CodecError as error:
                self._note(number, str(error))
        self._size = len(lines)
        self._interactions = len(summaries)
        self._findings = count_findings(summaries)
        # A damaged line has a number as well, so the count of lines is a lower bound.
        self.next_number = max([self.next_number, seen + 1, *(summary.number + 1 for summary in summaries)])
        return summaries

    def _note(self, line: int, reason: str) -> None:
        self.damages += (Damage(INTERACTIONS, line, reason),)

    def _write_blobs(self, blobs: dict[str, bytes]) -> None:
        for digest, content in blobs.items():
            if digest not in self._blobs:
                self._shelf.write(f"{BODIES}/{digest}", content)
                self._blobs.add(digest)

    def _remove_orphans(self) -> None:
        """Remove the blobs that no line as it stands refers to, not even a damaged one."""
        used = blob_names(self._shelf.lines())
        there = self._shelf.blobs()
        self._blobs = there & used
        for orphan in sorted(there - used):
            self._shelf.delete(f"{BODIES}/{orphan}")

    def _roll_back(self, fresh: AbstractSet[str] = frozenset()) -> None:
        """Remove what a failed write has left; where that fails too, the next append, `close` or opening does it."""
        self._torn = True
        with suppress(CassetteError):
            try:
                self._shelf.append(INTERACTIONS, b"", offset=self._size)
            except CassetteNotFoundError:  # the folder was taken away: leave no new one in its place
                for blob in sorted(fresh):
                    self._blobs.discard(blob)
                    self._shelf.delete(f"{BODIES}/{blob}")
                raise
            self._remove_orphans()
            self._torn = False

    def _transform(
        self, lines: bytes, transform: Callable[[Interaction], Interaction]
    ) -> tuple[bytes, dict[str, bytes], int]:
        kept: list[bytes] = []
        blobs: dict[str, bytes] = {}
        changed = 0
        for number, line in split_lines(lines):
            try:
                interaction = load_interaction(line, self._shelf.read_blob)
            except CodecError as error:
                self._note(number, f"{error}; the line was dropped when the cassette was rewritten")
                continue
            cleaned = replace(transform(interaction), number=interaction.number)
            if cleaned != interaction:
                line, own = dump_interaction(cleaned)  # noqa: PLW2901 (the new line in the place of the old)
                blobs |= own
                changed += 1
            kept.append(line + b"\n")
        return b"".join(kept), blobs, changed


def _dump(interactions: Sequence[Interaction], numbers: range) -> tuple[bytes, dict[str, bytes]]:
    lines: list[bytes] = []
    blobs: dict[str, bytes] = {}
    for number, interaction in zip(numbers, interactions, strict=True):
        line, own = dump_interaction(replace(interaction, number=number))
        lines += (line, b"\n")
        blobs |= own
    return b"".join(lines), blobs


def _decoded(lines: bytes) -> Iterator[bytes]:
    """Give what stands in base64 in the lines."""
    for coded in _BASE64.findall(lines):
        with suppress(binascii.Error):
            yield base64.b64decode(coded, validate=True)


def _written_forms(needle: bytes) -> set[bytes]:
    """Give the needle as it is, escaped as in a JSON text, and escaped twice as in JSON inside a JSON text."""
    try:
        once = orjson.dumps(needle.decode())[1:-1]
        return {needle, once, orjson.dumps(once.decode())[1:-1]}
    except UnicodeDecodeError:
        return {needle}

"""A reel: a cassette read piece by piece, for what is too large to be held."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cassettes.codec import load_interaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cassettes.cassette import Damage, Interaction, Manifest
    from cassettes.shelf import Shelf

_BLOCK: Final = 1 << 20
_TAIL: Final = 1 << 14


@dataclass(frozen=True, slots=True)
class Reel:
    """The manifest of a cassette, and its lines by where they stand; `damages` are those of the manifest."""

    shelf: Shelf
    manifest: Manifest
    damages: tuple[Damage, ...] = ()

    @property
    def size(self) -> int:
        """How many bytes all lines have."""
        return self.shelf.size_of_lines()

    @property
    def tail(self) -> str:
        """The checksum of the last bytes: lines are only added, so that with the size it tells what is there."""
        return f"{zlib.crc32(self.shelf.part_of_lines(max(0, self.size - _TAIL), _TAIL)):08x}"

    def lines(self, start: int, end: int) -> Iterator[tuple[int, bytes]]:
        """Give the lines that begin from byte `start` on and before `end`, each with where it begins.

        Blank lines are left out. Parts that meet have each line once, wherever they were cut.
        """
        for offset, line in self._all_lines(start, end):
            if line.strip():
                yield offset, line

    def _all_lines(self, start: int, end: int) -> Iterator[tuple[int, bytes]]:
        # What ends behind the byte before `start` began before it, and belongs to the part before.
        at = max(0, start - 1)
        is_inside, rest = start == 0, b""
        while at < end:
            block = self.shelf.part_of_lines(at + len(rest), _BLOCK)
            pieces = (rest + block).split(b"\n")
            rest = pieces.pop() if block else b""
            for line in pieces:
                if is_inside and at < end:
                    yield at, line
                at, is_inside = at + len(line) + 1, True
            if not block:
                return

    def lines_in(self, runs: Iterable[tuple[int, int]]) -> Iterator[bytes]:
        """Give the lines that stand in runs of bytes, each given by where it begins and its size."""
        for offset, size in runs:
            for _, line in self.lines(offset, offset + size):
                yield line

    def load(self, line: bytes) -> Interaction:
        """Read a line; raises CodecError, CassetteError where a body beside it cannot be read."""
        return load_interaction(line, self.shelf.read_blob)

"""A bounded copy of a body as it passes, with the times of its pieces."""

from __future__ import annotations

from collections.abc import Callable

from cassettes.exchange import Chunk


class BodyCopy:
    """Collects pieces up to a limit; beyond it the copy is the beginning only and `whole` is False."""

    __slots__ = ("_chunks", "_clock", "_limit", "_pieces", "_since", "size", "whole")

    def __init__(self, limit_bytes: int, clock: Callable[[], float]) -> None:
        self._limit = limit_bytes
        self._clock = clock
        self._since = 0.0
        self._pieces: list[bytes] = []
        self._chunks: list[Chunk] = []
        self.size = 0
        self.whole = True

    def begin(self) -> None:
        """Start the clock of the pieces."""
        self._since = self._clock()

    def add(self, data: bytes) -> None:
        """Take the next piece as it passes."""
        room = self._limit - self.size
        self.size += len(data)
        if len(data) > room:
            self.whole = False
            data = data[: max(room, 0)]
        if data:
            self._pieces.append(data)
            self._chunks.append(Chunk(round((self._clock() - self._since) * 1000, 3), len(data)))

    def body(self) -> bytes:
        """Give what was kept."""
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)

    def chunks(self) -> tuple[Chunk, ...]:
        """Give the pieces' times and sizes."""
        return tuple(self._chunks)

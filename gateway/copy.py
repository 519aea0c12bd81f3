"""A bounded copy of a body as it passes, with the times of its pieces."""

from __future__ import annotations

from collections.abc import Callable

from cassettes.exchange import Chunk


class BodyCopy:
    """Collects pieces up to a limit.

    Beyond it `whole` is False, and only the first `kept_bytes` stay: half a body is of no use to a recorder.
    """

    __slots__ = ("_chunks", "_clock", "_kept", "_limit", "_pieces", "_since", "size", "whole")

    def __init__(self, limit_bytes: int, kept_bytes: int, clock: Callable[[], float]) -> None:
        self._limit = limit_bytes
        self._kept = kept_bytes
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
        self.size += len(data)
        if not self.whole or not data:
            return
        if self.size > self._limit:
            self.whole = False
            self._pieces = [b"".join((self.head(self._kept), data[: self._kept]))[: self._kept]]
            self._chunks.clear()
            return
        self._pieces.append(data)
        self._chunks.append(Chunk(round((self._clock() - self._since) * 1000, 3), len(data)))

    def add_whole(self, data: bytes) -> None:
        """Take a body that came in one piece, whose time is the response's own."""
        self.size = len(data)
        self.whole = self.size <= self._limit
        self._pieces = [data if self.whole else data[: self._kept]]

    def body(self) -> bytes:
        """Give what was kept."""
        pieces = self._pieces
        if len(pieces) != 1:
            pieces[:] = [b"".join(pieces)]
        return pieces[0]

    def head(self, size: int) -> bytes:
        """Give the first bytes of what was kept, without joining all of it."""
        pieces: list[bytes] = []
        for piece in self._pieces:
            if size <= 0:
                break
            pieces.append(piece[:size])
            size -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def chunks(self) -> tuple[Chunk, ...]:
        """Give the pieces' times and sizes."""
        return tuple(self._chunks)

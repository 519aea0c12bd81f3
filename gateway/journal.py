"""The recent answered requests, in memory, bounded in number and in bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from cassettes.exchange import Headers, Request, header
from gateway.mode import Breached, Source


class Entry(NamedTuple):
    """One answered request: `request.body` and `body` are bounded copies, `seconds` the time it took.

    `was_cut` says that the request's body was longer than its copy. `table` gives the route table that answered, while
    that is kept: a weak reference, so that old definitions do not stay in memory. `breaches` are those of a contract.
    """

    trace: bytes
    at: float
    seconds: float
    request: Request
    route: str
    mode: str
    source: Source
    status: int
    headers: Headers
    body: bytes
    note: str
    was_cut: bool = False
    table: Callable[[], Any] = lambda: None
    breaches: tuple[Breached, ...] = ()

    @property
    def truncated(self) -> bool:
        """Whether the request had more of a body than the copy holds: too long, or nobody read it."""
        if self.was_cut:
            return True
        headers, kept = self.request.headers, len(self.request.body)
        length = header(headers, b"content-length")
        if length is not None:
            return length.isdigit() and int(length[:20]) > kept
        return not kept and header(headers, b"transfer-encoding") is not None


@dataclass(frozen=True, slots=True)
class JournalLimits:
    """How much is kept: entries, bytes of bodies and heads together, bytes of one body."""

    entries: int = 1000
    total_bytes: int = 16 << 20
    body_bytes: int = 16 << 10


class Journal:
    """A ring of entries; adding costs no formatting."""

    def __init__(self, limits: JournalLimits = JournalLimits()) -> None:  # frozen value
        self.limits = limits
        self._ring: deque[tuple[Entry, int]] = deque()
        self._bytes = 0

    def add(self, entry: Entry) -> None:
        """Keep an entry, and let the oldest go where there are too many or they weigh too much."""
        ring, limits = self._ring, self.limits
        weight = _weight(entry)
        ring.append((entry, weight))
        self._bytes += weight
        while len(ring) > limits.entries or self._bytes > limits.total_bytes:
            self._bytes -= ring.popleft()[1]

    def __len__(self) -> int:
        return len(self._ring)

    def __iter__(self) -> Iterator[Entry]:
        """Give the entries, the newest first."""
        return (entry for entry, _ in reversed(tuple(self._ring)))

    def find(self, trace: bytes) -> Entry | None:
        """Give the entry of a trace id, if it is still kept."""
        return next((entry for entry in self if entry.trace == trace), None)

    def has_room_for(self, request: Request) -> bool:
        """Say whether a request has a body, and one that can be kept whole."""
        length = header(request.headers, b"content-length") or b""
        return length.isdigit() and 0 < int(length[:20]) <= self.limits.body_bytes

    def discard(self, unwanted: Callable[[Entry], bool]) -> int:
        """Forget the entries of which this is true, and say how many they were."""
        kept = [item for item in self._ring if not unwanted(item[0])]
        gone = len(self._ring) - len(kept)
        self._ring = deque(kept)
        self._bytes = sum(weight for _, weight in kept)
        return gone

    def clear(self) -> None:
        """Forget everything."""
        self._ring.clear()
        self._bytes = 0


def _weight(entry: Entry) -> int:
    # 64 bytes a header is a fair guess; measuring each one would cost more than the answer itself.
    request = entry.request
    heads = 64 * len(request.headers) + 512 * len(entry.breaches)
    return 512 + len(request.target) + len(request.body) + len(entry.body) + heads

"""State in this process's memory: never waits, bounded, gone when the process ends."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.errors import StateError
from gateway.state import Kind
from gateway.states.values import another_kind, checked_ttl, decode, encode, same, summed
from gateway.view import MISSING

MOST_ITEMS: Final = 1_000_000
MOST_BYTES: Final = 256 << 20
_LEAST_WRITES_BETWEEN_SWEEPS: Final = 1024
_LEAST_S_BETWEEN_SWEEPS: Final = 0.5


@dataclass(slots=True)
class _Entry:
    """What one key holds, as JSON, and the clock's time at which it ends."""

    kind: Kind
    content: Any
    ends: float | None = None

    @property
    def items(self) -> int:
        return 1 if self.kind == "value" else len(self.content)

    @property
    def size(self) -> int:
        if self.kind == "value":
            return len(self.content)
        if self.kind == "list":
            return sum(map(len, self.content))
        return sum(len(field) + len(raw) for field, raw in self.content.items())


class MemoryBackend:
    """Values are kept as JSON, so that nobody can change one from outside. `clock` gives seconds that only grow.

    Raises StateError where more than `most_items` values, or `most_bytes` of JSON, would have to be kept.
    """

    immediate = True

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        most_items: int = MOST_ITEMS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._clock = clock
        self._most_items = most_items
        self._most_bytes = most_bytes
        self._entries: dict[str, _Entry] = {}
        self._items = 0
        self._bytes = 0
        self._writes = 0
        self._now = clock()
        self._swept = self._now - _LEAST_S_BETWEEN_SWEEPS

    async def kind(self, key: str) -> Kind | None:
        entry = self._entry(key)
        return entry.kind if entry is not None else None

    async def get(self, key: str) -> Any:
        entry = self._find(key, "value")
        return decode(entry.content) if entry is not None else MISSING

    async def set(self, key: str, value: Any, ttl_s: float | None = None) -> None:
        raw = encode(key, value)
        checked_ttl(key, ttl_s)
        old = self._entry(key)
        self._put_value(key, old, raw, self._end(ttl_s))

    async def delete(self, key: str) -> bool:
        entry = self._entry(key)
        if entry is None:
            return False
        self._drop(key, entry)
        return True

    async def incr(self, key: str, by: int = 1, ttl_s: float | None = None) -> int:
        checked_ttl(key, ttl_s)
        entry = self._find(key, "value")
        number = summed(key, decode(entry.content) if entry is not None else 0, by)
        self._put_value(key, entry, b"%d" % number, self._end(ttl_s, entry))
        return number

    async def compare_and_set(self, key: str, expected: Any, value: Any, ttl_s: float | None = None) -> bool:
        raw = encode(key, value)
        checked_ttl(key, ttl_s)
        entry = self._find(key, "value")
        if not _is(key, entry.content if entry is not None else None, expected):
            return False
        self._put_value(key, entry, raw, self._end(ttl_s, entry))
        return True

    async def push(self, key: str, value: Any, ttl_s: float | None = None) -> int:
        raw = encode(key, value)
        checked_ttl(key, ttl_s)
        entry = self._find(key, "list")
        self._grow(1, len(raw) + (len(key) if entry is None else 0))
        if entry is None:
            entry = self._entries[key] = _Entry("list", deque())
        entry.content.append(raw)
        entry.ends = self._end(ttl_s, entry)
        return len(entry.content)

    async def pop(self, key: str, *, first: bool = False) -> Any:
        entry = self._find(key, "list")
        if entry is None:
            return MISSING
        raw = entry.content.popleft() if first else entry.content.pop()
        self._shrink(key, entry, len(raw))
        return decode(raw)

    async def items(self, key: str) -> list[Any]:
        entry = self._find(key, "list")
        return [decode(raw) for raw in entry.content] if entry is not None else []

    async def put(self, key: str, field: str, value: Any) -> bool:
        raw = encode(key, value)
        entry = self._find(key, "table")
        old = entry.content.get(field) if entry is not None else None
        self._put_field(key, entry, field, old, raw)
        return old is None

    async def add(self, key: str, field: str, value: Any) -> bool:
        return await self.swap(key, field, MISSING, value)

    async def take(self, key: str, field: str) -> Any:
        entry = self._find(key, "table")
        raw = entry.content.get(field) if entry is not None else None
        return decode(raw) if raw is not None else MISSING

    async def remove(self, key: str, field: str) -> bool:
        entry = self._find(key, "table")
        raw = entry.content.pop(field, None) if entry is not None else None
        if entry is None or raw is None:
            return False
        self._shrink(key, entry, len(field) + len(raw))
        return True

    async def swap(self, key: str, field: str, expected: Any, value: Any) -> bool:
        raw = encode(key, value) if value is not MISSING else b""
        entry = self._find(key, "table")
        old = entry.content.get(field) if entry is not None else None
        if not _is(key, old, expected):
            return False
        if value is MISSING:
            return await self.remove(key, field) or old is None
        self._put_field(key, entry, field, old, raw)
        return True

    async def fill(self, key: str, fields: Mapping[str, Any], *, anew: bool = False) -> bool:
        content = {field: encode(key, value) for field, value in fields.items()}
        entry = self._entry(key) if anew else self._find(key, "table")
        if entry is not None and not anew:
            return False
        if content:
            made = _Entry("table", content)
            old_items, old_size = (entry.items, entry.size) if entry is not None else (0, -len(key))
            self._grow(made.items - old_items, made.size - old_size)
            self._entries[key] = made
        elif entry is not None:
            self._drop(key, entry)
        return True

    async def table(self, key: str, prefix: str = "") -> dict[str, Any]:
        entry = self._find(key, "table")
        if entry is None:
            return {}
        content = entry.content
        if prefix:
            content = {field: raw for field, raw in content.items() if field.startswith(prefix)}
        # One text is read in less time than its parts.
        return dict(zip(content, decode(b"[%b]" % b",".join(content.values())), strict=True))

    async def keys(self, prefix: str = "", limit: int = 1000) -> Sequence[str]:
        self._sweep(self._clock())
        return sorted(key for key in self._entries if key.startswith(prefix))[:limit]

    async def clear(self, prefix: str = "") -> int:
        gone = await self.keys(prefix, len(self._entries))
        for key in gone:
            self._drop(key, self._entries[key])
        return len(gone)

    async def close(self) -> None:
        """Keep everything: a gateway that begins again in this process finds it."""

    def _entry(self, key: str) -> _Entry | None:
        self._now = self._clock()
        entry = self._entries.get(key)
        if entry is not None and entry.ends is not None and entry.ends <= self._now:
            self._drop(key, entry)
            return None
        return entry

    def _find(self, key: str, kind: Kind) -> _Entry | None:
        entry = self._entry(key)
        if entry is not None and entry.kind != kind:
            raise another_kind(key, kind)
        return entry

    def _end(self, ttl_s: float | None, entry: _Entry | None = None) -> float | None:
        if ttl_s is not None:
            return self._now + ttl_s
        return entry.ends if entry is not None else None

    def _put_value(self, key: str, old: _Entry | None, raw: bytes, ends: float | None) -> None:
        if old is None:
            self._grow(1, len(key) + len(raw))
        else:
            self._grow(1 - old.items, len(raw) - old.size)
        self._entries[key] = _Entry("value", raw, ends)

    def _put_field(self, key: str, entry: _Entry | None, field: str, old: bytes | None, raw: bytes) -> None:
        if old is not None:
            self._grow(0, len(raw) - len(old))
        else:
            self._grow(1, len(field) + len(raw) + (len(key) if entry is None else 0))
        if entry is None:
            entry = self._entries[key] = _Entry("table", {})
        entry.content[field] = raw

    def _grow(self, items: int, size: int) -> None:
        self._writes += 1
        if self._writes > max(_LEAST_WRITES_BETWEEN_SWEEPS, len(self._entries)):
            self._sweep(self._now)
        if self._is_too_much(items, size):
            # A sweep over a million keys takes 0.1 s: not for each of many writes.
            if self._now >= self._swept + _LEAST_S_BETWEEN_SWEEPS:
                self._sweep(self._now)
            if self._is_too_much(items, size):
                raise StateError(
                    f"the memory for state is full ({self._items} values, {self._bytes} bytes): reset what is not "
                    "needed, let keys expire, or keep state in SQLite or Redis"
                )
        self._items += items
        self._bytes += size

    def _is_too_much(self, items: int, size: int) -> bool:
        too_many = items > 0 and self._items + items > self._most_items
        return too_many or (size > 0 and self._bytes + size > self._most_bytes)

    def _shrink(self, key: str, entry: _Entry, size: int) -> None:
        self._items -= 1
        self._bytes -= size
        if not entry.content:
            self._bytes -= len(key)
            del self._entries[key]

    def _drop(self, key: str, entry: _Entry) -> None:
        self._items -= entry.items
        self._bytes -= entry.size + len(key)
        del self._entries[key]

    def _sweep(self, now: float) -> None:
        self._writes = 0
        self._swept = now
        ended = [(key, entry) for key, entry in self._entries.items() if entry.ends is not None and entry.ends <= now]
        for key, entry in ended:
            self._drop(key, entry)


def _is(key: str, found: bytes | None, expected: Any) -> bool:
    if expected is MISSING or found is None:
        return expected is MISSING and found is None
    return same(found, encode(key, expected))

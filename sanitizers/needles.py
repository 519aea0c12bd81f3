"""Needles: all secrets seen so far, sought at once and in all their variants."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, NamedTuple

from ahocorasick_rs import BytesAhoCorasick

from sanitizers import kinds
from sanitizers.variants import variants, wide

if TYPE_CHECKING:
    from collections.abc import Iterable

_GROWTH: Final = (
    8  # a level is built anew when it would be this much larger, so each value is built in a few times only
)

_LONGEST_BYTES: Final = 64  # of a longer secret its end is sought: the end of a token is what makes it one


class _Level(NamedTuple):
    secrets: tuple[str, ...]
    owners: tuple[tuple[str, bool], ...]  # of each pattern: the secret, and whether it must stand alone
    automaton: BytesAhoCorasick


class Needles:
    """A growing set of secrets; adding is amortised, searching does not wait for adding.

    Keeps the newest `limit` secrets, about 2 KB each.
    """

    def __init__(self, limit: int = 20_000, *, with_wide: bool = False) -> None:
        self._limit = limit
        self._with_wide = with_wide
        self._lock = threading.Lock()
        self._known: dict[str, None] = {}
        self._levels: tuple[_Level, ...] = ()

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return f"Needles({len(self._known)})"

    def add(self, secrets: Iterable[str]) -> None:
        """Seek these from now on."""
        with self._lock:
            fresh = [secret for secret in dict.fromkeys(secrets) if secret and secret not in self._known]
            if not fresh:
                return
            self._known.update(dict.fromkeys(fresh))
            for old in list(self._known)[: max(0, len(self._known) - self._limit)]:
                del self._known[old]
            levels = list(self._levels)
            while levels and len(levels[-1].secrets) < _GROWTH * len(fresh):
                fresh = [*(secret for secret in levels.pop().secrets if secret in self._known), *fresh]
            self._levels = (*levels, self._build(fresh))

    def found(self, data: bytes) -> set[str]:
        """Give the secrets of which some variant stands in `data`."""
        seen: set[str] = set()
        for level in self._levels:
            for index, start, end in level.automaton.find_matches_as_indexes(data, overlapping=True):
                secret, alone = level.owners[index]
                if secret in seen or secret not in self._known:
                    continue
                if not alone or _stands_alone(data, start, end):
                    seen.add(secret)
        return seen

    def _build(self, secrets: list[str]) -> _Level:
        patterns: list[bytes] = []
        owners: list[tuple[str, bool]] = []
        for secret in secrets:
            forms = variants(secret) | (wide(secret) if self._with_wide else {})
            alone = kinds.needs_borders(secret)
            patterns += [form[-_LONGEST_BYTES:] for form in forms.values()]
            owners += [(secret, alone and name == "raw") for name in forms]
        return _Level(tuple(secrets), tuple(owners), BytesAhoCorasick(patterns))


def _stands_alone(data: bytes, start: int, end: int) -> bool:
    return not data[start - 1 : start].isalnum() and not data[end : end + 1].isalnum()

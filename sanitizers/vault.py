"""The vault: which stand-in belongs to which value, which values are stand-ins already, in memory only."""

from __future__ import annotations

import threading
from itertools import islice
from typing import Final, Protocol

from sanitizers import kinds
from sanitizers.pseudonym import canonical, is_blank, pseudonym

_ATTEMPTS: Final = 64


class StandIns(Protocol):
    """What a walk asks about values and what stands for them."""

    def stand_in(self, raw: str, /) -> str:
        """Give what is to stand for `raw`; `raw` itself where nothing is to be done."""

    def is_stand_in(self, value: str, /) -> bool:
        """Say whether `value` stands for another already."""

    def keep(self, raw: str, made: str, /) -> str:
        """Take note that `made` stands for `raw`; gives the one to use."""

    def recognised(self, raw: str, /) -> str | None:
        """Give what stands for `raw` in a stored exchange, or None."""

    def told(self, kind: str, value: str, /) -> None:
        """Take note that a rule saw a value of this kind."""


class Learner:
    """Takes every sensitive value of a cleaned exchange for the stand-in that it is, and leaves it."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def stand_in(self, raw: str) -> str:
        self._vault.learn(raw)
        return raw

    def is_stand_in(self, _value: str, /) -> bool:
        return False

    def keep(self, raw: str, _made: str, /) -> str:
        self._vault.learn(raw)
        return raw

    def recognised(self, _raw: str, /) -> str | None:
        return None

    def told(self, kind: str, value: str, /) -> None:
        if kinds.is_sought(kind, value):
            self._vault.learn_sought(value)


class Vault:
    """Hands out one stand-in per value, never the same for two values, and leaves stand-ins alone.

    Keeps at most `limit` values and forgets the oldest; forgetting only costs the protection from collisions, since
    a stand-in depends on the key and the value alone.
    """

    def __init__(self, key: bytes, limit: int = 100_000) -> None:
        self._key = key
        self._limit = limit
        self._lock = threading.Lock()
        self._made: dict[str, str] = {}
        self._owners: dict[str, str] = {}
        self._learned: dict[str, None] = {}
        self._learned_sought: dict[str, None] = {}

    def __repr__(self) -> str:
        return f"Vault({len(self._made)} values, {len(self._learned)} learned)"

    def stand_in(self, raw: str) -> str:
        """Give the value that stands for `raw`; `raw` itself where it is a stand-in or says nothing."""
        made = self._made.get(raw)
        if made is not None:
            return made
        if self.is_stand_in(raw) or is_blank(raw):
            return raw
        with self._lock:
            made = self._choose(raw)
            self._made[raw] = made
            self._trim()
        return made

    def is_stand_in(self, value: str) -> bool:
        """Say whether `value` was handed out or learned."""
        plain = canonical(value)
        return plain in self._learned or plain in self._owners

    @property
    def has_learned(self) -> bool:
        """Whether any stand-in of a stored exchange is known."""
        return bool(self._learned)

    def stored_stand_in(self, raw: str) -> str | None:
        """Give the stand-in of `raw` if a stored exchange has it in any place, or None."""
        made = pseudonym(self._key, raw)
        return made if made != raw and canonical(made) in self._learned else None

    def learn(self, value: str) -> None:
        """Remember a stand-in that stands in a stored exchange."""
        with self._lock:
            self._add(self._learned, value)

    def learn_sought(self, value: str) -> None:
        """Remember a stored stand-in whose owner was searched for in every place, and so is recognised in every one."""
        with self._lock:
            self._add(self._learned_sought, value)

    def _add(self, known: dict[str, None], value: str) -> None:
        known[canonical(value)] = None
        if len(known) > 4 * self._limit:
            for old in list(islice(known, self._limit)):
                del known[old]

    def told(self, _kind: str, _value: str, /) -> None:
        """Do nothing: what is handed out is remembered already."""

    def keep(self, raw: str, made: str) -> str:
        """Remember a stand-in that was composed elsewhere (a rewritten JWT); gives the one to use."""
        with self._lock:
            self._owners.setdefault(canonical(made), canonical(raw))
            return self._made.setdefault(raw, made)

    def recognised(self, raw: str) -> str | None:
        """Give the stand-in of `raw` if a stored exchange has it, so `raw` was found to be secret there."""
        if not self._learned_sought:
            return None
        made = pseudonym(self._key, raw)
        return made if made != raw and canonical(made) in self._learned_sought else None

    def _choose(self, raw: str) -> str:
        plain = canonical(raw)
        made = raw
        for attempt in range(_ATTEMPTS):
            before, made = made, pseudonym(self._key, raw, attempt)
            if made == before:
                return made  # a shape with a single stand-in
            new = canonical(made)
            if new == plain:
                continue
            if self._owners.setdefault(new, plain) == plain:
                return made
        return made

    def _trim(self) -> None:
        if len(self._made) <= self._limit:
            return
        for old in list(islice(self._made, self._limit // 4)):
            del self._made[old]
        for old in list(islice(self._owners, max(0, len(self._owners) - 2 * self._limit))):
            del self._owners[old]

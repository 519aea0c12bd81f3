"""The vault: which stand-in belongs to which value, which values are stand-ins already, in memory only."""

from __future__ import annotations

import threading
from itertools import islice
from typing import Final, Protocol

from sanitizers import kinds, shapes
from sanitizers.masks import Addresses, is_masked
from sanitizers.pseudonym import (
    canonical,
    composed,
    initial_pseudonym,
    is_blank,
    is_worded,
    pseudonym,
    word_pseudonym,
)
from sanitizers.wording import WORD, fold, reworded

_ATTEMPTS: Final = 64
_ASKED: Final = 8192
_LONGEST_STRANGER: Final = 256


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
        if kind == kinds.NAME:
            self._vault.learn_name(value)
            for word in WORD.findall(value):
                self._vault.learn(word)


class NameLearner(Learner):
    """Takes note of the persons' names of a stored exchange, and of nothing else: whether it was cleaned is open."""

    def stand_in(self, raw: str) -> str:
        return raw

    def keep(self, raw: str, _made: str, /) -> str:
        return raw

    def told(self, kind: str, value: str, /) -> None:
        if kind == kinds.NAME:
            self._vault.learn_name(value)


class Vault:
    """Hands out one stand-in per value, never the same for two values, and leaves stand-ins alone.

    Keeps at most `limit` values and forgets the oldest; forgetting only costs the protection from collisions, since
    a stand-in depends on the key and the value alone. Only what is shown of an address depends on which were seen.
    """

    def __init__(self, key: bytes, limit: int = 100_000) -> None:
        self._key = key
        self._limit = limit
        self._lock = threading.Lock()
        self._made: dict[str, str] = {}
        self._addresses = Addresses()
        self._owners: dict[str, str] = {}
        self._learned: dict[str, None] = {}
        self._learned_sought: dict[str, None] = {}
        self._strangers: set[str] = set()
        self._words: dict[str, str] = {}
        self._learned_names: dict[str, None] = {}
        self._asked: dict[str, bool] = {}

    def __repr__(self) -> str:
        return f"Vault({len(self._made)} values, {len(self._learned)} learned)"

    def stand_in(self, raw: str) -> str:
        """Give the value that stands for `raw`; `raw` itself where it is a stand-in or says nothing."""
        if "@" in raw:
            return self._stand_in_of_address(raw)
        made = self._made.get(raw)
        if made is not None:
            return made
        if self.is_stand_in(raw) or is_blank(raw):
            return raw
        with self._lock:
            return self._fresh(raw)

    def _stand_in_of_address(self, raw: str) -> str:
        """Give that of an address; where it is masked the mask of the stand-in that its address has, if that is known.

        A stand-in that comes again is an address, too, of which something may be shown.
        """
        if is_blank(raw):
            return raw
        with self._lock:
            masked = is_masked(raw)
            made = self._made.get(raw) if not masked else None
            if made is None and self.is_stand_in(raw):
                made = raw
            if made is None and masked:
                made = self._addresses.masked(composed(raw))
                if made is not None:
                    self._owners.setdefault(canonical(made), canonical(raw))
            if made is None:
                made = self._fresh(raw)
            if shapes.is_email(canonical(raw)) and not masked:
                self._addresses.see(canonical(raw), made)
        return made

    def _fresh(self, raw: str) -> str:
        made = self._made.get(raw)
        if made is None:
            made = self._made[raw] = self._reword(raw) if is_worded(composed(raw)) else self._choose(raw)
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
            self._strangers.clear()

    def learn_name(self, value: str) -> None:
        """Remember the words of a person's stored name, so that their owners are recognised wherever they stand."""
        with self._lock:
            for word in WORD.findall(value):
                self._add(self._learned_names, word)
            self._asked.clear()
            self._words.clear()

    def share_names(self, other: Vault) -> None:
        """Recognise the names that another vault does."""
        self._learned_names = other._learned_names
        self._asked = other._asked

    @property
    def knows_names(self) -> bool:
        """Say whether names of stored exchanges were learned."""
        return bool(self._learned_names)

    def is_name(self, word: str) -> bool:
        """Say whether a word in small letters is, by its stand-in, part of a person's name in a stored exchange."""
        if not self._learned_names:
            return False
        known = self._asked.get(word)
        if known is None:
            known = word_pseudonym(self._key, word) in self._learned_names
            if len(self._asked) >= _ASKED:
                self._asked.clear()
            self._asked[word] = known
        return known

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
        if raw in self._strangers:
            return None
        made = pseudonym(self._key, raw)
        if made != raw and canonical(made) in self._learned_sought:
            return made
        if len(self._strangers) >= _ASKED:
            self._strangers.clear()
        if len(raw) <= _LONGEST_STRANGER:
            self._strangers.add(raw)
        return None

    def _reword(self, raw: str) -> str:
        made = reworded(composed(raw), self._word, self._initial)
        if made != raw:
            self._owners.setdefault(canonical(made), canonical(raw))
        return made

    def _word(self, plain: str) -> str:
        made = self._words.get(plain)
        if made is None:
            made = plain if self.is_stand_in(plain) else self._chosen_word(plain)
            self._words[plain] = made
        return made

    def _chosen_word(self, plain: str) -> str:
        made = plain
        for attempt in range(_ATTEMPTS):
            made = word_pseudonym(self._key, plain, attempt)
            if made != plain and self._owners.setdefault(fold(made), plain) == plain:
                break
        return made

    def _initial(self, letter: str, near: str) -> str:
        return letter if self.is_stand_in(near) else initial_pseudonym(self._key, letter, near)

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
        self._words.clear()
        for old in list(islice(self._owners, max(0, len(self._owners) - 2 * self._limit))):
            del self._owners[old]

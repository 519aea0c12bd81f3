"""Needles: all secrets seen so far, sought at once and in all their variants."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from sanitizers import kinds
from sanitizers.variants import variants, wide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_YOUNG: Final = 12  # so few are sought one by one: building an automaton costs 20 microseconds a secret
_LONGEST_BYTES: Final = 24  # of a longer secret its end is sought: the end of a token is what makes it one


class Form(NamedTuple):
    """One way in which a secret is written: what is sought, and what else must be so where it is found."""

    secret: str
    pattern: bytes
    stands: Callable[[bytes, int, int], bool] | None = None
    whole: bytes = b""  # all of it, where the pattern is an end that others have too: `-----END PRIVATE KEY-----`


class _Level(NamedTuple):
    forms: tuple[Form, ...]
    size: int
    automaton: BytesAhoCorasick


class _Index(NamedTuple):
    levels: tuple[_Level, ...] = ()
    young: tuple[Form, ...] = ()
    young_size: int = 0


class Needles:
    """A growing set of secrets; adding is amortised over few rebuilds, and searching does not wait for adding.

    Keeps the newest `limit` secrets, about 2 KB each.
    """

    def __init__(self, limit: int = 20_000, forms: Callable[[str], list[Form]] | None = None) -> None:
        self._limit = limit
        self._forms = forms or written_forms
        self._lock = threading.Lock()
        self._known: dict[str, None] = {}
        self._index = _Index()

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return f"Needles({len(self._known)})"

    def add(self, secrets: Iterable[str]) -> None:
        """Seek these from now on."""
        fresh = [secret for secret in dict.fromkeys(secrets) if secret and secret not in self._known]
        if not fresh:
            return
        with self._lock:
            self._known.update(dict.fromkeys(fresh))
            for old in list(self._known)[: max(0, len(self._known) - self._limit)]:
                del self._known[old]
            levels, young, size = self._index
            young += tuple(form for secret in fresh for form in self._forms(secret))
            size += len(fresh)
            self._index = _Index(levels, young, size) if size <= _YOUNG else _Index(self._grown(levels, young, size))

    def found(self, data: bytes) -> set[str]:
        """Give the secrets of which some variant stands in `data`."""
        levels, young, _ = self._index
        seen = {form.secret for form in young if _stands(data, form)}
        for level in levels:
            for index, start, end in level.automaton.find_matches_as_indexes(data, overlapping=True):
                form = level.forms[index]
                if form.secret not in seen and _is_it(data, start, end, form):
                    seen.add(form.secret)
        return {secret for secret in seen if secret in self._known}

    def _grown(self, levels: tuple[_Level, ...], young: tuple[Form, ...], size: int) -> tuple[_Level, ...]:
        """Merge the smaller levels into a new one, so that there are few and each secret moves seldom."""
        forms, kept = list(young), list(levels)
        while kept and kept[-1].size <= 2 * size:
            level = kept.pop()
            forms += (form for form in level.forms if form.secret in self._known)
            size += level.size
        patterns = [form.pattern for form in forms]
        automaton = BytesAhoCorasick(patterns, implementation=Implementation.ContiguousNFA)
        return (*kept, _Level(tuple(forms), size, automaton))


def written_forms(secret: str) -> list[Form]:
    """Give all the ways in which a secret may be written."""
    alone = kinds.needs_borders(secret)
    forms = variants(secret) | wide(secret)
    alone = alone and len(secret) <= _LONGEST_BYTES
    made = []
    for name, form in forms.items():
        end = form[-_LONGEST_BYTES:]
        # The end of an address is its domain, which others have, too, and which stands in many places.
        is_shared = "@" in secret or not kinds.is_opaque(end.decode("latin-1"))
        whole = form if len(form) > len(end) and is_shared else b""
        made.append(Form(secret, end, _is_alone if alone and name == "raw" else None, whole))
    return made


def _stands(data: bytes, form: Form) -> bool:
    start = data.find(form.pattern)
    while start >= 0:
        end = start + len(form.pattern)
        if _is_it(data, start, end, form):
            return True
        start = data.find(form.pattern, end)
    return False


def _is_it(data: bytes, start: int, end: int, form: Form) -> bool:
    if form.whole:
        return data.endswith(form.whole, 0, end)
    return form.stands is None or form.stands(data, start, end)


def _is_alone(data: bytes, start: int, end: int) -> bool:
    return not data[max(0, start - 1) : start].isalnum() and not data[end : end + 1].isalnum()

"""Seeds: which items were there before anything was recorded, told from what was read and had not been made."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Final

from cassettes.conventions import part_by_name
from recorder.synthesis.samples.pages import is_a_page
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, as_text, canon, common, is_number, leaves, same

_SEVERAL: Final = 3
_PARTS: Final = ("limit", "number", "offset", "cursor")
"""Parameters that say which part of a list is shown, and not what of it or in which order."""
_MADE_UP: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:\d\d)?|[0-9a-f]{8,}|[\w-]*\d[\w-]{5,}", re.IGNORECASE
)
Held = dict[str, dict[str, Any]]
"""Items by collection and key."""
Versions = list[tuple[int, Any]]
"""What was seen of an item, each with the session."""


class Sightings:
    """What sessions made, found and listed of each collection."""

    def __init__(self) -> None:
        self._made: dict[str, dict[str, set[Hashable]]] = defaultdict(lambda: defaultdict(set))
        self._made_in: dict[tuple[int, str], set[str]] = defaultdict(set)
        self._found: dict[str, dict[str, list[tuple[int, Any]]]] = defaultdict(lambda: defaultdict(list))
        self._listed: dict[str, dict[int, list[str]]] = defaultdict(dict)
        self._orders: dict[str, dict[int, list[list[str]]]] = defaultdict(lambda: defaultdict(list))

    def note_made(self, session: int, name: str, key: str, item: Any) -> None:
        """Take note of an item that a session made or changed."""
        self._made[name][key].add(canon(item))
        self._made_in[session, name].add(key)

    def has_made(self, session: int, name: str, key: str) -> bool:
        """Tell whether a session made an item itself."""
        return key in self._made_in[session, name]

    def note_found(self, session: int, name: str, key: str, item: Any) -> None:
        """Take note of an item that was there; one that another session left behind just so is none."""
        if canon(item) not in self._made[name].get(key, ()):
            self._found[name][key].append((session, item))

    def note_rows(self, sample: Sample, name: str, keys: list[str]) -> None:
        """Take note of the rows of a list: all that there is, or a part of it in its order."""
        if not sample.parameters and not is_a_page(sample, len(keys)):
            self.note_listed(sample.session, name, keys)
        if all(part_by_name(one) in _PARTS for one in sample.parameters):
            self._orders[name][sample.session].append(keys)

    def note_listed(self, session: int, name: str, keys: list[str]) -> None:
        """Take note of all that there is, in its order, the first time that a session sees it, before it makes any."""
        if session not in self._listed[name] and not self._made_in[session, name]:
            self._listed[name][session] = keys

    def seeds(self, sessions: int) -> tuple[Held, dict[int, Held]]:
        """Give what was there before, and what only each session had from its start; there were so many sessions."""
        shared: Held = {}
        own: dict[int, Held] = {}
        for name, found in self._found.items():
            shared[name] = {
                key: _first([shown for _, shown in versions])
                for key, versions in self._in_order(name, found)
                if self._was_there(name, key, {session for session, _ in versions}, sessions)
            }
            if not shared[name]:
                alike = _alike_in_sessions(found)
                for session, items in alike.items():
                    own.setdefault(session, {})[name] = self._as_listed(name, session, items)
                if alike:
                    shared[name] = own[next(iter(alike))][name]
        return shared, own

    def _as_listed(self, name: str, session: int, items: dict[str, Any]) -> dict[str, Any]:
        """Give what a session had in the order in which lists show it, as far as they do."""
        places = _places(self._orders[name].get(session, ()))
        return dict(sorted(items.items(), key=lambda one: places.get(one[0], len(places))))

    def _in_order(self, name: str, found: Mapping[str, Versions]) -> list[tuple[str, Versions]]:
        """Give items in the order in which they are listed where nothing is asked for; others as they were seen.

        A session that made some of its own before it looked tells the order of the others as well.
        """
        whole = [keys for keys in self._listed[name].values() if keys]
        pages = [[key for key in keys if key in found] for some in self._orders[name].values() for keys in some]
        places = _places(whole or pages)
        return sorted(found.items(), key=lambda one: places.get(one[0], len(places)))

    def _was_there(self, name: str, key: str, finders: set[int], sessions: int) -> bool:
        """Tell whether an item was there before all sessions: no session listed everything first without it."""
        if self._made[name] and sessions > _SEVERAL and len(finders) < 2:
            return False  # one session's own, made in a way that its answers did not show
        return all(key in shown or session in finders for session, shown in self._listed[name].items())


def _places(orders: Iterable[Sequence[str]]) -> dict[str, int]:
    """Give the places of keys in an order that the longest list tells, and others where they go on from it."""
    made: list[str] = []
    known: set[str] = set()
    for keys in sorted(orders, key=len, reverse=True):
        at = len(made)
        for key in keys:
            if key in known:
                at = made.index(key) + 1
                continue
            made.insert(at, key)
            known.add(key)
            at += 1
    return {key: place for place, key in enumerate(made)}


def _first(versions: Sequence[Any]) -> Any:
    """Give what an item was at first: as it was shown most fully, with what most sessions saw of it at first.

    A session may have changed it before it looked, in a way that nothing told.
    """
    fullest = common(_fullest(versions))
    if not isinstance(fullest, dict):
        return fullest
    agreed = {
        name: _agreed([one[name] for one in versions if isinstance(one, dict) and name in one]) for name in fullest
    }
    known = {name: value for name, value in agreed.items() if value is not MISSING}
    if all(same(fullest[name], value) or not _alike(fullest[name], value) for name, value in known.items()):
        return fullest
    best = max(_fullest(versions), key=lambda one: sum(same(one[name], value) for name, value in known.items()))
    return {name: known[name] if _alike(value, known.get(name, MISSING)) else value for name, value in best.items()}


def _agreed(values: Sequence[Any]) -> Any:
    """Give the value that most saw, several at least, else MISSING."""
    value = common(values)
    count = sum(same(one, value) for one in values)
    return value if count >= _SEVERAL and count * 2 > len(values) else MISSING


def _alike(one: Any, other: Any) -> bool:
    """Tell whether both are of one form: a list may show less of a member, as the beginning of a text."""
    if isinstance(one, str) and isinstance(other, str):
        alike = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))
        return alike * 2 < min(len(one), len(other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys()
    return isinstance(one, bool) is isinstance(other, bool) and is_number(one) and is_number(other)


def _fullest(versions: Sequence[Any]) -> list[Any]:
    """Give those of the versions of an item that show most of it: lists often show less than the item itself."""
    most = max((len(one) for one in versions if isinstance(one, dict)), default=0)
    return [one for one in versions if not isinstance(one, dict) or len(one) == most]


def _alike_in_sessions(found: Mapping[str, list[tuple[int, Any]]]) -> dict[int, dict[str, Any]]:
    """Give what each session had, the fullest first, where they differ only in what is made up at a start.

    What a session did not look at it had all the same, as the fullest one shows it.
    """
    sessions: dict[int, dict[str, Any]] = defaultdict(dict)
    for key, versions in found.items():
        for session, shown in versions:
            sessions[session].setdefault(key, shown)
    seen: dict[str, set[int]] = defaultdict(set)
    for session, items in sessions.items():
        for item in items.values():
            seen[_outline(item)].add(session)
    known = {one for one, where in seen.items() if len(where) >= _SEVERAL and len(where) * 4 >= len(sessions)}
    if not known:
        return {}
    kept = {
        session: {key: item for key, item in items.items() if _outline(item) in known}
        for session, items in sessions.items()
    }
    fullest = max(kept, key=lambda session: len(kept[session]))
    made = {fullest: kept[fullest]}
    for session, items in kept.items():
        there = set(map(_outline, items.values()))
        made[session] = {key: item for key, item in kept[fullest].items() if _outline(item) not in there} | items
    return made


def _outline(item: Any) -> str:
    """Give an item as text, without ids and times."""
    if not isinstance(item, dict):
        return "[]"
    return repr(sorted({str(name): _MADE_UP.sub("#", as_text(value)) for name, value in leaves(item)}.items()))

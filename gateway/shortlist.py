"""The routes of one path, arranged so that those which differ in one value are looked up and not tried in turn."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Final, TypeAlias

from cassettes.exchange import header_values
from gateway.matchers import equality_value
from gateway.route import Key, Route
from gateway.view import MISSING, RequestView

Entry: TypeAlias = tuple[int, Route]
"""A route and its place in the table: the smaller answers."""
Read: TypeAlias = Callable[[RequestView], Iterable[Hashable]]

LAST: Final = sys.maxsize
_WORTH: Final = 4
"""From so many routes on that a value tells apart, looking it up costs less than trying them."""


class Lookup:
    """Routes by the value that they ask for at one place of the request; `first` is the best one's place."""

    __slots__ = ("first", "read", "routes")

    def __init__(self, key: Key) -> None:
        self.first = LAST
        self.read = _reader(key)
        self.routes: dict[Hashable, list[Entry]] = {}

    def add(self, value: Hashable, entry: Entry) -> None:
        """Take in a route; the best come first."""
        self.first = min(self.first, entry[0])
        self.routes.setdefault(value, []).append(entry)


class Shortlist:
    """The routes of one path and method, the best first.

    `free` is the best entry where it has no predicates; `sure` is its route where no other path can beat it either.
    `first_body` is the place of the first entry that compares bodies.
    """

    __slots__ = ("entries", "first_body", "free", "lookups", "sure", "tried")

    def __init__(self, entries: Sequence[Entry], *, is_final: bool) -> None:
        self.entries: Final = tuple(entries)
        self.first_body: Final = next((place for place, route in entries if route.compares_body), LAST)
        self.free: Final = entries[0] if entries and not entries[0][1].predicates else None
        self.sure: Final = self.free[1] if is_final and self.free is not None else None
        self.tried, self.lookups = _arranged(self.entries)

    def best(self, view: RequestView, limit: int = LAST) -> Entry | None:
        """Give the best entry whose predicates hold and whose place is below `limit`."""
        free = self.free
        if free is not None:
            return free if free[0] < limit else None
        best: Entry | None = None
        for entry in self.tried:
            if entry[0] >= limit:
                break
            if entry[1].holds(view):
                best, limit = entry, entry[0]
                break
        for lookup in self.lookups:
            if lookup.first >= limit:
                continue
            for value in lookup.read(view):
                for entry in lookup.routes.get(value, ()):
                    if entry[0] >= limit:
                        break
                    if entry[1].holds(view):
                        best, limit = entry, entry[0]
                        break
        return best


class Choice:
    """The routes of one path, by method; `entries` are all of them."""

    __slots__ = ("by_method", "entries", "other")

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.by_method: dict[str, Shortlist] = {}
        self.other = _NONE

    def seal(self, final_priority: float = float("-inf")) -> None:
        """Arrange the entries; one whose negated priority is at most `final_priority` is beaten by no other path."""
        methods = frozenset[str]().union(*(route.methods for _, route in self.entries if route.methods is not None))
        for method in methods:
            fitting = [entry for entry in self.entries if entry[1].methods is None or method in entry[1].methods]
            self.by_method[method] = _listed(fitting, final_priority)
        open_to_all = [entry for entry in self.entries if entry[1].methods is None]
        self.other = _listed(open_to_all, final_priority) if open_to_all else _NONE


def _listed(entries: Sequence[Entry], final_priority: float) -> Shortlist:
    return Shortlist(entries, is_final=entries[0][1].rank[0] <= final_priority)


def _arranged(entries: tuple[Entry, ...]) -> tuple[tuple[Entry, ...], tuple[Lookup, ...]]:
    if len(entries) < _WORTH:
        return entries, ()
    values: dict[Key, set[Hashable]] = {}
    for _, route in entries:
        for key, value in route.lookups:
            values.setdefault(key, set()).add(value)
    tried: list[Entry] = []
    lookups: dict[Key, Lookup] = {}
    for entry in entries:
        told_apart = [(len(values[key]), place) for place, (key, _) in enumerate(entry[1].lookups)]
        most, place = max(told_apart, default=(0, 0))
        if most < _WORTH:
            tried.append(entry)
            continue
        key, value = entry[1].lookups[place]
        lookup = lookups.get(key) or lookups.setdefault(key, Lookup(key))
        lookup.add(value, entry)
    return tuple(tried), tuple(lookups.values())


def _reader(key: Key) -> Read:
    match key:
        case ("header", str(name)):
            wire_name = name.encode()
            return lambda view: header_values(view.request.headers, wire_name)
        case ("query", str(name)):
            return lambda view: view.query.get(name, ())
        case _:
            return _json_reader(key[1:])


def _json_reader(steps: tuple[str | int, ...]) -> Read:
    def read(view: RequestView) -> Iterable[Hashable]:
        found: Any = view.json
        for step in steps:
            if isinstance(found, dict) and isinstance(step, str):
                found = found.get(step, MISSING)
            elif isinstance(found, list) and isinstance(step, int) and -len(found) <= step < len(found):
                found = found[step]
            else:
                return ()
        if found is MISSING:
            return ()
        value = equality_value(found)
        return () if value is None else (value,)

    return read


_NONE: Final = Shortlist((), is_final=False)

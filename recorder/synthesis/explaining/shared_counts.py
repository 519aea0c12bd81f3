"""Shared counts: numbers that writes to several kinds of things count on together, as one sequence of a database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from recorder.synthesis.explaining.grounds import Case, Grounds, is_last_of
from recorder.synthesis.nodes.node import Chosen, MadeUp, Node, Said
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import canon, leaves
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal
from recorder.synthesis.terms.timeline import whole_number

_LEAST: Final = 3
"""So often has a write to be seen to go on where a write of another kind left off."""
_LARGE: Final = 100
"""From here on a number that goes on from that of another kind of thing does so by no chance."""
_DISTINCT: Final = 2
_MOSTLY: Final = 2
_STRAYS_OF: Final = 20
"""Of so many numbers one may be no next one: calls whose answers do not tell may count, too."""
_Write: TypeAlias = tuple[str, tuple[object, ...]]
"""An endpoint with where in its answers a number stands."""
_Told: TypeAlias = tuple[Scene, _Write, int]


class SharedCounts:
    """Finds the numbers, by the names of their members, that successful writes of a recording count on together."""

    def __init__(self, scenes: Iterable[Scene]) -> None:
        told: dict[str, dict[int, list[_Told]]] = defaultdict(lambda: defaultdict(list))
        for scene in sorted(scenes, key=lambda one: (one.sample.session, one.moment)):
            if scene.sample.succeeded:
                for name, where, number in _numbers(scene):
                    told[name][scene.sample.session].append((scene, (scene.endpoint.id, where), number))
        found = {name: _Count(name, sessions) for name, sessions in told.items() if _may_count(sessions)}
        self._counts: Mapping[str, _Count] = {name: count for name, count in found.items() if count.holds}

    def made(self, cases: Sequence[Case], name: str) -> MadeUp | None:
        """Explain numbers that are the next ones of a shared count, or the last one that was given so far."""
        count = self._counts.get(name)
        return count.made(cases) if count is not None else None

    def told(self, grounds: Grounds, cases: Sequence[Case], name: str, term: Term | None) -> Node | None:
        """Explain numbers by a shared count, where the `term` that fits them all is only one of what was made last."""
        made = self.made(cases, name)
        if made is not None and (term is None or is_last_of(term)):
            return made
        return self._told_at_times(grounds, cases, name) if term is None else None

    def _told_at_times(self, grounds: Grounds, cases: Sequence[Case], name: str) -> Node | None:
        """Explain numbers of which only some are the next ones: a write that changes nothing shows what was there."""
        count = self._counts.get(name)
        if count is None or any(whole_number(value) is None for _, value in cases):
            return None
        gives = count.gives(cases)
        given = [case for case, is_next in zip(cases, gives, strict=True) if is_next]
        rest = [case for case, is_next in zip(cases, gives, strict=True) if not is_next]
        made = count.made(given) if given and rest else None
        held = grounds.term(rest, name) if made is not None else None
        told = grounds.tell_apart(cases, gives) if held is not None else None
        if made is None or held is None or told is None:
            return replace(made, unknown=1) if made is not None and len(given) >= _MOSTLY * len(rest) else None
        return Chosen([(condition, made if label else Said(held)) for condition, label in told])


class _Count:
    """The numbers under one name: which answers gave the next one, and which was the last one before each call."""

    def __init__(self, name: str, sessions: Mapping[int, Sequence[_Told]]) -> None:
        self._name = name
        self._next: set[tuple[int, int]] = set()
        self._last: dict[int, int] = {}
        self._strays = self._handed_over = self._switched = 0
        self._shown: dict[_Write, set[int]] = defaultdict(set)
        self._given: dict[_Write, set[int]] = defaultdict(set)
        firsts = Counter(first for told in sessions.values() for first in [self._follow(told)] if first)
        self._start = max(firsts, key=lambda one: (firsts[one], one), default=0)

    def _follow(self, told: Sequence[_Told]) -> int:
        """Go through a session and give the number that its first write was given, 0 where none was."""
        first = last = 0
        by: _Write | None = None
        own: dict[_Write, int] = {}
        for scene, write, number in told:
            place = scene.sample.number
            self._last.setdefault(place, last)
            is_write = scene.sample.method not in READS
            if scene.sample.method == "POST":  # others give no number where they change nothing
                self._shown[write].add(place)
            if number <= last:
                continue
            if is_write and (not first or number == last + 1):
                self._next.add((place, number))
                self._given[write].add(place)
                is_other = by is not None and by[0] != write[0]
                self._handed_over += is_other and own.get(write, 0) not in (0, last)
                self._switched += is_other and last >= _LARGE
                first, by, own[write] = first or number, write, number
            elif first:
                self._strays += 1
            last = number
        return first

    @property
    def holds(self) -> bool:
        """Tell whether writes of several kinds were seen to count on, and none of them without."""
        strays = self._strays + sum(len(self._shown[one] - places) for one, places in self._given.items())
        is_seen = max(self._handed_over, self._switched) >= _LEAST
        return is_seen and strays * _STRAYS_OF <= len(self._next)

    def gives(self, cases: Sequence[Case]) -> list[bool]:
        """Tell in which cases the number is the next one."""
        return [(scene.sample.number, whole_number(value)) in self._next for scene, value in cases]

    def made(self, cases: Sequence[Case]) -> MadeUp | None:
        """Give the next number where nearly all cases have it, or the last one where all have that."""
        key, written = literal(f"{self._name}:count"), "({})" if isinstance(cases[0][1], int) else "({} | string)"
        before = self._start - 1
        if self.gives(cases).count(False) * _STRAYS_OF <= len(cases):
            return MadeUp(written.format(f"(state.incr({key}) + {before})"), "counter")
        are_last = all(whole_number(value) == self._last.get(scene.sample.number) for scene, value in cases)
        if are_last and len({canon(value) for _, value in cases}) >= _DISTINCT:
            return MadeUp(written.format(f"((state.get({key}) or 0) + {before})"), "counter")
        return None


def _numbers(scene: Scene) -> Iterator[tuple[str, tuple[object, ...], int]]:
    """Give the whole numbers in the answer of a scene, each with the name of its member and where it stands."""
    for path, value in leaves(scene.sample.answer_json):
        number = whole_number(value)
        if number and path and isinstance(path[-1], str):
            yield path[-1], tuple(None if isinstance(step, int) else step for step in path), number


def _may_count(sessions: Mapping[int, Sequence[_Told]]) -> bool:
    """Tell whether writes of several kinds show numbers under one name."""
    writes = {write[0] for told in sessions.values() for scene, write, _ in told if scene.sample.method not in READS}
    return len(writes) > 1
